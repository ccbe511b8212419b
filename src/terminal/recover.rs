//! Making the till from rows: after a start, a crash, or an error of the disk.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::accounts::Accounts;
use super::demand::Demand;
use super::hub::HubFeed;
use super::jobs::{Flight, JobBook};
use super::links::LinkBook;
use super::loose::LooseBook;
use super::printing::book::PrintBook;
use super::printing::hanging::Hanging;
use super::printing::sharing::Sharing;
use super::setup::Setup;
use super::snapshot::{Screen, SellMode, ShopView};
use super::step::{Cart, Effect, Job, Recovered, Step, Write};
use super::telling::Telling;
use super::turn::Turn;
use super::{Actor, CartInFront, Notice, Terminal, products, watching};
use crate::domain::catalog::Catalog;
use crate::domain::id::{CartId, Entropy, ProductId, SaleId};
use crate::domain::link::{LinkState, Purpose};
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{SaleRecord, SaleState};
use crate::domain::time::Now;
use crate::proto::backend::Action;

pub(super) const TERMINAL_CODE: &str = "terminal_code";
pub(super) const NEXT_NUMBER: &str = "next_number";
pub(super) const NEXT_PRINT: &str = "next_print";
pub(super) const NEXT_STICKER: &str = "next_sticker";
pub(super) const FAVORITES: &str = "favorites";
pub(super) const MODE: &str = "mode";
pub(super) const LANGUAGE: &str = "language";
pub(super) const THEME: &str = "theme";
pub(super) const TRIP: &str = "trip";
pub(super) const OLD_PRICES: &str = "old_prices";
pub(super) const HUB_CURSOR_OWN: &str = "hub_cursor_own";
pub(super) const HUB_CURSOR_SHOP: &str = "hub_cursor_shop";
pub(super) const HUB_REGISTER: &str = "hub_register";
pub(super) const PRINTER_ANSWERS: &str = "printer_answers";
pub(super) const PRINTERS_CHOSEN: &str = "printers_chosen";
pub(super) const PIN_FAILURES: &str = "pin_failures";

/// Letters that are not mistaken for digits or for each other.
const CODE_LETTERS: &[u8] = b"ACDEFHJKLMNPRTUVWXY";

/// Keeps a value for the next start.
pub(super) fn save(turn: &mut Turn, key: &'static str, value: &impl Serialize) {
    if let Ok(value) = serde_json::to_string(value) {
        turn.write(Write::Setting { key, value });
    }
}

fn saved<T: DeserializeOwned>(settings: &BTreeMap<String, String>, key: &str) -> Option<T> {
    settings
        .get(key)
        .and_then(|value| serde_json::from_str(value).ok())
}

impl Terminal {
    /// The till as its rows say, and the first step: settings that a new till gives itself.
    pub fn recover(setup: Setup, rows: Recovered, mut entropy: Entropy, now: Now) -> (Self, Step) {
        let mut turn = Turn::new(now, Actor::Till);
        let settings = rows.settings;
        let code = saved(&settings, TERMINAL_CODE).unwrap_or_else(|| {
            let code = draw_code(&mut entropy);
            save(&mut turn, TERMINAL_CODE, &code);
            code
        });
        let mut terminal = Self::blank(setup, code, entropy, now);
        terminal.remember(&settings, now.mono_ms);
        terminal.products = rows
            .catalog
            .products()
            .iter()
            .map(|product| (product.id, Arc::clone(product)))
            .collect();
        terminal.sales = rows
            .sales
            .into_iter()
            .map(|record| (record.sale.id, record))
            .collect();
        terminal.waiting = waiting(&terminal.sales);
        terminal.claimed = terminal
            .sales
            .values()
            .filter(|record| record.standing().is_claimed())
            .map(|record| record.sale.id)
            .collect();
        terminal.lock_pin_again(now.mono_ms);
        terminal.take_carts(rows.carts);
        for link in rows.links {
            terminal.adopt(link);
        }
        for payment in rows.loose {
            terminal.loose.adopt(payment);
        }
        terminal.find_to_check();
        terminal.telling.sales_changed();
        for job in rows.jobs {
            #[cfg(planted)]
            if planted::is(Bug::JobForgotten) && job.attempts > 0 {
                continue;
            }
            terminal.resume(job, now);
        }
        terminal.watch_again(now);
        terminal.resume_prints(&mut turn, rows.prints);
        terminal.hanging = Hanging::new(rows.stickers);
        // What was wrong before is no news.
        terminal.judge_unsure();
        let progress = saved(&settings, HUB_REGISTER).unwrap_or_default();
        terminal.share_again(progress, rows.untold);
        terminal.start_indexed(rows.catalog);
        let sources = terminal.pictures();
        if !sources.is_empty() {
            turn.effect(Effect::FetchPictures { sources });
        }
        terminal.tick(&mut turn);
        (terminal, turn.step)
    }

    /// A till that has never sold anything.
    fn blank(setup: Setup, code: String, mut entropy: Entropy, now: Now) -> Self {
        Self {
            accounts: Accounts::new(&setup.backends, now),
            hub: None,
            telling: Telling::default(),
            hub_test: None,
            loose: LooseBook::default(),
            watching: watching::Watch::default(),
            listings: Vec::new(),
            is_closing: false,
            shop: Arc::new(ShopView {
                terminal: code,
                ..setup.shop.clone()
            }),
            language: setup.language,
            theme: setup.theme,
            mode: SellMode::default(),
            next_number: 1,
            printing: PrintBook::default(),
            next_print: 1,
            next_sticker: 1,
            hanging: Hanging::default(),
            sharing: Sharing::default(),
            waiting: BTreeSet::new(),
            claimed: BTreeSet::new(),
            to_check: BTreeSet::new(),
            pin_failures: 0,
            pin_opens_mono: 0,
            cart: CartInFront {
                id: CartId(entropy.uuid(now.wall)),
                lines: Vec::new(),
            },
            held: VecDeque::new(),
            favorites: Arc::default(),
            setup,
            entropy,
            products: BTreeMap::new(),
            catalog: Arc::new(Catalog::default()),
            indexing: products::Indexing::default(),
            pictures_left: 0,
            links: LinkBook::default(),
            jobs: JobBook::default(),
            sales: BTreeMap::new(),
            screen: Screen::Sell,
            screen_seq: 0,
            paying: None,
            notice: None,
            notices: 0,
            revision: 1,
            next_sweep_mono: now.mono_ms,
            trip: None,
            demand: Demand::new(now.mono_ms),
            old_prices: BTreeMap::new(),
        }
    }

    fn remember(&mut self, settings: &BTreeMap<String, String>, mono_ms: u64) {
        self.language = saved(settings, LANGUAGE).unwrap_or(self.language);
        self.theme = saved(settings, THEME).unwrap_or(self.theme);
        self.mode = saved(settings, MODE).unwrap_or(self.mode);
        self.pin_failures = saved(settings, PIN_FAILURES).unwrap_or(0);
        self.next_number = saved(settings, NEXT_NUMBER).unwrap_or(self.next_number);
        self.next_print = saved(settings, NEXT_PRINT).unwrap_or(self.next_print);
        self.next_sticker = saved(settings, NEXT_STICKER).unwrap_or(self.next_sticker);
        self.hub = self.setup.hub.is_some().then(|| {
            let cursor = |key| saved(settings, key).unwrap_or_default();
            let (own, shop) = (cursor(HUB_CURSOR_OWN), cursor(HUB_CURSOR_SHOP));
            let has_hooks = self
                .accounts
                .iter()
                .any(|account| account.setup.hook.is_some());
            HubFeed::new(own, shop, has_hooks, mono_ms)
        });
        self.printing.answers = saved(settings, PRINTER_ANSWERS).unwrap_or_default();
        self.printing.chosen = saved(settings, PRINTERS_CHOSEN).unwrap_or_default();
        self.trip = saved(settings, TRIP).unwrap_or(None);
        self.old_prices = saved(settings, OLD_PRICES).unwrap_or_default();
        let favorites: Vec<ProductId> = saved(settings, FAVORITES).unwrap_or_default();
        self.favorites = favorites.into();
    }

    fn take_carts(&mut self, rows: Vec<Cart>) {
        let (mut held, front): (Vec<_>, Vec<_>) = rows.into_iter().partition(|cart| cart.held);
        held.sort_by_key(|cart| (cart.at, cart.id));
        self.held = held.into();
        if let Some(cart) = front.into_iter().next_back() {
            self.cart = CartInFront {
                id: cart.id,
                lines: cart.lines,
            };
        }
    }

    fn resume(&mut self, job: Job, now: Now) {
        let sale = match &job.action {
            Action::Create { link, .. } => link.sale,
            Action::Fetch { .. }
            | Action::List { .. }
            | Action::LookUp { .. }
            | Action::Update { .. }
            | Action::Subscribe { .. }
            | Action::Withdraw { .. }
            | Action::CreateProduct { .. } => None,
        };
        let sale = sale.filter(|sale| self.waiting.contains(sale));
        let link = job.link.and_then(|link| self.links.link(link));
        if let (Some(_), Some(account)) = (&job.refusal, self.accounts.get_mut(&job.backend)) {
            account.targets.refuse_sticker(&job.action);
            if let Some(link) = link.filter(|link| link.purpose == Purpose::Single) {
                account.targets.give_up(link.ask());
            }
        }
        self.jobs.put(Flight {
            job,
            sent: false,
            not_before_mono: now.mono_ms,
            sale,
        });
    }

    /// Links whose payments the till asks for: what it asked last is not kept.
    fn watch_again(&mut self, now: Now) {
        let shown: Vec<_> = self
            .links
            .iter()
            .filter(|link| link.sale.is_some())
            .cloned()
            .collect();
        for link in shown {
            self.watch(&link, now.mono_ms);
        }
    }

    /// Links of an account that is configured now, and those of sales, are used; those of another
    /// key stay on disk, untouched, until their account is back.
    pub(super) fn adopt(&mut self, mut link: crate::domain::link::Link) {
        let ours = self
            .setup
            .backends
            .iter()
            .any(|backend| backend.name == link.backend && backend.account == link.account);
        if !ours && link.sale.is_none() {
            return;
        }
        // Reserved but not shown: the program ended between the two.
        if link.state == LinkState::Reserved {
            link.state = LinkState::Live;
            link.sale = None;
        }
        self.links.put(link);
    }

    /// Takes the place of a till whose commit failed, and says `why` on its first screen. Whoever draws
    /// goes by the numbers: they go on, so that nothing that is new is taken for something that was
    /// seen, and no finger that was meant for an earlier screen hits this one.
    pub fn take_over_from(&mut self, earlier: &Self, why: Notice) {
        self.revision = earlier.revision.saturating_add(1);
        self.screen_seq = earlier.screen_seq.saturating_add(1);
        self.notices = earlier.notices;
        self.index_after(&earlier.indexing);
        self.say(why);
    }
}

fn waiting(sales: &BTreeMap<SaleId, SaleRecord>) -> BTreeSet<SaleId> {
    sales
        .values()
        .filter(|record| {
            let standing = record.standing();
            let claimed = standing.proof == crate::domain::payment::Proof::Claimed;
            matches!(standing.state, SaleState::Open | SaleState::Awaiting) && !claimed
        })
        .map(|record| record.sale.id)
        .collect()
}

/// A letter and a digit: enough to tell the tills of a shop apart by ear.
fn draw_code(entropy: &mut Entropy) -> String {
    let count = u64::try_from(CODE_LETTERS.len()).unwrap_or(1);
    let index = usize::try_from(entropy.below(count)).unwrap_or(0);
    let letter = char::from(CODE_LETTERS.get(index).copied().unwrap_or(b'K'));
    format!("{letter}{}", entropy.below(8).saturating_add(2))
}
