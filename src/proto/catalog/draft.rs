//! One row as its format understands it, and the rules that every product keeps.

use super::clean::{self, Fault, one_line, plain_text};
use super::columns::Field;
use super::report::shorten;
use crate::domain::catalog::{BARCODES_MAX, Product, Visibility};
use crate::domain::id::ProductId;
use crate::domain::link::Asking;
use crate::domain::money::Amount;
use crate::domain::options::Options;

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
            asking: Asking::Fixed,
            options: Options::default(),
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
    };
    match checked(draft) {
        Ok(draft) if draft.price.minor <= 0 => Err(BadField {
            field: Field::Price,
            value: draft.price.to_decimal(),
            reason: "the price must be above zero".to_owned(),
        }),
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

fn line_of(field: Field, text: &str, max: usize) -> Result<String, Refusal> {
    one_line(text, max).map_err(|fault: Fault| (field, text.to_owned(), fault.to_string()))
}

fn label(field: Field, text: Option<&str>, max: usize) -> Result<Option<String>, Refusal> {
    let line = line_of(field, text.unwrap_or(""), max)?;
    Ok(Some(line).filter(|line| !line.is_empty()))
}
