//! What a screen may see: small, complete and never changed once published.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::query::{PrintView, PrinterView, SaleView};
use crate::domain::catalog::Catalog;
use crate::domain::day::DayRule;
use crate::domain::id::{CartId, ProductId};
use crate::domain::link::Purpose;
use crate::domain::locale::{Language, Locale};
use crate::domain::loose::LoosePayment;
use crate::domain::money::{Amount, Currency};
use crate::domain::sale::{Line, Part};
use crate::domain::time::Timestamp;
use crate::proto::backend::Capabilities;
use crate::proto::qr::QrGrid;

/// What fills the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// Products, cart and chips.
    #[default]
    Sell,
    /// One sale's code. Reached by [`super::Command::OpenSale`] or by selling, never by `Go`.
    Pay,
    /// The sale is paid; returns to Sell by itself.
    Paid,
    /// The day's sales.
    Recent,
    /// Payments that belong to no sale, to be sorted out.
    Payments,
    /// Codes that are kept, what waits to be sent, what went wrong.
    Sync,
    /// Sticker codes: which there are, and each of them to look at.
    Stickers,
    /// The printers, and the sheets that wait.
    Printer,
    /// Days without a network: what they need, and whether it is there.
    Trip,
    /// Favorites, language, theme, demo.
    Settings,
    /// The till cannot go on without help.
    Fault,
}

/// What a tap on a tile does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellMode {
    /// Sells one piece at once.
    #[default]
    OneItem,
    /// Adds it to the cart.
    SeveralItems,
}

/// How the screen is lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
    /// Black on white, thick lines: readable outdoors.
    Sunlight,
}

/// The state of all screens at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Higher for a newer one.
    pub revision: u64,
    /// Which screen.
    pub screen: Screen,
    /// Counts screen changes. A command from the window carries the number that its finger saw, and
    /// one that was meant for an earlier screen is dropped: so a double tap sells once.
    pub screen_seq: u64,
    /// The shop and how it writes.
    pub shop: Arc<ShopView>,
    /// Cashier's language.
    pub language: Language,
    /// How the screen is lit.
    pub theme: Theme,
    /// Products by position.
    pub catalog: Arc<Catalog>,
    /// The owner's favorites, in the owner's order.
    pub favorites: Arc<[ProductId]>,
    /// What a tap does.
    pub mode: SellMode,
    /// The cart of the customer who is served.
    pub cart: CartView,
    /// Carts that were put aside, oldest first.
    pub held: Arc<[HeldCartView]>,
    /// Sales that wait for payment, oldest first: a chip each.
    pub waiting: Arc<[SaleView]>,
    /// The sale on Pay or Paid.
    pub pay: Option<PayView>,
    /// The status bar.
    pub status: StatusView,
    /// What was handed over without proof, and how much may be.
    pub risk: RiskView,
    /// Payments to sort out, newest first; the newest fifty.
    pub loose: Arc<[LooseView]>,
    /// Sales to compare with the provider's list, newest first; the newest fifty.
    pub to_check: Arc<[SaleView]>,
    /// The printers, in the order of the configuration.
    pub printers: Arc<[PrinterView]>,
    /// Sheets that are not at their end: those that wait for a person first.
    pub prints: Arc<[PrintView]>,
    /// The payment accounts; the first is the default.
    pub accounts: Arc<[AccountView]>,
    /// A sentence for the cashier, with a number that tells a repeated one from the old.
    pub notice: Option<(u64, Notice)>,
    /// Why the Fault screen is on, for a person.
    pub fault: Option<String>,
}

impl Snapshot {
    /// Whether nothing but the status bar's counters tells this one from an earlier one.
    pub fn differs_in_counters_only(&self, earlier: &Self) -> bool {
        self.screen_seq == earlier.screen_seq
            && self.status.reach == earlier.status.reach
            && self.status.hub_reach() == earlier.status.hub_reach()
            && self.catalog.revision() == earlier.catalog.revision()
            && self.language == earlier.language
            && self.theme == earlier.theme
            && self.mode == earlier.mode
            && self.cart == earlier.cart
            && self.held == earlier.held
            && self.waiting == earlier.waiting
            && self.favorites == earlier.favorites
            && self.risk == earlier.risk
            && self.loose == earlier.loose
            && self.accounts == earlier.accounts
            && self.printers == earlier.printers
            && self.prints == earlier.prints
            && self.notice == earlier.notice
            && self.fault == earlier.fault
            && match (&self.pay, &earlier.pay) {
                (Some(pay), Some(before)) => pay.looks_like(before),
                (pay, before) => pay.is_none() && before.is_none(),
            }
    }
}

impl PayView {
    fn looks_like(&self, earlier: &Self) -> bool {
        self.sale == earlier.sale
            && self.offer == earlier.offer
            && self.total_now == earlier.total_now
            && match (&self.code, &earlier.code) {
                (CodeView::Ready { url, .. }, CodeView::Ready { url: before, .. }) => url == before,
                (CodeView::Minting { .. }, CodeView::Minting { .. }) => true,
                (CodeView::None { notice }, CodeView::None { notice: before }) => notice == before,
                (CodeView::Ready { .. } | CodeView::Minting { .. } | CodeView::None { .. }, _) => {
                    false
                }
            }
    }
}

/// What does not change while the till runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopView {
    /// What customers call it.
    pub name: String,
    /// What everything is sold in.
    pub currency: Currency,
    /// How numbers are written.
    pub locale: Locale,
    /// The shop's zone and the hour at which its day ends.
    pub day: DayRule,
    /// The till's code, the first part of a reference: `K7`.
    pub terminal: String,
    /// Whether this is the demo shop.
    pub demo: bool,
    /// Whether the payment account is a test one: no real money.
    pub test_account: bool,
    /// Whether there is a payment account at all.
    pub has_backend: bool,
}

/// The cart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CartView {
    /// What is in it.
    pub lines: Arc<[Line]>,
    /// The sum; none for an empty cart.
    pub total: Option<Amount>,
}

/// A cart that was put aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCartView {
    /// Which.
    pub id: CartId,
    /// When it was put aside.
    pub at: Timestamp,
    /// Pieces in it.
    pub pieces: u32,
    /// The sum.
    pub total: Amount,
}

/// The sale on Pay or Paid.
#[derive(Clone, Debug)]
pub struct PayView {
    /// The sale as it stands.
    pub sale: SaleView,
    /// The code, or why there is none yet.
    pub code: CodeView,
    /// A payment that is most likely this sale's, for the cashier to say so.
    pub offer: Option<LoosePayment>,
    /// Whether a payment is heard of by itself.
    pub is_heard: bool,
    /// What it comes to at the prices of now, where that is another sum: it was sold at old ones.
    pub total_now: Option<Amount>,
}

/// What the code's place shows.
#[derive(Clone, Debug)]
pub enum CodeView {
    /// A code to scan.
    Ready {
        /// The modules.
        grid: Arc<QrGrid>,
        /// What it holds.
        url: String,
        /// The host of it, for the customer to compare.
        host: String,
        /// The link's short word, which the phone shows too.
        word: String,
        /// A permanent one is marked "match by hand".
        purpose: Purpose,
        /// What the link asks for; none where the payer types the sum.
        asks: Option<Amount>,
        /// Which of several codes it is.
        part: Option<Part>,
        /// The account that it belongs to.
        backend: String,
    },
    /// The backend was asked; the screen can be left.
    Minting {
        /// When it was asked.
        since: Timestamp,
    },
    /// No code, and why.
    None {
        /// The reason and the remedy.
        notice: Notice,
    },
}

/// The status bar, in values; the screen makes words of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusView {
    /// Whether the payment account can be reached.
    pub reach: Reach,
    /// Requests that wait to be sent.
    pub waiting_to_send: u32,
    /// Spare codes for single sales.
    pub spare_codes: u32,
    /// How many of them there should be.
    pub spare_codes_wanted: u32,
    /// Products that have a code of their own on this till.
    pub products_with_code: u32,
    /// Products that could have one.
    pub products: u32,
    /// Pictures that are still to be fetched.
    pub pictures_to_fetch: u32,
    /// The last refusal of the backend, for the Sync screen.
    pub last_problem: Option<String>,
    /// The hub that this till is joined to; none without one.
    pub hub: Option<HubView>,
    /// Payments to sort out.
    pub payments_to_sort: u32,
    /// Sales that a person has to compare with the provider's list.
    pub sales_to_check: u32,
    /// Sheets of paper that wait for a person.
    pub prints_to_settle: u32,
    /// Printed stickers that were not taken down.
    pub stickers_hanging: u32,
    /// Printed stickers that are wrong as they hang.
    pub stickers_wrong: u32,
    /// Printed stickers that are so old that their paper fades.
    pub stickers_fading: u32,
    /// What was printed or looked at before this has faded by now.
    pub faded_before: Timestamp,
}

/// The hub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubView {
    /// Its address, for people.
    pub address: String,
    /// Whether it is heard.
    pub reach: HubReach,
    /// When it was heard last, in this run.
    pub heard_at: Option<Timestamp>,
    /// Why it is not, in one sentence.
    pub problem: Option<String>,
}

/// Whether the hub is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HubReach {
    /// Not known yet: the program has just started.
    Unknown,
    /// It answers.
    Heard,
    /// Neither it nor any payment account is reached.
    NoNetwork {
        /// Since when.
        since: Timestamp,
    },
    /// It is not reached, though a payment account is; or what answers is no hub.
    Unreachable {
        /// Since when.
        since: Timestamp,
    },
    /// It does not know this till any more: pair again.
    Refusing {
        /// Since when.
        since: Timestamp,
    },
}

impl StatusView {
    fn hub_reach(&self) -> Option<HubReach> {
        self.hub.as_ref().map(|hub| hub.reach)
    }

    /// Whether spare codes are few: less than half of what there should be.
    pub const fn has_few_spares(&self) -> bool {
        self.spare_codes < self.spare_codes_wanted.div_ceil(2)
    }
}

/// Goods that left without proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskView {
    /// All of them together.
    pub handed_over: Amount,
    /// How many sales.
    pub sales: u32,
    /// The cap for one sale.
    pub per_sale: Option<Amount>,
    /// The cap for all of them.
    pub total: Option<Amount>,
    /// Whether the owner's PIN goes beyond.
    pub has_pin: bool,
}

/// A payment to sort out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooseView {
    /// What is known of it.
    pub payment: LoosePayment,
    /// Sales that it may be for, the most likely first.
    pub suggestions: Arc<[SaleView]>,
}

/// A payment account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Its name in the configuration.
    pub name: String,
    /// The provider's word: `4pay`.
    pub kind: &'static str,
    /// Whether its money is real.
    pub live: bool,
    /// Whether it can be reached.
    pub reach: Reach,
    /// What its provider's document allows.
    pub can: Capabilities,
    /// Whether this till hears by itself what is paid there.
    pub is_heard: bool,
}

/// Whether the payment account can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// No account is configured.
    NoBackend,
    /// Not known yet: the program has just started.
    Unknown,
    /// It answers.
    Online,
    /// No network, or the account's server does not answer.
    Offline {
        /// Since when.
        since: Timestamp,
    },
    /// It answers, but refuses the account: a wrong key.
    Refusing {
        /// Since when.
        since: Timestamp,
    },
}
