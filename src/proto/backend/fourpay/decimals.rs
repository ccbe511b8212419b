//! How 4pay counts each currency: integers of its smallest unit, by its own table.
//!
//! Source: the platform's SDK, `fourpay/money.py`. A currency that is not in the table is refused,
//! because a wrong guess is an amount that is wrong by a factor of a hundred.

use super::super::Refusal;
use crate::domain::money::{Amount, Currency};

/// Digits after the point on 4pay's wire; `None` where its table is silent.
fn exponent(currency: Currency) -> Option<u32> {
    match currency.code() {
        "JPY" | "KRW" | "VND" | "IDR" => Some(0),
        "USD" | "EUR" | "GBP" | "RUB" | "KZT" | "AED" | "TRY" | "CNY" | "INR" | "BRL" => Some(2),
        "KWD" | "BHD" | "OMR" | "JOD" | "TND" => Some(3),
        "USDT" | "USDC" => Some(6),
        _ => None,
    }
}

/// Digits after the point of a currency. Refused where 4pay's table is silent.
pub(super) fn check(currency: Currency) -> Result<u32, Refusal> {
    exponent(currency).ok_or_else(|| {
        Refusal::of(format!(
            "4pay's table of currencies has no {currency}: sell in another currency or use another \
             payment account"
        ))
    })
}

/// An amount as 4pay's integer. Refused: less than one unit, a fraction of one, an unknown currency.
pub(crate) fn to_wire(amount: Amount) -> Result<i64, Refusal> {
    let Amount { minor, currency } = amount;
    let theirs = check(currency)?;
    let wire = rescale(minor, currency.exponent(), theirs).ok_or_else(|| {
        Refusal::of(format!(
            "4pay cannot ask for {} {currency}: it counts {currency} with {theirs} digits after the \
             point; round the price",
            amount.to_decimal()
        ))
    })?;
    if wire < 1 {
        return Err(Refusal::of(
            "4pay takes no payment of nothing: the amount must be at least one smallest unit",
        ));
    }
    Ok(wire)
}

/// 4pay's integer as minor units of [`Currency::exponent`].
pub(crate) fn from_wire(wire: i64, currency: Currency) -> Option<i64> {
    rescale(wire, exponent(currency)?, currency.exponent())
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
    fn amounts_go_out_in_fourpays_units() {
        let rows = [
            (350, "EUR", Some(350)),
            (1_200, "JPY", Some(1_200)),
            (1_500, "KWD", Some(1_500)),
            (3_500_000, "USDC", Some(3_500_000)),
            // ISO 4217 has cents of IDR, 4pay has not.
            (1_500_000, "IDR", Some(15_000)),
            (1_500_050, "IDR", None),
            (50, "IDR", None),
            (0, "EUR", None),
            (-350, "EUR", None),
            (350, "EURC", None),
            (350, "CHF", None),
        ];
        for (minor, code, expected) in rows {
            let currency = Currency::from_code(code).unwrap();
            let wire = to_wire(Amount::new(minor, currency));
            assert_eq!(wire.as_ref().ok(), expected.as_ref(), "{minor} {code}");
            if let Ok(wire) = wire {
                assert_eq!(from_wire(wire, currency), Some(minor), "{code}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_moved_point_moves_back(minor in any::<i64>(), from in 0..40_u32, to in 0..40_u32) {
            if let Some(moved) = rescale(minor, from, to) {
                prop_assert_eq!(rescale(moved, to, from), Some(minor));
            }
        }
    }
}
