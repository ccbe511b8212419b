//! Which part of a stream is one answer, and whether a cursor is of this stream's history.

use crate::proto::hub::{ANSWER_BYTES_MAX, Cursor, ITEMS_MAX, Item, Page, What};

/// Bytes of headers and bodies in one page: base64 and two pages still fit an answer.
const PAGE_BYTES_MAX: usize = ANSWER_BYTES_MAX / 4;

/// How many rows are read for a page: one more than it takes tells whether there is more.
pub(super) fn limit() -> i64 {
    i64::try_from(ITEMS_MAX)
        .unwrap_or(i64::MAX)
        .saturating_add(1)
}

/// An item's number as databases have it.
pub(super) fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Whether a cursor is of no history that is known here: behind the end, or at an item with another
/// mark. An item that is gone by its age is taken on trust.
pub(super) fn is_other_history(cursor: &Cursor, last: i64, mark: Option<&str>) -> bool {
    let differs = || !cursor.mark.is_empty() && mark.is_some_and(|mark| mark != cursor.mark);
    cursor.seq != 0 && (i64::try_from(cursor.seq).map_or(true, |seq| seq > last) || differs())
}

/// A page that is being filled, in order.
pub(super) struct Filling {
    page: Page,
    bytes: usize,
}

impl Filling {
    /// Of a stream whose oldest number that is kept, or else its next one, is this.
    pub(super) fn new(first: u64) -> Self {
        let page = Page {
            first,
            ..Page::default()
        };
        Self { page, bytes: 0 }
    }

    /// Whether it took the item. Once it did not it is full.
    pub(super) fn add(&mut self, item: Item) -> bool {
        self.bytes = self.bytes.saturating_add(size_of(&item));
        let is_full = self.page.items.len() == ITEMS_MAX || self.bytes > PAGE_BYTES_MAX;
        // The first always goes, however large: otherwise it would block the stream.
        if is_full && !self.page.items.is_empty() {
            self.page.more = true;
            return false;
        }
        self.page.items.push(item);
        true
    }

    pub(super) fn done(self) -> Page {
        self.page
    }
}

/// About as many bytes as it has in an answer.
fn size_of(item: &Item) -> usize {
    /// Names, numbers and a published link.
    const REST: usize = 1_000;
    let What::Notification(posted) = &item.what else {
        return REST;
    };
    let headers = posted.headers.iter();
    let headers = headers.map(|(name, value)| name.len().saturating_add(value.len()));
    headers.fold(
        posted.body.len().saturating_add(REST),
        usize::saturating_add,
    )
}
