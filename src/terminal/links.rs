//! The links that this till holds, found by what they are needed for.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::domain::id::{LinkId, ProductId};
use crate::domain::link::{Ask, Link, LinkState, Purpose};
use crate::domain::time::Timestamp;

/// Whether there is something to tell of a link that was not told of it before.
fn is_news(before: Option<&Link>, link: &Link) -> bool {
    let said = |link: &Link| {
        (
            link.remote.clone(),
            link.amount,
            link.asking,
            link.title.clone(),
        )
    };
    link.remote.is_some() && before.is_none_or(|before| said(before) != said(link))
}

/// Whether what hangs somewhere may be right or wrong now where it was not before.
fn changes_stickers(before: Option<&Link>, link: &Link) -> bool {
    let said = |link: &Link| (link.state, link.amount, link.asking);
    link.purpose == Purpose::Permanent && before.is_none_or(|before| said(before) != said(link))
}

/// A link is not shown when less than this is left of its life, in milliseconds.
pub(super) const FRESH_MARGIN_MS: i64 = 15 * 60 * 1_000;

/// Spare links that ask the same, as the pool's list counts them.
#[derive(Debug, Default)]
pub(super) struct SpareCount {
    /// Those that can be shown.
    pub(super) there: usize,
    /// Those of them that last long enough.
    pub(super) lasting: usize,
    /// Those that are being made.
    pub(super) coming: usize,
    /// When the first of those that are there ends.
    pub(super) next_end: Option<Timestamp>,
}

/// Links by id, with two indexes: spare ones by what they ask, permanent ones by product.
#[derive(Debug, Default)]
pub(super) struct LinkBook {
    links: BTreeMap<LinkId, Link>,
    spares: BTreeMap<(String, Ask), BTreeSet<LinkId>>,
    coming: BTreeMap<(String, Ask), BTreeSet<LinkId>>,
    /// Of each account, the newest of a product last.
    permanent: BTreeMap<String, BTreeSet<(ProductId, LinkId)>>,
    /// How many of `permanent` can be shown. Every snapshot says it: to look at each of 10,000 took
    /// three milliseconds of every tap.
    permanent_live: usize,
    /// Those that the hub has not been told of, or not as they are now.
    untold: BTreeSet<LinkId>,
    /// Permanent ones of which something changed that matters to the stickers that bear them.
    changed: BTreeSet<LinkId>,
}

impl LinkBook {
    /// Adds or replaces a link.
    pub(super) fn put(&mut self, link: Link) {
        if is_news(self.links.get(&link.id), &link) {
            self.untold.insert(link.id);
        }
        if changes_stickers(self.links.get(&link.id), &link) {
            self.changed.insert(link.id);
        }
        self.forget(link.id);
        let ask_key = |link: &Link| (link.backend.clone(), link.ask());
        match (link.purpose, link.state) {
            (Purpose::Single, LinkState::Live) if link.sale.is_none() && !link.is_custom => {
                self.spares
                    .entry(ask_key(&link))
                    .or_default()
                    .insert(link.id);
            }
            (Purpose::Single, LinkState::Wanted | LinkState::Requested)
                if link.sale.is_none() && !link.is_custom =>
            {
                self.coming
                    .entry(ask_key(&link))
                    .or_default()
                    .insert(link.id);
            }
            _ => {}
        }
        if let Some(product) = sticker_of(&link) {
            let stickers = match self.permanent.get_mut(&link.backend) {
                Some(stickers) => stickers,
                None => self.permanent.entry(link.backend.clone()).or_default(),
            };
            stickers.insert((product, link.id));
            if link.state == LinkState::Live {
                self.permanent_live = self.permanent_live.saturating_add(1);
            }
        }
        self.links.insert(link.id, link);
    }

    fn forget(&mut self, id: LinkId) {
        let Some(old) = self.links.remove(&id) else {
            return;
        };
        let ask_key = (old.backend.clone(), old.ask());
        for index in [&mut self.spares, &mut self.coming] {
            if let Some(ids) = index.get_mut(&ask_key) {
                ids.remove(&id);
            }
        }
        if let Some(product) = sticker_of(&old) {
            if let Some(stickers) = self.permanent.get_mut(&old.backend) {
                stickers.remove(&(product, id));
            }
            if old.state == LinkState::Live {
                self.permanent_live = self.permanent_live.saturating_sub(1);
            }
        }
    }

    /// Permanent links of which something changed since this was asked last.
    pub(super) fn take_changed(&mut self) -> BTreeSet<LinkId> {
        std::mem::take(&mut self.changed)
    }

    /// Takes out the newest link that the hub was not told of.
    pub(super) fn next_untold(&mut self) -> Option<LinkId> {
        self.untold.pop_last()
    }

    /// The hub did not hear of these.
    pub(super) fn tell_again(&mut self, links: impl IntoIterator<Item = LinkId>) {
        self.untold.extend(links);
    }

    /// The hub has forgotten all.
    pub(super) fn tell_all_again(&mut self) {
        self.untold.extend(self.links.keys());
    }

    /// The link of an id.
    pub(super) fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.get(&id)
    }

    /// All, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Link> {
        self.links.values()
    }

    /// The link whose code holds `url`.
    pub(super) fn by_url(&self, url: &str) -> Option<&Link> {
        self.links.values().find(|link| link.url() == Some(url))
    }

    /// The oldest spare link that asks this and still lives long enough.
    pub(super) fn spare(&self, backend: &str, ask: Ask, at: Timestamp) -> Option<&Link> {
        let ids = self.spares.get(&(backend.to_owned(), ask))?;
        ids.iter()
            .filter_map(|id| self.links.get(id))
            .find(|link| link.is_fresh(at, FRESH_MARGIN_MS) && link.url().is_some())
    }

    /// All spare links that ask this and still live long enough, oldest first.
    pub(super) fn spares(
        &self,
        backend: &str,
        ask: Ask,
        at: Timestamp,
    ) -> impl Iterator<Item = LinkId> {
        let ids = self.spares.get(&(backend.to_owned(), ask));
        ids.into_iter()
            .flatten()
            .filter_map(|id| self.links.get(id))
            .filter(move |link| link.is_fresh(at, FRESH_MARGIN_MS) && link.url().is_some())
            .map(|link| link.id)
    }

    /// How many spare links that ask this are there or on their way and can still be shown at `end`.
    pub(super) fn spares_lasting(&self, backend: &str, ask: Ask, end: Timestamp) -> usize {
        let key = (backend.to_owned(), ask);
        let ids = [&self.spares, &self.coming].map(|index| index.get(&key));
        ids.into_iter()
            .flatten()
            .flatten()
            .filter_map(|id| self.links.get(id))
            .filter(|link| link.is_fresh(end, FRESH_MARGIN_MS))
            .count()
    }

    /// How many spare links that ask this there are, and how long they last.
    pub(super) fn count_spares(
        &self,
        backend: &str,
        ask: Ask,
        at: Timestamp,
        until: Timestamp,
    ) -> SpareCount {
        let key = (backend.to_owned(), ask);
        let mut count = SpareCount {
            coming: self.coming.get(&key).map_or(0, BTreeSet::len),
            ..SpareCount::default()
        };
        for id in self.spares(backend, ask, at) {
            let Some(link) = self.links.get(&id) else {
                continue;
            };
            count.there = count.there.saturating_add(1);
            if until <= at || link.is_fresh(until, FRESH_MARGIN_MS) {
                count.lasting = count.lasting.saturating_add(1);
            }
            count.next_end = count.next_end.into_iter().chain(link.expires_at).min();
        }
        count
    }

    /// What an account's spare links ask.
    pub(super) fn spare_asks(&self, backend: &str) -> impl Iterator<Item = Ask> {
        let of_it = self
            .spares
            .iter()
            .filter(move |((name, _), ids)| name == backend && !ids.is_empty());
        of_it.map(|((_, ask), _)| *ask)
    }

    /// How many spare links that ask this are there or on their way.
    pub(super) fn spares_or_coming(&self, backend: &str, ask: Ask) -> usize {
        let key = (backend.to_owned(), ask);
        let count = |index: &BTreeMap<_, BTreeSet<_>>| index.get(&key).map_or(0, BTreeSet::len);
        count(&self.spares).saturating_add(count(&self.coming))
    }

    /// The newest permanent link of a product, in whatever state before its end.
    pub(super) fn permanent(&self, backend: &str, product: ProductId) -> Option<&Link> {
        self.stickers(backend, product).next_back()
    }

    /// Live permanent links that `newest` takes the place of.
    pub(super) fn replaced_by(&self, newest: &Link) -> Vec<Link> {
        let Some(product) = newest.product else {
            return Vec::new();
        };
        self.stickers(&newest.backend, product)
            .filter(|link| link.id < newest.id && link.state == LinkState::Live)
            .cloned()
            .collect()
    }

    /// The permanent links of a product, oldest first.
    fn stickers(
        &self,
        backend: &str,
        product: ProductId,
    ) -> impl DoubleEndedIterator<Item = &Link> {
        let all = (product, LinkId(Uuid::nil()))..=(product, LinkId(Uuid::max()));
        let of_product = self.permanent.get(backend).map(|them| them.range(all));
        of_product
            .into_iter()
            .flatten()
            .filter_map(|(_, id)| self.links.get(id))
    }

    /// Spare links, for the status bar.
    pub(super) fn spare_count(&self) -> usize {
        self.spares.values().map(BTreeSet::len).sum()
    }

    /// Products that have a permanent link which can be shown.
    pub(super) fn permanent_count(&self) -> usize {
        self.permanent_live
    }

    /// Spare links whose life is nearly over.
    pub(super) fn stale_spares(&self, at: Timestamp) -> Vec<Link> {
        self.spares
            .values()
            .flatten()
            .filter_map(|id| self.links.get(id))
            .filter(|link| !link.is_fresh(at, FRESH_MARGIN_MS))
            .cloned()
            .collect()
    }
}

/// The product whose permanent link this is, before its end.
const fn sticker_of(link: &Link) -> Option<ProductId> {
    match (link.purpose, link.state) {
        (Purpose::Permanent, LinkState::Wanted | LinkState::Requested | LinkState::Live) => {
            link.product
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
