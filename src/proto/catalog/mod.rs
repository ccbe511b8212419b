//! Catalog files: Tillcode's own and the exports of shops.
