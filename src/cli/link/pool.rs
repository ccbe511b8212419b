//! `tillcode link pool`: the spare codes.

use super::super::{Desk, sum_of, table, to_json, unexpected};
use crate::domain::time::Timestamp;
use crate::terminal::pool_view::{PoolReport, PoolRow};
use crate::terminal::{Answer, Query};

pub(super) fn run(desk: &mut dyn Desk, json: bool) -> anyhow::Result<String> {
    let pool = ask(desk, None)?;
    if json {
        return to_json(&pool);
    }
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(pool.rows.iter().map(row));
    let mut text = table(&rows);
    if let Some(trip) = &pool.trip {
        text.extend([format!(
            "a trip until {} keeps more codes of {}: `tillcode trip --stop` ends it\n",
            trip.until.to_rfc3339(),
            trip.backend
        )]);
    }
    Ok(text)
}

/// The spare codes; those that end before `until` are counted apart.
pub(in crate::cli) fn ask(
    desk: &mut dyn Desk,
    until: Option<Timestamp>,
) -> anyhow::Result<PoolReport> {
    let answer = desk.query(Query::Pool { until })?;
    let Answer::Pool { pool } = answer else {
        return Err(unexpected(answer));
    };
    Ok(*pool)
}

const HEADINGS: [&str; 8] = [
    "account",
    "amount",
    "there",
    "coming",
    "wanted",
    "low water",
    "next end",
    "",
];

fn row(row: &PoolRow) -> [String; 8] {
    let end = row.next_end.map(Timestamp::to_rfc3339);
    let remark = match (row.is_refused, row.is_low) {
        (true, _) => "refused by the account",
        (false, true) => "few left",
        (false, false) => "",
    };
    [
        row.backend.clone(),
        sum_of(row.amount, row.asking),
        row.there.to_string(),
        row.coming.to_string(),
        row.wanted.to_string(),
        row.low_water.to_string(),
        end.unwrap_or_else(|| "-".to_owned()),
        remark.to_owned(),
    ]
}
