//! Taxes that prices include, as a receipt says them.
//!
//! One rounding for each rate on a receipt: of the sum of all its lines, half a minor unit goes up.

use super::money::Amount;

/// Taxes of a shop.
pub const TAXES_MAX: usize = 10;
/// The longest name of a tax, in characters.
pub const NAME_CHARS_MAX: usize = 30;

/// One rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRule {
    /// What the law calls it: `VAT`.
    pub name: String,
    /// Of the price without tax, in hundredths of a percent: 2000 for 20 %.
    pub basis_points: u32,
    /// The categories of the catalog that it is for; none for all that no other rule names.
    pub categories: Vec<String>,
}

impl TaxRule {
    /// The rate as people write it: `20`, `5.5`.
    pub fn percent(&self) -> String {
        let (whole, part) = (self.basis_points / 100, self.basis_points % 100);
        let text = format!("{whole}.{part:02}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// Reads a rate in percent with at most two digits after the point, above 0 and at most 100.
    pub fn basis_points_of(percent: &str) -> Option<u32> {
        let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || part.len() > 2 {
            return None;
        }
        if !is_digits(whole) || !is_digits(part) {
            return None;
        }
        let points: u32 = format!("{whole}{part:0<2}").parse().ok()?;
        (1..=10_000).contains(&points).then_some(points)
    }
}

/// What of a receipt's total is one tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxSum {
    /// The tax's name.
    pub name: String,
    /// Its rate in percent.
    pub percent: String,
    /// How much.
    pub amount: Amount,
}

/// The taxes in these lines, each a category, empty for none, and what was asked for it. A line whose
/// sum cannot be counted on makes no receipt wrong: it is left out, as its total was refused before.
pub fn included(rules: &[TaxRule], lines: &[(&str, Amount)]) -> Vec<TaxSum> {
    let mut sums: Vec<Option<Amount>> = vec![None; rules.len()];
    for &(category, amount) in lines {
        let Some(sum) = place(rules, category).and_then(|place| sums.get_mut(place)) else {
            continue;
        };
        *sum = match *sum {
            None => Some(amount),
            Some(so_far) => so_far.plus(amount).ok().or(Some(so_far)),
        };
    }
    let taxed = rules.iter().zip(sums);
    taxed
        .filter_map(|(rule, sum)| {
            let sum = sum?;
            Some(TaxSum {
                name: rule.name.clone(),
                percent: rule.percent(),
                amount: Amount::new(part_of(sum.minor, rule.basis_points), sum.currency),
            })
        })
        .collect()
}

/// The rule that names the category, else the one for all others.
fn place(rules: &[TaxRule], category: &str) -> Option<usize> {
    let names = |rule: &TaxRule| rule.categories.iter().any(|name| name == category);
    let is_for_all = |rule: &TaxRule| rule.categories.is_empty();
    let own = rules.iter().position(names);
    own.or_else(|| rules.iter().position(is_for_all))
}

/// The tax in a sum that includes it: sum × rate ÷ (1 + rate).
fn part_of(minor: i64, basis_points: u32) -> i64 {
    let (sum, rate) = (i128::from(minor), i128::from(basis_points));
    let whole = rate.saturating_add(10_000);
    let doubled = sum
        .saturating_mul(rate)
        .saturating_mul(2)
        .saturating_add(whole);
    let part = doubled.div_euclid(whole.saturating_mul(2));
    i64::try_from(part).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::money::Currency;

    fn eur(minor: i64) -> Amount {
        Amount::new(minor, Currency::from_code("EUR").unwrap())
    }

    fn rule(name: &str, basis_points: u32, categories: &[&str]) -> TaxRule {
        TaxRule {
            name: name.to_owned(),
            basis_points,
            categories: categories.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn each_rate_is_rounded_once_over_all_its_lines() {
        let rules = [
            rule("VAT", 2_000, &[]),
            rule("VAT", 550, &["Food", "Bread"]),
        ];
        let lines = [
            ("Food", eur(211)),
            ("", eur(1_200)),
            ("Bread", eur(105)),
            ("Toys", eur(6)),
        ];
        let found = included(&rules, &lines);
        let short: Vec<_> = found
            .iter()
            .map(|sum| (sum.percent.as_str(), sum.amount.minor))
            .collect();
        // 12.06 × 20 ÷ 120 = 2.01; 3.16 × 5.5 ÷ 105.5 = 0.1647.
        assert_eq!(short, [("20", 201), ("5.5", 16)]);
        assert_eq!(included(&rules[1..], &[("Toys", eur(100))]), []);
        assert_eq!(included(&[], &lines), []);
    }

    #[test]
    fn a_rate_is_read_as_it_is_written() {
        for (text, points) in [
            ("20", 2_000),
            ("5.5", 550),
            ("8.10", 810),
            ("0.25", 25),
            ("100", 10_000),
        ] {
            assert_eq!(TaxRule::basis_points_of(text), Some(points), "{text}");
        }
        for text in ["", "0", "-1", "5,5", "100.01", "1e1", "5.555", ".5", "١"] {
            assert_eq!(TaxRule::basis_points_of(text), None, "{text}");
        }
        assert_eq!(rule("VAT", 810, &[]).percent(), "8.1");
        assert_eq!(rule("VAT", 10_000, &[]).percent(), "100");
        assert_eq!(rule("VAT", 5, &[]).percent(), "0.05");
    }

    proptest! {
        #[test]
        fn price_without_tax_and_tax_are_the_price(minor in 0_i64..1_000_000_000_000, points in 1_u32..=10_000) {
            let tax = part_of(minor, points);
            let net = minor - tax;
            prop_assert!((0..=minor).contains(&tax));
            // The tax of the price without it is this tax, to half a minor unit on either side.
            let again = i128::from(net) * i128::from(points);
            let off = (again - i128::from(tax) * 10_000).abs();
            prop_assert!(off <= 10_000 + i128::from(points), "{}", off);
        }
    }
}
