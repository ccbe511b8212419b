//! Getting links: which ones are wanted, how a backend's answers are taken in.
//!
//! The intent is on disk before the request is sent, the answer before the code is shown. A create
//! whose answer was lost is made again: nobody saw the first link, so it is harmless, and the
//! journal names it as a possible stray.

use std::collections::{BTreeSet, VecDeque};

use serde_json::json;

use super::jobs::Flight;
use super::notice::Notice;
use super::reach::Sign;
use super::step::{Effect, Job, Write};
use super::turn::Turn;
use super::{SendError, Terminal};
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::{JobId, LinkId, ProductId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::domain::sale::SaleState;
use crate::domain::words;
use crate::proto::backend::url::check_url;
use crate::proto::backend::{
    self, Action, LinkJob, Next, Outcome, PaymentBackend, Refusal, RemoteState, Response,
};

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
        let limit = usize::try_from(self.setup.pool.in_flight_max).unwrap_or(1);
        while self.reach.is_online() && self.jobs.in_flight() < limit {
            let job = self
                .jobs
                .due(turn.now.mono_ms)
                .or_else(|| self.next_wanted(turn));
            let Some(job) = job else { break };
            self.send(turn, job);
        }
    }

    /// Decides on one more link that the background is to get.
    fn next_wanted(&mut self, turn: &mut Turn) -> Option<JobId> {
        // Behind work that failed for now nothing new is begun.
        if self.jobs.len() > self.jobs.in_flight() {
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
        link.state == LinkState::Live && link.amount != product.price && !self.is_awaited(link.id)
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
            word,
            description,
            token,
            state: LinkState::Requested,
            remote: None,
            sale,
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

    /// Sends what a job needs next, or takes in that it needs nothing more.
    fn send(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let backend = flight.job.backend.clone();
        let Some(codec) = self.codec(&backend) else {
            return;
        };
        let job = LinkJob {
            action: &flight.job.action,
            answers: &flight.job.answers,
        };
        match codec.next(job) {
            Next::Send(request) => {
                if let Some(flight) = self.jobs.get_mut(id) {
                    flight.sent = true;
                    flight.job.attempts = flight.job.attempts.saturating_add(1);
                }
                turn.effect(Effect::Send {
                    job: Some(id),
                    backend,
                    request,
                });
            }
            Next::Done(outcome) => self.done(turn, id, outcome),
            Next::Later(refusal) => self.later(turn, id, &refusal),
            Next::Refused(refusal) => self.refused(turn, id, &refusal),
        }
    }

    fn codec(&self, backend: &str) -> Option<&'static dyn PaymentBackend> {
        let setup = self
            .setup
            .backends
            .iter()
            .find(|setup| setup.name == backend)?;
        backend::codec(&setup.kind)
    }

    /// An answer, or the lack of one.
    pub(super) fn answered(
        &mut self,
        turn: &mut Turn,
        job: Option<JobId>,
        backend: &str,
        result: Result<Response, SendError>,
    ) {
        let Some(codec) = self.codec(backend) else {
            return;
        };
        let sign = match &result {
            Ok(response) if !codec.recognizes(response) => Sign::Silent,
            Ok(response) if matches!(response.status, 401 | 403) => Sign::KeyRefused,
            Ok(_) => Sign::Answered,
            Err(_) => Sign::Silent,
        };
        if self.reach.saw(sign, turn.now) && self.reach.is_online() {
            self.jobs.release(turn.now.mono_ms);
        }
        let Some(id) = job else { return };
        match result {
            Ok(response) if codec.recognizes(&response) => self.take_in(turn, id, response),
            Ok(response) => {
                let reason = format!(
                    "the answer (HTTP {}) is not the payment account's: sign in to the network first",
                    response.status
                );
                self.unanswered(turn, id, &SendError::NoAnswer(reason));
            }
            Err(error) => self.unanswered(turn, id, &error),
        }
    }

    fn take_in(&mut self, turn: &mut Turn, id: JobId, response: Response) {
        let Some(flight) = self.jobs.get_mut(id) else {
            return;
        };
        flight.sent = false;
        flight.job.answers.push(response);
        let job = flight.job.clone();
        let Some(codec) = self.codec(&job.backend) else {
            return;
        };
        match codec.next(LinkJob {
            action: &job.action,
            answers: &job.answers,
        }) {
            Next::Send(_) => {
                turn.write(Write::Job(job));
                self.send(turn, id);
            }
            Next::Done(outcome) => self.done(turn, id, outcome),
            Next::Later(refusal) => {
                // Not an answer to build on: the same step is asked again.
                if let Some(flight) = self.jobs.get_mut(id) {
                    flight.job.answers.pop();
                }
                self.later(turn, id, &refusal);
            }
            Next::Refused(refusal) => self.refused(turn, id, &refusal),
        }
    }

    fn done(&mut self, turn: &mut Turn, id: JobId, outcome: Outcome) {
        let Some(flight) = self.jobs.remove(id) else {
            return;
        };
        turn.write(Write::JobDone(id));
        let link = flight
            .job
            .link
            .and_then(|link| self.links.link(link))
            .cloned();
        match (outcome, flight.job.action, link) {
            (
                Outcome::Link(remote),
                Action::Create { .. } | Action::CreateProduct { .. },
                Some(link),
            ) => {
                self.made(turn, link, remote, flight.sale);
            }
            (Outcome::Link(_), Action::Update { link: changed, .. }, Some(link)) => {
                let link = Link {
                    amount: changed.amount,
                    description: changed.description,
                    ..link
                };
                turn.journal("link_repriced", link.id, &json!({ "amount": link.amount }));
                turn.write(Write::Link(link.clone()));
                self.links.put(link);
            }
            (Outcome::Withdrawn, Action::Withdraw { .. }, Some(mut link)) => {
                if link.state.may_become(link.purpose, LinkState::Withdrawn) {
                    link.state = LinkState::Withdrawn;
                    turn.write(Write::Link(link.clone()));
                    self.links.put(link);
                }
            }
            // Read back or listed: nothing of ours changes.
            (Outcome::Link(_) | Outcome::Links(_) | Outcome::Withdrawn, _, _) => {}
        }
    }

    fn made(&mut self, turn: &mut Turn, mut link: Link, remote: RemoteState, sale: Option<SaleId>) {
        if let Some(warning) = remote.warning {
            self.last_problem = Some(warning);
        }
        if let Err(problem) = self.check_url(&link.backend, &remote.link.url) {
            self.last_problem = Some(problem.clone());
            link.state = LinkState::Refused;
            self.targets.refused.insert(link.amount);
            turn.journal("link_refused", link.id, &json!({ "reason": problem }));
            turn.write(Write::Link(link.clone()));
            self.links.put(link);
            if let Some(sale) = sale {
                self.fall_back(turn, sale, Notice::BackendRefused { reason: problem });
            }
            return;
        }
        link.state = LinkState::Live;
        link.remote = Some(remote.link);
        // A sale that went another way in the meantime leaves its unseen link to the next one.
        let waits = sale.filter(|sale| {
            let record = self.sales.get(sale);
            record.is_some_and(|record| record.standing().state == SaleState::Open)
        });
        link.sale = waits;
        let id = link.id;
        turn.journal(
            "link_live",
            id,
            &json!({ "amount": link.amount, "purpose": link.purpose }),
        );
        turn.write(Write::Link(link.clone()));
        self.links.put(link);
        if let Some(sale) = waits {
            self.show_link(turn, sale, id);
        }
    }

    /// A code sends a customer's money somewhere: only to hosts that the owner's account may name.
    fn check_url(&self, backend: &str, url: &str) -> Result<(), String> {
        let setup = self
            .setup
            .backends
            .iter()
            .find(|setup| setup.name == backend);
        let Some(setup) = setup else {
            return Err(format!("there is no payment account {backend:?}"));
        };
        check_url(url, &setup.pay_hosts, setup.schemes).map_err(|error| error.to_string())
    }

    fn later(&mut self, turn: &mut Turn, id: JobId, refusal: &Refusal) {
        self.last_problem = Some(refusal.reason.clone());
        self.jobs
            .retry_later(id, turn.now.mono_ms, refusal.retry_after_secs);
        let flight = self.jobs.get_mut(id).map(|flight| {
            flight.job.problem = Some(refusal.reason.clone());
            flight.clone()
        });
        if let Some(flight) = flight {
            turn.write(Write::Job(flight.job));
            if let Some(sale) = flight.sale {
                self.fall_back(
                    turn,
                    sale,
                    Notice::BackendRefused {
                        reason: refusal.reason.clone(),
                    },
                );
            }
        }
    }

    fn refused(&mut self, turn: &mut Turn, id: JobId, refusal: &Refusal) {
        self.last_problem = Some(refusal.reason.clone());
        let Some(flight) = self.jobs.remove(id) else {
            return;
        };
        turn.write(Write::JobDone(id));
        let link = flight
            .job
            .link
            .and_then(|link| self.links.link(link))
            .cloned();
        if let Some(mut link) = link
            && link.state == LinkState::Requested
        {
            if link.purpose == Purpose::Single {
                self.targets.refused.insert(link.amount);
            }
            link.state = LinkState::Refused;
            turn.write(Write::Link(link.clone()));
            self.links.put(link);
        }
        let subject = flight
            .job
            .link
            .map(|link| link.to_string())
            .unwrap_or_default();
        turn.journal(
            "backend_refused",
            subject,
            &json!({ "reason": refusal.reason, "status": refusal.status }),
        );
        if let Some(sale) = flight.sale {
            self.fall_back(
                turn,
                sale,
                Notice::BackendRefused {
                    reason: refusal.reason.clone(),
                },
            );
        }
    }

    /// No answer. What surely did not arrive is simply sent again; what may have arrived leaves a
    /// link behind that nobody has seen.
    fn unanswered(&mut self, turn: &mut Turn, id: JobId, error: &SendError) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let (sale, link) = (flight.sale, flight.job.link);
        let makes = matches!(
            flight.job.action,
            Action::Create { .. } | Action::CreateProduct { .. }
        );
        if makes && !matches!(error, SendError::NotSent(_)) {
            let subject = link.map(|link| link.to_string()).unwrap_or_default();
            turn.journal(
                "possible_stray",
                subject,
                &json!({ "reason": error.to_string() }),
            );
        }
        self.jobs.retry_later(id, turn.now.mono_ms, None);
        if let (Some(sale), false) = (sale, self.reach.is_online()) {
            let total = self.sales.get(&sale).map(|record| record.sale.total);
            if let Some(amount) = total {
                self.fall_back(turn, sale, Notice::OfflineNoCode { amount });
            }
        }
    }
}
