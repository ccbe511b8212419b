//! The signature of 4pay's envelope: lower-case hexadecimal HMAC-SHA256 over `TIMESTAMP.BODY`, keyed
//! with the secret that 4pay's operator set. Without such a secret there are no such headers.
//!
//! Source: 4pay's SDK for Python, `fourpay/webhooks.py`.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::super::{Posted, Verdict};

const TIMESTAMP: &str = "x-webhook-timestamp";
const SIGNATURE: &str = "x-webhook-signature";
/// Bytes of the signature.
const BYTES: usize = 32;

pub(super) fn verify(posted: &Posted<'_>, secrets: &[String]) -> Verdict {
    if secrets.is_empty() {
        return Verdict::Unsigned;
    }
    let (Some(timestamp), Some(signature)) = (posted.header(TIMESTAMP), posted.header(SIGNATURE))
    else {
        return Verdict::Forged;
    };
    let Some(signature) = from_hex(signature) else {
        return Verdict::Forged;
    };
    let is_theirs = secrets.iter().any(|secret| {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
            mac.update(timestamp.as_bytes());
            mac.update(b".");
            mac.update(posted.body);
            // In constant time.
            mac.verify_slice(&signature).is_ok()
        })
    });
    match timestamp.parse::<i64>() {
        _ if !is_theirs => Verdict::Forged,
        Ok(at) if posted.is_fresh(at) => Verdict::Signed,
        Ok(_) | Err(_) => Verdict::Stale,
    }
}

fn from_hex(text: &str) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    if text.len() != BYTES.checked_mul(2)? {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = digits else { return None };
        *byte = digit(*high)?.checked_mul(16)?.checked_add(digit(*low)?)?;
    }
    Some(bytes)
}

const fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(letter.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    }
}
