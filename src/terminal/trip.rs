//! Spare codes for days without a network: so many for each sum, until the shop is back.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::cart::SALE_MINOR_MAX;
use super::links::FRESH_MARGIN_MS;
use super::notice::Notice;
use super::turn::Turn;
use super::{Terminal, recover};
use crate::domain::link::{Ask, Asking};
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;

pub mod plan;

/// The most different sums of one trip.
pub const TRIP_AMOUNTS_MAX: usize = 200;
/// The most spare codes for one sum.
pub const TRIP_CODES_MAX: u32 = 5_000;

/// How much longer than the trip its codes live, in milliseconds.
const END_MARGIN_MS: i64 = 2 * FRESH_MARGIN_MS;

/// What is kept ready for a trip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// The account's name.
    pub backend: String,
    /// How many spare codes for each sum.
    pub targets: Vec<TripTarget>,
    /// Its end: codes that end earlier do not count.
    pub until: Timestamp,
}

/// So many codes for one sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TripTarget {
    /// Above zero.
    pub amount: Amount,
    /// From 1 to [`TRIP_CODES_MAX`].
    pub count: u32,
}

impl Trip {
    /// How many codes it wants that ask this; zero once it is over.
    pub(super) fn wanted(&self, backend: &str, ask: Ask, at: Timestamp) -> usize {
        if self.until > at {
            self.count(backend, ask)
        } else {
            0
        }
    }

    /// How many codes it wants that ask this, whether it is over or not: see
    /// [`Terminal::end_trip_when_over`].
    pub(super) fn count(&self, backend: &str, ask: Ask) -> usize {
        let is_its = self.backend == backend && ask.asking == Asking::Fixed;
        let target = self
            .targets
            .iter()
            .find(|target| target.amount == ask.amount);
        let count = target.filter(|_| is_its).map_or(0, |target| target.count);
        usize::try_from(count).unwrap_or(usize::MAX)
    }
}

impl Terminal {
    /// Keeps more spare codes until the end of a trip; no targets end the trip now.
    pub(super) fn plan_trip(
        &mut self,
        turn: &mut Turn,
        backend: Option<&str>,
        targets: Vec<TripTarget>,
        until: Timestamp,
    ) -> Result<(), Notice> {
        let account = self.account(backend)?.ok_or(Notice::NoBackend)?;
        let backend = account.name().to_owned();
        self.check_targets(&targets)?;
        let trip = Trip {
            backend,
            targets,
            until,
        };
        let trip = Some(trip).filter(|trip| !trip.targets.is_empty());
        turn.journal("trip_planned", "", &json!({ "trip": trip }));
        recover::save(turn, recover::TRIP, &trip);
        self.trip = trip;
        self.retarget();
        Ok(())
    }

    /// Forgets a trip that is over, so that its codes are not missed for ever. Asked only while a
    /// server says what time it is.
    pub(super) fn end_trip_when_over(&mut self, turn: &mut Turn) {
        let at = turn.now.best();
        let Some(trip) = self.trip.take_if(|trip| trip.until <= at) else {
            return;
        };
        turn.journal("trip_over", "", &json!({ "trip": trip }));
        recover::save(turn, recover::TRIP, &self.trip);
        self.retarget();
    }

    fn check_targets(&self, targets: &[TripTarget]) -> Result<(), Notice> {
        if targets.len() > TRIP_AMOUNTS_MAX {
            return Err(Notice::TooMany {
                limit: TRIP_AMOUNTS_MAX,
            });
        }
        let currency = self.setup.shop.currency;
        for target in targets {
            let amount = target.amount;
            if amount.currency != currency {
                return Err(Notice::WrongCurrency {
                    product: amount.to_decimal(),
                    found: amount.currency.code().to_owned(),
                    expected: currency.code().to_owned(),
                });
            }
            if amount.minor <= 0 {
                return Err(Notice::AmountNotPositive);
            }
            if amount.minor > SALE_MINOR_MAX {
                return Err(Notice::AmountTooLarge);
            }
            if !(1..=TRIP_CODES_MAX).contains(&target.count) {
                return Err(Notice::TooMany {
                    limit: usize::try_from(TRIP_CODES_MAX).unwrap_or(usize::MAX),
                });
            }
        }
        Ok(())
    }

    /// What spare codes the trip wants of an account, besides the usual ones.
    pub(super) fn trip_asks(&self, backend: &str) -> Vec<Ask> {
        let trip = self.trip.as_ref().filter(|trip| trip.backend == backend);
        let targets = trip.into_iter().flat_map(|trip| &trip.targets);
        targets.map(|target| Ask::fixed(target.amount)).collect()
    }

    /// Whether an account has too few spare codes that ask this.
    pub(super) fn is_short(&self, backend: &str, ask: Ask, at: Timestamp) -> bool {
        let usual = self.usual_spares(backend, ask);
        let is_usual = || self.is_pool_amount(backend, ask);
        if self.links.spares_or_coming(backend, ask) < usual && is_usual() {
            return true;
        }
        self.trip.as_ref().is_some_and(|trip| {
            let wanted = trip.wanted(backend, ask, at);
            wanted > 0 && self.links.spares_lasting(backend, ask, trip.until) < wanted
        })
    }

    /// When a spare code that is made now ends: codes for a trip last until its end.
    pub(super) fn spare_end(&self, backend: &str, ask: Ask, at: Timestamp) -> Timestamp {
        let life_ms = i64::from(self.setup.pool.max_age_hours).saturating_mul(3_600_000);
        let usual = at.plus_millis(life_ms);
        let trip = self.trip.as_ref();
        let trip = trip.filter(|trip| trip.wanted(backend, ask, at) > 0);
        // A code is not shown any more shortly before its end.
        trip.map_or(usual, |trip| {
            usual.max(trip.until.plus_millis(END_MARGIN_MS))
        })
    }
}
