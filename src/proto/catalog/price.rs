//! Prices as files write them, read by digits.
//!
//! How a number is written follows from the file, not from the single cell: an export writes decimal
//! points, a list writes as its country does. A cell that does not fit is refused, because `1.299`
//! read the wrong way is a thousand times off.

use super::table::Row;
use crate::domain::locale::Locale;
use crate::domain::money::{Amount, Currency, MoneyError};

/// How a file writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A decimal point, as the exports of Shopify, Square and Loyverse do.
    Point,
    /// Point or comma, never grouped: WooCommerce writes the shop's own decimal sign.
    EitherMark,
    /// As a country does, with grouping.
    Local(Locale),
}

/// Reads the cells of one price column.
#[derive(Clone, Copy, Debug)]
pub(super) struct PriceReader {
    style: Style,
    shop: Currency,
    column: Option<Currency>,
}

/// Why a price cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PriceFault {
    /// Nothing there.
    #[error("there is no price")]
    Missing,
    /// A price of nothing.
    #[error("the price is zero: there is nothing to pay")]
    Zero,
    /// Below nothing.
    #[error("the price must be above zero")]
    Negative,
    /// No digits.
    #[error("this is not a number")]
    NotANumber,
    /// A word around the number that is no currency.
    #[error("{0:?} is neither part of a number nor a known currency, such as EUR")]
    Currency(String),
    /// A comma that could be a decimal sign or grouping.
    #[error(
        "a comma where decimal points are expected: say how the file writes numbers with --locale"
    )]
    Comma,
    /// Digits that do not fit.
    #[error("{0}{hint}", hint = hint(.0))]
    Money(#[from] MoneyError),
}

impl PriceReader {
    /// For a column under `heading`, in a file that writes numbers in this style.
    pub(super) fn new(style: Style, heading: &str, shop: Currency) -> Self {
        Self {
            style,
            shop,
            column: currency_of_heading(heading, shop),
        }
    }

    /// The price in a row. `named` is what the row's currency column says, if there is one.
    pub(super) fn read(
        self,
        row: &Row,
        column: Option<usize>,
        named: &str,
    ) -> Result<Amount, PriceFault> {
        let row_currency = match named {
            "" => None,
            named => Some(currency_of_mark(named, self.shop)?),
        };
        let expected = row_currency.or(self.column).unwrap_or(self.shop);
        let amount = match row.number(column) {
            Some(number) => Amount::parse_decimal(number, expected)?,
            None => self.parse(row.cell(column), expected)?,
        };
        match amount.minor {
            ..0 => Err(PriceFault::Negative),
            0 => Err(PriceFault::Zero),
            1.. => Ok(amount),
        }
    }

    fn parse(self, text: &str, expected: Currency) -> Result<Amount, PriceFault> {
        if text.is_empty() {
            return Err(PriceFault::Missing);
        }
        let is_mark = |c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '\'');
        let digits = text.trim_matches(is_mark);
        // The point of `Fr. 3.50` belongs to the franc.
        let digits = digits.strip_prefix(". ").unwrap_or(digits).trim();
        if digits.is_empty() {
            return Err(PriceFault::NotANumber);
        }
        let mark = text.replacen(digits, "", 1);
        let currency = match mark.trim() {
            "" => expected,
            // A mark that fits what the column says is no news: `$` is the dollar of the shop.
            mark if [expected.symbol(), expected.code()].contains(&mark) => expected,
            mark => currency_of_mark(mark, self.shop)?,
        };
        Ok(match self.style {
            Style::Local(locale) => Amount::parse(digits, locale, currency)?,
            Style::Point => {
                if digits.contains(',') && !digits.contains('.') {
                    return Err(PriceFault::Comma);
                }
                Amount::parse(digits, Locale::english(), currency)?
            }
            Style::EitherMark => Amount::parse_decimal(&digits.replacen(',', ".", 1), currency)?,
        })
    }
}

/// The currency that a word or sign stands for; the shop's own goes first.
fn currency_of_mark(mark: &str, shop: Currency) -> Result<Currency, PriceFault> {
    let mark = mark.trim();
    if mark == shop.symbol() || mark.eq_ignore_ascii_case(shop.code()) {
        return Ok(shop);
    }
    let code = match mark {
        "€" | "Euro" | "euro" => "EUR",
        "£" => "GBP",
        "$" | "US$" => "USD",
        "¥" => "JPY",
        "zł" | "zl" => "PLN",
        "Fr." | "SFr." | "fr." => "CHF",
        "Kč" => "CZK",
        "₴" | "грн" => "UAH",
        "₹" => "INR",
        "R$" => "BRL",
        code => code,
    };
    Currency::from_code(code).ok_or_else(|| PriceFault::Currency(mark.to_owned()))
}

/// `Price (EUR)`, `Preis in €`, `Cena PLN`. Letters must be upper case: `per cup` is no Cuban peso.
fn currency_of_heading(heading: &str, shop: Currency) -> Option<Currency> {
    let is_mark = |word: &&str| {
        let code = word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        code || !word.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    let shouted = !heading.chars().any(char::is_lowercase);
    let bracketed = heading
        .split(['(', '['])
        .nth(1)
        .and_then(|rest| rest.split([')', ']']).next());
    let last = heading.split_whitespace().next_back().filter(|_| !shouted);
    bracketed
        .into_iter()
        .chain(last)
        .filter(is_mark)
        .find_map(|word| currency_of_mark(word, shop).ok())
}

const fn hint(error: &MoneyError) -> &'static str {
    match error {
        MoneyError::Separators(_) => ": say how the file writes numbers with --locale",
        MoneyError::Empty
        | MoneyError::Character(_)
        | MoneyError::TooPrecise { .. }
        | MoneyError::TooLarge
        | MoneyError::Mixed(..) => "",
    }
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;

    use super::*;

    fn read(style: Style, heading: &str, cell: &str, named: &str) -> Result<String, String> {
        let shop = Currency::from_code("EUR").unwrap();
        let row = Row {
            line: 1,
            cells: StringRecord::from(vec![cell]),
            numbers: Vec::new(),
        };
        PriceReader::new(style, heading, shop)
            .read(&row, Some(0), named)
            .map(|amount| format!("{} {}", amount.to_decimal(), amount.currency))
            .map_err(|fault| fault.to_string())
    }

    #[test]
    fn prices_are_read_in_the_style_and_the_currency_of_the_file() {
        let german = Style::Local(Locale::from_tag("de").unwrap());
        let english = Style::Local(Locale::english());
        for (style, heading, cell, named, expected) in [
            (english, "Price", "1,299.50", "", Ok("1299.50 EUR")),
            (german, "Preis", "1.299,50", "", Ok("1299.50 EUR")),
            (german, "Preis", "12", "", Ok("12.00 EUR")),
            (german, "Preis", "12,5", "", Ok("12.50 EUR")),
            (german, "Preis", "3,50 €", "", Ok("3.50 EUR")),
            (german, "Preis (CHF)", "3,50", "", Ok("3.50 CHF")),
            (german, "Preis in £", "3,50", "", Ok("3.50 GBP")),
            (german, "Preis CHF", "3,50", "", Ok("3.50 CHF")),
            (english, "PRICE PER CUP", "3.50", "", Ok("3.50 EUR")),
            (english, "Price per cup", "3.50", "", Ok("3.50 EUR")),
            (english, "Price (USD)", "$3.50", "", Ok("3.50 USD")),
            (english, "Price", "$3.50", "", Ok("3.50 USD")),
            (english, "Price", "3.50 USD", "", Ok("3.50 USD")),
            (english, "Price", "Fr. 3.50", "", Ok("3.50 CHF")),
            (english, "Price", "350", "JPY", Ok("350 JPY")),
            (english, "Price", "0.125", "kwd", Ok("0.125 KWD")),
            (
                english,
                "Price",
                "3.50",
                "money",
                Err("\"money\" is neither part of a number"),
            ),
            (
                english,
                "Price",
                "3.50 per kg",
                "",
                Err("\"per kg\" is neither part of a number"),
            ),
            (german, "Preis", "12.5", "", Err("with --locale")),
            (english, "Price", "0", "", Err("the price is zero")),
            (english, "Price", "-1", "", Err("above zero")),
            (english, "Price", "", "", Err("there is no price")),
            (Style::Point, "Price", "12.50", "", Ok("12.50 EUR")),
            (Style::Point, "Price", "4,250.00", "", Ok("4250.00 EUR")),
            (Style::Point, "Price", "12,500", "", Err("a comma where")),
            (Style::EitherMark, "Price", "12,50", "", Ok("12.50 EUR")),
            (Style::EitherMark, "Price", "12.50", "", Ok("12.50 EUR")),
            (
                Style::EitherMark,
                "Price",
                "1.250,00",
                "",
                Err("does not belong"),
            ),
        ] {
            let found = read(style, heading, cell, named);
            match (&found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{heading} {cell}"),
                (Err(found), Err(part)) => assert!(found.contains(part), "{cell}: {found}"),
                _ => panic!("{heading} {cell}: {found:?}"),
            }
        }
    }
}
