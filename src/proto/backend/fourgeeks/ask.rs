//! What is sent to 4Geeks: its document has two requests.

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Action, LinkJob, Method, Refusal, Request};
use crate::domain::link::{Asking, Link};
use crate::domain::money::Amount;
use crate::domain::options::Options;

/// Both requests go here. No slash at the end: that is an older API.
const LINKS: &str = "/v1/payment-links";
/// Links on a page that is asked for. The document names no most.
pub(super) const PAGE: u64 = 100;
/// The option that sends currencies of which nobody knows what their cents are.
pub(super) const ANY_CURRENCY: &str = "any_currency";

/// The body, its fields in the document's order.
#[derive(Serialize)]
struct NewLink<'a> {
    amount: i64,
    currency: &'static str,
    description: &'a str,
}

/// The request of an action. Refused where 4Geeks could not do it anyway.
pub(super) fn request(job: &LinkJob<'_>) -> Result<Request, Refusal> {
    match job.action {
        // It takes neither a notification address nor an end: the till keeps the end itself.
        Action::Create { link, .. } => create(link, job.account.options),
        Action::List { from } => Ok(page(PAGE, *from)),
        Action::Fetch { .. }
        | Action::LookUp { .. }
        | Action::Update { .. }
        | Action::Subscribe { .. }
        | Action::Withdraw { .. }
        | Action::CreateProduct { .. } => Err(cannot(job.action)),
    }
}

/// `limit` links after the first `offset` ones.
pub(super) fn page(limit: u64, offset: u64) -> Request {
    let path = format!("{LINKS}?limit={limit}&offset={offset}");
    super::plain(Method::Get, path)
}

/// Why an action is not to be had.
pub(super) fn cannot(action: &Action) -> Refusal {
    Refusal::of(match action {
        Action::Fetch { .. } => "4Geeks does not show one link by its id: look into its console",
        Action::LookUp { .. } => {
            "4Geeks does not say what was paid on a link: compare with its console"
        }
        Action::Update { .. } => {
            "4Geeks cannot change a link: make a new one, and replace the sticker of the old one"
        }
        Action::Subscribe { .. } => "4Geeks reports no payments: compare with its console",
        Action::Withdraw { .. } => {
            "4Geeks cannot switch off a link: take its sticker down, and watch its console for \
             payments on it"
        }
        Action::CreateProduct { .. } => {
            "4Geeks has no products with codes of their own: make a link instead"
        }
        Action::Create { .. } | Action::List { .. } => {
            "4Geeks did not do it: try again, and ask its support if it stays so"
        }
    })
}

fn create(link: &Link, options: &Options) -> Result<Request, Refusal> {
    if link.asking == Asking::Open {
        return Err(Refusal::of(
            "4Geeks has no links on which the payer types the amount: ask for a fixed one",
        ));
    }
    let body = NewLink {
        amount: cents(link.amount, options)?,
        currency: link.amount.currency.code(),
        description: &description(link)?,
    };
    super::plain(Method::Post, LINKS.to_owned()).with_json(&body)
}

/// Whole cents. The document counts in them and does not say what they are of a currency that has
/// none, or a thousand of something.
fn cents(amount: Amount, options: &Options) -> Result<i64, Refusal> {
    let Amount { minor, currency } = amount;
    if currency.code().len() != 3 {
        return Err(Refusal::of(format!(
            "4Geeks takes currencies with a code of three letters, which {currency} is not: sell in \
             another currency or use another payment account"
        )));
    }
    if currency.exponent() != 2 && options.switch(ANY_CURRENCY) != Some(true) {
        return Err(Refusal::of(format!(
            "4Geeks counts in cents and does not say what that means for {currency}: sell in another \
             currency, or set {ANY_CURRENCY} = true once a test link has shown the right price"
        )));
    }
    if minor < 1 {
        return Err(Refusal::of(
            "4Geeks takes no payment of nothing: the amount must be at least one cent",
        ));
    }
    Ok(minor)
}

/// What the payer reads. The link's word is in it: no answer repeats anything else of ours, so it is
/// all that payer, cashier and the provider's console have in common.
fn description(link: &Link) -> Result<Cow<'_, str>, Refusal> {
    let text = link.description.as_str();
    if text.trim().is_empty() {
        return Err(Refusal::of(
            "4Geeks wants a description of what is paid for: give the product a name",
        ));
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    if link.word.is_empty() || words.any(|word| word == link.word) {
        return Ok(Cow::Borrowed(text));
    }
    Ok(Cow::Owned(format!("{} · {text}", link.word)))
}
