//! `tillcode link list`: the codes of this till, how they do, and what the provider has.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::super::{Desk, accept, to_json, unexpected, word};
use super::{line, settled_account};
use crate::domain::id::LinkId;
use crate::domain::link::{Link, LinkState, Purpose};
use crate::proto::backend::RemoteStanding;
use crate::terminal::query::{LinkStat, ROWS_MAX, RemoteReport, RemoteRow, Whose};
use crate::terminal::{Answer, Command, Query, Reply};

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// Only those in this state.
    #[arg(long, value_enum)]
    state: Option<StateChoice>,
    /// Only those for a product, or those for one sale.
    #[arg(long, value_enum)]
    purpose: Option<PurposeChoice>,
    /// Only those of this payment account.
    #[arg(long, value_name = "NAME")]
    backend: Option<String>,
    /// Says of each how often it was shown and paid.
    #[arg(long)]
    stats: bool,
    /// Reads the provider's own list and compares it with what is known here.
    #[arg(long, conflicts_with_all = ["state", "purpose", "stats", "limit"])]
    remote: bool,
    /// At most so many.
    #[arg(long, default_value_t = 1_000)]
    limit: usize,
    /// One JSON document.
    #[arg(long)]
    json: bool,
}

/// The choices of `--purpose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PurposeChoice {
    /// Of a product: shown and printed as often as wanted.
    Permanent,
    /// Of one sale.
    Single,
}

/// The choices of `--state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum StateChoice {
    /// Decided, not sent.
    Wanted,
    /// Sent, no answer yet.
    Requested,
    /// The provider has it.
    Live,
    /// Given to a sale, not shown yet.
    Reserved,
    /// A payer may have it.
    Shown,
    /// Money came.
    Paid,
    /// Used up.
    Burned,
    /// Past its end.
    Expired,
    /// Switched off.
    Withdrawn,
    /// Not shown any more, still listened to.
    Retired,
    /// The provider did not make it.
    Refused,
}

impl StateChoice {
    const fn state(self) -> LinkState {
        match self {
            Self::Wanted => LinkState::Wanted,
            Self::Requested => LinkState::Requested,
            Self::Live => LinkState::Live,
            Self::Reserved => LinkState::Reserved,
            Self::Shown => LinkState::Shown,
            Self::Paid => LinkState::Paid,
            Self::Burned => LinkState::Burned,
            Self::Expired => LinkState::Expired,
            Self::Withdrawn => LinkState::Withdrawn,
            Self::Retired => LinkState::Retired,
            Self::Refused => LinkState::Refused,
        }
    }
}

impl ListArgs {
    fn names(&self, link: &Link) -> bool {
        let is_of = |name: &String| link.backend == *name;
        self.state.is_none_or(|state| link.state == state.state())
            && self.backend.as_ref().is_none_or(is_of)
    }

    /// Whether anything is chosen that the database does not choose by.
    fn has_filter(&self) -> bool {
        self.state.is_some() || self.backend.is_some()
    }

    fn purpose(&self) -> Option<Purpose> {
        self.purpose.map(|purpose| match purpose {
            PurposeChoice::Permanent => Purpose::Permanent,
            PurposeChoice::Single => Purpose::Single,
        })
    }
}

/// A link with its numbers, as `--stats --json` prints it.
#[derive(Serialize)]
struct Counted<'a> {
    #[serde(flatten)]
    link: &'a Link,
    stats: LinkStat,
}

pub(in crate::cli) fn run(desk: &mut dyn Desk, args: &ListArgs) -> anyhow::Result<String> {
    if args.remote {
        return remote(desk, args);
    }
    // What is asked for may stand anywhere among all.
    let limit = if args.has_filter() {
        ROWS_MAX
    } else {
        args.limit
    };
    let mut links = links(desk, limit, args.purpose())?;
    links.retain(|link| args.names(link));
    links.truncate(args.limit);
    if !args.stats {
        if args.json {
            return to_json(&links);
        }
        return Ok(links.iter().map(|link| line(link) + "\n").collect());
    }
    let stats = stats(desk)?;
    let counted: Vec<Counted<'_>> = links.iter().map(|link| count(link, &stats)).collect();
    if args.json {
        return to_json(&counted);
    }
    Ok(counted.iter().map(counted_line).collect())
}

fn links(desk: &mut dyn Desk, limit: usize, purpose: Option<Purpose>) -> anyhow::Result<Vec<Link>> {
    let answer = desk.query(Query::Links { limit, purpose })?;
    let Answer::Links { links } = answer else {
        return Err(unexpected(answer));
    };
    Ok(links)
}

fn stats(desk: &mut dyn Desk) -> anyhow::Result<BTreeMap<LinkId, LinkStat>> {
    let answer = desk.query(Query::LinkStats)?;
    let Answer::LinkStats { stats } = answer else {
        return Err(unexpected(answer));
    };
    Ok(stats.into_iter().map(|stat| (stat.link, stat)).collect())
}

fn count<'a>(link: &'a Link, stats: &BTreeMap<LinkId, LinkStat>) -> Counted<'a> {
    let never = LinkStat {
        link: link.id,
        shown: 0,
        last_shown: None,
        paid: 0,
        last_paid: None,
    };
    let stats = stats.get(&link.id).copied().unwrap_or(never);
    Counted { link, stats }
}

fn counted_line(counted: &Counted<'_>) -> String {
    let stats = &counted.stats;
    let last = stats
        .last_paid
        .map(|at| format!(", last {}", at.to_rfc3339()));
    format!(
        "{}  {:?}  shown {}, paid {}{}\n",
        line(counted.link),
        counted.link.title,
        stats.shown,
        stats.paid,
        last.unwrap_or_default()
    )
}

/// What the provider has, as `--remote --json` prints it.
#[derive(Serialize)]
struct Compared {
    #[serde(flatten)]
    report: RemoteReport,
    /// Links of ours that should take money, and of which the provider says that they do not.
    no_longer_pay: Vec<LinkId>,
}

fn remote(desk: &mut dyn Desk, args: &ListArgs) -> anyhow::Result<String> {
    let report = ask_remote(desk, args.backend.as_deref())?;
    let usable: BTreeSet<LinkId> = links(desk, ROWS_MAX, None)?
        .into_iter()
        .filter(|link| matches!(link.state, LinkState::Live | LinkState::Shown))
        .map(|link| link.id)
        .collect();
    let ended = |row: &&RemoteRow| {
        matches!(
            row.standing,
            RemoteStanding::Inactive | RemoteStanding::Expired
        )
    };
    let ours = report.links.iter().filter(ended).filter_map(|row| row.link);
    let no_longer_pay = ours.filter(|link| usable.contains(link)).collect();
    let compared = Compared {
        report,
        no_longer_pay,
    };
    if args.json {
        return to_json(&compared);
    }
    Ok(compared.in_words())
}

/// The provider's own list, once the account is online.
pub(in crate::cli) fn ask_remote(
    desk: &mut dyn Desk,
    backend: Option<&str>,
) -> anyhow::Result<RemoteReport> {
    let account = settled_account(desk, backend)?;
    let command = Command::ListRemote {
        backend: Some(account.name.clone()),
    };
    let reply = accept(desk.command(command)?);
    let reply = reply.with_context(|| format!("{} ({})", account.name, account.kind))?;
    let Reply::Remote { report } = reply else {
        anyhow::bail!("the till answered something else: is another version of it running?");
    };
    Ok(*report)
}

impl Compared {
    fn in_words(&self) -> String {
        let mut text = String::new();
        for row in &self.report.links {
            let whose = match (row.whose, row.link) {
                (Whose::Ours, Some(link)) => {
                    format!("ours, {link} {:?}", row.title.as_deref().unwrap_or(""))
                }
                (Whose::Ours | Whose::Unknown, _) => {
                    "not known here: another till's, perhaps; never switched off by itself"
                        .to_owned()
                }
            };
            let standing = word(&row.standing);
            text.extend([format!("{}  {standing}  {whose}  {}\n", row.id, row.url)]);
        }
        let ours = self
            .report
            .links
            .iter()
            .filter(|row| row.whose == Whose::Ours);
        let ours = ours.count();
        let all = self.report.links.len();
        text.extend([format!(
            "{}: {all} codes, {ours} ours, {} not known here\n",
            self.report.backend,
            all.saturating_sub(ours)
        )]);
        for link in &self.report.gone {
            text.extend([format!(
                "{link} is gone at the provider: `tillcode link withdraw {link}`, then `tillcode link mint`\n")]);
        }
        for link in &self.no_longer_pay {
            text.extend([format!(
                "{link} no longer takes money: take its sticker down, `tillcode link withdraw {link}`, \
                 then `tillcode link mint`\n")]);
        }
        text
    }
}
