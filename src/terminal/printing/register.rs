//! The register: which stickers there are, where they hang, and what other tills know of theirs.

use serde_json::json;
use uuid::Uuid;

use super::command::{StickerChange, StickerOf};
use super::notice::PaperNotice;
use super::paper;
use crate::domain::id::{ProductId, StickerId};
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::print::COPIES_MAX;
use crate::domain::sticker::{PLACE_CHARS_MAX, Sticker};
use crate::domain::time::Timestamp;
use crate::terminal::accounts::Account;
use crate::terminal::command::Reply;
use crate::terminal::step::Rows;
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Terminal, recover};

impl Terminal {
    /// Stickers that an office printer is to print.
    pub(super) fn register(
        &mut self,
        turn: &mut Turn,
        of: &StickerOf,
        copies: u32,
        place: &str,
    ) -> Result<Reply, Notice> {
        let place = checked_place(copies, place)?;
        let link = self.sticker_link(of)?.clone();
        let mut stickers = Vec::new();
        for _ in 0..copies {
            let sticker = self.new_sticker(turn, &link, &place);
            stickers.push(paper::sticker_text(self.paper(), &sticker));
            turn.journal(
                "sticker_registered",
                sticker.id,
                &json!({ "serial": sticker.serial }),
            );
            self.keep_sticker(turn, sticker);
        }
        Ok(Reply::Stickers { stickers })
    }

    /// The next sticker of a link, with an id and a serial number of its own.
    pub(super) fn new_sticker(&mut self, turn: &mut Turn, link: &Link, place: &str) -> Sticker {
        let sticker = Sticker {
            id: StickerId(self.entropy.uuid(turn.at())),
            ..self.sticker_of(link, place, turn.at())
        };
        self.next_sticker = self.next_sticker.saturating_add(1);
        recover::save(turn, recover::NEXT_STICKER, &self.next_sticker);
        sticker
    }

    /// Changes what the register knows of a sticker.
    pub(super) fn set_sticker(
        &mut self,
        turn: &mut Turn,
        id: StickerId,
        change: &StickerChange,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let found = rows.stickers.iter().find(|sticker| sticker.id == id);
        let mut sticker = found
            .cloned()
            .ok_or(Notice::Paper(PaperNotice::UnknownSticker))?;
        match change {
            StickerChange::Place { place } => {
                sticker.place = place_of(place);
                sticker.placed_at = Some(turn.at());
            }
            // It is down since somebody said so first.
            StickerChange::Retire => {
                sticker.retired_at = sticker.retired_at.or(Some(turn.at()));
            }
        }
        turn.journal("sticker_set", id, &json!(change));
        self.keep_sticker(turn, sticker);
        Ok(Reply::Done)
    }

    /// The live permanent link that a sticker is printed of.
    pub(super) fn sticker_link(&self, of: &StickerOf) -> Result<&Link, Notice> {
        let link = match of {
            StickerOf::Link { link } => self.links.link(*link),
            StickerOf::Product { product } => {
                let product = self.sold(*product)?;
                let name = self.accounts.main().map(Account::name);
                name.and_then(|name| self.links.permanent(name, product))
            }
        };
        link.filter(|link| link.purpose == Purpose::Permanent && link.state == LinkState::Live)
            .filter(|link| link.url().is_some())
            .ok_or(Notice::Paper(PaperNotice::NoStickerCode))
    }

    fn sold(&self, product: ProductId) -> Result<ProductId, Notice> {
        self.products
            .contains_key(&product)
            .then_some(product)
            .ok_or(Notice::UnknownProduct)
    }

    /// The next sticker of a link, without an id yet.
    pub(super) fn sticker_of(&self, link: &Link, place: &str, at: Timestamp) -> Sticker {
        let is_said = link.asking == Asking::Fixed && !self.setup.paper.hides_price;
        Sticker {
            id: StickerId(Uuid::nil()),
            serial: format!("{}-S{}", self.shop.terminal, self.next_sticker),
            link: link.id,
            product: link.product,
            title: self.title_of(link),
            price: is_said.then_some(link.amount),
            url: link.url().unwrap_or_default().to_owned(),
            place: place.to_owned(),
            printed_at: at,
            valid_until: link.expires_at,
            placed_at: (!place.is_empty()).then_some(at),
            checked_at: None,
            retired_at: None,
            told: None,
            said: None,
            is_thermal: false,
        }
    }

    pub(super) fn title_of(&self, link: &Link) -> String {
        let product = link.product.and_then(|id| self.products.get(&id));
        product.map_or_else(|| link.title.clone(), |product| product.name.clone())
    }
}

/// Where stickers will hang, where as many are wanted as one command may ask for.
pub(super) fn checked_place(copies: u32, place: &str) -> Result<String, Notice> {
    if copies == 0 || copies > COPIES_MAX {
        return Err(Notice::TooMany {
            limit: usize::try_from(COPIES_MAX).unwrap_or(usize::MAX),
        });
    }
    Ok(place_of(place))
}

/// In one line, cut at its bound.
fn place_of(place: &str) -> String {
    let letters = place
        .trim()
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.take(PLACE_CHARS_MAX).collect()
}
