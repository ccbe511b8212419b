//! Floor 3: simulated providers, one strict server for each kind.
//!
//! A provider is a pure function of its state, a request, the time and a seeded source of ids. The
//! demo and the simulation call it directly; [`shell`] serves the same thing over HTTP, with a page
//! on which the payer pays. Nothing here moves money, and every page says so.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::backend;
use crate::proto::backend::Response;

pub mod fourgeeks;
pub mod devdraft;
mod account;
pub mod altapay;
pub mod fourpay;
mod page;
pub mod shell;
#[cfg(test)]
mod tests;

pub use account::Account;

/// A request as it arrives over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path, without host and query.
    pub path: String,
    /// What follows the question mark; empty without one.
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// As UTF-8.
    pub body: String,
}

impl Request {
    /// What a codec wants to send, as `account` would send it.
    pub fn of(request: &backend::Request, account: &Account) -> Self {
        let method = match request.method {
            backend::Method::Get => "GET",
            backend::Method::Post => "POST",
            backend::Method::Put => "PUT",
            backend::Method::Delete => "DELETE",
        };
        let headers = request.headers.iter().filter_map(|(name, value)| {
            let value = match value {
                backend::HeaderValue::Text(text) => text.clone(),
                backend::HeaderValue::Credential(key) => account.key(key),
                backend::HeaderValue::OptionalCredential(key) => account.keys.get(*key)?.clone(),
                backend::HeaderValue::Basic { user, password } => {
                    let pair = format!("{}:{}", account.key(user), account.key(password));
                    format!("Basic {}", BASE64_STANDARD.encode(pair))
                }
                backend::HeaderValue::Bearer => format!("Bearer {}", account.token.as_deref()?),
            };
            Some(((*name).to_owned(), value))
        });
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.collect(),
            body: request.body.clone().unwrap_or_default(),
        }
    }

    /// The first header of a lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

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

/// The answer to a request, and what else it set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// For whoever asked.
    pub response: Response,
    /// For the merchant.
    pub notifications: Vec<Outgoing>,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self {
            response,
            notifications: Vec::new(),
        }
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

/// What goes wrong on demand, for every request to a provider until it is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// This status with an error body.
    Status(u16),
    /// The login page of a hotel in place of the provider.
    Portal,
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
    /// All that is held, a JSON list, for tests and curious people.
    fn inspect(&self, public_url: &str, now: Timestamp) -> Value;
}

/// What a path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The provider's API: faults on demand concern it.
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
    /// What goes wrong at the moment.
    pub fault: Option<Fault>,
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
        [&mut self.fourpay, &mut self.fourgeeks, &mut self.devdraft, &mut self.altapay]
    }
}

impl Sandbox {
    /// An empty sandbox whose pages are at `public_url` (scheme, host and port).
    pub fn new(public_url: &str, seed: [u8; 32]) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            entropy: Entropy::new(seed),
            revision: 0,
            fault: None,
            state: State::default(),
        }
    }

    /// Answers one request: a provider's API, a payer's page or the inspection under `/sandbox`.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Reply {
        if let Some(rest) = request.path.strip_prefix("/sandbox/") {
            return self.inspect(request, rest, now).into();
        }
        let mut world = World {
            public_url: &self.public_url,
            now,
            entropy: &mut self.entropy,
        };
        for provider in self.state.providers() {
            let Some(place) = provider.place(&request.path) else {
                continue;
            };
            if let (Some(fault), Place::Api) = (self.fault, place) {
                return broken(fault).into();
            }
            // A page may note that it was opened.
            if request.method != "GET" || place == Place::Page {
                self.revision = self.revision.saturating_add(1);
            }
            return provider.handle(request, &mut world);
        }
        json_response(404, &json!({ "error": "not found" })).into()
    }

    /// Pays a link of any provider, as the button of its page does.
    pub fn pay(
        &mut self,
        remote_id: &str,
        how: Pay,
        now: Timestamp,
    ) -> Result<Vec<Outgoing>, PayError> {
        self.revision = self.revision.saturating_add(1);
        let mut world = World {
            public_url: &self.public_url,
            now,
            entropy: &mut self.entropy,
        };
        for provider in self.state.providers() {
            match provider.pay(remote_id, how, &mut world) {
                Err(PayError::Unknown) => {}
                paid => return paid,
            }
        }
        Err(PayError::Unknown)
    }

    /// For tests and curious people, not part of any provider: what is held, and faults on demand.
    fn inspect(&mut self, request: &Request, what: &str, now: Timestamp) -> Response {
        match (request.method.as_str(), what) {
            ("GET", "links") => {
                let mut all = Vec::new();
                for provider in self.state.providers() {
                    if let Value::Array(held) = provider.inspect(&self.public_url, now) {
                        all.extend(held);
                    }
                }
                json_response(200, &all)
            }
            ("PUT", "fault") => match serde_json::from_str(&request.body) {
                Ok(fault) => {
                    self.fault = Some(fault);
                    json_response(200, &json!({ "fault": fault }))
                }
                Err(error) => json_response(422, &json!({ "error": error.to_string() })),
            },
            ("DELETE", "fault") => {
                self.fault = None;
                json_response(200, &json!({ "fault": null }))
            }
            _ => json_response(404, &json!({ "error": "not found" })),
        }
    }
}

fn broken(fault: Fault) -> Response {
    match fault {
        Fault::Status(status) => json_response(status, &json!({ "error": "a fault on demand" })),
        Fault::Portal => page::response(200, page::portal()),
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
