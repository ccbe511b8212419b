//! Getting links: the jobs that make and change them, as [`Targets`](super::targets::Targets) wants it.

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
use crate::domain::catalog::Product;
use crate::domain::id::{JobId, LinkId, SaleId};
use crate::domain::link::{Ask, Link, LinkState, Purpose};
use crate::domain::options::Options;
use crate::domain::words;
use crate::proto::backend::Action;
use crate::proto::hub::Token;

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
        self.printing.begin_no_more();
    }

    /// Whether answers are under way.
    pub fn awaits_answers(&self) -> bool {
        self.jobs.awaits_answers()
    }

    /// Whether a printer goes on with a sheet.
    pub fn is_printing(&self) -> bool {
        self.printing.is_printing()
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
