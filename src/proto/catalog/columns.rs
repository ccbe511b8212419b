//! What a column can hold, under any heading.

use serde::{Deserialize, Serialize};

/// A field of a product, as a column of a file holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The article number.
    Sku,
    /// What it is called.
    Name,
    /// What tells it from its siblings; becomes part of the name.
    Variant,
    /// What the siblings have in common.
    Group,
    /// The heading it is filed under.
    Category,
    /// More words.
    Description,
    /// What one piece costs.
    Price,
    /// The price's currency.
    Currency,
    /// What a scanner reads.
    Barcodes,
    /// A file or an address.
    Picture,
    /// Shown, hidden or archived.
    Visibility,
    /// Who says how much is paid: `fixed` or `open`. In Tillcode's own files only.
    Asking,
    /// What only a payment provider understands, as JSON. In Tillcode's own files only.
    Options,
}

impl Field {
    /// Every field that a list may name, in the order of Tillcode's own files.
    pub const ALL: [Self; 11] = [
        Self::Sku,
        Self::Name,
        Self::Variant,
        Self::Group,
        Self::Category,
        Self::Description,
        Self::Price,
        Self::Currency,
        Self::Barcodes,
        Self::Picture,
        Self::Visibility,
    ];

    /// Its name in `--map` and in Tillcode's own files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::Name => "name",
            Self::Variant => "variant",
            Self::Group => "group",
            Self::Category => "category",
            Self::Description => "description",
            Self::Price => "price",
            Self::Currency => "currency",
            Self::Barcodes => "barcodes",
            Self::Picture => "picture",
            Self::Visibility => "visibility",
            Self::Asking => "asking",
            Self::Options => "options",
        }
    }

    /// The field of a name; `barcode` is understood too.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let plural = if name == "barcode" { "barcodes" } else { &name };
        Self::ALL.into_iter().find(|field| field.name() == plural)
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
