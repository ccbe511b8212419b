//! Devdraft's notification, in an **assumed** form: no document says what it looks like.
//!
//! What is read is `{"event", "data": {"id", "paymentLinkId" | "paymentForId", "amount", "currency",
//! "status"}}`, the form that the sandbox posts, marked there as assumed. Published names of events
//! disagree with each other, so only their last word counts. Nothing is signed: whatever is read here
//! is a hint until the owner has tried it out with a real account.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::{Refusal, Reported, read};
use super::answer::text;
use super::units;
use crate::domain::payment::PaymentStatus;

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, default)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payment_link_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payment_for_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    amount: Option<&'a RawValue>,
    #[serde(borrow, default)]
    currency: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
}

/// Reads the body. Where it names only our own reference, that stands in
/// [`Reported::remote_link`] in place of the provider's id.
pub(super) fn read(body: &str) -> Result<Reported, Refusal> {
    let Wire { event, data } = serde_json::from_str(body).map_err(|error| {
        Refusal::of(format!(
            "the notification has not the form that is assumed of Devdraft ({error})"
        ))
    })?;
    let event = text(event).ok_or_else(|| Refusal::of("the notification names no event"))?;
    let id = |raw| text(raw).filter(|id| read::is_id(id));
    let remote_link = id(data.payment_link_id)
        .or_else(|| id(data.payment_for_id))
        .ok_or_else(|| Refusal::of("the notification does not say on which link"))?;
    let payment = id(data.id)
        .ok_or_else(|| Refusal::of("the notification has no usable id of the payment"))?;
    let minor = data
        .amount
        .and_then(units::from_wire)
        .ok_or_else(|| Refusal::of("the notification has no decimal as its amount"))?;
    check_currency(data.currency)?;
    let word = text(data.status).unwrap_or_default();
    let status = match (status(&event), status(&word)) {
        // What contradicts itself is neither money nor an end.
        (PaymentStatus::Charged, PaymentStatus::Failed) => PaymentStatus::Pending,
        (status, _) => status,
    };
    let error = if status == PaymentStatus::Failed {
        read::clip(&word)
    } else {
        String::new()
    };
    Ok(Reported {
        remote_link: Some(remote_link),
        payment,
        status,
        minor,
        // A token stands for its currency one to one, so the currency that was minted counts.
        currency: None,
        net_minor: None,
        gross_minor: None,
        error,
    })
}

/// The last word of an event's name; one that is not known is neither money nor an end.
fn status(event: &str) -> PaymentStatus {
    let event = event.to_ascii_lowercase();
    let last = event.rsplit(['.', '_', ':', '-']).next().unwrap_or("");
    match last {
        "successful" | "succeeded" | "success" | "completed" | "paid" => PaymentStatus::Charged,
        "failed" => PaymentStatus::Failed,
        "refunded" => PaymentStatus::Refunded,
        "disputed" => PaymentStatus::ChargedBack,
        _ => PaymentStatus::Pending,
    }
}

/// One that is named and is neither token makes the amount worthless.
fn check_currency(named: Option<&RawValue>) -> Result<(), Refusal> {
    let Some(named) = named else { return Ok(()) };
    match text(Some(named))
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        "usdc" | "eurc" | "usd" | "eur" => Ok(()),
        _ => Err(Refusal::of(
            "the notification is in a currency that Devdraft's links do not have",
        )),
    }
}
