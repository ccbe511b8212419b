//! What a step of the till wants: rows to be committed first, then effects.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::command::Reply;
use super::printing::{Deed, Fact as PrintFact};
use crate::domain::catalog::{Catalog, Product};
use crate::domain::id::{CartId, JobId, LinkId, PrintId, SaleId, StickerId};
use crate::domain::link::Link;
use crate::domain::loose::LoosePayment;
use crate::domain::payment::PaymentRow;
use crate::domain::print::Print;
use crate::domain::sale::{Fact, Line, Sale, SaleRecord};
use crate::domain::sticker::Sticker;
use crate::domain::time::Timestamp;
use crate::proto::backend::{Action, Refusal, Request, Response};
use crate::proto::hub::{Claim, FeedRequest, OpenSale, Published, ToldStickers};

/// The outcome of one event: all writes are committed in one transaction, then the effects run, then
/// the snapshot is published. In no other order.
#[derive(Debug, Default)]
pub struct Step {
    /// Rows, in order.
    pub writes: Vec<Write>,
    /// Deeds, in order.
    pub effects: Vec<Effect>,
}

/// One row to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Adds or replaces a product.
    Product(Product),
    /// Adds a sale; a second one with the same id is the same one.
    Sale(Sale),
    /// Adds a fact to a sale; a second one with the same key changes nothing.
    Fact {
        /// Which sale.
        sale: SaleId,
        /// What happened.
        fact: Fact,
    },
    /// Adds a report of a payment; a second one with the same key changes nothing.
    Payment(PaymentRow),
    /// Adds or replaces what is known of a payment to sort out; its reports get the sale that it was
    /// given to.
    Loose(LoosePayment),
    /// Adds or replaces a link.
    Link(Link),
    /// Adds or replaces a job.
    Job(Job),
    /// A job is finished.
    JobDone(JobId),
    /// Adds or replaces a cart.
    Cart(Cart),
    /// A cart is gone.
    CartDone(CartId),
    /// Adds or replaces a sheet that is wanted on paper.
    Print(Print),
    /// Adds what happened to a sheet; a second one with the same key changes nothing.
    PrintFact {
        /// What.
        fact: PrintFact,
        /// When.
        at: Timestamp,
    },
    /// Adds or replaces what is known of a sticker.
    Sticker {
        /// All of it.
        sticker: Sticker,
        /// Whether the hub is to be told. One that is to be told stays so.
        is_untold: bool,
    },
    /// The hub knows all of these stickers.
    StickersTold(Vec<StickerId>),
    /// Sets a value that outlives a restart.
    Setting {
        /// Its name.
        key: &'static str,
        /// Its value.
        value: String,
    },
    /// Adds a row to the journal; the store chains its hash.
    Journal(Entry),
}

/// A row for the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What: a short fixed word.
    pub what: &'static str,
    /// Which sale, link or product.
    pub subject: String,
    /// The rest, as JSON: amounts, references and states; no secrets, nothing of customers.
    pub detail: String,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// A finger on the window.
    Cashier,
    /// A subcommand.
    Script,
    /// The till by itself.
    Till,
}

/// A piece of work at a backend that outlives a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Ours.
    pub id: JobId,
    /// The backend's name.
    pub backend: String,
    /// The link that it is about; none for a list of all.
    pub link: Option<LinkId>,
    /// What is to be done.
    pub action: Action,
    /// Answers so far.
    pub answers: Vec<Response>,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Why it did not work the last time.
    pub problem: Option<String>,
    /// When its first request went out, by the server's clock.
    #[serde(default)]
    pub first_sent: Option<Timestamp>,
    /// Why the backend refused it for good; a person has to decide.
    #[serde(default)]
    pub refusal: Option<Refusal>,
}

/// Lines of one customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    /// Ours.
    pub id: CartId,
    /// Whether it was put aside; at most one is not.
    pub held: bool,
    /// When it was begun or put aside.
    pub at: Timestamp,
    /// What is in it.
    pub lines: Vec<Line>,
}

/// What people hear without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// The money for the code on the screen is there.
    Paid,
    /// The payer's attempt failed.
    Failed,
}

/// Something to be done after the commit. Handed over without waiting.
#[derive(Debug)]
pub enum Effect {
    /// Send a request to a backend; the answer comes back as [`super::Event::Answered`].
    Send {
        /// What it asks for; nothing for a probe.
        question: Option<Question>,
        /// The backend's name.
        backend: String,
        /// What to send.
        request: Request,
    },
    /// Ask the hub for what follows these cursors, in place of an earlier question that is still open;
    /// the answer comes back as [`super::Event::Fed`]. What comes before the cursors is on disk.
    AskHub(FeedRequest),
    /// A printer is at another port from now on, as [`super::printing::ChosenPrinter::port`] says; none:
    /// where the configuration says.
    UsePort {
        /// Its name.
        printer: String,
        /// Where.
        port: Option<String>,
    },
    /// Tell the hub something; what came of it comes back as [`super::Event::HubTold`].
    TellHub(Told),
    /// Post a test to the hub's public address; the answer comes back as
    /// [`super::Event::HubTested`].
    TestHub(TestPost),
    /// Let people hear what became of the sale on the screen.
    Sound(Sound),
    /// Ask the hub where providers post to; the answer comes back as [`super::Event::Hooked`], and
    /// where there is none nothing comes.
    AskHooks,
    /// Sort and index the catalog on another thread; comes back as [`super::Event::Indexed`].
    Index {
        /// The revision it gets.
        revision: u64,
        /// All products.
        products: Vec<Arc<Product>>,
    },
    /// Count how often each sum was sold, by [`super::Query::Sold`], on another thread; comes back as
    /// [`super::Event::SalesCounted`].
    CountSales {
        /// When the days begin, ascending.
        days: Vec<Timestamp>,
    },
    /// Fetch pictures that are not in the data folder yet.
    FetchPictures {
        /// Files' names or addresses.
        sources: Vec<String>,
    },
    /// The demo's customer pays a link.
    PayInSandbox {
        /// The provider's id of the link.
        remote_id: String,
    },
    /// Have a printer's port do something; what comes of it comes back as [`super::Event::Printer`].
    /// Never a [`Deed::Note`]: that is a row.
    Printer {
        /// The printer's name.
        printer: String,
        /// What.
        deed: Deed,
    },
    /// Answer a command.
    Reply {
        /// Whose.
        to: RequestId,
        /// With what.
        reply: Reply,
    },
}

/// Where a test notification is posted to: an address that only providers know.
#[derive(Clone, PartialEq, Eq)]
pub struct TestPost {
    /// The whole of it.
    pub address: String,
}

impl std::fmt::Debug for TestPost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestPost(…)")
    }
}

/// What a hub is told besides being asked for its feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Links that this till made, or that changed.
    Links(Vec<Published>),
    /// All sales that wait for a sticker to be paid.
    OpenSales(Vec<OpenSale>),
    /// This till takes a payment that others see too.
    Claim(Claim),
    /// What is known of stickers here, and what others know is asked.
    Stickers(ToldStickers),
}

/// One request of a job. A job may ask several things one after the other, and a request that was
/// sent again may be answered twice: an answer is taken for the question that it answers alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// Whose.
    pub job: JobId,
    /// How many answers the job had when it was asked.
    pub step: usize,
}

/// Tells callers apart who wait for a [`Reply`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Everything that a till needs to go on where it stopped.
#[derive(Debug, Default)]
pub struct Recovered {
    /// All products, indexed by whoever read them.
    pub catalog: Arc<Catalog>,
    /// Links that are not at their end, in any order.
    pub links: Vec<Link>,
    /// Sales that are open or awaiting, and those since the given instant.
    pub sales: Vec<SaleRecord>,
    /// Carts.
    pub carts: Vec<Cart>,
    /// Payments that nobody has said anything about.
    pub loose: Vec<LoosePayment>,
    /// Jobs that are not finished.
    pub jobs: Vec<Job>,
    /// Sheets that are not at their end, oldest first, with what happened to each.
    pub prints: Vec<(Print, Vec<PrintFact>)>,
    /// Stickers that were not taken down.
    pub stickers: Vec<Sticker>,
    /// Stickers of which the hub does not know all.
    pub untold: Vec<Sticker>,
    /// Settings by name.
    pub settings: BTreeMap<String, String>,
}

/// Which rows a step needs besides those in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Sales, each with its links.
    pub sales: Vec<SaleId>,
    /// Links, each with its sale.
    pub links: Vec<LinkId>,
    /// Links by backend and the provider's id, each with its sale.
    pub remotes: Vec<(String, String)>,
    /// Payments, by backend and the provider's id, each with the sale that a person gave it to.
    pub payments: Vec<(String, String)>,
    /// Notifications that were kept for a person, by what their journal rows are about.
    pub kept: Vec<String>,
    /// Sheets.
    pub prints: Vec<PrintId>,
    /// Sales and stickers, by id, of which there may be sheets: how many there are.
    pub printed: Vec<String>,
    /// Stickers.
    pub stickers: Vec<StickerId>,
    /// What codes hold: permanent links, and the stickers that bear them.
    pub codes: Vec<String>,
}

impl Keys {
    /// Whether memory is enough.
    pub const fn is_empty(&self) -> bool {
        self.sales.is_empty()
            && self.links.is_empty()
            && self.remotes.is_empty()
            && self.payments.is_empty()
            && self.kept.is_empty()
            && self.prints.is_empty()
            && self.printed.is_empty()
            && self.stickers.is_empty()
            && self.codes.is_empty()
    }
}

/// The rows that [`Keys`] named, as far as there are such.
#[derive(Debug, Default)]
pub struct Rows {
    /// Links.
    pub links: Vec<Link>,
    /// Sales.
    pub sales: Vec<SaleRecord>,
    /// Payments.
    pub payments: Vec<PaymentRow>,
    /// Payments to sort out, of those that were named.
    pub loose: Vec<LoosePayment>,
    /// Those that are kept already.
    pub kept: Vec<String>,
    /// Sheets.
    pub prints: Vec<Print>,
    /// How many sheets there are of each sale or sticker that was named, or that a named sheet is of.
    pub copies: BTreeMap<String, u32>,
    /// Stickers.
    pub stickers: Vec<Sticker>,
}
