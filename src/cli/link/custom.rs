//! `tillcode link new` and `link set`: codes that an owner makes and keeps by hand.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::Args;

use super::super::catalog::ShopContext;
use super::super::{Desk, accept, ask_sync, options};
use super::{account, one, shown};
use crate::domain::id::LinkId;
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::domain::options::Options;
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, Capabilities};
use crate::terminal::query::SyncRow;
use crate::terminal::{Command, CustomLink, LinkChange, Reply};

/// How long a code that is made or changed now is waited for.
const WAIT_MS: u64 = 20_000;
const POLL_MS: u64 = 50;
/// The longest life of a code, in days.
const DAYS_MAX: u32 = 3_660;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is one option")]
#[command(group(clap::ArgGroup::new("sum").required(true).args(["amount", "open"])))]
pub(in crate::cli) struct NewArgs {
    /// What is bought, in a few words.
    #[arg(long)]
    title: String,
    /// What it asks for, as the shop writes it (12.50).
    #[arg(long)]
    amount: Option<String>,
    /// The payer types how much.
    #[arg(long)]
    open: bool,
    /// May be paid once; this is the usual.
    #[arg(long, conflicts_with = "permanent")]
    single: bool,
    /// May be paid as often as wanted.
    #[arg(long)]
    permanent: bool,
    /// When it ends: a day (2026-12-24), an instant (RFC 3339), or after 30m, 12h or 14d.
    #[arg(long, value_name = "DATE|DURATION")]
    expires: Option<String>,
    /// The payment account; without it the first one.
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// What only its provider understands; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    option: Vec<String>,
    /// Does not wait until the payment account has made it.
    #[arg(long)]
    no_wait: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true).args(["title", "amount", "option"])))]
pub(in crate::cli) struct SetArgs {
    /// Its id.
    link: LinkId,
    /// What is bought, in a few words.
    #[arg(long)]
    title: Option<String>,
    /// What it asks for, as the shop writes it (12.50).
    #[arg(long)]
    amount: Option<String>,
    /// What only its provider understands; may be repeated.
    #[arg(long, value_name = "NAME=VALUE")]
    option: Vec<String>,
    /// Does not wait until the payment account has changed it.
    #[arg(long)]
    no_wait: bool,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

pub(super) fn new(
    context: &ShopContext,
    desk: &mut dyn Desk,
    args: &NewArgs,
) -> anyhow::Result<String> {
    let account = account(desk, args.backend.as_deref())?;
    let (amount, asking) = match &args.amount {
        Some(text) => (amount(text, context)?, Asking::Fixed),
        None => (Amount::new(0, context.currency), Asking::Open),
    };
    let expires_at = args.expires.as_deref().map(|text| end_of(text, context));
    let mut wish = CustomLink {
        backend: Some(account.name.clone()),
        title: args.title.clone(),
        amount,
        asking,
        purpose: if args.permanent {
            Purpose::Permanent
        } else {
            Purpose::Single
        },
        expires_at: expires_at.transpose()?,
        options: Options::default(),
    };
    options::set(
        &mut wish.options,
        &args.option,
        &options::fields_of(&account.kind),
    )?;
    check_can(&account.kind, &wish)?;
    let id = make(desk, wish)?;
    let link = if args.no_wait {
        one(desk, id)?
    } else {
        wait_until_made(desk, id)?
    };
    shown(&link, args.json)
}

/// Begins to make a code.
pub(in crate::cli) fn make(desk: &mut dyn Desk, wish: CustomLink) -> anyhow::Result<LinkId> {
    named(&accept(desk.command(Command::NewLink { wish })?)?)
}

fn named(reply: &Reply) -> anyhow::Result<LinkId> {
    let Reply::Link { link } = reply else {
        bail!("the till did not say which code it means: see `tillcode link list`");
    };
    Ok(*link)
}

/// What the provider's document does not know is refused before anything is sent.
fn check_can(kind: &str, wish: &CustomLink) -> anyhow::Result<()> {
    let Some(can) = backend::codec(kind).map(backend::PaymentBackend::capabilities) else {
        return Ok(());
    };
    let Capabilities {
        expiry,
        open_amount,
        permanent,
        ..
    } = can;
    ensure!(
        open_amount || wish.asking == Asking::Fixed,
        "{kind} has no codes on which the payer types the amount: name one with --amount"
    );
    ensure!(
        permanent || wish.purpose == Purpose::Single,
        "{kind} has no codes that stay valid: leave --permanent out"
    );
    ensure!(
        expiry || wish.expires_at.is_none(),
        "{kind} cannot give a code an end: leave --expires out"
    );
    Ok(())
}

pub(super) fn set(
    context: &ShopContext,
    desk: &mut dyn Desk,
    args: &SetArgs,
) -> anyhow::Result<String> {
    let present = one(desk, args.link)?;
    let account = account(desk, Some(&present.backend))?;
    let mut change = LinkChange {
        title: args.title.clone(),
        amount: args
            .amount
            .as_deref()
            .map(|text| amount(text, context))
            .transpose()?,
        options: Options::default(),
    };
    options::set(
        &mut change.options,
        &args.option,
        &options::fields_of(&account.kind),
    )?;
    let link = args.link;
    named(&accept(desk.command(Command::SetLink { link, change })?)?)?;
    if !args.no_wait {
        wait_until_changed(desk, link)?;
    }
    shown(&one(desk, link)?, args.json)
}

fn amount(text: &str, context: &ShopContext) -> anyhow::Result<Amount> {
    Amount::parse(text, context.locale, context.currency)
        .with_context(|| format!("the amount {text:?} cannot be read"))
}

/// The end of a life that somebody typed.
fn end_of(text: &str, context: &ShopContext) -> anyhow::Result<Timestamp> {
    let end = if let Some(at) = Timestamp::parse_rfc3339(text) {
        Some(at)
    } else if let Ok(day) = text.parse() {
        context.end_of_day(day)
    } else {
        life_ms(text).map(|ms| context.now.plus_millis(ms))
    };
    let end = end.with_context(|| {
        format!(
            "--expires {text:?} cannot be read: write a day (2026-12-24), or 30m, 12h or 14d, at most \
             {DAYS_MAX} days"
        )
    })?;
    ensure!(
        end > context.now,
        "--expires {text:?} is past: name an end that is still to come"
    );
    Ok(end)
}

/// `30m`, `12h` or `14d`, in milliseconds.
fn life_ms(text: &str) -> Option<i64> {
    let unit = text.chars().next_back()?;
    let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
    let minutes: u32 = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        _ => return None,
    };
    let minutes = count.checked_mul(minutes)?;
    let in_range = (1..=DAYS_MAX.saturating_mul(24 * 60)).contains(&minutes);
    in_range.then(|| i64::from(minutes).saturating_mul(60_000))
}

/// Waits until the payment account has made it, or says why it did not.
pub(in crate::cli) fn wait_until_made(desk: &mut dyn Desk, id: LinkId) -> anyhow::Result<Link> {
    let mut waited = 0;
    loop {
        let link = one(desk, id)?;
        if !matches!(
            link.state,
            LinkState::Wanted | LinkState::Requested | LinkState::Refused
        ) {
            return Ok(link);
        }
        check_waits(desk, id, waited, "made")?;
        std::thread::sleep(Duration::from_millis(POLL_MS));
        waited = waited.saturating_add(POLL_MS);
    }
}

fn wait_until_changed(desk: &mut dyn Desk, id: LinkId) -> anyhow::Result<()> {
    let mut waited = 0;
    while check_waits(desk, id, waited, "changed")? {
        std::thread::sleep(Duration::from_millis(POLL_MS));
        waited = waited.saturating_add(POLL_MS);
    }
    Ok(())
}

/// Whether work on a code is under way. Fails where it was refused, or takes too long.
fn check_waits(desk: &mut dyn Desk, id: LinkId, waited: u64, what: &str) -> anyhow::Result<bool> {
    let rows = ask_sync(desk)?.rows;
    let mut of_it = rows.iter().filter(|row| row.link == Some(id));
    let refused = |row: &&SyncRow| row.refusal.is_some();
    if let Some(row) = of_it.clone().find(refused) {
        let reason = row
            .refusal
            .as_ref()
            .map_or("", |refusal| refusal.reason.as_str());
        bail!(
            "{reason}; `tillcode sync retry {0}` tries it again, `tillcode sync give-up {0}` leaves it",
            row.job
        );
    }
    let Some(row) = of_it.next() else {
        return Ok(false);
    };
    let problem = row
        .problem
        .as_deref()
        .unwrap_or("the payment account does not answer");
    ensure!(
        waited < WAIT_MS,
        "the code {id} is not {what} yet: {problem}; it is tried again by itself, see `tillcode sync`"
    );
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_read_with_its_unit_and_its_bounds() {
        for (text, ms) in [
            ("1m", Some(60_000)),
            ("12h", Some(43_200_000)),
            ("14d", Some(1_209_600_000)),
            ("3660d", Some(316_224_000_000)),
            ("3661d", None),
            ("0m", None),
            ("-1d", None),
            ("1.5d", None),
            ("5", None),
            ("d", None),
            ("", None),
            ("5ä", None),
        ] {
            assert_eq!(life_ms(text), ms, "{text}");
        }
    }
}
