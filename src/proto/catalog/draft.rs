//! One row as its format understands it, and the rules that every product keeps.

use super::clean::{self, Fault, one_line, plain_text};
use super::columns::Field;
use super::report::shorten;
use crate::domain::catalog::{BARCODES_MAX, Product, Visibility};
use crate::domain::id::ProductId;
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::domain::options::{OPTIONS_MAX, OptionValue, Options};

/// The longest text of an option, in characters.
const OPTION_CHARS_MAX: usize = 2_000;

/// A row as its format understands it, not yet checked.
#[derive(Debug)]
pub(super) struct Draft {
    pub line: u64,
    /// Empty where the row has none.
    pub sku: String,
    /// What a missing SKU is made from: handle and options, or the name.
    pub basis: String,
    pub name: String,
    pub group: Option<String>,
    pub category: Option<String>,
    /// Plain text already.
    pub description: String,
    pub price: Amount,
    pub barcodes: Vec<String>,
    pub picture: Option<String>,
    pub visibility: Visibility,
    pub terms: Terms,
}

/// What only Tillcode's own files say of a product.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    pub asking: Asking,
    pub options: Options,
}

impl Draft {
    pub(super) fn into_product(self, shop_key: &str) -> Product {
        Product {
            id: ProductId::of_sku(shop_key, &self.sku),
            sku: self.sku,
            name: self.name,
            group: self.group,
            category: self.category,
            description: self.description,
            price: self.price,
            asking: self.terms.asking,
            options: self.terms.options,
            barcodes: self.barcodes,
            picture: self.picture,
            visibility: self.visibility,
        }
    }
}

/// Checks a product that somebody typed, by the rules for files. Its SKU decides its id.
pub fn check(product: Product, shop_key: &str) -> Result<Product, BadField> {
    let draft = Draft {
        line: 0,
        sku: product.sku,
        basis: String::new(),
        name: product.name,
        group: product.group,
        category: product.category,
        description: product.description,
        price: product.price,
        barcodes: product.barcodes,
        picture: product.picture,
        visibility: product.visibility,
        terms: Terms {
            asking: product.asking,
            options: product.options,
        },
    };
    match checked(draft) {
        Ok(draft) => Ok(draft.into_product(shop_key)),
        Err((field, value, reason)) => Err(BadField {
            field,
            value: shorten(&value),
            reason,
        }),
    }
}

/// What is wrong with a product that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {value:?}: {reason}")]
pub struct BadField {
    /// Which field.
    pub field: Field,
    /// What was typed, shortened.
    pub value: String,
    /// What is wrong with it and what helps.
    pub reason: String,
}

/// The field, what stands in it, and what is wrong with that.
type Refusal = (Field, String, String);

/// A draft with clean texts, all within their bounds.
pub(super) fn checked(draft: Draft) -> Result<Draft, Refusal> {
    let name = line_of(Field::Name, &draft.name, clean::NAME)?;
    if name.is_empty() {
        let reason = "there is no name".to_owned();
        return Err((Field::Name, String::new(), reason));
    }
    let mut barcodes: Vec<String> = Vec::new();
    for code in &draft.barcodes {
        let code = line_of(Field::Barcodes, code, clean::CODE)?;
        if !code.is_empty() && !barcodes.contains(&code) {
            barcodes.push(code);
        }
    }
    if barcodes.len() > BARCODES_MAX {
        let reason = format!(
            "{} barcodes are too many: keep {BARCODES_MAX}",
            barcodes.len()
        );
        return Err((Field::Barcodes, barcodes.join(" "), reason));
    }
    let is_priced = match draft.terms.asking {
        Asking::Fixed => draft.price.minor > 0,
        Asking::Open => draft.price.minor >= 0,
    };
    if !is_priced {
        let reason = "the price must be above zero".to_owned();
        return Err((Field::Price, draft.price.to_decimal(), reason));
    }
    check_options(&draft.terms.options)?;
    Ok(Draft {
        sku: line_of(Field::Sku, &draft.sku, clean::CODE)?,
        group: label(Field::Group, draft.group.as_deref(), clean::LABEL)?,
        category: label(Field::Category, draft.category.as_deref(), clean::LABEL)?,
        description: plain_text(&draft.description, clean::DESCRIPTION),
        picture: label(Field::Picture, draft.picture.as_deref(), clean::PICTURE)?,
        name,
        barcodes,
        ..draft
    })
}

/// Their names and values are the business of an account's codec; here they only have to fit.
fn check_options(options: &Options) -> Result<(), Refusal> {
    let refuse = |name: &str, reason: String| Err((Field::Options, name.to_owned(), reason));
    let count = options.iter().count();
    if count > OPTIONS_MAX {
        return refuse(
            "",
            format!("{count} options are too many: keep {OPTIONS_MAX}"),
        );
    }
    for (name, value) in options.iter() {
        let longer = |text: &str, max: usize| text.chars().nth(max).is_some();
        let is_short = |text: &String| !longer(text, OPTION_CHARS_MAX);
        let fits = match value {
            OptionValue::Switch(_) | OptionValue::Whole(_) => true,
            OptionValue::Text(text) => is_short(text),
            OptionValue::Table(table) => {
                table.len() <= OPTIONS_MAX
                    && table
                        .iter()
                        .all(|(name, text)| is_short(name) && is_short(text))
            }
        };
        if name.is_empty() || longer(name, clean::CODE) || !fits {
            return refuse(
                name,
                format!("an option has at most {OPTION_CHARS_MAX} characters: shorten it"),
            );
        }
    }
    Ok(())
}

fn line_of(field: Field, text: &str, max: usize) -> Result<String, Refusal> {
    one_line(text, max).map_err(|fault: Fault| (field, text.to_owned(), fault.to_string()))
}

fn label(field: Field, text: Option<&str>, max: usize) -> Result<Option<String>, Refusal> {
    let line = line_of(field, text.unwrap_or(""), max)?;
    Ok(Some(line).filter(|line| !line.is_empty()))
}
