//! The register that the tills of a shop share: by their hub, or by a file.
//!
//! What this till knows of a sticker is told until the hub has it, which is kept on disk; what others know is
//! merged in. Either may happen twice, and in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::command::LEARN_MAX;
use super::hanging::HANGING_MAX;
use crate::domain::id::StickerId;
use crate::domain::sticker::{Sticker, Told};
use crate::proto::hub::stickers::STICKERS_MAX;
use crate::proto::hub::{Cursor, HeardStickers, ToldStickers};
use crate::terminal::command::Reply;
use crate::terminal::step::{Rows, Write};
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Terminal, recover};

/// What the hub has heard of stickers, and what was heard of it.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Sharing {
    progress: Progress,
    /// How far the hub's register goes; none of a hub that keeps none.
    register: Option<Cursor>,
    /// What the hub may not know, as it is here.
    untold: BTreeMap<StickerId, Sticker>,
    /// What it is being told, as it is here.
    under_way: Vec<Sticker>,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::terminal) struct Progress {
    heard: Cursor,
    /// Whether the hub knows what this till had before it joined.
    has_told_all: bool,
}

impl Sharing {
    /// The hub keeps a register that goes so far.
    pub(in crate::terminal) fn hub_has(&mut self, register: Option<&Cursor>) {
        self.register = register.cloned();
    }

    /// How far the hub's register went when it said so last: that it goes further is waited for.
    pub(in crate::terminal) const fn register(&self) -> Option<&Cursor> {
        self.register.as_ref()
    }

    /// Something of it changed. What is too much is told after the next start.
    pub(super) fn is_to_be_told(&mut self, sticker: Sticker) {
        self.untold.insert(sticker.id, sticker);
        if self.untold.len() > HANGING_MAX {
            self.untold.pop_first();
        }
    }

    fn is_due(&self) -> bool {
        let is_elsewhere = |register: &Cursor| *register != self.progress.heard;
        let register = self.register.as_ref();
        register.is_some_and(|register| is_elsewhere(register) || !self.untold.is_empty())
    }

    fn has_nothing_to_tell(&self) -> bool {
        self.untold.is_empty() && self.under_way.is_empty()
    }

    fn begin_again(&mut self, all: impl IntoIterator<Item = Sticker>) {
        self.progress = Progress::default();
        for sticker in all {
            self.is_to_be_told(sticker);
        }
    }

    /// The hub did not hear what it was told.
    pub(in crate::terminal) fn tell_again(&mut self) {
        for sticker in std::mem::take(&mut self.under_way) {
            self.untold.entry(sticker.id).or_insert(sticker);
        }
    }
}

impl Terminal {
    /// After a start: what the hub was not told yet.
    pub(in crate::terminal) fn share_again(&mut self, progress: Progress, untold: Vec<Sticker>) {
        if self.hub.is_none() {
            return;
        }
        if progress.has_told_all {
            self.sharing.progress = progress;
        } else {
            self.tell_all_stickers();
            self.sharing.progress.heard = progress.heard;
        }
        for sticker in untold {
            self.sharing.is_to_be_told(sticker);
        }
    }

    /// The hub lost what it knew, or is another one.
    pub(in crate::terminal) fn hub_lost_stickers(&mut self, turn: &mut Turn) {
        self.tell_all_stickers();
        recover::save(turn, recover::HUB_REGISTER, &self.sharing.progress);
    }

    fn tell_all_stickers(&mut self) {
        self.sharing.begin_again(self.hanging.stickers().cloned());
    }

    /// Adds or replaces what is known of a sticker here.
    pub(super) fn keep_sticker(&mut self, turn: &mut Turn, sticker: Sticker) {
        let is_untold = self.hub.is_some();
        if is_untold {
            self.sharing.is_to_be_told(sticker.clone());
        }
        self.hanging.put(sticker.clone());
        turn.write(Write::Sticker { sticker, is_untold });
    }

    /// What other tills know of stickers, from a file: of theirs, and of those of this one.
    pub(super) fn learn_stickers(
        &mut self,
        turn: &mut Turn,
        stickers: Vec<Sticker>,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        if stickers.len() > LEARN_MAX {
            return Err(Notice::TooMany { limit: LEARN_MAX });
        }
        let learned = learned(stickers, rows);
        note_learned(turn, learned.len());
        for sticker in learned {
            self.keep_sticker(turn, sticker);
        }
        Ok(Reply::Done)
    }

    /// What the hub is to be told of stickers, or asked: none where both know the same.
    pub(in crate::terminal) fn stickers_to_tell(
        &mut self,
        turn: &mut Turn,
    ) -> Option<ToldStickers> {
        if !self.sharing.is_due() {
            return None;
        }
        let mut stickers = Vec::new();
        while stickers.len() < STICKERS_MAX
            && let Some((_, sticker)) = self.sharing.untold.pop_first()
        {
            let (here, told) = self.told_sticker(turn, sticker);
            self.sharing.under_way.push(here);
            stickers.push(told);
        }
        stickers.retain(Sticker::is_sound);
        let after = self.sharing.progress.heard.clone();
        Some(ToldStickers { after, stickers })
    }

    /// A sticker as it is here, and as others are told of it: of its own ones a till says how it finds them,
    /// and that it said so is on disk before.
    fn told_sticker(&mut self, turn: &mut Turn, mut sticker: Sticker) -> (Sticker, Sticker) {
        let told = if let Some(told) = sticker.told {
            told
        } else {
            let (verdict, _) = self.judged(&sticker);
            let same = sticker.said.filter(|said| said.verdict == verdict);
            let at = turn.at();
            same.unwrap_or(Told { verdict, at })
        };
        let out = Sticker {
            told: Some(told),
            said: None,
            ..sticker.clone()
        };
        if sticker.told.is_none() && sticker.said != Some(told) {
            sticker.said = Some(told);
            self.hanging.put(sticker.clone());
            turn.write(Write::Sticker {
                sticker: sticker.clone(),
                is_untold: true,
            });
        }
        (sticker, out)
    }

    /// The hub has what it was told, and says what it has of others. False where nobody can believe it.
    pub(in crate::terminal) fn stickers_heard(
        &mut self,
        turn: &mut Turn,
        asked: &ToldStickers,
        heard: HeardStickers,
        rows: &Rows,
    ) -> bool {
        if !heard.follows(&asked.after) {
            return false;
        }
        // Only at the end of all pages it is certain that what was told is not lost to an older history.
        if !heard.more {
            self.note_told(turn);
        }
        if heard.is_other_history {
            turn.journal(
                "hub_other_register",
                "",
                &json!({ "heard": asked.after.seq }),
            );
            self.hub_lost_stickers(turn);
        }
        let learned = learned(heard.stickers, rows);
        note_learned(turn, learned.len());
        for sticker in learned {
            self.take_learned(turn, sticker);
        }
        let sharing = &mut self.sharing;
        if !heard.more {
            sharing.register = Some(heard.until.clone());
        }
        let progress = Progress {
            heard: heard.until,
            has_told_all: sharing.progress.has_told_all || sharing.has_nothing_to_tell(),
        };
        if progress != sharing.progress {
            recover::save(turn, recover::HUB_REGISTER, &progress);
            sharing.progress = progress;
        }
        true
    }

    /// What has changed since it was told is to be told still.
    fn note_told(&mut self, turn: &mut Turn) {
        let mut told = std::mem::take(&mut self.sharing.under_way);
        told.retain(|sticker| !self.sharing.untold.contains_key(&sticker.id));
        if !told.is_empty() {
            let ids = told.iter().map(|sticker| sticker.id);
            turn.write(Write::StickersTold(ids.collect()));
        }
    }

    /// The hub knows it: it is told again only where more is known here.
    fn take_learned(&mut self, turn: &mut Turn, sticker: Sticker) {
        let untold = self.sharing.untold.get_mut(&sticker.id);
        let is_untold = untold.is_some();
        if let Some(untold) = untold {
            *untold = sticker.clone();
        }
        self.hanging.put(sticker.clone());
        turn.write(Write::Sticker { sticker, is_untold });
    }
}

/// Those of which something is new, with what is known of them here. What no till says of its own could be
/// anybody's.
fn learned(stickers: Vec<Sticker>, rows: &Rows) -> Vec<Sticker> {
    let known: BTreeMap<_, _> = rows.stickers.iter().map(|it| (it.id, it)).collect();
    let sound = stickers.into_iter().filter(Sticker::is_sound);
    let learned = sound.filter_map(|told| match known.get(&told.id) {
        Some(known) => {
            let merged = (*known).clone().merged(&told);
            (merged != **known).then_some(merged)
        }
        None => told
            .told
            .is_some()
            .then_some(Sticker { said: None, ..told }),
    });
    learned.collect()
}

fn note_learned(turn: &mut Turn, count: usize) {
    if count > 0 {
        turn.journal("stickers_learned", "", &json!({ "count": count }));
    }
}
