//! What the till tells its hub besides asking for the feed: payments that it wants, sales that wait for
//! a sticker to be paid, links that it made, and printed stickers. One thing at a time, and only while the hub is heard.
//!
//! But for stickers nothing of it is kept on disk as told: after a start all is told again, which changes
//! nothing there.

use super::hub::Pause;
use super::step::{Effect, Rows, Told};
use super::turn::Turn;
use super::{HubProblem, HubSaid, Terminal};
use crate::domain::id::LinkId;
use crate::domain::sale::Line;
use crate::proto::hub::shop::{LINKS_MAX, OPEN_SALES_MAX};
use crate::proto::hub::{OpenSale, Published};

/// What is still to be told.
#[derive(Debug, Default)]
pub(super) struct Telling {
    /// Whether its answer is awaited.
    under_way: bool,
    pause: Pause,
    /// The open sales that the hub knows of; none where it knows nothing.
    open_sales: Option<Vec<OpenSale>>,
    /// Whether other sales may be open now.
    are_sales_news: bool,
}

impl Telling {
    /// A sale began to wait, or waits no more.
    pub(super) const fn sales_changed(&mut self) {
        self.are_sales_news = true;
    }

    /// The hub may have forgotten what it was told.
    pub(super) fn forget(&mut self) {
        self.open_sales = None;
        self.are_sales_news = true;
    }
}

impl Terminal {
    /// When something is told again that did not arrive.
    pub(super) fn telling_due_mono(&self) -> Option<u64> {
        let waits = !self.telling.under_way && self.hub_is_heard();
        self.telling.pause.retry_mono().filter(|_| waits)
    }

    /// Tells the next thing, where there is one and nothing else is under way.
    pub(super) fn tell_hub_when_due(&mut self, turn: &mut Turn) {
        let may_tell = !self.is_closing && !self.telling.under_way && self.hub_is_heard();
        if !may_tell || !self.telling.pause.is_over(turn.now.mono_ms) {
            return;
        }
        if let Some(told) = self.next_told(turn) {
            self.telling.under_way = true;
            turn.effect(Effect::TellHub(told));
        } else {
            // What did not arrive is out of date: nobody is to be woken for it again and again.
            self.telling.pause.end();
        }
    }

    /// A payment first: somebody waits for it.
    fn next_told(&mut self, turn: &mut Turn) -> Option<Told> {
        if let Some(claim) = self.next_claim() {
            return Some(Told::Claim(claim));
        }
        if let Some(sales) = self.open_sales_to_tell() {
            return Some(Told::OpenSales(sales));
        }
        let links = self.links_to_tell();
        if !links.is_empty() {
            return Some(Told::Links(links));
        }
        self.stickers_to_tell(turn).map(Told::Stickers)
    }

    fn open_sales_to_tell(&mut self) -> Option<Vec<OpenSale>> {
        if !std::mem::take(&mut self.telling.are_sales_news) {
            return None;
        }
        let mut sales: Vec<OpenSale> = self
            .waiting
            .iter()
            .rev()
            .filter_map(|id| self.sales.get(id))
            .filter(|record| record.standing().by_hand)
            .filter_map(|record| {
                let product = record
                    .sale
                    .lines
                    .iter()
                    .find_map(|line: &Line| line.product)?;
                let sale = record.sale.id;
                Some(OpenSale { sale, product })
            })
            .take(OPEN_SALES_MAX)
            .collect();
        sales.sort_unstable();
        let is_known = match &self.telling.open_sales {
            Some(known) => *known == sales,
            None => sales.is_empty(),
        };
        (!is_known).then_some(sales)
    }

    /// The newest first: they are paid first.
    fn links_to_tell(&mut self) -> Vec<Published> {
        let mut told = Vec::new();
        while told.len() < LINKS_MAX {
            let Some(id) = self.links.next_untold() else {
                break;
            };
            told.extend(self.published(id));
        }
        told
    }

    fn published(&self, id: LinkId) -> Option<Published> {
        let link = self.links.link(id)?;
        let account = self.accounts.get(&link.backend)?;
        Published::of(link, &account.setup.kind)
    }

    /// What came of it.
    pub(super) fn hub_told(
        &mut self,
        turn: &mut Turn,
        told: Told,
        answer: Result<HubSaid, HubProblem>,
        rows: &Rows,
    ) {
        self.telling.under_way = false;
        match (answer, told) {
            (Ok(HubSaid::Stickers(heard)), Told::Stickers(asked)) => {
                if self.stickers_heard(turn, &asked, *heard, rows) {
                    self.telling.pause.end();
                } else {
                    self.tell_again(Told::Stickers(asked), &HubProblem::Gap, turn.now.mono_ms);
                }
            }
            (Ok(said), told) => {
                self.telling.pause.end();
                if let Told::OpenSales(sales) = told {
                    self.telling.open_sales = Some(sales);
                }
                if let HubSaid::Claimed(claimed) = said {
                    self.claimed(turn, &claimed);
                }
            }
            (Err(problem), told) => self.tell_again(told, &problem, turn.now.mono_ms),
        }
    }

    /// It did not arrive, or nobody understands what was said to it.
    fn tell_again(&mut self, told: Told, problem: &HubProblem, mono_ms: u64) {
        match told {
            Told::Links(links) => self.links.tell_again(links.iter().map(|link| link.link)),
            Told::OpenSales(_) => self.telling.sales_changed(),
            // It is still wanted.
            Told::Claim(_) => {}
            Told::Stickers(_) => self.sharing.tell_again(),
        }
        let retry_after = problem.retry_after_secs();
        self.telling
            .pause
            .begin(mono_ms, retry_after, &mut self.entropy);
    }
}
