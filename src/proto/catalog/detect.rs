//! Whose file it is, and which row is the heading.

use serde::{Deserialize, Serialize};

use super::report::{CatalogFileError, shorten};
use super::table::{Grid, Row, Table, headings, key};
use super::{ReadOptions, guess, woocommerce};

/// How many rows may stand above the headings: titles, dates, instructions.
const PREAMBLE_ROWS_MAX: usize = 20;

/// The formats that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Tillcode's own JSON and CSV.
    Tillcode,
    /// The product export of Shopify.
    Shopify,
    /// The item library of Square.
    Square,
    /// The product export of WooCommerce.
    WooCommerce,
    /// The item list of Loyverse.
    Loyverse,
    /// Anybody's list: the columns are guessed or named by hand.
    Table,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [
        Self::Tillcode,
        Self::Shopify,
        Self::Square,
        Self::WooCommerce,
        Self::Loyverse,
        Self::Table,
    ];

    /// Its name in `--format`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tillcode => "tillcode",
            Self::Shopify => "shopify",
            Self::Square => "square",
            Self::WooCommerce => "woocommerce",
            Self::Loyverse => "loyverse",
            Self::Table => "table",
        }
    }

    /// Whether a heading row is one of this format. What is `stated` needs less to be believed.
    fn fits(self, keys: &[String], stated: Stated) -> bool {
        let has = |name: &str| keys.iter().any(|heading| heading == name);
        let begins = |part: &str| keys.iter().any(|heading| heading.starts_with(part));
        match self {
            Self::Tillcode => {
                let needed = has("name") && has("price");
                needed && (stated == Stated::Yes || (has("sku") && has("currency")))
            }
            Self::Shopify => {
                let priced = has("variant price") || (has("price") && has("option1 name"));
                (has("handle") || has("url handle")) && has("title") && priced
            }
            Self::Square => has("item name") && has("variation name") && has("price"),
            Self::WooCommerce => woocommerce::fits(keys),
            Self::Loyverse => {
                let priced = has("default price") || has("price") || begins("price [");
                let stated = stated == Stated::Yes || has("sku");
                has("handle") && has("name") && priced && stated
            }
            Self::Table => guess::fits(keys),
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether somebody said which format it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stated {
    Yes,
    No,
}

/// Finds the sheet and the row with the headings.
pub(super) fn recognize(
    grids: Vec<Grid>,
    options: &ReadOptions<'_>,
) -> Result<(Format, Table), CatalogFileError> {
    let found = found_headings(&grids);
    if !options.mapping.is_empty() {
        let format = options.format.unwrap_or(Format::Table);
        if format != Format::Table {
            return Err(CatalogFileError::MapAndFormat(format));
        }
        let first = first_row(&grids).map(|row| keys_of(&headings(row)));
        return match pick(grids, |keys| options.mapping.fits(keys)) {
            Some(table) => Ok((format, table)),
            None => Err(options
                .mapping
                .unknown_column(&first.unwrap_or_default(), found)),
        };
    }
    if let Some(format) = options.format {
        return pick(grids, |keys| format.fits(keys, Stated::Yes))
            .map(|table| (format, table))
            .ok_or(CatalogFileError::WrongFormat { format, found });
    }
    let known = |keys: &[String]| {
        let mut formats = Format::ALL.into_iter();
        formats.find(|format| format.fits(keys, Stated::No))
    };
    // A shop's own headings anywhere go before a guess that fits higher up.
    let exported = |keys: &[String]| known(keys).is_some_and(|format| format != Format::Table);
    let any = grids.iter().any(|grid| position(grid, exported).is_some());
    let table = if any {
        pick(grids, exported)
    } else {
        pick(grids, |keys| known(keys).is_some())
    };
    let table = table.ok_or(CatalogFileError::NoHeadings { found })?;
    let format = known(&keys_of(&table.headings)).unwrap_or(Format::Table);
    Ok((format, table))
}

fn pick(grids: Vec<Grid>, fits: impl Fn(&[String]) -> bool) -> Option<Table> {
    grids.into_iter().find_map(|grid| {
        let heading = position(&grid, &fits)?;
        Some(Table::new(grid, heading))
    })
}

fn position(grid: &Grid, fits: impl Fn(&[String]) -> bool) -> Option<usize> {
    let mut rows = grid.rows.iter().take(PREAMBLE_ROWS_MAX);
    rows.position(|row: &Row| fits(&keys_of(&headings(row))))
}

fn keys_of(headings: &[String]) -> Vec<String> {
    headings.iter().map(|heading| key(heading)).collect()
}

fn first_row(grids: &[Grid]) -> Option<&Row> {
    grids.first().and_then(|grid| grid.rows.first())
}

/// The first row of the file, for messages.
fn found_headings(grids: &[Grid]) -> String {
    let headings = first_row(grids).map(headings).unwrap_or_default();
    let shown: Vec<String> = headings
        .iter()
        .filter(|heading| !heading.is_empty())
        .take(12)
        .map(|heading| format!("{:?}", shorten(heading)))
        .collect();
    shown.join(", ")
}
