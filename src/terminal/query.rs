//! Lists and single rows, read on a read-only connection; never part of the snapshot.
//!
//! The field names are a contract: `--json` prints these types.

use serde::{Deserialize, Serialize};

use super::Notice;
use super::pool_view::PoolReport;
use super::printing::PaperQuery;
use crate::domain::catalog::Product;
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::{Link, Purpose};
use crate::domain::loose::LoosePayment;
use crate::domain::payment::PaymentRow;
use crate::domain::time::Timestamp;

mod prints;
mod reports;
mod sales;

pub use prints::{
    PaperView, PortView, PrintState, PrintView, PrinterKind, PrinterView, PrinterWord, StickerView,
    Trouble,
};
pub use reports::{
    AccountReport, HubReport, HubTestReport, JournalView, LinkStat, RemoteReport, RemoteRow,
    StatusReport, SyncReport, SyncRow, Whose,
};
pub use sales::{DayTotal, SaleDetail, SaleView, SoldSum, sale_view};

/// The most rows of one answer.
pub const ROWS_MAX: usize = 100_000;
/// The most days of one [`Query::Sold`]; the last ones count.
pub const SOLD_DAYS_MAX: usize = 60;
/// The most sums of its answer.
pub const SOLD_SUMS_MAX: usize = 1_000;

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
        /// Only those for this; none for all.
        #[serde(default)]
        purpose: Option<Purpose>,
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
    /// Sales whose payment nobody will report: to be compared with the provider's list. Answered with
    /// [`Answer::Sales`].
    ToCheck,
    /// Reports of payments, newest first.
    Payments {
        /// At most so many.
        limit: usize,
    },
    /// Payments that belong to no sale by themselves, newest first.
    Loose {
        /// Those too that somebody has decided.
        all: bool,
        /// At most so many.
        limit: usize,
    },
    /// Notifications that fit no code of this till, newest first; answered with
    /// [`Answer::Journal`].
    Kept {
        /// At most so many.
        limit: usize,
    },
    /// Something about paper.
    Paper(PaperQuery),
    /// What a day brought.
    Day {
        /// Its first instant.
        since: Timestamp,
    },
    /// How often each sum was asked for by code, on some of the shop's days.
    Sold {
        /// Their first instants, ascending; the last day has no end. At most [`SOLD_DAYS_MAX`].
        days: Vec<Timestamp>,
    },
}

impl Query {
    /// Whether only the running till knows the answer; everything else is read from the database.
    pub const fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Status
                | Self::Sync
                | Self::ToCheck
                | Self::Paper(PaperQuery::Printers | PaperQuery::StickerPaper { .. })
                | Self::Pool { .. }
        )
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
        status: Box<StatusReport>,
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
    /// Payments that belong to no sale by themselves.
    Loose {
        /// Newest first.
        payments: Vec<LoosePayment>,
    },
    /// The printers.
    Printers {
        /// In the order of the configuration.
        printers: Vec<PrinterView>,
        /// Those that wait for a person first.
        prints: Vec<PrintView>,
    },
    /// Sheets.
    Prints {
        /// Newest first.
        prints: Vec<PrintView>,
    },
    /// What a sticker would be on paper.
    Paper {
        /// As it comes out.
        paper: Box<PaperView>,
    },
    /// Stickers.
    Stickers {
        /// Newest first.
        stickers: Vec<StickerView>,
    },
    /// What a day brought.
    Day {
        /// For each currency.
        totals: Vec<DayTotal>,
    },
    /// How often each sum was asked for.
    Sold {
        /// On how many of the days anything was.
        open_days: u32,
        /// At most [`SOLD_SUMS_MAX`], the most frequent first.
        sums: Vec<SoldSum>,
    },
    /// What printers may be behind.
    Ports {
        /// What is plugged in.
        ports: Vec<PortView>,
        /// All kinds, by name.
        kinds: Vec<PrinterKind>,
    },
    /// A line was sent to a port, or not.
    Tried {
        /// Why not, in one sentence.
        problem: Option<String>,
    },
    /// What was asked for is not possible.
    Refused {
        /// Why, and what helps.
        notice: Notice,
    },
    /// It could not be read.
    Failed {
        /// One sentence.
        reason: String,
    },
}
