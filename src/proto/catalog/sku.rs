//! Article numbers for products that come without one.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::clean::CODE;
use crate::domain::fold::slug;
use crate::domain::id::hex;

/// A SKU for a row that has none: the same for the same row in every later export.
///
/// Where two rows call themselves the same, a barcode or the category tells them apart; only where
/// nothing does, their order in the file has to.
///
/// `marks` are barcode and category.
pub fn free_sku(basis: &str, marks: &[&str], taken: &BTreeSet<String>) -> String {
    let basis = bounded(&slug(basis), basis);
    if !taken.contains(&basis) {
        return basis;
    }
    let marked = marks.iter().map(|mark| with_mark(&basis, &slug(mark)));
    let numbered = (2_u32..).map(|number| with_mark(&basis, &number.to_string()));
    marked
        .chain(numbered)
        .find(|sku| !taken.contains(sku))
        .unwrap_or(basis)
}

fn with_mark(basis: &str, mark: &str) -> String {
    let sku = format!("{basis}-{mark}");
    bounded(&sku, &sku)
}

/// A slug that fits: a long one, or one of signs only, ends with a hash of what it was made from.
fn bounded(slug: &str, basis: &str) -> String {
    const HASH_DIGITS: usize = 8;
    if !slug.is_empty() && slug.chars().count() <= CODE {
        return slug.to_owned();
    }
    let kept = CODE.saturating_sub(HASH_DIGITS).saturating_sub(1);
    let digest = hex(&Sha256::digest(basis.as_bytes()));
    let mut sku: String = slug.chars().take(kept).collect();
    sku.push('-');
    sku.extend(digest.chars().take(HASH_DIGITS));
    sku.trim_start_matches('-').to_owned()
}
