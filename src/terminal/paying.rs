//! How a sale ends: by a report, by cash, by a person's word, or not at all.

use std::collections::BTreeSet;

use serde_json::json;

use super::Terminal;
use super::cart::checked_total;
use super::command::{Pin, Reply};
use super::notice::Notice;
use super::snapshot::Screen;
use super::step::{Actor, Effect, Sound, Write};
use super::turn::Turn;
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::{Link, LinkState, Purpose};
use crate::domain::money::Amount;
use crate::domain::payment::PaymentStatus;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{Fact, SaleRecord, SaleState};

/// The longest reason of a claim, in characters.
const REASON_CHARS_MAX: usize = 200;
/// How long Paid stays before Sell comes back by itself.
const PAID_STAYS_MS: u64 = 4_000;
/// The same where change is to be counted out.
const CHANGE_STAYS_MS: u64 = 12_000;

impl Terminal {
    pub(super) fn pay_cart_in_cash(
        &mut self,
        turn: &mut Turn,
        given: Amount,
    ) -> Result<Reply, Notice> {
        let lines = self.cart.lines.clone();
        let total = checked_total(&lines, self.setup.shop.currency)?;
        let change = change_of(total, given)?;
        let id = self.record_sale(turn, lines, total, "");
        self.clear_cart(turn);
        self.take_cash(turn, id, given, change);
        Ok(self.sale_reply(id))
    }

    pub(super) fn pay_in_cash(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        given: Amount,
    ) -> Result<Reply, Notice> {
        let total = self.unpaid(sale)?;
        let change = change_of(total, given)?;
        self.take_cash(turn, sale, given, change);
        Ok(self.sale_reply(sale))
    }

    fn take_cash(&mut self, turn: &mut Turn, sale: SaleId, given: Amount, change: Amount) {
        self.add_fact(
            turn,
            sale,
            Fact::Cash {
                given,
                change,
                at: turn.at(),
            },
        );
        if turn.actor == Actor::Cashier {
            let stays = if change.minor > 0 {
                CHANGE_STAYS_MS
            } else {
                PAID_STAYS_MS
            };
            self.paid_screen(turn, sale, stays);
        }
    }

    /// The cashier hands the goods over and vouches for it. Not "paid": it is checked again later.
    pub(super) fn claim(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        reason: &str,
        pin: Option<&Pin>,
    ) -> Result<Reply, Notice> {
        let total = self.unpaid(sale)?;
        let reason: String = reason.trim().chars().take(REASON_CHARS_MAX).collect();
        if reason.is_empty() {
            return Err(Notice::ReasonMissing);
        }
        if !self.claimed.contains(&sale) {
            self.check_risk(turn, total, pin.map(|pin| pin.0.as_str()))?;
        }
        self.add_fact(
            turn,
            sale,
            Fact::Claimed {
                reason,
                at: turn.at(),
            },
        );
        self.waiting.remove(&sale);
        self.leave(sale);
        Ok(self.sale_reply(sale))
    }

    /// Ends a sale that nobody paid. Its links are switched off, and still listened to.
    pub(super) fn cancel(&mut self, turn: &mut Turn, sale: SaleId) -> Result<Reply, Notice> {
        self.unpaid(sale)?;
        self.add_fact(turn, sale, Fact::Cancelled { at: turn.at() });
        self.leave(sale);
        Ok(self.sale_reply(sale))
    }

    fn leave(&mut self, sale: SaleId) {
        if self
            .paying
            .as_ref()
            .is_some_and(|paying| paying.sale == sale)
        {
            self.go(Screen::Sell);
        }
    }

    /// The total of a sale that may still be paid.
    pub(super) fn unpaid(&self, sale: SaleId) -> Result<Amount, Notice> {
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        match record.standing().state {
            SaleState::Open | SaleState::Awaiting => Ok(record.sale.total),
            SaleState::Paid => Err(Notice::AlreadyPaid),
            SaleState::Cancelled | SaleState::Expired => Err(Notice::AlreadyClosed),
        }
    }

    /// Adds a fact and draws the consequences. A fact that is there already changes nothing.
    pub(super) fn add_fact(&mut self, turn: &mut Turn, sale: SaleId, fact: Fact) {
        let Some(record) = self.sales.get_mut(&sale) else {
            return;
        };
        let before = record.standing();
        let is_cash = matches!(fact, Fact::Cash { .. });
        if !record.add(fact.clone()) {
            return;
        }
        let after = record.standing();
        turn.journal(
            "fact",
            sale,
            &json!({ "fact": fact, "state": after.state, "proof": after.proof }),
        );
        turn.write(Write::Fact { sale, fact });
        self.note_claim(sale);
        self.note_to_check(sale);
        if before.by_hand || after.by_hand {
            self.telling.sales_changed();
        }
        if before.state != after.state && after.state > SaleState::Awaiting {
            self.waiting.remove(&sale);
            self.close_links(turn, sale, after.state);
            if after.by_hand {
                // A new price may have waited for this sale to end.
                self.retarget();
            }
        }
        if !self.is_on_screen(sale) {
            return;
        }
        if before.state != SaleState::Paid && after.state == SaleState::Paid {
            // Who takes cash knows it.
            if !is_cash {
                turn.effect(Effect::Sound(Sound::Paid));
            }
            self.paid_screen(turn, sale, PAID_STAYS_MS);
        } else if after.failed && !before.failed {
            turn.effect(Effect::Sound(Sound::Failed));
        }
    }

    fn is_on_screen(&self, sale: SaleId) -> bool {
        self.screen == Screen::Pay
            && self
                .paying
                .as_ref()
                .is_some_and(|paying| paying.sale == sale)
    }

    fn paid_screen(&mut self, turn: &Turn, sale: SaleId, stays_ms: u64) {
        self.paying = Some(super::Paying {
            sale,
            patience_ends_mono: None,
            refused: None,
            new_code: None,
            has_ended: false,
            part: 0,
            leaves_at_mono: Some(turn.now.mono_ms.saturating_add(stays_ms)),
            code: None,
        });
        self.show(Screen::Paid);
    }

    /// A single link that was shown is never shown again: it is switched off at the backend.
    fn close_links(&mut self, turn: &mut Turn, sale: SaleId, state: SaleState) {
        let Some(record) = self.sales.get(&sale) else {
            return;
        };
        let paid = links_with_money(record);
        let shown: Vec<Link> = record
            .shown_links()
            .filter_map(|(id, _)| self.links.link(id))
            .filter(|link| link.purpose == Purpose::Single && link.state == LinkState::Shown)
            .cloned()
            .collect();
        for mut link in shown {
            link.state = match state {
                SaleState::Paid if paid.contains(&link.id) => LinkState::Paid,
                SaleState::Expired => LinkState::Expired,
                // Paid in cash or by another code: a payer may still have this one's page open.
                SaleState::Open | SaleState::Awaiting | SaleState::Paid | SaleState::Cancelled => {
                    LinkState::Burned
                }
            };
            #[cfg(planted)]
            if planted::is(Bug::LinkReused) && state == SaleState::Cancelled {
                (link.state, link.sale) = (LinkState::Live, None);
                turn.write(Write::Link(link.clone()));
                self.links.put(link);
                continue;
            }
            turn.write(Write::Link(link.clone()));
            #[cfg(planted)]
            if planted::is(Bug::LinkLeftOn) {
                self.links.put(link);
                continue;
            }
            self.switch_off(turn, &link);
            self.links.put(link);
        }
    }

    /// The demo's customer pays what is on the screen.
    pub(super) fn customer_pays(&mut self, turn: &mut Turn, sale: SaleId) -> Result<(), Notice> {
        if !self.shop.demo {
            return Err(Notice::DemoOnly);
        }
        self.unpaid(sale)?;
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        let link = record.last_shown().and_then(|link| self.links.link(link));
        let remote = link
            .and_then(|link| link.remote.as_ref())
            .ok_or(Notice::UnknownLink)?;
        turn.effect(Effect::PayInSandbox {
            remote_id: remote.id.clone(),
        });
        Ok(())
    }
}

/// The links of a sale on which money was charged.
fn links_with_money(record: &SaleRecord) -> BTreeSet<LinkId> {
    let charged = record.facts().filter_map(|fact| match fact {
        Fact::Reported(report) => Some(report),
        Fact::Shown { .. }
        | Fact::Cash { .. }
        | Fact::Claimed { .. }
        | Fact::Checked { .. }
        | Fact::Cancelled { .. }
        | Fact::Expired { .. } => None,
    });
    charged
        .filter(|report| report.status == PaymentStatus::Charged)
        .map(|report| report.link)
        .collect()
}

fn change_of(total: Amount, given: Amount) -> Result<Amount, Notice> {
    let change = given
        .minus(total)
        .map_err(|_mixed_or_too_large| Notice::AmountTooLarge)?;
    if change.minor < 0 {
        let missing = total
            .minus(given)
            .map_err(|_too_large| Notice::AmountTooLarge)?;
        return Err(Notice::CashTooLittle { missing });
    }
    Ok(change)
}
