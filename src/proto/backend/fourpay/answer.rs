//! What 4pay answers, read with suspicion: ids, addresses and amounts are checked, the rest is
//! passed over.

use serde_json::Value;

use super::super::{Refusal, RemoteStanding, RemoteState, Response, read, url};
use super::decimals;
use super::problem::refuse;
use super::settings::{Flavor, Settings};
use crate::domain::link::{Asking, Link, RemoteLink};
use crate::domain::money::Currency;

/// The link that was just made.
pub(super) fn created(
    response: &Response,
    link: &Link,
    settings: Settings<'_>,
) -> Result<RemoteState, Refusal> {
    let found = made(response)?;
    with_amount(response, &found, link, settings)
}

/// The product that was just made. The document does not show this answer, and only one with an
/// address makes a code.
pub(super) fn made_product(
    response: &Response,
    link: &Link,
    settings: Settings<'_>,
) -> Result<RemoteState, Refusal> {
    let found = made(response)?;
    if text(&found, "url").is_none() {
        return Err(refuse(
            response,
            "4pay made the product and did not say where its page is, so no code can lead there: set \
             use_products = false",
        ));
    }
    with_amount(response, &found, link, settings)
}

/// One link that was asked for by id.
pub(super) fn fetched(
    response: &Response,
    remote_id: &str,
    settings: Settings<'_>,
) -> Result<RemoteState, Refusal> {
    let found = object(response)?;
    let state = state(response, &found, settings)?;
    same_id(response, &state, remote_id)?;
    Ok(state)
}

/// A link after its amount was changed.
pub(super) fn updated(
    response: &Response,
    remote_id: &str,
    link: &Link,
    settings: Settings<'_>,
) -> Result<RemoteState, Refusal> {
    let found = object(response)?;
    let state = with_amount(response, &found, link, settings)?;
    same_id(response, &state, remote_id)?;
    Ok(state)
}

/// All links. An entry that is none (a product, another generation of the API) hides no other.
pub(super) fn listed(
    response: &Response,
    settings: Settings<'_>,
) -> Result<Vec<RemoteState>, Refusal> {
    let body = parse(response)?;
    let list = body
        .as_array()
        .or_else(|| body.get("data")?.as_array())
        .or_else(|| body.get("links")?.as_array())
        .ok_or_else(|| refuse(response, "4pay answered no list of links"))?;
    Ok(list
        .iter()
        .filter_map(|entry| state(response, entry, settings).ok())
        .collect())
}

/// Whether an answer describes a link so far that it can be checked.
pub(super) fn describes_link(response: &Response, settings: Settings<'_>) -> bool {
    object(response).is_ok_and(|found| {
        let state = state(response, &found, settings);
        state.is_ok_and(|state| state.minor.is_some() || is_dynamic(&found))
    })
}

/// What to do about a link that is gone, where it may be a product that is not: products are not
/// found among the links, and no page says how they are ended.
pub(super) fn perhaps_a_product(response: &Response) -> Refusal {
    let status = response.status;
    let reason = format!(
        "4pay knows no such link ({status}), and with use_products = true it may be a product: \
         switch its code off in 4pay's partner area"
    );
    refuse(response, reason)
}

/// The body of an answer to a request that makes something.
fn made(response: &Response) -> Result<Value, Refusal> {
    // 202 or 204 would leave open whether there is a link at all.
    if matches!(response.status, 200 | 201) {
        return object(response);
    }
    let status = response.status;
    let reason = format!("4pay answered {status} instead of the new link: try again later");
    Err(refuse(response, reason))
}

fn with_amount(
    response: &Response,
    found: &Value,
    link: &Link,
    settings: Settings<'_>,
) -> Result<RemoteState, Refusal> {
    let mut state = state(response, found, settings)?;
    check_amount(response, found, link)?;
    let is_silent = link.asking == Asking::Fixed && state.minor.is_none();
    if is_silent && state.warning.is_none() {
        state.warning = Some(
            "4pay did not repeat the amount: scan the code once and compare before relying on it"
                .to_owned(),
        );
    }
    Ok(state)
}

/// A payer would pay what the page says, so a page that says something else is not shown.
fn check_amount(response: &Response, found: &Value, link: &Link) -> Result<(), Refusal> {
    let differs = |what: &str, theirs: &str, ours: &str| {
        let reason = format!(
            "4pay made the link for another {what} ({theirs} instead of {ours}): it is not shown; \
             try again, and ask 4pay's support if it stays so"
        );
        Err(refuse(response, reason))
    };
    // Zero stands for an open amount without a suggestion, which may come back as nothing.
    let is_bare = link.asking == Asking::Open && link.amount.minor == 0;
    let wire = if is_bare {
        0
    } else {
        decimals::to_wire(link.amount)?
    };
    let named = found.get("amount").and_then(amount_value);
    if let Some(theirs) = named.filter(|theirs| !(is_bare && theirs.is_null())) {
        match read::whole(theirs) {
            Some(theirs) if theirs == wire => {}
            _ => {
                let theirs = read::clip(&theirs.to_string());
                return differs("amount", &theirs, &wire.to_string());
            }
        }
    }
    match (link.asking, text(found, "amount_type")) {
        // A product's answer names none, and a fixed link is one unless something else is said.
        (Asking::Fixed, None | Some("static" | "fixed")) | (Asking::Open, Some("dynamic")) => {}
        (asking, kind) => {
            let ours = match asking {
                Asking::Fixed => "static",
                Asking::Open => "dynamic",
            };
            let theirs = read::clip(kind.unwrap_or("none"));
            return differs("kind of amount", &theirs, ours);
        }
    }
    let currency = link.amount.currency;
    let inner = found.get("amount").unwrap_or(&Value::Null);
    for named in [found, inner]
        .into_iter()
        .filter_map(|place| text(place, "currency"))
    {
        if Currency::from_code(named) != Some(currency) {
            return differs("currency", &read::clip(named), currency.code());
        }
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
    Err(refuse(response, reason))
}

fn state(
    response: &Response,
    found: &Value,
    settings: Settings<'_>,
) -> Result<RemoteState, Refusal> {
    let id = text(found, "id")
        .filter(|id| read::is_id(id))
        .ok_or_else(|| refuse(response, "4pay's answer has no usable id of the link"))?;
    let is_left_out = found.get("url").is_none_or(Value::is_null);
    let (address, warning) = if is_left_out && settings.flavor() == Flavor::L2 {
        let warning = "4pay did not say where the link's page is, so url_template was used: scan the \
                       code once before relying on it";
        (settings.address(id)?, Some(warning.to_owned()))
    } else {
        let address = text(found, "url")
            .filter(|text| text.len() <= url::URL_BYTES_MAX && url::host_of(text).is_some())
            .ok_or_else(|| refuse(response, "4pay's answer has no usable address of the link"))?;
        let picture = text(found, "qr_url");
        let warning = picture.and_then(|picture| picture_warning(picture, address));
        (address.to_owned(), warning)
    };
    Ok(RemoteState {
        link: RemoteLink {
            id: id.to_owned(),
            url: address,
        },
        minor: wire_amount(found),
        standing: standing(found),
        warning,
    })
}

/// The document shows neither field; a word that is not known says nothing.
fn standing(found: &Value) -> RemoteStanding {
    let active = found.get("active").and_then(Value::as_bool);
    match (text(found, "status"), active) {
        (Some("expired"), _) => RemoteStanding::Expired,
        (Some("inactive" | "disabled" | "deleted"), _) | (_, Some(false)) => {
            RemoteStanding::Inactive
        }
        (Some("active"), _) | (None, Some(true)) => RemoteStanding::Active,
        _ => RemoteStanding::Unknown,
    }
}

/// The document says that the picture's address is the link's with `/qr`.
pub(super) fn picture_address(address: &str) -> String {
    format!("{}/qr", address.trim_end_matches('/'))
}

/// Tillcode draws the code itself; a picture of something else means that somebody should look.
fn picture_warning(picture: &str, address: &str) -> Option<String> {
    (picture != picture_address(address)).then(|| {
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

/// None where the payer types it: a suggestion is not what a link asks for.
fn wire_amount(found: &Value) -> Option<i64> {
    if is_dynamic(found) {
        return None;
    }
    found
        .get("amount")
        .and_then(amount_value)
        .and_then(read::whole)
}

fn is_dynamic(found: &Value) -> bool {
    text(found, "amount_type") == Some("dynamic")
}

fn text<'a>(found: &'a Value, name: &str) -> Option<&'a str> {
    found.get(name).and_then(Value::as_str)
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
        Err(refuse(response, "4pay's answer describes no link"))
    }
}

fn parse(response: &Response) -> Result<Value, Refusal> {
    serde_json::from_str(&response.body).map_err(|error| {
        let reason = format!("4pay's answer is not JSON ({error})");
        refuse(response, reason)
    })
}
