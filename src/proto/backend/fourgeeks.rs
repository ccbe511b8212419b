//! 4Geeks Payments, as its document says: links are made and listed, and that is all.
//!
//! Nothing can be read back, changed, ended or switched off, and nothing tells of a payment: what it
//! cannot do is refused here, before the network. Older generations of its API are recognized by
//! their answers and not spoken, because the last of them reads 4999 cents as 4999.00.

use super::{
    Action, Capabilities, HeaderValue, Key, Learns, LinkJob, Method, Next, OptionField, OptionKind,
    Outcome, PaymentBackend, Refusal, Reported, Request, Response, Scope, Support, write,
};

mod answer;
mod ask;
mod problem;
#[cfg(test)]
mod tests;

/// The codec of kind `4geeks`.
#[derive(Clone, Copy, Debug)]
pub struct FourGeeks;

impl PaymentBackend for FourGeeks {
    fn kind(&self) -> &'static str {
        "4geeks"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            repeatable: false,
            expiry: false,
            withdraw: false,
            update: false,
            fetch: false,
            list: true,
            single_use: false,
            open_amount: false,
            permanent: true,
            learns: Learns::Never,
        }
    }

    fn pay_hosts(&self) -> &'static [&'static str] {
        &["pay.4geeks.io"]
    }

    fn usual_address(&self) -> Option<&'static str> {
        Some("https://api.4geeks.io")
    }

    fn keys(&self) -> &'static [Key] {
        &[Key {
            name: "api_key",
            is_needed: true,
            is_secret: true,
        }]
    }

    fn options(&self) -> &'static [OptionField] {
        &[OptionField {
            name: ask::ANY_CURRENCY,
            kind: OptionKind::Switch,
            scope: Scope::Account,
        }]
    }

    fn support(&self) -> Support {
        Support {
            status: "https://docs.4geeks.io/en/api/payment-links/",
            contact: "https://community.4geeks.io",
        }
    }

    /// It has no page for its health: the shortest list, which wants the key.
    fn probe(&self) -> Request {
        ask::page(1, 0)
    }

    fn read_notification(&self, _body: &str) -> Result<Reported, Refusal> {
        Err(Refusal::of(
            "4Geeks documents no notification for links: compare with its console",
        ))
    }

    fn next(&self, job: LinkJob<'_>) -> Next {
        let Some(last) = job.answers.last() else {
            return ask::request(&job).map_or_else(Next::Refused, Next::Send);
        };
        if let Err(problem) = problem::check(last, self.recognizes(last)) {
            return problem;
        }
        conclude(job.action, last).map_or_else(Next::Refused, Next::Done)
    }
}

/// What a successful answer means for the action that it belongs to.
fn conclude(action: &Action, last: &Response) -> Result<Outcome, Refusal> {
    match action {
        Action::Create { .. } => answer::created(last).map(Outcome::Link),
        Action::List { from } => answer::listed(last, *from),
        Action::Fetch { .. }
        | Action::LookUp { .. }
        | Action::Update { .. }
        | Action::Subscribe { .. }
        | Action::Withdraw { .. }
        | Action::CreateProduct { .. } => Err(ask::cannot(action)),
    }
}

/// The header that every request has: the key says whose links, and whether money is real.
fn headers() -> Vec<(&'static str, HeaderValue)> {
    vec![
        write::accept(),
        ("x-api-key", HeaderValue::Credential("api_key")),
    ]
}

/// A request without a body.
fn plain(method: Method, path: String) -> Request {
    Request {
        method,
        path,
        headers: headers(),
        body: None,
    }
}
