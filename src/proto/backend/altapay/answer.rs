//! What the Checkout API answers, read with suspicion: ids, addresses and amounts are checked, the
//! rest is passed over.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::url::{URL_BYTES_MAX, host_of};
use super::super::{Refusal, RemoteStanding, RemoteState, Response, decimal, problem, read};
use super::{ask, picture};
use crate::domain::link::{Link, RemoteLink};
use crate::domain::money::Currency;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionAnswer {
    session_id: String,
    #[serde(default)]
    order: Option<Box<RawValue>>,
}

/// The order as the session repeats it. What is left out there is not compared.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderEcho {
    #[serde(default)]
    order_id: Option<String>,
    #[serde(default)]
    amount: Option<AmountEcho>,
}

#[derive(Deserialize)]
struct AmountEcho {
    value: Box<RawValue>,
    currency: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LinkAnswer {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    payment_link: Option<String>,
    #[serde(default)]
    qr_code: Option<String>,
}

/// A session that was made.
#[derive(Debug)]
pub(super) struct Session {
    /// Fits into a path.
    pub(super) id: String,
    /// What its order is about, in the currency's smallest unit, where the answer repeats it.
    pub(super) minor: Option<i64>,
}

/// Reads the answer to a new session.
pub(super) fn session(response: &Response, link: &Link) -> Result<Session, Refusal> {
    check_made(response, "session")?;
    let answer: SessionAnswer = object(response)?;
    let id = answer.session_id;
    if !read::is_id(&id) {
        return Err(unexpected(
            response,
            "AltaPay's answer has no usable session",
        ));
    }
    let echo = answer
        .order
        .and_then(|order| serde_json::from_str::<OrderEcho>(order.get()).ok());
    let minor = match echo {
        Some(echo) => check_echo(response, &echo, link)?,
        None => None,
    };
    Ok(Session { id, minor })
}

/// Reads the answer to a new link.
pub(super) fn made(response: &Response, session: &Session) -> Result<RemoteState, Refusal> {
    let refuse = |reason: &str| Refusal {
        request_id: problem::request_id(response).or_else(|| Some(session.id.clone())),
        ..unexpected(response, reason)
    };
    check_made(response, "link")?;
    let answer: LinkAnswer = object(response)?;
    let id = answer
        .id
        .filter(|id| read::is_id(id))
        .ok_or_else(|| refuse("AltaPay's answer has no usable id of the link"))?;
    let url = answer
        .payment_link
        .filter(|url| is_page(url))
        .ok_or_else(|| refuse("AltaPay's answer has no usable address of the link"))?;
    let warning = picture::warning(answer.qr_code.as_deref(), &url);
    Ok(RemoteState {
        link: RemoteLink { id, url },
        minor: session.minor,
        standing: RemoteStanding::Active,
        warning,
    })
}

/// A page is encrypted, unless it is a simulator's on this machine.
fn is_page(url: &str) -> bool {
    let Some(host) = host_of(url).filter(|_| url.len() <= URL_BYTES_MAX) else {
        return false;
    };
    url.starts_with("https://") || host == "127.0.0.1" || host == "::1"
}

/// A payer would pay what the session says, so one that says something else gets no link.
fn check_echo(response: &Response, echo: &OrderEcho, link: &Link) -> Result<Option<i64>, Refusal> {
    let differs = |what: &str, theirs: &str, ours: &str| {
        let theirs = read::clip(theirs);
        let reason = format!(
            "AltaPay made the session for another {what} ({theirs} instead of {ours}): no code is \
             shown; try again, and ask AltaPay's support if it stays so"
        );
        Err(unexpected(response, reason))
    };
    let order_id = ask::order_id(link);
    if let Some(theirs) = &echo.order_id
        && *theirs != order_id
    {
        return differs("order", theirs, &order_id);
    }
    let Some(amount) = &echo.amount else {
        return Ok(None);
    };
    let currency = link.amount.currency;
    if Currency::from_code(&amount.currency) != Some(currency) {
        return differs("currency", &amount.currency, currency.code());
    }
    let minor = decimal::from_wire(&amount.value, currency.exponent());
    if minor != Some(link.amount.minor) {
        return differs("amount", amount.value.get(), &link.amount.to_decimal());
    }
    Ok(minor)
}

/// 202 or 204 would leave open whether there is one at all.
fn check_made(response: &Response, what: &str) -> Result<(), Refusal> {
    if matches!(response.status, 200 | 201) {
        return Ok(());
    }
    let status = response.status;
    let reason = format!("AltaPay answered {status} instead of the new {what}: try again later");
    Err(unexpected(response, reason))
}

fn object<'de, T: Deserialize<'de>>(response: &'de Response) -> Result<T, Refusal> {
    // A list would be read as the fields in their order.
    if !response.body.trim_start().starts_with('{') {
        return Err(unexpected(response, "AltaPay's answer is no JSON object"));
    }
    serde_json::from_str(&response.body).map_err(|error| {
        let reason = format!("AltaPay's answer is not as documented ({error})");
        unexpected(response, reason)
    })
}

/// An answer that cannot be worked with.
pub(super) fn unexpected(response: &Response, reason: impl Into<String>) -> Refusal {
    Refusal {
        status: Some(response.status),
        request_id: problem::request_id(response),
        ..Refusal::of(reason)
    }
}
