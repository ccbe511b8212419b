//! From a tap to a code on the screen.

use serde_json::json;

use super::cart::{checked_total, line_of, line_of_amount};
use super::command::{NewLine, Reply};
use super::notice::Notice;
use super::query::{SaleView, sale_view};
use super::snapshot::{Reach, Screen, SellMode};
use super::step::{Actor, Write};
use super::turn::Turn;
use super::{Paying, Terminal, recover};
use crate::domain::catalog::{Product, Visibility};
use crate::domain::id::{LinkId, ProductId, SaleId};
use crate::domain::link::{LinkState, Purpose};
use crate::domain::money::Amount;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{Fact, Line, Sale, SaleRecord, SaleState};
use std::sync::Arc;

/// How long a code may be in the making before the permanent one takes its place.
const PATIENCE_MS: u64 = 3_000;

/// Which link a sale gets (design.md 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choice {
    /// A spare single one: at once, and it names the sale.
    Spare(LinkId),
    /// One made now; until then the screen says so and can be left.
    Mint,
    /// The product's permanent one, to be matched by hand.
    Permanent(LinkId),
}

/// Whether a script wants the till to act as if the network were gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    AsItIs,
    Absent,
}

impl Terminal {
    pub(super) fn tap(&mut self, turn: &mut Turn, product: ProductId) -> Result<Reply, Notice> {
        let product = self.sellable(product)?;
        match self.mode {
            SellMode::OneItem => self.sell_on_screen(turn, vec![line_of(&product, 1)]),
            SellMode::SeveralItems => {
                self.add_to_cart(turn, line_of(&product, 1))?;
                Ok(Reply::Done)
            }
        }
    }

    /// A barcode, a SKU, or the address on one of our own stickers. What is scanned is collected in
    /// the cart, unless the till sells one item at a time.
    pub(super) fn scan(&mut self, turn: &mut Turn, text: &str) -> Result<Reply, Notice> {
        let code = text.trim();
        let by_sticker = self.links.by_url(code).and_then(|link| link.product);
        let product = by_sticker
            .or_else(|| self.catalog.by_code(code).map(|product| product.id))
            .ok_or_else(|| Notice::UnknownCode {
                code: code.chars().take(80).collect(),
            })?;
        match self.screen {
            Screen::Sell => self.tap(turn, product),
            // The next customer's goods must not replace the code that this one is scanning.
            Screen::Pay
            | Screen::Paid
            | Screen::Recent
            | Screen::Sync
            | Screen::Settings
            | Screen::Fault => {
                let product = self.sellable(product)?;
                self.add_to_cart(turn, line_of(&product, 1))?;
                Ok(Reply::Done)
            }
        }
    }

    pub(super) fn pay_cart(&mut self, turn: &mut Turn) -> Result<Reply, Notice> {
        let reply = self.sell_on_screen(turn, self.cart.lines.clone())?;
        self.clear_cart(turn);
        Ok(reply)
    }

    pub(super) fn pay_amount(&mut self, turn: &mut Turn, amount: Amount) -> Result<Reply, Notice> {
        self.sell_on_screen(turn, vec![line_of_amount(amount)])
    }

    pub(super) fn new_sale(
        &mut self,
        turn: &mut Turn,
        lines: &[NewLine],
        backend: Option<&str>,
        offline: bool,
    ) -> Result<Reply, Notice> {
        let lines = lines
            .iter()
            .map(|line| self.resolve(line))
            .collect::<Result<Vec<_>, _>>()?;
        let network = if offline {
            Network::Absent
        } else {
            Network::AsItIs
        };
        let id = self.begin_sale(turn, lines, backend, network)?;
        Ok(self.sale_reply(id))
    }

    fn resolve(&self, line: &NewLine) -> Result<Line, Notice> {
        match line {
            NewLine::Amount(amount) => Ok(line_of_amount(*amount)),
            NewLine::Sku { sku, quantity } => {
                let id = ProductId::of_sku(&self.setup.shop_key, sku);
                let found = self.products.get(&id).map(|product| product.id);
                let found = found.or_else(|| self.catalog.by_code(sku).map(|product| product.id));
                let id = found.ok_or_else(|| Notice::UnknownCode { code: sku.clone() })?;
                Ok(line_of(self.sellable(id)?.as_ref(), *quantity))
            }
        }
    }

    fn sellable(&self, id: ProductId) -> Result<Arc<Product>, Notice> {
        let product = self.products.get(&id).ok_or(Notice::UnknownProduct)?;
        match product.visibility {
            Visibility::Archived => Err(Notice::UnknownProduct),
            Visibility::Shown | Visibility::Hidden => Ok(Arc::clone(product)),
        }
    }

    fn sell_on_screen(&mut self, turn: &mut Turn, lines: Vec<Line>) -> Result<Reply, Notice> {
        let id = self.begin_sale(turn, lines, None, Network::AsItIs)?;
        self.pay_screen(turn, id);
        Ok(self.sale_reply(id))
    }

    /// Puts a sale's code on the screen, or what stands in for it.
    fn pay_screen(&mut self, turn: &Turn, sale: SaleId) {
        let patience = turn.now.mono_ms.saturating_add(PATIENCE_MS);
        self.paying = Some(Paying {
            sale,
            patience_ends_mono: Some(patience),
            refused: None,
            leaves_at_mono: None,
            code: None,
        });
        self.notice = None;
        self.show(Screen::Pay);
    }

    fn begin_sale(
        &mut self,
        turn: &mut Turn,
        lines: Vec<Line>,
        backend: Option<&str>,
        network: Network,
    ) -> Result<SaleId, Notice> {
        let total = checked_total(&lines, self.setup.shop.currency)?;
        let backend = self
            .backend(backend)?
            .ok_or(Notice::NoBackend)?
            .name
            .clone();
        let choice = self.choose(turn, &backend, &lines, total, network)?;
        let id = self.record_sale(turn, lines, total, &backend);
        match choice {
            Choice::Spare(link) | Choice::Permanent(link) => self.show_link(turn, id, link),
            Choice::Mint => self.mint_for(turn, id),
        }
        Ok(id)
    }

    /// Writes a sale down. It has no code yet.
    pub(super) fn record_sale(
        &mut self,
        turn: &mut Turn,
        lines: Vec<Line>,
        total: Amount,
        backend: &str,
    ) -> SaleId {
        let id = SaleId(self.entropy.uuid(turn.at()));
        let reference = format!("{}-{:04}", self.shop.terminal, self.next_number);
        self.next_number = self.next_number.saturating_add(1);
        #[cfg(planted)]
        let saved = self.next_number - u64::from(planted::is(Bug::NumberForgotten));
        #[cfg(not(planted))]
        let saved = self.next_number;
        recover::save(turn, recover::NEXT_NUMBER, &saved);
        let created_at = turn.at();
        let sale = Sale {
            id,
            reference,
            created_at,
            lines,
            total,
            backend: backend.to_owned(),
        };
        let detail = json!({
            "reference": sale.reference, "total": sale.total, "backend": sale.backend, "lines": sale.lines,
        });
        turn.journal("sale_begun", id, &detail);
        turn.write(Write::Sale(sale.clone()));
        self.sales.insert(id, SaleRecord::new(sale, []));
        self.waiting.insert(id);
        id
    }

    fn choose(
        &self,
        turn: &Turn,
        backend: &str,
        lines: &[Line],
        total: Amount,
        network: Network,
    ) -> Result<Choice, Notice> {
        if let Some(spare) = self.links.spare(backend, total, turn.now.best()) {
            return Ok(Choice::Spare(spare.id));
        }
        let present = network == Network::AsItIs;
        if present && self.reach.is_online() {
            return Ok(Choice::Mint);
        }
        if let Some(link) = self.permanent_for(backend, lines, total) {
            return Ok(Choice::Permanent(link));
        }
        if present && self.reach.reach() == Reach::Unknown {
            return Ok(Choice::Mint);
        }
        Err(Notice::OfflineNoCode { amount: total })
    }

    /// The permanent link of a sale of one piece, if it asks for just this sum.
    fn permanent_for(&self, backend: &str, lines: &[Line], total: Amount) -> Option<LinkId> {
        let [only] = lines else { return None };
        let link = self.links.permanent(backend, only.product?)?;
        let settled = link.state == LinkState::Live && !self.jobs.concerns(link.id);
        #[cfg(planted)]
        let settled = settled || planted::is(Bug::PriceTooEarly);
        let usable = settled && link.amount == total && link.url().is_some();
        usable.then_some(link.id)
    }

    /// Gives a link to a sale. The code is on the screen only after this is on disk.
    pub(super) fn show_link(&mut self, turn: &mut Turn, sale: SaleId, link: LinkId) {
        let Some(link) = self.links.link(link) else {
            return;
        };
        let mut link = link.clone();
        if link.purpose == Purpose::Single {
            debug_assert!(link.state.may_become(link.purpose, LinkState::Reserved));
            link.state = LinkState::Shown;
            link.sale = Some(sale);
            #[cfg(planted)]
            if planted::is(Bug::LinkStaysSpare) {
                (link.state, link.sale) = (LinkState::Live, None);
            }
            turn.write(Write::Link(link.clone()));
        }
        let fact = Fact::Shown {
            link: link.id,
            purpose: link.purpose,
            at: turn.at(),
        };
        self.links.put(link);
        self.add_fact(turn, sale, fact);
    }

    /// A code in the making took too long or was refused: show the permanent one, or say why not.
    pub(super) fn fall_back(&mut self, turn: &mut Turn, sale: SaleId, reason: Notice) {
        let Some(record) = self.sales.get(&sale) else {
            return;
        };
        if record.standing().state != SaleState::Open {
            return;
        }
        let found = self.permanent_for(&record.sale.backend, &record.sale.lines, record.sale.total);
        if let Some(link) = found {
            self.show_link(turn, sale, link);
        } else if let Some(paying) = self.paying.as_mut().filter(|paying| paying.sale == sale) {
            paying.refused = Some(reason);
        }
    }

    pub(super) fn open_sale(&mut self, turn: &mut Turn, sale: SaleId) -> Result<Reply, Notice> {
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        let state = record.standing().state;
        if turn.actor == Actor::Cashier {
            self.pay_screen(turn, sale);
            if state == SaleState::Paid {
                self.show(Screen::Paid);
            }
        }
        Ok(self.sale_reply(sale))
    }

    pub(super) fn sale_reply(&self, id: SaleId) -> Reply {
        self.view_of(id).map_or(Reply::Done, |sale| Reply::Sale {
            sale: Box::new(sale),
        })
    }

    /// What lists show of a sale in memory.
    pub(super) fn view_of(&self, id: SaleId) -> Option<SaleView> {
        let record = self.sales.get(&id)?;
        let link = record.last_shown().and_then(|link| self.links.link(link));
        Some(sale_view(record, link))
    }
}
