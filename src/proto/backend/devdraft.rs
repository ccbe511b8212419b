//! Devdraft, as its document says: payment links in USDC and EURC.
//!
//! A create may take several requests: the provider remembers an idempotency key for a day only, and
//! the address of a link is unique in the account, so what was lost is looked for and taken over
//! (`devdraft/create.rs`). Field names come from the published OpenAPI, because the document lost
//! them; all that it requires is always sent. Where the document is silent (a refused address, the
//! form of a link's `url`) every plausible answer is understood.

use super::{
    Action, Capabilities, Key, Learns, LinkJob, Next, OptionField, Outcome, Pace, PaymentBackend,
    Refusal, Reported, Request, Response, Support,
};
use crate::domain::money::Currency;

mod answer;
mod ask;
mod create;
mod notification;
mod problem;
mod settings;
pub(crate) mod slug;
#[cfg(test)]
mod tests;
mod text;
pub(crate) mod units;

/// The codec of kind `devdraft`.
#[derive(Clone, Copy, Debug)]
pub struct Devdraft;

impl PaymentBackend for Devdraft {
    fn kind(&self) -> &'static str {
        "devdraft"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            repeatable: true,
            expiry: true,
            withdraw: false,
            update: true,
            fetch: true,
            list: true,
            single_use: true,
            open_amount: true,
            permanent: true,
            learns: Learns::Hinted,
        }
    }

    fn pay_hosts(&self) -> &'static [&'static str] {
        &["checkout.devdraft.ai"]
    }

    fn usual_address(&self) -> Option<&'static str> {
        Some("https://api.devdraft.ai")
    }

    fn keys(&self) -> &'static [Key] {
        &[
            Key {
                name: "client_key",
                is_needed: true,
                is_secret: true,
            },
            Key {
                name: "client_secret",
                is_needed: true,
                is_secret: true,
            },
        ]
    }

    fn options(&self) -> &'static [OptionField] {
        settings::FIELDS
    }

    fn support(&self) -> Support {
        Support {
            status: "https://api.devdraft.ai/api/v0/health/public",
            contact: "https://docs.devdraft.ai",
        }
    }

    /// A fixed window of one minute for each `x-client-key`.
    fn pace(&self) -> Option<Pace> {
        Some(Pace { per_minute: 100 })
    }

    /// Needs no key, so that it tells "no network" from "wrong key".
    fn probe(&self) -> Request {
        Request::bare("/api/v0/health/public")
    }

    fn read_notification(&self, body: &str) -> Result<Reported, Refusal> {
        notification::read(body)
    }

    /// The provider's units are those of its tokens: a millionth of a USDC or EURC.
    fn minor_units(&self, wire: i64, currency: Currency) -> Option<i64> {
        units::to_minor(wire, currency)
    }

    fn next(&self, job: LinkJob<'_>) -> Next {
        step(&job).unwrap_or_else(Next::Refused)
    }
}

fn step(job: &LinkJob<'_>) -> Result<Next, Refusal> {
    if let Action::Create { link, .. } = job.action {
        return create::next(link, job, |response| Devdraft.recognizes(response));
    }
    let Some(last) = job.answers.last() else {
        return first(job).map(Next::Send);
    };
    if let Err(problem) = problem::check(last, Devdraft.recognizes(last)) {
        return Ok(problem);
    }
    conclude(job, last)
}

/// The first request of an action that makes nothing. Refused where Devdraft could not do it anyway.
fn first(job: &LinkJob<'_>) -> Result<Request, Refusal> {
    match job.action {
        Action::Create { .. } => Err(Refusal::of("a create has steps of its own")),
        Action::Fetch { remote_id } => ask::fetch(remote_id),
        Action::List { from } => Ok(ask::list(*from)),
        Action::Update { remote_id, link } => ask::update(remote_id, link, job.account),
        Action::Subscribe { .. } => Err(Refusal::of(
            "Devdraft reports for the whole account: enter the address in its console",
        )),
        Action::LookUp { .. } => Err(Refusal::of(
            "Devdraft says whether a link is active, but not what was paid on it: compare with its \
             console",
        )),
        Action::Withdraw { .. } => Err(Refusal::of(
            "Devdraft's document has no way to switch a link off: let it expire, or end it in its \
             console",
        )),
        Action::CreateProduct { .. } => Err(Refusal::of(
            "Devdraft's products have no codes of their own: make a permanent link instead",
        )),
    }
}

/// What a successful answer means for the action that it belongs to.
fn conclude(job: &LinkJob<'_>, last: &Response) -> Result<Next, Refusal> {
    let base = settings::checkout_base(job.account);
    let state = match job.action {
        Action::Fetch { remote_id } => answer::fetched(last, remote_id, base)?,
        Action::List { from } => {
            let (links, is_full) = answer::listed(last, base)?;
            let next = is_full.then(|| from.saturating_add(ask::PAGE));
            return Ok(Next::Done(Outcome::Links { links, next }));
        }
        Action::Update { remote_id, link } => {
            // The first answer may be silent; the second one is the link, read back.
            if job.answers.len() == 1 && !answer::describes_link(last, base) {
                return ask::fetch(remote_id).map(Next::Send);
            }
            let terms = ask::terms(link, job.account)?;
            answer::updated(last, remote_id, &terms, base)?
        }
        Action::Create { .. }
        | Action::LookUp { .. }
        | Action::Subscribe { .. }
        | Action::Withdraw { .. }
        | Action::CreateProduct { .. } => return first(job).map(Next::Send),
    };
    Ok(Next::Done(Outcome::Link(state)))
}
