//! The message server, for a till that is joined to one: whether it is heard, and whether what a provider
//! posts to its public address comes back here.

use std::time::Duration;

use crate::cli::{Desk, accept, ask_sync};
use crate::terminal::Command;
use crate::terminal::query::{HubReport, HubTestReport};

type Said = Result<String, String>;

/// What there is to say; nothing without a hub.
pub(super) fn look_at(desk: &mut dyn Desk) -> anyhow::Result<Vec<(&'static str, Said)>> {
    let known = |hub: &HubReport| hub.reach != "unknown";
    let Some(hub) = wait_for(desk, known)? else {
        return Ok(Vec::new());
    };
    let mut findings = vec![("hub", said(&hub))];
    if hub.reach == "heard" {
        findings.push(("notifications", whole_way(desk)?));
    }
    Ok(findings)
}

fn said(hub: &HubReport) -> Said {
    let problem = hub.problem.as_deref().unwrap_or("no answer yet");
    let HubReport { address, .. } = hub;
    match hub.reach.as_str() {
        "heard" => Ok(format!("{address} is heard")),
        "refusing" => Err(format!("{address}: {problem}")),
        "no_network" => Err(format!("{address}: there is no network: {problem}")),
        _ => Err(format!(
            "{address}: {problem}: see whether it runs, and try again"
        )),
    }
}

/// A test notification goes to the public address, as a provider's would.
fn whole_way(desk: &mut dyn Desk) -> anyhow::Result<Said> {
    if let Err(refused) = accept(desk.command(Command::TestHub)?) {
        return Ok(Err(refused.to_string()));
    }
    let ended = |hub: &HubReport| {
        let state = hub.test.as_ref().map(|test| test.state.as_str());
        matches!(state, Some("heard" | "failed" | "signed"))
    };
    let hub = wait_for(desk, ended)?;
    Ok(hub.and_then(|hub| hub.test).map_or_else(
        || Err("nothing came back: try again".to_owned()),
        |test| tested(&test),
    ))
}

fn tested(test: &HubTestReport) -> Said {
    match test.state.as_str() {
        "heard" => Ok(format!(
            "a test notification came back after {} ms",
            test.after_ms.unwrap_or_default()
        )),
        "signed" => Ok(
            "the message server is reached at its public address; it takes only what the account \
             signs, so the test ends there"
                .to_owned(),
        ),
        "failed" => Err(format!(
            "the message server's public address cannot be reached ({}): check public_url, the proxy \
             and what the router lets in",
            test.problem.as_deref().unwrap_or("no reason")
        )),
        "acknowledged" => Err(
            "the public address took a test notification, and it did not come back: is it another \
             message server than the one that this till is joined to?"
                .to_owned(),
        ),
        _ => Err("the message server's public address does not answer: try again".to_owned()),
    }
}

/// The report once it says what is waited for, or as it is when the patience ends.
fn wait_for(
    desk: &mut dyn Desk,
    is_there: impl Fn(&HubReport) -> bool,
) -> anyhow::Result<Option<HubReport>> {
    let mut waited: u64 = 0;
    loop {
        let Some(hub) = ask_sync(desk)?.hub else {
            return Ok(None);
        };
        if is_there(&hub) || waited >= super::REACH_WAIT_MS {
            return Ok(Some(hub));
        }
        std::thread::sleep(Duration::from_millis(super::REACH_POLL_MS));
        waited = waited.saturating_add(super::REACH_POLL_MS);
    }
}
