//! Prices that changed while codes of the old ones are on the till.
//!
//! Spare codes are for sums, so a new price needs other codes. Until they are there a till without a
//! network knows here what the product cost before: to say so, or to sell at that, as the owner likes.

use std::collections::BTreeMap;

use super::accounts::Account;
use super::notice::Notice;
use super::setup::PriceChange;
use super::turn::Turn;
use super::{Terminal, recover};
use crate::domain::catalog::Product;
use crate::domain::id::ProductId;
use crate::domain::link::Ask;
use crate::domain::money::Amount;
use crate::domain::sale::Line;
use crate::domain::time::Timestamp;

/// The most products whose old price is remembered.
pub(super) const OLD_PRICES_MAX: usize = 500;

/// What products cost before.
pub(super) type OldPrices = BTreeMap<ProductId, Amount>;

impl Terminal {
    /// Remembers what products cost that are about to change, as far as there are codes for that.
    pub(super) fn note_old_prices(&mut self, turn: &mut Turn, changed: &[Product]) {
        let mut prices = self.old_prices.clone();
        for product in changed {
            let Some(before) = self.products.get(&product.id) else {
                continue;
            };
            let (old, new) = (before.ask(), product.ask());
            if old != new && old.amount.minor > 0 && self.has_codes(product.id, old) {
                prices.insert(product.id, old.amount);
            }
            if prices.get(&product.id) == Some(&new.amount) {
                prices.remove(&product.id);
            }
        }
        while prices.len() > OLD_PRICES_MAX {
            prices.pop_last();
        }
        self.keep_old_prices(turn, prices);
    }

    /// Forgets old prices of products whose new one has its code.
    pub(super) fn forget_old_prices(&mut self, turn: &mut Turn) {
        if self.old_prices.is_empty() {
            return;
        }
        let at = turn.now.best();
        let mut prices = self.old_prices.clone();
        prices.retain(|id, old| {
            let product = self.products.get(id);
            product.is_some_and(|product| self.is_behind(product, *old, at))
        });
        self.keep_old_prices(turn, prices);
    }

    /// Whether a product may still be sold at its old price: no account can show a code for the new
    /// one, or one that cannot has a code for the old one.
    fn is_behind(&self, product: &Product, old: Amount, at: Timestamp) -> bool {
        let shows = |account: &str, ask| self.shows(account, product.id, ask, at);
        let (able, unable): (Vec<&str>, Vec<&str>) = self
            .accounts
            .iter()
            .map(Account::name)
            .partition(|name| shows(name, product.ask()));
        able.is_empty() || unable.iter().any(|name| shows(name, Ask::fixed(old)))
    }

    /// Whether an account has a code for just this that can be shown now. One that is only on its way
    /// may never come.
    fn shows(&self, account: &str, product: ProductId, ask: Ask, at: Timestamp) -> bool {
        self.links.spare(account, ask, at).is_some() || self.has_own(account, product, ask)
    }

    /// Whether a product has a code of its own that asks just this.
    fn has_own(&self, account: &str, product: ProductId, ask: Ask) -> bool {
        let own = self.links.permanent(account, product);
        own.is_some_and(|link| link.ask() == ask && link.url().is_some())
    }

    fn keep_old_prices(&mut self, turn: &mut Turn, prices: OldPrices) {
        if prices != self.old_prices {
            recover::save(turn, recover::OLD_PRICES, &prices);
            self.old_prices = prices;
        }
    }

    /// Whether any account has a code for just this, or soon: a spare one, or the product's own.
    fn has_codes(&self, product: ProductId, ask: Ask) -> bool {
        let mut names = self.accounts.iter().map(Account::name);
        names.any(|name| {
            self.links.spares_or_coming(name, ask) > 0 || self.has_own(name, product, ask)
        })
    }

    /// The lines at what their products cost before; none where none of them has another price now.
    fn at_old_prices(&self, lines: &[Line]) -> Option<Vec<Line>> {
        let mut lines = lines.to_vec();
        let mut changed = false;
        for line in &mut lines {
            let old = line.product.and_then(|id| self.old_prices.get(&id));
            if let Some(old) = old.filter(|old| **old != line.unit) {
                line.unit = *old;
                changed = true;
            }
        }
        changed.then_some(lines)
    }

    /// What is sold instead where no code asks for the new price: the same at the old one, if the
    /// owner allows it.
    pub(super) fn sell_as_before(
        &self,
        lines: &[Line],
        amount: Amount,
    ) -> Result<Vec<Line>, Notice> {
        let old = self.at_old_prices(lines);
        match (old, self.setup.pool.price_change) {
            (None, _) => Err(Notice::OfflineNoCode { amount }),
            (Some(_), PriceChange::Wait) => Err(Notice::NewPriceNoCode { amount }),
            (Some(old), PriceChange::OldPrice) => Ok(old),
        }
    }

    /// What a sale comes to at the prices of now, where that is another sum.
    pub(super) fn total_now(&self, lines: &[Line], total: Amount) -> Option<Amount> {
        let mut sum = Amount::new(0, total.currency);
        for line in lines {
            let product = line.product.and_then(|id| self.products.get(&id));
            let fixed = product.filter(|product| product.ask() == Ask::fixed(product.price));
            let unit = fixed.map_or(line.unit, |product| product.price);
            sum = unit.times(line.quantity).ok()?.plus(sum).ok()?;
        }
        (sum != total).then_some(sum)
    }
}
