//! Somebody scans what hangs in the shop: is it right?

use serde_json::json;

use super::command::Patrol;
use super::notice::PaperNotice;
use crate::domain::link::{Link, Purpose};
use crate::domain::money::Amount;
use crate::domain::sticker::{CODE_BYTES_MAX, CodeNow, Sticker, Verdict, judge};
use crate::terminal::command::Reply;
use crate::terminal::step::Rows;
use crate::terminal::turn::Turn;
use crate::terminal::{Notice, Screen, Terminal};

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
            for sticker in &rows.stickers {
                // Of those that bear this code some may say an older price.
                if self.judged(sticker).0 != Verdict::Good {
                    continue;
                }
                let mut sticker = sticker.clone();
                sticker.checked_at = Some(turn.at());
                self.keep_sticker(turn, sticker);
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
        // Several may bear this code, some with an older price where a provider changes a link in place:
        // what is said is of the newest, with its price, which a person compares.
        let sticker = stickers
            .iter()
            .max_by_key(|sticker| (sticker.hangs(), sticker.printed_at));
        let (verdict, price_now) = match sticker {
            Some(sticker) => self.judged(sticker),
            None => self.judged_code(link),
        };
        let title = sticker.map(|sticker| sticker.title.clone());
        let hanging = stickers.iter().filter(|sticker| sticker.hangs());
        Patrol {
            verdict,
            title: title
                .or_else(|| link.map(|link| self.title_of(link)))
                .unwrap_or_default(),
            price: match link.map(CodeNow::from) {
                Some(code) => code.asks,
                None => sticker.and_then(|sticker| sticker.price),
            },
            price_now,
            serials: hanging.map(|sticker| sticker.serial.clone()).collect(),
        }
    }

    /// The same of a code that was shown or copied, and never printed by a till.
    fn judged_code(&self, link: Option<&Link>) -> (Verdict, Option<Amount>) {
        let product = link.and_then(|link| link.product);
        let product = product.and_then(|id| self.products.get(&id));
        let costs = product.map(|product| product.price);
        judge(None, link.map(CodeNow::from), costs)
    }
}
