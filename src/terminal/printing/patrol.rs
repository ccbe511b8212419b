//! Somebody scans what hangs in the shop: is it right?

use serde_json::json;

use super::command::{Patrol, Verdict};
use super::notice::PaperNotice;
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::domain::sticker::Sticker;
use crate::terminal::command::Reply;
use crate::terminal::step::{Rows, Write};
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Screen, Terminal};

/// The longest text that a scanner reads off a sticker, in bytes: no code holds more.
const CODE_BYTES_MAX: usize = 3_000;

impl Terminal {
    /// What a scanned code is, and that it was right where it was. All that this needs is on the till.
    pub(in crate::terminal) fn check_sticker(
        &mut self,
        turn: &mut Turn,
        code: &str,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let code = code.trim();
        if code.is_empty() || code.len() > CODE_BYTES_MAX {
            return Err(Notice::UnknownCode {
                code: code.chars().take(80).collect(),
            });
        }
        let patrol = self.patrol(code, &rows.stickers);
        turn.journal(
            "sticker_scanned",
            code,
            &json!({ "verdict": patrol.verdict }),
        );
        if patrol.verdict == Verdict::Good {
            for sticker in rows.stickers.iter().filter(|sticker| hangs(sticker)) {
                turn.write(Write::Sticker(Sticker {
                    checked_at: Some(turn.at()),
                    ..sticker.clone()
                }));
            }
        }
        Ok(Reply::Patrol {
            patrol: Box::new(patrol),
        })
    }

    /// Whether a scan is meant for what hangs in the shop.
    pub(in crate::terminal) fn is_patrol(&self, text: &str) -> bool {
        self.screen == Screen::Stickers && text.trim().starts_with("http")
    }

    /// The same with the answer on the screen.
    pub(in crate::terminal) fn scan_sticker(
        &mut self,
        turn: &mut Turn,
        code: &str,
        rows: &Rows,
    ) -> Result<Reply, Notice> {
        let reply = self.check_sticker(turn, code, rows)?;
        if let Reply::Patrol { patrol } = &reply {
            self.say(Notice::Paper(PaperNotice::StickerScanned {
                patrol: patrol.clone(),
            }));
        }
        Ok(reply)
    }

    fn patrol(&self, code: &str, stickers: &[Sticker]) -> Patrol {
        let link = self.links.by_url(code);
        let link = link.filter(|link| link.purpose == Purpose::Permanent);
        let printed = stickers.iter().find(|sticker| hangs(sticker));
        let printed = printed.or_else(|| stickers.first());
        let title = printed.map(|sticker| sticker.title.clone());
        let asks = link.filter(|link| link.asking == Asking::Fixed);
        let (verdict, price_now) = match link {
            None => (Verdict::Foreign, None),
            Some(_) if printed.is_some_and(|sticker| !hangs(sticker)) => (Verdict::TakenDown, None),
            Some(link) => self.standing_of(link, printed.and_then(|sticker| sticker.price)),
        };
        Patrol {
            verdict,
            title: title
                .or_else(|| link.map(|link| self.title_of(link)))
                .unwrap_or_default(),
            price: asks.map(|link| link.amount),
            price_now,
            serials: stickers
                .iter()
                .filter(|sticker| hangs(sticker))
                .map(|sticker| sticker.serial.clone())
                .collect(),
        }
    }

    /// Whether its code takes the money that its product costs now, and the paper says so. Some
    /// providers change a link's price in place: then only the paper is wrong.
    fn standing_of(&self, link: &Link, printed: Option<Amount>) -> (Verdict, Option<Amount>) {
        let product = link.product.and_then(|id| self.products.get(&id));
        let says = printed.unwrap_or(link.amount);
        let price_now = product.map(|product| product.price).filter(|price| {
            link.asking == Asking::Fixed && (*price != link.amount || *price != says)
        });
        let verdict = match link.state {
            LinkState::Live | LinkState::Reserved | LinkState::Shown | LinkState::Paid
                if price_now.is_none() =>
            {
                Verdict::Good
            }
            LinkState::Live
            | LinkState::Reserved
            | LinkState::Shown
            | LinkState::Paid
            | LinkState::Retired => Verdict::Superseded,
            LinkState::Wanted
            | LinkState::Requested
            | LinkState::Burned
            | LinkState::Expired
            | LinkState::Withdrawn
            | LinkState::Refused => Verdict::Dead,
        };
        (verdict, price_now)
    }
}

const fn hangs(sticker: &Sticker) -> bool {
    sticker.retired_at.is_none()
}
