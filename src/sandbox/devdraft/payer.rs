//! The page that a payer of a Devdraft link sees, at the link's own address.

use super::book::{Held, State, charge};
use super::check::decimal;
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::{Pay, PayError, Reply, Request, World, page};

/// Everything under `/checkout/`. A slug may hold slashes, so its button posts to the page itself.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    slug: &str,
    world: &mut World<'_>,
) -> Reply {
    let Some(id) = state.at(slug).map(str::to_owned) else {
        return refused(PayError::Unknown);
    };
    match request.method.as_str() {
        "GET" => show(state, &id, world.now).into(),
        "POST" => pay(state, &id, request, world),
        _ => refuse(405, "Wrong method", "Open this address in a browser."),
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
    let fields = &held.fields;
    let title = page::escape(&fields.title);
    let what = page::escape(fields.description.as_deref().unwrap_or(""));
    let token = fields.currency.to_ascii_uppercase();
    // A slug's charset needs no escaping.
    let action = format!("/checkout/{}", fields.url);
    let asked = fields.amount.and_then(decimal);
    let asked = asked.as_deref().map_or("", |asked| asked.get());
    let choice = if fields.is_open() {
        format!(
            "<form method=\"post\" action=\"{action}\">\
             <label>Amount in {token}<input name=\"amount\" inputmode=\"decimal\" \
             pattern=\"[0-9]+([.][0-9]{{1,2}})?\" required value=\"{asked}\"></label>\
             <button>Pay</button></form>"
        )
    } else {
        format!(
            "<p class=\"amount\">{asked} {token}</p>\
             <form method=\"post\" action=\"{action}\"><button>Pay {asked} {token}</button></form>"
        )
    };
    let until = fields.expires_at.map_or_else(String::new, |end| {
        format!("<p class=\"note\">Valid until {}</p>", end.to_rfc3339())
    });
    let content = format!(
        "<h1>{title}</h1><p class=\"what\">{what}</p>{choice}{until}\
         <p class=\"note\">Devdraft sandbox, link {id}</p>"
    );
    page::frame("Pay", &content)
}

fn pay(state: &mut State, id: &str, request: &Request, world: &mut World<'_>) -> Reply {
    let paid =
        how(state, id, &request.body, world.now).and_then(|how| charge(state, id, how, world));
    match paid {
        Ok((millionths, notifications)) => {
            let held = state.links.get(id);
            let token = held.map_or_else(String::new, |held| {
                held.fields.currency.to_ascii_uppercase()
            });
            let amount = decimal(millionths);
            let amount = amount.as_deref().map_or("", |amount| amount.get());
            let sentence = format!("{amount} {token} paid. Show this to the cashier.");
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
    let typed = body
        .strip_prefix("amount=")
        .filter(|_| held.fields.is_open());
    let Some(typed) = typed else {
        return Ok(Pay::Once);
    };
    Currency::from_code(&held.fields.currency)
        .and_then(|token| Amount::parse_decimal(typed, token).ok())
        .map(|amount| Pay::Typed {
            minor: amount.minor,
        })
        .ok_or(PayError::Amount)
}
