//! What 4pay answers, read with suspicion: ids, addresses and amounts are checked, the rest is
//! passed over.

use serde_json::Value;

use super::super::{Refusal, RemoteStanding, RemoteState, Response, read, url};
use super::decimals;
use crate::domain::link::RemoteLink;
use crate::domain::money::{Amount, Currency};

/// The link or product that was just made.
pub(super) fn created(response: &Response, asked: Amount) -> Result<RemoteState, Refusal> {
    // 202 or 204 would leave open whether there is a link at all.
    if !matches!(response.status, 200 | 201) {
        let status = response.status;
        let reason = format!("4pay answered {status} instead of the new link: try again later");
        return Err(unexpected(response, reason));
    }
    let found = object(response)?;
    with_amount(response, &found, asked)
}

/// One link that was asked for by id.
pub(super) fn fetched(response: &Response, remote_id: &str) -> Result<RemoteState, Refusal> {
    let found = object(response)?;
    let state = state(response, &found)?;
    same_id(response, &state, remote_id)?;
    Ok(state)
}

/// A link after its amount was changed.
pub(super) fn updated(
    response: &Response,
    remote_id: &str,
    asked: Amount,
) -> Result<RemoteState, Refusal> {
    let found = object(response)?;
    let state = with_amount(response, &found, asked)?;
    same_id(response, &state, remote_id)?;
    Ok(state)
}

/// All links. An entry that is none (a product, another generation of the API) hides no other.
pub(super) fn listed(response: &Response) -> Result<Vec<RemoteState>, Refusal> {
    let body = parse(response)?;
    let list = body
        .as_array()
        .or_else(|| body.get("data")?.as_array())
        .or_else(|| body.get("links")?.as_array())
        .ok_or_else(|| unexpected(response, "4pay answered no list of links"))?;
    Ok(list
        .iter()
        .filter_map(|entry| state(response, entry).ok())
        .collect())
}

/// Whether an answer describes a link so far that it can be checked.
pub(super) fn describes_link(response: &Response) -> bool {
    object(response)
        .and_then(|found| state(response, &found))
        .is_ok_and(|state| state.minor.is_some())
}

fn with_amount(response: &Response, found: &Value, asked: Amount) -> Result<RemoteState, Refusal> {
    let mut state = state(response, found)?;
    check_amount(response, found, asked)?;
    if state.minor.is_none() && state.warning.is_none() {
        state.warning = Some(
            "4pay did not repeat the amount: scan the code once and compare before relying on it"
                .to_owned(),
        );
    }
    Ok(state)
}

/// A payer would pay what the page says, so a page that says something else is not shown.
fn check_amount(response: &Response, found: &Value, asked: Amount) -> Result<(), Refusal> {
    let wire = decimals::to_wire(asked)?;
    let differs = |what: &str, theirs: &str, ours: &str| {
        let reason = format!(
            "4pay made the link for another {what} ({theirs} instead of {ours}): it is not shown; \
             try again, and ask 4pay's support if it stays so"
        );
        Err(unexpected(response, reason))
    };
    if let Some(theirs) = found.get("amount").and_then(amount_value) {
        match read::whole(theirs) {
            Some(theirs) if theirs == wire => {}
            _ => {
                let theirs = read::clip(&theirs.to_string());
                return differs("amount", &theirs, &wire.to_string());
            }
        }
    }
    if let Some(kind) = found.get("amount_type").and_then(Value::as_str)
        && !matches!(kind, "static" | "fixed")
    {
        return differs("kind of amount", &read::clip(kind), "static");
    }
    let named = found.get("currency").and_then(Value::as_str);
    if let Some(named) = named
        && Currency::from_code(named) != Some(asked.currency)
    {
        return differs("currency", &read::clip(named), asked.currency.code());
    }
    Ok(())
}

fn same_id(response: &Response, state: &RemoteState, remote_id: &str) -> Result<(), Refusal> {
    if state.link.id == remote_id {
        return Ok(());
    }
    let reason = format!(
        "4pay answered with link {} instead of {remote_id}: try again later",
        state.link.id
    );
    Err(unexpected(response, reason))
}

fn state(response: &Response, found: &Value) -> Result<RemoteState, Refusal> {
    let text = |name: &str| found.get(name).and_then(Value::as_str);
    let id = text("id")
        .filter(|id| read::is_id(id))
        .ok_or_else(|| unexpected(response, "4pay's answer has no usable id of the link"))?;
    let address = text("url")
        .filter(|address| address.len() <= url::URL_BYTES_MAX && url::host_of(address).is_some())
        .ok_or_else(|| unexpected(response, "4pay's answer has no usable address of the link"))?;
    Ok(RemoteState {
        link: RemoteLink {
            id: id.to_owned(),
            url: address.to_owned(),
        },
        minor: wire_amount(found),
        standing: RemoteStanding::Unknown,
        warning: text("qr_url").and_then(|picture| picture_warning(picture, address)),
    })
}

/// The document says that the picture's address is the link's with `/qr`. Tillcode draws the code
/// itself; a picture of something else means that somebody should look.
fn picture_warning(picture: &str, address: &str) -> Option<String> {
    let expected = format!("{}/qr", address.trim_end_matches('/'));
    (picture != expected).then(|| {
        format!(
            "4pay's own picture of the code is at {}, which does not belong to {address}: compare \
             the two",
            read::clip(picture)
        )
    })
}

/// `{"default": 1000}` of a link, or the bare `350` of a product.
fn amount_value(amount: &Value) -> Option<&Value> {
    if amount.is_object() {
        amount.get("default")
    } else {
        Some(amount)
    }
}

fn wire_amount(found: &Value) -> Option<i64> {
    found
        .get("amount")
        .and_then(amount_value)
        .and_then(read::whole)
}

/// The object at the root, or the one in `data`.
fn object(response: &Response) -> Result<Value, Refusal> {
    let mut body = parse(response)?;
    if let Some(data) = body.get_mut("data")
        && data.is_object()
    {
        return Ok(data.take());
    }
    if body.is_object() {
        Ok(body)
    } else {
        Err(unexpected(response, "4pay's answer describes no link"))
    }
}

fn parse(response: &Response) -> Result<Value, Refusal> {
    serde_json::from_str(&response.body).map_err(|error| {
        let reason = format!("4pay's answer is not JSON ({error})");
        unexpected(response, reason)
    })
}

fn unexpected(response: &Response, reason: impl Into<String>) -> Refusal {
    Refusal {
        status: Some(response.status),
        request_id: response.header("x-request-id").map(read::clip),
        ..Refusal::of(reason)
    }
}
