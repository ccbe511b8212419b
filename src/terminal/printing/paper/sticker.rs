//! A sticker: what is sold, its price, the code, and where the code leads.

use super::Paper;
use crate::domain::document::{Block, Document};
use crate::domain::sticker::Sticker;
use crate::proto::backend::url::host_of;
use crate::terminal::printing::command::StickerText;

/// What stands on a sticker.
pub(in crate::terminal) fn sticker_text(paper: Paper<'_>, sticker: &Sticker) -> StickerText {
    let words = paper.words;
    let price = sticker.price.map(|price| paper.money(price));
    let unsaid = if paper.setup.hides_price {
        String::new()
    } else {
        words.say("paper-any-amount")
    };
    let until = sticker.valid_until.map(|end| paper.shop.day.date(end));
    StickerText {
        title: sticker.title.clone(),
        price: price.unwrap_or(unsaid),
        url: sticker.url.clone(),
        mark: paper.mark().map(|key| words.say(key)).unwrap_or_default(),
        host: host_of(&sticker.url).unwrap_or_default(),
        serial: format!("{} · {}", paper.shop.name, sticker.serial),
        valid_until: until
            .map(|day| words.with("paper-valid-until", "day", &day))
            .unwrap_or_default(),
    }
}

/// How much room a sticker has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terminal) enum Room {
    /// A roll: as long as it takes.
    Roll,
    /// A label that is as high as it is: only what a payer needs.
    Label,
}

/// A sticker to be stuck where its product is sold.
pub(in crate::terminal) fn sticker(paper: Paper<'_>, sticker: &Sticker, room: Room) -> Document {
    let text = sticker_text(paper, sticker);
    let mut document = Document::default();
    document.center(&text.title, room == Room::Roll);
    if !text.price.is_empty() {
        document.center(&text.price, sticker.price.is_some());
    }
    paper.mark_of_tests(&mut document);
    document.add(Block::Code {
        text: text.url,
        size: paper.setup.sticker_size,
    });
    match room {
        Room::Roll => {
            document.center(&paper.words.with("paper-scan", "host", &text.host), false);
        }
        Room::Label => {
            document.center(&format!("{} · {}", text.host, sticker.serial), false);
        }
    }
    if !text.valid_until.is_empty() {
        document.center(&text.valid_until, false);
    }
    if room == Room::Roll {
        document.center(&text.serial, false);
    }
    document.add(Block::Cut);
    document
}
