//! Getting the codes of a trip, and waiting for them.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::bail;

use crate::cli::link::pool;
use crate::cli::{Desk, accept, tell};
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::terminal::Command;
use crate::terminal::pool_view::{PoolReport, PoolRow};
use crate::terminal::trip::plan::{PlanRow, TripPlan, account_of};

/// How long getting the codes may take.
const MINT_WAIT_MS: u64 = 12 * 3_600_000;
const MINT_POLL_MS: u64 = 200;
/// How long a till may be without the network: before it found out, or in between.
const REACH_WAIT_MS: u64 = 10_000;

/// Raises the pool for the trip and waits until everything is there.
pub(super) fn mint(desk: &mut dyn Desk, plan: &TripPlan) -> anyhow::Result<()> {
    let command = Command::PlanTrip {
        backend: Some(plan.backend.clone()),
        targets: plan.targets(),
        until: plan.until,
    };
    accept(desk.command(command)?)?;
    accept(desk.command(Command::MintLinks)?)?;
    let (mut wait, mut told) = (Wait::default(), String::new());
    loop {
        let report = pool::ask(desk, Some(plan.until))?;
        let progress = Progress::of(&report, plan);
        if progress.there >= plan.needed {
            return Ok(());
        }
        let line = format!("{} of {} codes are there", progress.there, plan.needed);
        if progress.is_refused || wait.is_over() {
            let account = account_of(&report, &plan.backend);
            let problem = account.and_then(|account| account.last_problem.as_deref());
            let problem = problem.unwrap_or("the payment account does not answer");
            bail!("{line}; {problem}; the till goes on by itself once it can");
        }
        if line != told {
            tell(&line);
            told = line;
        }
        std::thread::sleep(Duration::from_millis(MINT_POLL_MS));
        wait.goes_on(progress.is_online);
    }
}

/// How far the codes of a plan are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    /// How many of the needed codes are there.
    there: u32,
    /// Whether the account does not make codes of a sum that still lacks some.
    is_refused: bool,
    is_online: bool,
}

impl Progress {
    fn of(report: &PoolReport, plan: &TripPlan) -> Self {
        let rows = report
            .rows
            .iter()
            .filter(|row| row.backend == plan.backend && row.asking == Asking::Fixed);
        let rows: BTreeMap<Amount, &PoolRow> = rows.map(|row| (row.amount, row)).collect();
        let there = |wanted: &PlanRow| {
            let lasting = rows.get(&wanted.amount).map_or(0, |row| row.lasting);
            wanted
                .needed
                .min(u32::try_from(lasting).unwrap_or(u32::MAX))
        };
        let is_refused = |wanted: &PlanRow| {
            let row = rows.get(&wanted.amount);
            row.is_some_and(|row| row.is_refused) && there(wanted) < wanted.needed
        };
        let account = account_of(report, &plan.backend);
        Self {
            there: plan.rows.iter().map(there).sum(),
            is_refused: plan.rows.iter().any(is_refused),
            is_online: account.is_some_and(|account| account.reach == "online"),
        }
    }
}

/// How long it took so far, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Wait {
    in_all: u64,
    /// Since the account was there last.
    without: u64,
}

impl Wait {
    /// One more look is past.
    const fn goes_on(&mut self, is_online: bool) {
        self.in_all = self.in_all.saturating_add(MINT_POLL_MS);
        self.without = if is_online {
            0
        } else {
            self.without.saturating_add(MINT_POLL_MS)
        };
    }

    const fn is_over(self) -> bool {
        self.in_all > MINT_WAIT_MS || self.without > REACH_WAIT_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::time::Timestamp;
    use crate::terminal::pool_view::PoolAccount;
    use crate::terminal::trip::plan::Expected;

    fn eur(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    fn row(minor: i64, lasting: usize, is_refused: bool) -> PoolRow {
        PoolRow {
            backend: "main".to_owned(),
            amount: eur(minor),
            asking: Asking::Fixed,
            there: lasting,
            lasting,
            coming: 0,
            wanted: 2,
            low_water: 1,
            is_low: false,
            is_refused,
            next_end: None,
        }
    }

    fn report(rows: Vec<PoolRow>) -> PoolReport {
        PoolReport {
            at: Timestamp::default(),
            accounts: vec![PoolAccount {
                name: "main".to_owned(),
                kind: "4pay".to_owned(),
                reach: "online".to_owned(),
                per_minute: None,
                in_flight: 1,
                last_problem: None,
            }],
            rows,
            trip: None,
        }
    }

    #[test]
    fn only_a_refused_sum_of_the_trip_that_lacks_codes_ends_the_wait() {
        let expected = [250, 300].map(|minor| Expected {
            amount: eur(minor),
            sales: 1,
        });
        let currency = eur(0).currency;
        let empty = report(Vec::new());
        let plan = TripPlan::of(&empty, "main", &expected, currency, Timestamp::default());
        let plan = plan.unwrap();
        for (rows, there, is_refused) in [
            (vec![], 0, false),
            (vec![row(250, 1, false), row(300, 9, false)], 3, false),
            // The usual spare codes of another sum are refused: the trip does without them.
            (vec![row(250, 1, false), row(7, 0, true)], 1, false),
            (vec![row(250, 2, true), row(300, 1, false)], 3, false),
            (vec![row(250, 1, true), row(300, 2, false)], 3, true),
        ] {
            let found = Progress::of(&report(rows), &plan);
            assert_eq!((found.there, found.is_refused), (there, is_refused));
            assert!(found.is_online);
        }
    }

    #[test]
    fn a_network_that_comes_back_is_waited_for_anew() {
        let mut wait = Wait::default();
        let looks = REACH_WAIT_MS / MINT_POLL_MS;
        for _ in 0..looks {
            wait.goes_on(false);
        }
        assert!(!wait.is_over());
        wait.goes_on(true);
        for _ in 0..looks {
            wait.goes_on(false);
        }
        assert!(!wait.is_over(), "it was there in between");
        wait.goes_on(false);
        assert!(wait.is_over());
        let mut long = Wait::default();
        for _ in 0..MINT_WAIT_MS / MINT_POLL_MS {
            long.goes_on(true);
        }
        assert!(!long.is_over());
        long.goes_on(true);
        assert!(long.is_over());
    }
}
