//! `tillcode trip`: days without a network, planned.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::catalog::{ShopContext, products};
use super::link::{account, pool};
use super::sync::span;
use super::{Desk, accept, table, tell, to_json, unexpected};
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, PaymentBackend};
use crate::terminal::pool_view::PoolReport;
use crate::terminal::trip::{TRIP_AMOUNTS_MAX, TRIP_CODES_MAX, TripTarget};
use crate::terminal::{Answer, Command, Query};

/// So many sales, and one code more for each five of them.
const RESERVE_PART: u32 = 5;
/// How far back sales say what will be sold, in milliseconds.
const LOOK_BACK_MS: i64 = 28 * 24 * 3_600_000;
/// The most of these sales.
const SALES_MAX: usize = 10_000;
/// What one request takes where nobody limits the pace, in seconds: a careful guess.
const REQUEST_SECS: u64 = 1;
/// How long getting the codes may take.
const MINT_WAIT_MS: u64 = 12 * 3_600_000;
const MINT_POLL_MS: u64 = 200;
/// How long a till may need to find out whether the network is there.
const REACH_WAIT_MS: u64 = 10_000;

#[derive(Debug, Args)]
pub(super) struct TripArgs {
    /// The first day (2026-12-24).
    #[arg(long, value_name = "DATE", required_unless_present = "stop")]
    from: Option<NaiveDate>,
    /// The last day.
    #[arg(long, value_name = "DATE", required_unless_present = "stop")]
    to: Option<NaiveDate>,
    /// How many sales are expected on all these days.
    #[arg(long, value_name = "N", required_unless_present = "stop", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    sales: Option<u32>,
    /// What will be sold; named twice it counts twice. Without, what was sold lately.
    #[arg(long)]
    sku: Vec<String>,
    /// A sum that will be asked for, as the shop writes it (12.50); named twice it counts twice.
    #[arg(long)]
    amount: Vec<String>,
    /// The payment account; without it the first one.
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// Gets the codes that are missing, and waits for them. Can be broken off and repeated.
    #[arg(long)]
    mint: bool,
    /// Ends the trip: no more codes are kept for it.
    #[arg(long, conflicts_with_all = ["from", "to", "sales", "sku", "amount", "mint"])]
    stop: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// What a trip needs and means, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
struct Plan {
    backend: String,
    kind: String,
    from: NaiveDate,
    to: NaiveDate,
    /// The end of the last day.
    until: Timestamp,
    sales: u32,
    rows: Vec<PlanRow>,
    needed: u32,
    there: u32,
    to_get: u32,
    /// How long getting them takes at most.
    seconds: u64,
    /// Whether they are all there before the first day begins.
    in_time: bool,
    /// What somebody could be made to pay, or could be handed out unpaid, if all of it were lost.
    exposes: Amount,
    /// Spare codes that end before the last day does; they do not count.
    end_before: u32,
    can_withdraw: bool,
    can_expire: bool,
}

/// One sum.
#[derive(Clone, Debug, Serialize)]
struct PlanRow {
    amount: Amount,
    expected: u32,
    needed: u32,
    there: u32,
    to_get: u32,
}

pub(super) fn run(
    context: &ShopContext,
    desk: &mut dyn Desk,
    args: &TripArgs,
) -> anyhow::Result<String> {
    let (Some(from), Some(to), Some(sales)) = (args.from, args.to, args.sales) else {
        return stop(desk, args);
    };
    ensure!(from <= to, "--from is after --to: name the first day first");
    let until = context
        .end_of_day(to)
        .context("--to is beyond all calendars")?;
    ensure!(
        until > context.now,
        "--to is past: name days that are still to come"
    );
    let shares = shares(context, desk, args)?;
    let needs = needs(&shares, sales)?;
    let mut plan = Plan {
        backend: args.backend.clone().unwrap_or_default(),
        kind: String::new(),
        from,
        to,
        until,
        sales,
        rows: Vec::new(),
        needed: 0,
        there: 0,
        to_get: 0,
        seconds: 0,
        in_time: false,
        exposes: Amount::new(0, context.currency),
        end_before: 0,
        can_withdraw: false,
        can_expire: false,
    };
    plan.complete(context, desk, &needs, args.backend.as_deref())?;
    if args.mint {
        mint(desk, &plan)?;
        plan.complete(context, desk, &needs, args.backend.as_deref())?;
    }
    if args.json {
        return to_json(&plan);
    }
    plan.in_words()
}

fn stop(desk: &mut dyn Desk, args: &TripArgs) -> anyhow::Result<String> {
    let command = Command::PlanTrip {
        backend: args.backend.clone(),
        targets: Vec::new(),
        until: Timestamp::default(),
    };
    accept(desk.command(command)?)?;
    if args.json {
        return to_json(&serde_json::json!({ "trip": null }));
    }
    Ok("the trip is over: codes that are there stay, no more are got for it".to_owned())
}

/// Sums by how often each is asked for.
type Shares = BTreeMap<Amount, u32>;

fn shares(context: &ShopContext, desk: &mut dyn Desk, args: &TripArgs) -> anyhow::Result<Shares> {
    let mut shares = Shares::new();
    let mut count = |amount: Amount| {
        let share = shares.entry(amount).or_default();
        *share = share.saturating_add(1);
    };
    for text in &args.amount {
        let amount = Amount::parse(text, context.locale, context.currency);
        let amount = amount.with_context(|| format!("the amount {text:?} cannot be read"))?;
        ensure!(amount.minor > 0, "the amount {text:?} must be above zero");
        count(amount);
    }
    let listed = if args.sku.is_empty() {
        Vec::new()
    } else {
        products(desk)?
    };
    for sku in &args.sku {
        let product = listed.iter().find(|product| product.sku == *sku);
        let product = product.with_context(|| {
            format!("there is no product {sku:?}: `tillcode product list` shows them")
        })?;
        ensure!(
            product.asking == Asking::Fixed,
            "the payer says how much {sku:?} is: name an --amount"
        );
        count(product.price);
    }
    if shares.is_empty() {
        shares = of_late(context, desk)?;
    }
    ensure!(
        shares
            .keys()
            .all(|amount| amount.currency == context.currency),
        "this till sells in {} only: name sums in it",
        context.currency
    );
    ensure!(
        shares.len() <= TRIP_AMOUNTS_MAX,
        "{} different sums are too many: name at most {TRIP_AMOUNTS_MAX}",
        shares.len()
    );
    Ok(shares)
}

/// What was sold lately, the most frequent sums; for a shop that sold nothing yet, its spare codes'.
fn of_late(context: &ShopContext, desk: &mut dyn Desk) -> anyhow::Result<Shares> {
    let query = Query::Sales {
        since: context.now.plus_millis(LOOK_BACK_MS.saturating_neg()),
        limit: SALES_MAX,
    };
    let answer = desk.query(query)?;
    let Answer::Sales { sales } = answer else {
        return Err(unexpected(answer));
    };
    let mut counts = Shares::new();
    for sale in sales
        .iter()
        .filter(|sale| sale.total.currency == context.currency)
    {
        let count = counts.entry(sale.total).or_default();
        *count = count.saturating_add(1);
    }
    let mut counts: Vec<(Amount, u32)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(TRIP_AMOUNTS_MAX);
    let found: Shares = counts.into_iter().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let rows = pool::ask(desk, None)?.rows.into_iter();
    let fixed = rows.filter(|row| row.asking == Asking::Fixed && row.wanted > 0);
    let fixed: Shares = fixed.map(|row| (row.amount, 1)).collect();
    ensure!(
        !fixed.is_empty(),
        "nothing was sold yet: say what will be sold with --sku or --amount"
    );
    Ok(fixed)
}

/// The expected sales of each sum, and how many codes they need.
fn needs(shares: &Shares, sales: u32) -> anyhow::Result<Vec<(Amount, u32, u32)>> {
    let all: u64 = shares.values().map(|share| u64::from(*share)).sum();
    let mut needs = Vec::with_capacity(shares.len());
    for (amount, share) in shares {
        let expected = u64::from(sales).saturating_mul(u64::from(*share));
        let expected = u32::try_from(expected.div_ceil(all.max(1)))?;
        let needed = expected.saturating_add(expected.div_ceil(RESERVE_PART));
        ensure!(
            needed <= TRIP_CODES_MAX,
            "{needed} codes for {} are too many: plan at most {TRIP_CODES_MAX} for one sum",
            amount.to_decimal()
        );
        needs.push((*amount, expected, needed));
    }
    Ok(needs)
}

impl Plan {
    /// Compares what is needed with what is there now.
    fn complete(
        &mut self,
        context: &ShopContext,
        desk: &mut dyn Desk,
        needs: &[(Amount, u32, u32)],
        backend: Option<&str>,
    ) -> anyhow::Result<()> {
        let account = account(desk, backend)?;
        let report = pool::ask(desk, Some(self.until))?;
        (self.backend, self.kind) = (account.name, account.kind);
        let can = backend::codec(&self.kind).map(PaymentBackend::capabilities);
        self.can_withdraw = can.is_some_and(|can| can.withdraw);
        self.can_expire = can.is_some_and(|can| can.expiry);
        self.rows.clear();
        (self.needed, self.there, self.to_get, self.end_before) = (0, 0, 0, 0);
        self.exposes = Amount::new(0, context.currency);
        for (amount, expected, needed) in needs {
            let (lasting, end_before) = spares(&report, &self.backend, *amount);
            let to_get = needed.saturating_sub(lasting);
            self.needed = self.needed.saturating_add(*needed);
            self.there = self.there.saturating_add(lasting);
            self.to_get = self.to_get.saturating_add(to_get);
            self.end_before = self.end_before.saturating_add(end_before);
            let at_risk = amount.times(lasting.max(*needed));
            let sum = at_risk.and_then(|at_risk| self.exposes.plus(at_risk));
            self.exposes = sum.context("these sums are too large to be added up: plan less")?;
            self.rows.push(PlanRow {
                amount: *amount,
                expected: *expected,
                needed: *needed,
                there: lasting,
                to_get,
            });
        }
        self.seconds = seconds(&report, &self.backend, self.to_get);
        let ready_ms = i64::try_from(self.seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
        let start = context.day.start_of(self.from);
        self.in_time = self.to_get == 0
            || start.is_some_and(|start| context.now.plus_millis(ready_ms) <= start);
        Ok(())
    }

    fn in_words(&self) -> anyhow::Result<String> {
        let mut rows = vec![["amount", "expected", "codes", "there", "to get"].map(str::to_owned)];
        rows.extend(self.rows.iter().map(|row| {
            [
                format!("{} {}", row.amount.to_decimal(), row.amount.currency),
                row.expected.to_string(),
                row.needed.to_string(),
                row.there.to_string(),
                row.to_get.to_string(),
            ]
        }));
        let mut text = table(&rows);
        let took = span(self.seconds.saturating_mul(1_000));
        match (self.to_get, self.in_time) {
            (0, _) => writeln!(text, "all {} codes are there", self.needed)?,
            (to_get, true) => writeln!(
                text,
                "{to_get} codes are missing; getting them takes about {took}: --mint gets them"
            )?,
            (to_get, false) => writeln!(
                text,
                "{to_get} codes are missing; getting them takes about {took}, which is not over \
                 before {}: --mint now, or plan fewer",
                self.from
            )?,
        }
        writeln!(
            text,
            "up to {} {} are at stake if all of them are handed out and none is paid",
            self.exposes.to_decimal(),
            self.exposes.currency
        )?;
        if !self.can_withdraw {
            writeln!(
                text,
                "{} cannot switch a code off: what is left over stays payable",
                self.kind
            )?;
        }
        if !self.can_expire {
            writeln!(text, "{} cannot give a code an end", self.kind)?;
        }
        if self.end_before > 0 {
            writeln!(
                text,
                "{} spare codes end before {} does and are not counted",
                self.end_before, self.to
            )?;
        }
        Ok(text)
    }
}

/// The spare codes of a sum that last, and those that do not.
fn spares(report: &PoolReport, backend: &str, amount: Amount) -> (u32, u32) {
    let row = report
        .rows
        .iter()
        .find(|row| row.backend == backend && row.amount == amount && row.asking == Asking::Fixed);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    row.map_or((0, 0), |row| {
        let lasting = count(row.lasting);
        (lasting, count(row.there).saturating_sub(lasting))
    })
}

/// How long so many requests take, by the account's pace and by what is under way at once.
fn seconds(report: &PoolReport, backend: &str, to_get: u32) -> u64 {
    let Some(account) = report
        .accounts
        .iter()
        .find(|account| account.name == backend)
    else {
        return 0;
    };
    let to_get = u64::from(to_get);
    let at_once = u64::from(account.in_flight.max(1));
    let by_network = to_get.saturating_mul(REQUEST_SECS).div_ceil(at_once);
    let by_pace = account.per_minute.map_or(0, |per_minute| {
        let per_minute = u64::from(per_minute.max(1));
        to_get.saturating_mul(60).div_ceil(per_minute)
    });
    by_network.max(by_pace)
}

/// Raises the pool for the trip and waits until everything is there.
fn mint(desk: &mut dyn Desk, plan: &Plan) -> anyhow::Result<()> {
    let targets = plan.rows.iter().map(|row| TripTarget {
        amount: row.amount,
        count: row.needed,
    });
    let command = Command::PlanTrip {
        backend: Some(plan.backend.clone()),
        targets: targets.collect(),
        until: plan.until,
    };
    accept(desk.command(command)?)?;
    accept(desk.command(Command::MintLinks)?)?;
    let (mut waited, mut told) = (0_u64, String::new());
    loop {
        let report = pool::ask(desk, Some(plan.until))?;
        let there: u32 = plan
            .rows
            .iter()
            .map(|row| spares(&report, &plan.backend, row.amount).0.min(row.needed))
            .sum();
        if there >= plan.needed {
            return Ok(());
        }
        let line = format!("{there} of {} codes are there", plan.needed);
        let account = report
            .accounts
            .iter()
            .find(|account| account.name == plan.backend);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;

    #[test]
    fn every_sum_gets_its_share_and_a_reserve() {
        let eur = |minor| Amount::new(minor, Currency::from_code("EUR").unwrap());
        let shares = Shares::from([(eur(250), 2), (eur(300), 1)]);
        let found = needs(&shares, 100).unwrap();
        assert_eq!(found, [(eur(250), 67, 81), (eur(300), 34, 41)]);
        assert_eq!(
            needs(&shares, 1).unwrap(),
            [(eur(250), 1, 2), (eur(300), 1, 2)]
        );
        let only = Shares::from([(eur(250), 1)]);
        assert_eq!(needs(&only, 4_166).unwrap(), [(eur(250), 4_166, 5_000)]);
        let said = needs(&only, 4_167).unwrap_err().to_string();
        assert!(said.contains("at most 5000"), "{said}");
    }
}
