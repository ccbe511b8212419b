//! The known word that a mistyped one is nearest to.

/// The nearest of `known`, if it is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let (best, distance) = known
        .into_iter()
        .map(|candidate| (candidate, distance(word, candidate)))
        .min_by_key(|(_, distance)| *distance)?;
    let longer = word.chars().count().max(best.chars().count());
    (distance <= longer.div_ceil(2)).then_some(best)
}

/// How many characters must be added, taken away or replaced to make `b` of `a`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (taken, from) in a.chars().enumerate() {
        let mut diagonal = taken;
        let mut left = taken.saturating_add(1);
        for (above, to) in row.iter_mut().skip(1).zip(&b) {
            let replaced = diagonal.saturating_add(usize::from(from != *to));
            diagonal = *above;
            left = replaced
                .min(left.saturating_add(1))
                .min(above.saturating_add(1));
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = taken.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("base_ulr", "base_url", 2),
            ("währung", "wahrung", 1),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
        assert_eq!(nearest("curency", ["name", "currency"]), Some("currency"));
        assert_eq!(
            nearest("per_product", ["per_amount", "in_flight"]),
            Some("per_amount")
        );
        assert_eq!(nearest("zzzz", ["name", "currency"]), None);
    }
}
