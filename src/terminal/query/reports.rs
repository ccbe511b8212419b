//! Answers about links, the journal, and what waits for a payment account.

use serde::{Deserialize, Serialize};

use crate::domain::id::{JobId, LinkId};
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::proto::backend::{Refusal, RemoteStanding};

/// How often a link was shown and paid, as far as this till knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkStat {
    /// Which.
    pub link: LinkId,
    /// For how many sales it was on the screen.
    pub shown: u32,
    /// When it was last.
    pub last_shown: Option<Timestamp>,
    /// How many payments came on it, those that went back later too.
    pub paid: u32,
    /// When the last one was heard of.
    pub last_paid: Option<Timestamp>,
}

/// One row of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalView {
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who: `cashier`, `script`, `till`.
    pub actor: String,
    /// What: `sale_begun`, `fact`, `products_put`, …
    pub what: String,
    /// Which sale, link or product.
    pub subject: String,
    /// The rest, as JSON.
    pub detail: String,
    /// SHA-256 over the previous hash and this row, in hexadecimal.
    pub hash: String,
}

/// The status bar's values for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// `online`, `offline`, `refusing`, `unknown` or `no_backend`.
    pub reach: String,
    /// Since when it is offline or refusing.
    pub since: Option<Timestamp>,
    /// Requests that wait to be sent.
    pub waiting_to_send: u32,
    /// Those of them that a payment account refused: a person has to decide.
    #[serde(default)]
    pub refused: u32,
    /// Codes that are still to be asked for.
    #[serde(default)]
    pub still_wanted: u32,
    /// Spare codes for single sales.
    pub spare_codes: u32,
    /// How many of them there should be.
    #[serde(default)]
    pub spare_codes_wanted: u32,
    /// Products that have a code of their own.
    pub products_with_code: u32,
    /// Products that could have one.
    pub products: u32,
    /// Payments that a person has to sort out.
    #[serde(default)]
    pub payments_to_sort: u32,
    /// Printed stickers that are wrong as they hang.
    pub stickers_wrong: u32,
    /// Printed stickers that are so old that their paper fades.
    pub stickers_fading: u32,
    /// Sales that nobody reports: to be compared with the provider's own list.
    #[serde(default)]
    pub sales_to_check: u32,
    /// The message server that this till is joined to; none without one.
    #[serde(default)]
    pub hub: Option<HubReport>,
    /// The last refusal of the backend.
    pub last_problem: Option<String>,
}

/// Everything that waits for a payment account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// The accounts; the first is the default.
    pub accounts: Vec<AccountReport>,
    /// The message server that this till is joined to; none without one.
    #[serde(default)]
    pub hub: Option<HubReport>,
    /// By how many seconds the machine's clock is ahead of the servers' (negative: behind), where it
    /// is wrong.
    pub clock_off_secs: Option<i64>,
    /// How many codes are being asked about, where the account says what was paid.
    #[serde(default)]
    pub asking: usize,
    /// How many pieces of work wait; more than there are rows where there are too many to show.
    pub waiting: usize,
    /// Oldest first.
    pub rows: Vec<SyncRow>,
}

/// The message server, for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubReport {
    /// Its address.
    pub address: String,
    /// `heard`, `no_network`, `unreachable`, `refusing` or `unknown`.
    pub reach: String,
    /// Since when it is not heard.
    pub since: Option<Timestamp>,
    /// When it was heard last, in this run.
    pub heard_at: Option<Timestamp>,
    /// Why it is not heard, and what helps.
    pub problem: Option<String>,
    /// How far the last test notification came; none where there was no test in this run.
    #[serde(default)]
    pub test: Option<HubTestReport>,
}

/// A test notification's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubTestReport {
    /// `sent`, `acknowledged`, `signed`, `failed` or `heard`.
    pub state: String,
    /// Why it failed.
    pub problem: Option<String>,
    /// After how many milliseconds it came back.
    pub after_ms: Option<u64>,
}

/// A payment account, for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountReport {
    /// Its name in the configuration.
    pub name: String,
    /// The provider's word: `4pay`.
    pub kind: String,
    /// Whether its money is real.
    pub live: bool,
    /// `online`, `offline`, `refusing` or `unknown`.
    pub reach: String,
    /// Since when it is offline or refusing.
    pub since: Option<Timestamp>,
    /// What it said last that a person should know.
    pub last_problem: Option<String>,
}

/// One piece of work that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRow {
    /// Which.
    pub job: JobId,
    /// `create`, `update`, `withdraw` or `create_product`.
    pub what: String,
    /// The account's name.
    pub backend: String,
    /// The link that it is about.
    pub link: Option<LinkId>,
    /// What that link sells, in a few words.
    pub title: String,
    /// The sale that it belongs to: `K7-0042`.
    pub sale: Option<String>,
    /// How much money it is about.
    pub amount: Option<Amount>,
    /// Since when it waits.
    pub since: Timestamp,
    /// How often it was sent.
    pub attempts: u32,
    /// Why it waits.
    pub problem: Option<String>,
    /// Why the backend refused it for good.
    pub refusal: Option<Refusal>,
    /// Whether its answer is awaited.
    pub under_way: bool,
    /// When it is tried next, in milliseconds from now.
    pub next_try_ms: Option<u64>,
    /// What a person can do: `retry`, `give_up`.
    pub can: Vec<String>,
}

/// The provider's own list, compared with what is known here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteReport {
    /// The account's name.
    pub backend: String,
    /// What the provider has, in its order.
    pub links: Vec<RemoteRow>,
    /// Links of ours that should take money and that the provider does not list.
    pub gone: Vec<LinkId>,
}

/// One link of the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteRow {
    /// The provider's id.
    pub id: String,
    /// What the payer opens.
    pub url: String,
    /// Whether it takes money, as far as the provider says.
    pub standing: RemoteStanding,
    /// Whether it is ours.
    pub whose: Whose,
    /// Our id of it.
    pub link: Option<LinkId>,
    /// What it sells.
    pub title: Option<String>,
}

/// Whether a link is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whose {
    /// This till made it.
    Ours,
    /// Not known here: another till's, perhaps. Never switched off by itself.
    Unknown,
}
