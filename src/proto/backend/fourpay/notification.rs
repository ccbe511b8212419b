//! 4pay's webhook for payments on a link: the flat form of its document, which nothing signs.
//!
//! That it came to the link's unguessable address is what makes it believable; the caller compares
//! the amount with what the link asked for.

use serde_json::Value;

use super::super::{Refusal, Reported, read};
use crate::domain::money::Currency;
use crate::domain::payment::PaymentStatus;

/// Reads the body. A payment that names no link is read too: products may be reported so.
pub(super) fn read(body: &str) -> Result<Reported, Refusal> {
    let body: Value = serde_json::from_str(body)
        .map_err(|error| Refusal::of(format!("the notification is not JSON ({error})")))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let kind = text("type").unwrap_or("");
    if !matches!(kind, "link" | "payment") {
        let kind = read::clip(kind);
        return Err(Refusal::of(format!(
            "the notification is about {kind:?}, not about a payment"
        )));
    }
    let remote_link = text("link").filter(|id| read::is_id(id));
    if kind == "link" && remote_link.is_none() {
        return Err(Refusal::of("the notification does not say on which link"));
    }
    let payment = text("id")
        .filter(|id| read::is_id(id))
        .ok_or_else(|| Refusal::of("the notification has no usable id of the payment"))?;
    let number = |name: &str| body.get(name).and_then(read::whole);
    let minor = number("amount")
        .ok_or_else(|| Refusal::of("the notification has no whole number as its amount"))?;
    let status = text("status").ok_or_else(|| Refusal::of("the notification has no status"))?;
    Ok(Reported {
        remote_link: remote_link.map(str::to_owned),
        payment: payment.to_owned(),
        status: self::status(status),
        minor,
        currency: currency(&body)?,
        net_minor: number("amount_dest"),
        gross_minor: number("amount_with_fee"),
        error: read::clip(text("error_description").unwrap_or("")),
    })
}

/// Only `charged` is money; a word that is not known is neither money nor an end.
fn status(word: &str) -> PaymentStatus {
    match word {
        "charged" => PaymentStatus::Charged,
        "failed" | "rejected" | "cancelled" => PaymentStatus::Failed,
        // Whether `reversed` is a refund or a charge-back is not documented: the milder one.
        "refunded" | "reversed" => PaymentStatus::Refunded,
        _ => PaymentStatus::Pending,
    }
}

/// The document's form names none. One that is named and not understood makes the amount worthless.
fn currency(body: &Value) -> Result<Option<Currency>, Refusal> {
    match body.get("currency") {
        None | Some(Value::Null) => Ok(None),
        Some(named) => named
            .as_str()
            .and_then(Currency::from_code)
            .map(Some)
            .ok_or_else(|| Refusal::of("the notification is in a currency that is not known here")),
    }
}
