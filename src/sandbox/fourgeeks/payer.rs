//! The page that a payer of a 4Geeks link sees.

use super::book::{self, Held, State, charge};
use crate::domain::money::Amount;
use crate::proto::backend::Response;
use crate::sandbox::page::{self, Act, Asks, Checkout, Wanted};
use crate::sandbox::{PayError, Reply, Request, World};

/// How the till hears of a payment: the document knows no way.
const NEWS: &str = "The till is not told: the shop finds it in its console.";

/// Everything under `/link/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    match Wanted::of(request, what) {
        Wanted::Show => show(state, id).into(),
        Wanted::Do(Act::Expire) => page::expired(book::end(state, id), &path(id)).into(),
        Wanted::Do(act) => pay(state, id, act, world),
        Wanted::Nothing(response) => response.into(),
    }
}

fn show(state: &State, id: &str) -> Response {
    let held = match state.payable(id) {
        Ok(held) => held,
        Err(error) => return page::refused(error),
    };
    let less = page::half(held.amount).map(|half| in_words(half, held));
    let checkout = Checkout {
        heading: "Sandbox shop",
        what: &held.description,
        to: &format!("{}/", path(id)),
        asks: Asks::Fixed {
            amount: &in_words(held.amount, held),
            less: less.as_deref(),
        },
        until: None,
        note: &format!("4Geeks sandbox, link {id}"),
    };
    page::response(200, checkout.page())
}

fn path(id: &str) -> String {
    format!("/link/{id}")
}

fn pay(state: &mut State, id: &str, act: Act, world: &mut World<'_>) -> Reply {
    let held = state.payable(id);
    let how = match held.and_then(|held| page::how(act, page::half(held.amount), Ok(None))) {
        Ok(how) => how,
        Err(error) => return page::refused(error).into(),
    };
    page::paid(act, NEWS, &path(id), || {
        let cents = charge(state, id, how, world)?;
        let held = state.links.get(id).ok_or(PayError::Unknown)?;
        Ok((in_words(cents, held), Vec::new()))
    })
}

fn in_words(cents: i64, held: &Held) -> String {
    let amount = Amount::new(cents, held.currency);
    format!("{} {}", amount.to_decimal(), held.currency)
}
