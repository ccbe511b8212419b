//! Every format from its fixture to its products; files that are wrong; the way out and back.

use proptest::prelude::*;

use super::*;
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::ProductId;
use crate::domain::money::Amount;

const SHOPIFY: &[u8] = include_bytes!("../../../tests/data/catalogs/shopify.csv");
const SHOPIFY_2025: &[u8] = include_bytes!("../../../tests/data/catalogs/shopify-2025.csv");
const SQUARE: &[u8] = include_bytes!("../../../tests/data/catalogs/square.csv");
const WOO: &[u8] = include_bytes!("../../../tests/data/catalogs/woocommerce.csv");
const WOO_DE: &[u8] = include_bytes!("../../../tests/data/catalogs/woocommerce-de.csv");
const LOYVERSE: &[u8] = include_bytes!("../../../tests/data/catalogs/loyverse.csv");
const LIST_DE: &[u8] = include_bytes!("../../../tests/data/catalogs/price-list-de.csv");
const XLSX: &[u8] = include_bytes!("../../../tests/data/catalogs/price-list.xlsx");
const ODS: &[u8] = include_bytes!("../../../tests/data/catalogs/price-list.ods");

/// What a test states; the rest is a German or English shop on March 15.
struct Ask {
    locale: &'static str,
    stated: Option<&'static str>,
    format: Option<Format>,
    map: &'static str,
}

const ENGLISH: Ask = Ask {
    locale: "en",
    stated: None,
    format: None,
    map: "",
};
const GERMAN: Ask = Ask {
    locale: "de",
    ..ENGLISH
};

impl Ask {
    fn read(&self, bytes: &[u8]) -> Result<CatalogFile, CatalogFileError> {
        let mapping = Mapping::parse(self.map)?;
        let options = ReadOptions {
            format: self.format,
            stated_locale: self.stated.and_then(Locale::from_tag),
            shop_locale: Locale::from_tag(self.locale).unwrap(),
            currency: Currency::from_code("EUR").unwrap(),
            today: NaiveDate::from_ymd_opt(2026, 3, 15).unwrap(),
            shop_key: "shop",
            mapping: &mapping,
        };
        read(bytes, "list", &options)
    }

    fn rows(&self, bytes: &[u8]) -> Vec<String> {
        self.read(bytes).unwrap().products.iter().map(row).collect()
    }
}

/// A product in one line, what is empty left out.
fn row(product: &Product) -> String {
    assert_eq!(product.id, ProductId::of_sku("shop", &product.sku));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let parts = [
        product.sku.clone(),
        product.name.clone(),
        text(&product.group),
        text(&product.category),
        format!("{} {}", product.price.to_decimal(), product.price.currency),
        product.barcodes.join("+"),
        text(&product.picture),
        format!("{:?}", product.visibility),
    ];
    parts.join("|")
}

fn lines<T: ToString>(items: &[T]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

#[test]
fn a_shopify_export() {
    let file = ENGLISH.read(SHOPIFY).unwrap();
    assert_eq!(file.format, Format::Shopify);
    assert_eq!(
        file.products.iter().map(row).collect::<Vec<_>>(),
        [
            "ocean-blue-shirt|Ocean Blue Shirt|||50.00 EUR||https://cdn.example/ocean.jpg|Shown",
            "CVT-S|Classic Varsity Top, Small|Classic Varsity Top|Tops|60.00 EUR|4006381333931|https://cdn.example/varsity.jpg|Shown",
            "CVT-M|Classic Varsity Top, Medium|Classic Varsity Top|Tops|60.00 EUR||https://cdn.example/varsity.jpg|Shown",
            "classic-varsity-top-large|Classic Varsity Top, Large|Classic Varsity Top|Tops|62.50 EUR||https://cdn.example/varsity.jpg|Shown",
            "silk-scarf-red-90-cm|Silk Scarf, Red, 90 cm|Silk Scarf||1299.50 EUR||https://cdn.example/scarf-red.jpg|Hidden",
        ]
    );
    assert_eq!(
        file.products[0].description,
        "Ocean blue cotton shirt with a narrow collar.\n\n- Comfortable & light"
    );
    assert_eq!(
        file.products[3].description,
        "Womens casual varsity top, with an embroidered letter."
    );
    assert_eq!(
        lines(&file.skipped),
        ["line 9: \"Free Sample\": the price is zero: there is nothing to pay"]
    );
    assert_eq!(
        lines(&file.problems),
        [
            "line 10, Variant Price: \"12,x\": \"x\" is neither part of a number nor a known currency, such as EUR"
        ]
    );
    assert!(file.mapping.contains(&MappedColumn {
        field: Field::Price,
        heading: "Variant Price".to_owned()
    }));
}

#[test]
fn a_shopify_export_with_the_headings_of_2025() {
    assert_eq!(
        ENGLISH.rows(SHOPIFY_2025),
        [
            "OAK-1|Oak Board||Cutting Boards|24.90 EUR||https://cdn.example/oak.png|Shown",
            "PINE-1|Pine Board|||14.90 EUR|||Hidden",
            "ELM-1|Elm Board|||19.90 EUR|||Archived",
        ]
    );
}

#[test]
fn a_square_library() {
    let file = ENGLISH.read(SQUARE).unwrap();
    assert_eq!(file.format, Format::Square);
    assert_eq!(
        file.products.iter().map(row).collect::<Vec<_>>(),
        [
            "FW-S|Flat White, Small|Flat White|Hot Drinks|3.20 EUR|5449000000996||Shown",
            "flat-white-large|Flat White, Large|Flat White|Hot Drinks|3.90 EUR|||Shown",
            "butter-croissant|Butter Croissant||Bakery|2.40 EUR|||Shown",
            "MUG-OLD|Old Mug|||9.00 EUR|||Archived",
            "BOX|Gift Box|||18.00 EUR|||Hidden",
        ]
    );
    assert_eq!(
        lines(&file.skipped),
        [
            "line 5: \"Donation\": there is no price",
            "line 7: \"Milk, 5 l\": it is stocked but not sold"
        ]
    );
    assert!(file.problems.is_empty());
}

#[test]
fn a_woocommerce_export() {
    let file = ENGLISH.read(WOO).unwrap();
    assert_eq!(file.format, Format::WooCommerce);
    assert_eq!(
        file.products.iter().map(row).collect::<Vec<_>>(),
        [
            "woo-beanie|Beanie||Accessories|18.00 EUR|4006381333931|https://shop.example/beanie.jpg|Shown",
            "woo-belt|Belt||Accessories|55.00 EUR|||Shown",
            "woo-cap|Cap||Hats|16.00 EUR|||Shown",
            "woo-vneck-red-s|V-Neck Tee, Red, S|V-Neck Tee|Tshirts|25.00 EUR||https://shop.example/vneck-red.jpg|Shown",
            "v-neck-tee-blue-l|V-Neck Tee, Blue, L|V-Neck Tee|Tshirts|27.00 EUR||https://shop.example/vneck.jpg|Shown",
            "woo-album|=Album|||15.00 EUR|||Hidden",
        ]
    );
    assert_eq!(file.products[0].description, "A warm beanie.\n\nHand-made.");
    assert_eq!(file.products[4].description, "Soft cotton");
    assert_eq!(
        lines(&file.skipped),
        [
            "line 5: \"V-Neck Tee\": its variations are sold, not itself",
            "line 8: \"Logo Set\": its members are sold, not itself",
            "line 9: \"Pennant\": it is sold by somebody else",
            "line 11: \"No Price Yet\": there is no price",
        ]
    );
    assert_eq!(
        lines(&file.problems),
        [
            "line 12, Date sale price starts: \"next week\": this is not a day: write it as 2026-12-31",
            "line 13, SKU: \"woo-beanie\": line 2 has the same article number: give each product its own",
        ]
    );
}

#[test]
fn a_woocommerce_export_of_a_german_shop() {
    assert_eq!(
        ENGLISH.rows(WOO_DE),
        ["KAESE|Käse||Essen|1299.50 EUR|||Shown"]
    );
}

#[test]
fn a_loyverse_list() {
    let file = ENGLISH.read(LOYVERSE).unwrap();
    assert_eq!(file.format, Format::Loyverse);
    assert_eq!(
        file.products.iter().map(row).collect::<Vec<_>>(),
        [
            "10001|Cola 330 ml||Drinks|1.40 EUR|5449000000996||Shown",
            "10002|T-shirt, S|T-shirt|Clothes|12.00 EUR|||Shown",
            "10003|T-shirt, M|T-shirt|Clothes|12.50 EUR|||Shown",
            "10004|Lunch menu||Menus|9.90 EUR|||Shown",
            "10006|Van special|||7.00 EUR|||Shown",
            "10007|Gone|||3.00 EUR|||Hidden",
        ]
    );
    assert_eq!(file.products[2].description, "Organic");
    assert_eq!(lines(&file.skipped), ["line 7: \"Tip\": there is no price"]);
    assert!(file.problems.is_empty());
}

#[test]
fn somebodys_list_in_the_encoding_of_an_old_windows() {
    let file = GERMAN.read(LIST_DE).unwrap();
    assert_eq!(file.format, Format::Table);
    assert_eq!(
        file.products.iter().map(row).collect::<Vec<_>>(),
        [
            "K-1|Käse, jung||Theke|1299.50 EUR|4006381333931||Shown",
            "brotchen|Brötchen||Backwaren|0.45 EUR|||Shown",
        ]
    );
    assert_eq!(
        lines(&file.problems),
        ["line 6, VK brutto (€): \"zwölf\": this is not a number"]
    );
    let shown: Vec<_> = file
        .mapping
        .iter()
        .map(|m| (m.field, m.heading.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            (Field::Sku, "Art.-Nr."),
            (Field::Name, "Bezeichnung"),
            (Field::Category, "Warengruppe"),
            (Field::Price, "VK brutto (€)"),
            (Field::Barcodes, "EAN"),
        ]
    );
}

#[test]
fn spreadsheets() {
    let french = Ask {
        locale: "fr",
        ..ENGLISH
    };
    let file = french.read(XLSX).unwrap();
    assert_eq!(
        file.products.iter().map(row).collect::<Vec<_>>(),
        [
            "creme-brulee|Crème brûlée|||3.50 EUR|4006381333931||Shown",
            "chemise-m|Chemise, M|Chemise||1299.50 EUR|||Shown",
            "chemise-l|Chemise, L|Chemise||1299.50 EUR|||Shown",
        ]
    );
    assert_eq!(file.problems.len(), 1);
    assert_eq!(
        (file.problems[0].line, file.problems[0].column.as_str()),
        (8, "Prix TTC")
    );
    let polish = Ask {
        locale: "pl",
        ..ENGLISH
    };
    assert_eq!(
        polish.rows(ODS),
        [
            "zurek|Żurek||Zupy|18.50 PLN|||Shown",
            "paczek|Pączek||Ciasta|4.20 PLN|||Shown",
        ]
    );
}

#[test]
fn every_encoding_and_separator_gives_the_same_products() {
    let text = "Name;Preis\nKäse;\"1.299,50\"\nÖl;12\n";
    let expected = [
        "kase|Käse|||1299.50 EUR|||Shown",
        "ol|Öl|||12.00 EUR|||Shown",
    ];
    let (old, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let utf16 = std::iter::once(0xfeff).chain(text.encode_utf16());
    let utf16: Vec<u8> = utf16.flat_map(u16::to_be_bytes).collect();
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        old.into_owned(),
        utf16,
        text.replace(';', "\t").into_bytes(),
        text.replace(';', ",").into_bytes(),
        text.replace('\n', "\r\n").into_bytes(),
    ] {
        assert_eq!(GERMAN.rows(&bytes), expected);
    }
}

#[test]
fn bad_rows_are_named_and_good_ones_come_in() {
    let text = "sku,name,price,barcode\nA,\"two\nlines\",1.00,\nB,,2.00,\nC,Tea,\"1.299,50\",\nA,Again,3.00,\n\
                D,Green, tea,4.00,123\nE,Zero,0,\nF,Last,5.00,\n";
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    let skus: Vec<&str> = file.products.iter().map(|p| p.sku.as_str()).collect();
    assert_eq!(skus, ["A", "F"]);
    assert_eq!(file.products[0].name, "two lines");
    assert_eq!(
        lines(&file.problems),
        [
            "line 4, name: there is no name",
            "line 5, price: \"1.299,50\": the separators do not fit the locale, which writes 1,234.50: say how the file writes numbers with --locale",
            "line 6, sku: \"A\": line 2 has the same article number: give each product its own",
            "line 7: the row has more cells than there are headings: put quotation marks around a value that has the separator in it",
            "line 8, price: \"0\": the price is zero: there is nothing to pay",
        ]
    );
    let long = format!("name,price\n{},1\nTea,1\n", "x".repeat(NAME + 1));
    let file = ENGLISH.read(long.as_bytes()).unwrap();
    assert_eq!(
        file.problems[0].reason,
        "201 characters are too many: shorten it to 200"
    );
    let open = ENGLISH
        .read(b"name,price\nTea,1\n\"Cake,2\nMilk,3\n")
        .unwrap();
    assert_eq!((open.products.len(), open.problems[0].line), (1, 3));
}

#[test]
fn a_mapping_and_a_stated_locale_go_before_every_guess() {
    let text = "Name,Ware,\"VK, brutto\"\nx,Tee,\"3,50\"\n";
    let ask = Ask {
        map: "name=ware,price=\"VK, brutto\"",
        stated: Some("de"),
        ..ENGLISH
    };
    assert_eq!(ask.rows(text.as_bytes()), ["tee|Tee|||3.50 EUR|||Shown"]);
    let ask = Ask {
        map: "name=Sorte",
        ..ENGLISH
    };
    assert_eq!(
        ask.read(text.as_bytes()).unwrap_err().to_string(),
        "there is no column \"Sorte\": the headings are \"Name\", \"Ware\", \"VK, brutto\""
    );
}

#[test]
fn files_that_are_no_catalogs_say_so() {
    for (bytes, part) in [
        (&b" \n"[..], "the file is empty"),
        (b"\xd0\xcf\x11\xe0....", "save the list as .xlsx"),
        (b"PK\x03\x04....", "the spreadsheet cannot be read"),
        (
            b"date;sum\n1;2\n",
            "among \"date\", \"sum\": name them with --map",
        ),
        (b"{\"tillcode_catalog\":2,\"products\":[]}", "has version 2"),
        (b"{\n\"products\":[}", "line 2: this is not the JSON"),
    ] {
        let error = ENGLISH.read(bytes).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let ask = Ask {
        format: Some(Format::Square),
        ..ENGLISH
    };
    let error = ask.read(b"name,price\nTea,1\n").unwrap_err().to_string();
    assert!(error.starts_with("this is not a square file"), "{error}");
}

#[test]
fn a_missing_article_number_is_made_the_same_every_time_and_never_taken_twice() {
    let text =
        "sku,name,price,ean\n,Tea,1,\n,Tea,2,4006381333931\n,Tea,3,\ntea-3,Other,4,\n,!!!,5,\n";
    let rows = ENGLISH.rows(text.as_bytes());
    let skus: Vec<&str> = rows
        .iter()
        .map(|row| row.split('|').next().unwrap())
        .collect();
    assert_eq!(skus[..4], ["tea", "tea-4006381333931", "tea-2", "tea-3"]);
    assert_eq!(skus[4].len(), 8, "a hash of what has no letters");
    assert_eq!(ENGLISH.rows(text.as_bytes()), rows);
    let long = format!("name,price\n{0}a,1\n{0}b,1\n", "long ".repeat(30));
    let rows = ENGLISH.rows(long.as_bytes());
    let skus: Vec<&str> = rows
        .iter()
        .map(|row| row.split('|').next().unwrap())
        .collect();
    assert!(
        skus.iter().all(|sku| sku.len() == CODE) && skus[0] != skus[1],
        "{skus:?}"
    );
}

#[test]
fn thousands_of_rows_of_one_name_stay_quick() {
    let text = format!("name,price\n{}", "Tea,1\n".repeat(20_000));
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    assert_eq!(file.products[19_999].sku, "tea-20000");
}

#[test]
fn a_currency_that_is_none_is_named_in_its_own_column() {
    let file = ENGLISH.read(b"name,price,currency\nTea,1,money\nCake,2 xx,EUR\nMilk,3,usd\n");
    let file = file.unwrap();
    assert_eq!(
        lines(&file.problems),
        [
            "line 2, currency: \"money\": \"money\" is neither part of a number nor a known currency, such as EUR",
            "line 3, price: \"2 xx\": \"xx\" is neither part of a number nor a known currency, such as EUR",
        ]
    );
    assert_eq!(row(&file.products[0]), "milk|Milk|||3.00 USD|||Shown");
}

#[test]
fn a_bad_product_in_json_is_named_by_its_line() {
    let text = "{\"tillcode_catalog\":1,\"products\":[\n\
        {\"sku\":\"A\",\"name\":\"Tea\",\"price\":{\"minor\":350,\"currency\":\"EUR\"}},\n\
        {\"sku\":\"B\",\n \"name\":\"Cake\",\n \"prize\":1},\n\
        {\"sku\":\"C\",\"name\":\"Milk\",\"price\":{\"minor\":0,\"currency\":\"EUR\"}},\n\
        {\"sku\":\"D\",\"name\":\"Oats\",\"price\":{\"minor\":200,\"currency\":\"EUR\"}}]}";
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    let skus: Vec<&str> = file.products.iter().map(|p| p.sku.as_str()).collect();
    assert_eq!(skus, ["A", "D"]);
    assert_eq!((file.problems[0].line, file.problems[1].line), (5, 6));
    assert!(file.problems[0].reason.contains("unknown field `prize`"));
    assert_eq!(
        file.problems[1].to_string(),
        "line 6, price: \"0.00\": the price must be above zero"
    );
}

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
        prop::sample::select(vec![
            Visibility::Shown,
            Visibility::Hidden,
            Visibility::Archived,
        ]),
    )
        .prop_map(
            |(sku, name, (group, category, picture), description, price, barcodes, visibility)| {
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
                    price: Amount::new(price.0, Currency::from_code(price.1).unwrap()),
                    barcodes: barcodes.into_iter().collect(),
                    picture,
                    visibility,
                }
            },
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

/// Run by hand with `cargo test --release -- --ignored --nocapture catalog`.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn fifty_thousand_rows_are_read_in_time() {
    let mut rows = vec![
        String::from_utf8_lossy(SHOPIFY)
            .lines()
            .next()
            .unwrap()
            .to_owned()
            + "\n",
    ];
    for n in 0..50_000 {
        rows.push(format!(
            "shirt-{n},Shirt number {n},\"<p>Blue &amp; soft, {}</p>\",shop,,men,true,Title,Default Title,,,,,SKU-{n},0,,1,deny,manual,50.00,,true,true,,https://cdn.example/{n}.jpg,1,,false,,,,,,,,,,,,,,,,,kg,\n",
            "with many words ".repeat(20)
        ));
    }
    let text = rows.concat();
    let start = std::time::Instant::now();
    let file = ENGLISH.read(text.as_bytes()).unwrap();
    println!("{} MB in {:?}", text.len() >> 20, start.elapsed());
    assert_eq!(file.products.len(), 50_000);
    assert!(start.elapsed().as_secs() < 2);
}
