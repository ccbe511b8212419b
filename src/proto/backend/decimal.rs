//! Amounts as JSON decimals, for providers that count in euros and not in cents.
//!
//! Written by placing the point among the digits and read by moving it; no float is ever between.

use serde_json::value::RawValue;

use super::Refusal;
use crate::domain::money::Amount;

/// Digits of the longest number that is believed: more do not fit an `i64`.
const DIGITS_MAX: usize = 18;
/// The largest power of ten that a number may name.
const POWER_MAX: i32 = 40;

/// A JSON number with at most `places` digits after its point, for instance `29.99`.
///
/// Refused where the amount has more of them, because a payer would pay something else.
pub(super) fn to_wire(amount: Amount, places: usize) -> Result<Box<RawValue>, Refusal> {
    let mut text = amount.to_decimal();
    if let Some(point) = text.find('.') {
        let whole = text
            .trim_end_matches('0')
            .len()
            .max(point.saturating_add(1));
        let short = point.saturating_add(1).saturating_add(places);
        if whole > short {
            return Err(Refusal::of(format!(
                "{text} {} has more than {places} digits after the point: change the price",
                amount.currency
            )));
        }
        if text.len() > short {
            text.truncate(short);
        }
    }
    RawValue::from_string(text)
        .map_err(|error| Refusal::of(format!("the amount cannot be written: {error}")))
}

/// A JSON number, or a string that holds one, in units of ten to the power of minus `exponent`.
/// `None` where it is negative, too large, or finer than such a unit.
pub(super) fn from_wire(value: &RawValue, exponent: u32) -> Option<i64> {
    let text = value.get().trim();
    let text = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    from_text(text, exponent)
}

/// The same from a bare text, for instance out of XML.
pub(super) fn from_text(text: &str, exponent: u32) -> Option<i64> {
    let (number, power) = match text.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse::<i32>().ok()?),
        None => (text, 0),
    };
    if !(-POWER_MAX..=POWER_MAX).contains(&power) {
        return None;
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, fraction].concat();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain || number.ends_with('.') {
        return None;
    }
    let places = i32::try_from(fraction.len()).ok()?;
    let shift = power
        .checked_sub(places)?
        .checked_add(i32::try_from(exponent).ok()?)?;
    let digits = digits.trim_start_matches('0');
    let moved = if shift >= 0 {
        let zeros = usize::try_from(shift).ok()?;
        if digits.is_empty() {
            return Some(0);
        }
        if digits.len().checked_add(zeros)? > DIGITS_MAX {
            return None;
        }
        [digits, &"0".repeat(zeros)].concat()
    } else {
        let cut = usize::try_from(shift.unsigned_abs()).ok()?;
        let keep = digits.len().saturating_sub(cut);
        let (kept, lost) = digits.split_at(keep);
        // Digits finer than the smallest unit are no money of this currency.
        if lost.bytes().any(|byte| byte != b'0') {
            return None;
        }
        kept.to_owned()
    };
    if moved.is_empty() {
        return Some(0);
    }
    (moved.len() <= DIGITS_MAX).then(|| moved.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::money::Currency;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn numbers_are_read_by_their_digits() {
        let rows = [
            ("29.99", 2, Some(2_999)),
            ("\"29.99\"", 2, Some(2_999)),
            ("30", 2, Some(3_000)),
            ("30.0", 2, Some(3_000)),
            ("30.000", 2, Some(3_000)),
            ("0.01", 2, Some(1)),
            ("0.001", 2, None),
            ("1e3", 2, Some(100_000)),
            ("2999e-2", 2, Some(2_999)),
            ("2999e-3", 2, None),
            ("0e9", 2, Some(0)),
            ("-1", 2, None),
            ("\"\"", 2, None),
            ("\".5\"", 2, None),
            ("\"5.\"", 2, None),
            ("\"1,5\"", 2, None),
            ("12345678901234567890", 0, None),
            ("0.30000000000000004", 2, None),
            ("1200", 0, Some(1_200)),
            ("0.125", 3, Some(125)),
        ];
        for (text, exponent, expected) in rows {
            assert_eq!(from_wire(&raw(text), exponent), expected, "{text}");
        }
    }

    #[test]
    fn what_has_too_many_places_is_refused() {
        let dinars = |minor| Amount::new(minor, Currency::from_code("KWD").unwrap());
        assert_eq!(to_wire(dinars(1_250), 2).unwrap().get(), "1.25");
        assert!(to_wire(dinars(1_255), 2).is_err());
        let yen = Amount::new(120, Currency::from_code("JPY").unwrap());
        assert_eq!(to_wire(yen, 2).unwrap().get(), "120");
    }

    proptest! {
        /// No value between 0.01 and 10^12 changes on the way there and back, in any exponent.
        #[test]
        fn no_amount_changes_on_a_round_trip(
            minor in 1_i64..=100_000_000_000_000_000,
            code in prop_oneof![Just("JPY"), Just("EUR"), Just("KWD"), Just("USDC")],
        ) {
            let amount = Amount::new(minor, Currency::from_code(code).unwrap());
            let exponent = amount.currency.exponent();
            let wire = to_wire(amount, 6).unwrap();
            prop_assert_eq!(from_wire(&wire, exponent), Some(minor));
            let quoted = raw(&format!("\"{}\"", wire.get()));
            prop_assert_eq!(from_wire(&quoted, exponent), Some(minor));
        }

        #[test]
        fn no_text_makes_the_reader_fall(text in ".{0,40}", exponent in 0_u32..9) {
            let _: Option<i64> = from_text(&text, exponent);
        }
    }
}
