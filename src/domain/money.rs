//! Money: integer minor units with a currency. No float comes near it.
//!
//! Decimals are written by placing the point in the digits and read by digits too.

use serde::{Deserialize, Serialize};

use super::locale::Locale;

mod currencies;

#[derive(Debug, PartialEq, Eq)]
struct Row {
    code: &'static str,
    exponent: u32,
    symbol: &'static str,
}

/// A currency of ISO 4217, or a token of a backend (USDC, EURC).
#[derive(Clone, Copy)]
pub struct Currency(&'static Row);

impl Currency {
    /// The currency of a code, in any case; `None` for an unknown one: its exponent is not guessed.
    pub fn from_code(code: &str) -> Option<Self> {
        let upper = code.bytes().map(|byte| byte.to_ascii_uppercase());
        let index = currencies::ROWS
            .binary_search_by(|row| row.code.bytes().cmp(upper.clone()))
            .ok()?;
        currencies::ROWS.get(index).map(Self)
    }

    /// All that are known, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        currencies::ROWS.iter().map(Self)
    }

    /// The upper-case code, for instance `EUR`.
    pub const fn code(self) -> &'static str {
        self.0.code
    }

    /// Digits after the point: JPY 0, EUR 2, KWD 3, USDC 6.
    pub const fn exponent(self) -> u32 {
        self.0.exponent
    }

    /// What people write: `€`, `$`, or the code itself.
    pub const fn symbol(self) -> &'static str {
        self.0.symbol
    }
}

impl PartialEq for Currency {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}
impl Eq for Currency {}
impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.code.cmp(other.0.code)
    }
}
impl std::hash::Hash for Currency {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.code.hash(state);
    }
}
impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code)
    }
}
impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.code)
    }
}
impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.code)
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::from_code(&code)
            .ok_or_else(|| serde::de::Error::custom(format!("{code:?} is not a known currency")))
    }
}

/// Why an amount could not be read or calculated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// No digits at all.
    #[error("there is no number")]
    Empty,
    /// Something that is neither a digit nor a separator of the locale.
    #[error("{0:?} does not belong in a price")]
    Character(char),
    /// A separator where the locale has none, so that the price could be read in two ways.
    #[error("the separators do not fit the locale, which writes {0}")]
    Separators(String),
    /// More digits after the point than the currency has.
    #[error("{currency} has {exponent} digits after the point, not {found}")]
    TooPrecise {
        /// The currency's code.
        currency: &'static str,
        /// What the currency allows.
        exponent: u32,
        /// What was written.
        found: usize,
    },
    /// Beyond the largest number that can be held.
    #[error("the number is too large")]
    TooLarge,
    /// Two currencies in one sum.
    #[error("{0} and {1} cannot be added")]
    Mixed(&'static str, &'static str),
}

/// Integer minor units of a currency. May be negative (a refund).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Amount {
    /// Cents, pence, yen: the smallest unit.
    pub minor: i64,
    /// Which currency it is an amount of.
    pub currency: Currency,
}

impl Amount {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// The sum; refused for two currencies and beyond the range.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// The difference; refused for two currencies and beyond the range.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self
            .minor
            .checked_sub(other.minor)
            .ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// The price of `quantity` pieces.
    pub fn times(self, quantity: u32) -> Result<Self, MoneyError> {
        let minor = self
            .minor
            .checked_mul(i64::from(quantity))
            .ok_or(MoneyError::TooLarge)?;
        Ok(Self { minor, ..self })
    }

    /// The decimal with a point and all the currency's digits: `12.50`, `-0.05`, `1200`.
    pub fn to_decimal(self) -> String {
        decimal(self.minor, self.currency.exponent(), '.', None)
    }

    /// For people: `1,299.50 €` in English, `1.299,50 €` in German.
    pub fn format(self, locale: Locale) -> String {
        let digits = self.format_plain(locale);
        format!("{digits}\u{a0}{}", self.currency.symbol())
    }

    /// For people, without the currency.
    pub fn format_plain(self, locale: Locale) -> String {
        decimal(
            self.minor,
            self.currency.exponent(),
            locale.decimal(),
            Some(locale.group()),
        )
    }

    /// Reads a price as `locale` writes it, by digits.
    ///
    /// Grouping may be left out; where it stands it must stand in threes. A currency symbol or code
    /// around the number is passed over. `12,5` in a locale with a decimal comma is 12.50.
    pub fn parse(text: &str, locale: Locale, currency: Currency) -> Result<Self, MoneyError> {
        let bare = strip_currency(text, currency);
        let (negative, bare) = match bare.strip_prefix('-') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, bare),
        };
        let (whole, fraction) = match bare.split_once(locale.decimal()) {
            Some((whole, fraction)) => (whole, fraction),
            None => (bare, ""),
        };
        let whole = ungroup(whole, locale)?;
        check_digits(fraction, locale)?;
        if whole.is_empty() && fraction.is_empty() {
            return Err(MoneyError::Empty);
        }
        Self::from_digits(negative, &whole, fraction, currency)
    }

    /// Reads a decimal with a point and no grouping, as machines write it: `12.50`.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, bare) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
        for character in whole.chars().chain(fraction.chars()) {
            if !character.is_ascii_digit() {
                return Err(MoneyError::Character(character));
            }
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(MoneyError::Empty);
        }
        Self::from_digits(negative, whole, fraction, currency)
    }

    fn from_digits(
        negative: bool,
        whole: &str,
        fraction: &str,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        // Zeros that a spreadsheet adds say nothing: 12.5000 is 12.50.
        let fraction = fraction.trim_end_matches('0');
        let exponent = usize::try_from(currency.exponent()).unwrap_or(usize::MAX);
        if fraction.len() > exponent {
            return Err(MoneyError::TooPrecise {
                currency: currency.code(),
                exponent: currency.exponent(),
                found: fraction.len(),
            });
        }
        let mut digits = format!("{whole}{fraction}");
        digits.extend(std::iter::repeat_n(
            '0',
            exponent.saturating_sub(fraction.len()),
        ));
        let minor: i64 = match digits.as_str() {
            "" => 0,
            digits => digits
                .parse()
                .map_err(|_too_long: std::num::ParseIntError| MoneyError::TooLarge)?,
        };
        let minor = if negative {
            minor.checked_neg().ok_or(MoneyError::TooLarge)?
        } else {
            minor
        };
        Ok(Self { minor, currency })
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed(
                self.currency.code(),
                other.currency.code(),
            ))
        }
    }
}

/// The sum of many, `None` where there are none.
pub fn sum(amounts: impl IntoIterator<Item = Amount>) -> Result<Option<Amount>, MoneyError> {
    amounts
        .into_iter()
        .try_fold(None, |total: Option<Amount>, amount| match total {
            None => Ok(Some(amount)),
            Some(total) => total.plus(amount).map(Some),
        })
}

fn decimal(minor: i64, exponent: u32, point: char, group: Option<char>) -> String {
    let exponent = usize::try_from(exponent).unwrap_or(0);
    let digits = format!(
        "{:0>width$}",
        minor.unsigned_abs(),
        width = exponent.saturating_add(1)
    );
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(exponent));
    let mut out = String::with_capacity(digits.len().saturating_add(4));
    if minor < 0 {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(index);
        if let Some(group) = group
            && index > 0
            && left.is_multiple_of(3)
        {
            out.push(group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

fn strip_currency(text: &str, currency: Currency) -> &str {
    let mut bare = text.trim();
    for mark in [currency.code(), currency.symbol()] {
        bare = bare.strip_prefix(mark).unwrap_or(bare);
        bare = bare.strip_suffix(mark).unwrap_or(bare);
        bare = bare.trim();
    }
    bare
}

/// Spaces of any width group digits in files of every country.
fn is_space_group(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '\u{2019}')
}

fn ungroup(whole: &str, locale: Locale) -> Result<String, MoneyError> {
    let wrong = || MoneyError::Separators(locale.example());
    let is_group = |c: char| c == locale.group() || is_space_group(c);
    for character in whole.chars() {
        if !character.is_ascii_digit() && !is_group(character) {
            return Err(if matches!(character, '.' | ',') {
                wrong()
            } else {
                MoneyError::Character(character)
            });
        }
    }
    let mut groups = whole.split(is_group);
    let first = groups.next().unwrap_or("");
    let mut out = first.to_owned();
    let mut grouped = false;
    for group in groups {
        grouped = true;
        if group.len() != 3 {
            return Err(wrong());
        }
        out.push_str(group);
    }
    if grouped && !(1..=3).contains(&first.len()) {
        return Err(wrong());
    }
    Ok(out)
}

fn check_digits(fraction: &str, locale: Locale) -> Result<(), MoneyError> {
    match fraction.chars().find(|c| !c.is_ascii_digit()) {
        None => Ok(()),
        Some('.' | ',') => Err(MoneyError::Separators(locale.example())),
        Some(other) => Err(MoneyError::Character(other)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    #[test]
    fn the_table_is_sorted_so_that_every_code_is_found() {
        for row in currencies::ROWS {
            assert_eq!(
                Currency::from_code(&row.code.to_lowercase())
                    .unwrap()
                    .code(),
                row.code
            );
        }
        assert!(Currency::from_code("XXX").is_none());
    }

    #[test]
    fn prices_are_read_as_the_locale_writes_them() {
        let rows: &[(&str, &str, &str, Result<i64, &str>)] = &[
            ("1,299.50", "en", "EUR", Ok(129_950)),
            ("1.299,50", "de", "EUR", Ok(129_950)),
            ("12", "en", "EUR", Ok(1_200)),
            ("12,5", "de", "EUR", Ok(1_250)),
            ("12.5", "en", "USD", Ok(1_250)),
            ("$ 3.50", "en", "USD", Ok(350)),
            ("3,50 €", "de", "EUR", Ok(350)),
            ("EUR 3,50", "de", "EUR", Ok(350)),
            ("1 299,50", "fr", "EUR", Ok(129_950)),
            ("1'299.50", "de-CH", "CHF", Ok(129_950)),
            ("1200", "en", "JPY", Ok(1_200)),
            ("0.125", "en", "KWD", Ok(125)),
            (".5", "en", "EUR", Ok(50)),
            ("12.5000", "en", "EUR", Ok(1_250)),
            ("-2.00", "en", "EUR", Ok(-200)),
            ("12,5", "en", "EUR", Err("separators")),
            ("1.299.50", "en", "EUR", Err("separators")),
            ("12.34,5", "de", "EUR", Err("separators")),
            ("1.5", "en", "JPY", Err("digits after the point")),
            ("0.001", "en", "EUR", Err("digits after the point")),
            ("", "en", "EUR", Err("no number")),
            ("free", "en", "EUR", Err("does not belong")),
            ("99999999999999999999", "en", "EUR", Err("too large")),
        ];
        for (text, locale, code, expected) in rows {
            let locale = Locale::from_tag(locale).unwrap();
            let found = Amount::parse(text, locale, currency(code));
            match (found, expected) {
                (Ok(found), Ok(minor)) => assert_eq!(found.minor, *minor, "{text}"),
                (Err(found), Err(reason)) => {
                    assert!(found.to_string().contains(reason), "{text}: {found}");
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    proptest! {
        #[test]
        fn a_written_amount_reads_back(minor in any::<i64>(), index in 0..currencies::ROWS.len()) {
            prop_assume!(minor != i64::MIN);
            let amount = Amount::new(minor, Currency(&currencies::ROWS[index]));
            prop_assert_eq!(Amount::parse_decimal(&amount.to_decimal(), amount.currency), Ok(amount));
            for tag in ["en", "de", "fr", "de-CH"] {
                let locale = Locale::from_tag(tag).unwrap();
                prop_assert_eq!(Amount::parse(&amount.format(locale), locale, amount.currency), Ok(amount));
            }
        }

        #[test]
        fn no_text_makes_the_reader_fall(text in ".{0,40}") {
            let locale = Locale::from_tag("en").unwrap();
            drop(Amount::parse(&text, locale, currency("EUR")));
            drop(Amount::parse_decimal(&text, currency("KWD")));
        }
    }
}
