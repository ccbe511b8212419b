//! A plan for people.

use std::fmt::Write as _;

use super::plan::Plan;
use crate::cli::sync::span;
use crate::cli::table;

/// The plan in words.
pub(super) fn of(plan: &Plan) -> anyhow::Result<String> {
    let needs = &plan.needs;
    let mut rows = vec![["amount", "expected", "codes", "there", "to get"].map(str::to_owned)];
    rows.extend(needs.rows.iter().map(|row| {
        [
            format!("{} {}", row.amount.to_decimal(), row.amount.currency),
            row.expected.to_string(),
            row.needed.to_string(),
            row.there.to_string(),
            row.to_get.to_string(),
        ]
    }));
    let mut text = table(&rows);
    let took = span(needs.seconds.saturating_mul(1_000));
    match (needs.to_get, plan.in_time) {
        (0, _) => writeln!(text, "all {} codes are there", needs.needed)?,
        (to_get, true) => writeln!(
            text,
            "{to_get} codes are missing; getting them takes about {took}: --mint gets them"
        )?,
        (to_get, false) => writeln!(
            text,
            "{to_get} codes are missing; getting them takes about {took}, which is not over \
             before {}: --mint now, or plan fewer",
            plan.days.from
        )?,
    }
    writeln!(
        text,
        "up to {} {} are at stake if all of them are handed out and none is paid",
        needs.exposes.to_decimal(),
        needs.exposes.currency
    )?;
    if !needs.can_withdraw {
        writeln!(
            text,
            "{} cannot switch a code off: what is left over stays payable",
            needs.kind
        )?;
    }
    if !needs.can_expire {
        writeln!(text, "{} cannot give a code an end", needs.kind)?;
    }
    if needs.end_before > 0 {
        writeln!(
            text,
            "{} spare codes end before {} does and are not counted",
            needs.end_before, plan.days.to
        )?;
    }
    Ok(text)
}
