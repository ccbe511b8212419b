//! What lies between the till and the provider: requests, answers, notifications, and their fates.

mod account;
mod fate;
mod line;
mod notice;
mod spoiled;

use std::sync::Arc;

use tillcode::domain::catalog::Catalog;
use tillcode::domain::id::{JobId, LinkId};
use tillcode::proto::backend::{HeaderValue, Method, Request, Response};
use tillcode::terminal::{Actor, Command, Event, Question, SendError};

pub use self::line::{Ask, Call, HubAnswer, Line};
pub use self::notice::Notice;
pub use self::spoiled::Mangled;

use self::fate::FATES;
use self::spoiled::{json, mangle};
use super::oracle::Outcome;
use super::setup::short;
use super::world::World;

/// Something on its way.
#[derive(Debug)]
pub enum Parcel {
    /// To the provider.
    Request {
        sent: Sent,
        request: Request,
        /// How long the answer takes and what becomes of it; none for one that nobody hears.
        back: Option<(u64, Mangled)>,
    },
    /// To the till.
    Answer {
        sent: Sent,
        result: Result<Response, SendError>,
    },
    /// A catalog that was indexed on another thread.
    Indexed { process: u64, catalog: Arc<Catalog> },
    /// From the provider to the hub; to the till itself where there is no hub.
    Notice(Notice),
    /// From the till to the hub.
    ToHub {
        call: Call,
        /// How long the answer takes; none for one that nobody hears.
        back: Option<u64>,
    },
    /// From the hub to the till.
    FromHub { call: Call, answer: HubAnswer },
    /// A question that the hub held open has waited long enough.
    HeldLongEnough { call: Call },
    /// What somebody does a little later.
    Person(Command, Actor),
}

/// Who waits for an answer.
#[derive(Clone, Debug)]
pub struct Sent {
    process: u64,
    question: Option<Question>,
    backend: String,
    /// How often the till had begun anew by then.
    beginning: u64,
    /// Whether a link is to be made, or which one is asked about.
    makes: bool,
    about: Option<LinkId>,
}

impl Sent {
    /// Whose request it is; none for a probe.
    fn job(&self) -> Option<JobId> {
        self.question.map(|question| question.job)
    }
}

impl World {
    /// The program sends a request.
    pub fn send(
        &mut self,
        question: Option<Question>,
        backend: String,
        request: Request,
    ) -> Outcome {
        let makes = self.provider.borrow().access(&backend).kind.makes;
        let about = request.path.split_once("shop_orderid=");
        let about = about.and_then(|(_, rest)| rest.split('&').next());
        let sent = Sent {
            process: self.process,
            question,
            makes: request.method == Method::Post && request.path.ends_with(makes),
            about: about.and_then(|id| id.parse().ok()),
            beginning: self.beginnings,
            backend,
        };
        self.tell(|| {
            let job = sent.job().map_or_else(|| "probe".to_owned(), short);
            format!("  sends {:?} {} for {job}", request.method, request.path)
        });
        self.is_left_alone(&sent)?;
        if self.clock.true_ms < self.no_network_until_ms {
            let result = Err(SendError::NotSent("no network".to_owned()));
            self.post(50, Parcel::Answer { sent, result });
            return Ok(());
        }
        let there = self.dice.between(1, self.plan.latency_ms);
        let back = self.dice.between(1, self.plan.latency_ms);
        if self.refuses_key(&request) {
            let result = Ok(json(401, r#"{"error":"unauthorized"}"#));
            self.post(there + back, Parcel::Answer { sent, result });
            return Ok(());
        }
        let fate = FATES.into_iter().find(|fate| self.strikes(*fate));
        match fate {
            None => self.goes(sent, request, there, Some((back, Mangled::Not))),
            Some(fate) => self.meets(fate, sent, request, there, back),
        }
        Ok(())
    }

    fn refuses_key(&self, request: &Request) -> bool {
        let signed = request
            .headers
            .iter()
            .any(|(_, value)| !matches!(value, HeaderValue::Text(_)));
        signed && self.clock.true_ms < self.key_refused_until_ms
    }

    /// Something reached its end.
    pub fn arrives(&mut self, parcel: Parcel) -> Outcome {
        match parcel {
            Parcel::Request {
                sent,
                request,
                back,
            } => {
                let answer = self.asks(&sent.backend, &request);
                if let Some((delay, mangled)) = back {
                    let result = mangle(answer, mangled);
                    self.post(delay, Parcel::Answer { sent, result });
                }
                Ok(())
            }
            Parcel::Answer { sent, result } => self.answered(sent, result),
            Parcel::Indexed { process, catalog } => {
                if process == self.process {
                    self.handle(Event::Indexed(catalog), false)?;
                }
                Ok(())
            }
            Parcel::Notice(notice) => self.notified(notice),
            Parcel::ToHub { call, back } => {
                self.hub_is_called(call, back);
                Ok(())
            }
            Parcel::FromHub { call, answer } => self.hub_answered(call, answer),
            Parcel::HeldLongEnough { call } => {
                self.hub_lets_go(&call);
                Ok(())
            }
            Parcel::Person(command, actor) => {
                let seen = self.published.as_ref().map(|seen| seen.screen_seq);
                let seen = seen.filter(|_| actor == Actor::Cashier);
                self.command(command, actor, seen)
            }
        }
    }

    fn answered(&mut self, sent: Sent, result: Result<Response, SendError>) -> Outcome {
        if sent.process != self.process {
            return Ok(());
        }
        self.tell(|| {
            let job = sent.job().map_or_else(|| "probe".to_owned(), short);
            match &result {
                Ok(answer) => format!("  answer {} for {job}", answer.status),
                Err(error) => format!("  no answer for {job}: {error}"),
            }
        });
        if result.is_ok() {
            // `runtime::effects` takes the date of every answer, whoever gave it.
            self.clock.heard(self.clock.server());
        }
        let codec = self.provider.borrow().access(&sent.backend).codec;
        let answer = result.as_ref().ok();
        let pause = answer
            .filter(|answer| codec.recognizes(answer))
            .and_then(|answer| {
                let secs: u64 = answer.header("retry-after")?.parse().ok()?;
                sent.job().filter(|job| self.disk.jobs.contains_key(job))?;
                Some(secs * 1_000)
            });
        let made = result
            .as_ref()
            .is_ok_and(|answer| (200..300).contains(&answer.status) && answer.body.ends_with('}'));
        let job = sent.job().filter(|_| made && sent.makes);
        let found = result.as_ref().ok().map(|answer| self.found(&sent, answer));
        let found = found.unwrap_or_default();
        for (payment, word) in &found {
            self.oracle.told(payment, *word);
        }
        let backend = sent.backend.clone();
        let event = Event::Answered {
            question: sent.question,
            backend: sent.backend,
            result,
        };
        let until_ms = self.clock.true_ms + pause.unwrap_or(0);
        if !self.handle(event, false)? {
            return Ok(());
        }
        self.oracle.delivered.extend(job);
        if pause.is_some() {
            let before = self.pauses.get(&backend).copied();
            let (process, before) = before.unwrap_or((0, 0));
            let before = if process == self.process { before } else { 0 };
            self.pauses
                .insert(backend, (self.process, until_ms.max(before)));
        }
        // What an earlier beginning asked for, nobody waits for any more.
        let waits = sent.beginning == self.beginnings;
        for (payment, word) in found.iter().filter(|_| waits) {
            self.tally.state("look-up found a payment");
            self.oracle.acknowledged(payment, *word, &self.disk)?;
        }
        Ok(())
    }
}
