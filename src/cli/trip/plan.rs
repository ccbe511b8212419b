//! What a trip needs: sums from options or from past sales, compared with what is there.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use chrono::NaiveDate;
use serde::Serialize;

use super::TripArgs;
use crate::cli::catalog::{ShopContext, products};
use crate::cli::link::{account, pool};
use crate::cli::{Desk, unexpected};
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::terminal::trip::plan::{Expected, TripPlan, shares_of, usual_shares};
use crate::terminal::{Answer, Query};

/// On how many days back sales say what will be sold.
const LOOK_BACK_DAYS: usize = 28;

/// The days of a trip, and what is expected of them.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Days {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// The end of the last day.
    #[serde(skip)]
    pub(super) until: Timestamp,
    pub(super) sales: u32,
}

/// What a trip needs and means, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Plan {
    #[serde(flatten)]
    pub(super) days: Days,
    /// Whether all codes are there before the first day begins.
    pub(super) in_time: bool,
    #[serde(flatten)]
    pub(super) needs: TripPlan,
}

/// Compares what is needed with what is there now.
pub(super) fn compare(
    context: &ShopContext,
    desk: &mut dyn Desk,
    days: Days,
    expected: &[Expected],
    backend: Option<&str>,
) -> anyhow::Result<Plan> {
    let account = account(desk, backend)?;
    let report = pool::ask(desk, Some(days.until))?;
    let currency = context.currency;
    let needs = TripPlan::of(&report, &account.name, expected, currency, days.until)?;
    let start = context.day.start_of(days.from);
    let in_time =
        needs.to_get == 0 || start.is_some_and(|start| needs.is_in_time(context.now, start));
    Ok(Plan {
        days,
        in_time,
        needs,
    })
}

/// Sums by how often each is asked for.
type Shares = BTreeMap<Amount, u32>;

pub(super) fn shares(
    context: &ShopContext,
    desk: &mut dyn Desk,
    args: &TripArgs,
) -> anyhow::Result<Shares> {
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
        shares = of_late(context, desk, args.backend.as_deref())?;
    }
    ensure!(
        shares
            .keys()
            .all(|amount| amount.currency == context.currency),
        "this till sells in {} only: name sums in it",
        context.currency
    );
    Ok(shares)
}

/// What was sold lately, the most frequent sums; for a shop that sold nothing yet, its spare codes'.
fn of_late(
    context: &ShopContext,
    desk: &mut dyn Desk,
    backend: Option<&str>,
) -> anyhow::Result<Shares> {
    let account = account(desk, backend)?;
    let days = context.day.last_days(context.now, LOOK_BACK_DAYS);
    let answer = desk.query(Query::Sold { days })?;
    let Answer::Sold { sums, .. } = answer else {
        return Err(unexpected(answer));
    };
    let found = shares_of(&sums, &account.name, context.currency);
    if !found.is_empty() {
        return Ok(found);
    }
    let usual = usual_shares(&pool::ask(desk, None)?, &account.name);
    ensure!(
        !usual.is_empty(),
        "nothing was sold yet: say what will be sold with --sku or --amount"
    );
    Ok(usual)
}
