//! The page that a payer of an `AltaPay` link sees.

use super::book::{self, Session, State};
use crate::domain::money::Amount;
use crate::proto::backend::Response;
use crate::sandbox::page::{self, Act, Asks, Checkout, Wanted};
use crate::sandbox::{Pay, PayError, Reply, Request, World};

/// Everything under `/altapay/pay/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    match Wanted::of(request, what) {
        Wanted::Show => show(state, id, world).into(),
        Wanted::Do(Act::Expire) => match book::expire(state, id, world.now) {
            Err(error) => refused(error).into(),
            done => page::expired(done, &path(id)).into(),
        },
        Wanted::Do(act) => pay(state, id, act, world),
        Wanted::Nothing(response) => response.into(),
    }
}

fn refused(error: PayError) -> Response {
    if error == PayError::Gone {
        let sentence = "This order was paid already.";
        return page::response(410, page::message("Paid", "done", sentence));
    }
    page::refused(error)
}

/// Opening the page is what starts its last minutes.
fn show(state: &mut State, id: &str, world: &World<'_>) -> Response {
    if let Err(error) = state.open(id, world.now) {
        return refused(error);
    }
    match state.payable(id, world.now) {
        Ok(session) => page::response(200, form(state, id, session)),
        Err(error) => refused(error),
    }
}

fn form(state: &State, id: &str, session: &Session) -> String {
    let less = half(session).map(|half| in_words(half, session));
    let checkout = Checkout {
        heading: "Sandbox shop",
        what: &session.description,
        to: &format!("{}/", path(id)),
        asks: Asks::Fixed {
            amount: &in_words(session.amount.minor, session),
            less: less.as_deref(),
        },
        until: state.links.get(id).map(book::Held::end),
        note: &format!("AltaPay sandbox, order {}", session.order_id),
    };
    checkout.page()
}

fn path(id: &str) -> String {
    [super::PAGE, id].concat()
}

/// Half of what is asked; none where half is nothing, or where the shop captures by hand.
fn half(session: &Session) -> Option<i64> {
    let captured = Some(session.amount.minor).filter(|_| session.captures);
    captured.and_then(page::half)
}

fn pay(state: &mut State, id: &str, act: Act, world: &mut World<'_>) -> Reply {
    let how = match how(state, id, act, world) {
        Ok(how) => how,
        Err(error) => return refused(error).into(),
    };
    // Two phones had the page open: the second one pays the order that is paid already.
    page::paid(act, page::HEARD, &path(id), || {
        let (amount, told) = book::book(state, id, how, world)?;
        let words = format!("{} {}", amount.to_decimal(), amount.currency);
        Ok((words, told))
    })
}

fn how(state: &mut State, id: &str, act: Act, world: &World<'_>) -> Result<Pay, PayError> {
    let session = state.open(id, world.now)?;
    page::how(act, half(session), Ok(None))
}

fn in_words(minor: i64, session: &Session) -> String {
    let amount = Amount::new(minor, session.amount.currency);
    format!("{} {}", amount.to_decimal(), amount.currency)
}
