//! Whether the message server is heard, for a till that is joined to one.

use crate::cli::Desk;
use crate::terminal::query::HubReport;

/// What there is to say; nothing without a hub.
pub(super) fn look_at(desk: &mut dyn Desk) -> anyhow::Result<Option<Result<String, String>>> {
    let mut waited: u64 = 0;
    loop {
        let Some(hub) = super::super::ask_sync(desk)?.hub else {
            return Ok(None);
        };
        if hub.reach != "unknown" || waited >= super::REACH_WAIT_MS {
            return Ok(Some(said(&hub)));
        }
        std::thread::sleep(std::time::Duration::from_millis(super::REACH_POLL_MS));
        waited = waited.saturating_add(super::REACH_POLL_MS);
    }
}

fn said(hub: &HubReport) -> Result<String, String> {
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
