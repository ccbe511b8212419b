//! What 4Geeks answers, read with suspicion: ids and addresses are checked, the rest is passed over.
//! No answer names an amount, so none can be compared.

use serde_json::Value;

use super::super::{Outcome, Refusal, RemoteStanding, RemoteState, Response, read, url};
use super::{ask, problem};
use crate::domain::link::RemoteLink;

/// The link that was just made.
pub(super) fn created(response: &Response) -> Result<RemoteState, Refusal> {
    // The document says 200; 202 or 204 would leave open whether there is a link at all.
    if !matches!(response.status, 200 | 201) {
        let status = response.status;
        let reason = format!("4Geeks answered {status} instead of the new link: try again later");
        return Err(problem::refuse(response, reason));
    }
    let mut state = state(&parse(response)?).map_err(|reason| problem::refuse(response, reason))?;
    if state.standing == RemoteStanding::Inactive {
        state.warning = Some(
            "4Geeks made the link and says that it takes no money yet: look into its console \
             before showing the code"
                .to_owned(),
        );
    }
    Ok(state)
}

/// A page of the account's links. An entry that is none hides no other.
pub(super) fn listed(response: &Response, from: u64) -> Result<Outcome, Refusal> {
    let body = parse(response)?;
    let refuse = |reason: &str| Err(problem::refuse(response, reason.to_owned()));
    let Some(items) = body.get("items").and_then(Value::as_array) else {
        return refuse("4Geeks answered no list of links: try again later");
    };
    let number = |name: &str| body.get(name).and_then(Value::as_u64);
    if number("offset").is_some_and(|offset| offset != from) {
        return refuse("4Geeks answered with another page than was asked for: try again later");
    }
    let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
    let end = from.saturating_add(count);
    // The total counts. Without one a short page is the last; a server may give fewer than asked.
    let is_last = match number("total_items") {
        Some(total) => count == 0 || end >= total,
        None => count < ask::PAGE,
    };
    Ok(Outcome::Links {
        links: items.iter().filter_map(|item| state(item).ok()).collect(),
        next: (!is_last).then_some(end),
    })
}

fn state(found: &Value) -> Result<RemoteState, &'static str> {
    let text = |name: &str| found.get(name).and_then(Value::as_str);
    if found.get("object").is_some() && text("object") != Some("payment_link") {
        return Err("4Geeks answered with something that is no payment link: try again later");
    }
    let id = text("id")
        .filter(|id| read::is_id(id))
        .ok_or("4Geeks' answer has no usable id of the link: try again later")?;
    let address = text("url")
        .filter(|address| address.len() <= url::URL_BYTES_MAX && url::host_of(address).is_some())
        .ok_or("4Geeks' answer has no usable address of the link: try again later")?;
    Ok(RemoteState {
        link: RemoteLink {
            id: id.to_owned(),
            url: address.to_owned(),
        },
        minor: None,
        standing: match found.get("active").and_then(Value::as_bool) {
            Some(true) => RemoteStanding::Active,
            Some(false) => RemoteStanding::Inactive,
            None => RemoteStanding::Unknown,
        },
        warning: None,
    })
}

fn parse(response: &Response) -> Result<Value, Refusal> {
    serde_json::from_str(&response.body).map_err(|error| {
        let reason = format!("4Geeks' answer is not JSON ({error}): try again later");
        problem::refuse(response, reason)
    })
}
