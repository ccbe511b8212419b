//! The links that this till holds, found by what they are needed for.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::{LinkId, ProductId};
use crate::domain::link::{Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;

/// A link is not shown when less than this is left of its life, in milliseconds.
pub(super) const FRESH_MARGIN_MS: i64 = 15 * 60 * 1_000;

/// Links by id, with two indexes: spare ones by amount, permanent ones by product.
#[derive(Debug, Default)]
pub(super) struct LinkBook {
    links: BTreeMap<LinkId, Link>,
    spares: BTreeMap<(String, Amount), BTreeSet<LinkId>>,
    coming: BTreeMap<(String, Amount), BTreeSet<LinkId>>,
    permanent: BTreeMap<(String, ProductId), LinkId>,
    /// Those of `permanent` that can be shown. Every snapshot says how many: to look at each of
    /// 10,000 took three milliseconds of every tap.
    permanent_live: BTreeSet<LinkId>,
    tokens: BTreeMap<String, LinkId>,
}

impl LinkBook {
    /// Adds or replaces a link.
    pub(super) fn put(&mut self, link: Link) {
        self.forget(link.id);
        let amount_key = (link.backend.clone(), link.amount);
        match (link.purpose, link.state) {
            (Purpose::Single, LinkState::Live) if link.sale.is_none() => {
                self.spares.entry(amount_key).or_default().insert(link.id);
            }
            (Purpose::Single, LinkState::Wanted | LinkState::Requested) if link.sale.is_none() => {
                self.coming.entry(amount_key).or_default().insert(link.id);
            }
            (Purpose::Permanent, LinkState::Wanted | LinkState::Requested | LinkState::Live) => {
                if let Some(product) = link.product {
                    self.put_permanent((link.backend.clone(), product), &link);
                }
            }
            _ => {}
        }
        self.tokens.insert(link.token.clone(), link.id);
        self.links.insert(link.id, link);
    }

    fn put_permanent(&mut self, key: (String, ProductId), link: &Link) {
        if let Some(before) = self.permanent.insert(key, link.id) {
            self.permanent_live.remove(&before);
        }
        if link.state == LinkState::Live {
            self.permanent_live.insert(link.id);
        }
    }

    fn forget(&mut self, id: LinkId) {
        let Some(old) = self.links.remove(&id) else {
            return;
        };
        let amount_key = (old.backend.clone(), old.amount);
        for index in [&mut self.spares, &mut self.coming] {
            if let Some(ids) = index.get_mut(&amount_key) {
                ids.remove(&id);
            }
        }
        if let Some(product) = old.product {
            let key = (old.backend.clone(), product);
            if self.permanent.get(&key) == Some(&id) {
                self.permanent.remove(&key);
            }
        }
        self.permanent_live.remove(&id);
        self.tokens.remove(&old.token);
    }

    /// The link of an id.
    pub(super) fn link(&self, id: LinkId) -> Option<&Link> {
        self.links.get(&id)
    }

    /// The link of a notification's token.
    pub(super) fn by_token(&self, token: &str) -> Option<&Link> {
        self.tokens.get(token).and_then(|id| self.links.get(id))
    }

    /// The link whose code holds `url`.
    pub(super) fn by_url(&self, url: &str) -> Option<&Link> {
        self.links.values().find(|link| link.url() == Some(url))
    }

    /// The oldest spare link for an amount that still lives long enough.
    pub(super) fn spare(&self, backend: &str, amount: Amount, at: Timestamp) -> Option<&Link> {
        let ids = self.spares.get(&(backend.to_owned(), amount))?;
        ids.iter()
            .filter_map(|id| self.links.get(id))
            .find(|link| link.is_fresh(at, FRESH_MARGIN_MS) && link.url().is_some())
    }

    /// How many spare links for an amount are there or on their way.
    pub(super) fn spares_or_coming(&self, backend: &str, amount: Amount) -> usize {
        let key = (backend.to_owned(), amount);
        let count = |index: &BTreeMap<_, BTreeSet<_>>| index.get(&key).map_or(0, BTreeSet::len);
        count(&self.spares).saturating_add(count(&self.coming))
    }

    /// The permanent link of a product, in whatever state before its end.
    pub(super) fn permanent(&self, backend: &str, product: ProductId) -> Option<&Link> {
        self.permanent
            .get(&(backend.to_owned(), product))
            .and_then(|id| self.links.get(id))
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
