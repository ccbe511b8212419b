//! `tillcode status`: how the till is.

use clap::Args;

use super::sync::hub_line;
use super::{Desk, to_json, unexpected};
use crate::terminal::query::StatusReport;
use crate::terminal::{Answer, Query};

#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(desk: &mut dyn Desk, args: &StatusArgs) -> anyhow::Result<String> {
    let status = ask(desk)?;
    if args.json {
        return to_json(&status);
    }
    let since = status
        .since
        .map(|since| format!(" since {}", since.to_rfc3339()))
        .unwrap_or_default();
    let problem = status
        .last_problem
        .map(|problem| format!("\nlast problem: {problem}"))
        .unwrap_or_default();
    let hub = status.hub.as_ref().map_or_else(String::new, hub_line);
    let people = [
        ("payments to sort out", status.payments_to_sort),
        ("sales to compare", status.sales_to_check),
        ("printed stickers that are wrong", status.stickers_wrong),
        (
            "printed stickers to scan again: old paper fades",
            status.stickers_fading,
        ),
    ];
    let people = people.into_iter().filter(|(_, count)| *count > 0);
    let people = people.fold(String::new(), |text, (what, count)| {
        format!("{text}\n{what}: {count}")
    });
    Ok(format!(
        "network: {}{since}\n{hub}waiting to send: {}\ncodes: {} of {} products, {} spare{people}{problem}",
        status.reach,
        status.waiting_to_send,
        status.products_with_code,
        status.products,
        status.spare_codes
    ))
}

pub(super) fn ask(desk: &mut dyn Desk) -> anyhow::Result<StatusReport> {
    let answer = desk.query(Query::Status)?;
    let Answer::Status { status } = answer else {
        return Err(unexpected(answer));
    };
    Ok(*status)
}
