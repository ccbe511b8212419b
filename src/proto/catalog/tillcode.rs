//! Tillcode's own catalog files: JSON, which gives back the same bytes, and CSV for spreadsheets.
//!
//! Both are sorted by SKU and hold every field of a product but its id, which follows from shop and
//! SKU. In JSON every product stands on a line of its own.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::columns::Field;
use super::detect::Format;
use super::draft::{Draft, Terms};
use super::intake::{Intake, Unpriced};
use super::price::{PriceFault, PriceReader, Style};
use super::report::{CatalogFile, CatalogFileError, shorten};
use super::table::{Row, Table};
use super::{ROWS_MAX, ReadOptions};
use crate::domain::catalog::{Product, Visibility};
use crate::domain::fold::fold;
use crate::domain::link::Asking;
use crate::domain::money::{Amount, Currency};
use crate::domain::options::Options;

/// The version of the JSON form.
const VERSION: u64 = 1;
/// The columns of the CSV form.
const COLUMNS: [Field; 10] = [
    Field::Sku,
    Field::Name,
    Field::Group,
    Field::Category,
    Field::Description,
    Field::Price,
    Field::Currency,
    Field::Barcodes,
    Field::Picture,
    Field::Visibility,
];

/// What the column says of a product whose price the payer types.
const OPEN: &str = "open";
/// What the CSV form has besides where some product has more than the usual.
const MORE_COLUMNS: [Field; 2] = [Field::Asking, Field::Options];

/// A product as the JSON form writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileProduct {
    #[serde(default)]
    sku: String,
    name: String,
    #[serde(default)]
    group: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    description: String,
    price: Amount,
    #[serde(default)]
    barcodes: Vec<String>,
    #[serde(default)]
    picture: Option<String>,
    #[serde(default)]
    visibility: Visibility,
    /// Left out where it is the usual, so that a catalog without such products is as it always was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asking: Option<Asking>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    options: Option<Options>,
}

/// The JSON form; its products are read one by one, so that a bad one does not take the others along.
#[derive(Deserialize)]
struct FileRoot<'a> {
    tillcode_catalog: u64,
    #[serde(borrow)]
    products: Vec<&'a RawValue>,
}

/// The catalog as JSON.
pub fn write_json(products: &[Product]) -> String {
    let lines: Vec<String> = sorted(products)
        .into_iter()
        .map(|product| {
            let row = FileProduct {
                sku: product.sku.clone(),
                name: product.name.clone(),
                group: product.group.clone(),
                category: product.category.clone(),
                description: product.description.clone(),
                price: product.price,
                barcodes: product.barcodes.clone(),
                picture: product.picture.clone(),
                visibility: product.visibility,
                asking: Some(product.asking).filter(|asking| *asking != Asking::Fixed),
                options: Some(product.options.clone()).filter(|options| !options.is_empty()),
            };
            // Strings and numbers always have a JSON form.
            serde_json::to_string(&row).unwrap_or_default()
        })
        .collect();
    let body = if lines.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", lines.join(",\n"))
    };
    format!("{{\"tillcode_catalog\":{VERSION},\"products\":[{body}]}}\n")
}

/// The catalog as CSV: comma, decimal point, several barcodes on lines of one cell.
pub fn write_csv(products: &[Product]) -> String {
    let mut out = String::new();
    let usual = |product: &Product| product.asking == Asking::Fixed && product.options.is_empty();
    let has_more = !products.iter().all(usual);
    let more = MORE_COLUMNS.map(|field| field.name().to_owned());
    push_row(
        &mut out,
        COLUMNS.map(Field::name),
        if has_more { &more } else { &[] },
    );
    for product in sorted(products) {
        let price = product.price.to_decimal();
        let barcodes = product.barcodes.join("\n");
        let cells = more_cells(product);
        push_row(
            &mut out,
            [
                &product.sku,
                &product.name,
                product.group.as_deref().unwrap_or(""),
                product.category.as_deref().unwrap_or(""),
                &product.description,
                &price,
                product.price.currency.code(),
                &barcodes,
                product.picture.as_deref().unwrap_or(""),
                visibility_name(product.visibility),
            ],
            if has_more { &cells } else { &[] },
        );
    }
    out
}

/// The cells of [`MORE_COLUMNS`]; empty for the usual.
fn more_cells(product: &Product) -> [String; MORE_COLUMNS.len()] {
    let asking = match product.asking {
        Asking::Fixed => "",
        Asking::Open => OPEN,
    };
    let options = if product.options.is_empty() {
        String::new()
    } else {
        // Names, numbers and texts always have a JSON form.
        serde_json::to_string(&product.options).unwrap_or_default()
    };
    [asking.to_owned(), options]
}

fn push_row(out: &mut String, cells: [&str; COLUMNS.len()], more: &[String]) {
    let more = more.iter().map(String::as_str);
    for (index, cell) in cells.into_iter().chain(more).enumerate() {
        if index > 0 {
            out.push(',');
        }
        if cell.contains(['"', ',', ';', '\t', '|', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push('\n');
}

fn sorted(products: &[Product]) -> Vec<&Product> {
    let mut products: Vec<&Product> = products.iter().collect();
    products.sort_by(|a, b| a.sku.cmp(&b.sku));
    products
}

const fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Shown => "shown",
        Visibility::Hidden => "hidden",
        Visibility::Archived => "archived",
    }
}

/// Reads the JSON form.
pub(super) fn read_json(
    text: &str,
    options: &ReadOptions<'_>,
) -> Result<CatalogFile, CatalogFileError> {
    let format = options.format.unwrap_or(Format::Tillcode);
    if format != Format::Tillcode {
        let found = "those of JSON".to_owned();
        return Err(CatalogFileError::WrongFormat { format, found });
    }
    let root: FileRoot<'_> =
        serde_json::from_str(text).map_err(|error| CatalogFileError::Json {
            line: u64::try_from(error.line()).unwrap_or(u64::MAX),
            reason: error.to_string(),
        })?;
    if root.tillcode_catalog != VERSION {
        return Err(CatalogFileError::Version(root.tillcode_catalog));
    }
    if root.products.len() > ROWS_MAX {
        return Err(CatalogFileError::TooManyRows(ROWS_MAX));
    }
    let mut intake = Intake::default();
    intake.bind_all();
    let mut line: u64 = 1;
    let mut at = 0;
    for raw in root.products {
        // Where in the text the product stands: both point into the same memory.
        let start = raw
            .get()
            .as_ptr()
            .addr()
            .saturating_sub(text.as_ptr().addr());
        let between = text.get(at..start).unwrap_or("");
        line = line.saturating_add(line_breaks(between));
        at = start;
        read_product(raw, line, &mut intake);
    }
    intake.finish(Format::Tillcode, options.shop_key)
}

fn line_breaks(text: &str) -> u64 {
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    u64::try_from(breaks).unwrap_or(u64::MAX)
}

fn read_product(raw: &RawValue, line: u64, intake: &mut Intake) {
    let row: FileProduct = match serde_json::from_str(raw.get()) {
        Ok(row) => row,
        Err(error) => {
            let below = u64::try_from(error.line()).unwrap_or(1).saturating_sub(1);
            let value = shorten(raw.get());
            intake.whole_row(line.saturating_add(below), format!("{value:?}: {error}"));
            return;
        }
    };
    for (field, is_named) in [
        (Field::Asking, row.asking.is_some()),
        (Field::Options, row.options.is_some()),
    ] {
        if is_named {
            intake.bind_name(field);
        }
    }
    intake.take(Draft {
        line,
        sku: row.sku,
        basis: row.name.clone(),
        name: row.name,
        group: row.group,
        category: row.category,
        description: row.description,
        price: row.price,
        barcodes: row.barcodes,
        picture: row.picture,
        visibility: row.visibility,
        terms: Terms {
            asking: row.asking.unwrap_or_default(),
            options: row.options.unwrap_or_default(),
        },
    });
}

/// Reads the CSV form. With a currency column it is one of our own and has decimal points; without,
/// somebody wrote it by hand, as the country does.
pub(super) fn read_table(table: &Table, options: &ReadOptions<'_>, intake: &mut Intake) {
    let [
        sku,
        name,
        group,
        category,
        description,
        price,
        currency,
        barcodes,
        picture,
        visibility,
    ] = COLUMNS.map(|field| {
        // Whoever writes a list by hand has one barcode a product, and calls the column so.
        let singular = field.name().trim_end_matches('s');
        intake.bind(table, field, &[field.name(), singular])
    });
    let [asking, extra] = MORE_COLUMNS.map(|field| intake.bind(table, field, &[field.name()]));
    let style = match (options.stated_locale, currency) {
        (Some(locale), _) => Style::Local(locale),
        (None, Some(_)) => Style::Point,
        (None, None) => Style::Local(options.shop_locale),
    };
    let reader = PriceReader::new(style, "", options.currency);
    for row in &table.rows {
        if !intake.fits(row, table) {
            continue;
        }
        let Some(terms) = read_terms(row, asking, extra, intake) else {
            continue;
        };
        let amount = reader.read(row, price, row.cell(currency));
        let amount = match amount {
            // The payer types it.
            Err(PriceFault::Zero | PriceFault::Missing) if terms.asking == Asking::Open => {
                let named = Currency::from_code(row.cell(currency));
                Ok(Amount::new(0, named.unwrap_or(options.currency)))
            }
            read => read,
        };
        let amount = intake.priced(row, price, row.cell(name), amount, Unpriced::Problem);
        let Some(amount) = amount else { continue };
        let shown = match fold(row.cell(visibility)).as_str() {
            "" | "shown" => Visibility::Shown,
            "hidden" => Visibility::Hidden,
            "archived" => Visibility::Archived,
            other => {
                let reason = "write shown, hidden or archived";
                intake.problem(row.line, Field::Visibility, other, reason);
                continue;
            }
        };
        let text = |column| row.cell(column).to_owned();
        intake.take(Draft {
            line: row.line,
            sku: text(sku),
            basis: text(name),
            name: text(name),
            group: Some(text(group)),
            category: Some(text(category)),
            description: text(description),
            price: amount,
            barcodes: row.cell(barcodes).lines().map(str::to_owned).collect(),
            picture: Some(text(picture)),
            visibility: shown,
            terms,
        });
    }
}

/// The cells of [`MORE_COLUMNS`], or nothing and a line in the report.
fn read_terms(
    row: &Row,
    asking: Option<usize>,
    options: Option<usize>,
    intake: &mut Intake,
) -> Option<Terms> {
    let asking = match fold(row.cell(asking)).as_str() {
        "" | "fixed" => Asking::Fixed,
        OPEN => Asking::Open,
        other => {
            intake.problem(row.line, Field::Asking, other, "write fixed or open");
            return None;
        }
    };
    let text = row.cell(options);
    if text.is_empty() {
        return Some(Terms {
            asking,
            options: Options::default(),
        });
    }
    match serde_json::from_str(text) {
        Ok(options) => Some(Terms { asking, options }),
        Err(error) => {
            let reason = format!("this is not the JSON of options ({error})");
            intake.problem(row.line, Field::Options, text, reason);
            None
        }
    }
}
