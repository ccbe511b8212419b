//! Lists and single rows, read on a read-only connection; never part of the snapshot.
//!
//! The field names are a contract: `--json` prints these types.

use serde::{Deserialize, Serialize};

use super::pool_view::PoolReport;
use crate::domain::catalog::Product;
use crate::domain::id::{JobId, LinkId, SaleId};
use crate::domain::link::Link;
use crate::domain::money::Amount;
use crate::domain::payment::{PaymentRow, Proof};
use crate::domain::sale::{Fact, Line, SaleRecord, SaleState};
use crate::domain::time::Timestamp;
use crate::proto::backend::{Refusal, RemoteStanding};

/// The most rows of one answer.
pub const ROWS_MAX: usize = 100_000;

/// A question to the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "query", rename_all = "snake_case")]
pub enum Query {
    /// Sales since an instant, newest first.
    Sales {
        /// Inclusive.
        since: Timestamp,
        /// At most so many.
        limit: usize,
    },
    /// One sale with its facts.
    Sale {
        /// By id.
        id: SaleId,
    },
    /// One sale by what people call it.
    SaleByReference {
        /// `K7-0042`.
        reference: String,
    },
    /// The whole catalog, archived products too, sorted by SKU.
    Products,
    /// Links, newest first.
    Links {
        /// At most so many.
        limit: usize,
    },
    /// The journal, newest first.
    Journal {
        /// At most so many.
        limit: usize,
    },
    /// One link: [`Answer::Links`] with it, or with none.
    Link {
        /// By id.
        id: LinkId,
    },
    /// How often each link was shown and paid, of those that ever were.
    LinkStats,
    /// How the till is: the status bar's values.
    Status,
    /// The spare codes.
    Pool {
        /// Those that end before this are counted apart; none for all.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Everything that waits for a payment account.
    Sync,
    /// Reports of payments, newest first.
    Payments {
        /// Only those that belong to no sale.
        to_sort: bool,
        /// At most so many.
        limit: usize,
    },
    /// What a day brought.
    Day {
        /// Its first instant.
        since: Timestamp,
    },
}

impl Query {
    /// Whether only the running till knows the answer; everything else is read from the database.
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Status | Self::Sync | Self::Pool { .. })
    }
}

/// An answer to a [`Query`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Sales without their facts.
    Sales {
        /// Newest first.
        sales: Vec<SaleView>,
    },
    /// One sale; none where there is no such.
    Sale {
        /// With its facts.
        sale: Option<Box<SaleDetail>>,
    },
    /// The catalog.
    Products {
        /// By SKU.
        products: Vec<Product>,
    },
    /// Links, their tokens removed.
    Links {
        /// Newest first.
        links: Vec<Link>,
    },
    /// How often links were shown and paid.
    LinkStats {
        /// By link.
        stats: Vec<LinkStat>,
    },
    /// The spare codes.
    Pool {
        /// As they are now.
        pool: Box<PoolReport>,
    },
    /// The journal.
    Journal {
        /// Newest first.
        entries: Vec<JournalView>,
    },
    /// How the till is.
    Status {
        /// The same values as the status bar.
        status: StatusReport,
    },
    /// Everything that waits.
    Sync {
        /// As it is now.
        sync: Box<SyncReport>,
    },
    /// Reports of payments.
    Payments {
        /// Newest first.
        payments: Vec<PaymentRow>,
    },
    /// What a day brought.
    Day {
        /// For each currency.
        totals: Vec<DayTotal>,
    },
    /// It could not be read.
    Failed {
        /// One sentence.
        reason: String,
    },
}

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

/// A sale in a list.
#[expect(
    clippy::struct_excessive_bools,
    reason = "the names of a contract, each its own fact"
)]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleView {
    /// The till's id of it.
    pub id: SaleId,
    /// What people call it: `K7-0042`.
    pub reference: String,
    /// When it began.
    pub created_at: Timestamp,
    /// What is bought.
    pub lines: Vec<Line>,
    /// The sum.
    pub total: Amount,
    /// The backend's name; empty for cash.
    pub backend: String,
    /// Where it stands.
    pub state: SaleState,
    /// How sure that is.
    pub proof: Proof,
    /// Money came after it was closed.
    pub late: bool,
    /// What is to be given back.
    pub over: Option<Amount>,
    /// What is missing.
    pub under: Option<Amount>,
    /// The payer's last attempt failed.
    pub failed: bool,
    /// Whoever paid must be matched by hand.
    pub by_hand: bool,
    /// Whether cash was taken.
    pub cash: bool,
    /// Change that was given.
    pub change: Option<Amount>,
    /// The link that was shown last.
    pub link: Option<LinkId>,
    /// Its address, which the code holds.
    pub url: Option<String>,
    /// Its short word.
    pub word: Option<String>,
}

/// A sale with all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleDetail {
    /// The sale.
    #[serde(flatten)]
    pub sale: SaleView,
    /// What happened, oldest first.
    pub facts: Vec<Fact>,
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
    /// Products that have a code of their own.
    pub products_with_code: u32,
    /// Products that could have one.
    pub products: u32,
    /// The last refusal of the backend.
    pub last_problem: Option<String>,
}

/// Everything that waits for a payment account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncReport {
    /// The accounts; the first is the default.
    pub accounts: Vec<AccountReport>,
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

/// What a day brought, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayTotal {
    /// Paid by code, as a backend confirmed it.
    pub paid: Amount,
    /// Taken in cash.
    pub cash: Amount,
    /// Waiting, or handed over without proof.
    pub unknown: Amount,
    /// Sales that are paid, by code or in cash.
    pub sales: u32,
    /// Sales that are not known yet.
    pub open_sales: u32,
}

/// A sale as lists show it. `link` is the row of [`SaleRecord::last_shown`]; another link's address is never
/// taken for it.
pub fn sale_view(record: &SaleRecord, link: Option<&Link>) -> SaleView {
    let standing = record.standing();
    let shown = record.last_shown();
    let link = link.filter(|link| Some(link.id) == shown);
    let change = record.facts().find_map(|fact| match fact {
        Fact::Cash { change, .. } => Some(*change),
        Fact::Shown { .. }
        | Fact::Reported(_)
        | Fact::Claimed { .. }
        | Fact::Cancelled { .. }
        | Fact::Expired { .. } => None,
    });
    let sale = &record.sale;
    SaleView {
        id: sale.id,
        reference: sale.reference.clone(),
        created_at: sale.created_at,
        lines: sale.lines.clone(),
        total: sale.total,
        backend: sale.backend.clone(),
        state: standing.state,
        proof: standing.proof,
        late: standing.late,
        over: standing.over,
        under: standing.under,
        failed: standing.failed,
        by_hand: standing.by_hand,
        cash: change.is_some(),
        change,
        link: shown,
        url: link.and_then(Link::url).map(str::to_owned),
        word: link.map(|link| link.word.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::link::{LinkState, Purpose, RemoteLink};
    use crate::domain::money::Currency;
    use crate::domain::sale::Sale;

    fn link(last: u8) -> Link {
        let uuid = uuid::Uuid::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
        Link {
            id: LinkId(uuid),
            backend: "main".to_owned(),
            account: String::new(),
            purpose: Purpose::Single,
            product: None,
            amount: euros(350),
            asking: crate::domain::link::Asking::Fixed,
            title: "Tea".to_owned(),
            word: format!("river {last}"),
            description: String::new(),
            token: "secret".to_owned(),
            state: LinkState::Shown,
            remote: Some(RemoteLink {
                id: "pl".to_owned(),
                url: format!("https://4pay.online/{last}"),
            }),
            sale: None,
            is_custom: false,
            options: crate::domain::options::Options::default(),
            created_at: Timestamp::default(),
            expires_at: None,
        }
    }

    fn euros(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    #[test]
    fn a_sale_shows_the_link_that_was_shown_last_and_no_other() {
        let shown = |last: u8, millis| Fact::Shown {
            link: link(last).id,
            purpose: Purpose::Single,
            part: None,
            at: Timestamp::from_millis(millis),
        };
        let sale = Sale {
            id: SaleId(uuid::Uuid::nil()),
            reference: "K7-0001".to_owned(),
            created_at: Timestamp::default(),
            lines: Vec::new(),
            total: euros(350),
            backend: "main".to_owned(),
        };
        let mut record = SaleRecord::new(sale, [shown(9, 1), shown(1, 2)]);
        let view = sale_view(&record, Some(&link(1)));
        assert_eq!(view.url.as_deref(), Some("https://4pay.online/1"));
        assert_eq!(view.word.as_deref(), Some("river 1"));
        assert_eq!((view.state, view.cash), (SaleState::Awaiting, false));
        let other = sale_view(&record, Some(&link(9)));
        assert_eq!((other.link, other.url), (Some(link(1).id), None));

        record.add(Fact::Cash {
            given: euros(500),
            change: euros(150),
            at: Timestamp::from_millis(3),
        });
        let paid = sale_view(&record, None);
        assert_eq!(
            (paid.state, paid.cash, paid.change),
            (SaleState::Paid, true, Some(euros(150)))
        );
    }
}
