//! What an import changed or would change, for people and for scripts.

use std::path::Path;

use serde::Serialize;

use crate::domain::catalog::{CatalogChange, Product, Visibility};
use crate::domain::link::Asking;
use crate::domain::locale::Locale;
use crate::domain::money::Amount;
use crate::domain::options::Options;
use crate::proto::catalog::{CatalogFile, Field, Format, MappedColumn, Problem, Skipped};

/// The most lines of a kind that people are shown; scripts get all.
const LINES_MAX: usize = 100;

/// The report of `catalog import`; its field names are a contract.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    /// Which file.
    pub file: String,
    /// Whose it is.
    pub format: Format,
    /// What was done with it.
    pub outcome: Outcome,
    /// Which columns were taken for what.
    pub mapping: Vec<MappedColumn>,
    /// Products that are new.
    pub added: Vec<ProductLine>,
    /// Products that are there and differ.
    pub changed: Vec<ChangedProduct>,
    /// Products that the file does not name, with `--replace`.
    pub archived: Vec<ProductLine>,
    /// Products that are there and the same.
    pub unchanged: usize,
    /// Rows that could not be read.
    pub problems: Vec<Problem>,
    /// Rows that are no products of a till.
    pub skipped: Vec<Skipped>,
    /// What else the owner should know.
    pub notes: Vec<String>,
    #[serde(skip)]
    locale: Locale,
}

/// What became of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The changes are stored.
    Done,
    /// Nothing was stored, as asked.
    DryRun,
    /// Nothing was stored: rows have problems, and all or nothing was asked for.
    Refused,
}

/// A product in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductLine {
    /// Its article number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its price.
    pub price: Amount,
}

/// A product that differs, field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedProduct {
    /// Its article number.
    pub sku: String,
    /// Its name, as it will be.
    pub name: String,
    /// What differs.
    pub fields: Vec<ChangedField>,
}

/// A field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedField {
    /// Which.
    pub field: Field,
    /// As it is.
    pub old: Content,
    /// As it will be.
    pub new: Content,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// Nothing.
    Nothing,
    /// A line of text.
    Text(String),
    /// A price.
    Price(Amount),
    /// Barcodes.
    Codes(Vec<String>),
    /// Shown, hidden or archived.
    Visibility(Visibility),
}

impl ImportReport {
    pub(super) fn new(
        file: &Path,
        read: CatalogFile,
        change: &CatalogChange,
        outcome: Outcome,
        notes: Vec<String>,
        locale: Locale,
    ) -> Self {
        Self {
            file: file.display().to_string(),
            format: read.format,
            outcome,
            mapping: read.mapping,
            added: change.added.iter().map(ProductLine::of).collect(),
            changed: change
                .changed
                .iter()
                .map(|(before, after)| ChangedProduct {
                    sku: after.sku.clone(),
                    name: after.name.clone(),
                    fields: differences(before, after),
                })
                .collect(),
            archived: change
                .archived
                .iter()
                .map(|product| ProductLine::of(product))
                .collect(),
            unchanged: change.unchanged,
            problems: read.problems,
            skipped: read.skipped,
            notes,
            locale,
        }
    }

    /// Whether the command did what it was asked for. Single bad rows are no failure; a file of
    /// nothing but bad rows is, and so is one that `--strict` refused.
    pub const fn is_done(&self) -> bool {
        let nothing_read = self.added.is_empty() && self.changed.is_empty() && self.unchanged == 0;
        let failed = nothing_read && !self.problems.is_empty();
        !failed && !matches!(self.outcome, Outcome::Refused)
    }

    /// The report for people.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        self.write_text(&mut out);
        out
    }

    fn write_text(&self, out: &mut String) {
        let columns = self.mapping.iter();
        let columns: Vec<String> = columns
            .map(|column| format!("{}={:?}", column.field, column.heading))
            .collect();
        line(out, &format!("{}: {}", self.file, self.format));
        line(out, &format!("columns: {}", columns.join(", ")));
        if self.outcome == Outcome::DryRun {
            self.write_changes(out);
        }
        let problems = self.problems.iter().map(|p| format!("{}, {p}", self.file));
        list(out, "problem", problems.collect());
        let skipped = self.skipped.iter().map(|s| format!("{}, {s}", self.file));
        list(out, "skipped", skipped.collect());
        list(out, "note", self.notes.clone());
        let said = match self.outcome {
            Outcome::Done => "imported",
            Outcome::DryRun => "would be imported",
            Outcome::Refused => {
                let text = "nothing is imported, because rows have problems: correct them, or leave --strict out";
                line(out, text);
                "would have been imported"
            }
        };
        line(
            out,
            &format!(
                "{said}: {} added, {} changed, {} archived, {} unchanged; {} problems, {} skipped",
                self.added.len(),
                self.changed.len(),
                self.archived.len(),
                self.unchanged,
                self.problems.len(),
                self.skipped.len(),
            ),
        );
    }

    /// Exactly what would change: never shortened.
    fn write_changes(&self, out: &mut String) {
        for product in &self.added {
            let price = product.price.format(self.locale);
            line(
                out,
                &format!("+ {} {:?} {price}", product.sku, product.name),
            );
        }
        for product in &self.changed {
            line(out, &format!("~ {} {:?}", product.sku, product.name));
            for field in &product.fields {
                let old = field.old.to_text(self.locale);
                let new = field.new.to_text(self.locale);
                line(out, &format!("    {}: {old} → {new}", field.field));
            }
        }
        for product in &self.archived {
            line(
                out,
                &format!("- {} {:?}: archived", product.sku, product.name),
            );
        }
    }
}

impl ProductLine {
    fn of(product: &Product) -> Self {
        Self {
            sku: product.sku.clone(),
            name: product.name.clone(),
            price: product.price,
        }
    }
}

impl Content {
    fn to_text(&self, locale: Locale) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Text(text) => format!("{text:?}"),
            Self::Price(price) => price.format(locale),
            Self::Codes(codes) => codes.join(" "),
            Self::Visibility(Visibility::Shown) => "shown".to_owned(),
            Self::Visibility(Visibility::Hidden) => "hidden".to_owned(),
            Self::Visibility(Visibility::Archived) => "archived".to_owned(),
        }
    }

    fn text(text: Option<&str>) -> Self {
        text.filter(|text| !text.is_empty())
            .map_or(Self::Nothing, |text| Self::Text(text.to_owned()))
    }

    fn options(options: &Options) -> Self {
        // Names, numbers and texts always have a JSON form.
        let text = serde_json::to_string(options).ok();
        Self::text(text.as_deref().filter(|_| !options.is_empty()))
    }

    fn codes(codes: &[String]) -> Self {
        if codes.is_empty() {
            Self::Nothing
        } else {
            Self::Codes(codes.to_vec())
        }
    }
}

/// Every field with its contents.
fn contents(product: &Product) -> [(Field, Content); 10] {
    let asking = match product.asking {
        Asking::Fixed => "fixed",
        Asking::Open => "open",
    };
    [
        (Field::Name, Content::text(Some(&product.name))),
        (Field::Group, Content::text(product.group.as_deref())),
        (Field::Category, Content::text(product.category.as_deref())),
        (
            Field::Description,
            Content::text(Some(&product.description)),
        ),
        (Field::Price, Content::Price(product.price)),
        (Field::Barcodes, Content::codes(&product.barcodes)),
        (Field::Picture, Content::text(product.picture.as_deref())),
        (Field::Visibility, Content::Visibility(product.visibility)),
        (Field::Asking, Content::Text(asking.to_owned())),
        (Field::Options, Content::options(&product.options)),
    ]
}

fn differences(before: &Product, after: &Product) -> Vec<ChangedField> {
    contents(before)
        .into_iter()
        .zip(contents(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| ChangedField { field, old, new })
        .collect()
}

fn list(out: &mut String, kind: &str, lines: Vec<String>) {
    let more = lines.len().saturating_sub(LINES_MAX);
    for text in lines.into_iter().take(LINES_MAX) {
        line(out, &format!("{kind}: {text}"));
    }
    if more > 0 {
        line(out, &format!("{kind}: and {more} more; --json lists all"));
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
