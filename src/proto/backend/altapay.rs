//! `AltaPay`'s Checkout API: a session for one order, then a payment link of that session.
//!
//! A link is made in two requests, each with a token that `io` gets by [`AltaPay::sign_in`]. What
//! was paid is read from the Merchant API, which speaks XML and takes user and password: it is asked
//! for an order, and the order's id is the id of our own link. So a lost answer costs nothing, and
//! of several links of one order every payment is found.
//!
//! The remote id is the `id` of the payment link; the session's id is only quoted in refusals. Where
//! the public pages are silent (status of a creation, error bodies) every plausible answer is
//! understood.

use super::{
    AccessToken, Action, Capabilities, Key, Learns, LinkJob, Next, OptionField, Outcome,
    PaymentBackend, Posted, Refusal, Reported, Request, Response, Support, Verdict, read,
};
use crate::domain::link::{Asking, Link, Purpose};

mod answer;
pub(crate) mod ask;
mod checksum;
pub(crate) mod currencies;
mod lookup;
mod notification;
mod picture;
mod problem;
mod settings;
#[cfg(test)]
mod tests;
mod token;
mod xml;

/// The codec of kind `altapay`.
#[derive(Clone, Copy, Debug)]
pub struct AltaPay;

impl PaymentBackend for AltaPay {
    fn kind(&self) -> &'static str {
        "altapay"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            repeatable: false,
            expiry: true,
            withdraw: false,
            update: false,
            fetch: false,
            list: false,
            single_use: true,
            open_amount: false,
            permanent: false,
            learns: Learns::LookedUp,
        }
    }

    /// None: hosts are compared whole, each shop has a host of its own, and that of `base_url` is
    /// allowed anyway.
    fn pay_hosts(&self) -> &'static [&'static str] {
        &[]
    }

    /// The gateway for tests; a live account is at `https://<shop>.altapaysecure.com`.
    fn usual_address(&self) -> Option<&'static str> {
        Some("https://testgateway.altapaysecure.com")
    }

    fn keys(&self) -> &'static [Key] {
        &[
            Key {
                name: "username",
                is_needed: true,
                is_secret: false,
            },
            Key {
                name: "password",
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
            status: "https://testgateway.altapaysecure.com",
            contact: "https://documentation.altapay.com",
        }
    }

    fn sign_in(&self) -> Option<Request> {
        Some(ask::sign_in())
    }

    fn read_token(&self, response: &Response) -> Result<AccessToken, Refusal> {
        token::read(response)
    }

    /// Looks up an order that nobody has: changes nothing, and is answered only to the right user
    /// and password.
    fn probe(&self) -> Request {
        ask::look_up("tillcode-probe", 1)
    }

    fn recognizes(&self, response: &Response) -> bool {
        !(300..400).contains(&response.status)
            && (read::is_json_or_empty(response) || lookup::is_answer(response))
    }

    /// A callback is only a reason to look up: what protects it covers neither its outcome nor its
    /// transaction. So it is read as [`Pending`](crate::domain::payment::PaymentStatus::Pending)
    /// whatever it says, never as money.
    fn read_notification(&self, body: &str) -> Result<Reported, Refusal> {
        notification::read(body)
    }

    /// The terminal's secret is any text.
    fn check_secret(&self, _secret: &str) -> Result<(), Refusal> {
        Ok(())
    }

    fn verify(&self, posted: &Posted<'_>, secrets: &[String]) -> Verdict {
        checksum::verify(posted, secrets)
    }

    fn next(&self, job: LinkJob<'_>) -> Next {
        let Some(last) = job.answers.last() else {
            return begin(&job).map_or_else(Next::Refused, Next::Send);
        };
        let session = earlier_session(&job);
        if let Err(problem) = problem::check(last, self.recognizes(last), session.as_deref()) {
            return problem;
        }
        go_on(&job, last).unwrap_or_else(Next::Refused)
    }
}

/// The first request of a job. Refused where `AltaPay` could not do it anyway.
fn begin(job: &LinkJob<'_>) -> Result<Request, Refusal> {
    match job.action {
        Action::Create { link, notify_url } => {
            check_purpose(link)?;
            // The second request's refusals are known now: no session is made for nothing.
            ask::link(job, link, "session")?;
            ask::session(job, link, notify_url.as_deref())
        }
        Action::LookUp { link } => Ok(ask::look_up(&ask::order_id(link), lookup::REPORTS_MAX)),
        action @ (Action::Fetch { .. }
        | Action::List { .. }
        | Action::Update { .. }
        | Action::Subscribe { .. }
        | Action::Withdraw { .. }
        | Action::CreateProduct { .. }) => Err(Refusal::of(cannot(action))),
    }
}

/// What a good answer leads to.
fn go_on(job: &LinkJob<'_>, last: &Response) -> Result<Next, Refusal> {
    match (job.action, job.answers) {
        (Action::Create { link, .. }, [session]) => {
            let session = answer::session(session, link)?;
            ask::link(job, link, &session.id).map(Next::Send)
        }
        (Action::Create { link, .. }, [session, made, ..]) => {
            let session = answer::session(session, link)?;
            let state = answer::made(made, &session)?;
            Ok(Next::Done(Outcome::Link(state)))
        }
        (Action::LookUp { link }, _) => {
            let reported = lookup::read(last, link)?;
            Ok(Next::Done(Outcome::Payments(reported)))
        }
        (action, _) => Err(Refusal::of(cannot(action))),
    }
}

/// The id of the session that a link was asked for, to be quoted to the provider's support.
fn earlier_session(job: &LinkJob<'_>) -> Option<String> {
    match (job.action, job.answers) {
        (Action::Create { link, .. }, [session, _, ..]) => answer::session(session, link)
            .ok()
            .map(|session| session.id),
        _ => None,
    }
}

fn check_purpose(link: &Link) -> Result<(), Refusal> {
    if link.purpose == Purpose::Permanent {
        return Err(Refusal::of(
            "AltaPay has no codes that stay valid: each ends some minutes after it was first \
             scanned, so a sticker would be dead after one customer; show a code for each sale, or \
             use another payment account for stickers",
        ));
    }
    if link.asking == Asking::Open {
        return Err(Refusal::of(
            "AltaPay asks for a fixed amount only: the payer cannot type it; set a price",
        ));
    }
    Ok(())
}

/// Why an action is not to be had.
const fn cannot(action: &Action) -> &'static str {
    match action {
        Action::Create { .. } | Action::LookUp { .. } => {
            "AltaPay's answers do not belong to this request: try again"
        }
        Action::Fetch { .. } => {
            "AltaPay gives no link back: ask for the payments of its order instead"
        }
        Action::List { .. } => "AltaPay has no list of links: compare with its console",
        Action::Update { .. } | Action::Subscribe { .. } => {
            "AltaPay cannot change a link: make a new one"
        }
        Action::Withdraw { .. } => {
            "AltaPay cannot switch a link off: it ends by itself, at its end or some minutes after \
             it was first opened"
        }
        Action::CreateProduct { .. } => "AltaPay has no products: show a code for each sale",
    }
}
