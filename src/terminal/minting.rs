//! Getting links: which ones are wanted, and the jobs that get them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::json;

use super::Terminal;
use super::accounts::Account;
use super::hub;
use super::jobs::{Flight, is_kept};
use super::notice::Notice;
use super::pace::Urgency;
use super::step::{Job, Write};
use super::subscribing::mark_of;
use super::turn::Turn;
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::{JobId, LinkId, ProductId, SaleId};
use crate::domain::link::{Ask, Asking, Link, LinkState, Purpose};
use crate::domain::options::Options;
use crate::domain::words;
use crate::proto::backend::Action;
use crate::proto::hub::Token;

/// What the background is to get from one account.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// What spare links are kept for: sums that are often sold, then products' prices, favorites first,
    /// then the open one, then those of a trip.
    spares: Vec<Ask>,
    /// Those of them that are kept without a trip too.
    usual: BTreeSet<Ask>,
    /// Products that lack a permanent link, or whose link asks for an old price.
    products: VecDeque<ProductId>,
    /// Links that report to nobody, or to an address of the past.
    pub(super) unreported: VecDeque<LinkId>,
    /// What the backend refused; not asked for again until somebody says so.
    refused: BTreeSet<Ask>,
    /// The same of stickers: what the backend refused that a product's is to ask.
    refused_stickers: BTreeMap<ProductId, Ask>,
    /// Whether more is wanted than the provider takes at the moment.
    pub(super) is_held_up: bool,
}

impl Targets {
    /// What spare links are kept for, in the order in which they are got.
    pub(super) fn asks(&self) -> impl Iterator<Item = Ask> {
        self.spares.iter().copied()
    }

    /// Whether the backend does not make links that ask this.
    pub(super) fn is_refused(&self, ask: Ask) -> bool {
        self.refused.contains(&ask)
    }

    /// The backend does not make links that ask this.
    pub(super) fn give_up(&mut self, ask: Ask) {
        self.refused.insert(ask);
    }

    /// The backend does not make or change a product's sticker so.
    pub(super) fn refuse_sticker(&mut self, action: &Action) {
        self.refused_stickers.extend(sticker_wish(action));
    }

    /// A person wants it to be tried again.
    pub(super) fn allow_sticker(&mut self, action: &Action) {
        if let Some((product, _)) = sticker_wish(action) {
            self.refused_stickers.remove(&product);
        }
    }

    /// It does after all.
    pub(super) fn allow(&mut self, ask: Ask) {
        self.refused.remove(&ask);
    }
}

/// What the sticker of a product would ask.
fn sticker_wish(action: &Action) -> Option<(ProductId, Ask)> {
    let (Action::Create { link, .. }
    | Action::CreateProduct { link, .. }
    | Action::Update { link, .. }) = action
    else {
        return None;
    };
    let is_sticker = link.purpose == Purpose::Permanent && !link.is_custom;
    link.product
        .filter(|_| is_sticker)
        .map(|product| (product, link.ask()))
}

/// What a link is wanted for.
pub(super) struct Wish<'a> {
    pub(super) purpose: Purpose,
    pub(super) ask: Ask,
    /// What is bought, in a few words.
    pub(super) title: String,
    pub(super) product: Option<&'a Product>,
    pub(super) sale: Option<SaleId>,
    pub(super) options: Options,
}

impl Wish<'_> {
    fn spare(ask: Ask) -> Self {
        Self {
            purpose: Purpose::Single,
            ask,
            title: String::new(),
            product: None,
            sale: None,
            options: Options::default(),
        }
    }
}

impl Terminal {
    /// Works out anew which links are wanted: after a new catalog, new favorites, or on demand.
    pub(super) fn retarget(&mut self) {
        for name in self.accounts.names() {
            let targets = self.targets_of(&name);
            if let (Some(account), Some(targets)) = (self.accounts.get_mut(&name), targets) {
                account.targets = Targets {
                    refused: std::mem::take(&mut account.targets.refused),
                    refused_stickers: std::mem::take(&mut account.targets.refused_stickers),
                    ..targets
                };
            }
        }
    }

    fn targets_of(&self, name: &str) -> Option<Targets> {
        let account = self.accounts.get(name)?;
        let favorites = self.favorites.iter().filter_map(|id| self.products.get(id));
        let shown = self.catalog.products().iter();
        let sellable = favorites
            .chain(shown)
            .filter(|product| product.visibility == Visibility::Shown)
            .filter(|product| product.price.currency == self.setup.shop.currency);
        let pool = &self.setup.pool;
        let amounts_max = usize::try_from(pool.amounts_max).unwrap_or(0);
        let mut seen = BTreeSet::new();
        let mut targets = Targets::default();
        for amount in self.demand.habits(name).into_iter().take(amounts_max) {
            seen.insert(amount);
            targets.spares.push(Ask::fixed(amount));
        }
        for product in sellable.clone() {
            if targets.spares.len() >= amounts_max {
                break;
            }
            if product.asking == Asking::Fixed && seen.insert(product.price) {
                targets.spares.push(Ask::fixed(product.price));
            }
        }
        if account.can().open_amount && pool.open_amount > 0 {
            targets.spares.push(Ask::open(self.setup.shop.currency));
        }
        targets.usual = targets.spares.iter().copied().collect();
        let for_trip = self.trip_asks(name).into_iter();
        let for_trip = for_trip.filter(|ask| !targets.usual.contains(ask));
        targets.spares.extend(for_trip);
        targets.products = sellable
            .filter(|product| self.needs_link(account, product))
            .map(|product| product.id)
            .collect();
        targets.unreported = self.unreported(name);
        Some(targets)
    }

    /// Somebody asked for codes: what was refused is tried again, and the network is tried at once.
    pub(super) fn mint_again(&mut self, turn: &mut Turn) {
        self.retry_all(turn);
        let now = turn.now;
        for account in self.accounts.iter_mut() {
            account.reach.probe_now(now);
            account.last_problem = None;
            account.takes_addresses = true;
            account.targets.refused_stickers.clear();
        }
        self.retarget();
        for name in self.accounts.names() {
            self.jobs.release(&name, now.mono_ms);
        }
    }

    /// Sends as much as may be under way at the same time.
    pub(super) fn pump(&mut self, turn: &mut Turn) {
        if self.is_closing {
            return;
        }
        for name in self.accounts.names() {
            self.pump_account(turn, &name);
        }
    }

    /// The program is about to end: what is under way is taken in, nothing more is begun.
    pub fn send_nothing_more(&mut self) {
        self.is_closing = true;
    }

    /// Whether answers are under way.
    pub fn awaits_answers(&self) -> bool {
        self.jobs.awaits_answers()
    }

    fn pump_account(&mut self, turn: &mut Turn, name: &str) {
        let mono_ms = turn.now.mono_ms;
        while self.accounts.is_online(name) && self.may_send_more(name) {
            let Some(least) = self.least_urgency(name, mono_ms) else {
                return;
            };
            let mut job = self.jobs.due(name, mono_ms, least);
            let may_begin = least == Urgency::Background && !self.waits_for_hooks();
            if job.is_none() && may_begin {
                job = self.next_wanted(turn, name);
            }
            let Some(job) = job else { return };
            self.send(turn, job);
        }
    }

    /// How many links are wanted and not asked for yet, at all accounts.
    pub(super) fn still_wanted(&self) -> u32 {
        let wanted = self.accounts.iter().map(|account| {
            let name = account.name();
            let spares = account.targets.asks().filter(|ask| {
                !account.targets.is_refused(*ask)
                    && self.links.spares_or_coming(name, *ask) < self.usual_spares(name, *ask)
                    && self.is_pool_amount(name, *ask)
            });
            spares
                .count()
                .saturating_add(account.targets.products.len())
        });
        u32::try_from(wanted.sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Whether fewer requests to an account are under way than may be at the same time.
    pub(super) fn may_send_more(&self, name: &str) -> bool {
        let limit = usize::try_from(self.setup.pool.in_flight_max).unwrap_or(1);
        self.jobs.in_flight(name) < limit
    }

    /// How many links the background asks an account for at the same time. Where an answer that was
    /// lost leaves a second link behind, one at a time: a crash then costs one link and no more.
    pub(super) fn mints_at_once(&self, account: &Account) -> u32 {
        let most = self.setup.pool.in_flight_max;
        if account.can().repeatable {
            most
        } else {
            most.min(1)
        }
    }

    /// For whom a request may go out now, by the account's pace.
    fn least_urgency(&mut self, name: &str, mono_ms: u64) -> Option<Urgency> {
        let account = self.accounts.get_mut(name)?;
        let is_free = |urgency| account.pace.free_at(urgency) <= mono_ms;
        let least = [Urgency::Background, Urgency::Customer]
            .into_iter()
            .find(|urgency| is_free(*urgency));
        account.targets.is_held_up = least != Some(Urgency::Background);
        least
    }

    /// Decides on one more link that the background is to get.
    fn next_wanted(&mut self, turn: &mut Turn, name: &str) -> Option<JobId> {
        // Behind work that failed for now nothing new is begun.
        if self.jobs.has_backlog(name) {
            return None;
        }
        let under_way = self.jobs.in_flight(name);
        let at_once = self.mints_at_once(self.accounts.get(name)?);
        if under_way >= usize::try_from(at_once).unwrap_or(1) {
            return None;
        }
        let at = turn.now.best();
        let targets = &self.accounts.get(name)?.targets;
        let short = targets
            .asks()
            .find(|ask| !targets.is_refused(*ask) && self.is_short(name, *ask, at));
        if let Some(ask) = short {
            return Some(self.want(turn, name, Wish::spare(ask)));
        }
        if let Some(job) = self.next_subscription(turn, name) {
            return Some(job);
        }
        loop {
            let account = self.accounts.get_mut(name)?;
            let id = account.targets.products.pop_front()?;
            let Some(product) = self.products.get(&id).cloned() else {
                continue;
            };
            let account = self.accounts.get(name)?;
            if self.needs_link(account, &product) {
                return Some(self.want_permanent(turn, name, &product));
            }
        }
    }

    /// Whether spare links that ask this are kept without a trip too.
    pub(super) fn is_pool_amount(&self, name: &str, ask: Ask) -> bool {
        let account = self.accounts.get(name);
        account.is_some_and(|account| account.targets.usual.contains(&ask))
    }

    /// Whether a product lacks a permanent link, or has one that asks for another price. A link that
    /// a customer may be looking at keeps its price until that sale is over.
    fn needs_link(&self, account: &Account, product: &Product) -> bool {
        let can = account.can();
        if !can.permanent || (product.asking == Asking::Open && !can.open_amount) {
            return false;
        }
        if account.targets.refused_stickers.get(&product.id) == Some(&product.ask()) {
            return false;
        }
        let Some(link) = self.links.permanent(account.name(), product.id) else {
            return true;
        };
        // One change at a time: the next one is decided by what came of it.
        let settled = link.state == LinkState::Live && !self.jobs.concerns(link.id);
        settled && link.ask() != product.ask() && !self.is_awaited(link.id)
    }

    /// A sticker was made or changed, or that was refused; its price may have changed meanwhile.
    pub(super) fn price_was_sent(&mut self, link: &Link) {
        let product = link.product.and_then(|id| self.products.get(&id));
        let changed = product.filter(|product| {
            link.purpose == Purpose::Permanent && !link.is_custom && product.ask() != link.ask()
        });
        if let (Some(product), Some(account)) = (changed, self.accounts.get_mut(&link.backend)) {
            account.targets.products.push_back(product.id);
        }
    }

    fn is_awaited(&self, link: LinkId) -> bool {
        let mut waiting = self.waiting.iter().filter_map(|id| self.sales.get(id));
        waiting.any(|record| record.shown_links().any(|(shown, _)| shown == link))
    }

    fn want_permanent(&mut self, turn: &mut Turn, name: &str, product: &Product) -> JobId {
        let present = self.links.permanent(name, product.id).cloned();
        let can_update = self
            .accounts
            .get(name)
            .is_some_and(|account| account.can().update);
        if let Some(link) = present
            && can_update
            && link.state == LinkState::Live
            && link.asking == product.asking
            && let Some(remote) = link.remote.clone()
        {
            // The printed sticker stays valid: the link is kept and its amount changed.
            let link = Link {
                amount: product.price,
                title: product.name.clone(),
                description: self.describe(&product.name, &link.word),
                options: product.options.clone(),
                ..link
            };
            let action = Action::Update {
                remote_id: remote.id,
                link: Box::new(link.clone()),
            };
            return self.queue(turn, name, Some(link.id), action, None);
        }
        let wish = Wish {
            purpose: Purpose::Permanent,
            ask: product.ask(),
            title: product.name.clone(),
            product: Some(product),
            sale: None,
            options: product.options.clone(),
        };
        self.want(turn, name, wish)
    }

    /// A sale waits for a code of its own.
    pub(super) fn mint_for(&mut self, turn: &mut Turn, sale: SaleId, name: &str) -> Option<JobId> {
        let record = self.sales.get(&sale)?;
        let title = match record.sale.lines.as_slice() {
            [only] if only.quantity == 1 => only.name.clone(),
            _ => record.sale.reference.clone(),
        };
        let wish = Wish {
            title,
            sale: Some(sale),
            ..Wish::spare(Ask::fixed(record.sale.total))
        };
        let job = self.want(turn, name, wish);
        // Otherwise the planner sends it as soon as the provider takes it.
        let free_at = self
            .accounts
            .get(name)
            .map(|account| account.pace.free_at(Urgency::Customer));
        if !self.is_closing && free_at.is_some_and(|at| at <= turn.now.mono_ms) {
            self.send(turn, job);
        }
        Some(job)
    }

    /// Writes the intent down: the link and the job that gets it.
    pub(super) fn want(&mut self, turn: &mut Turn, name: &str, wish: Wish<'_>) -> JobId {
        // Only called with an account; an empty fingerprint would never be shown.
        let setup = self.accounts.get(name).map(|account| &account.setup);
        let account = setup.map(|setup| setup.account.clone()).unwrap_or_default();
        let hook = setup.and_then(|setup| setup.hook.clone());
        let token = Token::draw(&mut self.entropy);
        let word = words::draw(&mut self.entropy);
        let is_single = wish.purpose == Purpose::Single;
        let id = LinkId(self.entropy.uuid(turn.at()));
        let reports_to = hook.as_deref().map(mark_of);
        let notify_url = hook.map(|hook| hub::address_of(&hook, wish.purpose, id, &token));
        let link = Link {
            id,
            backend: name.to_owned(),
            account,
            purpose: wish.purpose,
            product: wish.product.map(|product| product.id),
            amount: wish.ask.amount,
            asking: wish.ask.asking,
            description: self.describe(&wish.title, &word),
            title: wish.title,
            word,
            token: token.into(),
            state: LinkState::Requested,
            remote: None,
            sale: wish.sale,
            is_custom: false,
            reports_to,
            options: wish.options,
            created_at: turn.at(),
            expires_at: is_single.then(|| self.spare_end(name, wish.ask, turn.now.best())),
        };
        turn.write(Write::Link(link.clone()));
        self.links.put(link.clone());
        let action = Action::Create {
            link: Box::new(link),
            notify_url,
        };
        self.queue(turn, name, Some(id), action, wish.sale)
    }

    /// What the payer's page says: the shop, what is bought, and the word that the till shows too.
    pub(super) fn describe(&self, title: &str, word: &str) -> String {
        let shop = &self.shop.name;
        if title.is_empty() {
            format!("{shop} · {word}")
        } else {
            format!("{shop} · {title} · {word}")
        }
    }

    pub(super) fn queue(
        &mut self,
        turn: &mut Turn,
        backend: &str,
        link: Option<LinkId>,
        action: Action,
        sale: Option<SaleId>,
    ) -> JobId {
        let job = Job {
            id: JobId(self.entropy.uuid(turn.at())),
            backend: backend.to_owned(),
            link,
            action,
            answers: Vec::new(),
            attempts: 0,
            created_at: turn.at(),
            problem: None,
            first_sent: None,
            refusal: None,
        };
        let id = job.id;
        if is_kept(&job.action) {
            turn.write(Write::Job(job.clone()));
        }
        self.jobs.put(Flight {
            job,
            sent: false,
            not_before_mono: turn.now.mono_ms,
            sale,
        });
        id
    }

    /// Switches a link off at the backend, where it is known there and can be.
    pub(super) fn switch_off(&mut self, turn: &mut Turn, link: &Link) {
        let can_withdraw = self
            .accounts
            .get(&link.backend)
            .is_some_and(|account| account.can().withdraw);
        if let Some(remote) = link.remote.as_ref().filter(|_| can_withdraw) {
            let action = Action::Withdraw {
                remote_id: remote.id.clone(),
            };
            self.queue(turn, &link.backend.clone(), Some(link.id), action, None);
        }
    }

    pub(super) fn withdraw_link(&mut self, turn: &mut Turn, id: LinkId) -> Result<(), Notice> {
        let mut link = self.links.link(id).cloned().ok_or(Notice::UnknownLink)?;
        match link.state {
            // A sticker's code that is on the screen of a sale is needed like any other.
            LinkState::Live if self.is_awaited(id) => return Err(Notice::LinkInUse),
            LinkState::Live => {}
            LinkState::Shown | LinkState::Reserved | LinkState::Wanted | LinkState::Requested => {
                return Err(Notice::LinkInUse);
            }
            LinkState::Paid
            | LinkState::Burned
            | LinkState::Expired
            | LinkState::Withdrawn
            | LinkState::Retired
            | LinkState::Refused => return Err(Notice::UnknownLink),
        }
        link.state = match link.purpose {
            Purpose::Permanent => LinkState::Retired,
            Purpose::Single => LinkState::Burned,
        };
        turn.journal(
            "link_withdrawn",
            id,
            &json!({ "amount": link.amount, "purpose": link.purpose }),
        );
        turn.write(Write::Link(link.clone()));
        self.switch_off(turn, &link);
        self.links.put(link);
        Ok(())
    }
}
