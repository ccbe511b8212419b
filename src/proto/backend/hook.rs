//! How a provider's notification is taken: what its signature proves, and what it wants to hear.

use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;

/// How far a signed date may be from the hub's, in seconds, either way.
pub const FRESH_SECS: i64 = 300;

/// A notification as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted<'a> {
    /// Names in lower case.
    pub headers: &'a [(String, String)],
    /// Byte for byte.
    pub body: &'a [u8],
    /// When it came, by the hub's clock.
    pub at: Timestamp,
}

impl Posted<'_> {
    /// The value of a header; none where it is missing or there twice.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Whether a signed date, in seconds since 1970, is near enough to now.
    pub fn is_fresh(&self, signed_secs: i64) -> bool {
        let now_secs = self.at.millis().div_euclid(1_000);
        now_secs.abs_diff(signed_secs) <= FRESH_SECS.unsigned_abs()
    }
}

/// What a signature proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is the provider's, and fresh.
    Signed,
    /// It is the provider's, but of another time: perhaps a repetition by somebody else. A reason to
    /// look up, no more.
    Stale,
    /// Nothing is signed, or no secret is known here: worth what its address is worth.
    Unsigned,
    /// A secret is known here and the signature is missing or wrong: not taken.
    Forged,
}

/// The answer that makes a provider stop repeating a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acknowledgment {
    /// The type of its body.
    pub content_type: &'static str,
    /// Its body.
    pub body: &'static str,
}

/// Status 200 is enough.
pub const OK: Acknowledgment = Acknowledgment {
    content_type: "application/json",
    body: "{}",
};
