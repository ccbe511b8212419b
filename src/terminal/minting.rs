//! Getting links: which ones are wanted, and the jobs that get them.

use std::collections::{BTreeSet, VecDeque};

use serde_json::json;

use super::Terminal;
use super::jobs::Flight;
use super::notice::Notice;
use super::step::{Job, Write};
use super::turn::Turn;
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::{JobId, LinkId, ProductId, SaleId};
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::domain::options::Options;
use crate::domain::words;
use crate::proto::backend::Action;

/// What the background is to get.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// Sums of which spare links are kept: favorites first.
    amounts: Vec<Amount>,
    /// Products that lack a permanent link, or whose link asks for an old price.
    products: VecDeque<ProductId>,
    /// Sums that the backend refused; not asked for again until somebody says so.
    refused: BTreeSet<Amount>,
}

impl Targets {
    /// The backend does not make links for this sum.
    pub(super) fn give_up(&mut self, amount: Amount) {
        self.refused.insert(amount);
    }
}

impl Terminal {
    /// Works out anew which links are wanted: after a new catalog, new favorites, or on demand.
    pub(super) fn retarget(&mut self) {
        let Some(backend) = self.setup.backends.first() else {
            return;
        };
        let favorites = self.favorites.iter().filter_map(|id| self.products.get(id));
        let shown = self.catalog.products().iter();
        let sellable = favorites
            .chain(shown)
            .filter(|product| product.visibility == Visibility::Shown)
            .filter(|product| product.price.currency == self.setup.shop.currency);
        let amounts_max = usize::try_from(self.setup.pool.amounts_max).unwrap_or(0);
        let mut seen = BTreeSet::new();
        let mut targets = Targets::default();
        for product in sellable.clone() {
            if targets.amounts.len() >= amounts_max {
                break;
            }
            if seen.insert(product.price) {
                targets.amounts.push(product.price);
            }
        }
        targets.products = sellable
            .filter(|product| self.needs_link(&backend.name, product))
            .map(|product| product.id)
            .collect();
        targets.refused = std::mem::take(&mut self.targets.refused);
        self.targets = targets;
    }

    /// Somebody asked for codes: what was refused is tried again, and the network is tried at once.
    pub(super) fn mint_again(&mut self, turn: &Turn) {
        self.targets.refused.clear();
        self.retarget();
        self.jobs.release(turn.now.mono_ms);
        self.reach.probe_now(turn.now);
        self.last_problem = None;
    }

    /// Sends as much as may be under way at the same time.
    pub(super) fn pump(&mut self, turn: &mut Turn) {
        while self.reach.is_online() && self.may_send_more() {
            let job = self
                .jobs
                .due(turn.now.mono_ms)
                .or_else(|| self.next_wanted(turn));
            let Some(job) = job else { break };
            self.send(turn, job);
        }
    }

    /// Whether fewer requests are under way than may be at the same time.
    pub(super) fn may_send_more(&self) -> bool {
        let limit = usize::try_from(self.setup.pool.in_flight_max).unwrap_or(1);
        self.jobs.in_flight() < limit
    }

    /// Decides on one more link that the background is to get.
    fn next_wanted(&mut self, turn: &mut Turn) -> Option<JobId> {
        // Behind work that failed for now nothing new is begun.
        if self.jobs.len() > self.jobs.in_flight() || self.jobs.is_held(turn.now.mono_ms) {
            return None;
        }
        let backend = self.setup.backends.first()?.name.clone();
        let wanted = usize::try_from(self.setup.pool.per_amount).unwrap_or(0);
        let short = self.targets.amounts.iter().copied().find(|amount| {
            !self.targets.refused.contains(amount)
                && self.links.spares_or_coming(&backend, *amount) < wanted
        });
        if let Some(amount) = short {
            return Some(self.want(turn, Purpose::Single, amount, None, None));
        }
        while let Some(id) = self.targets.products.pop_front() {
            let Some(product) = self.products.get(&id).cloned() else {
                continue;
            };
            if self.needs_link(&backend, &product) {
                return Some(self.want_permanent(turn, &backend, &product));
            }
        }
        None
    }

    /// Whether a product lacks a permanent link, or has one that asks for another price. A link that
    /// a customer may be looking at keeps its price until that sale is over.
    fn needs_link(&self, backend: &str, product: &Product) -> bool {
        let Some(link) = self.links.permanent(backend, product.id) else {
            return true;
        };
        // One change at a time: two that overtake each other would leave a page with the old price.
        let settled = link.state == LinkState::Live && !self.jobs.concerns(link.id);
        settled && link.amount != product.price && !self.is_awaited(link.id)
    }

    /// The price of a sticker was changed, or that was refused; it may have changed again meanwhile.
    pub(super) fn price_was_sent(&mut self, link: &Link, sent: Amount) {
        let product = link.product.and_then(|product| self.products.get(&product));
        if let Some(product) = product.filter(|product| product.price != sent) {
            self.targets.products.push_back(product.id);
        }
    }

    fn is_awaited(&self, link: LinkId) -> bool {
        let mut waiting = self.waiting.iter().filter_map(|id| self.sales.get(id));
        waiting.any(|record| record.shown_links().any(|(shown, _)| shown == link))
    }

    fn want_permanent(&mut self, turn: &mut Turn, backend: &str, product: &Product) -> JobId {
        let present = self.links.permanent(backend, product.id).cloned();
        if let Some(link) = present
            && link.state == LinkState::Live
            && let Some(remote) = link.remote.clone()
        {
            // The printed sticker stays valid: the link is kept and its amount changed.
            let link = Link {
                amount: product.price,
                description: self.describe(product, &link.word),
                ..link
            };
            let action = Action::Update {
                remote_id: remote.id,
                link: Box::new(link.clone()),
            };
            return self.queue(turn, backend, Some(link.id), action, None);
        }
        self.want(turn, Purpose::Permanent, product.price, Some(product), None)
    }

    /// A sale waits for a code of its own.
    pub(super) fn mint_for(&mut self, turn: &mut Turn, sale: SaleId) {
        let Some(record) = self.sales.get(&sale) else {
            return;
        };
        let total = record.sale.total;
        let job = self.want(turn, Purpose::Single, total, None, Some(sale));
        self.send(turn, job);
    }

    /// Writes the intent down: the link and the job that gets it.
    fn want(
        &mut self,
        turn: &mut Turn,
        purpose: Purpose,
        amount: Amount,
        product: Option<&Product>,
        sale: Option<SaleId>,
    ) -> JobId {
        // Only called with an account; an empty name would be refused by the sender.
        let setup = self.setup.backends.first();
        let backend = setup.map(|setup| setup.name.clone()).unwrap_or_default();
        let account = setup.map(|setup| setup.account.clone()).unwrap_or_default();
        let token = self.entropy.token();
        let notify_url = setup
            .and_then(|setup| setup.notify_base.as_ref())
            .map(|base| format!("{base}/{token}"));
        let word = words::draw(&mut self.entropy);
        let life_ms = i64::from(self.setup.pool.max_age_hours).saturating_mul(3_600_000);
        let description = match product {
            Some(product) => self.describe(product, &word),
            None => format!("{} · {word}", self.shop.name),
        };
        let link = Link {
            id: LinkId(self.entropy.uuid(turn.at())),
            backend: backend.clone(),
            account,
            purpose,
            product: product.map(|product| product.id),
            amount,
            asking: Asking::Fixed,
            title: product.map_or_else(String::new, |product| product.name.clone()),
            word,
            description,
            token,
            state: LinkState::Requested,
            remote: None,
            sale,
            options: product.map_or_else(Options::default, |product| product.options.clone()),
            created_at: turn.at(),
            expires_at: (purpose == Purpose::Single).then(|| turn.now.best().plus_millis(life_ms)),
        };
        turn.write(Write::Link(link.clone()));
        self.links.put(link.clone());
        let id = link.id;
        let action = Action::Create {
            link: Box::new(link),
            notify_url,
        };
        self.queue(turn, &backend, Some(id), action, sale)
    }

    fn describe(&self, product: &Product, word: &str) -> String {
        format!("{} · {} · {word}", self.shop.name, product.name)
    }

    fn queue(
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
        };
        let id = job.id;
        turn.write(Write::Job(job.clone()));
        self.jobs.put(Flight {
            job,
            sent: false,
            not_before_mono: turn.now.mono_ms,
            sale,
        });
        id
    }

    /// Switches a link off at the backend, where it is known there.
    pub(super) fn switch_off(&mut self, turn: &mut Turn, link: &Link) {
        if let Some(remote) = &link.remote {
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
