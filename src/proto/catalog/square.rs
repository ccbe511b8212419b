//! The item library of Square, as .csv or .xlsx.
//!
//! One row per variation, each with the item's name. Square calls the only variation of an item
//! `Regular`. An item that its web shop leaves out is still sold in the shop; one that is hidden
//! there comes in hidden.

use super::ReadOptions;
use super::columns::Field;
use super::draft::{Draft, Terms};
use super::guess::{barcodes, unquoted, with_variant};
use super::html;
use super::intake::{Intake, Unpriced};
use super::price::{PriceFault, PriceReader, Style};
use super::table::{Row, Table};
use crate::domain::catalog::Visibility;
use crate::domain::fold::fold;
use crate::domain::money::Amount;

/// What Square calls the variation of an item that has one only.
const NO_VARIANT: &str = "Regular";

struct Columns {
    handle: Option<usize>,
    item: Option<usize>,
    variation: Option<usize>,
    sku: Option<usize>,
    description: Option<usize>,
    categories: [Option<usize>; 3],
    barcode: Option<usize>,
    price: Option<usize>,
    archived: Option<usize>,
    sellable: Option<usize>,
    visibility: Option<usize>,
    /// One for each location: whether it is sold there.
    enabled: Vec<usize>,
    /// One for each location: its own price there.
    local_prices: Vec<usize>,
}

impl Columns {
    fn find(table: &Table, intake: &mut Intake) -> Self {
        intake.bind(table, Field::Group, &["item name"]);
        let visibility = ["square online item visibility", "visibility"];
        let visibility = intake.bind(table, Field::Visibility, &visibility);
        let archived = intake.bind(table, Field::Visibility, &["archived"]);
        let categories = ["categories", "category", "reporting category"]
            .map(|name| intake.bind(table, Field::Category, &[name]));
        Self {
            handle: table.column(&["reference handle"]),
            item: intake.bind(table, Field::Name, &["item name"]),
            variation: intake.bind(table, Field::Variant, &["variation name"]),
            sku: intake.bind(table, Field::Sku, &["sku"]),
            description: intake.bind(table, Field::Description, &["description"]),
            categories,
            barcode: intake.bind(table, Field::Barcodes, &["gtin"]),
            price: intake.bind(table, Field::Price, &["price"]),
            archived,
            sellable: table.column(&["sellable"]),
            visibility,
            enabled: table.columns_with("enabled "),
            local_prices: table.columns_with("price "),
        }
    }

    fn visibility(&self, row: &Row) -> Visibility {
        let says = |column, word: &str| fold(row.cell(column)) == word;
        let nowhere =
            !self.enabled.is_empty() && self.enabled.iter().all(|column| says(Some(*column), "n"));
        if says(self.archived, "y") {
            Visibility::Archived
        } else if nowhere || says(self.visibility, "hidden") || says(self.visibility, "private") {
            Visibility::Hidden
        } else {
            Visibility::Shown
        }
    }

    fn category<'a>(&self, row: &'a Row) -> &'a str {
        // The category of reports is one; the others may be several.
        let named = self.categories.map(|column| row.cell(column));
        let listed = named.into_iter().rev().find(|cell| !cell.is_empty());
        let path = listed.unwrap_or("").split(',').next().unwrap_or("");
        // `Drinks > Hot`, and `Drinks (ABCD1234)` with the category's own token.
        let last = path.rsplit('>').next().unwrap_or("").trim();
        match last.rsplit_once(" (") {
            Some((name, token)) if is_token(token) => name,
            Some(_) | None => last,
        }
    }

    /// The general price, else the first location's that is one.
    fn price(&self, row: &Row, reader: PriceReader) -> (Option<usize>, Result<Amount, PriceFault>) {
        let columns = self
            .price
            .into_iter()
            .chain(self.local_prices.iter().copied());
        let said = |column: &usize| {
            let cell = row.cell(Some(*column));
            !cell.is_empty() && fold(cell) != "variable"
        };
        match columns.into_iter().find(said) {
            Some(column) => (Some(column), reader.read(row, Some(column), "")),
            None => (self.price, Err(PriceFault::Missing)),
        }
    }
}

/// Reads the rows of a library.
pub(super) fn read(table: &Table, options: &ReadOptions<'_>, intake: &mut Intake) {
    let columns = Columns::find(table, intake);
    let style = options.stated_locale.map_or(Style::Point, Style::Local);
    let heading = columns.price.map_or("", |column| table.heading(column));
    let reader = PriceReader::new(style, heading, options.currency);
    for row in &table.rows {
        if !intake.fits(row, table) {
            continue;
        }
        let item = row.cell(columns.item);
        let variation = row.cell(columns.variation);
        let variant = if variation == NO_VARIANT {
            ""
        } else {
            variation
        };
        let name = with_variant(item, variant);
        if matches!(
            fold(row.cell(columns.sellable)).as_str(),
            "n" | "no" | "false"
        ) {
            intake.skip(row.line, &name, "it is stocked but not sold");
            continue;
        }
        let (column, price) = columns.price(row, reader);
        let Some(price) = intake.priced(row, column, &name, price, Unpriced::Skip) else {
            continue;
        };
        let handle = row.cell(columns.handle).trim_start_matches('#');
        let basis = if handle.is_empty() { item } else { handle };
        intake.take(Draft {
            line: row.line,
            sku: unquoted(row.cell(columns.sku)).to_owned(),
            basis: format!("{basis} {variant}"),
            name,
            group: Some(item.to_owned()).filter(|_| !variant.is_empty()),
            category: Some(columns.category(row).to_owned()),
            description: html::to_text(row.cell(columns.description)),
            price,
            barcodes: barcodes(row.cell(columns.barcode)),
            picture: None,
            visibility: columns.visibility(row),
            terms: Terms::default(),
        });
    }
}

/// `ABCDEFGHIJKLMNOP234567)`: what Square puts behind the names of categories.
fn is_token(text: &str) -> bool {
    text.strip_suffix(')').is_some_and(|token| {
        token.len() >= 16
            && token
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}
