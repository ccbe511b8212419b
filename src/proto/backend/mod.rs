//! Payment backends as values: a job in, the next request out; an answer in, the outcome out.
//!
//! A backend is one file here, one in `sandbox/` and one row in [`codec`]. Nothing here sends.

use serde::{Deserialize, Serialize};

use crate::domain::link::{Link, RemoteLink};
use crate::domain::money::Currency;
use crate::domain::payment::PaymentStatus;

pub mod fourpay;
mod read;
pub mod url;

/// The largest answer that is read, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// What a provider's document allows; screens and checks say it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other, asked for one by one"
)]
pub struct Capabilities {
    /// A link can be given an end.
    pub expiry: bool,
    /// A link can be switched off.
    pub withdraw: bool,
    /// A link's amount can be changed, so that a sticker survives a new price.
    pub update: bool,
    /// The provider tells when a link was paid.
    pub notification: bool,
    /// The payer can type the amount.
    pub open_amount: bool,
    /// A link may hang on a wall without an end.
    pub permanent: bool,
}

impl Capabilities {
    /// One sentence for each fact, in the order of the fields, for `check` and the accounts screen.
    pub const fn in_words(self) -> [&'static str; 6] {
        const fn pick(holds: &[&'static str; 2], fact: bool) -> &'static str {
            let [yes, no] = holds;
            if fact { yes } else { no }
        }
        [
            pick(
                &["codes can be given an end", "codes never end by themselves"],
                self.expiry,
            ),
            pick(
                &["codes can be switched off", "codes cannot be switched off"],
                self.withdraw,
            ),
            pick(
                &[
                    "a sticker survives a new price",
                    "a new price needs a new sticker",
                ],
                self.update,
            ),
            pick(
                &[
                    "payments are reported by themselves",
                    "payments are not reported: compare with the provider's console",
                ],
                self.notification,
            ),
            pick(
                &[
                    "the payer can type the amount",
                    "the payer cannot type the amount",
                ],
                self.open_amount,
            ),
            pick(
                &[
                    "stickers stay valid",
                    "there are no stickers, only codes for one sale",
                ],
                self.permanent,
            ),
        ]
    }
}

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
    /// All links of the account.
    List,
    /// Change amount and description of a link.
    Update {
        /// The backend's id.
        remote_id: String,
        /// As it is to be.
        link: Box<Link>,
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
    /// All links of the account.
    Links(Vec<RemoteState>),
    /// The link is gone.
    Withdrawn,
}

/// A link as the backend describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteState {
    /// Id and address.
    pub link: RemoteLink,
    /// What it asks for in the provider's minor units, where the answer says so; see
    /// [`PaymentBackend::minor_units`].
    pub minor: Option<i64>,
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
    /// The provider's own name for the request, to quote to its support.
    pub request_id: Option<String>,
    /// Seconds after which the provider wants to be asked again.
    pub retry_after_secs: Option<u32>,
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
    /// A cheap request whose answer shows that the provider is there.
    fn probe(&self) -> Request;
    /// Whether an answer to any request came from the provider, and not from a captive portal.
    fn recognizes(&self, response: &Response) -> bool;
    /// Reads a webhook body. Refused where it cannot be understood; it is kept all the same.
    fn read_notification(&self, body: &str) -> Result<Reported, Refusal>;
    /// The provider's minor units as those of [`Currency::exponent`]; `None` where that cannot be.
    /// They differ where a provider counts a currency in another unit: 4pay has no cents of IDR.
    fn minor_units(&self, wire: i64, currency: Currency) -> Option<i64> {
        let _: Currency = currency;
        Some(wire)
    }
    /// What the job needs next. Called again with one more answer after each request.
    fn next(&self, job: LinkJob<'_>) -> Next;
}

/// The codec of a `kind`. One row for each provider.
pub fn codec(kind: &str) -> Option<&'static dyn PaymentBackend> {
    const ALL: &[&dyn PaymentBackend] = &[&fourpay::FourPay];
    ALL.iter().copied().find(|backend| backend.kind() == kind)
}
