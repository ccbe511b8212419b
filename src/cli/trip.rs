//! `tillcode trip`: days without a network, planned.

use anyhow::{Context as _, ensure};
use chrono::NaiveDate;
use clap::Args;

use super::catalog::ShopContext;
use super::{Desk, accept, to_json};
use crate::domain::time::Timestamp;
use crate::terminal::Command;
use crate::terminal::trip::plan::spread;

mod mint;
mod plan;
mod words;

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
    let shares = plan::shares(context, desk, args)?;
    let days = plan::Days {
        from,
        to,
        until,
        sales,
    };
    let expected = spread(&shares, sales);
    let backend = args.backend.as_deref();
    let mut plan = plan::compare(context, desk, days, &expected, backend)?;
    if args.mint {
        mint::mint(desk, &plan.needs)?;
        plan = plan::compare(context, desk, days, &expected, backend)?;
    }
    if args.json {
        return to_json(&plan);
    }
    words::of(&plan)
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
