//! The way out and back, and bytes that are no catalog at all.

use proptest::prelude::*;

use super::*;
use crate::domain::link::Asking;
use crate::domain::options::{OptionValue, Options};

fn product() -> impl Strategy<Value = Product> {
    let line = |max: usize| ".{0,30}".prop_map(move |text| one_line(&text, max).unwrap());
    let named = ".{0,30}".prop_map(|text| one_line(&format!("n{text}"), NAME).unwrap());
    let optional = move || line(LABEL).prop_map(|text| Some(text).filter(|text| !text.is_empty()));
    (
        "[ -~é]{1,12}".prop_map(|sku| one_line(&format!("s{sku}"), CODE).unwrap()),
        named,
        (optional(), optional(), optional()),
        "(.|\n|\"|<b>){0,40}".prop_map(|text| plain_text(&text, DESCRIPTION)),
        (
            1..i64::MAX,
            prop::sample::select(vec!["EUR", "JPY", "KWD", "USDC"]),
        ),
        prop::collection::btree_set("[0-9A-Z ,;|\"-]{0,9}[0-9]", 0..4),
        (
            prop::sample::select(vec![
                Visibility::Shown,
                Visibility::Hidden,
                Visibility::Archived,
            ]),
            terms(),
        ),
    )
        .prop_map(
            |(
                sku,
                name,
                (group, category, picture),
                description,
                price,
                barcodes,
                (visibility, (asking, options)),
            )| {
                let barcodes: std::collections::BTreeSet<String> = barcodes
                    .iter()
                    .map(|code| one_line(code, CODE).unwrap())
                    .collect();
                Product {
                    id: ProductId::of_sku("shop", &sku),
                    sku,
                    name,
                    group,
                    category,
                    description,
                    price: Amount::new(
                        match asking {
                            Asking::Fixed => price.0,
                            Asking::Open => price.0 - 1,
                        },
                        Currency::from_code(price.1).unwrap(),
                    ),
                    asking,
                    options,
                    barcodes: barcodes.into_iter().collect(),
                    picture,
                    visibility,
                }
            },
        )
}

fn terms() -> impl Strategy<Value = (Asking, Options)> {
    let value = prop_oneof![
        any::<bool>().prop_map(OptionValue::Switch),
        any::<i64>().prop_map(OptionValue::Whole),
        ".{0,20}".prop_map(OptionValue::Text),
        prop::collection::btree_map(".{1,5}", "(.|\n|\"){0,5}", 0..3).prop_map(OptionValue::Table),
    ];
    let options = prop::collection::btree_map("[a-z_]{1,9}", value, 0..3);
    let asking = prop::sample::select(vec![Asking::Fixed, Asking::Fixed, Asking::Open]);
    (
        asking,
        options.prop_map(|options| options.into_iter().collect()),
    )
}

fn catalog() -> impl Strategy<Value = Vec<Product>> {
    prop::collection::vec(product(), 0..8).prop_map(|mut products| {
        products.sort_by(|a, b| a.sku.cmp(&b.sku));
        products.dedup_by(|a, b| a.sku == b.sku);
        products
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(products in catalog()) {
        let json = write_json(&products);
        let file = GERMAN.read(json.as_bytes()).unwrap();
        prop_assert_eq!(lines(&file.problems), Vec::<String>::new());
        prop_assert_eq!(&file.products, &products);
        prop_assert_eq!(write_json(&file.products), json);
        let csv = write_csv(&products);
        let file = GERMAN.read(csv.as_bytes()).unwrap();
        prop_assert_eq!(file.format, Format::Tillcode);
        prop_assert_eq!(lines(&file.problems), Vec::<String>::new());
        prop_assert_eq!(&file.products, &products);
        prop_assert_eq!(write_csv(&file.products), csv);
    }

    #[test]
    fn a_catalog_without_options_is_written_as_it_always_was(products in catalog()) {
        let plain: Vec<Product> = products
            .into_iter()
            .map(|product| Product {
                price: Amount::new(product.price.minor.max(1), product.price.currency),
                asking: Asking::Fixed,
                options: Options::default(),
                ..product
            })
            .collect();
        let csv = write_csv(&plain);
        prop_assert!(csv.starts_with(
            "sku,name,group,category,description,price,currency,barcodes,picture,visibility\n"
        ));
        let file = GERMAN.read(csv.as_bytes()).unwrap();
        prop_assert!(!file.has(Field::Asking) && !file.has(Field::Options));
        let json = write_json(&plain);
        prop_assert!(!json.contains("\"asking\":") && !json.contains("\"options\":"));
    }

    #[test]
    fn no_bytes_make_the_reader_fall(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        drop(GERMAN.read(&bytes));
    }

    #[test]
    fn no_damage_to_a_real_file_makes_the_reader_fall(
        which in 0_usize..9,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let files = [SHOPIFY, SHOPIFY_2025, SQUARE, WOO, WOO_DE, LOYVERSE, LIST_DE, XLSX, ODS];
        let mut bytes = files[which].to_vec();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        drop(GERMAN.read(&bytes));
        bytes.truncate(cut.index(bytes.len()));
        drop(GERMAN.read(&bytes));
    }
}
