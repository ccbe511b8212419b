//! Article numbers for products that come without one.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::clean::CODE;
use crate::domain::fold::slug;
use crate::domain::id::hex;

/// Makes article numbers that nobody has yet.
#[derive(Clone, Debug, Default)]
pub struct SkuMaker {
    taken: BTreeSet<String>,
    /// The next number to try behind a basis, so that a thousand rows called `Tea` stay quick.
    next: BTreeMap<String, u32>,
}

impl SkuMaker {
    /// Knows the article numbers that are given.
    pub fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self {
            taken: taken.into_iter().collect(),
            next: BTreeMap::new(),
        }
    }

    /// Whether an article number is given.
    pub fn is_taken(&self, sku: &str) -> bool {
        self.taken.contains(sku)
    }

    /// An article number for a product that calls itself `basis`: the same in every later export.
    ///
    /// Where two call themselves the same, one of the `marks` (barcode, category) tells them apart;
    /// only where none does, their order in the file has to.
    pub fn make(&mut self, basis: &str, marks: &[&str]) -> String {
        let basis = bounded(&slug(basis), basis);
        let plain = std::iter::once(basis.clone());
        let marked = marks.iter().map(|mark| with_mark(&basis, &slug(mark)));
        let free = plain.chain(marked).find(|sku| !self.taken.contains(sku));
        let sku = free.unwrap_or_else(|| self.numbered(&basis));
        self.taken.insert(sku.clone());
        sku
    }

    fn numbered(&mut self, basis: &str) -> String {
        let next = self.next.entry(basis.to_owned()).or_insert(2);
        loop {
            let sku = with_mark(basis, &next.to_string());
            *next = next.saturating_add(1);
            if !self.taken.contains(&sku) {
                return sku;
            }
        }
    }
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
