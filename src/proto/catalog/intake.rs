//! From drafts to products: everything that is the same for all formats.
//!
//! Prices that are missing, SKUs that are given twice, SKUs that are missing. A missing one is
//! made from what the row says of itself, after all given ones are known, so that it never takes
//! another row's.

use std::collections::BTreeMap;

use super::PRODUCTS_MAX;
use super::columns::Field;
use super::detect::Format;
use super::draft::{Draft, checked};
use super::price::PriceFault;
use super::report::{CatalogFile, CatalogFileError, MappedColumn, Problem, Skipped, shorten};
use super::sku::SkuMaker;
use super::table::{Row, Table};
use crate::domain::money::Amount;

/// What becomes of a row without a price, or with a price of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unpriced {
    /// A shop's export: the row is not for sale as it stands.
    Skip,
    /// Somebody's list: the price was forgotten.
    Problem,
}

/// Gathers the rows of one file.
#[derive(Debug, Default)]
pub(super) struct Intake {
    headings: BTreeMap<Field, String>,
    /// Checked, but with ids still to be made.
    drafts: Vec<Draft>,
    problems: Vec<Problem>,
    skipped: Vec<Skipped>,
}

impl Intake {
    /// For the rows of a table.
    pub(super) fn new(table: &Table) -> Self {
        let mut intake = Self::default();
        if let Some(line) = table.unclosed {
            intake.whole_row(
                line,
                "a quotation mark is opened here and never closed, so the rest of the file is one cell: close it",
            );
        }
        intake
    }

    /// Finds the column of a field by its headings, and remembers it for the report.
    pub(super) fn bind(&mut self, table: &Table, field: Field, names: &[&str]) -> Option<usize> {
        let column = table.column(names)?;
        self.bind_to(table, field, column);
        Some(column)
    }

    /// Remembers which column a field was found in.
    pub(super) fn bind_to(&mut self, table: &Table, field: Field, column: usize) {
        self.headings
            .insert(field, table.heading(column).to_owned());
    }

    /// Remembers that a file without columns holds a field.
    pub(super) fn bind_name(&mut self, field: Field) {
        self.headings.insert(field, field.name().to_owned());
    }

    /// Remembers that a file without columns holds every field.
    pub(super) fn bind_all(&mut self) {
        for field in Field::ALL {
            if field != Field::Variant {
                self.headings.insert(field, field.name().to_owned());
            }
        }
    }

    /// Names what is wrong with a cell.
    pub(super) fn problem(
        &mut self,
        line: u64,
        field: Field,
        value: &str,
        reason: impl Into<String>,
    ) {
        let heading = self.headings.get(&field).map(String::as_str);
        let column = heading.unwrap_or(field.name()).to_owned();
        self.problem_at(line, &column, value, reason);
    }

    /// Names what is wrong with a cell under a heading that is no field of a product.
    pub(super) fn problem_at(
        &mut self,
        line: u64,
        column: &str,
        value: &str,
        reason: impl Into<String>,
    ) {
        self.problems.push(Problem {
            line,
            column: column.to_owned(),
            value: shorten(value),
            reason: reason.into(),
        });
    }

    /// Names what is wrong with a row as a whole.
    pub(super) fn whole_row(&mut self, line: u64, reason: impl Into<String>) {
        self.problems.push(Problem {
            line,
            column: String::new(),
            value: String::new(),
            reason: reason.into(),
        });
    }

    /// Leaves a row out on purpose.
    pub(super) fn skip(&mut self, line: u64, name: &str, reason: &str) {
        self.skipped.push(Skipped {
            line,
            name: shorten(name),
            reason: reason.to_owned(),
        });
    }

    /// A row with text beyond the last heading: a separator that was not quoted has moved its cells.
    pub(super) fn fits(&mut self, row: &Row, table: &Table) -> bool {
        let beyond = row.cells.iter().skip(table.headings.len());
        let fits = beyond.into_iter().all(|cell| cell.trim().is_empty());
        if !fits {
            self.whole_row(
                row.line,
                "the row has more cells than there are headings: put quotation marks around a value that has the separator in it",
            );
        }
        fits
    }

    /// The price, or nothing and a line in the report.
    pub(super) fn priced(
        &mut self,
        row: &Row,
        column: Option<usize>,
        name: &str,
        price: Result<Amount, PriceFault>,
        unpriced: Unpriced,
    ) -> Option<Amount> {
        match price {
            Ok(price) => Some(price),
            Err(fault @ (PriceFault::Missing | PriceFault::Zero)) if unpriced == Unpriced::Skip => {
                self.skip(row.line, name, &fault.to_string());
                None
            }
            Err(fault) => {
                let cell = row.cell(column);
                let (field, value) = match &fault {
                    // It stands in the currency's own column.
                    PriceFault::Currency(named) if !cell.contains(named.as_str()) => {
                        (Field::Currency, named.as_str())
                    }
                    PriceFault::Currency(_)
                    | PriceFault::Missing
                    | PriceFault::Zero
                    | PriceFault::Negative
                    | PriceFault::NotANumber
                    | PriceFault::Comma
                    | PriceFault::Money(_) => (Field::Price, cell),
                };
                self.problem(row.line, field, value, fault.to_string());
                None
            }
        }
    }

    /// Checks a draft's texts and keeps it, or names what is wrong with it.
    pub(super) fn take(&mut self, draft: Draft) {
        let line = draft.line;
        match checked(draft) {
            Ok(draft) => self.drafts.push(draft),
            Err((field, value, reason)) => self.problem(line, field, &value, reason),
        }
    }

    /// Gives every draft its SKU and id.
    pub(super) fn finish(
        mut self,
        format: Format,
        shop_key: &str,
    ) -> Result<CatalogFile, CatalogFileError> {
        let drafts = std::mem::take(&mut self.drafts);
        if drafts.len() > PRODUCTS_MAX {
            return Err(CatalogFileError::TooManyProducts(PRODUCTS_MAX));
        }
        let drafts = self.without_twins(drafts);
        let mut skus = SkuMaker::new(drafts.iter().map(|draft| draft.sku.clone()));
        let products = drafts
            .into_iter()
            .map(|mut draft| {
                if draft.sku.is_empty() {
                    let marks = draft.barcodes.iter().chain(&draft.category);
                    let marks: Vec<&str> = marks.map(String::as_str).collect();
                    draft.sku = skus.make(&draft.basis, &marks);
                }
                draft.into_product(shop_key)
            })
            .collect();
        self.problems.sort_by_key(|problem| problem.line);
        let mapping = self.headings.into_iter();
        Ok(CatalogFile {
            format,
            mapping: mapping
                .map(|(field, heading)| MappedColumn { field, heading })
                .collect(),
            products,
            problems: self.problems,
            skipped: self.skipped,
        })
    }

    /// Keeps the first of several rows with one SKU and names the others.
    fn without_twins(&mut self, drafts: Vec<Draft>) -> Vec<Draft> {
        let mut lines: BTreeMap<String, u64> = BTreeMap::new();
        let mut kept = Vec::with_capacity(drafts.len());
        for draft in drafts {
            match lines.get(&draft.sku).filter(|_| !draft.sku.is_empty()) {
                None => {
                    lines.insert(draft.sku.clone(), draft.line);
                    kept.push(draft);
                }
                Some(first) => {
                    let reason = format!(
                        "line {first} has the same article number: give each product its own"
                    );
                    self.problem(draft.line, Field::Sku, &draft.sku, reason);
                }
            }
        }
        kept
    }
}
