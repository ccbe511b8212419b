//! Fixtures, and a short way to read them.

use super::*;
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::ProductId;
use crate::domain::money::Amount;

mod formats;
mod refusals;
mod round_trip;

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
