//! What goes into the hub's database and what comes out, the same for both kinds of it.

use serde::Serialize;
use uuid::Uuid;

use super::StoreError;
use crate::domain::id::hex;
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::{Claimed, Feed, HeardStickers, LinkAddress, TokenHash};
use sha2::{Digest as _, Sha256};

/// A notification that a provider posted, before anything is known of it.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The kind in the address.
    pub kind: String,
    /// The endpoint's token in the address.
    pub hook: TokenHash,
    /// The link's part of the address.
    pub link: Option<LinkAddress>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Byte for byte.
    pub body: Vec<u8>,
    /// When it came.
    pub at: Timestamp,
}

impl Arrival {
    /// What a repetition has in common with the first: address and content. A provider may write the
    /// same JSON in another order or with other spaces.
    ///
    /// A signature that was too old and one that is fresh are two things: the second is worth more.
    pub fn key(&self, verdict: Verdict) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update([u8::from(verdict == Verdict::Signed)]);
        if let Some(address) = &self.link {
            hash.update(address.link.0.as_bytes());
            hash.update(address.token.hash().as_str());
        }
        hash.update(b"\0");
        hash.update(self.kind.as_bytes());
        hash.update(b"\0");
        match serde_json::from_slice::<serde_json::Value>(&self.body) {
            Ok(value) => hash.update(value.to_string()),
            Err(_not_json) => hash.update(&self.body),
        }
        hash.finalize().into()
    }
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// On disk, in this stream.
    Stored(Stream),
    /// On disk since it came the first time.
    Known,
    /// No endpoint has this address.
    Nobody,
    /// The endpoint has a secret and the signature does not fit it.
    Forged,
}

/// A sequence of notifications: a terminal's or a shop's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream(pub i64);

/// Who has a payment that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claiming {
    /// The first that claimed it.
    pub claimed: Claimed,
    /// The stream in which that is news; none where it was known.
    pub told: Option<Stream>,
}

/// What a terminal has not heard of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The answer.
    pub heard: HeardStickers,
    /// The stream whose readers wait for what was told; none where nothing was new.
    pub told: Option<Stream>,
}

/// Who asks for a feed: found by the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The terminal.
    pub terminal: Uuid,
    /// Its own stream.
    pub own: Stream,
    /// Its shop's stream.
    pub shop: Stream,
}

/// What a terminal's question for its feed brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fed {
    /// This; perhaps nothing new.
    Feed(Reader, Feed),
    /// It read another history.
    OtherHistory {
        /// In its own stream.
        own: bool,
        /// In its shop's.
        shop: bool,
    },
    /// No terminal has this token.
    Nobody,
}

/// An endpoint, as `endpoint list` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndpointRow {
    /// Its id.
    pub id: Uuid,
    /// Its shop's name.
    pub shop: String,
    /// The kind of the payment account.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether the account signs what it posts here.
    pub is_signed: bool,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What became of an endpoint's older addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retirement {
    /// Which endpoint.
    #[serde(flatten)]
    pub endpoint: EndpointRow,
    /// How many addresses nobody can post to any more.
    pub retired: u64,
    /// Names of terminals that have no newer address yet: their older ones are good still.
    pub waiting_for: Vec<String>,
}

/// A terminal, as `terminal list` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TerminalRow {
    /// Its id.
    pub id: Uuid,
    /// Its shop's name.
    pub shop: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: TerminalState,
    /// When it asked for its feed last.
    pub seen_at: Option<Timestamp>,
    /// Notifications that are not on its disk yet.
    pub waiting: u64,
    /// When it was added.
    pub created_at: Timestamp,
}

/// How a terminal stands with the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminalState {
    /// Its code was not used yet.
    Invited,
    /// It has a token.
    Paired,
    /// Its token was taken away.
    Revoked,
}

/// A new mark for an item: sixteen hexadecimal digits.
pub(super) fn mark(entropy: &mut crate::domain::id::Entropy) -> String {
    let bytes = entropy.bytes();
    hex(bytes.get(..8).unwrap_or_default())
}

/// As a column has it.
pub(super) fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable(error.to_string()))
}
