//! What the requests of all codecs have in common.

use serde::Serialize;

use super::{HeaderValue, Method, Refusal, Request, read};

/// The media type of what is sent and wanted.
pub(super) const JSON: &str = "application/json";

impl Request {
    /// A question that needs no key, for instance whether the provider is there.
    pub(super) fn bare(path: &str) -> Self {
        Self {
            method: Method::Get,
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// The same request with a JSON document.
    pub(super) fn with_json(mut self, body: &impl Serialize) -> Result<Self, Refusal> {
        let body = serde_json::to_string(body)
            .map_err(|error| Refusal::of(format!("the request cannot be written: {error}")))?;
        let kind = HeaderValue::Text(JSON.to_owned());
        self.headers.push(("content-type", kind));
        self.body = Some(body);
        Ok(self)
    }
}

/// The header that asks for JSON.
pub(super) fn accept() -> (&'static str, HeaderValue) {
    ("accept", HeaderValue::Text(JSON.to_owned()))
}

/// The path of one link below `links`. Refused where the id would leave its place there.
pub(super) fn one(provider: &str, links: &str, remote_id: &str) -> Result<String, Refusal> {
    if read::is_id(remote_id) {
        Ok(format!("{links}/{remote_id}"))
    } else {
        Err(Refusal::of(format!(
            "the link's id at {provider} is damaged: make a new link instead"
        )))
    }
}
