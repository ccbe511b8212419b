//! A sticker: a permanent link on paper, that hangs somewhere.

use serde::{Deserialize, Serialize};

use super::id::{LinkId, ProductId, StickerId};
use super::money::Amount;
use super::time::Timestamp;

/// Characters of the place where a sticker hangs.
pub const PLACE_CHARS_MAX: usize = 80;

/// One printed sticker, as the register knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    /// Ours.
    pub id: StickerId,
    /// For people, and printed on it: `K7-S12`.
    pub serial: String,
    /// Whose code it bears.
    pub link: LinkId,
    /// What it sells.
    pub product: Option<ProductId>,
    /// What it said that it sells.
    pub title: String,
    /// What it asked for when it was printed; none where the payer types it.
    pub price: Option<Amount>,
    /// What its code holds.
    pub url: String,
    /// Where it hangs; empty where nobody said.
    #[serde(default)]
    pub place: String,
    /// When it was wanted on paper.
    pub printed_at: Timestamp,
    /// Until when a payer can use it, as it says.
    pub valid_until: Option<Timestamp>,
    /// When somebody last scanned it and it was right.
    #[serde(default)]
    pub checked_at: Option<Timestamp>,
    /// When somebody took it down.
    #[serde(default)]
    pub retired_at: Option<Timestamp>,
}
