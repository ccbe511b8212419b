//! `tillcode payment`: what payment accounts reported.

use clap::Subcommand;

use super::{Desk, table, to_json, unexpected, word};
use crate::domain::payment::PaymentRow;
use crate::terminal::{Answer, Query};

#[derive(Debug, Subcommand)]
pub(super) enum PaymentTask {
    /// Lists reports of payments, newest first.
    List {
        /// Only those that belong to no sale: a person has to say what they are for.
        #[arg(long)]
        to_sort: bool,
        /// At most so many.
        #[arg(long, default_value_t = 200)]
        limit: usize,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(desk: &mut dyn Desk, task: &PaymentTask) -> anyhow::Result<String> {
    let PaymentTask::List {
        to_sort,
        limit,
        json,
    } = *task;
    let answer = desk.query(Query::Payments { to_sort, limit })?;
    let Answer::Payments { payments } = answer else {
        return Err(unexpected(answer));
    };
    if json {
        return to_json(&payments);
    }
    let rows: Vec<[String; 7]> = payments.iter().map(row).collect();
    Ok(table(&rows))
}

fn row(payment: &PaymentRow) -> [String; 7] {
    let report = &payment.report;
    [
        report.heard_at.to_rfc3339(),
        format!("{} {}", report.amount.to_decimal(), report.amount.currency),
        word(&report.status),
        word(&report.proof),
        report.backend.clone(),
        report.payment.clone(),
        payment.sale.map_or_else(
            || format!("to sort, link {}", report.link),
            |sale| sale.to_string(),
        ),
    ]
}
