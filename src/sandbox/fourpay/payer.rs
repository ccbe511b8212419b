//! The page that a payer of a 4pay link sees.

use super::book::{Held, State, charge};
use super::check::AmountType;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::proto::backend::fourpay::decimals;
use crate::proto::qr::QrGrid;
use crate::sandbox::{Pay, PayError, Reply, Request, World, page};

/// Everything under `/pay/link/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    match (request.method.as_str(), what) {
        ("GET", "") => show(state, id, world.now).into(),
        ("GET", "qr") => picture(state, id, world.public_url).into(),
        ("POST", "pay") => pay(state, id, request, world),
        (_, "" | "qr" | "pay") => refuse(405, "Wrong method", "Open this address in a browser."),
        _ => refuse(404, "Not found", "There is no such page."),
    }
}

fn refuse(status: u16, title: &str, sentence: &str) -> Reply {
    page::response(status, page::message(title, "bad", sentence)).into()
}

fn refused(error: PayError) -> Reply {
    let (status, title) = match error {
        PayError::Unknown => (404, "Not found"),
        PayError::Gone => (410, "Switched off"),
        PayError::Expired => (410, "Too late"),
        PayError::Amount => (422, "Not paid"),
        PayError::Full => (409, "Not paid"),
    };
    refuse(status, title, &error.to_string())
}

fn show(state: &State, id: &str, now: Timestamp) -> Response {
    match state.payable(id, now) {
        Ok(held) => page::response(200, form(id, held)),
        Err(error) => refused(error).response,
    }
}

fn form(id: &str, held: &Held) -> String {
    let what = page::escape(&held.description);
    let code = held.currency.code();
    let asked = held.amount.map(|wire| in_words(wire, held));
    let choice = match (held.amount_type, &asked) {
        (AmountType::Static, Some(asked)) => format!(
            "<p class=\"amount\">{asked}</p>\
             <form method=\"post\" action=\"/pay/link/{id}/pay\"><button>Pay {asked}</button></form>"
        ),
        (AmountType::Static | AmountType::Dynamic, _) => {
            let suggested = held
                .amount
                .map(|wire| decimal(wire, held))
                .unwrap_or_default();
            format!(
                "<form method=\"post\" action=\"/pay/link/{id}/pay\">\
                 <label>Amount in {code}<input name=\"amount\" inputmode=\"decimal\" \
                 pattern=\"[0-9]+([.][0-9]+)?\" required value=\"{suggested}\"></label>\
                 <button>Pay</button></form>"
            )
        }
    };
    let until = held.expires_at.map_or_else(String::new, |end| {
        format!("<p class=\"note\">Valid until {}</p>", end.to_rfc3339())
    });
    let content = format!(
        "<h1>Sandbox shop</h1><p class=\"what\">{what}</p>{choice}{until}\
         <p class=\"note\">4pay sandbox, link {id}</p>"
    );
    page::frame("Pay", &content)
}

fn pay(state: &mut State, id: &str, request: &Request, world: &mut World<'_>) -> Reply {
    let paid =
        how(state, id, &request.body, world.now).and_then(|how| charge(state, id, how, world));
    match paid {
        Ok((wire, notifications)) => {
            let amount = state
                .links
                .get(id)
                .map_or_else(String::new, |held| in_words(wire, held));
            let sentence = format!("{amount} paid. The till hears of it by itself.");
            Reply {
                response: page::response(200, page::message("Thank you", "done", &sentence)),
                notifications,
            }
        }
        Err(error) => refused(error),
    }
}

/// What the form says: nothing on a fixed page, `amount=3.50` on an open one.
fn how(state: &State, id: &str, body: &str, now: Timestamp) -> Result<Pay, PayError> {
    let held = state.payable(id, now)?;
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
        Ok(_) | Err(_) => refused(PayError::Unknown).response,
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
