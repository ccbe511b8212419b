//! A sticker: what is sold, its price, the code, and where the code leads.

use super::Paper;
use crate::domain::document::{Block, CodeSize, Document};
use crate::domain::sticker::Sticker;
use crate::proto::backend::url::host_of;

/// A sticker to be stuck where its product is sold.
pub(in crate::terminal) fn sticker(paper: Paper<'_>, sticker: &Sticker) -> Document {
    let words = paper.words;
    let mut document = Document::default();
    document.center(&sticker.title, true);
    match sticker.price {
        Some(price) => document.center(&paper.money(price), true),
        None => document.center(&words.say("paper-any-amount"), false),
    };
    paper.mark_of_tests(&mut document);
    document.add(Block::Code {
        text: sticker.url.clone(),
        size: CodeSize::Hand,
    });
    let host = host_of(&sticker.url).unwrap_or_default();
    document.center(&words.with("paper-scan", "host", &host), false);
    if let Some(end) = sticker.valid_until {
        let day = paper.shop.day.date(end);
        document.center(&words.with("paper-valid-until", "day", &day), false);
    }
    document.center(&format!("{} · {}", paper.shop.name, sticker.serial), false);
    document.add(Block::Cut);
    document
}
