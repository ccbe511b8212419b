//! `tillcode sync`: everything that waits for a payment account.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Desk, accept, ask_sync, table, to_json};
use crate::domain::id::JobId;
use crate::domain::time::Timestamp;
use crate::terminal::Command;
use crate::terminal::query::{AccountReport, HubReport, SyncReport, SyncRow};

/// How long trying now may take.
const TRY_WAIT_MS: u64 = 30_000;
const TRY_POLL_MS: u64 = 100;
/// For how long nothing may happen before the try counts as over: a till that was offline asks the
/// account twice before it believes in it again.
const QUIET_MS: u64 = 2_000;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct SyncArgs {
    /// Tries everything now, waits, and says what became of it; fails if something still waits.
    #[arg(long)]
    once: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    task: Option<SyncTask>,
}

#[derive(Debug, Subcommand)]
enum SyncTask {
    /// Tries something that waits, or was refused, again.
    Retry {
        /// Its id, as the list shows it.
        job: JobId,
    },
    /// Decides that something that was refused is not to be tried any more.
    GiveUp {
        /// Its id, as the list shows it.
        job: JobId,
        /// Why, for the journal.
        #[arg(long)]
        reason: String,
    },
}

pub(super) fn run(desk: &mut dyn Desk, args: &SyncArgs) -> anyhow::Result<String> {
    match &args.task {
        Some(SyncTask::Retry { job }) => {
            accept(desk.command(Command::RetryJob { job: *job })?)?;
            return Ok(format!("{job} is tried again"));
        }
        Some(SyncTask::GiveUp { job, reason }) => {
            let (job, reason) = (*job, reason.clone());
            accept(desk.command(Command::GiveUpJob { job, reason })?)?;
            return Ok(format!("{job} is given up"));
        }
        None => {}
    }
    if !args.once {
        return shown(&ask_sync(desk)?, args.json);
    }
    accept(desk.command(Command::SendNow)?)?;
    let sync = wait(desk)?;
    let text = shown(&sync, args.json)?;
    if sync.waiting == 0 {
        return Ok(text);
    }
    let _: std::process::ExitCode = super::print(&text);
    anyhow::bail!("{} still wait: see why above", sync.waiting)
}

/// Until nothing is under way, or nothing more can be expected.
fn wait(desk: &mut dyn Desk) -> anyhow::Result<SyncReport> {
    let (mut waited, mut quiet) = (0_u64, 0_u64);
    loop {
        let sync = ask_sync(desk)?;
        let knows = sync
            .accounts
            .iter()
            .all(|account| account.reach != "unknown");
        let asks = sync.asking > 0
            && sync
                .accounts
                .iter()
                .any(|account| account.reach == "online");
        quiet = if knows && !asks && !sync.rows.iter().any(|row| is_busy(&sync, row)) {
            quiet.saturating_add(TRY_POLL_MS)
        } else {
            0
        };
        let is_over =
            (knows && sync.waiting == 0 && !asks) || quiet >= QUIET_MS || waited >= TRY_WAIT_MS;
        if is_over {
            return Ok(sync);
        }
        std::thread::sleep(Duration::from_millis(TRY_POLL_MS));
        waited = waited.saturating_add(TRY_POLL_MS);
    }
}

/// Whether its answer is awaited, or its turn comes at once.
fn is_busy(sync: &SyncReport, row: &SyncRow) -> bool {
    let account = sync
        .accounts
        .iter()
        .find(|account| account.name == row.backend);
    let is_online = account.is_some_and(|account| account.reach == "online");
    row.under_way || (is_online && row.next_try_ms == Some(0))
}

fn shown(sync: &SyncReport, json: bool) -> anyhow::Result<String> {
    if json {
        return to_json(sync);
    }
    let mut text: String = sync.accounts.iter().map(account_line).collect();
    text.extend(sync.hub.as_ref().map(hub_line));
    if let Some(secs) = sync.clock_off_secs {
        text.push_str(&clock_words(secs));
        text.push('\n');
    }
    if sync.rows.is_empty() {
        return Ok(text + "nothing waits\n");
    }
    let mut rows = vec![HEADINGS.map(str::to_owned)];
    rows.extend(sync.rows.iter().map(row));
    text.push_str(&table(&rows));
    let more = sync.waiting.saturating_sub(sync.rows.len());
    if more > 0 {
        text.extend([format!("and {more} more\n")]);
    }
    Ok(text)
}

/// What a clock that is wrong means, and what helps.
pub(super) fn clock_words(secs: i64) -> String {
    let way = if secs > 0 { "ahead" } else { "behind" };
    format!(
        "this machine's clock is {} {way}: set it, or let it follow the network's time",
        span(secs.unsigned_abs().saturating_mul(1_000))
    )
}

fn account_line(account: &AccountReport) -> String {
    let since = account.since.map(Timestamp::to_rfc3339);
    let since = since
        .map(|since| format!(" since {since}"))
        .unwrap_or_default();
    let problem = account.last_problem.as_deref();
    let problem = problem
        .map(|problem| format!(" ({problem})"))
        .unwrap_or_default();
    format!(
        "{} ({}): {}{since}{problem}\n",
        account.name, account.kind, account.reach
    )
}

pub(super) fn hub_line(hub: &HubReport) -> String {
    let time = |word: &str, at: Option<Timestamp>| {
        at.map(|at| format!(" {word} {}", at.to_rfc3339()))
            .unwrap_or_default()
    };
    let problem = hub.problem.as_deref();
    let problem = problem
        .map(|problem| format!(" ({problem})"))
        .unwrap_or_default();
    format!(
        "message server {}: {}{}{}{problem}\n",
        hub.address,
        hub.reach,
        time("since", hub.since),
        time("last heard", hub.heard_at)
    )
}

const HEADINGS: [&str; 8] = [
    "job", "what", "whose", "amount", "since", "why", "next try", "can",
];

fn row(row: &SyncRow) -> [String; 8] {
    let whose = [
        row.sale.as_deref().unwrap_or(""),
        row.title.as_str(),
        row.backend.as_str(),
    ];
    let whose: Vec<&str> = whose.into_iter().filter(|part| !part.is_empty()).collect();
    let amount = row
        .amount
        .map(|amount| format!("{} {}", amount.to_decimal(), amount.currency));
    let refusal = row.refusal.as_ref().map(|refusal| refusal.reason.clone());
    let why = refusal.or_else(|| row.problem.clone());
    let next = match (row.under_way, row.next_try_ms) {
        (true, _) => "now".to_owned(),
        (false, Some(ms)) => format!("in {}", span(ms)),
        (false, None) => "never by itself".to_owned(),
    };
    let can: Vec<&str> = row
        .can
        .iter()
        .map(|word| if word == "give_up" { "give-up" } else { word })
        .collect();
    [
        row.job.to_string(),
        row.what.clone(),
        whose.join(", "),
        amount.unwrap_or_else(|| "-".to_owned()),
        row.since.to_rfc3339(),
        why.unwrap_or_else(|| "not sent yet".to_owned()),
        next,
        can.join(", "),
    ]
}

/// A length of time for people: its largest unit, rounded down.
pub(super) fn span(ms: u64) -> String {
    let secs = ms.div_euclid(1_000);
    match secs {
        0..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs.div_euclid(60)),
        7_200..172_800 => format!("{} h", secs.div_euclid(3_600)),
        172_800.. => format!("{} days", secs.div_euclid(86_400)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_said_in_its_largest_unit() {
        for (ms, says) in [
            (0, "0 s"),
            (119_999, "119 s"),
            (120_000, "2 min"),
            (7_199_999, "119 min"),
            (7_200_000, "2 h"),
            (172_799_999, "47 h"),
            (172_800_000, "2 days"),
        ] {
            assert_eq!(span(ms), says, "{ms}");
        }
        let said = clock_words(-3_600);
        assert!(said.contains("60 min behind"), "{said}");
    }
}
