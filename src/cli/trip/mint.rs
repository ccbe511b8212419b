//! Getting the codes of a trip, and waiting for them.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::bail;

use crate::cli::link::pool;
use crate::cli::{Desk, accept, tell};
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::terminal::Command;
use crate::terminal::pool_view::PoolReport;
use crate::terminal::trip::plan::{TripPlan, account_of};

/// How long getting the codes may take.
const MINT_WAIT_MS: u64 = 12 * 3_600_000;
const MINT_POLL_MS: u64 = 200;
/// How long a till may need to find out whether the network is there.
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
    let (mut waited, mut told) = (0_u64, String::new());
    loop {
        let report = pool::ask(desk, Some(plan.until))?;
        let there = there(&report, plan);
        if there >= plan.needed {
            return Ok(());
        }
        let line = format!("{there} of {} codes are there", plan.needed);
        let account = account_of(&report, &plan.backend);
        let online = account.is_some_and(|account| account.reach == "online");
        let refused = report.rows.iter().any(|row| {
            row.backend == plan.backend && row.is_refused && row.asking == Asking::Fixed
        });
        if refused || waited > if online { MINT_WAIT_MS } else { REACH_WAIT_MS } {
            let problem = account.and_then(|account| account.last_problem.as_deref());
            let problem = problem.unwrap_or("the payment account does not answer");
            bail!("{line}; {problem}; the till goes on by itself once it can");
        }
        if line != told {
            tell(&line);
            told = line;
        }
        std::thread::sleep(Duration::from_millis(MINT_POLL_MS));
        waited = waited.saturating_add(MINT_POLL_MS);
    }
}

/// How many of the needed codes are there.
fn there(report: &PoolReport, plan: &TripPlan) -> u32 {
    let rows = report
        .rows
        .iter()
        .filter(|row| row.backend == plan.backend && row.asking == Asking::Fixed);
    let lasting: BTreeMap<Amount, usize> = rows.map(|row| (row.amount, row.lasting)).collect();
    let there = plan.rows.iter().map(|row| {
        let lasting = lasting.get(&row.amount).copied().unwrap_or(0);
        row.needed.min(u32::try_from(lasting).unwrap_or(u32::MAX))
    });
    there.sum()
}
