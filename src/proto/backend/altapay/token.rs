//! The token that a user and a password are traded for: a JWT (RFC 7519), which is only passed on.
//!
//! Its signature is the provider's business. All that is read from it is `exp`, so that it is
//! renewed in time; the pages say an hour, their own sample lives half of that.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::super::{AccessToken, Refusal, Response, read};

/// The longest token that is believed, in bytes: it has to fit into a header.
const TOKEN_BYTES_MAX: usize = 6_000;

#[derive(Deserialize)]
struct Answer {
    token: String,
}

#[derive(Deserialize)]
struct Claims {
    exp: i64,
}

/// Reads the answer to a sign-in.
pub(super) fn read(response: &Response) -> Result<AccessToken, Refusal> {
    let refuse = |reason: String| Refusal {
        status: Some(response.status),
        request_id: response.header("x-request-id").map(read::clip),
        ..Refusal::of(reason)
    };
    if !matches!(response.status, 200 | 201) {
        let status = response.status;
        return Err(refuse(format!(
            "AltaPay gives out no token ({status}): check username and password"
        )));
    }
    let answer: Option<Answer> = serde_json::from_str(&response.body).ok();
    let token = answer
        .map(|answer| answer.token)
        .filter(|token| is_token(token))
        .ok_or_else(|| {
            refuse("AltaPay's answer has no usable token: try again later".to_owned())
        })?;
    Ok(AccessToken {
        expires_at_secs: end(&token),
        token,
    })
}

/// Letters, digits, `-`, `_` and dots, as base64url parts have them.
fn is_token(token: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=TOKEN_BYTES_MAX).contains(&token.len()) && token.bytes().all(allowed)
}

/// The `exp` of the second part, in seconds since 1970; `None` where it cannot be read.
fn end(token: &str) -> Option<i64> {
    let payload = token.split('.').nth(1)?;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Some(claims.exp).filter(|end| *end > 0)
}
