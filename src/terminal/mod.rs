//! Floor 2: the till itself, as a pure state machine.
//!
//! [`Terminal::handle`] takes an event, the rows that [`Terminal::needs`] named and the time, and gives
//! back rows to commit and effects to run. Nothing here waits, reads a clock or touches a file.
//!
//! A step is committed before its effects run and before its snapshot is shown. When a commit fails
//! the terminal in memory is thrown away and made again from what is on disk, so its methods change
//! memory freely once they have decided; what they refuse, they refuse before the first change.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::domain::catalog::{Catalog, Product};
use crate::domain::id::{CartId, Entropy, JobId, ProductId, SaleId};
use crate::domain::locale::Language;
use crate::domain::sale::{Line, SaleRecord};
use crate::domain::time::Now;
use crate::proto::hub::stickers::STICKERS_MAX;
use crate::proto::qr::QrGrid;

mod accounts;
mod answers;
mod cart;
mod carts;
mod checking;
pub mod command;
mod custom;
mod demand;
pub mod event;
mod hub;
mod hub_test;
mod jobs;
mod links;
mod loose;
mod minting;
pub mod notice;
mod notified;
mod obey;
mod old_prices;
mod outcomes;
mod pace;
mod paying;
pub mod pool_view;
pub mod printing;
mod products;
pub mod query;
mod reach;
mod recover;
mod reports;
mod risk;
mod selling;
pub mod setup;
pub mod snapshot;
pub mod step;
mod subscribing;
mod sync_view;
mod targets;
mod telling;
#[cfg(test)]
mod tests;
pub mod trip;
mod turn;
mod view;
mod waking;
mod watching;

pub use command::{Command, NewLine, Pin, Reply};
pub use custom::{CustomLink, LinkChange};
pub use event::{Event, HubProblem, HubSaid, SendError};
pub use hub_test::TestState;
pub use notice::Notice;
pub use printing::{PaperCommand, PaperNotice, PaperQuery, PaperSetup, PaperWords, PrinterSetup};
pub use query::{Answer, Query, SaleView};
pub use risk::{PinCheck, RiskSetup};
pub use setup::{BackendSetup, HubSetup, PoolSetup, PriceChange, Setup};
pub use snapshot::{Screen, SellMode, Snapshot, Theme};
pub use step::{
    Actor, Effect, Keys, Question, Recovered, RequestId, Rows, Sound, Step, Told, Write,
};
pub use waking::Why;

use accounts::{Account, Accounts};
use jobs::JobBook;
use links::LinkBook;
use turn::Turn;

/// The most favorites.
pub const FAVORITES_MAX: usize = 60;
/// The most carts that are put aside at the same time.
pub const HELD_CARTS_MAX: usize = 30;

/// The till.
#[derive(Debug)]
pub struct Terminal {
    setup: Setup,
    shop: Arc<snapshot::ShopView>,
    entropy: Entropy,

    products: BTreeMap<ProductId, Arc<Product>>,
    catalog: Arc<Catalog>,
    indexing: products::Indexing,
    pictures_left: u32,

    links: LinkBook,
    jobs: JobBook,
    accounts: Accounts,
    hub: Option<hub::HubFeed>,
    telling: telling::Telling,
    hub_test: Option<hub_test::HubTest>,
    loose: loose::LooseBook,
    /// The program is about to end.
    is_closing: bool,
    watching: watching::Watch,
    listings: Vec<custom::Listing>,

    sales: BTreeMap<SaleId, SaleRecord>,
    waiting: BTreeSet<SaleId>,
    /// Handed over without proof and not known to be paid.
    claimed: BTreeSet<SaleId>,
    /// Sales whose payment nobody reports, until a person has looked for it.
    to_check: BTreeSet<SaleId>,
    pin_failures: u32,
    pin_opens_mono: u64,
    next_number: u64,
    printing: printing::book::PrintBook,
    next_print: u32,
    next_sticker: u32,
    hanging: printing::hanging::Hanging,
    sharing: printing::sharing::Sharing,

    cart: CartInFront,
    held: VecDeque<step::Cart>,
    favorites: Arc<[ProductId]>,
    mode: SellMode,
    language: Language,
    theme: Theme,

    screen: Screen,
    screen_seq: u64,
    paying: Option<Paying>,
    notice: Option<(u64, Notice)>,
    notices: u64,
    revision: u64,
    next_sweep_mono: u64,
    trip: Option<trip::Trip>,
    demand: demand::Demand,
    old_prices: old_prices::OldPrices,
}

/// The cart of the customer who is served.
#[derive(Debug)]
struct CartInFront {
    id: CartId,
    lines: Vec<Line>,
}

/// The sale on Pay or Paid.
#[derive(Debug)]
struct Paying {
    sale: SaleId,
    /// When a code that is being made gives way to the permanent one.
    patience_ends_mono: Option<u64>,
    /// Why there is no code.
    refused: Option<Notice>,
    /// Another code that was asked for while one was there already.
    new_code: Option<JobId>,
    /// Whether the code is past its end.
    has_ended: bool,
    /// Which of several codes is on the screen, from 0.
    part: usize,
    /// When Paid goes back to Sell by itself.
    leaves_at_mono: Option<u64>,
    /// The code that was made last, by its address: making one takes longer than all the rest.
    code: Option<(String, Arc<QrGrid>)>,
}

impl Terminal {
    /// The rows that a step needs besides those in memory.
    pub fn needs(&self, event: &Event) -> Keys {
        let mut keys = Keys::default();
        match event {
            Event::Notified(item) => self.keys_of(item, &mut keys),
            Event::Fed {
                answer: Ok(feed), ..
            } => {
                for item in feed.own.items.iter().chain(&feed.shop.items) {
                    self.keys_of(item, &mut keys);
                }
            }
            Event::Answered {
                question: Some(question),
                ..
            } => {
                let link = self
                    .jobs
                    .get(question.job)
                    .and_then(|flight| flight.job.link);
                let link = link.and_then(|link| self.links.link(link));
                let sale = link.and_then(|link| link.sale);
                if let Some(sale) = sale.filter(|sale| !self.sales.contains_key(sale)) {
                    keys.sales.push(sale);
                }
            }
            Event::Command { command, .. } => {
                let sale = command.sale();
                keys.sales
                    .extend(sale.filter(|sale| !self.sales.contains_key(sale)));
                keys.payments.extend(command.payment());
                self.keys_of_paper(command, &mut keys);
            }
            Event::HubTold {
                answer: Ok(HubSaid::Claimed(claimed)),
                ..
            } => self.keys_of_claim(claimed, &mut keys),
            Event::HubTold {
                answer: Ok(HubSaid::Stickers(heard)),
                ..
            } => {
                let heard = heard.stickers.iter().take(STICKERS_MAX);
                keys.stickers.extend(heard.map(|sticker| sticker.id));
            }
            Event::Answered { question: None, .. }
            | Event::Fed { answer: Err(_), .. }
            | Event::HubTold { .. }
            | Event::HubTested(_)
            | Event::Hooked(_)
            | Event::Indexed(_)
            | Event::SalesCounted(_)
            | Event::PicturesLeft(_)
            | Event::Printer { .. }
            | Event::Woke => {}
        }
        keys
    }

    /// Handles one event. The caller commits `Step::writes`, then runs `Step::effects`, then
    /// publishes [`Terminal::snapshot`].
    pub fn handle(&mut self, event: Event, rows: Rows, now: Now) -> Step {
        let rows = self.take_rows(rows);
        let actor = match &event {
            Event::Command { actor, .. } => *actor,
            Event::Notified(_)
            | Event::Fed { .. }
            | Event::HubTold { .. }
            | Event::HubTested(_)
            | Event::Hooked(_)
            | Event::Answered { .. }
            | Event::Indexed(_)
            | Event::SalesCounted(_)
            | Event::PicturesLeft(_)
            | Event::Printer { .. }
            | Event::Woke => Actor::Till,
        };
        let mut turn = Turn::new(now, actor);
        match event {
            Event::Command {
                command,
                seen,
                reply_to,
                ..
            } => {
                self.obey(&mut turn, command, (seen, reply_to), &rows);
            }
            Event::Answered {
                question,
                backend,
                result,
            } => {
                self.answered(&mut turn, question, &backend, result);
            }
            Event::Notified(item) => self.take_item(&mut turn, &item, &rows),
            Event::Fed { asked, answer } => self.fed(&mut turn, &asked, answer, &rows),
            Event::HubTested(answer) => self.hub_tested(answer),
            Event::HubTold { told, answer } => self.hub_told(&mut turn, told, answer, &rows),
            Event::Hooked(hooks) => self.hooked(&hooks),
            Event::Indexed(catalog) => self.indexed(&mut turn, catalog),
            Event::SalesCounted(sums) => self.sales_counted(sums),
            Event::PicturesLeft(left) => self.pictures_left = left,
            Event::Printer { printer, told } => self.printer_told(&mut turn, &printer, told),
            Event::Woke => {}
        }
        turn.actor = Actor::Till;
        self.tick(&mut turn);
        self.make_code();
        self.revision = self.revision.saturating_add(1);
        turn.step
    }

    /// Rows that a step named; gives them back without the sales. Of what is in memory already, memory
    /// is right.
    fn take_rows(&mut self, rows: Rows) -> Rows {
        for link in &rows.links {
            if self.links.link(link.id).is_none() {
                self.adopt(link.clone());
            }
        }
        for record in rows.sales {
            self.sales.entry(record.sale.id).or_insert(record);
        }
        for payment in rows.loose {
            self.loose.adopt(payment);
        }
        Rows {
            sales: Vec::new(),
            loose: Vec::new(),
            ..rows
        }
    }

    /// Puts a sentence on the screen.
    fn say(&mut self, notice: Notice) {
        self.notices = self.notices.saturating_add(1);
        self.notice = Some((self.notices, notice));
    }

    fn show(&mut self, screen: Screen) {
        if self.screen != screen || screen == Screen::Pay {
            self.screen = screen;
            self.screen_seq = self.screen_seq.saturating_add(1);
        }
    }

    /// The account that a sale uses: the named one, else the first; none for a till without one.
    fn account(&self, name: Option<&str>) -> Result<Option<&Account>, Notice> {
        match name {
            None => Ok(self.accounts.main()),
            Some(name) => self
                .accounts
                .get(name)
                .map(Some)
                .ok_or_else(|| Notice::UnknownBackend {
                    name: name.to_owned(),
                }),
        }
    }
}
