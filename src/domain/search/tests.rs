use proptest::prelude::*;

use super::*;
use crate::domain::catalog::Visibility;
use crate::domain::id::ProductId;
use crate::domain::money::{Amount, Currency};

fn product(sku: &str, name: &str, barcodes: &[&str]) -> Product {
    Product {
        id: ProductId::of_sku("shop", sku),
        sku: sku.to_owned(),
        name: name.to_owned(),
        group: None,
        category: None,
        description: String::new(),
        price: Amount::new(100, Currency::from_code("EUR").unwrap()),
        asking: crate::domain::link::Asking::default(),
        options: crate::domain::options::Options::default(),
        barcodes: barcodes.iter().map(|code| (*code).to_owned()).collect(),
        picture: None,
        visibility: Visibility::Shown,
    }
}

fn index(products: &[Product]) -> SearchIndex {
    SearchIndex::build(products.iter().enumerate())
}

#[test]
fn every_word_of_the_query_begins_a_word_and_early_words_come_first() {
    let products = [
        product("T-100/A", "Iced green tea", &["4006381333931"]),
        product("T-200", "Tea, green", &[]),
        product("C-1", "Crème de thé", &[]),
        product("TEA9", "Steaming kettle", &[]),
        product("T-300", "Green apples", &[]),
    ];
    let index = index(&products);
    for (query, expected) in [
        ("tea", vec![1, 0, 3]),
        ("GREEN", vec![4, 0, 1]),
        ("green te", vec![0, 1]),
        ("te gr", vec![1, 0]),
        ("creme THE", vec![2]),
        ("t100a", vec![0]),
        ("t-100", vec![0]),
        ("400638", vec![0]),
        ("eaming", vec![]),
        ("", vec![]),
        (" - ", vec![]),
    ] {
        assert_eq!(index.find(query, 10), expected, "{query:?}");
    }
    assert_eq!(index.find("t", 2), [1, 0], "the best two, not any two");
    assert!(index.find("t", 0).is_empty());
}

#[test]
fn positions_are_those_that_were_given() {
    let tea = product("A", "Tea", &[]);
    let index = SearchIndex::build([(7, &tea), (40, &tea)].into_iter());
    assert_eq!(index.find("tea", 9), [7, 40]);
}

/// The same rules, without an index.
fn naive(products: &[Product], query: &str, limit: usize) -> Vec<usize> {
    let query = fold(query);
    let prefixes: Vec<&str> = words(&query).collect();
    let mut found = Vec::new();
    for (position, product) in products.iter().enumerate() {
        let folded = fold(&product.name);
        let mut all: Vec<(usize, String)> = words(&folded)
            .enumerate()
            .map(|(place, word)| (place, word.to_owned()))
            .collect();
        for code in std::iter::once(&product.sku).chain(&product.barcodes) {
            let folded = fold(code);
            all.extend(words(&folded).map(|word| (usize::MAX, word.to_owned())));
            all.push((usize::MAX, words(&folded).collect()));
        }
        let place = |prefix: &&str| {
            all.iter()
                .filter(|(_, word)| word.starts_with(*prefix))
                .map(|(place, _)| *place)
                .min()
        };
        if let Some(first) = prefixes.first().and_then(place)
            && prefixes.iter().all(|prefix| place(prefix).is_some())
        {
            found.push((first, position));
        }
    }
    found.sort_unstable();
    found.truncate(limit);
    found.into_iter().map(|(_, position)| position).collect()
}

proptest! {
    #[test]
    fn the_index_finds_what_a_walk_over_all_products_finds(
        rows in prop::collection::vec(("[abÄé]{1,3}([ ,-][abß1]{1,9}){0,3}", "[ab1]{1,3}(-[ab1]{1,2})?", "[12]{0,3}"), 0..40),
        query in "[abAÉ12 -]{0,6}",
        limit in 0_usize..12,
    ) {
        let products: Vec<Product> = rows
            .iter()
            .map(|(name, sku, barcode)| product(sku, name, &[barcode.as_str()]))
            .collect();
        prop_assert_eq!(index(&products).find(&query, limit), naive(&products, &query, limit));
    }
}
