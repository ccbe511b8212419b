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
pub use event::{Event, HubProblem, SendError};
pub use hub_test::TestState;
pub use notice::Notice;
pub use printing::{PaperCommand, PaperNotice, PaperQuery, PaperWords, PrinterSetup};
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
                answer: Ok(Some(claimed)),
                ..
            } => self.keys_of_claim(claimed, &mut keys),
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
            Event::HubTold { told, answer } => self.hub_told(&mut turn, told, answer),
            Event::Hooked(hooks) => self.hooked(&hooks),
            Event::Indexed(catalog) => self.indexed(&mut turn, catalog),
            Event::SalesCounted(sums) => self.sales_counted(sums),
            Event::PicturesLeft(left) => self.pictures_left = left,
            Event::Printer {
                printer,
                happened,
                problem,
            } => self.printer_told(&mut turn, &printer, happened, problem),
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

    fn obey(
        &mut self,
        turn: &mut Turn,
        command: Command,
        (seen, reply_to): (Option<u64>, Option<RequestId>),
        rows: &Rows,
    ) {
        // A finger that was meant for an earlier screen: the second half of a double tap.
        let stale = seen.is_some_and(|seen| seen != self.screen_seq);
        if let Command::ListRemote { backend } = &command {
            // Its reply comes with the last page.
            match self.list_remote(turn, backend.as_deref(), reply_to) {
                Ok(()) => return,
                Err(notice) => {
                    if let Some(to) = reply_to {
                        let reply = Reply::Refused { notice };
                        turn.effect(Effect::Reply { to, reply });
                    }
                    return;
                }
            }
        }
        let reply = if stale {
            Ok(Reply::Done)
        } else {
            self.answer(turn, command, rows)
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(notice) => {
                if turn.actor == Actor::Cashier {
                    self.say(notice.clone());
                }
                Reply::Refused { notice }
            }
        };
        if let Some(to) = reply_to {
            turn.effect(Effect::Reply { to, reply });
        }
    }

    fn answer(&mut self, turn: &mut Turn, command: Command, rows: &Rows) -> Result<Reply, Notice> {
        if let Command::Paper(command) = command {
            return self.obey_paper(turn, command, rows);
        }
        if let Command::Scan { text } = &command
            && self.is_patrol(text)
        {
            return self.scan_sticker(turn, text, rows);
        }
        self.carry_out(turn, command)
    }

    fn carry_out(&mut self, turn: &mut Turn, command: Command) -> Result<Reply, Notice> {
        match command {
            Command::Tap { product } => return self.tap(turn, product),
            Command::Scan { text } => return self.scan(turn, &text),
            Command::PayCart => return self.pay_cart(turn),
            Command::PayAmount { amount } => return self.pay_amount(turn, amount),
            Command::NewSale {
                lines,
                backend,
                offline,
            } => {
                return self.new_sale(turn, &lines, backend.as_deref(), offline);
            }
            Command::PayCartInCash { given } => return self.pay_cart_in_cash(turn, given),
            Command::PayInCash { sale, given } => return self.pay_in_cash(turn, sale, given),
            Command::CancelSale { sale } => return self.cancel(turn, sale),
            Command::ClaimSale { sale, reason, pin } => {
                return self.claim(turn, sale, &reason, pin.as_ref());
            }
            Command::CheckSale { sale, found, pin } => {
                return self.check_sale(turn, sale, found, pin.as_ref());
            }
            Command::OpenSale { sale } => return self.open_sale(turn, sale),
            Command::CustomerPays { sale } => self.customer_pays(turn, sale)?,
            Command::AddAmount { amount } => {
                self.add_to_cart(turn, cart::line_of_amount(amount))?;
            }
            Command::SetQuantity { line, quantity } => self.set_quantity(turn, line, quantity)?,
            Command::ClearCart => self.clear_cart(turn),
            Command::HoldCart => self.hold_cart(turn)?,
            Command::RecallCart { cart } => self.recall_cart(turn, cart)?,
            Command::SetFavorites { products } => self.set_favorites(turn, products)?,
            Command::SetMode { mode } => self.set_mode(turn, mode),
            Command::SetLanguage { language } => self.set_language(turn, language),
            Command::SetTheme { theme } => self.set_theme(turn, theme),
            Command::Go { screen } => self.go(screen),
            Command::DismissNotice => self.notice = None,
            Command::PutProducts { products, source } => {
                self.put_products(turn, products, &source)?;
            }
            Command::MintLinks => self.mint_again(turn),
            Command::WithdrawLink { link } => self.withdraw_link(turn, link)?,
            Command::NewLink { wish } => return self.new_link(turn, wish),
            Command::SetLink { link, change } => return self.set_link(turn, link, change),
            // Answered before it gets here.
            Command::ListRemote { .. } | Command::Paper(_) => {}
            Command::RetryJob { job } => self.retry_job(turn, job)?,
            Command::GiveUpJob { job, reason } => self.give_up_job(turn, job, &reason)?,
            Command::SendNow => self.send_now(turn),
            Command::TestHub => self.test_hub(turn)?,
            Command::PlanTrip {
                backend,
                targets,
                until,
            } => self.plan_trip(turn, backend.as_deref(), targets, until)?,
            Command::TakePayment {
                backend,
                payment,
                sale,
            } => return self.take_payment(turn, &backend, &payment, sale),
            Command::SetPaymentAside {
                backend,
                payment,
                reason,
            } => self.set_payment_aside(turn, &backend, &payment, &reason)?,
            Command::ShowPart { sale, number } => self.show_part_number(sale, number)?,
            Command::NewCode { sale } => return self.new_code(turn, sale, None),
            Command::PayOtherWay { sale, backend } => {
                return self.new_code(turn, sale, Some(&backend));
            }
        }
        Ok(Reply::Done)
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

    fn go(&mut self, screen: Screen) {
        // Pay and Paid belong to a sale, Fault to the storage: nobody walks there by a tab.
        let screen = match screen {
            Screen::Pay | Screen::Paid | Screen::Fault => Screen::Sell,
            Screen::Sell
            | Screen::Recent
            | Screen::Sync
            | Screen::Payments
            | Screen::Stickers
            | Screen::Printer
            | Screen::Trip
            | Screen::Settings => screen,
        };
        self.paying = None;
        self.show(screen);
    }

    fn set_mode(&mut self, turn: &mut Turn, mode: SellMode) {
        self.mode = mode;
        recover::save(turn, recover::MODE, &mode);
    }

    fn set_language(&mut self, turn: &mut Turn, language: Language) {
        self.language = language;
        recover::save(turn, recover::LANGUAGE, &language);
    }

    fn set_theme(&mut self, turn: &mut Turn, theme: Theme) {
        self.theme = theme;
        recover::save(turn, recover::THEME, &theme);
    }

    fn set_favorites(&mut self, turn: &mut Turn, products: Vec<ProductId>) -> Result<(), Notice> {
        if products.len() > FAVORITES_MAX {
            return Err(Notice::TooMany {
                limit: FAVORITES_MAX,
            });
        }
        let mut seen = BTreeSet::new();
        let products: Vec<_> = products.into_iter().filter(|id| seen.insert(*id)).collect();
        recover::save(turn, recover::FAVORITES, &products);
        self.favorites = products.into();
        self.retarget();
        Ok(())
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
