//! 4pay.online, as its document says: payment links and products.
//!
//! Every action is one request, except an update whose answer does not describe the link: that one
//! is read back, because a sticker with the wrong amount costs money every day. Where the document
//! is silent (success codes of update and delete, the form of a list) every plausible answer is
//! understood; where it speaks, nothing else is sent.

use super::{
    Acknowledgment, Action, Capabilities, Key, Learns, LinkJob, Next, OptionField, Outcome,
    PaymentBackend, Posted, Refusal, Reported, Request, Response, Support, Verdict,
};
use crate::domain::link::RemoteLink;
use crate::domain::money::Currency;
use settings::Settings;

mod answer;
mod ask;
pub(crate) mod decimals;
mod notification;
mod problem;
mod settings;
mod signature;
#[cfg(test)]
mod tests;

/// The codec of kind `4pay`.
#[derive(Clone, Copy, Debug)]
pub struct FourPay;

impl PaymentBackend for FourPay {
    fn kind(&self) -> &'static str {
        "4pay"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            repeatable: false,
            expiry: true,
            withdraw: true,
            update: true,
            fetch: true,
            list: true,
            single_use: false,
            open_amount: true,
            permanent: true,
            learns: Learns::Notified,
        }
    }

    fn pay_hosts(&self) -> &'static [&'static str] {
        &["4pay.online"]
    }

    fn usual_address(&self) -> Option<&'static str> {
        Some("https://4pay.online")
    }

    fn keys(&self) -> &'static [Key] {
        &[
            Key {
                name: "api_key",
                is_needed: true,
                is_secret: true,
            },
            Key {
                name: "organization_id",
                is_needed: false,
                is_secret: false,
            },
        ]
    }

    fn options(&self) -> &'static [OptionField] {
        settings::FIELDS
    }

    fn support(&self) -> Support {
        Support {
            status: "https://4pay.online",
            contact: "https://docs.4pay.online",
        }
    }

    fn picture(&self, link: &RemoteLink) -> Option<String> {
        Some(answer::picture_address(&link.url))
    }

    /// Needs no key, so that it tells "no network" from "wrong key".
    fn probe(&self) -> Request {
        Request::bare("/api/v1/health")
    }

    fn read_notification(&self, body: &str) -> Result<Reported, Refusal> {
        notification::read(body)
    }

    /// 4pay's operator sets any text.
    fn check_secret(&self, _secret: &str) -> Result<(), Refusal> {
        Ok(())
    }

    fn verify(&self, posted: &Posted<'_>, secrets: &[String]) -> Verdict {
        signature::verify(posted, secrets)
    }

    /// Status 200 and this body; with anything else the notification comes again.
    fn acknowledgment(&self) -> Acknowledgment {
        Acknowledgment {
            content_type: "application/json",
            body: r#"{"success":"true"}"#,
        }
    }

    fn minor_units(&self, wire: i64, currency: Currency) -> Option<i64> {
        decimals::from_wire(wire, currency)
    }

    fn next(&self, job: LinkJob<'_>) -> Next {
        let Some(last) = job.answers.last() else {
            return ask::request(&job).map_or_else(Next::Refused, Next::Send);
        };
        let settings = Settings::of(job.account.options);
        let gone = matches!(last.status, 404 | 410) && self.recognizes(last);
        if gone && matches!(job.action, Action::Withdraw { .. }) {
            if settings.uses_products() {
                return Next::Refused(answer::perhaps_a_product(last));
            }
            return Next::Done(Outcome::Withdrawn);
        }
        if let Err(problem) = problem::check(last, self.recognizes(last)) {
            return problem;
        }
        conclude(&job, settings, last).unwrap_or_else(Next::Refused)
    }
}

/// What a successful answer means for the action that it belongs to.
fn conclude(job: &LinkJob<'_>, settings: Settings<'_>, last: &Response) -> Result<Next, Refusal> {
    let state = match job.action {
        Action::CreateProduct { link, .. } => answer::made_product(last, link, settings)?,
        Action::Create { link, .. } if settings.is_product(link) => {
            answer::made_product(last, link, settings)?
        }
        Action::Create { link, .. } => answer::created(last, link, settings)?,
        Action::Fetch { remote_id } => answer::fetched(last, remote_id, settings)?,
        Action::List { .. } => {
            let links = answer::listed(last, settings)?;
            return Ok(Next::Done(Outcome::Links { links, next: None }));
        }
        Action::LookUp { .. } => return Ok(Next::Refused(Refusal::of(NO_LOOK_UP))),
        Action::Update { remote_id, link }
        | Action::Subscribe {
            remote_id, link, ..
        } => {
            // The first answer may be empty; the second one is the link, read back.
            let silent = job.answers.len() == 1 && !answer::describes_link(last, settings);
            if silent {
                return ask::fetch(remote_id).map(Next::Send);
            }
            answer::updated(last, remote_id, link, settings)?
        }
        Action::Withdraw { .. } => return Ok(Next::Done(Outcome::Withdrawn)),
    };
    Ok(Next::Done(Outcome::Link(state)))
}

const NO_LOOK_UP: &str = "4pay does not say what was paid on a link: wait for its notification";
