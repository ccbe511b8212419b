//! The page that a payer of a Devdraft link sees, at the link's own address.

use super::book::{self, Held, State, charge};
use super::check::decimal;
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::page::{self, Act, Asks, Checkout, Wanted};
use crate::sandbox::{Pay, PayError, Reply, Request, World};

/// How the till hears of a payment: nothing says that it is told.
const NEWS: &str = "Show this to the cashier.";

/// Everything under `/checkout/`. A slug may hold slashes, so what is shown is a slug to its end, and
/// what is done is the word behind the last slash.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (slug, what) = if request.method == "GET" && state.at(rest).is_some() {
        (rest, "")
    } else {
        split(rest)
    };
    let Some(id) = state.at(slug).map(str::to_owned) else {
        return page::refused(PayError::Unknown).into();
    };
    match Wanted::of(request, what) {
        Wanted::Show => show(state, &id, world.now).into(),
        Wanted::Do(Act::Expire) => {
            page::expired(book::expire(state, &id, world.now), &path(slug)).into()
        }
        Wanted::Do(act) => pay(state, &id, act, &request.body, world),
        Wanted::Nothing(response) => response.into(),
    }
}

/// A slug, and the word of an act behind it.
fn split(rest: &str) -> (&str, &str) {
    match rest.rsplit_once('/') {
        Some((slug, word)) if Act::of(word).is_some() => (slug, word),
        Some(_) | None => (rest, ""),
    }
}

fn show(state: &State, id: &str, now: Timestamp) -> Response {
    match state.payable(id, now) {
        Ok(held) => page::response(200, form(id, held)),
        Err(error) => page::refused(error),
    }
}

fn form(id: &str, held: &Held) -> String {
    let fields = &held.fields;
    let token = fields.currency.to_ascii_uppercase();
    let asked = fields.amount.map(|asked| in_words(asked, held));
    let less = half(held).map(|half| in_words(half, held));
    let suggested = fields.amount.and_then(decimal);
    let asks = match &asked {
        Some(amount) if !fields.is_open() => Asks::Fixed {
            amount,
            less: less.as_deref(),
        },
        _ => Asks::Open {
            code: &token,
            suggested: suggested.as_deref().map_or("", |asked| asked.get()),
        },
    };
    let checkout = Checkout {
        heading: &fields.title,
        what: fields.description.as_deref().unwrap_or(""),
        to: &format!("{}/", path(&fields.url)),
        asks,
        until: fields.expires_at,
        note: &format!("Devdraft sandbox, link {id}"),
    };
    checkout.page()
}

fn path(slug: &str) -> String {
    format!("/checkout/{slug}")
}

/// Half of a fixed amount, in whole cents; none where half is nothing.
fn half(held: &Held) -> Option<i64> {
    let asked = held.fields.amount.filter(|_| !held.fields.is_open())?;
    page::half(asked).and_then(book::whole_cents)
}

fn pay(state: &mut State, id: &str, act: Act, form: &str, world: &mut World<'_>) -> Reply {
    let (how, back) = match how(state, id, act, form, world.now) {
        Ok(how) => how,
        Err(error) => return page::refused(error).into(),
    };
    page::paid(act, NEWS, &back, || {
        let (millionths, told) = charge(state, id, how, world)?;
        let held = state.links.get(id).ok_or(PayError::Unknown)?;
        Ok((in_words(millionths, held), told))
    })
}

/// How it is paid, and the way back to the page.
fn how(
    state: &State,
    id: &str,
    act: Act,
    form: &str,
    now: Timestamp,
) -> Result<(Pay, String), PayError> {
    let held = state.payable(id, now)?;
    let typed = if held.fields.is_open() {
        page::typed(form, |text| {
            let token = Currency::from_code(&held.fields.currency)?;
            let amount = Amount::parse_decimal(text, token).ok()?;
            Some(amount.minor)
        })
    } else {
        Ok(None)
    };
    let how = page::how(act, half(held), typed)?;
    Ok((how, path(&held.fields.url)))
}

fn in_words(millionths: i64, held: &Held) -> String {
    let amount = decimal(millionths);
    let amount = amount.as_deref().map_or("", |amount| amount.get());
    format!("{amount} {}", held.fields.currency.to_ascii_uppercase())
}
