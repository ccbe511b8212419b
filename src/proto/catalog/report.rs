//! What came out of a file: products, and every row that became none, with its reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::columns::Field;
use super::detect::Format;
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::ProductId;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogFile {
    /// Whose file it is.
    pub format: Format,
    /// Which columns were taken for what.
    pub mapping: Vec<MappedColumn>,
    /// In the order of the file.
    pub products: Vec<Product>,
    /// Rows that should have become products and did not.
    pub problems: Vec<Problem>,
    /// Rows that are no products of a till.
    pub skipped: Vec<Skipped>,
}

/// A column and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappedColumn {
    /// The field.
    pub field: Field,
    /// The column's heading as it is written.
    pub heading: String,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where the row begins, from 1.
    pub line: u64,
    /// The column's heading; empty where the row as a whole is wrong.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong with it and what helps.
    pub reason: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": ")?;
        if !self.value.is_empty() {
            write!(f, "{:?}: ", self.value)?;
        }
        f.write_str(&self.reason)
    }
}

/// A row that is left out on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Where the row begins, from 1.
    pub line: u64,
    /// What it calls itself, shortened.
    pub name: String,
    /// Why it is no product of a till.
    pub reason: String,
}

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {:?}: {}", self.line, self.name, self.reason)
    }
}

impl CatalogFile {
    /// Whether the file has something to say on a field.
    pub fn has(&self, field: Field) -> bool {
        self.mapping.iter().any(|column| column.field == field)
    }

    /// Lets products that are there keep what the file has no column for: a list of new prices
    /// takes no category and no picture away. What comes back from the archive is shown.
    pub fn keep_what_is_not_named(&mut self, present: &BTreeMap<ProductId, Arc<Product>>) {
        let named: Vec<Field> = self.mapping.iter().map(|column| column.field).collect();
        let lacks = |field| !named.contains(&field);
        for product in &mut self.products {
            let Some(before) = present.get(&product.id) else {
                continue;
            };
            if lacks(Field::Group) && product.group.is_none() {
                product.group.clone_from(&before.group);
            }
            if lacks(Field::Category) {
                product.category.clone_from(&before.category);
            }
            if lacks(Field::Description) {
                product.description.clone_from(&before.description);
            }
            if lacks(Field::Barcodes) {
                product.barcodes.clone_from(&before.barcodes);
            }
            if lacks(Field::Picture) {
                product.picture.clone_from(&before.picture);
            }
            if lacks(Field::Asking) {
                product.asking = before.asking;
            }
            if lacks(Field::Options) {
                product.options.clone_from(&before.options);
            }
            if lacks(Field::Visibility) && before.visibility == Visibility::Hidden {
                product.visibility = Visibility::Hidden;
            }
        }
    }
}

/// Why a file gave no products at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogFileError {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither text nor a spreadsheet that is known.
    #[error(
        "this is neither text nor an .xlsx or .ods spreadsheet: save the list as .xlsx or .csv"
    )]
    Binary,
    /// A spreadsheet that cannot be opened.
    #[error("the spreadsheet cannot be read: save it again as .xlsx or .csv ({0})")]
    Sheet(String),
    /// A spreadsheet that would unpack to more than memory should hold.
    #[error("the spreadsheet unpacks to more than {limit_mb} MB: save the list alone as .csv")]
    SheetTooLarge {
        /// What is allowed.
        limit_mb: u64,
    },
    /// More rows than allowed.
    #[error("there are more than {0} rows: split the file")]
    TooManyRows(usize),
    /// More products than a till lists.
    #[error("there are more than {0} products: split the catalog among several shops")]
    TooManyProducts(usize),
    /// More columns than allowed.
    #[error("line {line} has more than {limit} columns: is the right separator used?")]
    TooManyColumns {
        /// Where.
        line: u64,
        /// What is allowed.
        limit: usize,
    },
    /// No row that looks like headings.
    #[error(
        "no columns for name and price were recognized among {found}: name them with --map name=\"…\",price=\"…\""
    )]
    NoHeadings {
        /// The first row.
        found: String,
    },
    /// `--format` names a format whose columns are not there.
    #[error(
        "this is not a {format} file: its headings are {found}; leave --format out to let the file say what it is"
    )]
    WrongFormat {
        /// What was asked for.
        format: Format,
        /// The first row.
        found: String,
    },
    /// `--map` names a column that is not there.
    #[error("there is no column {wanted:?}: the headings are {found}")]
    UnknownColumn {
        /// What was asked for.
        wanted: String,
        /// The first row.
        found: String,
    },
    /// `--map` for an export whose columns are known.
    #[error("--map is for lists with columns of their own: leave --format {0} or --map out")]
    MapAndFormat(Format),
    /// `--map` that cannot be read.
    #[error("{0:?} is not a mapping: write it as name=Column,price=\"Other column\"")]
    Mapping(String),
    /// `--map` names a field that a product does not have.
    #[error("{0:?} is not a field of a product: use one of {known}", known = known_fields())]
    UnknownField(String),
    /// Text that is no JSON.
    #[error("line {line}: this is not the JSON of a catalog: {reason}")]
    Json {
        /// Where.
        line: u64,
        /// What the parser says.
        reason: String,
    },
    /// A newer file than this program knows.
    #[error(
        "the file has version {0} of the catalog format, this program reads version 1: update it"
    )]
    Version(u64),
}

fn known_fields() -> String {
    Field::ALL.map(Field::name).join(", ")
}

/// Shortens a value for a message.
pub(super) fn shorten(value: &str) -> String {
    const SHOWN: usize = 80;
    let mut short: String = value.chars().take(SHOWN).collect();
    if value.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    short
}
