//! What befalls a request on its way.

use tillcode::proto::backend::{Method, Request};
use tillcode::terminal::SendError;

use super::spoiled::{Mangled, html, json};
use super::{Parcel, Sent};
use crate::tally::Fault;
use crate::world::World;

/// When the client gives up on an answer, in milliseconds (reliability.md 2.9).
const CLIENT_WAITS_MS: u64 = 30_000;

/// The fates of a request.
pub(super) const FATES: [Fault; 13] = [
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
    pub(super) fn goes(
        &mut self,
        sent: Sent,
        request: Request,
        there: u64,
        back: Option<(u64, Mangled)>,
    ) {
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

    pub(super) fn meets(
        &mut self,
        fate: Fault,
        sent: Sent,
        request: Request,
        there: u64,
        back: u64,
    ) {
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
}
