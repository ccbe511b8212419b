//! What an owner can set for an `AltaPay` account, and for a product or link above it.

use super::super::{LinkJob, OptionField, OptionKind, Refusal, Scope};
use crate::domain::link::Link;
use crate::domain::options::Options;

/// How long a link is accessible unless something else is said, in minutes: 14 days.
const USUAL_VALIDITY_MINUTES: i64 = 20_160;
/// How long a payer may take once the link was opened, in minutes. The provider's own default of
/// ten is short for somebody who looks for a card.
const USUAL_ACTIVATION_MINUTES: i64 = 60;

/// The options of this kind.
pub(super) const FIELDS: &[OptionField] = &[
    // The shop's own page in place of the provider's.
    link("landing_url", OptionKind::PublicUrl),
    // The side of the provider's picture of the code, in pixels.
    link("size", OptionKind::Whole(100, 2_000)),
    // For links that have no end of their own, in minutes.
    link(
        "validity_minutes",
        OptionKind::Whole(1, USUAL_VALIDITY_MINUTES),
    ),
    // From the moment when a payer opens the link, in minutes.
    link(
        "activation_minutes",
        OptionKind::Whole(1, USUAL_VALIDITY_MINUTES),
    ),
    // Where the payer's browser goes afterwards.
    account("success_url", OptionKind::PublicUrl),
    account("failure_url", OptionKind::PublicUrl),
    account("redirect_url", OptionKind::PublicUrl),
    // The shop's, in two letters each; they decide which ways of payment are offered, and how.
    account("country", OptionKind::Text(2, 2)),
    account("language", OptionKind::Text(2, 2)),
    // The customer that every order has to name. A walk-in has no name.
    account("customer_first_name", OptionKind::Text(1, 50)),
    account("customer_last_name", OptionKind::Text(1, 50)),
    account("customer_email", OptionKind::Text(3, 100)),
    account("customer_street", OptionKind::Text(1, 100)),
    account("customer_city", OptionKind::Text(1, 100)),
    account("customer_country", OptionKind::Text(2, 2)),
    account("customer_zip_code", OptionKind::Text(1, 20)),
];

const fn link(name: &'static str, kind: OptionKind) -> OptionField {
    OptionField {
        name,
        kind,
        scope: Scope::Link,
    }
}

const fn account(name: &'static str, kind: OptionKind) -> OptionField {
    OptionField {
        name,
        kind,
        scope: Scope::Account,
    }
}

/// The options that count for a link, each of them in bounds.
pub(super) fn of(job: &LinkJob<'_>, link: &Link) -> Result<Options, Refusal> {
    let options = link.options.over(job.account.options);
    for field in FIELDS {
        if let Some(value) = options.get(field.name) {
            field.check(value).map_err(|problem| {
                Refusal::of(format!("{} does not fit: {problem}", field.name))
            })?;
        }
    }
    Ok(options)
}

/// Two letters, upper or lower case as they were written.
pub(super) fn two_letters<'a>(
    options: &'a Options,
    name: &str,
    usual: &'a str,
) -> Result<&'a str, Refusal> {
    let text = options.text(name).unwrap_or(usual);
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text)
    } else {
        Err(Refusal::of(format!(
            "{name} is not two letters such as {usual}: correct it"
        )))
    }
}

/// How long a link is accessible and, once opened, payable; in minutes, at least 1 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Minutes {
    /// None leaves it to the provider.
    pub(super) validity: Option<i64>,
    /// Never more than the validity.
    pub(super) activation: i64,
}

/// The times of a link. Its own end counts before the option.
pub(super) fn minutes(
    job: &LinkJob<'_>,
    link: &Link,
    options: &Options,
) -> Result<Minutes, Refusal> {
    let own = link
        .expires_at
        .map(|end| end.since(job.now).div_euclid(60_000));
    if own.is_some_and(|minutes| minutes < 1) {
        return Err(Refusal::of(
            "the link would be at its end before AltaPay had made it: make a new link",
        ));
    }
    let validity = own.or_else(|| options.whole("validity_minutes"));
    let longest = validity.unwrap_or(USUAL_VALIDITY_MINUTES);
    let activation = match options.whole("activation_minutes") {
        Some(wished) if wished > longest => {
            return Err(Refusal::of(format!(
                "activation_minutes is {wished}, but the link is accessible for {longest} minutes \
                 only: lower it, or let codes live longer"
            )));
        }
        Some(wished) => wished,
        None => USUAL_ACTIVATION_MINUTES.min(longest),
    };
    Ok(Minutes {
        validity,
        activation,
    })
}
