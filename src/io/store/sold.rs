//! How often each sum was asked for by code, counted by the database a day at a time.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::read;
use super::value::{Millis, Word};
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::terminal::query::{Answer, SOLD_DAYS_MAX, SOLD_SUMS_MAX, SoldSum};

/// One day's sums. Sales for cash alone have no account and need no code.
pub(super) const OF_DAY: &str = "SELECT backend, minor, currency, COUNT(*) FROM sale
    WHERE created_at >= ?1 AND created_at < ?2 AND backend <> ''
    GROUP BY backend, minor, currency
    ORDER BY COUNT(*) DESC, backend, currency, minor LIMIT ?3";

/// The sums of the days that begin at `days`, and on how many of them anything was sold.
pub(super) fn sums(connection: &Connection, days: &[Timestamp]) -> rusqlite::Result<Answer> {
    let mut found: BTreeMap<(String, Amount), SoldSum> = BTreeMap::new();
    let mut open_days = 0_u32;
    let ends = days.iter().skip(1).copied().map(Some).chain([None]);
    let surplus = days.len().saturating_sub(SOLD_DAYS_MAX);
    for (start, end) in days.iter().copied().zip(ends).skip(surplus) {
        let rows = of_day(connection, start, end)?;
        open_days = open_days.saturating_add(u32::from(!rows.is_empty()));
        for (backend, amount, sales) in rows {
            let key = (backend.clone(), amount);
            let sum = found.entry(key).or_insert(SoldSum {
                backend,
                amount,
                sales: 0,
                peak: 0,
            });
            sum.sales = sum.sales.saturating_add(sales);
            sum.peak = sum.peak.max(sales);
        }
    }
    let mut sums: Vec<SoldSum> = found.into_values().collect();
    sums.sort_by(|a, b| {
        let order = b.sales.cmp(&a.sales);
        order.then_with(|| (&a.backend, a.amount).cmp(&(&b.backend, b.amount)))
    });
    sums.truncate(SOLD_SUMS_MAX);
    Ok(Answer::Sold { open_days, sums })
}

fn of_day(
    connection: &Connection,
    start: Timestamp,
    end: Option<Timestamp>,
) -> rusqlite::Result<Vec<(String, Amount, u32)>> {
    let end = end.unwrap_or(Timestamp::from_millis(i64::MAX));
    read::many(
        connection,
        OF_DAY,
        params![
            Millis(start),
            Millis(end),
            i64::try_from(SOLD_SUMS_MAX).unwrap_or(0)
        ],
        |row| {
            let amount = Amount::new(row.get(1)?, row.get::<_, Word<_>>(2)?.0);
            Ok((row.get(0)?, amount, row.get(3)?))
        },
    )
}
