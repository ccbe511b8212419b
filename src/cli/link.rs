//! `tillcode link`: the codes of this till.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Subcommand;

use super::catalog::ShopContext;
use super::{Desk, accept, ask_sync, sum_of, to_json, unexpected};
use crate::domain::id::LinkId;
use crate::domain::link::{Link, Purpose};
use crate::terminal::query::{AccountReport, StatusReport};
use crate::terminal::{Answer, Command, Query};

pub(super) mod custom;
mod html;
pub(super) mod list;
pub(super) mod pool;

/// How long `link mint` waits for the payment account at most.
const MINT_WAIT_MS: u64 = 30 * 60 * 1_000;
const MINT_POLL_MS: u64 = 200;
/// How long the till may still be thinking before what is missing counts as refused.
const REFUSED_AFTER_MS: u64 = 2_000;
/// How long a till may need to find out whether the network is there.
const REACH_WAIT_MS: u64 = 10_000;
const REACH_POLL_MS: u64 = 100;

#[derive(Debug, Subcommand)]
pub(super) enum LinkTask {
    /// Lists codes, newest first.
    List(list::ListArgs),
    /// Shows one code; can draw it to share it.
    Show {
        /// Its id.
        link: LinkId,
        /// Draws it into a file: .png, .svg, or .html for an e-mail or an invoice.
        #[arg(long, value_name = "FILE")]
        qr: Option<PathBuf>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Makes a code by hand: for a service, a limited offer, an invoice.
    New(custom::NewArgs),
    /// Changes a code that is live, where the provider can.
    Set(custom::SetArgs),
    /// Gets codes for products that have none, and waits for them. Can be broken off and repeated.
    Mint,
    /// Switches a code off.
    Withdraw {
        /// Its id.
        link: LinkId,
    },
    /// Shows the spare codes: how many there are for each sum, and how many there should be.
    Pool {
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(
    context: &ShopContext,
    desk: &mut dyn Desk,
    task: &LinkTask,
) -> anyhow::Result<String> {
    match task {
        LinkTask::List(args) => list::run(desk, args),
        LinkTask::Show { link, qr, json } => {
            let found = one(desk, *link)?;
            if let Some(file) = qr {
                draw(&found, file, context)?;
            }
            shown(&found, *json)
        }
        LinkTask::New(args) => custom::new(context, desk, args),
        LinkTask::Set(args) => custom::set(context, desk, args),
        LinkTask::Mint => mint(desk),
        LinkTask::Withdraw { link } => {
            accept(desk.command(Command::WithdrawLink { link: *link })?)?;
            Ok(format!("{link} is switched off"))
        }
        LinkTask::Pool { json } => pool::run(desk, *json),
    }
}

/// One code by its id.
pub(super) fn one(desk: &mut dyn Desk, id: LinkId) -> anyhow::Result<Link> {
    let answer = desk.query(Query::Link { id })?;
    let Answer::Links { links } = answer else {
        return Err(unexpected(answer));
    };
    let found = links.into_iter().next();
    found.with_context(|| {
        format!("there is no code {id} on this till: `tillcode link list` shows them")
    })
}

fn shown(link: &Link, json: bool) -> anyhow::Result<String> {
    if json { to_json(link) } else { Ok(line(link)) }
}

fn draw(link: &Link, file: &Path, context: &ShopContext) -> anyhow::Result<()> {
    let url = link
        .url()
        .context("this code is not made yet: `tillcode link mint`")?;
    let ending = file.extension().and_then(|ending| ending.to_str());
    if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("html")) {
        let page = html::page(link, url, context.locale)?;
        return super::qr::write_file(file, page.as_bytes());
    }
    super::qr::draw(url, file)
}

fn line(link: &Link) -> String {
    let purpose = match link.purpose {
        Purpose::Permanent => "permanent",
        Purpose::Single => "single",
    };
    format!(
        "{}  {purpose:9}  {:?}  {}  {}",
        link.id,
        link.state,
        sum_of(link.amount, link.asking),
        link.url().unwrap_or("-")
    )
}

/// The account of a name, else the default one.
pub(super) fn account(desk: &mut dyn Desk, name: Option<&str>) -> anyhow::Result<AccountReport> {
    let mut accounts = ask_sync(desk)?.accounts.into_iter();
    let found = match name {
        None => accounts.next(),
        Some(name) => accounts.find(|account| account.name == name),
    };
    found.with_context(|| match name {
        None => "no payment account is set up: add a [[backend]] to the configuration".to_owned(),
        Some(name) => {
            format!(
                "there is no payment account named {name:?}: see [[backend]] in the configuration"
            )
        }
    })
}

/// The account, once it is online; as it is after ten seconds where it does not come online.
pub(super) fn settled_account(
    desk: &mut dyn Desk,
    name: Option<&str>,
) -> anyhow::Result<AccountReport> {
    let mut waited: u64 = 0;
    loop {
        let account = account(desk, name)?;
        if account.reach == "online" || waited >= REACH_WAIT_MS {
            return Ok(account);
        }
        std::thread::sleep(Duration::from_millis(REACH_POLL_MS));
        waited = waited.saturating_add(REACH_POLL_MS);
    }
}

fn mint(desk: &mut dyn Desk) -> anyhow::Result<String> {
    accept(desk.command(Command::MintLinks)?)?;
    let mut waited: u64 = 0;
    let mut told = String::new();
    loop {
        std::thread::sleep(Duration::from_millis(MINT_POLL_MS));
        waited = waited.saturating_add(MINT_POLL_MS);
        let status = super::status::ask(desk)?;
        let online = status.reach == "online";
        let open = status.waiting_to_send.saturating_sub(status.refused);
        let is_done = online && open == 0 && status.still_wanted == 0;
        if is_done && status.refused == 0 && has_all(&status) {
            // What a provider's answer warned of, such as a picture that leads elsewhere.
            status.last_problem.as_deref().map(super::tell);
            return Ok(summary(&status));
        }
        let gave_up = waited > if online { MINT_WAIT_MS } else { REACH_WAIT_MS };
        // Nothing left to send although codes are missing: they were refused for good.
        let refused = is_done && waited > REFUSED_AFTER_MS;
        if gave_up || refused {
            let problem = status
                .last_problem
                .as_deref()
                .unwrap_or("the payment account does not answer");
            anyhow::bail!("{}; {problem}", summary(&status));
        }
        let now = summary(&status);
        if now != told {
            if online {
                super::tell(&now);
            }
            told = now;
        }
    }
}

fn has_all(status: &StatusReport) -> bool {
    status.products_with_code >= status.products
}

fn summary(status: &StatusReport) -> String {
    format!(
        "{} of {} products have a code, {} spare codes",
        status.products_with_code, status.products, status.spare_codes
    )
}
