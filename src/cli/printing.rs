//! What subcommands that print have in common: waiting until it is known what came of it.

use std::time::Duration;

use super::{Desk, tell, unexpected, word};
use crate::domain::id::PrintId;
use crate::terminal::query::{PrintState, PrintView, PrinterView, PrinterWord};
use crate::terminal::{Answer, PaperQuery, Query};

/// How long somebody waits for paper.
const WAIT_MS: u64 = 90_000;
const POLL_MS: u64 = 50;
/// Sheets that are looked through: those that were just wanted are the newest.
const NEWEST: usize = 2_000;

/// Waits until nothing more happens to these sheets by itself, and says meanwhile what is wrong.
pub(super) fn wait(desk: &mut dyn Desk, ids: &[PrintId]) -> anyhow::Result<Vec<PrintView>> {
    let mut waited: u64 = 0;
    let mut said = String::new();
    loop {
        let found = look(desk, ids)?;
        let is_over = found.iter().all(|print| is_settled(print.state));
        if is_over || waited >= WAIT_MS {
            return Ok(found);
        }
        let trouble = trouble(desk)?;
        if !trouble.is_empty() && trouble != said {
            tell(&trouble);
        }
        said = trouble;
        std::thread::sleep(Duration::from_millis(POLL_MS));
        waited = waited.saturating_add(POLL_MS);
    }
}

/// Whether only a person could change it.
const fn is_settled(state: PrintState) -> bool {
    match state {
        PrintState::Waiting | PrintState::Printing => false,
        PrintState::Held
        | PrintState::Unconfirmed
        | PrintState::Sent
        | PrintState::Printed
        | PrintState::Forgotten => true,
    }
}

fn look(desk: &mut dyn Desk, ids: &[PrintId]) -> anyhow::Result<Vec<PrintView>> {
    let answer = desk.query(Query::Paper(PaperQuery::Sheets { limit: NEWEST }))?;
    let Answer::Prints { prints } = answer else {
        return Err(unexpected(answer));
    };
    let of_these = prints.into_iter().filter(|print| ids.contains(&print.id));
    Ok(of_these.collect())
}

/// The printers, and the sheets that are not at their end.
pub(super) fn printers(desk: &mut dyn Desk) -> anyhow::Result<(Vec<PrinterView>, Vec<PrintView>)> {
    let answer = desk.query(Query::Paper(PaperQuery::Printers))?;
    let Answer::Printers { printers, prints } = answer else {
        return Err(unexpected(answer));
    };
    Ok((printers, prints))
}

fn trouble(desk: &mut dyn Desk) -> anyhow::Result<String> {
    let (printers, _) = printers(desk)?;
    let mut said = Vec::new();
    for printer in printers {
        let words = condition(&printer);
        let rests = matches!(words.as_str(), "ready" | "printing");
        if printer.waiting > 0 && !rests && is_known(&printer) {
            said.push(format!("{}: {words}", printer.name));
        }
    }
    Ok(said.join("; "))
}

/// Whether it was looked for: a till that was just opened has not heard of its printers yet.
pub(super) fn is_known(printer: &PrinterView) -> bool {
    printer.state != PrinterWord::NotThere || printer.problem.is_some()
}

/// How a printer is, in the words of `--json`.
pub(super) fn condition(printer: &PrinterView) -> String {
    let mut words: Vec<String> = printer.troubles.iter().map(word).collect();
    if words.is_empty() || words == ["paper_low"] {
        words.insert(0, word(&printer.state));
    }
    let mut said = words.join(", ").replace('_', " ");
    if let Some(problem) = &printer.problem {
        said.push_str(": ");
        said.push_str(problem);
    }
    said
}

/// What came of sheets: a failure where a person has to look.
pub(super) fn outcome(prints: &[PrintView]) -> anyhow::Result<String> {
    let asking: Vec<&str> = prints
        .iter()
        .filter(|print| print.state == PrintState::Unconfirmed)
        .map(|print| print.title.as_str())
        .collect();
    anyhow::ensure!(
        asking.is_empty(),
        "nobody knows whether {} came out: look, then say so with `tillcode printer queue`",
        asking.join(", ")
    );
    let waiting = prints.iter().find(|print| !is_settled(print.state));
    if let Some(print) = waiting {
        anyhow::bail!(
            "{} waits for its printer and is kept: it goes out by itself once the printer can, while the till runs",
            print.title
        );
    }
    Ok(prints.iter().map(|print| line(print) + "\n").collect())
}

/// A sheet in a list for people.
pub(super) fn line(print: &PrintView) -> String {
    let copy = match print.copy {
        0 => String::new(),
        count => format!("  copy {count}"),
    };
    let why = print
        .why
        .map(|why| format!("  ({})", word(&why)))
        .unwrap_or_default();
    format!(
        "{}  {}  {}  {}  {}{copy}{why}",
        print.id,
        print.printer,
        word(&print.kind),
        word(&print.state),
        print.title,
    )
}
