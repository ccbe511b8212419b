//! What goes to a backend and what comes back: an answer, a refusal, or silence.
//!
//! The intent is on disk before a request is sent, the answer before a code is shown. A create whose
//! answer was lost is made again: nobody saw the first link, so it is harmless, and the journal names
//! it as a possible stray.

use serde_json::json;

use super::notice::Notice;
use super::reach::Sign;
use super::step::{Effect, Job, Write};
use super::turn::Turn;
use super::{SendError, Terminal};
use crate::domain::id::{JobId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose};
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::SaleState;
use crate::proto::backend::url::check_url;
use crate::proto::backend::{
    self, AccountView, Action, LinkJob, Next, Outcome, PaymentBackend, Refusal, RemoteState,
    Response,
};

impl Terminal {
    /// Sends what a job needs next, or takes in that it needs nothing more.
    pub(super) fn send(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let backend = flight.job.backend.clone();
        let Some(next) = self.next_of(turn, &flight.job) else {
            return;
        };
        match next {
            Next::Send(request) => {
                if let Some(flight) = self.jobs.get_mut(id) {
                    flight.sent = true;
                    flight.job.attempts = flight.job.attempts.saturating_add(1);
                    if flight.job.first_sent.is_none() {
                        // On disk before the request goes out: its key has an end.
                        flight.job.first_sent = Some(turn.now.best());
                        turn.write(Write::Job(flight.job.clone()));
                    }
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

    /// What a job's codec makes of the answers that it has.
    fn next_of(&self, turn: &Turn, job: &Job) -> Option<Next> {
        let mut setups = self.setup.backends.iter();
        let setup = setups.find(|setup| setup.name == job.backend)?;
        let codec = backend::codec(&setup.kind)?;
        Some(codec.next(LinkJob {
            action: &job.action,
            answers: &job.answers,
            account: AccountView {
                shop: &self.shop.name,
                options: &setup.options,
            },
            first_sent: job.first_sent,
            now: turn.now.best(),
        }))
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
        #[cfg(planted)]
        let id = if planted::is(Bug::AnswerMixedUp) {
            self.jobs.oldest_sent().unwrap_or(id)
        } else {
            id
        };
        match result {
            #[cfg(planted)]
            Ok(response) if planted::is(Bug::PortalBelieved) && !codec.recognizes(&response) => {
                self.done(turn, id, Outcome::Withdrawn);
            }
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
        let Some(next) = self.next_of(turn, &job) else {
            return;
        };
        match next {
            Next::Send(_) => {
                turn.write(Write::Job(job));
                self.send(turn, id);
            }
            Next::Done(outcome) => self.done(turn, id, outcome),
            Next::Later(refusal) => self.ask_again(turn, id, &refusal),
            // The key is at fault, not the work: it waits until the owner has mended the key, or a
            // cancelled sale's link would take money for ever.
            Next::Refused(refusal) if matches!(refusal.status, Some(401 | 403)) => {
                self.ask_again(turn, id, &refusal);
            }
            Next::Refused(refusal) => self.refused(turn, id, &refusal),
        }
    }

    /// Not an answer to build on: the same step is asked again later.
    fn ask_again(&mut self, turn: &mut Turn, id: JobId, refusal: &Refusal) {
        if let Some(flight) = self.jobs.get_mut(id) {
            flight.job.answers.pop();
        }
        self.later(turn, id, refusal);
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
                self.price_was_sent(&link, link.amount);
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
            (
                Outcome::Link(_)
                | Outcome::Links { .. }
                | Outcome::Withdrawn
                | Outcome::Payments(_),
                _,
                _,
            ) => {}
        }
    }

    fn made(&mut self, turn: &mut Turn, mut link: Link, remote: RemoteState, sale: Option<SaleId>) {
        if let Some(warning) = remote.warning {
            self.last_problem = Some(warning);
        }
        if let Err(problem) = self.check_url(&link.backend, &remote.link.url) {
            self.last_problem = Some(problem.clone());
            link.state = LinkState::Refused;
            self.targets.give_up(link.amount);
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
                self.targets.give_up(link.amount);
            }
            link.state = LinkState::Refused;
            turn.write(Write::Link(link.clone()));
            self.links.put(link);
        }
        if let Action::Update { link: sent, .. } = &flight.job.action {
            self.price_was_sent(sent, sent.amount);
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
