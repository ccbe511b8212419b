//! The page that a payer of a 4pay link sees.

use super::book::{self, Held, State, charge};
use super::check::AmountType;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::proto::backend::fourpay::decimals;
use crate::proto::qr::QrGrid;
use crate::sandbox::page::{self, Act, Asks, Checkout};
use crate::sandbox::{Pay, PayError, Reply, Request, World};

/// Everything under `/pay/link/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    match (request.method.as_str(), what, Act::of(what)) {
        ("GET", "", _) => show(state, id, world.now).into(),
        ("GET", "qr", _) => picture(state, id, world.public_url).into(),
        ("POST", _, Some(Act::Expire)) => expire(state, id, world.now).into(),
        ("POST", _, Some(act)) => pay(state, id, act, &request.body, world),
        (_, "" | "qr", _) | (_, _, Some(_)) => {
            refuse(405, "Wrong method", "Open this address in a browser.").into()
        }
        _ => refuse(404, "Not found", "There is no such page.").into(),
    }
}

fn refuse(status: u16, title: &str, sentence: &str) -> Response {
    page::response(status, page::message(title, "bad", sentence))
}

fn refused(error: PayError) -> Response {
    let (status, title) = page::refusal(error);
    refuse(status, title, &error.to_string())
}

fn show(state: &State, id: &str, now: Timestamp) -> Response {
    match state.payable(id, now) {
        Ok(held) => page::response(200, form(id, held)),
        Err(error) => refused(error),
    }
}

fn form(id: &str, held: &Held) -> String {
    let asked = held.amount.map(|wire| in_words(wire, held));
    let less = half(held).map(|wire| in_words(wire, held));
    let suggested = held.amount.map(|wire| decimal(wire, held));
    let asks = match (held.amount_type, &asked) {
        (AmountType::Static, Some(amount)) => Asks::Fixed {
            amount,
            less: less.as_deref(),
        },
        (AmountType::Static | AmountType::Dynamic, _) => Asks::Open {
            code: held.currency.code(),
            suggested: suggested.as_deref().unwrap_or(""),
        },
    };
    let checkout = Checkout {
        heading: "Sandbox shop",
        what: &held.description,
        to: &format!("{}/", path(id)),
        asks,
        others: &[Act::Fail, Act::Less, Act::Twice, Act::Expire],
        until: held.expires_at,
        note: &format!("4pay sandbox, link {id}"),
    };
    checkout.page()
}

fn path(id: &str) -> String {
    format!("/pay/link/{id}")
}

/// Half of a fixed amount; none where half is nothing.
fn half(held: &Held) -> Option<i64> {
    let asked = held
        .amount
        .filter(|_| held.amount_type == AmountType::Static)?;
    asked.checked_div(2).filter(|half| *half > 0)
}

fn pay(state: &mut State, id: &str, act: Act, body: &str, world: &mut World<'_>) -> Reply {
    let how = match how(state, id, act, body, world.now) {
        Ok(how) => how,
        Err(error) => return refused(error).into(),
    };
    let times = if act == Act::Twice { 2 } else { 1 };
    let mut notifications = Vec::new();
    let mut charged = 0;
    for _ in 0..times {
        match charge(state, id, how, world) {
            Ok((wire, told)) => {
                charged = wire;
                notifications.extend(told);
            }
            // What was paid before stays paid, and is told.
            Err(error) => {
                return Reply {
                    response: refused(error),
                    notifications,
                };
            }
        }
    }
    let held = state.links.get(id);
    let amount = held.map_or_else(String::new, |held| in_words(charged, held));
    Reply {
        response: page::response(200, thanks(act, &amount, &path(id))),
        notifications,
    }
}

fn thanks(act: Act, amount: &str, back: &str) -> String {
    let (title, class, sentence) = match act {
        Act::Fail => (
            "Not paid",
            "bad",
            "The bank refused. The till hears of it by itself.".to_owned(),
        ),
        Act::Twice => (
            "Thank you",
            "done",
            format!("{amount} paid, and once more. The till hears of both by itself."),
        ),
        Act::Pay | Act::Less | Act::Expire => (
            "Thank you",
            "done",
            format!("{amount} paid. The till hears of it by itself."),
        ),
    };
    page::outcome(title, class, &sentence, back)
}

fn expire(state: &mut State, id: &str, now: Timestamp) -> Response {
    match book::expire(state, id, now) {
        Ok(()) => page::response(
            200,
            page::outcome(
                "Too late",
                "bad",
                "This payment page is past its end now.",
                &path(id),
            ),
        ),
        Err(error) => refused(error),
    }
}

/// What the form says: nothing on a fixed page, `amount=3.50` on an open one.
fn how(state: &State, id: &str, act: Act, body: &str, now: Timestamp) -> Result<Pay, PayError> {
    let held = state.payable(id, now)?;
    match act {
        Act::Fail => return Ok(Pay::Fail),
        Act::Less => {
            let half = half(held).ok_or(PayError::Amount)?;
            return Ok(Pay::Less { minor: half });
        }
        Act::Pay | Act::Twice | Act::Expire => {}
    }
    let typed = match held.amount_type {
        AmountType::Static => return Ok(Pay::Once),
        AmountType::Dynamic => body.strip_prefix("amount="),
    };
    let Some(typed) = typed else {
        return Ok(Pay::Once);
    };
    Amount::parse_decimal(typed, held.currency)
        .ok()
        .and_then(|amount| decimals::to_wire(amount).ok())
        .map(|minor| Pay::Typed { minor })
        .ok_or(PayError::Amount)
}

fn picture(state: &State, id: &str, public_url: &str) -> Response {
    let known = state.links.contains_key(id);
    match QrGrid::encode(&super::url(public_url, id)) {
        Ok(grid) if known => Response {
            status: 200,
            headers: vec![("content-type".to_owned(), "image/svg+xml".to_owned())],
            body: page::svg(&grid),
        },
        Ok(_) | Err(_) => refused(PayError::Unknown),
    }
}

fn in_words(wire: i64, held: &Held) -> String {
    format!("{} {}", decimal(wire, held), held.currency)
}

fn decimal(wire: i64, held: &Held) -> String {
    // Currencies that 4pay's table lacks are counted as ISO 4217 says.
    let minor = decimals::from_wire(wire, held.currency).unwrap_or(wire);
    Amount::new(minor, held.currency).to_decimal()
}
