//! The catalog as the owner changes it: products come in chunks, the index follows by itself.

use std::sync::Arc;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::Terminal;
use super::command::PRODUCTS_PER_COMMAND_MAX;
use super::notice::Notice;
use super::step::{Effect, Write};
use super::turn::Turn;
use crate::domain::catalog::{
    BARCODES_MAX, Catalog, DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX, Product, SKU_CHARS_MAX,
};
use crate::domain::id::{ProductId, hex};
use crate::domain::link::Asking;
use crate::domain::options::OPTIONS_MAX;

/// An import sends many chunks: the index waits until none came for so long …
const QUIET_MS: u64 = 200;
/// … but not longer than this.
const PATIENCE_MS: u64 = 2_000;

/// Where the index stands behind the products.
#[derive(Debug, Default)]
pub(super) struct Indexing {
    revision: u64,
    changed: Option<Changed>,
    under_way: bool,
}

#[derive(Clone, Copy, Debug)]
struct Changed {
    first_mono: u64,
    last_mono: u64,
}

impl Indexing {
    fn touch(&mut self, mono_ms: u64) {
        let first_mono = self.changed.map_or(mono_ms, |changed| changed.first_mono);
        self.changed = Some(Changed {
            first_mono,
            last_mono: mono_ms,
        });
    }

    /// When the next index is to be made.
    pub(super) fn due_mono(&self) -> Option<u64> {
        let changed = self.changed.filter(|_| !self.under_way)?;
        let quiet = changed.last_mono.saturating_add(QUIET_MS);
        Some(quiet.min(changed.first_mono.saturating_add(PATIENCE_MS)))
    }
}

impl Terminal {
    pub(super) fn put_products(
        &mut self,
        turn: &mut Turn,
        products: Vec<Product>,
        source: &str,
    ) -> Result<(), Notice> {
        if products.len() > PRODUCTS_PER_COMMAND_MAX {
            return Err(Notice::TooMany {
                limit: PRODUCTS_PER_COMMAND_MAX,
            });
        }
        for product in &products {
            self.check_product(product)?;
        }
        let mut hash = Sha256::new();
        for product in &products {
            hash.update(product.sku.as_bytes());
            hash.update(product.price.minor.to_be_bytes());
        }
        let digest = hex(&hash.finalize());
        let source: String = source.chars().take(200).collect();
        turn.journal(
            "products_put",
            source,
            &json!({ "count": products.len(), "sha256": digest }),
        );
        self.note_old_prices(turn, &products);
        for product in products {
            turn.write(Write::Product(product.clone()));
            self.hanging.product_changed(product.id);
            self.products.insert(product.id, Arc::new(product));
        }
        self.indexing.touch(turn.now.mono_ms);
        Ok(())
    }

    fn check_product(&self, product: &Product) -> Result<(), Notice> {
        let bad = |reason: &str| {
            let sku = product.sku.chars().take(80).collect();
            Err(Notice::BadProduct {
                sku,
                reason: reason.to_owned(),
            })
        };
        let longer = |text: &str, limit: usize| text.chars().nth(limit).is_some();
        if product.sku.is_empty() || longer(&product.sku, SKU_CHARS_MAX) {
            return bad("a SKU has 1 to 64 characters");
        }
        if product.name.trim().is_empty() || longer(&product.name, NAME_CHARS_MAX) {
            return bad("a name has 1 to 200 characters");
        }
        if longer(&product.description, DESCRIPTION_CHARS_MAX) {
            return bad("a description has at most 2,000 characters");
        }
        if product.barcodes.len() > BARCODES_MAX
            || product
                .barcodes
                .iter()
                .any(|code| code.is_empty() || longer(code, SKU_CHARS_MAX))
        {
            return bad("a product has at most 16 barcodes of 1 to 64 characters");
        }
        let least = match product.asking {
            Asking::Fixed => 1,
            Asking::Open => 0,
        };
        if !(least..=super::cart::SALE_MINOR_MAX).contains(&product.price.minor) {
            return bad("its price must be above zero, and below what one sale may ask for");
        }
        if product.options.iter().count() > OPTIONS_MAX {
            return bad("a product has at most 40 options");
        }
        if product.id != ProductId::of_sku(&self.setup.shop_key, &product.sku) {
            return bad("its id belongs to another shop");
        }
        Ok(())
    }

    /// Hands the products to be indexed, if it is time.
    pub(super) fn index_when_due(&mut self, turn: &mut Turn) {
        if self
            .indexing
            .due_mono()
            .is_some_and(|due| due <= turn.now.mono_ms)
        {
            self.indexing.changed = None;
            self.indexing.under_way = true;
            self.indexing.revision = self.indexing.revision.saturating_add(1);
            let products = self.products.values().cloned().collect();
            turn.effect(Effect::Index {
                revision: self.indexing.revision,
                products,
            });
        }
    }

    pub(super) fn indexed(&mut self, turn: &mut Turn, catalog: Arc<Catalog>) {
        self.indexing.under_way = false;
        if catalog.revision() <= self.catalog.revision() {
            return;
        }
        self.catalog = catalog;
        self.retarget();
        let mut sources: Vec<_> = self
            .catalog
            .products()
            .iter()
            .filter_map(|product| product.picture.clone())
            .collect();
        sources.sort_unstable();
        sources.dedup();
        if !sources.is_empty() {
            turn.effect(Effect::FetchPictures { sources });
        }
    }

    /// Goes on from the numbers of an earlier till, one of whose indexes may still be on its way.
    pub(super) fn index_after(&mut self, earlier: &Indexing) {
        let revision = earlier.revision.saturating_add(1);
        let products = self.products.values().cloned().collect();
        self.start_indexed(Arc::new(Catalog::index(revision, products)));
    }

    /// The catalog was indexed while the till was made from rows.
    pub(super) fn start_indexed(&mut self, catalog: Arc<Catalog>) {
        self.indexing.revision = catalog.revision();
        self.catalog = catalog;
        self.retarget();
    }
}
