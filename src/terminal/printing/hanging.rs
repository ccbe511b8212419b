//! The stickers that hang somewhere, so that it is known at once which of them a new price makes wrong.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::{LinkId, ProductId, StickerId};
use crate::domain::money::Amount;
use crate::domain::sticker::{CodeNow, FADES_AFTER_MS, Sticker, Verdict, judge};
use crate::domain::time::Timestamp;
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, PaperNotice, Terminal};

/// Stickers that are watched at most, the newest: no shop has more on its walls.
pub const HANGING_MAX: usize = 20_000;
/// How often it is looked which stickers have become old, in milliseconds.
const LOOK_EVERY_MS: u64 = 60_000;

/// Stickers that were not taken down, and which of them are wrong.
#[derive(Debug, Default)]
pub(in crate::terminal) struct Hanging {
    stickers: BTreeMap<StickerId, Sticker>,
    of_product: BTreeMap<ProductId, BTreeSet<StickerId>>,
    of_link: BTreeMap<LinkId, BTreeSet<StickerId>>,
    wrong: BTreeSet<StickerId>,
    /// Those of which something changed.
    unsure: BTreeSet<StickerId>,
    fading: usize,
    faded_before: Timestamp,
    next_look_mono: u64,
}

impl Hanging {
    /// Those of a start.
    pub(in crate::terminal) fn new(stickers: Vec<Sticker>) -> Self {
        let mut hanging = Self::default();
        for sticker in stickers {
            hanging.put(sticker);
        }
        hanging
    }

    /// Adds or replaces what is known of one; forgets it where it was taken down.
    pub(super) fn put(&mut self, sticker: Sticker) {
        let id = sticker.id;
        if !sticker.hangs() {
            self.take_down(id);
            return;
        }
        if let Some(product) = sticker.product {
            self.of_product.entry(product).or_default().insert(id);
        }
        self.of_link.entry(sticker.link).or_default().insert(id);
        self.unsure.insert(id);
        self.stickers.insert(id, sticker);
        // Ids begin with the instant at which they were made.
        if let Some(oldest) = self.stickers.keys().next().copied()
            && self.stickers.len() > HANGING_MAX
        {
            self.take_down(oldest);
        }
    }

    fn take_down(&mut self, id: StickerId) {
        let Some(sticker) = self.stickers.remove(&id) else {
            return;
        };
        self.wrong.remove(&id);
        self.unsure.remove(&id);
        if let Some(product) = sticker.product {
            drop_from(&mut self.of_product, product, id);
        }
        drop_from(&mut self.of_link, sticker.link, id);
    }

    /// All of them, oldest first.
    pub(super) fn stickers(&self) -> impl Iterator<Item = &Sticker> {
        self.stickers.values()
    }

    /// How many hang.
    pub(in crate::terminal) fn count(&self) -> usize {
        self.stickers.len()
    }

    /// A product costs something else now.
    pub(in crate::terminal) fn product_changed(&mut self, product: ProductId) {
        let ids = self.of_product.get(&product).into_iter().flatten();
        self.unsure.extend(ids);
    }

    fn link_changed(&mut self, link: LinkId) {
        let ids = self.of_link.get(&link).into_iter().flatten();
        self.unsure.extend(ids);
    }

    /// How many are wrong.
    pub(in crate::terminal) fn wrong(&self) -> usize {
        self.wrong.len()
    }

    /// What was printed or looked at before this has faded by now.
    pub(in crate::terminal) const fn faded_before(&self) -> Timestamp {
        self.faded_before
    }

    /// How many are so old that their paper fades.
    pub(in crate::terminal) const fn fading(&self) -> usize {
        self.fading
    }
}

/// Whether the other tills think otherwise of a sticker of this one.
fn is_news(sticker: &Sticker, verdict: Verdict) -> bool {
    sticker.told.is_none() && sticker.said.map(|said| said.verdict) != Some(verdict)
}

fn drop_from<K: Ord>(index: &mut BTreeMap<K, BTreeSet<StickerId>>, key: K, id: StickerId) {
    if let Entry::Occupied(mut entry) = index.entry(key) {
        entry.get_mut().remove(&id);
        if entry.get().is_empty() {
            entry.remove();
        }
    }
}

impl Terminal {
    /// Judges the stickers of which something changed, and says so where more of them are wrong now.
    pub(in crate::terminal) fn judge_stickers(&mut self) {
        let before = self.hanging.wrong();
        self.judge_unsure();
        let count = self.hanging.wrong();
        if count > before && self.may_say_stickers() {
            self.say(Notice::Paper(PaperNotice::StickersWrong { count }));
        }
    }

    /// It takes the place of no question and no refusal.
    fn may_say_stickers(&self) -> bool {
        match &self.notice {
            None => true,
            Some((_, Notice::Paper(paper))) => matches!(
                paper,
                PaperNotice::StickerScanned { .. } | PaperNotice::StickersWrong { .. }
            ),
            Some(_) => false,
        }
    }

    pub(in crate::terminal) fn judge_unsure(&mut self) {
        for link in self.links.take_changed() {
            self.hanging.link_changed(link);
        }
        for id in std::mem::take(&mut self.hanging.unsure) {
            let Some(sticker) = self.hanging.stickers.get(&id) else {
                continue;
            };
            let (verdict, _) = self.judged(sticker);
            if self.hub.is_some() && is_news(sticker, verdict) {
                self.sharing.is_to_be_told(sticker.clone());
            }
            if verdict.is_wrong() {
                self.hanging.wrong.insert(id);
            } else {
                self.hanging.wrong.remove(&id);
            }
        }
    }

    /// Whether a sticker is right, and what its product costs now where it says something else.
    pub(super) fn judged(&self, sticker: &Sticker) -> (Verdict, Option<Amount>) {
        let product = sticker.product.and_then(|id| self.products.get(&id));
        let code = self.links.link(sticker.link).map(CodeNow::from);
        let costs = product.map(|product| product.price);
        judge(Some(sticker), code, costs)
    }

    /// Looks now and then which stickers have become old.
    pub(in crate::terminal) fn count_fading(&mut self, turn: &Turn) {
        if turn.now.mono_ms < self.hanging.next_look_mono {
            return;
        }
        self.hanging.next_look_mono = turn.now.mono_ms.saturating_add(LOOK_EVERY_MS);
        let before = turn.at().plus_millis(FADES_AFTER_MS.saturating_neg());
        self.hanging.faded_before = before;
        let stickers = self.hanging.stickers.values();
        self.hanging.fading = stickers.filter(|sticker| sticker.fades(before)).count();
    }
}
