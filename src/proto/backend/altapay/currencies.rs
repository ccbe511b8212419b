//! Currencies by their numbers in ISO 4217, which the Merchant API and callbacks name.

use crate::domain::money::Currency;

/// Number and code of those that its customers trade in.
#[rustfmt::skip]
pub(crate) const ROWS: &[(&str, &str)] = &[
    ("036", "AUD"), ("048", "BHD"), ("124", "CAD"), ("156", "CNY"), ("203", "CZK"), ("208", "DKK"),
    ("344", "HKD"), ("348", "HUF"), ("352", "ISK"), ("356", "INR"), ("360", "IDR"), ("376", "ILS"),
    ("392", "JPY"), ("410", "KRW"), ("414", "KWD"), ("458", "MYR"), ("484", "MXN"), ("554", "NZD"),
    ("578", "NOK"), ("608", "PHP"), ("682", "SAR"), ("702", "SGD"), ("710", "ZAR"), ("752", "SEK"),
    ("756", "CHF"), ("764", "THB"), ("784", "AED"), ("826", "GBP"), ("840", "USD"), ("946", "RON"),
    ("949", "TRY"), ("978", "EUR"), ("980", "UAH"), ("985", "PLN"), ("986", "BRL"),
];

/// The currency of a number of three digits; `None` for one that is not in the table.
pub(super) fn of_number(number: &str) -> Option<Currency> {
    let (_, code) = ROWS.iter().find(|(known, _)| *known == number)?;
    Currency::from_code(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_a_currencys_and_only_one() {
        for (number, code) in ROWS {
            assert_eq!(of_number(number).unwrap().code(), *code);
            let same = ROWS.iter().filter(|row| row.0 == *number || row.1 == *code);
            assert_eq!(same.count(), 1, "{code}");
        }
        assert_eq!(of_number("000"), None);
        assert_eq!(of_number("EUR"), None);
    }
}
