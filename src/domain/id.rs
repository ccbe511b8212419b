//! Identifiers, one type for each noun, so that a link's can never be taken for a sale's.
//!
//! They are made at the till (`UUIDv7`), before anything is stored or sent, so that doing a thing
//! twice is harmless. Nothing here reads a clock or the system's randomness.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::{Builder, Uuid};

use super::time::Timestamp;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// One purchase by one customer.
    SaleId,
    /// One payment page at a backend.
    LinkId,
    /// One thing that is sold; the same on every till of a shop.
    ProductId,
    /// One cart that was put aside.
    CartId,
    /// One request that waits for, or got, a backend's answer.
    JobId,
    /// One sheet of paper that is to be printed.
    PrintId,
    /// One sticker that was printed.
    StickerId,
}

/// The namespace of product ids. Chosen once; changing it would orphan every sticker.
const PRODUCTS: Uuid = Uuid::from_u128(0x8f1d_6a3c_52be_4c0e_9d47_1b60_7c93_ea25);

impl ProductId {
    /// The id of a SKU in a shop: two tills that import the same file agree without talking.
    pub fn of_sku(shop: &str, sku: &str) -> Self {
        let shop = Uuid::new_v5(&PRODUCTS, shop.as_bytes());
        Self(Uuid::new_v5(&shop, sku.as_bytes()))
    }
}

/// A seeded source of ids and tokens: the same seed gives the same sequence, which is what lets a
/// simulation repeat itself. Each step is SHA-256 over the seed and a counter.
#[derive(Clone)]
pub struct Entropy {
    seed: [u8; 32],
    drawn: u64,
}

impl std::fmt::Debug for Entropy {
    // The seed predicts every token to come.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entropy")
            .field("drawn", &self.drawn)
            .finish_non_exhaustive()
    }
}

impl Entropy {
    /// Starts from 32 bytes of the system's randomness, or from a fixed seed in tests.
    pub const fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// The next 256 bits.
    pub fn bytes(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.wrapping_add(1);
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.drawn.to_be_bytes());
        hash.finalize().into()
    }

    /// A number below `bound`; zero for a bound of zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        let drawn = self
            .bytes()
            .first_chunk()
            .map_or(0, |bytes| u64::from_be_bytes(*bytes));
        drawn.checked_rem(bound).unwrap_or(0)
    }

    /// A fresh `UUIDv7` that sorts by `at`.
    pub fn uuid(&mut self, at: Timestamp) -> Uuid {
        let random = self.bytes().first_chunk().copied().unwrap_or_default();
        let millis = u64::try_from(at.millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// An unguessable token: 256 random bits as 64 lower-case hexadecimal digits.
    pub fn token(&mut self) -> String {
        hex(&self.bytes())
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids_and_no_id_twice() {
        let mut one = Entropy::new([7; 32]);
        let mut two = Entropy::new([7; 32]);
        let at = Timestamp::from_millis(1_700_000_000_000);
        let ids: Vec<_> = (0..1_000).map(|_| one.uuid(at)).collect();
        assert!(
            ids.iter()
                .all(|id| *id == two.uuid(at) && id.get_version_num() == 7)
        );
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
    }

    #[test]
    fn a_product_keeps_its_id_on_every_till_of_the_shop_only() {
        assert_eq!(
            ProductId::of_sku("Kiosk", "TEA"),
            ProductId::of_sku("Kiosk", "TEA")
        );
        assert_ne!(
            ProductId::of_sku("Kiosk", "TEA"),
            ProductId::of_sku("Kiosk", "TEA2")
        );
        assert_ne!(
            ProductId::of_sku("Kiosk", "TEA"),
            ProductId::of_sku("Stall", "TEA")
        );
    }
}
