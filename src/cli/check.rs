//! `tillcode check`: is this till ready to go? One line each; success only if all hold.

use clap::Args;
use serde::Serialize;

use super::Desk;
use super::place::Place;
use crate::config::{BackendConfig, Mode};
use crate::domain::time::Timestamp;
use crate::io::space::free_bytes;
use crate::runtime::Shop;
use crate::terminal::query::StatusReport;
use crate::terminal::{Answer, Query};

mod account;
mod hub;
mod picture;

/// How long the payment account may take to answer.
const REACH_WAIT_MS: u64 = 10_000;
const REACH_POLL_MS: u64 = 100;
/// Less room than this is soon none: 200 MB, in bytes.
const ROOM_MIN: u64 = 200_000_000;
/// A clock that reads earlier than this has lost its battery: 2026-01-01.
const CLOCK_MIN: Timestamp = Timestamp::from_millis(1_767_225_600_000);

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Has each payment account make one code, reads it back and switches it off. The usual for test
    /// accounts.
    #[arg(long, conflicts_with = "no_mint")]
    mint_test: bool,
    /// Makes no code, not even at a test account.
    #[arg(long)]
    no_mint: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

impl CheckArgs {
    fn mints(&self, backend: &BackendConfig) -> bool {
        self.mint_test || (backend.mode == Mode::Test && !self.no_mint)
    }
}

/// What was found, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Findings {
    /// Whether all of it holds.
    ready: bool,
    findings: Vec<Finding>,
}

/// One line.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at; `account NAME` for what concerns one account.
    subject: String,
    /// Whether it holds.
    ok: bool,
    /// What there is, or what is wrong and what helps.
    says: String,
}

impl Findings {
    fn add(&mut self, subject: impl Into<String>, finding: Result<String, String>) {
        let ok = finding.is_ok();
        self.ready &= ok;
        self.findings.push(Finding {
            subject: subject.into(),
            ok,
            says: finding.unwrap_or_else(|wrong| wrong),
        });
    }

    fn to_text(&self) -> String {
        let rows = self.findings.iter().map(|finding| {
            let mark = if finding.ok { "ok" } else { "FAILED" };
            [
                mark.to_owned(),
                finding.subject.clone(),
                finding.says.clone(),
            ]
        });
        super::table(&rows.collect::<Vec<_>>())
    }
}

/// Looks at everything that a day of selling needs.
pub(super) fn run(place: &Place, args: &CheckArgs) -> anyhow::Result<String> {
    let mut findings = Findings {
        ready: true,
        findings: Vec::new(),
    };
    let shop = place.shop()?;
    let name = &shop.config().shop.name;
    let which = match &shop {
        Shop::Demo(_) => "there is none: this is the demo shop".to_owned(),
        Shop::Own(_) => format!("{name}, sells in {}", shop.config().shop.currency),
    };
    findings.add("configuration", Ok(which));
    let mut desk = super::desk::open(place)?;
    let desk = &mut *desk;
    let data = place.data(&shop)?;
    findings.add("database", Ok(data.display().to_string()));
    findings.add("disk", disk(free_bytes(&data)));
    findings.add("catalog", catalog(desk)?);
    let backends = &shop.config().backends;
    if backends.is_empty() {
        let none = "no payment account: add a [[backend]], or take cash only";
        findings.add("payment", Err(none.to_owned()));
    }
    for backend in backends {
        let subject = format!("account {}", backend.name);
        let asked = account::Asked {
            backend,
            currency: shop.config().shop.currency,
            mints: args.mints(backend),
            now: place.now(),
        };
        for finding in account::look_at(desk, &asked)? {
            findings.add(&subject, finding);
        }
    }
    for (subject, finding) in hub::look_at(desk)? {
        findings.add(subject, finding);
    }
    for (subject, finding) in super::printer::look_at(desk)? {
        findings.add(subject, finding);
    }
    // What servers say of the time is known only now.
    findings.add(
        "clock",
        clock(place.now(), super::ask_sync(desk)?.clock_off_secs),
    );
    findings.add("codes", codes(&shop, &settled_status(desk)?));
    let text = if args.json {
        super::to_json(&findings)?
    } else {
        findings.to_text()
    };
    if findings.ready {
        return Ok(text);
    }
    let _: std::process::ExitCode = super::print(&text);
    let wrong = findings
        .findings
        .iter()
        .filter(|finding| !finding.ok)
        .count();
    anyhow::bail!("not ready to go: {wrong} of the lines above say what is wrong and what helps")
}

/// Room at the data folder, where the system tells.
fn disk(free: Option<u64>) -> Result<String, String> {
    match free {
        None => Ok("this system does not tell how much room is left".to_owned()),
        Some(free) if free < ROOM_MIN => Err(format!(
            "only {} are free: free some space, the till needs {}",
            room(free),
            room(ROOM_MIN)
        )),
        Some(free) => Ok(format!("{} are free", room(free))),
    }
}

/// Bytes for people, rounded down.
fn room(bytes: u64) -> String {
    match bytes.div_euclid(1_000_000) {
        mb @ 0..10_000 => format!("{mb} MB"),
        mb => format!("{} GB", mb.div_euclid(1_000)),
    }
}

fn clock(now: Timestamp, off_secs: Option<i64>) -> Result<String, String> {
    let text = now.to_rfc3339();
    if now < CLOCK_MIN {
        return Err(format!("{text} is long past: set the clock"));
    }
    match off_secs {
        Some(secs) => Err(super::sync::clock_words(secs)),
        None => Ok(text),
    }
}

fn catalog(desk: &mut dyn Desk) -> anyhow::Result<Result<String, String>> {
    let Answer::Products { products } = desk.query(Query::Products)? else {
        return Ok(Err(
            "the catalog cannot be read: restart the till".to_owned()
        ));
    };
    Ok(match products.len() {
        0 => Err("there are no products: `tillcode catalog import FILE`".to_owned()),
        count => Ok(format!("{count} products")),
    })
}

/// A till that was just opened does not know yet whether the network is there.
fn settled_status(desk: &mut dyn Desk) -> anyhow::Result<StatusReport> {
    let mut waited: u64 = 0;
    loop {
        let status = super::status::ask(desk)?;
        if status.reach != "unknown" || waited >= REACH_WAIT_MS {
            return Ok(status);
        }
        std::thread::sleep(std::time::Duration::from_millis(REACH_POLL_MS));
        waited = waited.saturating_add(REACH_POLL_MS);
    }
}

fn codes(shop: &Shop, status: &StatusReport) -> Result<String, String> {
    let have = format!(
        "{} of {} products have one, {} spare",
        status.products_with_code, status.products, status.spare_codes
    );
    if shop.config().backends.is_empty() || status.products_with_code >= status.products {
        Ok(have)
    } else {
        Err(format!("{have}: `tillcode link mint` gets the rest"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_said_before_there_is_none() {
        for (free, says) in [
            (Some(ROOM_MIN), Ok("200 MB are free")),
            (Some(9_999_999_999), Ok("9999 MB are free")),
            (Some(10_000_000_000), Ok("10 GB are free")),
            (
                Some(ROOM_MIN - 1),
                Err("only 199 MB are free: free some space"),
            ),
            (Some(0), Err("only 0 MB are free: free some space")),
            (None, Ok("this system does not tell")),
        ] {
            let said = disk(free);
            let (Ok(words) | Err(words)) = &said;
            let (Ok(begins) | Err(begins)) = says;
            assert!(words.starts_with(begins), "{free:?}: {words}");
            assert_eq!(said.is_ok(), says.is_ok(), "{free:?}: {words}");
        }
    }
}
