//! What is sold: products, and the catalog as the screens see it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::id::ProductId;
use super::link::{Ask, Asking};
use super::money::Amount;
use super::options::Options;
use super::search::SearchIndex;

/// The longest name of a product, in characters. Longer ones are refused where they come in.
pub const NAME_CHARS_MAX: usize = 200;
/// The longest SKU and barcode, in characters.
pub const SKU_CHARS_MAX: usize = 64;
/// The longest description, in characters; longer ones are cut where they come in.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// The most barcodes of one product.
pub const BARCODES_MAX: usize = 16;

/// Whether a product can be tapped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// On the Sell screen.
    #[default]
    Shown,
    /// Known, found by its barcode, but without a tile: unpublished in the shop it came from.
    Hidden,
    /// No longer sold; kept because old sales name it.
    Archived,
}

/// One thing that is sold at one price. A variant (`Shirt, Small`) is a product of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Derived from the shop and the SKU, so it is the same on every till.
    pub id: ProductId,
    /// The owner's article number, unique in the shop.
    pub sku: String,
    /// What the tile says, with the variant in it.
    pub name: String,
    /// What variants of one thing have in common (`Shirt`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Where the Sell screen files it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Plain text; no markup.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// What one piece costs; above zero, or zero where the payer types it.
    pub price: Amount,
    /// Who says how much.
    #[serde(default, skip_serializing_if = "is_fixed")]
    pub asking: Asking,
    /// What only a payment provider understands.
    #[serde(default, skip_serializing_if = "Options::is_empty")]
    pub options: Options,
    /// Codes that a scanner reads off the goods.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barcodes: Vec<String>,
    /// Where its picture comes from: a file's name or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Whether it can be tapped.
    #[serde(default)]
    pub visibility: Visibility,
}

/// For serde: what almost every product is needs no mention.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_fixed(asking: &Asking) -> bool {
    *asking == Asking::Fixed
}

impl Product {
    /// What its permanent link asks for.
    pub const fn ask(&self) -> Ask {
        match self.asking {
            Asking::Fixed => Ask::fixed(self.price),
            Asking::Open => Ask::open(self.price.currency),
        }
    }
}

/// All products at one moment, with what is needed to find one. Made as a whole and then never
/// changed; a new catalog has a higher revision.
#[derive(Debug, Default)]
pub struct Catalog {
    revision: u64,
    products: Vec<Arc<Product>>,
    categories: Vec<Category>,
    by_id: BTreeMap<ProductId, usize>,
    by_code: BTreeMap<String, usize>,
    search: SearchIndex,
}

/// A heading of the Sell screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its name; empty for products without one.
    pub name: String,
    /// Positions in [`Catalog::products`] of the products shown under it.
    pub products: Vec<usize>,
}

impl Catalog {
    /// Sorts and indexes. Takes tens of milliseconds for 50,000 products: never on a screen's path.
    pub fn index(revision: u64, mut products: Vec<Arc<Product>>) -> Self {
        products
            .sort_by(|a, b| (&a.category, &a.name, &a.sku).cmp(&(&b.category, &b.name, &b.sku)));
        let mut by_code = BTreeMap::new();
        let mut categories: Vec<Category> = Vec::new();
        let numbered = || products.iter().enumerate();
        let by_id = numbered()
            .map(|(position, product)| (product.id, position))
            .collect();
        for (position, product) in numbered() {
            if product.visibility == Visibility::Archived {
                continue;
            }
            for barcode in &product.barcodes {
                by_code.entry(barcode.clone()).or_insert(position);
            }
            if product.visibility == Visibility::Shown {
                let name = product.category.as_deref().unwrap_or("");
                match categories.last_mut() {
                    Some(last) if last.name == name => last.products.push(position),
                    _ => categories.push(Category {
                        name: name.to_owned(),
                        products: vec![position],
                    }),
                }
            }
        }
        // A SKU wins over a barcode that happens to read the same.
        for (position, product) in numbered() {
            if product.visibility != Visibility::Archived {
                by_code.insert(product.sku.clone(), position);
            }
        }
        let search = SearchIndex::build(
            numbered()
                .filter(|(_, product)| product.visibility == Visibility::Shown)
                .map(|(position, product)| (position, product.as_ref())),
        );
        Self {
            revision,
            products,
            categories,
            by_id,
            by_code,
            search,
        }
    }

    /// Higher for a newer catalog.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Every product, sorted by category, name and SKU; hidden and archived ones too.
    pub fn products(&self) -> &[Arc<Product>] {
        &self.products
    }

    /// The headings of the Sell screen, each with what is shown under it.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The product of an id.
    pub fn product(&self, id: ProductId) -> Option<&Arc<Product>> {
        self.by_id
            .get(&id)
            .and_then(|position| self.products.get(*position))
    }

    /// The product at a position that [`Category::products`] or [`Catalog::search`] gave.
    pub fn at(&self, position: usize) -> Option<&Arc<Product>> {
        self.products.get(position)
    }

    /// The product that a scanner means: by SKU, else by barcode. Archived ones are not sold.
    pub fn by_code(&self, code: &str) -> Option<&Arc<Product>> {
        self.by_code
            .get(code)
            .and_then(|position| self.products.get(*position))
    }

    /// Positions of at most `limit` shown products whose words begin with the words of `query`.
    pub fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        self.search.find(query, limit)
    }
}

/// How a file's products differ from those that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogChange {
    /// Not there yet.
    pub added: Vec<Product>,
    /// There, but different: as it is now, and as it will be.
    pub changed: Vec<(Arc<Product>, Product)>,
    /// In the file and the same.
    pub unchanged: usize,
    /// Not in the file, and the owner asked to replace: as they are now.
    pub archived: Vec<Arc<Product>>,
}

/// Whether products that a file does not name stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They stay as they are.
    Keep,
    /// They are archived.
    Archive,
}

impl CatalogChange {
    /// Compares what is there with what comes in. Doing it twice changes nothing the second time.
    pub fn between(
        present: &BTreeMap<ProductId, Arc<Product>>,
        incoming: Vec<Product>,
        missing: Missing,
    ) -> Self {
        let mut change = Self::default();
        let mut named = BTreeSet::new();
        for product in incoming {
            named.insert(product.id);
            match present.get(&product.id) {
                None => change.added.push(product),
                Some(before) if **before == product => {
                    change.unchanged = change.unchanged.saturating_add(1);
                }
                Some(before) => change.changed.push((Arc::clone(before), product)),
            }
        }
        if missing == Missing::Archive {
            change.archived = present
                .values()
                .filter(|product| product.visibility != Visibility::Archived)
                .filter(|product| !named.contains(&product.id))
                .cloned()
                .collect();
        }
        change
    }

    /// Whether there is nothing to do.
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.archived.is_empty()
    }

    /// Every product as it will be stored.
    pub fn into_products(self) -> Vec<Product> {
        let changed = self.changed.into_iter().map(|(_, after)| after);
        let archived = self.archived.into_iter().map(|before| Product {
            visibility: Visibility::Archived,
            ..Product::clone(&before)
        });
        self.added
            .into_iter()
            .chain(changed)
            .chain(archived)
            .collect()
    }
}
