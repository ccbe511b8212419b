//! How many spare codes the last days' sales ask for.
//!
//! What was sold is counted by the database, on the reader's thread, now and then: the till itself
//! remembers only the busiest day of each sum.

use std::collections::BTreeMap;

use super::Terminal;
use super::query::SoldSum;
use super::step::Effect;
use super::turn::Turn;
use crate::domain::link::{Ask, Asking};
use crate::domain::money::Amount;
use crate::terminal::cart::SALE_MINOR_MAX;

/// The most spare codes that past sales ask for, for one sum.
pub(super) const DEMAND_MAX: u32 = 200;
/// A sum that was sold less often on its busiest day is no habit: only prices of products have codes.
const HABIT: u32 = 2;
/// The first frame goes first.
const FIRST_READ_MS: u64 = 2_000;
/// How often sales are counted again.
const READ_AGAIN_MS: u64 = 3_600_000;

/// The busiest day of each sum, by account.
#[derive(Debug)]
pub(super) struct Demand {
    next_read_mono: u64,
    peaks: BTreeMap<(String, Amount), u32>,
}

impl Demand {
    pub(super) const fn new(mono_ms: u64) -> Self {
        Self {
            next_read_mono: mono_ms.saturating_add(FIRST_READ_MS),
            peaks: BTreeMap::new(),
        }
    }

    fn peak(&self, backend: &str, amount: Amount) -> u32 {
        let key = (backend.to_owned(), amount);
        self.peaks.get(&key).copied().unwrap_or(0)
    }

    /// Sums that are sold habitually at an account, the most frequent first.
    pub(super) fn habits(&self, backend: &str) -> Vec<Amount> {
        let its = self
            .peaks
            .iter()
            .filter(|((name, _), peak)| name == backend && **peak >= HABIT);
        let mut sums: Vec<_> = its.map(|((_, amount), peak)| (*peak, *amount)).collect();
        sums.sort_by_key(|(peak, amount)| (std::cmp::Reverse(*peak), *amount));
        sums.into_iter().map(|(_, amount)| amount).collect()
    }
}

impl Terminal {
    /// When past sales are counted again; none where the owner does not want it.
    pub(super) fn sales_due_mono(&self) -> Option<u64> {
        (self.setup.pool.by_sales_days > 0).then_some(self.demand.next_read_mono)
    }

    /// Has past sales counted, if it is time.
    pub(super) fn count_sales_when_due(&mut self, turn: &mut Turn) {
        if self
            .sales_due_mono()
            .is_none_or(|due| due > turn.now.mono_ms)
        {
            return;
        }
        self.demand.next_read_mono = turn.now.mono_ms.saturating_add(READ_AGAIN_MS);
        let count = usize::try_from(self.setup.pool.by_sales_days).unwrap_or(0);
        let days = self.setup.shop.day.last_days(turn.at(), count);
        turn.effect(Effect::CountSales { days });
    }

    /// Past sales were counted.
    pub(super) fn sales_counted(&mut self, sums: Vec<SoldSum>) {
        let currency = self.setup.shop.currency;
        let sellable = |amount: Amount| {
            amount.currency == currency && (1..=SALE_MINOR_MAX).contains(&amount.minor)
        };
        self.demand.peaks = sums
            .into_iter()
            .filter(|sum| sellable(sum.amount))
            .map(|sum| ((sum.backend, sum.amount), sum.peak.min(DEMAND_MAX)))
            .collect();
        self.retarget();
    }

    /// How many spare links that ask this are kept without a trip.
    pub(super) fn usual_spares(&self, backend: &str, ask: Ask) -> usize {
        let pool = &self.setup.pool;
        let wanted = match ask.asking {
            Asking::Fixed => pool.per_amount.max(self.demand.peak(backend, ask.amount)),
            Asking::Open => pool.open_amount,
        };
        usize::try_from(wanted).unwrap_or(0)
    }

    /// How many spare links are wanted of all accounts together, those for a trip too.
    pub(super) fn spares_wanted(&self) -> usize {
        let wanted = self.accounts.iter().map(|account| {
            let name = account.name();
            let asks = account.targets.asks();
            let asks = asks.filter(|ask| !account.targets.is_refused(*ask));
            asks.map(|ask| {
                let is_usual = self.is_pool_amount(name, ask);
                let usual = if is_usual {
                    self.usual_spares(name, ask)
                } else {
                    0
                };
                let trip = self.trip.as_ref();
                usual.max(trip.map_or(0, |trip| trip.count(name, ask)))
            })
            .sum::<usize>()
        });
        wanted.sum()
    }
}
