//! What goes to a backend and what comes back: an answer, or silence.
//!
//! The intent is on disk before a request is sent, the answer before a code is shown.

use serde_json::json;

use super::links::FRESH_MARGIN_MS;
use super::notice::Notice;
use super::reach::Sign;
use super::step::{Effect, Job, Question, Write};
use super::turn::Turn;
use super::{SendError, Terminal};
use crate::domain::id::JobId;
use crate::domain::link::LinkState;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::proto::backend::account::pause_secs;
use crate::proto::backend::{AccountView, Action, LinkJob, Next, Refusal, Response};

/// Statuses that say: the account is known no more. Nobody's work is lost by them; it waits until the
/// key is right again.
const KEY_REFUSED: [u16; 2] = [401, 403];

impl Terminal {
    /// Sends what a job needs next, or takes in that it needs nothing more.
    pub(super) fn send(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let backend = flight.job.backend.clone();
        if self.is_overdue(turn, id) {
            return self.drop_overdue(turn, id);
        }
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let Some(next) = self.next_of(turn, &flight.job) else {
            return;
        };
        match next {
            Next::Send(request) => {
                let question = Question {
                    job: id,
                    step: flight.job.answers.len(),
                };
                self.jobs.took_off(id);
                if let Some(account) = self.accounts.get_mut(&backend) {
                    account.pace.sent(turn.now.mono_ms);
                }
                self.note_sending(turn, id);
                turn.effect(Effect::Send {
                    question: Some(question),
                    backend,
                    request,
                });
            }
            Next::Done(outcome) => self.done(turn, id, outcome),
            Next::Later(refusal) => self.later(turn, id, &refusal),
            Next::Refused(refusal) => self.refused(turn, id, refusal),
        }
    }

    /// Whether a link was decided so long ago that it would be past its end: a provider makes no such
    /// link, however often it is asked.
    fn is_overdue(&self, turn: &Turn, id: JobId) -> bool {
        let job = self.jobs.get(id).map(|flight| &flight.job);
        let Some(Action::Create { link, .. }) = job.map(|job| &job.action) else {
            return false;
        };
        !link.is_custom && !link.is_fresh(turn.now.best(), FRESH_MARGIN_MS)
    }

    /// Such a link is given up, and another one is wanted in its place, or asked for by the cashier.
    fn drop_overdue(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.remove(id) else {
            return;
        };
        turn.write(Write::JobDone(id));
        let link = flight.job.link.and_then(|link| self.links.link(link));
        if let Some(mut link) = link.cloned() {
            link.state = LinkState::Expired;
            turn.journal("link_overdue", link.id, &json!({ "amount": link.amount }));
            turn.write(Write::Link(link.clone()));
            self.links.put(link);
        }
        if let Some(sale) = flight.sale {
            self.fall_back(turn, sale, Notice::CodeEnded);
        }
    }

    /// On disk before the request goes out: a provider's key for repeating it has an end.
    fn note_sending(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.get_mut(id) else {
            return;
        };
        flight.job.attempts = flight.job.attempts.saturating_add(1);
        if flight.job.first_sent.is_none() {
            flight.job.first_sent = Some(turn.now.best());
            let job = flight.job.clone();
            Self::keep(turn, job);
        }
    }

    /// What a job's codec makes of the answers that it has.
    fn next_of(&self, turn: &Turn, job: &Job) -> Option<Next> {
        let account = self.accounts.get(&job.backend)?;
        Some(account.codec.next(LinkJob {
            action: &job.action,
            answers: &job.answers,
            account: AccountView {
                shop: &self.shop.name,
                options: &account.setup.options,
            },
            first_sent: job.first_sent,
            now: turn.now.best(),
        }))
    }

    /// An answer, or the lack of one.
    pub(super) fn answered(
        &mut self,
        turn: &mut Turn,
        question: Option<Question>,
        backend: &str,
        result: Result<Response, SendError>,
    ) {
        let Some(account) = self.accounts.get_mut(backend) else {
            return;
        };
        // A network's login page answers for everybody: it is neither an answer nor a failure of the
        // provider.
        let result = match result {
            #[cfg(planted)]
            Ok(response) if planted::is(Bug::PortalBelieved) && response.status == 200 => {
                Ok(response)
            }
            Ok(response) if !account.codec.recognizes(&response) => {
                Err(SendError::NoAnswer(format!(
                    "the answer (HTTP {}) is not the payment account's: sign in to the network first",
                    response.status
                )))
            }
            other => other,
        };
        let sign = match &result {
            Ok(response) if KEY_REFUSED.contains(&response.status) => Sign::KeyRefused,
            Ok(_) => Sign::Answered,
            Err(_) => Sign::Silent,
        };
        let changed = account.reach.saw(sign, turn.now);
        if let Some(secs) = result
            .as_ref()
            .ok()
            .and_then(|response| pause_secs(response, turn.now.best()))
        {
            account.pace.hold(turn.now.mono_ms, secs);
        }
        if changed && account.reach.is_online() {
            self.jobs.release(backend, turn.now.mono_ms);
            self.watching.release(turn.now.mono_ms);
            self.try_hub_now(turn.now.mono_ms);
        }
        #[cfg(planted)]
        let question = if planted::is(Bug::AnswerMixedUp) {
            question.and(self.jobs.oldest_question().or(question))
        } else {
            question
        };
        if let Some(id) = question.and_then(|question| self.asker(turn, question)) {
            match result {
                #[cfg(planted)]
                Ok(response)
                    if planted::is(Bug::PortalBelieved) && response.body.starts_with('<') =>
                {
                    self.done(turn, id, crate::proto::backend::Outcome::Withdrawn);
                }
                Ok(response) => self.take_in(turn, id, response),
                Err(error) => self.unanswered(turn, id, &error),
            }
        }
        self.end_listings(turn, backend);
    }

    /// The job whose present question this is. A request that was sent again, by this run or by one
    /// before a restart, may be answered when its job is further: that answer is of no use any more,
    /// and if it made a link, nobody will see it.
    fn asker(&self, turn: &mut Turn, question: Question) -> Option<JobId> {
        let job = &self.jobs.get(question.job)?.job;
        if job.answers.len() == question.step {
            return Some(question.job);
        }
        note_stray(turn, job, "an answer to another step");
        None
    }

    fn take_in(&mut self, turn: &mut Turn, id: JobId, response: Response) {
        self.jobs.landed(id);
        let Some(flight) = self.jobs.get_mut(id) else {
            return;
        };
        // It was sent a second time, before the first one's refusal was read: a person decides.
        if flight.job.refusal.is_some() {
            note_stray(turn, &flight.job, "an answer after the refusal");
            return;
        }
        let status = response.status;
        flight.job.answers.push(response);
        let job = flight.job.clone();
        let Some(next) = self.next_of(turn, &job) else {
            return;
        };
        match next {
            Next::Send(_) => {
                Self::keep(turn, job);
                self.send_in_time(turn, id);
            }
            Next::Done(outcome) => self.done(turn, id, outcome),
            Next::Refused(refusal) if !KEY_REFUSED.contains(&status) => {
                self.refused(turn, id, refusal);
            }
            Next::Later(refusal) | Next::Refused(refusal) => {
                // Not an answer to build on: the same step is asked again.
                if let Some(flight) = self.jobs.get_mut(id) {
                    flight.job.answers.pop();
                }
                self.later(turn, id, &refusal);
            }
        }
    }

    /// The next step of a job, at once, or when the provider takes it: it may have asked for a pause
    /// while the step before was under way.
    fn send_in_time(&mut self, turn: &mut Turn, id: JobId) {
        let Some(flight) = self.jobs.get(id) else {
            return;
        };
        let account = self.accounts.get(&flight.job.backend);
        let free_at = account.map(|account| account.pace.free_at(flight.urgency()));
        if free_at.is_some_and(|at| at > turn.now.mono_ms) {
            self.jobs.landed(id);
            return;
        }
        self.send(turn, id);
    }

    /// Not now: what a provider says about itself, or about the key.
    fn later(&mut self, turn: &mut Turn, id: JobId, refusal: &Refusal) {
        let mono_ms = turn.now.mono_ms;
        self.jobs.retry_later(id, mono_ms, &mut self.entropy);
        let Some(flight) = self.jobs.get_mut(id) else {
            return;
        };
        flight.job.problem = Some(refusal.reason.clone());
        let flight = flight.clone();
        if let Some(account) = self.accounts.get_mut(&flight.job.backend) {
            account.last_problem = Some(refusal.reason.clone());
            if let Some(secs) = refusal.retry_after_secs {
                account.pace.hold(mono_ms, secs);
            }
        }
        Self::keep(turn, flight.job);
        if let Some(sale) = flight.sale {
            let reason = refusal.reason.clone();
            self.fall_back(turn, sale, Notice::BackendRefused { reason });
        }
    }

    /// No answer. What surely did not arrive is simply sent again; what may have arrived leaves a
    /// link behind that nobody has seen, so that making it again is harmless.
    fn unanswered(&mut self, turn: &mut Turn, id: JobId, error: &SendError) {
        let Some(flight) = self.jobs.get_mut(id) else {
            return;
        };
        flight.job.problem = Some(error.to_string());
        let sale = flight.sale;
        let backend = flight.job.backend.clone();
        if !matches!(error, SendError::NotSent(_)) {
            note_stray(turn, &flight.job, &error.to_string());
        }
        self.jobs
            .retry_later(id, turn.now.mono_ms, &mut self.entropy);
        if let (Some(sale), false) = (sale, self.accounts.is_online(&backend)) {
            let total = self.sales.get(&sale).map(|record| record.sale.total);
            if let Some(amount) = total {
                self.fall_back(turn, sale, Notice::OfflineNoCode { amount });
            }
        }
    }

    /// Stores a job that must outlive this run.
    pub(super) fn keep(turn: &mut Turn, job: Job) {
        if super::jobs::is_kept(&job.action) {
            turn.write(Write::Job(job));
        }
    }
}

/// A request that makes a link may have made one that the till does not know.
fn note_stray(turn: &mut Turn, job: &Job, reason: &str) {
    let makes = matches!(
        job.action,
        Action::Create { .. } | Action::CreateProduct { .. }
    );
    if makes {
        let subject = job.link.map(|link| link.to_string()).unwrap_or_default();
        turn.journal("possible_stray", subject, &json!({ "reason": reason }));
    }
}
