//! A terminal's feed: what providers said, in order and without gaps.
//!
//! Each terminal reads two streams, its own and its shop's. A cursor is the number of the last item
//! that is on the terminal's disk, together with that item's mark: a random word that no other
//! history has. A hub that was restored from an old backup does not know the mark, says so, and the
//! terminal reads from the beginning; what it has already falls away by its key.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::shop::{Claimed, ShopLink};
use super::token::TokenHash;
use super::{ITEMS_MAX, WAIT_SECS_MAX};
use crate::domain::id::LinkId;
use crate::domain::time::Timestamp;
use crate::proto::backend::hook::Verdict;

/// How far a stream was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The number of the last item; zero before the first.
    pub seq: u64,
    /// That item's mark; empty before the first.
    pub mark: String,
}

/// The query of `GET /v1/feed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedRequest {
    /// Everything of the terminal's own stream up to this number is on its disk.
    pub after: u64,
    /// The mark of that item; not compared where it is left out.
    pub mark: String,
    /// The same of the shop's stream.
    pub shop_after: u64,
    /// The mark of that item.
    pub shop_mark: String,
    /// How long to wait for the first item, in seconds, at most [`WAIT_SECS_MAX`].
    pub wait: u32,
    /// The mark that the shop's register had: another one is news, too. None where it is not waited for, and
    /// for hubs that keep none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<String>,
}

impl FeedRequest {
    /// Asks for what follows two cursors.
    pub fn new(own: &Cursor, shop: &Cursor, wait: u32) -> Self {
        Self {
            after: own.seq,
            mark: own.mark.clone(),
            shop_after: shop.seq,
            shop_mark: shop.mark.clone(),
            wait: wait.min(WAIT_SECS_MAX),
            register: None,
        }
    }

    /// Waits for the shop's register to change as well.
    #[must_use]
    pub fn with_register(self, was: Option<&Cursor>) -> Self {
        Self {
            register: was.map(|was| was.mark.clone()),
            ..self
        }
    }

    /// How far the terminal's own stream was read.
    pub fn own(&self) -> Cursor {
        Cursor {
            seq: self.after,
            mark: self.mark.clone(),
        }
    }

    /// How far the shop's stream was read.
    pub fn shop(&self) -> Cursor {
        Cursor {
            seq: self.shop_after,
            mark: self.shop_mark.clone(),
        }
    }

    /// As the query of an address.
    pub fn to_query(&self) -> String {
        let Self {
            after,
            mark,
            shop_after,
            shop_mark,
            wait,
            register,
        } = self;
        let register = register.iter().map(|mark| format!("&register={mark}"));
        let register: String = register.collect();
        format!(
            "after={after}&mark={mark}&shop_after={shop_after}&shop_mark={shop_mark}&wait={wait}{register}"
        )
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// The hub's date.
    pub now: Timestamp,
    /// The terminal's own stream.
    pub own: Page,
    /// The shop's stream.
    pub shop: Page,
    /// How far the shop's register of stickers goes: a terminal that has heard up to somewhere else asks
    /// for it ([`super::stickers`]). None of a hub that keeps no register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Cursor>,
}

/// A part of one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// In order, at most [`ITEMS_MAX`].
    pub items: Vec<Item>,
    /// Whether more is there already.
    pub more: bool,
    /// The number of the oldest item that the hub still has, or of the next one where it has none:
    /// what every terminal had read is forgotten after the owner's time. Zero says nothing.
    #[serde(default)]
    pub first: u64,
}

impl Page {
    /// Whether it is what may follow a cursor: numbers without a gap, and not too many. A terminal
    /// believes no other. It may begin later only where the hub says that the rest is forgotten.
    pub fn follows(&self, after: &Cursor) -> bool {
        let before = after.seq.max(self.first.saturating_sub(1));
        let expected = (1..).map(|step| before.checked_add(step));
        self.items.len() <= ITEMS_MAX
            && self
                .items
                .iter()
                .zip(expected)
                .all(|(item, expected)| Some(item.seq) == expected)
    }

    /// How many items between a cursor and its first one the hub has forgotten.
    pub fn forgotten(&self, after: &Cursor) -> u64 {
        self.first.saturating_sub(after.seq.saturating_add(1))
    }

    /// Where it ends; none for an empty one.
    pub fn end(&self) -> Option<Cursor> {
        self.items.last().map(|item| Cursor {
            seq: item.seq,
            mark: item.mark.clone(),
        })
    }
}

/// One thing that a terminal is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its number in the stream, from one.
    pub seq: u64,
    /// A random word, the same as long as the hub's history is.
    pub mark: String,
    /// When the hub took it, by the hub's clock.
    pub received_at: Timestamp,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all of them are of the larger kind"
)]
pub enum What {
    /// A provider posted something.
    Notification(Notification),
    /// A terminal of the shop took a payment that several could have.
    Claim(Claimed),
}

impl From<Notification> for What {
    fn from(notification: Notification) -> Self {
        Self::Notification(notification)
    }
}

impl From<Claimed> for What {
    fn from(claimed: Claimed) -> Self {
        Self::Claim(claimed)
    }
}

/// What a provider posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The kind of the payment account: `4pay`.
    pub kind: String,
    /// Which of the shop's endpoints it was posted to.
    pub endpoint: Uuid,
    /// The link that the address named; none for an account's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkId>,
    /// The hash of the token in that address: whoever made the link compares it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenHash>,
    /// What the signature proved at the hub.
    pub verdict: Verdict,
    /// As they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// What was posted, byte for byte.
    #[serde(with = "bytes")]
    pub body: Vec<u8>,
    /// The link that is meant, where a terminal of the shop has published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<ShopLink>,
    /// For how many sales of the shop that link's product was on a screen when this came.
    #[serde(default)]
    pub open_sales: u32,
}

/// The answer with status 409: the hub has another history than the terminal has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherHistory {
    /// Whether the terminal's own stream is to be read from its start.
    pub own: bool,
    /// Whether the shop's is.
    pub shop: bool,
}

/// Bytes that need not be text.
mod bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map_err(de::Error::custom)
    }
}
