//! What a trip needs and what it means: arithmetic for the screen and for the command alike.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{TRIP_AMOUNTS_MAX, TRIP_CODES_MAX, TripTarget};
use crate::domain::link::Asking;
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, PaymentBackend};
use crate::terminal::pool_view::{PoolAccount, PoolReport, PoolRow};
use crate::terminal::query::SoldSum;

/// One code more for each so many sales.
const RESERVE_PART: u32 = 5;
/// What one request takes where nobody limits the pace, in seconds: a careful guess.
const REQUEST_SECS: u64 = 1;

/// How many sales of a sum a trip expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The sum.
    pub amount: Amount,
    /// On all days together.
    pub sales: u32,
}

/// Why there can be no such plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The account's name is not among those of the pool.
    #[error("there is no such payment account: see [[backend]] in the configuration")]
    NoAccount,
    /// One sum needs more than [`TRIP_CODES_MAX`].
    #[error("{codes} codes for {} are too many: plan at most {TRIP_CODES_MAX} for one sum", amount.to_decimal())]
    TooManyCodes {
        /// What it would need.
        codes: u32,
        /// Which sum.
        amount: Amount,
    },
    /// More than [`TRIP_AMOUNTS_MAX`] sums.
    #[error("{sums} different sums are too many: name at most {TRIP_AMOUNTS_MAX}")]
    TooManySums {
        /// How many there are.
        sums: usize,
    },
    /// Money beyond what can be counted.
    #[error("these sums are too large to be added up: plan less")]
    TooLarge,
}

/// What a trip needs, what of it is there, and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TripPlan {
    /// The account's name.
    pub backend: String,
    /// The provider's word: `4pay`.
    pub kind: String,
    /// The end of the last day.
    pub until: Timestamp,
    /// By sum.
    pub rows: Vec<PlanRow>,
    /// Codes that the trip needs.
    pub needed: u32,
    /// Those that are there and last until its end; more than needed where there are more.
    pub there: u32,
    /// Those that are still to be got.
    pub to_get: u32,
    /// How long getting them takes at most.
    pub seconds: u64,
    /// What somebody could be made to pay, or could be handed out unpaid, if all of it were lost.
    pub exposes: Amount,
    /// Spare codes of these sums that end before the trip does; they do not count.
    pub end_before: u32,
    /// Whether the account can switch off what is left over.
    pub can_withdraw: bool,
    /// Whether its codes end by themselves.
    pub can_expire: bool,
}

/// One sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanRow {
    /// The sum.
    pub amount: Amount,
    /// Sales.
    pub expected: u32,
    /// Codes for them, and a reserve.
    pub needed: u32,
    /// Those that are there and last.
    pub there: u32,
    /// Those that are still to be got.
    pub to_get: u32,
    /// Whether the account does not make such codes.
    pub is_refused: bool,
}

impl TripPlan {
    /// Compares what is needed with what is there. `report` must be one that counts until `until`.
    pub fn of(
        report: &PoolReport,
        backend: &str,
        expected: &[Expected],
        currency: Currency,
        until: Timestamp,
    ) -> Result<Self, PlanError> {
        let account = account_of(report, backend).ok_or(PlanError::NoAccount)?;
        let can = backend::codec(&account.kind).map(PaymentBackend::capabilities);
        let sums = expected.len();
        if sums > TRIP_AMOUNTS_MAX {
            return Err(PlanError::TooManySums { sums });
        }
        let mut plan = Self {
            backend: account.name.clone(),
            kind: account.kind.clone(),
            until,
            rows: Vec::with_capacity(sums),
            needed: 0,
            there: 0,
            to_get: 0,
            seconds: 0,
            exposes: Amount::new(0, currency),
            end_before: 0,
            can_withdraw: can.is_some_and(|can| can.withdraw),
            can_expire: can.is_some_and(|can| can.expiry),
        };
        let rows = rows_of(report, backend);
        for expected in expected.iter().filter(|expected| expected.sales > 0) {
            plan.add(rows.get(&expected.amount).copied(), *expected)?;
        }
        plan.seconds = seconds(account, plan.to_get);
        Ok(plan)
    }

    fn add(&mut self, row: Option<&PoolRow>, expected: Expected) -> Result<(), PlanError> {
        let Expected { amount, sales } = expected;
        let needed = codes_for(sales);
        if needed > TRIP_CODES_MAX {
            let codes = needed;
            return Err(PlanError::TooManyCodes { codes, amount });
        }
        let there = row.map_or(0, |row| count(row.lasting));
        let short_lived = row.map_or(0, |row| count(row.there).saturating_sub(there));
        let to_get = needed.saturating_sub(there);
        let at_risk = amount.times(there.max(needed));
        let exposes = at_risk.and_then(|at_risk| self.exposes.plus(at_risk));
        self.exposes = exposes.map_err(|_mixed_or_too_large| PlanError::TooLarge)?;
        self.needed = self.needed.saturating_add(needed);
        self.there = self.there.saturating_add(there);
        self.to_get = self.to_get.saturating_add(to_get);
        self.end_before = self.end_before.saturating_add(short_lived);
        self.rows.push(PlanRow {
            amount,
            expected: sales,
            needed,
            there,
            to_get,
            is_refused: row.is_some_and(|row| row.is_refused),
        });
        Ok(())
    }

    /// What the till is to keep ready.
    pub fn targets(&self) -> Vec<TripTarget> {
        let targets = self.rows.iter().map(|row| TripTarget {
            amount: row.amount,
            count: row.needed,
        });
        targets.collect()
    }

    /// How many of the needed codes are there.
    pub const fn ready(&self) -> u32 {
        self.needed.saturating_sub(self.to_get)
    }

    /// Whether everything is there before `start`, if getting it begins at `now`.
    pub fn is_in_time(&self, now: Timestamp, start: Timestamp) -> bool {
        let takes_ms = i64::try_from(self.seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
        self.to_get == 0 || now.plus_millis(takes_ms) <= start
    }
}

/// The codes for so many sales: some customers need a second one.
pub const fn codes_for(sales: u32) -> u32 {
    sales.saturating_add(sales.div_ceil(RESERVE_PART))
}

/// The sales that so many codes are for: the reverse of [`codes_for`].
pub fn sales_for(codes: u32) -> u32 {
    let part = u64::from(RESERVE_PART);
    let sales = u64::from(codes).saturating_mul(part);
    let sales = sales.checked_div(part.saturating_add(1)).unwrap_or(0);
    u32::try_from(sales).unwrap_or(codes)
}

/// Deals out so many sales by how often each sum is asked for; each gets at least one.
pub fn spread(shares: &BTreeMap<Amount, u32>, sales: u32) -> Vec<Expected> {
    let all: u64 = shares.values().map(|share| u64::from(*share)).sum();
    let dealt = shares.iter().map(|(amount, share)| {
        let part = u64::from(sales).saturating_mul(u64::from(*share));
        Expected {
            amount: *amount,
            sales: u32::try_from(part.div_ceil(all.max(1))).unwrap_or(sales),
        }
    });
    dealt.collect()
}

/// How often each sum was sold at an account, the most frequent ones.
pub fn shares_of(sold: &[SoldSum], backend: &str, currency: Currency) -> BTreeMap<Amount, u32> {
    let its = |sum: &&SoldSum| sum.backend == backend && sum.amount.currency == currency;
    let mut sums: Vec<&SoldSum> = sold.iter().filter(its).collect();
    sums.sort_by_key(|sum| (std::cmp::Reverse(sum.sales), sum.amount));
    let kept = sums.into_iter().take(TRIP_AMOUNTS_MAX);
    kept.map(|sum| (sum.amount, sum.sales)).collect()
}

/// The sums that spare codes are kept for anyway, once each: for a shop that sold nothing yet.
pub fn usual_shares(report: &PoolReport, backend: &str) -> BTreeMap<Amount, u32> {
    let rows = report.rows.iter().filter(|row| {
        row.backend == backend && row.asking == Asking::Fixed && row.wanted > 0 && !row.is_refused
    });
    let kept = rows.take(TRIP_AMOUNTS_MAX);
    kept.map(|row| (row.amount, 1)).collect()
}

/// An account of a report.
pub fn account_of<'a>(report: &'a PoolReport, backend: &str) -> Option<&'a PoolAccount> {
    let mut accounts = report.accounts.iter();
    accounts.find(|account| account.name == backend)
}

fn rows_of<'a>(report: &'a PoolReport, backend: &str) -> BTreeMap<Amount, &'a PoolRow> {
    let rows = report
        .rows
        .iter()
        .filter(|row| row.backend == backend && row.asking == Asking::Fixed);
    rows.map(|row| (row.amount, row)).collect()
}

/// How long so many requests take, by the account's pace and by what is under way at once.
fn seconds(account: &PoolAccount, to_get: u32) -> u64 {
    let to_get = u64::from(to_get);
    let at_once = u64::from(account.in_flight.max(1));
    let by_network = to_get.saturating_mul(REQUEST_SECS).div_ceil(at_once);
    let by_pace = account.per_minute.map_or(0, |per_minute| {
        let per_minute = u64::from(per_minute.max(1));
        to_get.saturating_mul(60).div_ceil(per_minute)
    });
    by_network.max(by_pace)
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::link::Ask;

    fn eur(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    fn expected(minor: i64, sales: u32) -> Expected {
        Expected {
            amount: eur(minor),
            sales,
        }
    }

    fn report(per_minute: Option<u32>, rows: Vec<PoolRow>) -> PoolReport {
        PoolReport {
            at: Timestamp::default(),
            accounts: vec![PoolAccount {
                name: "main".to_owned(),
                kind: "4geeks".to_owned(),
                reach: "online".to_owned(),
                per_minute,
                in_flight: 4,
                last_problem: None,
            }],
            rows,
            trip: None,
        }
    }

    fn row(minor: i64, there: usize, lasting: usize) -> PoolRow {
        PoolRow {
            backend: "main".to_owned(),
            amount: eur(minor),
            asking: Ask::fixed(eur(minor)).asking,
            there,
            lasting,
            coming: 0,
            wanted: 2,
            low_water: 1,
            is_low: false,
            is_refused: false,
            next_end: None,
        }
    }

    fn plan(report: &PoolReport, wanted: &[Expected]) -> Result<TripPlan, PlanError> {
        let currency = eur(0).currency;
        TripPlan::of(report, "main", wanted, currency, Timestamp::default())
    }

    #[test]
    fn every_sum_gets_its_share_and_a_reserve() {
        let shares = BTreeMap::from([(eur(250), 2), (eur(300), 1)]);
        assert_eq!(spread(&shares, 100), [expected(250, 67), expected(300, 34)]);
        assert_eq!(spread(&shares, 1), [expected(250, 1), expected(300, 1)]);
        for (sales, codes) in [(0, 0), (1, 2), (5, 6), (6, 8), (67, 81), (4_166, 5_000)] {
            assert_eq!(codes_for(sales), codes, "{sales}");
        }
        for sales in 0..TRIP_CODES_MAX {
            assert_eq!(sales_for(codes_for(sales)), sales, "there and back");
        }
        assert_eq!(sales_for(u32::MAX), 3_579_139_412, "no overflow");
    }

    #[test]
    fn what_is_there_and_lasts_is_not_got_again() {
        let report = report(None, vec![row(250, 5, 3), row(300, 9, 9)]);
        let found = plan(
            &report,
            &[expected(250, 5), expected(300, 5), expected(400, 0)],
        )
        .unwrap();
        let rows: Vec<_> = found
            .rows
            .iter()
            .map(|row| (row.amount.minor, row.needed, row.there, row.to_get))
            .collect();
        assert_eq!(rows, [(250, 6, 3, 3), (300, 6, 9, 0)]);
        assert_eq!((found.needed, found.there, found.to_get), (12, 12, 3));
        assert_eq!((found.ready(), found.end_before), (9, 2));
        assert_eq!(
            found.exposes,
            eur(6 * 250 + 9 * 300),
            "what is left over counts"
        );
        assert_eq!((found.can_withdraw, found.can_expire), (false, false));
    }

    #[test]
    fn getting_codes_takes_as_long_as_pace_and_network_say() {
        for (per_minute, sales, secs) in [
            (None, 5, 2),
            (None, 100, 30),
            (Some(60), 100, 120),
            (Some(1), 5, 360),
            (Some(0), 5, 360),
            (Some(6_000), 100, 30),
        ] {
            let found = plan(&report(per_minute, Vec::new()), &[expected(250, sales)]).unwrap();
            assert_eq!(found.seconds, secs, "{per_minute:?} {sales}");
            let at = |secs: i64| Timestamp::from_millis(secs * 1_000);
            let end = at(i64::try_from(secs).unwrap());
            assert!(found.is_in_time(at(0), end));
            assert!(!found.is_in_time(at(1), end));
        }
    }

    #[test]
    fn a_plan_beyond_its_bounds_is_none() {
        let report = report(None, Vec::new());
        assert_eq!(
            plan(&report, &[expected(250, 4_166)]).unwrap().needed,
            5_000
        );
        let said = plan(&report, &[expected(250, 4_167)]).unwrap_err();
        assert!(said.to_string().contains("at most 5000"), "{said}");
        let many = |count: i64| {
            (1..=count)
                .map(|minor| expected(minor, 1))
                .collect::<Vec<_>>()
        };
        assert!(plan(&report, &many(200)).is_ok());
        let said = plan(&report, &many(201)).unwrap_err();
        assert_eq!(said, PlanError::TooManySums { sums: 201 });
        let said = plan(&report, &[expected(i64::MAX, 1)]).unwrap_err();
        assert_eq!(said, PlanError::TooLarge);
        let other = TripPlan::of(&report, "other", &[], eur(0).currency, Timestamp::default());
        assert_eq!(other, Err(PlanError::NoAccount));
    }

    #[test]
    fn shares_are_those_of_the_account_and_the_most_frequent_ones() {
        let sum = |backend: &str, minor, sales| SoldSum {
            backend: backend.to_owned(),
            amount: eur(minor),
            sales,
            peak: sales,
        };
        let sold = [
            sum("main", 250, 3),
            sum("main", 300, 1),
            sum("other", 250, 9),
        ];
        let shares = shares_of(&sold, "main", eur(0).currency);
        assert_eq!(shares, BTreeMap::from([(eur(250), 3), (eur(300), 1)]));
        let many: Vec<_> = (1..=201).map(|minor| sum("main", minor, 9)).collect();
        let kept = shares_of(
            &[&[sum("main", 999, 10)], &many[..]].concat(),
            "main",
            eur(0).currency,
        );
        assert_eq!(kept.len(), TRIP_AMOUNTS_MAX);
        assert!(kept.contains_key(&eur(999)) && !kept.contains_key(&eur(201)));
        let report = report(
            None,
            vec![
                row(250, 0, 0),
                PoolRow {
                    wanted: 0,
                    ..row(300, 1, 1)
                },
            ],
        );
        assert_eq!(
            usual_shares(&report, "main"),
            BTreeMap::from([(eur(250), 1)])
        );
    }
}
