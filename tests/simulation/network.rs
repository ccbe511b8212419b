//! What lies between the till and the provider: requests, answers, notifications, and their fates.

mod account;
mod spoiled;

use std::sync::Arc;

use tillcode::domain::catalog::Catalog;
use tillcode::domain::id::{JobId, LinkId};
use tillcode::proto::backend::{HeaderValue, Method, Request, Response, Verdict};
use tillcode::proto::hub::{Item, LinkAddress};
use tillcode::terminal::{Event, Question, SendError};
use uuid::Uuid;

use self::spoiled::{html, json, mangle};
use super::oracle::{Outcome, Word};
use super::plan::Sloppy;
use super::setup::short;
use super::tally::Fault;
use super::world::World;

/// When the client gives up on an answer, in milliseconds (reliability.md 2.9).
const CLIENT_WAITS_MS: u64 = 30_000;
/// The longest that a provider holds a notification back, in hours.
const NOTICE_LATE_HOURS: u64 = 75;

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
    /// From the provider to the till, by way of the hub.
    Notice(Notice),
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

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mangled {
    Not,
    Cut,
    NoText,
    Hidden,
}

/// A notification.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The account.
    pub backend: String,
    /// The link's own address; none for the account's.
    pub address: Option<LinkAddress>,
    pub body: String,
    /// The payment and what is said of it; none for one that is nobody's.
    pub about: Option<(String, Word)>,
    pub tries: u32,
}

/// The fates of a request.
const FATES: [Fault; 13] = [
    Fault::NotSent,
    Fault::Swallowed,
    Fault::AnswerLost,
    Fault::AnswerLate,
    Fault::WorkedTooLate,
    Fault::Replayed,
    Fault::Portal,
    Fault::BrokenJson,
    Fault::Unreadable,
    Fault::Busy,
    Fault::ServerError,
    Fault::ErrorAfterWork,
    Fault::Rejected,
];

impl World {
    /// The program sends a request.
    pub fn send(
        &mut self,
        question: Option<Question>,
        backend: String,
        request: Request,
    ) -> Outcome {
        let makes = self.provider.access(&backend).kind.makes;
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

    fn goes(&mut self, sent: Sent, request: Request, there: u64, back: Option<(u64, Mangled)>) {
        self.post(
            there,
            Parcel::Request {
                sent,
                request,
                back,
            },
        );
    }

    fn gives_up(&mut self, sent: Sent) {
        let result = Err(SendError::NoAnswer("too late".to_owned()));
        self.post(CLIENT_WAITS_MS, Parcel::Answer { sent, result });
    }

    fn meets(&mut self, fate: Fault, sent: Sent, request: Request, there: u64, back: u64) {
        let wait = there + back;
        match fate {
            Fault::NotSent => {
                let result = Err(SendError::NotSent("refused".to_owned()));
                let pause = self.dice.between(1, 10_000);
                self.post(pause, Parcel::Answer { sent, result });
            }
            Fault::Swallowed => self.gives_up(sent),
            Fault::AnswerLost => {
                self.goes(sent.clone(), request, there, None);
                self.gives_up(sent);
            }
            Fault::AnswerLate => {
                let late = CLIENT_WAITS_MS.saturating_sub(there + 1);
                self.goes(sent, request, there, Some((late, Mangled::Not)));
            }
            // Of two changes of one link the provider does the earlier one first: a till that has no
            // way to read back later could not know otherwise.
            Fault::WorkedTooLate if request.method == Method::Put => self.gives_up(sent),
            Fault::WorkedTooLate => {
                let late = self.dice.between(CLIENT_WAITS_MS + 1, 4 * CLIENT_WAITS_MS);
                self.goes(sent.clone(), request, late, None);
                self.gives_up(sent);
            }
            Fault::Replayed => {
                self.goes(sent.clone(), request.clone(), there, None);
                self.goes(sent, request, there, Some((back, Mangled::Not)));
            }
            Fault::BrokenJson => self.goes(sent, request, there, Some((back, Mangled::Cut))),
            Fault::Unreadable => self.goes(sent, request, there, Some((back, Mangled::NoText))),
            Fault::ErrorAfterWork => {
                self.goes(sent, request, there, Some((back, Mangled::Hidden)));
            }
            Fault::Rejected => {
                let result = Ok(json(422, r#"{"error":"unprocessable"}"#));
                self.post(wait, Parcel::Answer { sent, result });
            }
            Fault::Busy => {
                let secs = self.dice.between(1, 300);
                let mut answer = json(429, r#"{"error":"too many requests"}"#);
                answer
                    .headers
                    .push(("retry-after".to_owned(), secs.to_string()));
                let result = Ok(answer);
                self.post(wait, Parcel::Answer { sent, result });
            }
            Fault::ServerError => {
                let status = if self.dice.chance(500) { 500 } else { 503 };
                let answer = if self.dice.chance(500) {
                    json(status, r#"{"error":"internal"}"#)
                } else {
                    html(status)
                };
                let result = Ok(answer);
                self.post(wait, Parcel::Answer { sent, result });
            }
            _ => {
                let result = Ok(html(200));
                self.post(wait, Parcel::Answer { sent, result });
            }
        }
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
        let codec = self.provider.access(&sent.backend).codec;
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

    fn notified(&mut self, mut notice: Notice) -> Outcome {
        notice.tries += 1;
        let pause = if self.calm {
            10_000
        } else {
            self.dice.between(1_000, 3_600_000)
        };
        if !self.runs() || self.strikes(Fault::NoticeLost) {
            self.post(pause, Parcel::Notice(notice));
            return Ok(());
        }
        self.tell(|| format!("notification {:?}", notice.about));
        if let Some((payment, status)) = &notice.about {
            self.oracle.told(payment, *status);
        }
        let event = Event::Notified(Box::new(self.delivered(&notice)));
        let done = self.handle(event, false)?;
        let acknowledged = done || self.plan.sloppy == Some(Sloppy::AcknowledgesFirst);
        if acknowledged && let Some((payment, status)) = &notice.about {
            self.oracle.acknowledged(payment, *status, &self.disk)?;
        }
        if !acknowledged || (notice.tries < 8 && self.strikes(Fault::NoticeRepeated)) {
            self.post(pause, Parcel::Notice(notice));
        }
        Ok(())
    }

    /// As a hub hands it over.
    fn delivered(&self, notice: &Notice) -> Item {
        let address = notice.address.as_ref();
        Item {
            seq: 0,
            mark: String::new(),
            received_at: self.clock.server(),
            kind: self.provider.access(&notice.backend).kind.word.to_owned(),
            endpoint: Uuid::nil(),
            link: address.map(|address| address.link),
            token: address.map(|address| address.token.hash()),
            verdict: Verdict::Unsigned,
            headers: Vec::new(),
            body: notice.body.clone().into_bytes(),
        }
    }

    /// The provider has something to say, now or much later.
    pub fn notify(&mut self, notice: Notice) {
        let delay = if self.strikes(Fault::NoticeLate) {
            let hours = self.dice.between(1, NOTICE_LATE_HOURS);
            self.dice.between(1_000, hours * 3_600_000)
        } else {
            self.dice.between(1, 5_000)
        };
        self.post(delay, Parcel::Notice(notice));
    }
}
