//! The register of a shop's stickers, as its terminals share it.
//!
//! A terminal tells what it knows of stickers, and is answered with what it has not heard yet. Both ends
//! merge ([`Sticker::merged`]), so the order does not matter, nor how often something is told. How far a
//! terminal has heard is a version with that version's mark, like a [`Cursor`] of a feed. A hub that does
//! not know the mark answers from the beginning: it was restored, or the version passed long ago.

use serde::{Deserialize, Serialize};

use super::feed::Cursor;
use crate::domain::sticker::Sticker;

/// The most stickers of one question and of one answer: with the longest texts they are below
/// [`super::ANSWER_BYTES_MAX`].
pub const STICKERS_MAX: usize = 50;

/// Posted to [`super::STICKERS_PATH`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldStickers {
    /// What the terminal has heard; zero asks from the beginning.
    pub after: Cursor,
    /// What it knows and the hub may not, at most [`STICKERS_MAX`]. Each says how its own till found it.
    pub stickers: Vec<Sticker>,
}

impl ToldStickers {
    /// Whether it is what a hub takes.
    pub fn is_sound(&self) -> bool {
        self.stickers.len() <= STICKERS_MAX && self.stickers.iter().all(is_sound)
    }
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardStickers {
    /// What changed after that, in the order of their versions, with what was told just now. At most
    /// [`STICKERS_MAX`].
    pub stickers: Vec<Sticker>,
    /// Up to where this goes.
    pub until: Cursor,
    /// Whether more is there already.
    pub more: bool,
    /// Whether the hub does not know what the terminal had heard: this begins anew, and the hub is to be
    /// told everything again.
    #[serde(default)]
    pub is_other_history: bool,
}

impl HeardStickers {
    /// Whether it is what may follow a question: a terminal believes no other.
    pub fn follows(&self, after: &Cursor) -> bool {
        let goes_on = self.is_other_history || self.until.seq >= after.seq;
        let is_short = self.stickers.len() <= STICKERS_MAX && self.stickers.iter().all(is_sound);
        goes_on && is_short && (!self.more || !self.stickers.is_empty())
    }
}

/// Whether another till could have made it, and says how it found it.
fn is_sound(sticker: &Sticker) -> bool {
    sticker.told.is_some() && sticker.is_sound()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_leads_nowhere_is_not_believed() {
        let after = Cursor {
            seq: 7,
            mark: "a".to_owned(),
        };
        let answer = |seq: u64| HeardStickers {
            until: Cursor {
                seq,
                mark: "b".to_owned(),
            },
            ..HeardStickers::default()
        };
        assert!(answer(7).follows(&after));
        assert!(!answer(6).follows(&after), "backwards");
        let anew = HeardStickers {
            is_other_history: true,
            ..answer(3)
        };
        assert!(anew.follows(&after));
        let endless = HeardStickers {
            more: true,
            ..answer(8)
        };
        assert!(!endless.follows(&after), "more, and nothing");
    }
}
