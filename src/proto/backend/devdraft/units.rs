//! How Devdraft counts: JSON decimals of its two tokens, which have six digits after the point.
//!
//! Here they are integers of a millionth, [`Reported::minor`](super::super::Reported::minor) too. A
//! USDC stands for a dollar and a EURC for a euro, one to one.

use serde_json::value::RawValue;

use super::super::{Refusal, decimal};
use crate::domain::money::{Amount, Currency};

/// Digits after the point of both tokens.
const TOKEN_EXPONENT: u32 = 6;
/// Digits after the point that a link's amount may have.
const LINK_PLACES: usize = 2;

/// The token that stands for a currency: `usdc` or `eurc`.
pub(super) fn token(currency: Currency) -> Result<&'static str, Refusal> {
    match currency.code() {
        "USD" | "USDC" => Ok("usdc"),
        "EUR" | "EURC" => Ok("eurc"),
        other => Err(Refusal::of(format!(
            "Devdraft takes USD and EUR only, as USDC and EURC, not {other}: sell in one of them or \
             use another payment account"
        ))),
    }
}

/// A link's amount on the wire: at least 0.01, at most two digits after the point.
pub(crate) fn to_wire(amount: Amount) -> Result<Box<RawValue>, Refusal> {
    let wire = decimal::to_wire(amount, LINK_PLACES)?;
    // What passed has no digit beyond 0.01, so a positive amount is at least that.
    if amount.minor < 1 {
        return Err(Refusal::of(
            "Devdraft takes no payment below 0.01: raise the amount",
        ));
    }
    Ok(wire)
}

/// A decimal, a number or a string, in millionths; `None` where it is none, negative or finer.
pub(crate) fn from_wire(value: &RawValue) -> Option<i64> {
    decimal::from_wire(value, TOKEN_EXPONENT)
}

/// An amount in millionths; `None` where that is too large or too fine.
pub(super) fn of_amount(amount: Amount) -> Option<i64> {
    rescale(amount.minor, amount.currency.exponent(), TOKEN_EXPONENT)
}

/// Millionths as minor units of a currency; `None` where digits would be lost.
pub(super) fn to_minor(wire: i64, currency: Currency) -> Option<i64> {
    rescale(wire, TOKEN_EXPONENT, currency.exponent())
}

/// Moves the point; `None` where digits would be lost or do not fit.
fn rescale(minor: i64, from: u32, to: u32) -> Option<i64> {
    if from <= to {
        let factor = 10_i64.checked_pow(to.checked_sub(from)?)?;
        return minor.checked_mul(factor);
    }
    let factor = 10_i64.checked_pow(from.checked_sub(to)?)?;
    (minor.checked_rem(factor)? == 0)
        .then(|| minor.checked_div(factor))
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_go_out_as_decimals_of_two_places() {
        let rows = [
            (2_999, "USD", Some("29.99")),
            (1, "EUR", Some("0.01")),
            (0, "EUR", None),
            (-5, "EUR", None),
            (29_990_000, "USDC", Some("29.99")),
            (10_000, "EURC", Some("0.01")),
            (9_999, "EURC", None),
            (10_001, "EURC", None),
        ];
        for (minor, code, expected) in rows {
            let amount = Amount::new(minor, Currency::from_code(code).unwrap());
            let wire = to_wire(amount);
            let text = wire.as_ref().ok().map(|wire| wire.get());
            assert_eq!(text, expected, "{minor} {code}");
        }
        for code in ["CHF", "GBP", "JPY"] {
            assert!(token(Currency::from_code(code).unwrap()).is_err(), "{code}");
        }
    }

    proptest! {
        #[test]
        fn no_amount_changes_on_its_way(
            cents in 1_i64..=10_000_000_000_000,
            code in prop_oneof![Just("USD"), Just("EUR"), Just("USDC"), Just("EURC")],
        ) {
            let currency = Currency::from_code(code).unwrap();
            let minor = rescale(cents, 2, currency.exponent()).unwrap();
            let wire = to_wire(Amount::new(minor, currency)).unwrap();
            let millionths = from_wire(&wire).unwrap();
            prop_assert_eq!(Some(millionths), of_amount(Amount::new(minor, currency)));
            prop_assert_eq!(to_minor(millionths, currency), Some(minor));
        }
    }
}
