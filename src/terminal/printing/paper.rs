//! What stands on paper: pure functions from what is known to a document.

mod receipt;
mod sticker;
mod test_page;

pub(in crate::terminal) use receipt::{Receipt, receipt};
pub(in crate::terminal) use sticker::{Room, sticker, sticker_text};
pub(in crate::terminal) use test_page::{TestPage, test_page};

use super::setup::{PaperSetup, PaperWords};
use crate::domain::document::{Align, Block, Document, Paragraph};
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::terminal::snapshot::ShopView;

/// The shop with its words.
#[derive(Clone, Copy, Debug)]
pub(in crate::terminal) struct Paper<'a> {
    pub(in crate::terminal) shop: &'a ShopView,
    pub(in crate::terminal) words: &'a PaperWords,
    pub(in crate::terminal) setup: &'a PaperSetup,
}

impl Paper<'_> {
    fn money(self, amount: Amount) -> String {
        amount.format(self.shop.locale)
    }

    fn date(self, at: Timestamp) -> String {
        self.shop.day.date_and_time(at)
    }

    /// Nobody takes a test's paper for money.
    fn mark_of_tests(self, document: &mut Document) {
        if let Some(key) = self.mark() {
            document.center(&self.words.say(key), false);
        }
    }

    const fn mark(self) -> Option<&'static str> {
        match (self.shop.demo, self.shop.test_account) {
            (true, _) => Some("mark-demo"),
            (false, true) => Some("mark-test"),
            (false, false) => None,
        }
    }

    /// Nobody takes a copy for a second one.
    fn mark_of_copies(self, document: &mut Document, copy: u32) {
        if copy > 0 {
            let text = self.words.with("paper-copy", "count", &copy.to_string());
            document.add(Block::Text(Paragraph {
                text,
                align: Align::Center,
                is_large: false,
                is_bold: true,
            }));
        }
    }
}

/// A sheet once more, with its mark.
pub(in crate::terminal) fn copy_of(paper: Paper<'_>, document: &Document, copy: u32) -> Document {
    let mut marked = Document::default();
    paper.mark_of_copies(&mut marked, copy);
    for block in document.blocks() {
        // The drawer was opened once.
        if *block != Block::Drawer {
            marked.add(block.clone());
        }
    }
    marked
}

#[cfg(test)]
mod tests;
