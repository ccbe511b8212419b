//! What Devdraft answers, read with suspicion: ids, addresses and amounts are checked, the rest is
//! passed over. Amounts are read by their digits, so nothing here becomes a float.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::{Refusal, RemoteStanding, RemoteState, Response, read, url};
use super::ask::{PAGE, Terms};
use super::{slug, units};
use crate::domain::link::RemoteLink;
use crate::domain::money::Amount;

/// The fields that matter, each read on its own: one that is odd spoils no other.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    url: Option<&'a RawValue>,
    #[serde(borrow, default)]
    link_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    status: Option<&'a RawValue>,
    #[serde(borrow, default)]
    amount: Option<&'a RawValue>,
    #[serde(borrow, default)]
    currency: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payment_for_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    allow_quantity_adjustment: Option<&'a RawValue>,
    #[serde(borrow, default)]
    limit_payments: Option<&'a RawValue>,
    #[serde(borrow, default)]
    max_payments: Option<&'a RawValue>,
}

/// Whose link an entry of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It carries our reference.
    Ours,
    /// It has our slug, and nobody's reference.
    Slug,
    /// It has our slug, and another reference.
    Taken,
    /// Another link.
    None,
}

/// The link that was just made, or the first answer to the same key again.
pub(super) fn created(
    response: &Response,
    asked: &Terms,
    reference: &str,
    base: &str,
) -> Result<RemoteState, Refusal> {
    // 202 or 204 would leave open whether there is a link at all.
    if !matches!(response.status, 200 | 201) {
        let status = response.status;
        let reason = format!("Devdraft answered {status} instead of the new link: try again later");
        return Err(unexpected(response, reason));
    }
    let wire = object(response, &response.body)?;
    if text(wire.payment_for_id).is_some_and(|theirs| theirs != reference) {
        let reason = "Devdraft answered with somebody else's link: it is not shown; ask Devdraft's \
                      support";
        return Err(unexpected(response, reason));
    }
    with_terms(response, &wire, asked, base)
}

/// A link of the list that is ours.
pub(super) fn adopted(
    response: &Response,
    entry: &RawValue,
    asked: &Terms,
    base: &str,
) -> Result<RemoteState, Refusal> {
    with_terms(response, &object(response, entry.get())?, asked, base)
}

/// One link that was asked for by id.
pub(super) fn fetched(
    response: &Response,
    remote_id: &str,
    base: &str,
) -> Result<RemoteState, Refusal> {
    let state = state(response, &object(response, &response.body)?, base)?;
    same_id(response, &state, remote_id)?;
    Ok(state)
}

/// A link after its amount was changed.
pub(super) fn updated(
    response: &Response,
    remote_id: &str,
    asked: &Terms,
    base: &str,
) -> Result<RemoteState, Refusal> {
    let wire = object(response, &response.body)?;
    let mut state = state(response, &wire, base)?;
    same_id(response, &state, remote_id)?;
    compare(response, &wire, asked)?;
    state.warning = warning(&wire, asked);
    Ok(state)
}

/// A page of links, and whether there may be more. An entry that is none hides no other.
pub(super) fn listed(response: &Response, base: &str) -> Result<(Vec<RemoteState>, bool), Refusal> {
    let page =
        page(response).ok_or_else(|| unexpected(response, "Devdraft answered no list of links"))?;
    let links = page.iter().filter_map(|entry| {
        let wire = object(response, entry.get()).ok()?;
        state(response, &wire, base).ok()
    });
    Ok((links.collect(), is_full(&page)))
}

/// The entries of a list; `None` where an answer is none.
pub(super) fn page(response: &Response) -> Option<Vec<&RawValue>> {
    (response.status == 200)
        .then(|| serde_json::from_str(&response.body).ok())
        .flatten()
}

/// Whether another page may follow: there is no total.
pub(super) fn is_full(page: &[&RawValue]) -> bool {
    u64::try_from(page.len()).is_ok_and(|length| length >= PAGE)
}

/// Whether an answer describes a link so far that it can be checked.
pub(super) fn describes_link(response: &Response, base: &str) -> bool {
    object(response, &response.body)
        .and_then(|wire| state(response, &wire, base))
        .is_ok_and(|state| state.minor.is_some())
}

/// Whose link an entry is.
pub(super) fn claim(entry: &RawValue, reference: &str, slug: &str) -> Claim {
    let Ok(wire) = serde_json::from_str::<Wire<'_>>(entry.get()) else {
        return Claim::None;
    };
    let theirs = text(wire.payment_for_id);
    let has_slug = text(wire.url).is_some_and(|address| {
        let before = address.strip_suffix(slug);
        !slug.is_empty() && before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
    });
    match theirs {
        Some(theirs) if theirs == reference => Claim::Ours,
        Some(_) if has_slug => Claim::Taken,
        None if has_slug => Claim::Slug,
        Some(_) | None => Claim::None,
    }
}

fn with_terms(
    response: &Response,
    wire: &Wire<'_>,
    asked: &Terms,
    base: &str,
) -> Result<RemoteState, Refusal> {
    let mut state = state(response, wire, base)?;
    compare(response, wire, asked)?;
    if matches!(
        state.standing,
        RemoteStanding::Inactive | RemoteStanding::Expired
    ) {
        let reason = "Devdraft has made this link, but it takes no money any more: make a new one";
        return Err(unexpected(response, reason));
    }
    state.warning = warning(wire, asked);
    Ok(state)
}

/// A payer would pay what the page says, so a page that says something else is not shown.
fn compare(response: &Response, wire: &Wire<'_>, asked: &Terms) -> Result<(), Refusal> {
    let differs = |what: &str, theirs: &str, ours: &str| {
        let reason = format!(
            "Devdraft has the link with another {what} ({} instead of {ours}): it is not shown; try \
             again, and ask Devdraft's support if it stays so",
            read::clip(theirs)
        );
        Err(unexpected(response, reason))
    };
    let ours = asked.amount.and_then(units::of_amount);
    if let Some(raw) = wire.amount {
        let theirs = units::from_wire(raw);
        // No amount may be written as a zero.
        if theirs.is_none() || theirs.filter(|theirs| *theirs != 0) != ours {
            let ours = asked
                .amount
                .map_or_else(|| "none".to_owned(), Amount::to_decimal);
            return differs("amount", raw.get(), &ours);
        }
    }
    let words = [
        ("currency", wire.currency, asked.currency),
        ("type", wire.link_type, asked.kind),
    ];
    for (what, raw, ours) in words {
        if let Some(raw) = raw {
            let theirs = text(Some(raw)).unwrap_or_default();
            if !theirs.eq_ignore_ascii_case(ours) {
                return differs(what, raw.get(), ours);
            }
        }
    }
    if !asked.may_adjust && switch(wire.allow_quantity_adjustment) == Some(true) {
        let reason = "Devdraft lets the payer change the quantity, and so the total, although that \
                      was switched off: the link is not shown; ask Devdraft's support";
        return Err(unexpected(response, reason));
    }
    Ok(())
}

/// What is no reason to hide a link, but for a person to look at.
fn warning(wire: &Wire<'_>, asked: &Terms) -> Option<String> {
    if wire.amount.is_none() && asked.amount.is_some() {
        return Some(
            "Devdraft did not repeat the amount: scan the code once and compare before relying on it"
                .to_owned(),
        );
    }
    let limit = asked.payments_max?;
    let other = wire
        .max_payments
        .is_some_and(|theirs| count(theirs) != Some(limit));
    (other || switch(wire.limit_payments) == Some(false)).then(|| {
        format!(
            "Devdraft did not limit the link to {limit} payments: it may be paid more often, which \
             Tillcode will say"
        )
    })
}

/// A count as a JSON number, also one written as `1.0`.
fn count(raw: &RawValue) -> Option<i64> {
    super::super::decimal::from_wire(raw, 0)
}

fn same_id(response: &Response, state: &RemoteState, remote_id: &str) -> Result<(), Refusal> {
    if state.link.id == remote_id {
        return Ok(());
    }
    let reason = format!(
        "Devdraft answered with link {} instead of {remote_id}: try again later",
        state.link.id
    );
    Err(unexpected(response, reason))
}

fn state(response: &Response, wire: &Wire<'_>, base: &str) -> Result<RemoteState, Refusal> {
    let id = text(wire.id)
        .filter(|id| read::is_id(id))
        .ok_or_else(|| unexpected(response, "Devdraft's answer has no usable id of the link"))?;
    let url = text(wire.url)
        .and_then(|address| absolute(address, base))
        .ok_or_else(|| {
            unexpected(
                response,
                "Devdraft's answer has no usable address of the link: check checkout_base",
            )
        })?;
    let standing = match text(wire.status).as_deref() {
        Some("ACTIVE") => RemoteStanding::Active,
        Some("INACTIVE") => RemoteStanding::Inactive,
        Some("EXPIRED") => RemoteStanding::Expired,
        Some(_) | None => RemoteStanding::Unknown,
    };
    Ok(RemoteState {
        link: RemoteLink { id, url },
        minor: wire.amount.and_then(units::from_wire),
        standing,
        warning: None,
    })
}

/// An address as it is, or a slug joined with the checkout's.
fn absolute(address: String, base: &str) -> Option<String> {
    let whole = if slug::is_slug(&address) {
        format!("{}/{address}", base.trim_end_matches('/'))
    } else {
        address
    };
    (whole.len() <= url::URL_BYTES_MAX && url::host_of(&whole).is_some()).then_some(whole)
}

/// A JSON string that is not empty.
pub(super) fn text(raw: Option<&RawValue>) -> Option<String> {
    let text: String = serde_json::from_str(raw?.get()).ok()?;
    (!text.is_empty()).then_some(text)
}

fn switch(raw: Option<&RawValue>) -> Option<bool> {
    serde_json::from_str(raw?.get()).ok()
}

fn object<'a>(response: &Response, body: &'a str) -> Result<Wire<'a>, Refusal> {
    if !body.trim_start().starts_with('{') {
        return Err(unexpected(response, "Devdraft's answer describes no link"));
    }
    serde_json::from_str(body).map_err(|error| {
        let reason = format!("Devdraft's answer is not JSON of a link ({error})");
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
