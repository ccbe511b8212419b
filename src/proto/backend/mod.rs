//! Payment backends as values: a job in, the next request out; an answer in, the outcome out.
//!
//! A backend is one file here, one in `sandbox/` and one row in [`codec`]. Nothing here sends.

use serde::{Deserialize, Serialize};

use crate::domain::link::{Link, RemoteLink};
use crate::domain::money::Currency;
use crate::domain::payment::PaymentStatus;
use crate::domain::time::Timestamp;

pub mod account;
pub mod altapay;
pub mod capabilities;
mod decimal;
pub mod devdraft;
#[cfg(test)]
mod fields;
pub mod fourgeeks;
pub mod fourpay;
pub mod hook;
mod problem;
mod read;
#[cfg(test)]
pub(crate) mod sample;
mod standard_webhooks;
pub mod url;
mod write;

pub use account::{AccessToken, AccountView, Key, OptionField, OptionKind, Pace, Scope, Support};
pub use capabilities::{Capabilities, Learns};
pub use hook::{Acknowledgment, Posted, Verdict};

/// The largest answer that is read, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// What is to be done at a backend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Make the link.
    Create {
        /// What to ask for.
        link: Box<Link>,
        /// Where the provider is to report payments; none without a hub.
        notify_url: Option<String>,
    },
    /// Read the link back.
    Fetch {
        /// The backend's id.
        remote_id: String,
    },
    /// A page of the account's links.
    List {
        /// Where the page begins: zero, then what [`Outcome::Links`] named as the next one.
        from: u64,
    },
    /// What was paid on the link.
    LookUp {
        /// As it was made.
        link: Box<Link>,
    },
    /// Change amount and description of a link.
    Update {
        /// The backend's id.
        remote_id: String,
        /// As it is to be.
        link: Box<Link>,
    },
    /// Have payments on a link that is there already reported to this address.
    Subscribe {
        /// The backend's id.
        remote_id: String,
        /// As it is.
        link: Box<Link>,
        /// Where the provider is to report them.
        notify_url: String,
    },
    /// Switch the link off.
    Withdraw {
        /// The backend's id.
        remote_id: String,
    },
    /// Make a product with a code of its own, for providers that have such.
    CreateProduct {
        /// Name, amount and currency are taken from it.
        link: Box<Link>,
        /// Where the provider is to report payments; none without a hub.
        notify_url: Option<String>,
    },
}

/// A piece of work and the answers it got so far. Its progress is a row, so a crash between two
/// steps repeats only the step whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkJob<'a> {
    /// What is to be done.
    pub action: &'a Action,
    /// Answers in the order in which they came.
    pub answers: &'a [Response],
    /// The account that it is done for.
    pub account: AccountView<'a>,
    /// When its first request went out; none before that. By the server's clock, like `now`.
    pub first_sent: Option<Timestamp>,
    /// The best known date.
    pub now: Timestamp,
}

/// What a job needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this, and come back with the answer.
    Send(Request),
    /// Finished.
    Done(Outcome),
    /// Not now; asking again with the same answers, without the last one, may help.
    Later(Refusal),
    /// Refused for good.
    Refused(Refusal),
}

/// What a finished job brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A link as the backend has it.
    Link(RemoteState),
    /// A page of the account's links.
    Links {
        /// As the provider has them.
        links: Vec<RemoteState>,
        /// Where the next page begins; none after the last one.
        next: Option<u64>,
    },
    /// The link is gone.
    Withdrawn,
    /// All that was reported of the link.
    Payments(Vec<Reported>),
}

/// Whether a link still takes money, as far as the provider says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemoteStanding {
    /// It does.
    Active,
    /// It does not.
    Inactive,
    /// It is past its end.
    Expired,
    /// The provider does not say.
    Unknown,
}

/// A link as the backend describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteState {
    /// Id and address.
    pub link: RemoteLink,
    /// What it asks for in the provider's minor units, where the answer says so; see
    /// [`PaymentBackend::minor_units`].
    pub minor: Option<i64>,
    /// Whether it still takes money.
    pub standing: RemoteStanding,
    /// A difference that a person should look at, in one sentence.
    pub warning: Option<String>,
}

/// Why a backend did not do it, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// One sentence with place, reason and remedy.
    pub reason: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The provider's own word for the reason.
    pub code: Option<String>,
    /// The provider's own name for the request, to quote to its support.
    pub request_id: Option<String>,
    /// Seconds after which the provider wants to be asked again.
    pub retry_after_secs: Option<u32>,
}

impl Refusal {
    /// A refusal without an answer.
    pub fn of(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            status: None,
            code: None,
            request_id: None,
            retry_after_secs: None,
        }
    }
}

/// An HTTP method that backends use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Make.
    Post,
    /// Change.
    Put,
    /// Remove.
    Delete,
}

/// A header's value: a text, or the name of a secret that only `io` knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// As it stands.
    Text(String),
    /// The account's key of this name in the configuration, for instance `api_key`.
    Credential(&'static str),
    /// The same, but the header is left out where the account has no such key, for instance
    /// `organization_id`.
    OptionalCredential(&'static str),
    /// HTTP Basic (RFC 7617) from two keys of the account.
    Basic {
        /// The key that is the user's name.
        user: &'static str,
        /// The key that is the password.
        password: &'static str,
    },
    /// `Bearer` and a short-lived token, which only `io` holds; see [`PaymentBackend::sign_in`].
    Bearer,
}

/// A request to be sent to the account's `base_url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What to do.
    pub method: Method,
    /// Path and query, beginning with a slash.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, HeaderValue)>,
    /// A JSON document, or nothing.
    pub body: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case; those that say something about the request, not cookies.
    pub headers: Vec<(String, String)>,
    /// At most [`BODY_BYTES_MAX`] bytes, read as UTF-8.
    pub body: String,
}

impl Response {
    /// The first header of a lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What a notification says of one payment, in the provider's own ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The provider's id of the link, where it names one.
    pub remote_link: Option<String>,
    /// The provider's id of the payment.
    pub payment: String,
    /// What became of it.
    pub status: PaymentStatus,
    /// What the link asked for and the payer gave, without the provider's fee, in the provider's
    /// minor units; see [`PaymentBackend::minor_units`].
    pub minor: i64,
    /// The currency, where the provider names it; else the one that was minted counts.
    pub currency: Option<Currency>,
    /// What the account is credited after fees, where the provider says so.
    pub net_minor: Option<i64>,
    /// What the payer was charged with fees, where the provider says so.
    pub gross_minor: Option<i64>,
    /// Why it failed, in the provider's words; empty where it did not.
    pub error: String,
}

/// A provider's side of the contract. Implementations are stateless and pure.
pub trait PaymentBackend: Send + Sync + std::fmt::Debug {
    /// The word in the configuration: `4pay`.
    fn kind(&self) -> &'static str;
    /// What its document allows.
    fn capabilities(&self) -> Capabilities;
    /// Hosts that its document lets a code point to, besides that of `base_url`.
    fn pay_hosts(&self) -> &'static [&'static str];
    /// Where its API is unless the configuration says otherwise: scheme and host.
    fn usual_address(&self) -> Option<&'static str>;
    /// The keys that an account has.
    fn keys(&self) -> &'static [Key];
    /// What can be set besides.
    fn options(&self) -> &'static [OptionField];
    /// Whom to turn to.
    fn support(&self) -> Support;
    /// How many requests it takes; none where its document names no number.
    fn pace(&self) -> Option<Pace> {
        None
    }
    /// The request that brings a short-lived token, for providers that want one.
    fn sign_in(&self) -> Option<Request> {
        None
    }
    /// Reads the answer to [`PaymentBackend::sign_in`].
    fn read_token(&self, response: &Response) -> Result<AccessToken, Refusal> {
        let status = Some(response.status);
        Err(Refusal {
            status,
            ..Refusal::of("this provider gives out no tokens")
        })
    }
    /// Where the provider's own picture of a link's code is, as its document says; none where there is
    /// no such address.
    fn picture(&self, link: &RemoteLink) -> Option<String> {
        let _: &RemoteLink = link;
        None
    }
    /// A cheap request whose answer shows that the provider is there.
    fn probe(&self) -> Request;
    /// Whether an answer to any request came from the provider, and not from a captive portal.
    fn recognizes(&self, response: &Response) -> bool {
        !(300..400).contains(&response.status) && read::is_json_or_empty(response)
    }
    /// Reads a webhook body. Refused where it cannot be understood; it is kept all the same.
    fn read_notification(&self, body: &str) -> Result<Reported, Refusal>;
    /// Whether an endpoint's secret can be one: whoever mistypes it would take nothing any more.
    fn check_secret(&self, secret: &str) -> Result<(), Refusal> {
        standard_webhooks::check_secret(secret)
    }
    /// What the signature of a notification proves, with any of the endpoint's secrets. Where no
    /// document says how a provider signs, its owner may know that it keeps to Standard Webhooks.
    fn verify(&self, posted: &Posted<'_>, secrets: &[String]) -> Verdict {
        standard_webhooks::verify(posted, secrets)
    }
    /// What the provider wants to hear once a notification is on disk.
    fn acknowledgment(&self) -> Acknowledgment {
        hook::OK
    }
    /// The provider's minor units as those of [`Currency::exponent`]; `None` where that cannot be.
    /// They differ where a provider counts a currency in another unit: 4pay has no cents of IDR.
    fn minor_units(&self, wire: i64, currency: Currency) -> Option<i64> {
        let _: Currency = currency;
        Some(wire)
    }
    /// What the job needs next. Called again with one more answer after each request.
    fn next(&self, job: LinkJob<'_>) -> Next;
}

/// All codecs. One row for each provider.
pub const CODECS: &[&dyn PaymentBackend] = &[
    &fourpay::FourPay,
    &fourgeeks::FourGeeks,
    &devdraft::Devdraft,
    &altapay::AltaPay,
];

/// The codec of a `kind`.
pub fn codec(kind: &str) -> Option<&'static dyn PaymentBackend> {
    CODECS
        .iter()
        .copied()
        .find(|backend| backend.kind() == kind)
}

/// The option of this name that a product or a link may have at any provider.
pub fn link_option(name: &str) -> Option<&'static OptionField> {
    let fields = CODECS.iter().flat_map(|codec| codec.options());
    fields
        .filter(|field| field.scope == Scope::Link)
        .find(|field| field.name == name)
}
