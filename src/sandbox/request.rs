//! What is asked of a provider: as it arrives over the wire, or as a codec would send it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::Account;
use crate::domain::id::hex;
use crate::proto::backend;

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

    /// Whether the body is said to be JSON.
    pub(super) fn is_json(&self) -> bool {
        let kind = self.header("content-type").unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        kind.eq_ignore_ascii_case("application/json")
    }
}

/// What stands for a key or a password: they are not kept, not even in a sandbox.
pub(super) fn fingerprint(secret: &str) -> String {
    let mut digest = hex(&Sha256::digest(secret.as_bytes()));
    digest.truncate(16);
    digest
}
