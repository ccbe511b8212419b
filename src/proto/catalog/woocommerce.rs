//! The product export of WooCommerce, with English, German, Spanish and French headings.
//!
//! `simple` products and `variation`s are sold; a `variable` row only carries what its variations
//! share, and `grouped` and `external` ones are sold elsewhere. A sale price counts on its days.
//! WooCommerce writes prices with the shop's own decimal sign and never groups digits.

use std::collections::BTreeMap;

use chrono::NaiveDate;

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

mod headings;

use headings::{
    BARCODE, CATEGORIES, ENDS, IMAGES, IN_CATALOG, LONG, NAME, PARENT, PUBLISHED, REGULAR, SALE,
    SHORT, SKU, STARTS, TYPE,
};

/// The most attributes that make up a variation.
const ATTRIBUTES_MAX: usize = 10;

struct Columns {
    id: Option<usize>,
    kind: Option<usize>,
    sku: Option<usize>,
    name: Option<usize>,
    published: Option<usize>,
    in_catalog: Option<usize>,
    short: Option<usize>,
    long: Option<usize>,
    starts: Option<usize>,
    ends: Option<usize>,
    sale: Option<usize>,
    regular: Option<usize>,
    categories: Option<usize>,
    images: Option<usize>,
    parent: Option<usize>,
    barcode: Option<usize>,
    attributes: Vec<usize>,
}

/// Whether a heading row is WooCommerce's.
pub(super) fn fits(keys: &[String]) -> bool {
    let has = |names: &[&str]| {
        keys.iter()
            .any(|heading| names.iter().any(|name| fold(name) == *heading))
    };
    has(TYPE) && has(NAME) && has(REGULAR)
}

impl Columns {
    fn find(table: &Table, intake: &mut Intake) -> Self {
        let attributes = (1..=ATTRIBUTES_MAX).filter_map(|n| {
            table.column(&[
                &format!("attribute {n} value(s)"),
                &format!("attribut {n} wert(e)"),
                &format!("valor(es) del atributo {n}"),
                &format!("valeur(s) de l'attribut {n}"),
            ])
        });
        let name = intake.bind(table, Field::Name, NAME);
        intake.bind(table, Field::Group, NAME);
        let long = intake.bind(table, Field::Description, LONG);
        Self {
            id: table.column(&["id"]),
            kind: table.column(TYPE),
            sku: intake.bind(table, Field::Sku, SKU),
            name,
            published: intake.bind(table, Field::Visibility, PUBLISHED),
            in_catalog: table.column(IN_CATALOG),
            short: intake.bind(table, Field::Description, SHORT),
            long,
            starts: table.column(STARTS),
            ends: table.column(ENDS),
            sale: table.column(SALE),
            regular: intake.bind(table, Field::Price, REGULAR),
            categories: intake.bind(table, Field::Category, CATEGORIES),
            images: intake.bind(table, Field::Picture, IMAGES),
            parent: table.column(PARENT),
            barcode: intake.bind(table, Field::Barcodes, BARCODE),
            attributes: attributes.collect(),
        }
    }

    fn is(&self, row: &Row, kind: &str) -> bool {
        let kinds = row.cell(self.kind).split(',');
        kinds
            .into_iter()
            .any(|found| found.trim().eq_ignore_ascii_case(kind))
    }

    fn description(&self, row: &Row) -> String {
        let texts = [row.cell(self.short), row.cell(self.long)];
        let text = texts.into_iter().find(|text| !text.is_empty());
        // Line breaks are written out.
        html::to_text(&unescaped(text.unwrap_or("")).replace("\\n", "\n"))
    }

    /// The values that tell a variation from its siblings: `Blue, Large`.
    fn variant(&self, row: &Row) -> String {
        let values = self.attributes.iter().map(|column| row.cell(Some(*column)));
        values
            .filter(|value| !value.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn visibility(&self, row: &Row) -> Visibility {
        let published = row.cell(self.published);
        let hidden = matches!(published, "0" | "-1") || fold(row.cell(self.in_catalog)) == "hidden";
        if hidden {
            Visibility::Hidden
        } else {
            Visibility::Shown
        }
    }

    /// Which price counts today; a day that cannot be read is named.
    fn price_column(&self, row: &Row, today: NaiveDate) -> Result<Option<usize>, (usize, String)> {
        if row.cell(self.sale).is_empty() {
            return Ok(self.regular);
        }
        let starts = day(row, self.starts)?.unwrap_or(NaiveDate::MIN);
        let ends = day(row, self.ends)?.unwrap_or(NaiveDate::MAX);
        Ok(if (starts..=ends).contains(&today) {
            self.sale
        } else {
            self.regular
        })
    }
}

/// Reads the rows of an export.
pub(super) fn read(table: &Table, options: &ReadOptions<'_>, intake: &mut Intake) {
    let columns = Columns::find(table, intake);
    let style = options
        .stated_locale
        .map_or(Style::EitherMark, Style::Local);
    let heading = columns.regular.map_or("", |column| table.heading(column));
    let reader = PriceReader::new(style, heading, options.currency);
    let parents = parents(table, &columns);
    for row in &table.rows {
        if !intake.fits(row, table) {
            continue;
        }
        let is_variation = columns.is(row, "variation");
        if !is_variation && !columns.is(row, "simple") {
            let name = unescaped(row.cell(columns.name));
            intake.skip(row.line, name, reason_for(row.cell(columns.kind)));
            continue;
        }
        let parent = parents
            .get(row.cell(columns.parent))
            .filter(|_| is_variation);
        let item = item(row, &columns, parent.copied());
        let column = match columns.price_column(row, options.today) {
            Ok(column) => column,
            Err((column, value)) => {
                let reason = "this is not a day: write it as 2026-12-31";
                intake.problem_at(row.line, table.heading(column), &value, reason);
                continue;
            }
        };
        let price = match reader.read(row, column, "") {
            // A sale price of nothing is no sale.
            Err(PriceFault::Zero) if column == columns.sale => {
                reader.read(row, columns.regular, "")
            }
            price => price,
        };
        let amount = intake.priced(row, column, &item.name, price, Unpriced::Skip);
        if let Some(price) = amount {
            intake.take(item.into_draft(row, &columns, price));
        }
    }
}

/// What a row is called, with its parent's help.
struct Item {
    name: String,
    group: Option<String>,
    category: Option<String>,
    description: String,
    picture: Option<String>,
    visibility: Visibility,
}

fn item(row: &Row, columns: &Columns, parent: Option<&Row>) -> Item {
    let own_name = unescaped(row.cell(columns.name));
    let own = columns.description(row);
    let picture = first_listed(row.cell(columns.images));
    let category = first_category(row.cell(columns.categories));
    let Some(parent) = parent else {
        return Item {
            name: own_name.to_owned(),
            group: None,
            category,
            description: own,
            picture,
            visibility: columns.visibility(row),
        };
    };
    let variant = columns.variant(row);
    let group = unescaped(parent.cell(columns.name));
    let visible = columns.visibility(row) == Visibility::Shown
        && columns.visibility(parent) == Visibility::Shown;
    Item {
        name: if variant.is_empty() || group.is_empty() {
            own_name.to_owned()
        } else {
            with_variant(group, &variant)
        },
        group: Some(group.to_owned()),
        category: category.or_else(|| first_category(parent.cell(columns.categories))),
        description: if own.is_empty() {
            columns.description(parent)
        } else {
            own
        },
        picture: picture.or_else(|| first_listed(parent.cell(columns.images))),
        visibility: if visible {
            Visibility::Shown
        } else {
            Visibility::Hidden
        },
    }
}

impl Item {
    fn into_draft(self, row: &Row, columns: &Columns, price: Amount) -> Draft {
        Draft {
            line: row.line,
            sku: unquoted(row.cell(columns.sku)).to_owned(),
            basis: self.name.clone(),
            name: self.name,
            group: self.group,
            category: self.category,
            description: self.description,
            price,
            barcodes: barcodes(row.cell(columns.barcode)),
            picture: self.picture,
            visibility: self.visibility,
            terms: Terms::default(),
        }
    }
}

/// Rows by what variations call their parent: its SKU, or `id:` and its number.
fn parents<'a>(table: &'a Table, columns: &Columns) -> BTreeMap<String, &'a Row> {
    let mut parents = BTreeMap::new();
    for row in table.rows.iter().filter(|row| columns.is(row, "variable")) {
        for name in [
            row.cell(columns.sku).to_owned(),
            format!("id:{}", row.cell(columns.id)),
        ] {
            if !name.is_empty() {
                parents.entry(name).or_insert(row);
            }
        }
    }
    parents
}

fn reason_for(kind: &str) -> &'static str {
    match fold(kind).split(',').next().unwrap_or("").trim() {
        "variable" => "its variations are sold, not itself",
        "grouped" => "its members are sold, not itself",
        "external" => "it is sold by somebody else",
        _ => "only simple products and variations are sold at a till",
    }
}

/// The last part of the first category: of `Clothing > Shirts, Sale` it is `Shirts`.
fn first_category(cell: &str) -> Option<String> {
    let first = first_listed(cell)?;
    let last = first.rsplit('>').next().unwrap_or("").trim();
    Some(last.to_owned()).filter(|last| !last.is_empty())
}

/// The first entry of a list; a comma inside of an entry is written `\,`.
fn first_listed(cell: &str) -> Option<String> {
    let mut first = String::new();
    let mut escaped = false;
    for character in cell.chars() {
        match character {
            '\\' if !escaped => escaped = true,
            ',' if !escaped => break,
            ',' => {
                escaped = false;
                first.push(',');
            }
            other => {
                if escaped {
                    first.push('\\');
                }
                escaped = false;
                first.push(other);
            }
        }
    }
    Some(first.trim().to_owned()).filter(|first| !first.is_empty())
}

/// The first ten characters of a day with or without its time; none where the cell is empty.
fn day(row: &Row, column: Option<usize>) -> Result<Option<NaiveDate>, (usize, String)> {
    let cell = row.cell(column);
    if cell.is_empty() {
        return Ok(None);
    }
    let text: String = cell.chars().take(10).collect();
    match NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        Ok(day) => Ok(Some(day)),
        Err(_) => Err((column.unwrap_or(0), cell.to_owned())),
    }
}

/// WooCommerce puts an apostrophe before what a spreadsheet would take as a formula.
fn unescaped(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        Some(_) | None => cell,
    }
}
