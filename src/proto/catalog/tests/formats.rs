//! Every format from its fixture to its products.

use super::*;

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

/// Run by hand with `cargo test --release -- --ignored --nocapture catalog`.
#[test]
fn a_list_by_hand_may_say_barcode() {
    let text = b"sku,name,price,currency,barcode\nA,Tea,2.50,EUR,4006381333931\n";
    assert_eq!(
        ENGLISH.rows(text),
        ["A|Tea|||2.50 EUR|4006381333931||Shown"]
    );
}
