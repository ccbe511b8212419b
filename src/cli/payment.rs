//! `tillcode payment`: what payment accounts reported, and what each payment is for.

use clap::Subcommand;

use super::{Desk, table, to_json, unexpected, word};
use crate::domain::loose::{LoosePayment, LooseState};
use crate::domain::payment::PaymentRow;
use crate::terminal::{Answer, Command, Query, Reply};

#[derive(Debug, Subcommand)]
pub(super) enum PaymentTask {
    /// Lists reports of payments, newest first.
    List {
        /// Only payments that belong to no sale: a person has to say what they are for.
        #[arg(long)]
        to_sort: bool,
        /// At most so many.
        #[arg(long, default_value_t = 200)]
        limit: usize,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Says what a payment to sort out is for.
    Take {
        /// The provider's id of the payment.
        payment: String,
        /// The sale that it is for, by its reference. Without it goods were handed over for the
        /// payment, and a sale is made of them.
        #[arg(long, value_name = "REFERENCE")]
        sale: Option<String>,
        /// The account's name, where two accounts have a payment of this id.
        #[arg(long, value_name = "NAME")]
        backend: Option<String>,
    },
    /// Decides that a payment is for no sale of this till. `payment take` takes it up again.
    SetAside {
        /// The provider's id of the payment.
        payment: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The account's name, where two accounts have a payment of this id.
        #[arg(long, value_name = "NAME")]
        backend: Option<String>,
    },
    /// Lists notifications that are kept because they fit no code of this till, newest first.
    Kept {
        /// At most so many.
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
}

pub(super) fn run(desk: &mut dyn Desk, task: &PaymentTask) -> anyhow::Result<String> {
    match task {
        PaymentTask::List {
            to_sort: true,
            limit,
            json,
        } => to_sort(desk, *limit, *json),
        PaymentTask::List {
            to_sort: false,
            limit,
            json,
        } => list(desk, *limit, *json),
        PaymentTask::Take {
            payment,
            sale,
            backend,
        } => take(desk, payment, sale.as_deref(), backend.as_deref()),
        PaymentTask::SetAside {
            payment,
            reason,
            backend,
        } => {
            let found = find(desk, payment, backend.as_deref())?;
            let reply = desk.command(Command::SetPaymentAside {
                backend: found.report.backend,
                payment: payment.clone(),
                reason: reason.clone(),
            })?;
            super::accept(reply)?;
            Ok(String::new())
        }
        PaymentTask::Kept { limit } => kept(desk, *limit),
    }
}

fn list(desk: &mut dyn Desk, limit: usize, json: bool) -> anyhow::Result<String> {
    let answer = desk.query(Query::Payments { limit })?;
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

fn loose(desk: &mut dyn Desk, all: bool, limit: usize) -> anyhow::Result<Vec<LoosePayment>> {
    let answer = desk.query(Query::Loose { all, limit })?;
    let Answer::Loose { payments } = answer else {
        return Err(unexpected(answer));
    };
    Ok(payments)
}

fn to_sort(desk: &mut dyn Desk, limit: usize, json: bool) -> anyhow::Result<String> {
    let payments = loose(desk, false, limit)?;
    if json {
        return to_json(&payments);
    }
    let rows: Vec<[String; 7]> = payments.iter().map(loose_row).collect();
    Ok(table(&rows))
}

fn loose_row(payment: &LoosePayment) -> [String; 7] {
    let report = &payment.report;
    let state = if matches!(payment.state, LooseState::Wanted { .. }) {
        "asking the message server"
    } else {
        payment.state.word()
    };
    [
        report.heard_at.to_rfc3339(),
        format!("{} {}", report.amount.to_decimal(), report.amount.currency),
        word(&report.status),
        word(&report.proof),
        report.backend.clone(),
        report.payment.clone(),
        format!("{state}, {}", payment.title),
    ]
}

/// The payment of an id, among all that were ever to sort out.
fn find(desk: &mut dyn Desk, payment: &str, backend: Option<&str>) -> anyhow::Result<LoosePayment> {
    let is_it = |loose: &LoosePayment| {
        let report = &loose.report;
        report.payment == payment && backend.is_none_or(|name| report.backend == name)
    };
    let all = loose(desk, true, crate::terminal::query::ROWS_MAX)?;
    let mut found = all.into_iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (Some(one), Some(other)) => anyhow::bail!(
            "payment {payment} is known of the accounts {} and {}: say which with --backend",
            one.report.backend,
            other.report.backend
        ),
        (None, _) => anyhow::bail!(
            "no payment {payment} is to sort out: `tillcode payment list --to-sort` shows them"
        ),
    }
}

fn take(
    desk: &mut dyn Desk,
    payment: &str,
    sale: Option<&str>,
    backend: Option<&str>,
) -> anyhow::Result<String> {
    let found = find(desk, payment, backend)?;
    let sale = sale.map(|sale| super::sale::find(desk, sale)).transpose()?;
    let reply = desk.command(Command::TakePayment {
        backend: found.report.backend,
        payment: payment.to_owned(),
        sale: sale.map(|sale| sale.sale.id),
    })?;
    let Reply::Sale { sale } = super::accept(reply)? else {
        return Ok("wanted: it is this till's once the message server says so\n".to_owned());
    };
    Ok(sale.reference + "\n")
}

fn kept(desk: &mut dyn Desk, limit: usize) -> anyhow::Result<String> {
    let answer = desk.query(Query::Kept { limit })?;
    let Answer::Journal { entries } = answer else {
        return Err(unexpected(answer));
    };
    to_json(&entries)
}
