//! Sends a backend's requests and brings back what came, nothing more.
//!
//! It knows each account's address and keys; it does not retry, follow redirects, keep cookies or
//! understand an answer. Every request ends within [`Timeouts::total`].

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue as WireValue;

use super::secret::Secret;
use crate::domain::time::Timestamp;
use crate::proto::backend::url::{Schemes, host_of};
use crate::proto::backend::{BODY_BYTES_MAX, HeaderValue, Method, Request, Response};
use crate::terminal::SendError;

#[cfg(test)]
mod tests;

/// Headers of an answer that are kept; cookies and the rest are nobody's business.
const KEPT_HEADERS: &[&str] = &[
    "content-type",
    "date",
    "retry-after",
    "x-request-id",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
];
/// The longest header value that is kept, in bytes.
const HEADER_BYTES_MAX: usize = 200;

/// A payment account, as far as sending goes.
#[derive(Clone, Debug)]
pub struct AccountAccess {
    /// The backend's name in the configuration.
    pub backend: String,
    /// Scheme and host, for instance `https://4pay.online`.
    pub base_url: String,
    /// Keys by their name in the configuration, for instance `api_key`.
    pub secrets: BTreeMap<String, Secret>,
}

/// How long a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the whole answer is here.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            total: Duration::from_secs(15),
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// An address that is not scheme and host.
    #[error("base_url of {0} must be https:// and a host, without a path")]
    BaseUrl(String),
    /// Two accounts of one name.
    #[error("there are two backends named {0}: rename one")]
    Twice(String),
    /// Usually no root certificates.
    #[error("encrypted connections cannot be set up ({0}): install the package ca-certificates")]
    Tls(String),
}

/// An answer and the server's time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What came back.
    pub response: Response,
    /// The `Date` header: whole seconds, the server's clock.
    pub server_date: Option<Timestamp>,
}

/// Sends requests for any number of accounts. Clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpClient {
    accounts: Arc<BTreeMap<String, Account>>,
}

#[derive(Debug)]
struct Account {
    access: AccountAccess,
    client: reqwest::Client,
}

impl HttpClient {
    /// A client for these accounts. Opens no connection.
    pub fn new(accounts: Vec<AccountAccess>, timeouts: Timeouts) -> Result<Self, HttpError> {
        let mut clients: BTreeMap<Schemes, reqwest::Client> = BTreeMap::new();
        let mut known = BTreeMap::new();
        for mut access in accounts {
            let bare = access.base_url.trim_end_matches('/').len();
            access.base_url.truncate(bare);
            if !is_scheme_and_host(&access.base_url) {
                return Err(HttpError::BaseUrl(access.backend));
            }
            let schemes = Schemes::of_base(&access.base_url);
            let client = match clients.entry(schemes) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(place) => place.insert(client(schemes, timeouts)?).clone(),
            };
            let name = access.backend.clone();
            let earlier = known.insert(name.clone(), Account { access, client });
            if earlier.is_some() {
                return Err(HttpError::Twice(name));
            }
        }
        Ok(Self {
            accounts: Arc::new(known),
        })
    }

    /// Sends one request to the account of this name.
    pub async fn send(&self, backend: &str, request: &Request) -> Result<Received, SendError> {
        let account = self
            .accounts
            .get(backend)
            .ok_or_else(|| SendError::NotSent(format!("no backend is named {backend}")))?;
        let built = account.build(request)?;
        let answer = account
            .client
            .execute(built)
            .await
            .map_err(|error| classify(&account.access.base_url, &error))?;
        receive(&account.access.base_url, answer).await
    }
}

impl Account {
    fn build(&self, request: &Request) -> Result<reqwest::Request, SendError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let url = format!("{}{}", self.access.base_url, request.path);
        let mut builder = self.client.request(method, url);
        for (name, value) in &request.headers {
            if let Some(value) = self.header(value)? {
                builder = builder.header(*name, value);
            }
        }
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        builder
            .build()
            .map_err(|error| SendError::NotSent(deepest(&error.without_url())))
    }

    /// A header's value with its secret filled in; `None` where it is to be left out.
    fn header(&self, value: &HeaderValue) -> Result<Option<WireValue>, SendError> {
        let backend = &self.access.backend;
        let (name, secret) = match value {
            HeaderValue::Text(text) => {
                return WireValue::from_str(text)
                    .map(Some)
                    .map_err(|error| SendError::NotSent(error.to_string()));
            }
            HeaderValue::Credential(name) => {
                let secret = self.access.secrets.get(*name).ok_or_else(|| {
                    SendError::NotSent(format!("backend {backend} has no {name}: configure it"))
                })?;
                (name, secret)
            }
            HeaderValue::Basic { .. } | HeaderValue::Bearer => {
                return Err(SendError::NotSent("signing in is not built yet".to_owned()));
            }
            HeaderValue::OptionalCredential(name) => match self.access.secrets.get(*name) {
                Some(secret) => (name, secret),
                None => return Ok(None),
            },
        };
        let mut value = WireValue::from_str(secret.expose()).map_err(|_shows_the_secret| {
            SendError::NotSent(format!(
                "{name} of backend {backend} has a character that no key has: copy it again"
            ))
        })?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

fn is_scheme_and_host(base_url: &str) -> bool {
    let slashes = base_url.bytes().filter(|byte| *byte == b'/').count();
    slashes == 2 && !base_url.contains(['?', '#']) && host_of(base_url).is_some()
}

/// A client for public files: follows a few redirects, takes http too, sends no credentials.
pub(super) fn download_client(
    timeouts: Timeouts,
    redirects_max: usize,
) -> Result<reqwest::Client, HttpError> {
    // Fails only where a provider is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .user_agent(concat!("tillcode/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(reqwest::redirect::Policy::limited(redirects_max))
        .referer(false)
        .build()
        .map_err(|error| HttpError::Tls(deepest(&error)))
}

/// A client that follows no redirect and keeps no cookie. Also for the sandbox's notifications.
pub(crate) fn client(schemes: Schemes, timeouts: Timeouts) -> Result<reqwest::Client, HttpError> {
    let builder = reqwest::Client::builder()
        .user_agent(concat!("tillcode/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false);
    let builder = match schemes {
        Schemes::Https => {
            // Fails only where a provider is installed already, which is as good.
            drop(rustls::crypto::ring::default_provider().install_default());
            builder.https_only(true)
        }
        // A simulator or a server in the same room: no proxy, and no root certificates needed.
        Schemes::HttpToo => builder
            .no_proxy()
            .tls_backend_preconfigured(trusting_nobody()?),
    };
    builder
        .build()
        .map_err(|error| HttpError::Tls(deepest(&error)))
}

/// TLS without a single root: an `http` account never needs one.
fn trusting_nobody() -> Result<rustls::ClientConfig, HttpError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::Tls(error.to_string()))?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}

async fn receive(base_url: &str, mut answer: reqwest::Response) -> Result<Received, SendError> {
    let too_large = || SendError::Unreadable(format!("it has more than {BODY_BYTES_MAX} bytes"));
    let status = answer.status().as_u16();
    let headers = kept(answer.headers());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| classify(base_url, &error))?
    {
        if bytes.len().saturating_add(chunk.len()) > BODY_BYTES_MAX {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    let body = String::from_utf8(bytes)
        .map_err(|error| SendError::Unreadable(format!("it is not UTF-8 ({error})")))?;
    let response = Response {
        status,
        headers,
        body,
    };
    let server_date = response.header("date").and_then(http_date);
    Ok(Received {
        response,
        server_date,
    })
}

fn kept(headers: &reqwest::header::HeaderMap) -> Vec<(String, String)> {
    KEPT_HEADERS
        .iter()
        .filter_map(|name| {
            let value = headers.get(*name)?.to_str().ok()?;
            (value.len() <= HEADER_BYTES_MAX).then(|| ((*name).to_owned(), value.to_owned()))
        })
        .collect()
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|at| Timestamp::from_millis(at.timestamp_millis()))
}

/// What did not get as far as a connection was surely not sent; of the rest nobody knows.
fn classify(base_url: &str, error: &reqwest::Error) -> SendError {
    let host = host_of(base_url).unwrap_or_default();
    let cause = deepest(error);
    if error.is_builder() {
        SendError::NotSent(cause)
    } else if error.is_connect() {
        SendError::NotSent(format!("{host} cannot be reached ({cause})"))
    } else if error.is_timeout() {
        SendError::NoAnswer(format!("{host} took too long"))
    } else {
        SendError::NoAnswer(format!("{host} broke off ({cause})"))
    }
}

/// The innermost cause: the outer ones repeat the address and say "error sending request".
fn deepest(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
