//! Unguessable tokens: 256 random bits as 64 lower-case hexadecimal digits. Kept as their SHA-256,
//! so that whoever reads a database cannot use them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::domain::id::{Entropy, hex};

/// Digits of a token, and of its hash.
const DIGITS: usize = 64;

/// A token in the clear. Shown to nobody but its owner; never printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token(String);

/// A token's SHA-256, in the form in which it is stored and looked up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenHash(String);

/// What is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a token: it has 64 digits of 0-9 and a-f")]
pub struct NotAToken;

impl Token {
    /// A fresh one.
    pub fn draw(entropy: &mut Entropy) -> Self {
        Self(entropy.token())
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }

    /// In the clear, for the one place where it is sent or shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TokenHash {
    pub(super) fn of(secret: &str) -> Self {
        Self(hex(&Sha256::digest(secret.as_bytes())))
    }

    /// As 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this token's; takes as long for any other token.
    pub fn is_of(&self, token: &Token) -> bool {
        let theirs = token.hash();
        let pairs = self.0.bytes().zip(theirs.0.bytes());
        let differs = pairs.fold(0, |differs, (one, other)| differs | (one ^ other));
        self.0.len() == theirs.0.len() && std::hint::black_box(differs) == 0
    }
}

fn checked(text: &str) -> Result<String, NotAToken> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == DIGITS && text.bytes().all(is_digit) {
        Ok(text.to_owned())
    } else {
        Err(NotAToken)
    }
}

impl FromStr for Token {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        checked(text).map(Self)
    }
}

impl FromStr for TokenHash {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        checked(text).map(Self)
    }
}

impl TryFrom<String> for Token {
    type Error = NotAToken;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for TokenHash {
    type Error = NotAToken;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Token> for String {
    fn from(token: Token) -> Self {
        token.0
    }
}

impl From<TokenHash> for String {
    fn from(hash: TokenHash) -> Self {
        hash.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
