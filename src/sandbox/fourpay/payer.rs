//! The page that a payer of a 4pay link sees.

use super::book::{self, Held, State, charge};
use super::check::AmountType;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::proto::backend::fourpay::decimals;
use crate::sandbox::page::{self, Act, Asks, Checkout, Wanted};
use crate::sandbox::{Pay, PayError, Reply, Request, World};

/// The side of the provider's own picture of a code, in pixels.
const PICTURE_SIDE: u32 = 500;

/// Everything under `/pay/link/`.
pub(super) fn handle(
    state: &mut State,
    request: &Request,
    rest: &str,
    world: &mut World<'_>,
) -> Reply {
    let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
    if what == "qr" {
        return match request.method.as_str() {
            "GET" => picture(state, id, world),
            _ => page::wrong_method().into(),
        };
    }
    match Wanted::of(request, what) {
        Wanted::Show => show(state, id, world.now).into(),
        Wanted::Do(Act::Expire) => {
            page::expired(book::expire(state, id, world.now), &path(id)).into()
        }
        Wanted::Do(act) => pay(state, id, act, &request.body, world),
        Wanted::Nothing(response) => response.into(),
    }
}

fn show(state: &State, id: &str, now: Timestamp) -> Response {
    match state.payable(id, now) {
        Ok(held) => page::response(200, form(id, held)),
        Err(error) => page::refused(error),
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
    let is_fixed = held.amount_type == AmountType::Static;
    held.amount.filter(|_| is_fixed).and_then(page::half)
}

fn pay(state: &mut State, id: &str, act: Act, form: &str, world: &mut World<'_>) -> Reply {
    let how = match how(state, id, act, form, world.now) {
        Ok(how) => how,
        Err(error) => return page::refused(error).into(),
    };
    page::paid(act, page::HEARD, &path(id), || {
        let (wire, told) = charge(state, id, how, world)?;
        let held = state.links.get(id).ok_or(PayError::Unknown)?;
        Ok((in_words(wire, held), told))
    })
}

fn how(state: &State, id: &str, act: Act, form: &str, now: Timestamp) -> Result<Pay, PayError> {
    let held = state.payable(id, now)?;
    let typed = match held.amount_type {
        AmountType::Static => Ok(None),
        AmountType::Dynamic => page::typed(form, |text| {
            let amount = Amount::parse_decimal(text, held.currency).ok()?;
            decimals::to_wire(amount).ok()
        }),
    };
    page::how(act, half(held), typed)
}

fn picture(state: &State, id: &str, world: &World<'_>) -> Reply {
    if !state.links.contains_key(id) {
        return page::refused(PayError::Unknown).into();
    }
    let url = super::url(world.public_url, id);
    Reply::png(world.picture(&url, PICTURE_SIDE))
}

fn in_words(wire: i64, held: &Held) -> String {
    format!("{} {}", decimal(wire, held), held.currency)
}

fn decimal(wire: i64, held: &Held) -> String {
    // Currencies that 4pay's table lacks are counted as ISO 4217 says.
    let minor = decimals::from_wire(wire, held.currency).unwrap_or(wire);
    Amount::new(minor, held.currency).to_decimal()
}
