//! The headings of WooCommerce, which exports them in the language of the shop.

/// Simple, variable, variation and so on.
pub(super) const TYPE: &[&str] = &["type", "typ", "tipo"];
/// The article number.
pub(super) const SKU: &[&str] = &["sku", "artikelnummer", "ugs"];
/// The name.
pub(super) const NAME: &[&str] = &["name", "nombre", "nom"];
/// 1, 0 or -1.
pub(super) const PUBLISHED: &[&str] = &["published", "veröffentlicht", "publicado", "publié"];
/// `visible` or `hidden`, mostly.
pub(super) const IN_CATALOG: &[&str] = &[
    "visibility in catalog",
    "visibility in catalogue",
    "sichtbarkeit im katalog",
    "visibilidad en el catálogo",
    "visibilité dans le catalogue",
];
/// A few words.
pub(super) const SHORT: &[&str] = &[
    "short description",
    "kurzbeschreibung",
    "descripción corta",
    "description courte",
];
/// Many words.
pub(super) const LONG: &[&str] = &["description", "beschreibung", "descripción"];
/// The first day of the sale price.
pub(super) const STARTS: &[&str] = &[
    "date sale price starts",
    "datum, an dem angebotspreis beginnt",
    "día en que empieza el precio rebajado",
    "date de début de promo",
];
/// The last day of the sale price.
pub(super) const ENDS: &[&str] = &[
    "date sale price ends",
    "datum, an dem angebotspreis endet",
    "día en que termina el precio rebajado",
    "date de fin de promo",
];
/// The sale price.
pub(super) const SALE: &[&str] = &[
    "sale price",
    "angebotspreis",
    "precio rebajado",
    "tarif promo",
];
/// The price.
pub(super) const REGULAR: &[&str] = &[
    "regular price",
    "regulärer preis",
    "precio normal",
    "tarif régulier",
];
/// Paths, separated by commas.
pub(super) const CATEGORIES: &[&str] = &["categories", "kategorien", "categorías", "catégories"];
/// Addresses, separated by commas.
pub(super) const IMAGES: &[&str] = &["images", "bilder", "imágenes"];
/// What a variation belongs to.
pub(super) const PARENT: &[&str] = &[
    "parent",
    "übergeordnetes produkt",
    "übergeordnet",
    "superior",
    "principal",
];
/// What a scanner reads.
pub(super) const BARCODE: &[&str] = &[
    "gtin, upc, ean, or isbn",
    "gtin, upc, ean oder isbn",
    "gtin, upc, ean o isbn",
    "gtin, upc, ean ou isbn",
    "gtin",
    "ean",
    "barcode",
];
