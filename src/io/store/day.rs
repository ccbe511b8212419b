//! What a day brought, folded from the facts of its sales.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::read;
use super::value::Millis;
use crate::domain::money::{Amount, Currency};
use crate::domain::sale::{Fact, SaleRecord, SaleState};
use crate::domain::time::Timestamp;
use crate::terminal::query::DayTotal;

/// One row for each currency that was sold in since an instant.
pub(super) fn totals(connection: &Connection, since: Timestamp) -> rusqlite::Result<Vec<DayTotal>> {
    let ids = read::sale_ids(
        connection,
        "SELECT id FROM sale WHERE created_at >= ?1",
        params![Millis(since)],
    )?;
    let mut totals: BTreeMap<Currency, DayTotal> = BTreeMap::new();
    for id in ids {
        if let Some(record) = read::sale(connection, id)? {
            let currency = record.sale.total.currency;
            let total = totals.entry(currency).or_insert_with(|| nothing(currency));
            add(total, &record);
        }
    }
    Ok(totals.into_values().collect())
}

const fn nothing(currency: Currency) -> DayTotal {
    let zero = Amount::new(0, currency);
    DayTotal {
        paid: zero,
        cash: zero,
        unknown: zero,
        sales: 0,
        open_sales: 0,
    }
}

fn add(total: &mut DayTotal, record: &SaleRecord) {
    let due = record.sale.total;
    let in_cash = record.facts().any(|fact| matches!(fact, Fact::Cash { .. }));
    let standing = record.standing();
    let (sum, count) = match standing.state {
        SaleState::Paid if in_cash => (&mut total.cash, &mut total.sales),
        SaleState::Paid => (&mut total.paid, &mut total.sales),
        SaleState::Open | SaleState::Awaiting => (&mut total.unknown, &mut total.open_sales),
        // The goods are gone, whatever became of the code.
        SaleState::Expired if standing.is_claimed() => (&mut total.unknown, &mut total.open_sales),
        SaleState::Cancelled | SaleState::Expired => return,
    };
    // Sums beyond what an i64 holds are no shop's.
    *sum = sum.plus(due).unwrap_or(*sum);
    *count = count.saturating_add(1);
}
