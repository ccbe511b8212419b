//! `tillcode link`: the codes of this till.

use anyhow::Context as _;
use clap::Subcommand;

use super::{Desk, accept, to_json};
use crate::domain::id::LinkId;
use crate::domain::link::{Link, Purpose};
use crate::terminal::query::StatusReport;
use crate::terminal::{Answer, Command, Query};

/// How long `link mint` waits for the payment account at most.
const MINT_WAIT_MS: u64 = 30 * 60 * 1_000;
const MINT_POLL_MS: u64 = 200;
/// How long a till may need to find out whether the network is there.
const REACH_WAIT_MS: u64 = 10_000;

#[derive(Debug, Subcommand)]
pub(super) enum LinkTask {
    /// Lists codes, newest first.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 1_000)]
        limit: usize,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Shows one code; can draw it to share it.
    Show {
        /// Its id.
        link: LinkId,
        /// Draws it into a file: .png or .svg.
        #[arg(long, value_name = "FILE")]
        qr: Option<std::path::PathBuf>,
        /// One JSON document.
        #[arg(long)]
        json: bool,
    },
    /// Gets codes for products that have none, and waits for them.
    Mint,
    /// Switches a code off.
    Withdraw {
        /// Its id.
        link: LinkId,
    },
}

pub(super) fn run(desk: &mut dyn Desk, task: &LinkTask) -> anyhow::Result<String> {
    match task {
        LinkTask::List { limit, json } => {
            let links = links(desk, *limit)?;
            if *json {
                to_json(&links)
            } else {
                Ok(links.iter().map(|link| line(link) + "\n").collect())
            }
        }
        LinkTask::Show { link, qr, json } => {
            let links = links(desk, crate::terminal::query::ROWS_MAX)?;
            let found = links.iter().find(|found| found.id == *link);
            let found = found.with_context(|| {
                format!("there is no code {link} on this till: `tillcode link list` shows them")
            })?;
            if let Some(file) = qr {
                let url = found
                    .url()
                    .context("this code is not made yet: `tillcode link mint`")?;
                super::qr::draw(url, file)?;
            }
            if *json {
                to_json(found)
            } else {
                Ok(line(found))
            }
        }
        LinkTask::Mint => mint(desk),
        LinkTask::Withdraw { link } => {
            accept(desk.command(Command::WithdrawLink { link: *link })?)?;
            Ok(format!("{link} is switched off"))
        }
    }
}

fn links(desk: &mut dyn Desk, limit: usize) -> anyhow::Result<Vec<Link>> {
    let Answer::Links { links } = desk.query(Query::Links { limit })? else {
        anyhow::bail!("the codes cannot be read: restart the till");
    };
    Ok(links)
}

fn line(link: &Link) -> String {
    let purpose = match link.purpose {
        Purpose::Permanent => "permanent",
        Purpose::Single => "single",
    };
    format!(
        "{}  {purpose:9}  {:?}  {} {}  {}",
        link.id,
        link.state,
        link.amount.to_decimal(),
        link.amount.currency,
        link.url().unwrap_or("-")
    )
}

fn mint(desk: &mut dyn Desk) -> anyhow::Result<String> {
    accept(desk.command(Command::MintLinks)?)?;
    let mut waited: u64 = 0;
    loop {
        std::thread::sleep(std::time::Duration::from_millis(MINT_POLL_MS));
        waited = waited.saturating_add(MINT_POLL_MS);
        let status = super::status::ask(desk)?;
        let online = status.reach == "online";
        if online && status.waiting_to_send == 0 && has_all(&status) {
            return Ok(summary(&status));
        }
        let gave_up = waited > if online { MINT_WAIT_MS } else { REACH_WAIT_MS };
        // Nothing left to send although products lack codes: they were refused for good.
        let refused = online && status.waiting_to_send == 0 && waited > REACH_WAIT_MS;
        if gave_up || refused {
            let problem = status
                .last_problem
                .as_deref()
                .unwrap_or("the payment account does not answer");
            anyhow::bail!("{}; {problem}", summary(&status));
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
