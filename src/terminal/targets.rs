//! Which links are wanted: spare ones for what is sold often, and a sticker's for each product.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Terminal;
use super::accounts::Account;
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::{LinkId, ProductId};
use crate::domain::link::{Ask, Asking, Link, LinkState};
use crate::proto::backend::Action;

/// What the background is to get from one account.
#[derive(Debug, Default)]
pub(super) struct Targets {
    /// What spare links are kept for: sums that are often sold, then products' prices, favorites first,
    /// then the open one, then those of a trip.
    spares: Vec<Ask>,
    /// Those of them that are kept without a trip too.
    usual: BTreeSet<Ask>,
    /// Products that lack a permanent link, or whose link asks for an old price.
    pub(super) products: VecDeque<ProductId>,
    /// Links that report to nobody, or to an address of the past.
    pub(super) unreported: VecDeque<LinkId>,
    /// What the backend refused; not asked for again until somebody says so.
    refused: BTreeSet<Ask>,
    /// The same of stickers: what the backend refused that a product's is to ask.
    pub(super) refused_stickers: BTreeMap<ProductId, Ask>,
    /// Whether more is wanted than the provider takes at the moment.
    pub(super) is_held_up: bool,
}

impl Targets {
    /// What spare links are kept for, in the order in which they are got.
    pub(super) fn asks(&self) -> impl Iterator<Item = Ask> {
        self.spares.iter().copied()
    }

    /// Whether the backend does not make links that ask this.
    pub(super) fn is_refused(&self, ask: Ask) -> bool {
        self.refused.contains(&ask)
    }

    /// The backend does not make links that ask this.
    pub(super) fn give_up(&mut self, ask: Ask) {
        self.refused.insert(ask);
    }

    /// The backend does not make or change a product's sticker so.
    pub(super) fn refuse_sticker(&mut self, action: &Action) {
        self.refused_stickers.extend(sticker_wish(action));
    }

    /// A person wants it to be tried again.
    pub(super) fn allow_sticker(&mut self, action: &Action) {
        if let Some((product, _)) = sticker_wish(action) {
            self.refused_stickers.remove(&product);
        }
    }

    /// It does after all.
    pub(super) fn allow(&mut self, ask: Ask) {
        self.refused.remove(&ask);
    }
}

/// What the sticker of a product would ask.
fn sticker_wish(action: &Action) -> Option<(ProductId, Ask)> {
    let (Action::Create { link, .. }
    | Action::CreateProduct { link, .. }
    | Action::Update { link, .. }) = action
    else {
        return None;
    };
    // Only a sticker's link is a product's.
    link.product.map(|product| (product, link.ask()))
}

impl Terminal {
    /// Works out anew which links are wanted: after a new catalog, new favorites, or on demand.
    pub(super) fn retarget(&mut self) {
        for name in self.accounts.names() {
            let targets = self.targets_of(&name);
            if let (Some(account), Some(targets)) = (self.accounts.get_mut(&name), targets) {
                account.targets = Targets {
                    refused: std::mem::take(&mut account.targets.refused),
                    refused_stickers: std::mem::take(&mut account.targets.refused_stickers),
                    ..targets
                };
            }
        }
    }

    fn targets_of(&self, name: &str) -> Option<Targets> {
        let account = self.accounts.get(name)?;
        let favorites = self.favorites.iter().filter_map(|id| self.products.get(id));
        let shown = self.catalog.products().iter();
        let sellable = favorites
            .chain(shown)
            .filter(|product| product.visibility == Visibility::Shown)
            .filter(|product| product.price.currency == self.setup.shop.currency);
        let pool = &self.setup.pool;
        let amounts_max = usize::try_from(pool.amounts_max).unwrap_or(0);
        let mut seen = BTreeSet::new();
        let mut targets = Targets::default();
        for amount in self.demand.habits(name).into_iter().take(amounts_max) {
            seen.insert(amount);
            targets.spares.push(Ask::fixed(amount));
        }
        for product in sellable.clone() {
            if targets.spares.len() >= amounts_max {
                break;
            }
            if product.asking == Asking::Fixed && seen.insert(product.price) {
                targets.spares.push(Ask::fixed(product.price));
            }
        }
        if account.can().open_amount && pool.open_amount > 0 {
            targets.spares.push(Ask::open(self.setup.shop.currency));
        }
        targets.usual = targets.spares.iter().copied().collect();
        let for_trip = self.trip_asks(name).into_iter();
        let for_trip = for_trip.filter(|ask| !targets.usual.contains(ask));
        targets.spares.extend(for_trip);
        targets.products = sellable
            .filter(|product| self.needs_link(account, product))
            .map(|product| product.id)
            .collect();
        targets.unreported = self.unreported(name);
        Some(targets)
    }

    /// How many links are wanted and not asked for yet, at all accounts.
    pub(super) fn still_wanted(&self) -> u32 {
        let wanted = self.accounts.iter().map(|account| {
            let name = account.name();
            let spares = account.targets.asks().filter(|ask| {
                !account.targets.is_refused(*ask)
                    && self.links.spares_or_coming(name, *ask) < self.usual_spares(name, *ask)
                    && self.is_pool_amount(name, *ask)
            });
            spares
                .count()
                .saturating_add(account.targets.products.len())
        });
        u32::try_from(wanted.sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Whether spare links that ask this are kept without a trip too.
    pub(super) fn is_pool_amount(&self, name: &str, ask: Ask) -> bool {
        let account = self.accounts.get(name);
        account.is_some_and(|account| account.targets.usual.contains(&ask))
    }

    /// Whether a product lacks a permanent link, or has one that asks for another price. A link that
    /// a customer may be looking at keeps its price until that sale is over.
    pub(super) fn needs_link(&self, account: &Account, product: &Product) -> bool {
        let can = account.can();
        if !can.permanent || (product.asking == Asking::Open && !can.open_amount) {
            return false;
        }
        if account.targets.refused_stickers.get(&product.id) == Some(&product.ask()) {
            return false;
        }
        let Some(link) = self.links.permanent(account.name(), product.id) else {
            return true;
        };
        // One change at a time: the next one is decided by what came of it.
        let settled = link.state == LinkState::Live && !self.jobs.concerns(link.id);
        settled && link.ask() != product.ask() && !self.is_awaited(link.id)
    }

    /// A sticker was made or changed, or that was refused; its price may have changed meanwhile.
    pub(super) fn price_was_sent(&mut self, link: &Link) {
        let product = link.product.and_then(|id| self.products.get(&id));
        let changed = product.filter(|product| product.ask() != link.ask());
        if let (Some(product), Some(account)) = (changed, self.accounts.get_mut(&link.backend)) {
            account.targets.products.push_back(product.id);
        }
    }

    pub(super) fn is_awaited(&self, link: LinkId) -> bool {
        let mut waiting = self.waiting.iter().filter_map(|id| self.sales.get(id));
        waiting.any(|record| record.shown_links().any(|(shown, _)| shown == link))
    }
}
