//! `tillcode-hub terminal`.

use serde::Serialize;

use super::{Desk, words};
use crate::hub::args::TerminalTask;
use crate::hub::store::{TerminalRow, TerminalState};
use crate::proto::hub::{Invitation, PairingCode};
use crate::proto::qr::{QUIET_ZONE_MODULES, QrGrid};

#[derive(Serialize)]
struct Invited {
    #[serde(flatten)]
    terminal: TerminalRow,
    /// Good once, for ten minutes.
    code: PairingCode,
    /// Address and code in one, for `tillcode pair`.
    invitation: String,
}

pub(super) async fn run(desk: &Desk, task: TerminalTask) -> anyhow::Result<()> {
    let now = desk.clock.now().wall;
    match task {
        TerminalTask::Add { shop, name, json } => {
            let shop = words::name("the shop's name", &shop)?;
            let name = words::name("the terminal's name", &name)?;
            let (terminal, code) = desk.store.add_terminal(shop, name, now).await?;
            invite(desk, terminal, code, json)
        }
        TerminalTask::Rotate { terminal, json } => {
            let (terminal, code) = desk.store.invite(terminal, now).await?;
            invite(desk, terminal, code, json)
        }
        TerminalTask::Replace { terminal, json } => {
            let (terminal, code) = desk.store.replace(terminal, now).await?;
            invite(desk, terminal, code, json)
        }
        TerminalTask::List { json } => list(&desk.store.terminals().await?, json),
        TerminalTask::Revoke { terminal, json } => {
            let terminal = desk.store.revoke(terminal, now).await?;
            if json {
                return words::json(&terminal);
            }
            words::line(&format!(
                "{}: {} is let in no more. It goes on selling, but hears of no payment from here.",
                terminal.shop, terminal.name
            ))
        }
    }
}

fn invite(desk: &Desk, terminal: TerminalRow, code: PairingCode, json: bool) -> anyhow::Result<()> {
    let invitation = Invitation {
        hub: desk.config.public_url(),
        code,
    };
    let text = invitation.to_string();
    if json {
        return words::json(&Invited {
            terminal,
            code: invitation.code,
            invitation: text,
        });
    }
    words::line(&format!(
        "{}: {} may join within ten minutes, once:",
        terminal.shop, terminal.name
    ))?;
    words::line(&picture(&text)?)?;
    words::line(&format!("tillcode pair {text}"))
}

/// As half blocks, two modules a letter high, light on the dark ground of most windows.
fn picture(text: &str) -> anyhow::Result<String> {
    let code = QrGrid::encode(text)?;
    let side = code.side_with_quiet_zone();
    let dark = |column: usize, row: usize| match (
        column.checked_sub(QUIET_ZONE_MODULES),
        row.checked_sub(QUIET_ZONE_MODULES),
    ) {
        (Some(column), Some(row)) => code.is_dark(column, row),
        _ => false,
    };
    let letter = |column, row: usize| match (dark(column, row), dark(column, row.saturating_add(1)))
    {
        (false, false) => '█',
        (false, true) => '▀',
        (true, false) => '▄',
        (true, true) => ' ',
    };
    let lines = (0..side).step_by(2).map(|row| {
        let line: String = (0..side).map(|column| letter(column, row)).collect();
        line
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn list(terminals: &[TerminalRow], json: bool) -> anyhow::Result<()> {
    if json {
        return words::json(&terminals);
    }
    for row in terminals {
        let state = match row.state {
            TerminalState::Invited => "not joined yet".to_owned(),
            TerminalState::Revoked => "let in no more".to_owned(),
            TerminalState::Paired => row.seen_at.map_or_else(
                || "joined, never asked".to_owned(),
                |at| format!("asked last at {}", at.to_rfc3339()),
            ),
        };
        // Nobody waits for what one hears that is let in no more.
        let waiting = match row.state {
            TerminalState::Revoked => String::new(),
            TerminalState::Invited | TerminalState::Paired => format!(", {} waiting", row.waiting),
        };
        let line = format!("{}  {}  {}: {state}{waiting}", row.id, row.shop, row.name);
        words::line(&line)?;
    }
    Ok(())
}
