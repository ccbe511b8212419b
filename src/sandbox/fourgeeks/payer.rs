//! The page that a payer of a 4Geeks link sees.

use super::book::{Held, State, charge};
use crate::domain::money::Amount;
use crate::proto::backend::Response;
use crate::sandbox::{Pay, PayError, Request, World, page};

/// Everything under `/link/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Response {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    match (request.method.as_str(), what) {
        ("GET", "") => show(state, id),
        ("POST", "pay") => pay(state, id, world),
        (_, "" | "pay") => refuse(405, "Wrong method", "Open this address in a browser."),
        _ => refuse(404, "Not found", "There is no such page."),
    }
}

fn refuse(status: u16, title: &str, sentence: &str) -> Response {
    page::response(status, page::message(title, "bad", sentence))
}

fn refused(error: PayError) -> Response {
    let (status, title) = match error {
        PayError::Unknown => (404, "Not found"),
        PayError::Gone | PayError::Expired => (410, "Too late"),
        PayError::Amount => (422, "Not paid"),
        PayError::Full => (409, "Not paid"),
    };
    refuse(status, title, &error.to_string())
}

fn show(state: &State, id: &str) -> Response {
    let Some(held) = state.links.get(id) else {
        return refused(PayError::Unknown);
    };
    let what = page::escape(&held.description);
    let asked = in_words(held.amount, held);
    let content = format!(
        "<h1>Sandbox shop</h1><p class=\"what\">{what}</p><p class=\"amount\">{asked}</p>\
         <form method=\"post\" action=\"/link/{id}/pay\"><button>Pay {asked}</button></form>\
         <p class=\"note\">4Geeks sandbox, link {id}</p>"
    );
    page::response(200, page::frame("Pay", &content))
}

fn pay(state: &mut State, id: &str, world: &mut World<'_>) -> Response {
    match charge(state, id, Pay::Once, world) {
        Ok(cents) => {
            let held = state.links.get(id);
            let amount = held.map_or_else(String::new, |held| in_words(cents, held));
            let sentence =
                format!("{amount} paid. The till is not told: the shop finds it in its console.");
            page::response(200, page::message("Thank you", "done", &sentence))
        }
        Err(error) => refused(error),
    }
}

fn in_words(cents: i64, held: &Held) -> String {
    let amount = Amount::new(cents, held.currency);
    format!("{} {}", amount.to_decimal(), held.currency)
}
