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
    let refused = needs.rows.iter().filter(|row| row.is_refused);
    for row in refused.filter(|row| row.to_get > 0) {
        writeln!(
            text,
            "{} makes no codes for {} {}: see `tillcode sync`, or plan without it",
            needs.backend,
            row.amount.to_decimal(),
            row.amount.currency
        )?;
    }
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

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::plan::{Days, Plan};
    use super::of;
    use crate::domain::money::{Amount, Currency};
    use crate::domain::time::Timestamp;
    use crate::terminal::trip::plan::{PlanRow, TripPlan};

    fn eur(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    fn plan(to_get: u32, is_refused: bool) -> Plan {
        let day = NaiveDate::from_ymd_opt(2026, 12, 24).unwrap();
        let row = PlanRow {
            amount: eur(250),
            expected: 5,
            needed: 6,
            there: 6 - to_get,
            to_get,
            is_refused,
        };
        Plan {
            days: Days {
                from: day,
                to: day,
                until: Timestamp::default(),
                sales: 5,
            },
            in_time: true,
            needs: TripPlan {
                backend: "main".to_owned(),
                kind: "4pay".to_owned(),
                until: Timestamp::default(),
                rows: vec![row],
                needed: 6,
                there: 6 - to_get,
                to_get,
                seconds: 3,
                exposes: eur(1_500),
                end_before: 0,
                can_withdraw: true,
                can_expire: true,
            },
        }
    }

    #[test]
    fn a_sum_that_the_account_makes_no_codes_for_is_named_while_some_are_missing() {
        for (to_get, is_refused, is_named) in [(2, true, true), (2, false, false), (0, true, false)]
        {
            let text = of(&plan(to_get, is_refused)).unwrap();
            let named = text.contains("main makes no codes for 2.50 EUR");
            assert_eq!(named, is_named, "{to_get} {is_refused}: {text}");
        }
    }
}
