//! Catalog files: Tillcode's own, spreadsheets, and the exports of shops.
//!
//! Bytes in, values out: [`read`] names every row that it cannot take and keeps the others. It opens
//! no files and fetches no pictures. The way of a file: `text` or `sheet` makes a grid of cells
//! of it, `detect` finds the heading row and says whose it is, one reader per format turns rows
//! into drafts, and `intake` checks the drafts and makes products of them.

use chrono::NaiveDate;

use crate::domain::locale::Locale;
use crate::domain::money::Currency;

mod clean;
mod columns;
mod detect;
mod draft;
mod guess;
mod html;
mod intake;
mod loyverse;
mod price;
mod report;
mod sheet;
mod shopify;
mod sku;
mod square;
pub mod stock;
mod table;
mod text;
mod tillcode;
mod woocommerce;

pub use clean::{CODE, DESCRIPTION, Fault, LABEL, NAME, PICTURE, one_line, plain_text};
pub use columns::Field;
pub use detect::Format;
pub use draft::{BadField, check};
pub use guess::Mapping;
pub use report::{CatalogFile, CatalogFileError, MappedColumn, Problem, Skipped};
pub use sku::SkuMaker;
pub use tillcode::{write_csv, write_json};

/// The largest catalog file, in bytes. Fifty thousand products of an online shop take about 50 MB.
pub const FILE_BYTES_MAX: u64 = 200 << 20;
/// The most rows of a file, with those that are no products.
pub const ROWS_MAX: usize = 500_000;
/// The most products of a file: what the till lists in one answer.
pub const PRODUCTS_MAX: usize = 100_000;
/// The most columns of a file.
pub const COLUMNS_MAX: usize = 1_024;

/// What the reader has to know besides the bytes.
#[derive(Clone, Debug)]
pub struct ReadOptions<'a> {
    /// Whose file it is; none finds out.
    pub format: Option<Format>,
    /// How this file writes numbers, where somebody said so.
    pub stated_locale: Option<Locale>,
    /// How the shop writes numbers: for lists that are nobody's export.
    pub shop_locale: Locale,
    /// The currency of prices that name none.
    pub currency: Currency,
    /// Decides whether a sale price counts.
    pub today: NaiveDate,
    /// What products' ids are derived from, together with the SKU.
    pub shop_key: &'a str,
    /// Columns that were named by hand.
    pub mapping: &'a Mapping,
}

/// Reads a catalog file of any kind that is known here.
///
/// `file_name` only helps to tell spreadsheets apart; what the bytes say goes first.
pub fn read(
    bytes: &[u8],
    file_name: &str,
    options: &ReadOptions<'_>,
) -> Result<CatalogFile, CatalogFileError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(CatalogFileError::Empty);
    }
    if let Some(kind) = sheet::Kind::of(bytes, file_name)? {
        return read_grids(sheet::grids(bytes, kind)?, options);
    }
    let text = text::decode(bytes)?;
    if text.trim_start().starts_with(['{', '[']) {
        return tillcode::read_json(&text, options);
    }
    read_grids(vec![text::grid(&text)?], options)
}

fn read_grids(
    grids: Vec<table::Grid>,
    options: &ReadOptions<'_>,
) -> Result<CatalogFile, CatalogFileError> {
    let (format, table) = detect::recognize(grids, options)?;
    let mut intake = intake::Intake::new(&table);
    match format {
        Format::Tillcode => tillcode::read_table(&table, options, &mut intake),
        Format::Shopify => shopify::read(&table, options, &mut intake),
        Format::Square => square::read(&table, options, &mut intake),
        Format::WooCommerce => woocommerce::read(&table, options, &mut intake),
        Format::Loyverse => loyverse::read(&table, options, &mut intake),
        Format::Table => guess::read(&table, options, &mut intake)?,
    }
    intake.finish(format, options.shop_key)
}

#[cfg(test)]
mod tests;
