//! Signatures by the rules of Standard Webhooks 1.0.0: HMAC-SHA256 over `ID.TIMESTAMP.BODY`.
//!
//! Source: the specification of standardwebhooks.com. Its other kind of signature, `v1a`, needs a key
//! that none of our providers hands out; it is passed over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Posted, Refusal, Verdict};

const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// What a secret begins with.
const SECRET: &str = "whsec_";
/// Bytes that a secret may have.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// A sender that changes its secret signs with the old one and the new one.
const SIGNATURES_MAX: usize = 16;

/// Whether a text is a secret of this kind.
///
/// # Errors
///
/// What one looks like. The text itself is never repeated.
pub(super) fn check_secret(secret: &str) -> Result<(), Refusal> {
    key(secret).map(drop).ok_or_else(|| {
        Refusal::of(
            "how this provider signs is not documented; only Standard Webhooks can be checked, \
             whose secret is whsec_ and 24 to 64 bytes in base64",
        )
    })
}

/// With a secret known, only what one of them signed is taken.
pub(super) fn verify(posted: &Posted<'_>, secrets: &[String]) -> Verdict {
    if secrets.is_empty() {
        return Verdict::Unsigned;
    }
    let headers = (
        posted.header(ID),
        posted.header(TIMESTAMP),
        posted.header(SIGNATURE),
    );
    let (Some(id), Some(timestamp), Some(signatures)) = headers else {
        return Verdict::Forged;
    };
    // A point in the id could move a part of the body into the date.
    let (false, Ok(at)) = (id.contains('.'), timestamp.parse::<i64>()) else {
        return Verdict::Forged;
    };
    let is_theirs = secrets
        .iter()
        .filter_map(|secret| key(secret))
        .any(|key| is_signed(&key, &[id, timestamp], posted.body, signatures));
    match posted.is_fresh(at) {
        _ if !is_theirs => Verdict::Forged,
        true => Verdict::Signed,
        false => Verdict::Stale,
    }
}

fn is_signed(key: &[u8], before: &[&str; 2], body: &[u8], signatures: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return false;
    };
    for part in before {
        mac.update(part.as_bytes());
        mac.update(b".");
    }
    mac.update(body);
    let ours = signatures.split(' ').take(SIGNATURES_MAX);
    ours.filter_map(|signature| signature.strip_prefix("v1,"))
        .filter_map(|signature| STANDARD.decode(signature).ok())
        // In constant time.
        .any(|signature| mac.clone().verify_slice(&signature).is_ok())
}

fn key(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET)?).ok()?;
    SECRET_BYTES.contains(&key.len()).then_some(key)
}

#[cfg(test)]
mod tests;
