//! The page that a payer of an `AltaPay` link sees.

use super::book::{Session, State, charge};
use crate::proto::backend::Response;
use crate::sandbox::{Pay, PayError, Reply, Request, World, page};

/// Everything under `/altapay/pay/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    match (request.method.as_str(), what) {
        ("GET", "") => show(state, id, world).into(),
        ("POST", "pay") => pay(state, id, world),
        (_, "" | "pay") => refuse(405, "Wrong method", "Open this address in a browser.").into(),
        _ => refuse(404, "Not found", "There is no such page.").into(),
    }
}

fn refuse(status: u16, title: &str, sentence: &str) -> Response {
    page::response(status, page::message(title, "bad", sentence))
}

fn refused(error: PayError) -> Response {
    let (status, title) = match error {
        PayError::Unknown => (404, "Not found"),
        PayError::Gone => {
            let sentence = "This order was paid already.";
            return page::response(410, page::message("Paid", "done", sentence));
        }
        PayError::Expired => (410, "Too late"),
        PayError::Amount => (422, "Not paid"),
        PayError::Full => (409, "Not paid"),
    };
    refuse(status, title, &error.to_string())
}

/// Opening the page is what starts its last minutes.
fn show(state: &mut State, id: &str, world: &World<'_>) -> Response {
    match state.open(id, world.now) {
        Ok(session) => {
            let form = form(id, session);
            let end = state.links.get(id).map(|held| held.end().to_rfc3339());
            let until = end.unwrap_or_default();
            let note = format!("{form}<p class=\"note\">Valid until {until}</p>");
            page::response(200, page::frame("Pay", &note))
        }
        Err(error) => refused(error),
    }
}

fn form(id: &str, session: &Session) -> String {
    let what = page::escape(&session.description);
    let asked = in_words(session);
    format!(
        "<h1>Sandbox shop</h1><p class=\"what\">{what}</p><p class=\"amount\">{asked}</p>\
         <form method=\"post\" action=\"/altapay/pay/{id}/pay\"><button>Pay {asked}</button></form>\
         <p class=\"note\">AltaPay sandbox, order {order}</p>",
        order = page::escape(&session.order_id),
    )
}

fn pay(state: &mut State, id: &str, world: &mut World<'_>) -> Reply {
    match charge(state, id, Pay::Once, world) {
        Ok((amount, notifications)) => {
            let paid = format!("{} {}", amount.to_decimal(), amount.currency);
            let sentence = format!("{paid} paid. The till hears of it by itself.");
            Reply {
                response: page::response(200, page::message("Thank you", "done", &sentence)),
                notifications,
            }
        }
        Err(error) => refused(error).into(),
    }
}

fn in_words(session: &Session) -> String {
    format!(
        "{} {}",
        session.amount.to_decimal(),
        session.amount.currency
    )
}
