//! Catalog files: a number for how the name ends, then the file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tillcode::domain::locale::Locale;
use tillcode::domain::money::Currency;
use tillcode::proto::catalog::{Mapping, ReadOptions, read};

const NAMES: [&str; 4] = ["list.csv", "list.json", "list.xlsx", "list.ods"];

fuzz_target!(|data: &[u8]| {
    let [name, file @ ..] = data else { return };
    let mapping = Mapping::default();
    let options = ReadOptions {
        format: None,
        stated_locale: None,
        shop_locale: Locale::english(),
        currency: Currency::from_code("EUR").expect("a currency"),
        today: "2026-11-21".parse().expect("a day"),
        shop_key: "Corner",
        mapping: &mapping,
    };
    if let Ok(file) = read(file, NAMES[usize::from(*name) % NAMES.len()], &options) {
        for product in &file.products {
            assert!(product.price.minor >= 0, "{product:?}");
        }
    }
});
