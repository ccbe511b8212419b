//! `AltaPay`'s callback: a form, as browsers post it, with the order, the transaction and more.
//!
//! Its checksum covers amount, currency and order, but neither status nor transaction. So nothing
//! in it is money: it says that the order is worth a look-up, and no more is read from it.

use super::super::{BODY_BYTES_MAX, Refusal, Reported, read};
use crate::domain::payment::PaymentStatus;

/// The most fields that a form is read to.
const FIELDS_MAX: usize = 200;

/// Reads the body. The amount is left at zero: it is what the look-up says.
pub(super) fn read(body: &str) -> Result<Reported, Refusal> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::of("the callback is larger than any that is read"));
    }
    let order = one(body, "shop_orderid")?
        .filter(|order| is_order_id(order))
        .ok_or_else(|| Refusal::of("the callback does not say for which order"))?;
    let payment = one(body, "transaction_id")?
        .filter(|id| read::is_id(id))
        .ok_or_else(|| {
            Refusal::of(format!(
                "the callback for order {order} has no usable transaction"
            ))
        })?;
    let error = one(body, "error_message")?.unwrap_or_default();
    Ok(Reported {
        // It names our order, which is the id of our own link.
        remote_link: Some(order),
        payment,
        status: PaymentStatus::Pending,
        minor: 0,
        currency: None,
        net_minor: None,
        gross_minor: None,
        error: read::clip(&error),
    })
}

fn is_order_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=100).contains(&text.len()) && text.bytes().all(allowed)
}

/// The only field of a name. Two of them could be read in two ways.
pub(super) fn one(body: &str, name: &str) -> Result<Option<String>, Refusal> {
    let pairs = body
        .trim()
        .split('&')
        .take(FIELDS_MAX)
        .filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(field, _)| *field == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(Refusal::of(format!("the callback has {name} twice")));
    }
    first
        .map(|(_, value)| {
            decode(value).ok_or_else(|| Refusal::of(format!("{name} of the callback is damaged")))
        })
        .transpose()
}

/// `application/x-www-form-urlencoded`: `+` is a blank, `%41` a byte of UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let high = digit(rest.next())?;
                let low = digit(rest.next())?;
                u8::try_from((high << 4) | low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}
