//! The links that this till holds, found by what they are needed for.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::{LinkId, ProductId};
use crate::domain::link::{Ask, Link, LinkState, Purpose};
use crate::domain::time::Timestamp;

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
    /// The newest last.
    permanent: BTreeMap<(String, ProductId), BTreeSet<LinkId>>,
    /// Those of `permanent` that can be shown. Every snapshot says how many: to look at each of
    /// 10,000 took three milliseconds of every tap.
    permanent_live: BTreeSet<LinkId>,
}

impl LinkBook {
    /// Adds or replaces a link.
    pub(super) fn put(&mut self, link: Link) {
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
            (
                Purpose::Permanent,
                LinkState::Wanted | LinkState::Requested | LinkState::Live | LinkState::Refused,
            ) => {
                if let Some(product) = link.product {
                    let key = (link.backend.clone(), product);
                    self.permanent.entry(key).or_default().insert(link.id);
                    if link.state == LinkState::Live {
                        self.permanent_live.insert(link.id);
                    }
                }
            }
            _ => {}
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
        if let Some(product) = old.product {
            let key = (old.backend.clone(), product);
            if let Some(ids) = self.permanent.get_mut(&key) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.permanent.remove(&key);
                }
            }
        }
        self.permanent_live.remove(&id);
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
        self.permanent
            .get(&(backend.to_owned(), product))
            .and_then(BTreeSet::last)
            .and_then(|id| self.links.get(id))
    }

    /// Live permanent links that `newest` takes the place of.
    pub(super) fn replaced_by(&self, newest: &Link) -> Vec<Link> {
        let Some(product) = newest.product else {
            return Vec::new();
        };
        let ids = self.permanent.get(&(newest.backend.clone(), product));
        ids.into_iter()
            .flatten()
            .filter_map(|id| self.links.get(id))
            .filter(|link| link.id < newest.id && link.state == LinkState::Live)
            .cloned()
            .collect()
    }

    /// Spare links, for the status bar.
    pub(super) fn spare_count(&self) -> usize {
        self.spares.values().map(BTreeSet::len).sum()
    }

    /// Products that have a permanent link which can be shown.
    pub(super) fn permanent_count(&self) -> usize {
        self.permanent_live.len()
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
