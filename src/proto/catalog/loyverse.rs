//! The item list of Loyverse.
//!
//! One row per variant; only the first of a handle has name, category and description. Rows that
//! name a part of a composite item are no products. Prices stand in a column for each store.

use std::collections::BTreeMap;

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

struct Columns {
    handle: Option<usize>,
    sku: Option<usize>,
    name: Option<usize>,
    category: Option<usize>,
    description: Option<usize>,
    options: [Option<usize>; 3],
    barcode: Option<usize>,
    part: Option<usize>,
    /// The general one, then one for each store.
    prices: Vec<usize>,
    /// One for each store.
    available: Vec<usize>,
}

impl Columns {
    fn find(table: &Table, intake: &mut Intake) -> Self {
        let options = [1, 2, 3].map(|n| table.column(&[&format!("option {n} value")]));
        if let Some(option) = options.into_iter().flatten().next() {
            intake.bind_to(table, Field::Variant, option);
        }
        intake.bind(table, Field::Group, &["name"]);
        let mut prices: Vec<usize> = table
            .column(&["default price", "price"])
            .into_iter()
            .collect();
        prices.extend(table.columns_with("price ["));
        if let Some(price) = prices.first() {
            intake.bind_to(table, Field::Price, *price);
        }
        let available = table.columns_with("available for sale");
        if let Some(column) = available.first() {
            intake.bind_to(table, Field::Visibility, *column);
        }
        Self {
            handle: table.column(&["handle"]),
            sku: intake.bind(table, Field::Sku, &["sku"]),
            name: intake.bind(table, Field::Name, &["name"]),
            category: intake.bind(table, Field::Category, &["category"]),
            description: intake.bind(table, Field::Description, &["description"]),
            options,
            barcode: intake.bind(table, Field::Barcodes, &["barcode"]),
            part: table.column(&["sku of included item"]),
            prices,
            available,
        }
    }

    /// The row only says what another item is made of.
    fn is_part(&self, row: &Row) -> bool {
        let own = [self.sku, self.name].into_iter().chain(self.options);
        !row.cell(self.part).is_empty() && own.into_iter().all(|column| row.cell(column).is_empty())
    }

    /// The first store's price that is one: the general column, then store by store.
    fn price(&self, row: &Row, reader: PriceReader) -> (Option<usize>, Result<Amount, PriceFault>) {
        let said = |column: &usize| {
            let cell = row.cell(Some(*column));
            !cell.is_empty() && fold(cell) != "variable"
        };
        match self.prices.iter().copied().find(said) {
            Some(column) => (Some(column), reader.read(row, Some(column), "")),
            None => (None, Err(PriceFault::Missing)),
        }
    }

    fn visibility(&self, row: &Row) -> Visibility {
        let refused =
            |column: &usize| matches!(fold(row.cell(Some(*column))).as_str(), "n" | "no" | "false");
        if !self.available.is_empty() && self.available.iter().all(refused) {
            Visibility::Hidden
        } else {
            Visibility::Shown
        }
    }
}

/// Reads the rows of a list.
pub(super) fn read(table: &Table, options: &ReadOptions<'_>, intake: &mut Intake) {
    let columns = Columns::find(table, intake);
    let style = options.stated_locale.map_or(Style::Point, Style::Local);
    let reader = PriceReader::new(style, "", options.currency);
    let mut firsts: BTreeMap<&str, &Row> = BTreeMap::new();
    for row in &table.rows {
        if !row.cell(columns.name).is_empty() {
            firsts.entry(row.cell(columns.handle)).or_insert(row);
        }
    }
    for row in &table.rows {
        if !intake.fits(row, table) || columns.is_part(row) {
            continue;
        }
        let handle = row.cell(columns.handle);
        // A row with a name of its own is its own first, whatever its handle.
        let named = !row.cell(columns.name).is_empty();
        let Some(first) = Some(row).filter(|_| named).or(firsts.get(handle).copied()) else {
            let reason = "no row of this handle has a name: export the items again";
            intake.problem(row.line, Field::Name, handle, reason);
            continue;
        };
        let item = first.cell(columns.name);
        let values = columns.options.map(|column| row.cell(column));
        let said = values.into_iter().filter(|value| !value.is_empty());
        let variant = said.collect::<Vec<_>>().join(", ");
        let name = with_variant(item, &variant);
        let (column, price) = columns.price(row, reader);
        let Some(price) = intake.priced(row, column, &name, price, Unpriced::Skip) else {
            continue;
        };
        let basis = if handle.is_empty() { item } else { handle };
        intake.take(Draft {
            line: row.line,
            sku: unquoted(row.cell(columns.sku)).to_owned(),
            basis: format!("{basis} {variant}"),
            name,
            group: Some(item.to_owned()).filter(|_| !variant.is_empty()),
            category: Some(first.cell(columns.category).to_owned()),
            description: html::to_text(first.cell(columns.description)),
            price,
            barcodes: barcodes(row.cell(columns.barcode)),
            picture: None,
            visibility: columns.visibility(row),
            terms: Terms::default(),
        });
    }
}
