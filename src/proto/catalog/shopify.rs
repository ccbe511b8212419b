//! The product export of Shopify, with the headings of before and after 2025.
//!
//! One row per variant; the first row of a handle carries what all share. Further rows of a handle
//! that have no variant carry pictures.

use std::collections::BTreeMap;

use super::ReadOptions;
use super::columns::Field;
use super::draft::{Draft, Terms};
use super::guess::{unquoted, with_variant};
use super::html;
use super::intake::{Intake, Unpriced};
use super::price::{PriceReader, Style};
use super::table::{Row, Table};
use crate::domain::catalog::Visibility;
use crate::domain::fold::fold;

/// What Shopify calls the variant of a product that has none.
const NO_VARIANT: &str = "Default Title";

struct Columns {
    handle: Option<usize>,
    title: Option<usize>,
    description: Option<usize>,
    kind: Option<usize>,
    category: Option<usize>,
    published: Option<usize>,
    status: Option<usize>,
    options: [Option<usize>; 3],
    sku: Option<usize>,
    price: Option<usize>,
    barcode: Option<usize>,
    image: Option<usize>,
    variant_image: Option<usize>,
}

impl Columns {
    fn find(table: &Table, intake: &mut Intake) -> Self {
        let options = [1, 2, 3].map(|n| table.column(&[&format!("option{n} value")]));
        if let Some(option) = options.into_iter().flatten().next() {
            intake.bind_to(table, Field::Variant, option);
        }
        let title = intake.bind(table, Field::Name, &["title"]);
        intake.bind(table, Field::Group, &["title"]);
        intake.bind(
            table,
            Field::Category,
            &["product category", "standard product type"],
        );
        intake.bind(
            table,
            Field::Visibility,
            &["published", "published on online store", "status"],
        );
        Self {
            handle: table.column(&["handle", "url handle"]),
            title,
            description: intake.bind(table, Field::Description, &["body (html)", "description"]),
            category: table.column(&["product category", "standard product type"]),
            kind: intake.bind(table, Field::Category, &["type", "custom product type"]),
            published: table.column(&["published", "published on online store"]),
            status: table.column(&["status"]),
            options,
            sku: intake.bind(table, Field::Sku, &["variant sku", "sku"]),
            price: intake.bind(table, Field::Price, &["variant price", "price"]),
            barcode: intake.bind(table, Field::Barcodes, &["variant barcode", "barcode"]),
            image: intake.bind(table, Field::Picture, &["image src", "product image url"]),
            variant_image: table.column(&["variant image", "variant image url"]),
        }
    }

    /// Whether a row is a variant: further pictures of a handle have rows of their own.
    fn is_variant(&self, row: &Row) -> bool {
        let cells = self
            .options
            .into_iter()
            .chain([self.title, self.sku, self.price]);
        cells.into_iter().any(|column| !row.cell(column).is_empty())
    }

    fn variant(&self, row: &Row) -> String {
        let values = self.options.map(|column| row.cell(column));
        let said = |value: &&str| !value.is_empty() && *value != NO_VARIANT;
        values
            .into_iter()
            .filter(said)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What the rows of one handle share.
struct Shared<'a> {
    title: &'a str,
    description: String,
    category: &'a str,
    picture: &'a str,
    visibility: Visibility,
}

/// Reads the rows of an export.
pub(super) fn read(table: &Table, options: &ReadOptions<'_>, intake: &mut Intake) {
    let columns = Columns::find(table, intake);
    let style = options.stated_locale.map_or(Style::Point, Style::Local);
    let heading = columns.price.map_or("", |column| table.heading(column));
    let reader = PriceReader::new(style, heading, options.currency);
    let handles = shared(table, &columns);
    for row in &table.rows {
        if !intake.fits(row, table) || !columns.is_variant(row) {
            continue;
        }
        let handle = row.cell(columns.handle);
        let Some(shared) = handles.get(handle) else {
            let reason = "no row of this handle has a title: export the products again";
            intake.problem(row.line, Field::Name, handle, reason);
            continue;
        };
        let variant = columns.variant(row);
        let name = with_variant(shared.title, &variant);
        let price = reader.read(row, columns.price, "");
        let Some(price) = intake.priced(row, columns.price, &name, price, Unpriced::Skip) else {
            continue;
        };
        let pictures = [row.cell(columns.variant_image), shared.picture];
        let picture = pictures.into_iter().find(|picture| !picture.is_empty());
        intake.take(Draft {
            line: row.line,
            sku: unquoted(row.cell(columns.sku)).to_owned(),
            basis: format!("{handle} {variant}"),
            name,
            group: Some(shared.title.to_owned()).filter(|_| !variant.is_empty()),
            category: Some(shared.category.to_owned()),
            description: shared.description.clone(),
            price,
            barcodes: vec![unquoted(row.cell(columns.barcode)).to_owned()],
            picture: picture.map(str::to_owned),
            visibility: shared.visibility,
            terms: Terms::default(),
        });
    }
}

/// What each handle's row with a title says, and its first picture.
fn shared<'a>(table: &'a Table, columns: &Columns) -> BTreeMap<&'a str, Shared<'a>> {
    let mut handles: BTreeMap<&str, Shared<'_>> = BTreeMap::new();
    for row in &table.rows {
        let title = row.cell(columns.title);
        if title.is_empty() {
            continue;
        }
        let kind = row.cell(columns.kind);
        let path = row.cell(columns.category);
        let shared = Shared {
            title,
            description: html::to_text(row.cell(columns.description)),
            category: if kind.is_empty() {
                last_part(path)
            } else {
                kind
            },
            picture: "",
            visibility: visibility(row.cell(columns.status), row.cell(columns.published)),
        };
        handles.entry(row.cell(columns.handle)).or_insert(shared);
    }
    for row in &table.rows {
        let picture = row.cell(columns.image);
        if let Some(shared) = handles.get_mut(row.cell(columns.handle))
            && shared.picture.is_empty()
        {
            shared.picture = picture;
        }
    }
    handles
}

/// `Apparel > Tops > Shirts` is filed under `Shirts`.
fn last_part(path: &str) -> &str {
    path.rsplit('>').next().unwrap_or("").trim()
}

/// Shopify takes an empty cell as published.
fn visibility(status: &str, published: &str) -> Visibility {
    match (fold(status).as_str(), fold(published).as_str()) {
        ("archived", _) => Visibility::Archived,
        ("draft", _) | (_, "false" | "no" | "0") => Visibility::Hidden,
        _ => Visibility::Shown,
    }
}
