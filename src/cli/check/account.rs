//! What `tillcode check` says of one payment account: whether it answers, takes our keys, means the
//! same unit of money, and what it can do.

use std::time::Duration;

use super::super::link::custom::{make, wait_until_made};
use super::super::link::list::ask_remote;
use super::super::link::{one, settled_account};
use super::super::{Desk, accept, ask_sync};
use crate::config::BackendConfig;
use crate::domain::id::LinkId;
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::{Amount, Currency};
use crate::domain::options::Options;
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, Capabilities, PaymentBackend};
use crate::terminal::query::Whose;
use crate::terminal::{Command, CustomLink};

/// What the code is called that is made to see whether it works.
const TITLE: &str = "Tillcode check";
/// How long such a code lives where it can be given an end, in milliseconds.
const LIFE_MS: i64 = 3_600_000;
/// How long switching it off may take.
const WITHDRAW_WAIT_MS: u64 = 10_000;
const WITHDRAW_POLL_MS: u64 = 50;

/// The account, and how far to go.
pub(super) struct Asked<'a> {
    pub(super) backend: &'a BackendConfig,
    pub(super) currency: Currency,
    /// Whether a code is to be made.
    pub(super) mints: bool,
    pub(super) now: Timestamp,
}

type Finding = Result<String, String>;

/// Everything there is to say; ends early where the rest cannot be found out.
pub(super) fn look_at(desk: &mut dyn Desk, asked: &Asked<'_>) -> anyhow::Result<Vec<Finding>> {
    let backend = asked.backend;
    let mut findings = Vec::new();
    let Some(codec) = backend::codec(&backend.kind) else {
        return Ok(vec![Err(format!("{} is no kind of account", backend.kind))]);
    };
    let can = codec.capabilities();
    findings.push(Ok(in_words(can)));
    let account = settled_account(desk, Some(&backend.name))?;
    let address = format!("{} at {}", backend.kind, backend.base_url);
    let problem = account.last_problem.map(|problem| format!(" ({problem})"));
    let problem = problem.unwrap_or_default();
    match account.reach.as_str() {
        "online" => findings.push(Ok(format!("{address} answers"))),
        "refusing" => {
            findings.push(Err(key_refused(codec, &address, &problem)));
            return Ok(findings);
        }
        _ => {
            findings.push(Err(format!(
                "{address} does not answer{problem}: check the network and base_url"
            )));
            return Ok(findings);
        }
    }
    let keys = keys(desk, asked, can);
    let are_good = keys.is_ok();
    findings.push(keys);
    if asked.mints && are_good {
        findings.push(unit(desk, asked, codec).map_err(|error| format!("{error:#}")));
    }
    Ok(findings)
}

fn in_words(can: Capabilities) -> String {
    can.in_words().map(|fact| fact.english).join("; ")
}

fn key_refused(codec: &dyn PaymentBackend, address: &str, problem: &str) -> String {
    let secret = codec.keys().iter().filter(|key| key.is_secret);
    let names: Vec<&str> = secret.map(|key| key.name).collect();
    format!(
        "{address} refuses the key{problem}: correct {}",
        names.join(" and ")
    )
}

/// Whether our keys are taken: its own list can be read.
fn keys(desk: &mut dyn Desk, asked: &Asked<'_>, can: Capabilities) -> Finding {
    if !can.list {
        let say = if asked.mints {
            "whether the keys are right shows the code below"
        } else {
            "whether the keys are right is not known: --mint-test tries them"
        };
        return Ok(say.to_owned());
    }
    let report = ask_remote(desk, Some(&asked.backend.name));
    report
        .map(|report| format!("the keys are accepted, {} codes there", report.links.len()))
        .map_err(|error| format!("{error:#}"))
}

/// Makes a code, reads it back, switches it off, and says its amount in the provider's words.
fn unit(
    desk: &mut dyn Desk,
    asked: &Asked<'_>,
    codec: &dyn PaymentBackend,
) -> anyhow::Result<String> {
    let can = codec.capabilities();
    let amount = smallest(asked.currency);
    let wish = CustomLink {
        backend: Some(asked.backend.name.clone()),
        title: TITLE.to_owned(),
        amount,
        asking: Asking::Fixed,
        purpose: Purpose::Single,
        expires_at: can.expiry.then(|| asked.now.plus_millis(LIFE_MS)),
        options: Options::default(),
    };
    let id = make(desk, wish)?;
    let link = match wait_until_made(desk, id) {
        Ok(link) => link,
        Err(error) => {
            leave(desk, id)?;
            return Err(error);
        }
    };
    let read_back = if can.list {
        read_back(desk, asked, &link)?
    } else {
        ""
    };
    let said = settled_account(desk, Some(&asked.backend.name))?.last_problem;
    let said = said.map(|said| format!("; WARNING: {said}"));
    let said = said.unwrap_or_default();
    let pictured = link.remote.as_ref();
    let pictured = pictured.map(|remote| super::picture::in_words(codec, remote));
    let pictured = pictured.unwrap_or_default();
    let switched_off = if can.withdraw {
        withdraw(desk, id)?
    } else {
        "; it cannot be switched off, so never pay it"
    };
    Ok(format!(
        "asked for {} {} = {} in the smallest unit: compare with the page at {}{read_back}{said}{pictured}{switched_off}",
        amount.to_decimal(),
        amount.currency,
        amount.minor,
        link.url().unwrap_or("-")
    ))
}

/// One whole unit of the currency; a hundred where there are no smaller coins.
fn smallest(currency: Currency) -> Amount {
    let minor = match currency.exponent() {
        0 => 100,
        exponent => 10_i64.saturating_pow(exponent),
    };
    Amount::new(minor, currency)
}

fn read_back(desk: &mut dyn Desk, asked: &Asked<'_>, link: &Link) -> anyhow::Result<&'static str> {
    let report = ask_remote(desk, Some(&asked.backend.name))?;
    let found = report.links.iter();
    let found = found.filter(|row| row.whose == Whose::Ours);
    anyhow::ensure!(
        found.into_iter().any(|row| row.link == Some(link.id)),
        "the code that was made is not in the provider's own list: look at its console"
    );
    Ok("; it is in the provider's list")
}

fn withdraw(desk: &mut dyn Desk, id: LinkId) -> anyhow::Result<&'static str> {
    accept(desk.command(Command::WithdrawLink { link: id })?)?;
    let mut waited = 0;
    while waited < WITHDRAW_WAIT_MS {
        if one(desk, id)?.state == LinkState::Withdrawn {
            return Ok("; it is switched off again");
        }
        std::thread::sleep(Duration::from_millis(WITHDRAW_POLL_MS));
        waited = waited.saturating_add(WITHDRAW_POLL_MS);
    }
    anyhow::bail!("the code that was made is not switched off yet: see `tillcode sync`")
}

/// What the check itself began and the account refused is not left to a person.
fn leave(desk: &mut dyn Desk, id: LinkId) -> anyhow::Result<()> {
    let rows = ask_sync(desk)?.rows;
    let refused = rows
        .iter()
        .filter(|row| row.link == Some(id) && row.refusal.is_some());
    for row in refused {
        accept(desk.command(Command::GiveUpJob {
            job: row.job,
            reason: TITLE.to_owned(),
        })?)?;
    }
    Ok(())
}
