//! A shop's register of stickers: what of what is told is new, and how an answer goes on.
//!
//! Each change of a sticker gives the register its next version, and that version a mark. A sticker has
//! its last version only; those that it had before are kept for a while, so that whoever has heard up to
//! one goes on from there. A version that is not known with its mark is of another history, or passed
//! long ago: then the answer begins anew.

use std::collections::BTreeMap;

use super::StoreError;
use super::page::number;
use super::types::{json, mark};
use crate::domain::id::{Entropy, StickerId};
use crate::domain::sticker::Sticker;
use crate::proto::hub::stickers::STICKERS_MAX;
use crate::proto::hub::{Cursor, HeardStickers};

/// For so many further versions one is known that no sticker has any more.
pub(super) const PASSED_KEPT: i64 = 1_000;

/// Stickers as the table has them.
pub(super) type Known = BTreeMap<StickerId, Sticker>;

/// A sticker that is to be written.
pub(super) struct Change {
    pub(super) sticker: StickerId,
    pub(super) version: i64,
    pub(super) mark: String,
    /// As JSON.
    pub(super) known: String,
}

/// What is told merged into what is known, where that changes something: in the order of ids, with the
/// versions that follow the register's.
pub(super) fn changes(
    entropy: &mut Entropy,
    register: i64,
    known: &Known,
    told: &[Sticker],
) -> Result<Vec<Change>, StoreError> {
    let mut now = BTreeMap::new();
    for told in told {
        let before = now
            .remove(&told.id)
            .or_else(|| known.get(&told.id).cloned());
        let merged = before.map_or_else(|| told.clone(), |before| before.merged(told));
        now.insert(told.id, merged);
    }
    let news = now
        .into_iter()
        .filter(|(id, sticker)| known.get(id) != Some(sticker));
    let changes = news.zip(1..).map(|((id, sticker), step)| {
        Ok(Change {
            sticker: id,
            version: register.saturating_add(step),
            mark: mark(entropy),
            known: json(&sticker)?,
        })
    });
    changes.collect()
}

/// A sticker as a column has it.
pub(super) fn sticker(known: &str) -> Result<Sticker, StoreError> {
    serde_json::from_str(known).map_err(|_not_json| StoreError::Unreadable("a sticker".to_owned()))
}

/// A version as a column has it.
pub(super) fn version(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_negative| StoreError::Unreadable("a version".to_owned()))
}

/// A row of the answer.
pub(super) struct Entry {
    pub(super) version: i64,
    pub(super) mark: String,
    pub(super) sticker: Sticker,
}

/// From where an answer goes on.
pub(super) struct Start {
    after: Cursor,
    is_other_history: bool,
}

impl Start {
    /// Of what a terminal has heard, and the mark that is known of that version.
    pub(super) fn new(after: &Cursor, mark: Option<&str>) -> Self {
        let is_other_history = after.seq != 0 && mark != Some(&after.mark);
        Self {
            after: if is_other_history {
                Cursor::default()
            } else {
                after.clone()
            },
            is_other_history,
        }
    }

    /// Only what is later belongs into the answer.
    pub(super) fn version(&self) -> i64 {
        number(self.after.seq)
    }

    /// How many rows are read: one more than it takes tells whether there is more.
    pub(super) fn limit() -> i64 {
        i64::try_from(STICKERS_MAX)
            .unwrap_or(i64::MAX)
            .saturating_add(1)
    }

    /// The answer, of rows in the order of their versions.
    pub(super) fn answer(self, mut entries: Vec<Entry>) -> Result<HeardStickers, StoreError> {
        let more = entries.len() > STICKERS_MAX;
        entries.truncate(STICKERS_MAX);
        let until = match entries.last() {
            Some(last) => Cursor {
                seq: version(last.version)?,
                mark: last.mark.clone(),
            },
            None => self.after,
        };
        Ok(HeardStickers {
            until,
            stickers: entries.into_iter().map(|entry| entry.sticker).collect(),
            more,
            is_other_history: self.is_other_history,
        })
    }
}
