//! Finding products while somebody types: prefixes of any word of name, SKU and barcode.
//!
//! All words of all products lie sorted in one list, so that a prefix is one range of it. A letter
//! that begins a word of half the catalog is one walk over that range and one byte per product.

use super::catalog::Product;
use super::fold::{fold, words};

/// The longest query that is looked at, in characters; no name is found better by more.
const QUERY_CHARS_MAX: usize = 100;
/// The most words of a query that count.
const QUERY_WORDS_MAX: usize = 8;
/// The place of a product in which a word was not found.
const NOWHERE: u8 = u8::MAX;

/// The words of all products, sorted, so that a prefix is one range.
#[derive(Debug, Default)]
pub struct SearchIndex {
    /// Every word of every product, one after the other.
    text: String,
    /// Where the words stand in `text`, sorted by what they say.
    words: Vec<Word>,
    /// What a product is called outside, by its number in here.
    positions: Vec<usize>,
}

/// One word of one product.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: u32,
    len: u16,
    /// How early in the name the word stands, 0 for its first; SKU and barcodes come last.
    place: u8,
    /// The product's number.
    product: u32,
}

impl SearchIndex {
    /// Indexes products under the positions that [`SearchIndex::find`] will give back.
    #[expect(
        single_use_lifetimes,
        reason = "an anonymous lifetime in `impl Trait` is not stable"
    )]
    pub fn build<'a>(products: impl Iterator<Item = (usize, &'a Product)>) -> Self {
        let mut index = Self::default();
        for (position, product) in products {
            index.add(position, product);
        }
        let text = index.text.as_str();
        // Comparing the first eight bytes as one number settles nearly every comparison.
        let mut keyed: Vec<(u64, Word)> = index
            .words
            .iter()
            .map(|word| (leading_bytes(word.of(text)), *word))
            .collect();
        keyed.sort_unstable_by(|(key_a, a), (key_b, b)| {
            key_a
                .cmp(key_b)
                .then_with(|| a.of(text).cmp(b.of(text)))
                .then_with(|| a.product.cmp(&b.product))
        });
        index.words = keyed.into_iter().map(|(_, word)| word).collect();
        index
    }

    /// Positions of at most `limit` products in which every word of `query` begins some word.
    ///
    /// The query's first word decides the order: products whose name begins with it, then those
    /// where it stands later, then those where only SKU or barcode have it; among equals, the order
    /// of the catalog.
    pub fn find(&self, query: &str, limit: usize) -> Vec<usize> {
        let query: String = query.chars().take(QUERY_CHARS_MAX).collect();
        let query = fold(&query);
        let mut prefixes = words(&query).take(QUERY_WORDS_MAX);
        let Some(first) = prefixes.next() else {
            return Vec::new();
        };
        let mut places = vec![NOWHERE; self.positions.len()];
        for word in self.range(first) {
            if let Some(place) = slot(&mut places, word) {
                *place = word.place.min(*place);
            }
        }
        for prefix in prefixes {
            let mut both = vec![NOWHERE; self.positions.len()];
            for word in self.range(prefix) {
                if let (Some(both), Some(place)) = (slot(&mut both, word), slot(&mut places, word))
                {
                    *both = *place;
                }
            }
            places = both;
        }
        self.best(&places, limit)
    }

    fn add(&mut self, position: usize, product: &Product) {
        // Four billion bytes of words is far beyond what a till can hold; the rest is not found.
        let Ok(number) = u32::try_from(self.positions.len()) else {
            return;
        };
        self.positions.push(position);
        let mut place: u8 = 0;
        for word in words(&fold(&product.name)) {
            self.push(number, place, word);
            place = place.saturating_add(1).min(NOWHERE.saturating_sub(2));
        }
        let last = NOWHERE.saturating_sub(1);
        for code in std::iter::once(&product.sku).chain(&product.barcodes) {
            let folded = fold(code);
            let mut parts = 0_usize;
            for word in words(&folded) {
                self.push(number, last, word);
                parts = parts.saturating_add(1);
            }
            if parts > 1 {
                // `AB-12` is also found as it is typed without looking: `ab12`.
                let joined: String = words(&folded).collect();
                self.push(number, last, &joined);
            }
        }
    }

    fn push(&mut self, product: u32, place: u8, word: &str) {
        if let (Ok(start), Ok(len)) = (u32::try_from(self.text.len()), u16::try_from(word.len())) {
            self.text.push_str(word);
            self.words.push(Word {
                start,
                len,
                place,
                product,
            });
        }
    }

    /// The words that begin with `prefix`.
    fn range(&self, prefix: &str) -> &[Word] {
        let from = self
            .words
            .partition_point(|word| word.of(&self.text) < prefix);
        let rest = self.words.get(from..).unwrap_or_default();
        let len = rest.partition_point(|word| word.of(&self.text).starts_with(prefix));
        rest.get(..len).unwrap_or_default()
    }

    fn best(&self, places: &[u8], limit: usize) -> Vec<usize> {
        let mut found: Vec<(u8, usize)> = places
            .iter()
            .zip(&self.positions)
            .filter(|(place, _)| **place != NOWHERE)
            .map(|(place, position)| (*place, *position))
            .collect();
        if let Some(cut) = limit.checked_sub(1)
            && limit < found.len()
        {
            found.select_nth_unstable(cut);
        }
        found.truncate(limit);
        found.sort_unstable();
        found.into_iter().map(|(_, position)| position).collect()
    }
}

impl Word {
    fn of(self, text: &str) -> &str {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        text.get(start..start.saturating_add(usize::from(self.len)))
            .unwrap_or_default()
    }
}

fn slot<'a>(places: &'a mut [u8], word: &Word) -> Option<&'a mut u8> {
    places.get_mut(usize::try_from(word.product).ok()?)
}

fn leading_bytes(word: &str) -> u64 {
    let mut key = [0; 8];
    for (slot, byte) in key.iter_mut().zip(word.bytes()) {
        *slot = byte;
    }
    u64::from_be_bytes(key)
}

#[cfg(test)]
mod tests;
