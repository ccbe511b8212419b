//! A trip as it is being planned: days and sums as the person chose them, the rest from what was sold
//! lately. Only numbers; the screen draws them.

use std::collections::{BTreeMap, BTreeSet};

use super::poll::Poll;
use crate::domain::catalog::Catalog;
use crate::domain::day::DayRule;
use crate::domain::link::Asking;
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::terminal::Answer;
use crate::terminal::pool_view::PoolReport;
use crate::terminal::query::SoldSum;
use crate::terminal::trip::plan::{
    Expected, PlanError, TripPlan, sales_for, shares_of, usual_shares,
};
use crate::terminal::trip::{TRIP_AMOUNTS_MAX, TRIP_CODES_MAX, Trip};

/// On how many days back sales say what will be sold.
pub(crate) const LOOK_BACK_DAYS: usize = 28;
/// The longest trip that the buttons reach, in days.
pub(crate) const DAYS_MAX: u32 = 90;
/// A trip that nobody has chosen days for.
const DAYS_USUAL: u32 = 3;
/// Sales of each price on a day, for a shop that has sold nothing yet.
const SALES_A_DAY: u32 = 2;
/// Products named beside their price.
const NAMES_MAX: usize = 3;

/// What was sold lately.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sold {
    /// On how many days.
    pub(crate) open_days: u32,
    /// Which sums.
    pub(crate) sums: Vec<SoldSum>,
}

/// What was sold, out of an answer.
pub(crate) fn pick_sold(answer: Answer) -> Option<Sold> {
    if let Answer::Sold { open_days, sums } = answer {
        Some(Sold { open_days, sums })
    } else {
        None
    }
}

/// The pool, out of an answer.
pub(crate) fn pick_pool(answer: Answer) -> Option<PoolReport> {
    if let Answer::Pool { pool } = answer {
        Some(*pool)
    } else {
        None
    }
}

/// What a person chose. What is not chosen follows the trip that is on, else what was sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The account's name.
    pub(crate) account: Option<String>,
    /// Days, today being the first.
    pub(crate) days: Option<u32>,
    /// Sales of a sum.
    pub(crate) sales: BTreeMap<Amount, u32>,
}

/// A draft with everything filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    /// The account's name.
    pub(crate) account: String,
    /// At least 1.
    pub(crate) days: u32,
    /// Its last day.
    pub(crate) last_day: chrono::NaiveDate,
    /// The end of that day.
    pub(crate) until: Timestamp,
    /// Every sum that is offered, those without sales too.
    pub(crate) expected: Vec<Expected>,
    /// Where the numbers come from that nobody chose.
    pub(crate) source: Source,
}

/// What the screen remembers between frames.
#[derive(Debug, Default)]
pub(crate) struct TripDesk {
    /// What the person chose.
    pub(crate) draft: Draft,
    /// The spare codes, counted until the end of the trip.
    pub(crate) pool: Poll<PoolReport>,
    /// What was sold lately.
    pub(crate) sold: Poll<Sold>,
    /// What is sold at each price.
    pub(crate) names: PriceNames,
}

/// Where suggested numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The trip that is on.
    Trip,
    /// The last days' sales.
    Sold,
    /// Prices of products.
    Prices,
}

impl Draft {
    /// The account that is planned for: the chosen one, that of the trip, or the first.
    fn account(&self, report: &PoolReport) -> Option<String> {
        let there = |name: &String| report.accounts.iter().any(|account| account.name == *name);
        let of_trip = report.trip.as_ref().map(|trip| trip.backend.clone());
        let chosen = self.account.clone().or(of_trip).filter(there);
        chosen.or_else(|| report.accounts.first().map(|account| account.name.clone()))
    }

    /// Days, and the instant that the last of them ends at.
    pub(crate) fn end(
        &self,
        report: &PoolReport,
        rule: DayRule,
    ) -> Option<(u32, chrono::NaiveDate, Timestamp)> {
        let days = self.days.unwrap_or_else(|| {
            let trip = report.trip.as_ref();
            trip.map_or(DAYS_USUAL, |trip| days_until(report.at, trip.until, rule))
        });
        let today = rule.day_of(report.at);
        let back = today.checked_add_days(chrono::Days::new(u64::from(days)))?;
        Some((days, back.pred_opt()?, rule.start_of(back)?))
    }

    /// Fills in what nobody chose; none without an account.
    pub(crate) fn fill(
        &self,
        report: &PoolReport,
        sold: &Sold,
        rule: DayRule,
        currency: Currency,
    ) -> Option<Filled> {
        let account = self.account(report)?;
        let (days, last_day, until) = self.end(report, rule)?;
        let trip = report.trip.as_ref().filter(|trip| trip.backend == account);
        let sums = Sums {
            shares: shares_of(&sold.sums, &account, currency),
            usual: usual_shares(report, &account),
            open_days: sold.open_days,
        };
        let source = match trip {
            Some(_) => Source::Trip,
            None if !sums.shares.is_empty() => Source::Sold,
            None => Source::Prices,
        };
        let whole = trip.map(|trip| (trip, days_until(report.at, trip.until, rule)));
        let expected = sums.offered(trip).into_iter().map(|amount| Expected {
            amount,
            sales: self.sales.get(&amount).copied().unwrap_or_else(|| {
                let sales = match whole {
                    Some((trip, whole)) => of_trip(trip, amount, days, whole),
                    None => sums.suggested(amount, days),
                };
                sales.min(sales_for(TRIP_CODES_MAX))
            }),
        });
        Some(Filled {
            account,
            days,
            last_day,
            until,
            expected: expected.collect(),
            source,
        })
    }

    /// Once the till keeps what was chosen, nothing is left to be remembered here.
    pub(crate) fn settle(&mut self, filled: &Filled, plan: &TripPlan, trip: Option<&Trip>) {
        if is_kept(filled, plan, trip) {
            *self = Self::default();
        }
    }

    /// Chooses the account after the present one.
    pub(crate) fn next_account(&mut self, report: &PoolReport, present: &str) {
        let mut names = report.accounts.iter().map(|account| &account.name);
        let first = names.clone().next();
        names.find(|name| *name == present);
        self.account = names.next().or(first).cloned();
        self.sales.clear();
    }

    /// One day less or more. A trip that was planned elsewhere may be longer than the buttons reach.
    pub(crate) fn move_days(&mut self, present: u32, by: i32) {
        let most = DAYS_MAX.max(present);
        self.days = Some(present.saturating_add_signed(by).clamp(1, most));
    }

    /// Fewer or more sales of a sum.
    pub(crate) fn move_sales(&mut self, present: Expected, more: bool) {
        let sales = if more {
            let step = step(present.sales);
            let next = present.sales.saturating_add(step);
            next.min(sales_for(TRIP_CODES_MAX))
        } else {
            let step = step(present.sales.saturating_sub(1));
            present.sales.saturating_sub(step)
        };
        self.sales.insert(present.amount, sales);
    }
}

impl Filled {
    /// What it needs and means.
    pub(crate) fn plan(
        &self,
        report: &PoolReport,
        currency: Currency,
    ) -> Result<TripPlan, PlanError> {
        TripPlan::of(report, &self.account, &self.expected, currency, self.until)
    }
}

/// Whether the trip that is on is just this one.
pub(crate) fn is_kept(filled: &Filled, plan: &TripPlan, trip: Option<&Trip>) -> bool {
    let targets: BTreeSet<_> = plan
        .targets()
        .into_iter()
        .map(|target| (target.amount, target.count))
        .collect();
    trip.is_some_and(|trip| {
        let kept = trip.targets.iter();
        let kept: BTreeSet<_> = kept.map(|target| (target.amount, target.count)).collect();
        trip.backend == filled.account && trip.until == filled.until && kept == targets
    })
}

/// Where suggestions come from.
struct Sums {
    shares: BTreeMap<Amount, u32>,
    usual: BTreeMap<Amount, u32>,
    open_days: u32,
}

impl Sums {
    /// Those of the trip, the most frequent of those that were sold, then the products' prices.
    fn offered(&self, trip: Option<&Trip>) -> Vec<Amount> {
        let of_trip = trip.into_iter().flat_map(|trip| &trip.targets);
        let of_trip = of_trip.map(|target| target.amount);
        let mut sold: Vec<_> = self.shares.iter().collect();
        sold.sort_by_key(|(amount, sales)| (std::cmp::Reverse(**sales), **amount));
        let sold = sold.into_iter().map(|(amount, _)| *amount);
        let mut seen = BTreeSet::new();
        of_trip
            .chain(sold)
            .chain(self.usual.keys().copied())
            .filter(|amount| seen.insert(*amount))
            .take(TRIP_AMOUNTS_MAX)
            .collect()
    }

    fn suggested(&self, amount: Amount, days: u32) -> u32 {
        if self.shares.is_empty() {
            return days.saturating_mul(SALES_A_DAY);
        }
        let sold = self.shares.get(&amount).copied().unwrap_or(0);
        per_days(sold, days, self.open_days)
    }
}

/// A trip's own number, in proportion where it becomes shorter or longer.
fn of_trip(trip: &Trip, amount: Amount, days: u32, whole: u32) -> u32 {
    let mut targets = trip.targets.iter();
    let target = targets.find(|target| target.amount == amount);
    target.map_or(0, |target| per_days(sales_for(target.count), days, whole))
}

/// So many on `whole` days, on `days` of them; rounded up.
fn per_days(count: u32, days: u32, whole: u32) -> u32 {
    let part = u64::from(count).saturating_mul(u64::from(days));
    u32::try_from(part.div_ceil(u64::from(whole.max(1)))).unwrap_or(u32::MAX)
}

/// Days from now until an instant, a day that has begun counted whole.
fn days_until(at: Timestamp, until: Timestamp, rule: DayRule) -> u32 {
    let last = rule.day_of(until.plus_millis(-1));
    let days = last.signed_duration_since(rule.day_of(at)).num_days();
    u32::try_from(days.saturating_add(1)).unwrap_or(1).max(1)
}

/// How much one press changes a number.
const fn step(sales: u32) -> u32 {
    match sales {
        ..20 => 1,
        20..100 => 5,
        100.. => 25,
    }
}

/// What is sold at each price, in a few words; made once for each catalog.
#[derive(Debug, Default)]
pub(crate) struct PriceNames {
    revision: Option<u64>,
    names: BTreeMap<Amount, String>,
}

impl PriceNames {
    /// The products of a price; empty where there are none.
    pub(crate) fn of(&mut self, catalog: &Catalog, amount: Amount) -> &str {
        if self.revision != Some(catalog.revision()) {
            self.revision = Some(catalog.revision());
            self.names = names(catalog);
        }
        self.names.get(&amount).map_or("", String::as_str)
    }
}

fn names(catalog: &Catalog) -> BTreeMap<Amount, String> {
    let mut named: BTreeMap<Amount, Vec<&str>> = BTreeMap::new();
    for product in catalog.products() {
        if product.asking == Asking::Fixed {
            let names = named.entry(product.price).or_default();
            if names.len() <= NAMES_MAX {
                names.push(&product.name);
            }
        }
    }
    let said = named.into_iter().map(|(amount, names)| {
        let more = if names.len() > NAMES_MAX { ", …" } else { "" };
        let kept: Vec<_> = names.into_iter().take(NAMES_MAX).collect();
        (amount, format!("{}{more}", kept.join(", ")))
    });
    said.collect()
}
