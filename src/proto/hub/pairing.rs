//! How a terminal joins a hub: a code that works once, typed or scanned.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::token::{Token, TokenHash};
use crate::domain::id::Entropy;

/// How long a code is good for, in seconds.
pub const GOOD_SECS: i64 = 600;
/// Letters that are not taken for one another, 32 of them.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters of a code: 60 random bits.
const LENGTH: usize = 12;
/// The most endpoints of a shop.
pub const HOOKS_MAX: usize = 200;
/// The longest address of a hub, in bytes.
const ADDRESS_BYTES_MAX: usize = 300;

/// Twelve letters in groups of four: `K7QF-2M9X-RTPA`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PairingCode(String);

/// What is not a pairing code or an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInvitation {
    /// The code.
    #[error("this is not a pairing code: it has twelve letters and digits, such as K7QF-2M9X-RTPA")]
    Code,
    /// The address.
    #[error(
        "the hub's address is missing: give the whole address, such as https://hub.example#K7QF-2M9X-RTPA"
    )]
    Address,
}

impl PairingCode {
    /// A fresh one.
    pub fn draw(entropy: &mut Entropy) -> Self {
        let letter = |byte: &u8| {
            let letter = LETTERS.get(usize::from(byte & 31)).copied();
            char::from(letter.unwrap_or(b'2'))
        };
        Self(entropy.bytes().iter().take(LENGTH).map(letter).collect())
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl FromStr for PairingCode {
    type Err = NotAnInvitation;

    /// Takes small letters too, and whatever stands between the groups.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut letters = String::with_capacity(LENGTH);
        for letter in text.chars().filter(|letter| !matches!(letter, '-' | ' ')) {
            let letter = letter.to_ascii_uppercase();
            let is_known = u8::try_from(letter).is_ok_and(|letter| LETTERS.contains(&letter));
            if !is_known || letters.len() == LENGTH {
                return Err(NotAnInvitation::Code);
            }
            letters.push(letter);
        }
        if letters.len() == LENGTH {
            Ok(Self(letters))
        } else {
            Err(NotAnInvitation::Code)
        }
    }
}

impl fmt::Display for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, letter) in self.0.chars().enumerate() {
            if index > 0 && index.checked_rem(4) == Some(0) {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairingCode(…)")
    }
}

impl TryFrom<String> for PairingCode {
    type Error = NotAnInvitation;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PairingCode> for String {
    fn from(code: PairingCode) -> Self {
        code.to_string()
    }
}

/// A hub's address and a code, as one text for a code that is scanned: `https://hub.example#CODE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Scheme, host and perhaps a path, without a slash at its end.
    pub hub: String,
    /// The code.
    pub code: PairingCode,
}

impl FromStr for Invitation {
    type Err = NotAnInvitation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (hub, code) = text
            .trim()
            .split_once('#')
            .ok_or(NotAnInvitation::Address)?;
        let hub = hub.trim_end_matches('/');
        let host = hub
            .strip_prefix("https://")
            .or_else(|| hub.strip_prefix("http://"));
        if host.is_none_or(str::is_empty) || hub.len() > ADDRESS_BYTES_MAX {
            return Err(NotAnInvitation::Address);
        }
        Ok(Self {
            hub: hub.to_owned(),
            code: code.parse()?,
        })
    }
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.hub, self.code)
    }
}

/// What a terminal posts to join.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The code.
    pub code: PairingCode,
    /// Drawn by the terminal before it asked, so that asking again after a lost answer gives the same.
    pub token: Token,
}

/// What it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// The terminal's id at the hub.
    pub terminal: Uuid,
    /// Its name there.
    pub name: String,
    /// Its shop's name there.
    pub shop: String,
    /// Where providers post to, one for each endpoint of the shop.
    pub hooks: Vec<Hook>,
}

/// The address of one endpoint, with a token of this terminal's own. A secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    /// The kind of the payment account: `4pay`.
    pub kind: String,
    /// The endpoint's name, which the owner gave it.
    pub name: String,
    /// Which endpoint.
    pub endpoint: Uuid,
    /// The whole address; a link's part is added behind a slash.
    pub address: String,
}

impl Hook {
    /// The token in its address; none where there is none.
    pub fn token(&self) -> Option<Token> {
        self.address.rsplit('/').next()?.parse().ok()
    }
}

/// What a terminal posts to learn where providers post to: the tokens that it has already, so that it
/// gets the same ones again and the hub none to keep that nobody uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownHooks {
    /// At most [`HOOKS_MAX`].
    pub tokens: Vec<Token>,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook")
            .field("kind", &self.kind)
            .field("name", &self.name)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
