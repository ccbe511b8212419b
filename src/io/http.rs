//! Sends a backend's requests and brings back what came, nothing more.
//!
//! It knows each account's address and keys; it does not retry, follow redirects, keep cookies or
//! understand an answer. The one exception: an account that wants a short-lived token is
//! signed in to, and again once when a token is refused. Every request ends within
//! [`Timeouts::total`]; with signing in that is at most four of them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{CONTENT_LENGTH, HeaderValue as WireValue};

use super::secret::Secret;
use crate::domain::time::Timestamp;
use crate::proto::backend::url::{Schemes, host_of};
use crate::proto::backend::{BODY_BYTES_MAX, HeaderValue, Method, Request, Response};
use crate::terminal::SendError;

mod clients;
mod receive;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use clients::client;
pub(super) use clients::download_client;
use receive::deepest;
pub(super) use receive::{classify, receive};
use token::TokenKeeper;

/// A payment account, as far as sending goes.
#[derive(Clone, Debug)]
pub struct AccountAccess {
    /// The backend's name in the configuration.
    pub backend: String,
    /// Its kind, whose codec knows how to sign in.
    pub kind: String,
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
    tokens: TokenKeeper,
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
            let account = Account {
                access,
                client,
                tokens: TokenKeeper::default(),
            };
            if known.insert(name.clone(), account).is_some() {
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
        if token::is_wanted(request) {
            account.send_with_token(request).await
        } else {
            account.exchange(request, None).await
        }
    }
}

impl Account {
    /// Sends a request as it is and reads its answer.
    async fn exchange(
        &self,
        request: &Request,
        token: Option<&Secret>,
    ) -> Result<Received, SendError> {
        let built = self.build(request, token)?;
        let base_url = &self.access.base_url;
        let answer = self.client.execute(built).await;
        let answer = answer.map_err(|error| classify(base_url, &error))?;
        receive(base_url, answer, BODY_BYTES_MAX).await
    }

    fn build(
        &self,
        request: &Request,
        token: Option<&Secret>,
    ) -> Result<reqwest::Request, SendError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let url = format!("{}{}", self.access.base_url, request.path);
        let mut builder = self.client.request(method, url);
        for (name, value) in &request.headers {
            if let Some(value) = self.header(value, token)? {
                builder = builder.header(*name, value);
            }
        }
        match request.body.as_deref() {
            // The client leaves the length of an empty body out, and some gateways then answer 411.
            Some("") => builder = builder.header(CONTENT_LENGTH, 0),
            Some(body) => builder = builder.body(body.to_owned()),
            None => {}
        }
        builder
            .build()
            .map_err(|error| SendError::NotSent(deepest(&error.without_url())))
    }

    /// A header's value with its secret filled in; `None` where it is to be left out.
    fn header(
        &self,
        value: &HeaderValue,
        token: Option<&Secret>,
    ) -> Result<Option<WireValue>, SendError> {
        let secrets = &self.access.secrets;
        let value = match value {
            HeaderValue::Text(text) => {
                return WireValue::from_str(text)
                    .map(Some)
                    .map_err(|error| SendError::NotSent(error.to_string()));
            }
            HeaderValue::Credential(name) => self.wire(name, self.secret(name)?.expose())?,
            HeaderValue::OptionalCredential(name) => match secrets.get(*name) {
                Some(secret) => self.wire(name, secret.expose())?,
                None => return Ok(None),
            },
            HeaderValue::Basic { user, password } => self.basic(user, password)?,
            HeaderValue::Bearer => {
                let token = token.ok_or_else(|| self.not_sent("has no token: sign in again"))?;
                let text = Secret::new(format!("Bearer {}", token.expose()));
                self.wire("the token", text.expose())?
            }
        };
        Ok(Some(value))
    }

    /// RFC 7617: the name ends at the first colon.
    fn basic(&self, user: &str, password: &str) -> Result<WireValue, SendError> {
        let name = self.secret(user)?;
        if name.expose().contains(':') {
            return Err(self.not_sent(&format!("has a colon in {user}: copy it again")));
        }
        let pair = Secret::new([name.expose(), ":", self.secret(password)?.expose()].concat());
        let text = Secret::new(format!("Basic {}", BASE64_STANDARD.encode(pair.expose())));
        self.wire(user, text.expose())
    }

    fn secret(&self, name: &str) -> Result<&Secret, SendError> {
        let secret = self.access.secrets.get(name);
        secret.ok_or_else(|| self.not_sent(&format!("has no {name}: configure it")))
    }

    fn wire(&self, name: &str, text: &str) -> Result<WireValue, SendError> {
        let mut value = WireValue::from_str(text).map_err(|_shows_the_secret| {
            let backend = &self.access.backend;
            SendError::NotSent(format!(
                "{name} of backend {backend} has a character that no key has: copy it again"
            ))
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn not_sent(&self, problem: &str) -> SendError {
        SendError::NotSent(format!("backend {} {problem}", self.access.backend))
    }
}

fn is_scheme_and_host(base_url: &str) -> bool {
    let slashes = base_url.bytes().filter(|byte| *byte == b'/').count();
    slashes == 2 && !base_url.contains(['?', '#']) && host_of(base_url).is_some()
}
