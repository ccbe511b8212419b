//! `tillcode check`: is this till ready to go? One line each; success only if all hold.

use std::fmt::Write as _;

use super::Desk;
use super::place::Place;
use crate::domain::time::Timestamp;
use crate::runtime::Shop;
use crate::terminal::query::StatusReport;
use crate::terminal::{Answer, Query};

/// How long the payment account may take to answer.
const REACH_WAIT_MS: u64 = 10_000;
const REACH_POLL_MS: u64 = 100;
/// A clock that reads earlier than this has lost its battery: 2026-01-01.
const CLOCK_MIN: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// The lines, and whether all hold.
struct Findings {
    text: String,
    all_hold: bool,
}

impl Findings {
    fn add(&mut self, subject: &str, finding: &Result<String, String>) -> std::fmt::Result {
        let (mark, words) = match finding {
            Ok(words) => ("ok    ", words),
            Err(words) => ("FAILED", words),
        };
        self.all_hold &= finding.is_ok();
        writeln!(self.text, "{mark}  {subject:<14}  {words}")
    }
}

/// Looks at everything that a day of selling needs.
pub(super) fn run(place: &Place) -> anyhow::Result<String> {
    let mut findings = Findings {
        text: String::new(),
        all_hold: true,
    };
    let shop = place.shop()?;
    let name = &shop.config().shop.name;
    let which = match &shop {
        Shop::Demo(_) => "there is none: this is the demo shop".to_owned(),
        Shop::Own(_) => format!("{name}, sells in {}", shop.config().shop.currency),
    };
    findings.add("configuration", &Ok(which))?;
    let mut desk = super::desk::open(place)?;
    let desk = &mut *desk;
    findings.add("database", &Ok(place.data(&shop)?.display().to_string()))?;
    findings.add("clock", &clock(place.now()))?;
    findings.add("catalog", &catalog(desk)?)?;
    let status = settled_status(desk)?;
    findings.add("payment", &payment(&shop, &status))?;
    findings.add("codes", &codes(&shop, &status))?;
    if findings.all_hold {
        return Ok(findings.text);
    }
    anyhow::bail!("not ready to go:\n{}", findings.text)
}

fn clock(now: Timestamp) -> Result<String, String> {
    let text = now.to_rfc3339();
    if now < CLOCK_MIN {
        Err(format!("{text} is long past: set the clock"))
    } else {
        Ok(text)
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

fn payment(shop: &Shop, status: &StatusReport) -> Result<String, String> {
    let Some(backend) = shop.config().backends.first() else {
        return Err("no payment account: add a [[backend]], or take cash only".to_owned());
    };
    let account = format!("{} ({}, {})", backend.name, backend.kind, backend.base_url);
    match status.reach.as_str() {
        "online" => Ok(format!("{account} answers")),
        "refusing" => Err(format!("{account} refuses the key: correct api_key")),
        _ => Err(format!(
            "{account} does not answer: check the network and base_url"
        )),
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
