//! What no notification will ever tell: the owner compares it with the provider's own list.
//!
//! Some accounts never report a payment, others only where a message server stands. Their sales stay
//! open, or handed over, until a person has looked.

use super::command::Reply;
use super::notice::Notice;
use super::query::{ROWS_MAX, SaleView};
use super::turn::Turn;
use super::{Screen, Terminal};
use crate::domain::id::SaleId;
use crate::domain::sale::{Fact, SaleRecord, SaleState};
use crate::proto::backend::Learns;

/// How many are shown; the rest is listed by command.
const SHOWN_MAX: usize = 50;

impl Terminal {
    /// Whether this till hears by itself what is paid at an account.
    pub(super) fn hears_of(&self, account: &str) -> bool {
        let Some(account) = self.accounts.get(account) else {
            return false;
        };
        let has_way = self.setup.hub.is_some() || self.shop.demo;
        match account.can().learns {
            Learns::LookedUp => true,
            Learns::Notified => has_way,
            Learns::Hinted => has_way && account.setup.options.switch("commissioned") == Some(true),
            Learns::Never => false,
        }
    }

    /// Whether what is paid for a sale is heard of, whichever of its codes is scanned last.
    pub(super) fn hears_of_sale(&self, record: &SaleRecord) -> bool {
        let link = record.last_shown().and_then(|link| self.links.link(link));
        let account = link.map_or(&record.sale.backend, |link| &link.backend);
        self.hears_of(account)
    }

    /// Sales for a person to compare with the provider's list, newest first. The one on the screen
    /// is the cashier's.
    fn to_check(&self) -> Vec<&SaleRecord> {
        let on_screen = self
            .paying
            .as_ref()
            .filter(|_| self.screen == Screen::Pay)
            .map(|paying| paying.sale);
        let ids = self.waiting.iter().chain(&self.claimed);
        let mut sales: Vec<_> = ids
            .filter(|id| Some(**id) != on_screen)
            .filter_map(|id| self.sales.get(id))
            .filter(|record| record.last_shown().is_none() || !self.hears_of_sale(record))
            .collect();
        sales.sort_by_key(|record| std::cmp::Reverse((record.sale.created_at, record.sale.id)));
        sales.dedup_by_key(|record| record.sale.id);
        sales
    }

    /// How many there are.
    pub(super) fn to_check_count(&self) -> usize {
        self.to_check().len()
    }

    /// The newest of them.
    pub(super) fn to_check_views(&self) -> Vec<SaleView> {
        self.check_views(SHOWN_MAX)
    }

    /// All of them, newest first.
    pub fn to_check_report(&self) -> Vec<SaleView> {
        self.check_views(ROWS_MAX)
    }

    fn check_views(&self, most: usize) -> Vec<SaleView> {
        let shown = self.to_check().into_iter().take(most);
        shown
            .filter_map(|record| self.view_of(record.sale.id))
            .collect()
    }

    /// The owner has looked: the payment is in the provider's list, or it is not. One that turns up
    /// later counts still.
    pub(super) fn check_sale(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        found: bool,
    ) -> Result<Reply, Notice> {
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        match record.standing().state {
            SaleState::Paid => return Err(Notice::AlreadyPaid),
            SaleState::Cancelled if !found => return Err(Notice::AlreadyClosed),
            SaleState::Open | SaleState::Awaiting | SaleState::Expired | SaleState::Cancelled => {}
        }
        let at = turn.at();
        self.add_fact(turn, sale, Fact::Checked { found, at });
        Ok(self.sale_reply(sale))
    }
}
