//! What no notification will ever tell: the owner compares it with the provider's own list.
//!
//! Some accounts never report a payment, others only where a message server stands. Their sales stay
//! open, or handed over, until a person has looked.

use super::command::{Pin, Reply};
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
        self.hears_of(account) && link.is_none_or(|link| self.is_reported(link))
    }

    /// Keeps the set of sales for a person to compare with the provider's list.
    pub(super) fn note_to_check(&mut self, sale: SaleId) {
        let record = self.sales.get(&sale);
        if record.is_some_and(|record| self.is_to_check(record)) {
            self.to_check.insert(sale);
        } else {
            self.to_check.remove(&sale);
        }
    }

    /// The same from the rows, once links and sales are in memory.
    pub(super) fn find_to_check(&mut self) {
        let records = self.sales.values();
        let found = records.filter(|record| self.is_to_check(record));
        self.to_check = found.map(|record| record.sale.id).collect();
    }

    fn is_to_check(&self, record: &SaleRecord) -> bool {
        // Goods that went out without any code are nobody's to report.
        let is_unheard = record.last_shown().is_none() || !self.hears_of_sale(record);
        let standing = record.standing();
        // A code's end says nothing of whether somebody paid before it.
        let waits = match standing.state {
            SaleState::Awaiting | SaleState::Expired => !standing.missing,
            SaleState::Open => standing.is_claimed(),
            SaleState::Paid | SaleState::Cancelled => false,
        };
        waits && is_unheard
    }

    /// How many there are. The one on the screen is the cashier's.
    pub(super) fn to_check_count(&self) -> usize {
        let on_screen = self.on_screen();
        let is_among = on_screen.is_some_and(|sale| self.to_check.contains(&sale));
        self.to_check.len().saturating_sub(usize::from(is_among))
    }

    /// The newest of them, newest first.
    pub(super) fn to_check_views(&self) -> Vec<SaleView> {
        self.check_views(SHOWN_MAX)
    }

    /// All of them, newest first.
    pub fn to_check_report(&self) -> Vec<SaleView> {
        self.check_views(ROWS_MAX)
    }

    fn check_views(&self, most: usize) -> Vec<SaleView> {
        let on_screen = self.on_screen();
        let newest = self.to_check.iter().rev();
        let shown = newest.filter(|sale| Some(**sale) != on_screen).take(most);
        let mut views: Vec<SaleView> = shown.filter_map(|sale| self.view_of(*sale)).collect();
        views.sort_by_key(|sale| std::cmp::Reverse(sale.created_at));
        views
    }

    fn on_screen(&self) -> Option<SaleId> {
        let paying = self.paying.as_ref().filter(|_| self.screen == Screen::Pay);
        paying.map(|paying| paying.sale)
    }

    /// The owner has looked: the payment is in the provider's list, or it is not. One that turns up
    /// later counts still.
    pub(super) fn check_sale(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        found: bool,
        pin: Option<&Pin>,
    ) -> Result<Reply, Notice> {
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        match record.standing().state {
            SaleState::Paid => return Err(Notice::AlreadyPaid),
            SaleState::Cancelled if !found => return Err(Notice::AlreadyClosed),
            SaleState::Open | SaleState::Awaiting | SaleState::Expired | SaleState::Cancelled => {}
        }
        self.check_owner(turn, pin.map(|pin| pin.0.as_str()))?;
        let at = turn.at();
        self.add_fact(turn, sale, Fact::Checked { found, at });
        Ok(self.sale_reply(sale))
    }
}
