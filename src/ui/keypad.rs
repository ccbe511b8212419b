//! The keypad's arithmetic: digits fill the smallest unit from the right, no point, no float.

use crate::domain::money::{Amount, Currency};

/// The largest amount that can be typed, in minor units.
const TYPED_MAX: i64 = 99_999_999;
/// The most terms of a running sum.
const TERMS_MAX: usize = 50;

/// A key of the keypad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// 0 to 9.
    Digit(u8),
    /// Two zeros.
    DoubleZero,
    /// Takes the last digit away, or the last term where no digit is left.
    Erase,
    /// Starts again.
    Clear,
    /// Adds what is typed to the running sum.
    Plus,
}

/// What was typed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keypad {
    typed: i64,
    terms: Vec<i64>,
}

impl Keypad {
    /// Takes a key; one that would go beyond the limits does nothing.
    pub(crate) fn press(&mut self, key: Key) {
        match key {
            Key::Digit(digit) => self.append(10, i64::from(digit.min(9))),
            Key::DoubleZero => self.append(100, 0),
            Key::Erase if self.typed == 0 => {
                self.typed = self.terms.pop().unwrap_or(0);
            }
            Key::Erase => self.typed = self.typed.checked_div(10).unwrap_or(0),
            Key::Clear => *self = Self::default(),
            Key::Plus => {
                if self.typed > 0 && self.terms.len() < TERMS_MAX {
                    self.terms.push(self.typed);
                    self.typed = 0;
                }
            }
        }
    }

    /// Takes this amount instead of what was typed.
    pub(crate) fn set(&mut self, minor: i64) {
        self.terms.clear();
        self.typed = minor.max(0);
    }

    /// The sum of all terms and what is typed.
    pub(crate) fn total(&self, currency: Currency) -> Amount {
        let minor = self
            .terms
            .iter()
            .fold(self.typed, |sum, term| sum.saturating_add(*term));
        Amount::new(minor, currency)
    }

    /// What is typed now.
    pub(crate) const fn typed(&self, currency: Currency) -> Amount {
        Amount::new(self.typed, currency)
    }

    /// The terms before it.
    pub(crate) fn terms(&self) -> &[i64] {
        &self.terms
    }

    fn append(&mut self, factor: i64, digit: i64) {
        let next = self
            .typed
            .checked_mul(factor)
            .and_then(|typed| typed.checked_add(digit));
        if let Some(next) = next.filter(|next| *next <= TYPED_MAX) {
            self.typed = next;
        }
    }
}

/// Notes that a customer is likely to give for `total`: at most three sums above it.
pub(crate) fn likely_notes(total: Amount) -> Vec<Amount> {
    // The smallest note is five whole units; where a currency has no fraction, five hundred.
    let exponent = total.currency.exponent();
    let unit = if exponent == 0 {
        100
    } else {
        10_i64.saturating_pow(exponent)
    };
    let mut notes: Vec<Amount> = Vec::new();
    for steps in [5_i64, 10, 20, 50, 100, 200, 500, 1_000] {
        let step = unit.saturating_mul(steps);
        let below = total.minor.checked_div(step).unwrap_or(0);
        let above = step.saturating_mul(below.saturating_add(1));
        let known = notes.iter().any(|note| note.minor == above);
        if !known && notes.len() < 3 {
            notes.push(Amount::new(above, total.currency));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Keypad {
        let mut pad = Keypad::default();
        for key in keys.chars() {
            pad.press(match key {
                'z' => Key::DoubleZero,
                '<' => Key::Erase,
                'C' => Key::Clear,
                '+' => Key::Plus,
                digit => Key::Digit(u8::try_from(digit.to_digit(10).unwrap()).unwrap()),
            });
        }
        pad
    }

    #[test]
    fn digits_fill_from_the_right_and_plus_keeps_a_sum() {
        let euro = Currency::from_code("EUR").unwrap();
        for (keys, total, shown) in [
            ("", 0, 0),
            ("1", 1, 1),
            ("350", 350, 350),
            ("3z", 300, 300),
            ("350+120", 470, 120),
            ("350+", 350, 0),
            ("+", 0, 0),
            ("350+120<", 362, 12),
            ("350+<", 350, 350),
            ("350+1C", 0, 0),
            ("999999999", 99_999_999, 99_999_999),
            ("99999999z", 99_999_999, 99_999_999),
        ] {
            let pad = typed(keys);
            assert_eq!(pad.total(euro).minor, total, "{keys}");
            assert_eq!(pad.typed(euro).minor, shown, "{keys}");
        }
    }

    #[test]
    fn notes_lie_above_the_total() {
        for (code, minor, expected) in [
            ("EUR", 700, vec![1_000, 2_000, 5_000]),
            ("EUR", 350, vec![500, 1_000, 2_000]),
            ("EUR", 1_000, vec![1_500, 2_000, 5_000]),
            ("JPY", 480, vec![500, 1_000, 2_000]),
            ("KWD", 4_250, vec![5_000, 10_000, 20_000]),
        ] {
            let total = Amount::new(minor, Currency::from_code(code).unwrap());
            let notes: Vec<i64> = likely_notes(total).iter().map(|note| note.minor).collect();
            assert_eq!(notes, expected, "{code} {minor}");
        }
    }
}
