//! Floor 3: simulated providers, one strict server for each kind.
//!
//! A provider is a pure function of its state, a request, the time and a seeded source of ids. The
//! demo and the simulation call it directly; [`shell`] serves the same thing over HTTP, with a page
//! on which the payer pays. Nothing here moves money, and every page says so.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::account::Account;
pub use self::answer::{Answer, Delivery};
use self::fault::Faults;
pub use self::request::Request;
use self::request::fingerprint;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;

mod account;
pub mod altapay;
mod answer;
pub mod devdraft;
pub mod fault;
pub mod fourgeeks;
pub mod fourpay;
mod inspect;
mod page;
mod request;
pub mod shell;
#[cfg(test)]
mod tests;

/// A notification that is to be sent by `POST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where to.
    pub url: String,
    /// Names in lower case, the content type among them.
    pub headers: Vec<(String, String)>,
    /// What is posted.
    pub body: String,
    /// What the merchant has to answer.
    pub wants: Acknowledgment,
}

/// What makes a provider stop repeating a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgment {
    /// Status 200.
    Ok,
    /// Status 200 and a JSON body whose `success` is the string `"true"`.
    SuccessTrue,
}

/// A provider's answer to a request, and what else it set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// For whoever asked.
    pub response: Response,
    /// Bytes that go out in place of the response's text: a picture.
    pub file: Option<Vec<u8>>,
    /// For the merchant.
    pub notifications: Vec<Outgoing>,
}

impl Reply {
    fn told(response: Response, notifications: Vec<Outgoing>) -> Self {
        Self {
            response,
            file: None,
            notifications,
        }
    }

    /// A picture of a code.
    fn png(bytes: Vec<u8>) -> Self {
        let kind = ("content-type".to_owned(), "image/png".to_owned());
        let response = Response {
            status: 200,
            headers: vec![kind],
            body: String::new(),
        };
        Self {
            file: Some(bytes),
            ..Self::told(response, Vec::new())
        }
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::told(response, Vec::new())
    }
}

/// How a payer behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pay {
    /// Pays what the page asks for.
    Once,
    /// Types an amount, in the link's smallest unit, where the page lets the payer choose.
    Typed {
        /// At least 1.
        minor: i64,
    },
    /// Pays less than a page asks for that names the amount.
    Less {
        /// In the link's smallest unit: at least 1, below what is asked.
        minor: i64,
    },
    /// Is refused by the bank.
    Fail,
}

/// Why a page takes no payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// No such page.
    #[error("there is no such payment page: check the address")]
    Unknown,
    /// The merchant deleted it.
    #[error("this payment page was switched off: ask for a new code")]
    Gone,
    /// Past its end.
    #[error("this payment page is past its end: ask for a new code")]
    Expired,
    /// The payer has to type one, or must not, or typed nothing.
    #[error("this amount cannot be paid here: check the amount")]
    Amount,
    /// More than a sandbox keeps.
    #[error("this payment page was paid too often for a sandbox: make a new link")]
    Full,
}

/// What a provider sees of the world.
#[derive(Debug)]
pub struct World<'a> {
    /// Scheme, host and port of the payer's pages.
    pub public_url: &'a str,
    /// The time.
    pub now: Timestamp,
    /// Where ids come from.
    pub entropy: &'a mut Entropy,
    /// Whether pictures of a code lead elsewhere, by [`fault::Fault::WrongPicture`].
    pub has_wrong_pictures: bool,
}

impl World<'_> {
    /// The picture of a page's code, with a side of so many pixels.
    fn picture(&self, url: &str, side: u32) -> Vec<u8> {
        let text = if self.has_wrong_pictures {
            fault::ELSEWHERE
        } else {
            url
        };
        page::png(text, side)
    }
}

/// One simulated provider: a state, and what it does with a request.
pub trait Provider {
    /// The word in the configuration: `4pay`.
    fn kind(&self) -> &'static str;
    /// Whether a path is this provider's, and what for.
    fn place(&self, path: &str) -> Option<Place>;
    /// Answers a request to one of its paths.
    fn handle(&mut self, request: &Request, world: &mut World<'_>) -> Reply;
    /// Pays a link, as the button of its page does. [`PayError::Unknown`] for another provider's.
    fn pay(
        &mut self,
        remote_id: &str,
        how: Pay,
        world: &mut World<'_>,
    ) -> Result<Vec<Outgoing>, PayError>;
    /// Puts a link past its end now. [`PayError::Unknown`] for another provider's, and where links
    /// have no end.
    fn expire(&mut self, remote_id: &str, world: &mut World<'_>) -> Result<(), PayError> {
        let _: (&str, &mut World<'_>) = (remote_id, world);
        Err(PayError::Unknown)
    }
    /// All that is held, a JSON list, for tests and curious people.
    fn inspect(&self, public_url: &str, now: Timestamp) -> Value;
}

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The provider's API, and pictures that programs fetch: faults on demand concern them.
    Api,
    /// A payer's page.
    Page,
}

/// All simulated providers.
#[derive(Debug)]
pub struct Sandbox {
    public_url: String,
    entropy: Entropy,
    /// Grows whenever `state` may have changed, so that it is stored only then.
    pub revision: u64,
    /// What goes wrong on demand.
    faults: Faults,
    /// All that outlives a restart.
    pub state: State,
}

/// All that outlives a restart. One row for each provider.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// 4pay's.
    pub fourpay: fourpay::State,
    /// 4Geeks'.
    pub fourgeeks: fourgeeks::State,
    /// Devdraft's.
    pub devdraft: devdraft::State,
    /// `AltaPay`'s.
    pub altapay: altapay::State,
}

impl State {
    /// One row for each provider.
    fn providers(&mut self) -> [&mut dyn Provider; 4] {
        [
            &mut self.fourpay,
            &mut self.fourgeeks,
            // Before Devdraft, whose pages may have any address below /checkout/.
            &mut self.altapay,
            &mut self.devdraft,
        ]
    }

    fn kinds(&mut self) -> Vec<&'static str> {
        let kinds = self.providers().map(|provider| provider.kind());
        kinds.to_vec()
    }
}

impl Sandbox {
    /// An empty sandbox whose pages are at `public_url` (scheme, host and port).
    pub fn new(public_url: &str, seed: [u8; 32]) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            entropy: Entropy::new(seed),
            revision: 0,
            faults: Faults::default(),
            state: State::default(),
        }
    }

    /// What goes wrong from now on, in place of what did: a JSON list of [`fault::Rule`]. Refused
    /// with a sentence where a rule can never fire.
    pub fn set_faults(&mut self, rules: &str) -> Result<(), String> {
        self.faults = Faults::read(rules, &self.state.kinds())?;
        Ok(())
    }

    /// Answers one request: a provider's API, a payer's page or the inspection under `/sandbox`.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Answer {
        let mut answer = match request.path.strip_prefix("/sandbox/") {
            Some(rest) => Reply::from(self.inspect(request, rest, now)).into(),
            None => self.answer(request, now),
        };
        answer.date_unless_dated(now);
        answer
    }

    fn answer(&mut self, request: &Request, now: Timestamp) -> Answer {
        let mut world = World {
            public_url: &self.public_url,
            now,
            entropy: &mut self.entropy,
            has_wrong_pictures: false,
        };
        for provider in self.state.providers() {
            let Some(place) = provider.place(&request.path) else {
                continue;
            };
            let fault = match place {
                Place::Page => None,
                Place::Api => self.faults.draw(provider.kind(), request, world.entropy),
            };
            if let Some(instead) = fault.and_then(fault::Fault::instead) {
                return instead;
            }
            // A page may note that it was opened.
            if request.method != "GET" || place == Place::Page {
                self.revision = self.revision.saturating_add(1);
            }
            world.has_wrong_pictures = fault == Some(fault::Fault::WrongPicture);
            let reply = provider.handle(request, &mut world);
            return match fault {
                None => reply.into(),
                Some(fault) => fault.spoil(reply, now),
            };
        }
        Reply::from(json_response(404, &json!({ "error": "not found" }))).into()
    }

    /// Pays a link of any provider, as the button of its page does.
    pub fn pay(
        &mut self,
        remote_id: &str,
        how: Pay,
        now: Timestamp,
    ) -> Result<Vec<Outgoing>, PayError> {
        self.first_that_knows(now, |provider, world| provider.pay(remote_id, how, world))
    }

    /// Puts a link of any provider past its end, where that provider's links have one.
    pub fn expire(&mut self, remote_id: &str, now: Timestamp) -> Result<(), PayError> {
        self.first_that_knows(now, |provider, world| provider.expire(remote_id, world))
    }

    fn first_that_knows<T>(
        &mut self,
        now: Timestamp,
        mut act: impl FnMut(&mut dyn Provider, &mut World<'_>) -> Result<T, PayError>,
    ) -> Result<T, PayError> {
        self.revision = self.revision.saturating_add(1);
        let mut world = World {
            public_url: &self.public_url,
            now,
            entropy: &mut self.entropy,
            has_wrong_pictures: false,
        };
        for provider in self.state.providers() {
            match act(provider, &mut world) {
                Err(PayError::Unknown) => {}
                done => return done,
            }
        }
        Err(PayError::Unknown)
    }
}

fn json_response(status: u16, body: &impl Serialize) -> Response {
    // A value of this module always has a JSON form.
    let body = serde_json::to_string(body).unwrap_or_default();
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
    }
}
