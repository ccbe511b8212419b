//! What came back: bounded, and with nothing kept that is nobody's business.

use std::error::Error;

use super::Received;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::proto::backend::url::host_of;
use crate::terminal::SendError;

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

/// Reads an answer of at most `bytes_max` bytes.
pub(in crate::io) async fn receive(
    base_url: &str,
    mut answer: reqwest::Response,
    bytes_max: usize,
) -> Result<Received, SendError> {
    let too_large = || SendError::Unreadable(format!("it has more than {bytes_max} bytes"));
    let status = answer.status().as_u16();
    let headers = kept(answer.headers());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| classify(base_url, &error))?
    {
        if bytes.len().saturating_add(chunk.len()) > bytes_max {
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
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc2822(text)
        .ok()
        .map(|at| Timestamp::from_millis(at.timestamp_millis()))
}

/// What did not get as far as a connection was surely not sent; of the rest nobody knows.
pub(in crate::io) fn classify(base_url: &str, error: &reqwest::Error) -> SendError {
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
pub(super) fn deepest(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
