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
use crate::domain::id::{JobId, LinkId, ProductId, SaleId};
use crate::domain::link::{Ask, Asking, LinkState, Purpose};
use crate::domain::money::Amount;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::sale::{Fact, Line, Part, Sale, SaleRecord, SaleState};
use crate::domain::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How long a code may be in the making before the permanent one takes its place.
const PATIENCE_MS: u64 = 3_000;

/// The most codes that a customer is asked to scan for one sale.
const PARTS_MAX: usize = 8;

/// Which link a sale gets (design.md 5).
#[derive(Clone, Debug, PartialEq, Eq)]
enum Choice {
    /// A spare single one: at once, and it names the sale.
    Spare(LinkId),
    /// A spare single one on which the payer types the sum; it is checked when the money arrives.
    Open(LinkId),
    /// Several spare ones, paid one after the other.
    Parts(Vec<LinkId>),
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
            | Screen::Payments
            | Screen::Sync
            | Screen::Stickers
            | Screen::Printer
            | Screen::Trip
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
            // A sale of an unknown sum could be neither over- nor underpaid: the sticker takes it.
            Visibility::Shown | Visibility::Hidden if product.asking == Asking::Open => {
                Err(Notice::PayerSetsAmount {
                    product: product.name.clone(),
                })
            }
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
            new_code: None,
            has_ended: false,
            part: 0,
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
            .account(backend)?
            .ok_or(Notice::NoBackend)?
            .name()
            .to_owned();
        let (lines, total, choice) = self.choose_price(turn, &backend, lines, total, network)?;
        let id = self.record_sale(turn, lines, total, &backend);
        self.give(turn, id, choice, &backend);
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
        self.record_sale_as(turn, id, lines, total, backend);
        id
    }

    /// The same under an id that was drawn before.
    pub(super) fn record_sale_as(
        &mut self,
        turn: &mut Turn,
        id: SaleId,
        lines: Vec<Line>,
        total: Amount,
        backend: &str,
    ) {
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
    }

    /// A link for the lines as they are; where none asks for a new price, one for them as they were,
    /// if the owner allows it.
    fn choose_price(
        &self,
        turn: &Turn,
        backend: &str,
        lines: Vec<Line>,
        total: Amount,
        network: Network,
    ) -> Result<(Vec<Line>, Amount, Choice), Notice> {
        match self.choose(turn, backend, &lines, total, network) {
            Ok(choice) => Ok((lines, total, choice)),
            Err(Notice::OfflineNoCode { .. }) => {
                let lines = self.sell_as_before(&lines, total)?;
                let before = checked_total(&lines, self.setup.shop.currency)?;
                let choice = self.choose(turn, backend, &lines, before, network);
                let choice = choice.map_err(|_none| Notice::NewPriceNoCode { amount: total })?;
                Ok((lines, before, choice))
            }
            Err(notice) => Err(notice),
        }
    }

    fn choose(
        &self,
        turn: &Turn,
        backend: &str,
        lines: &[Line],
        total: Amount,
        network: Network,
    ) -> Result<Choice, Notice> {
        if let Some(spare) = self
            .links
            .spare(backend, Ask::fixed(total), turn.now.best())
        {
            return Ok(Choice::Spare(spare.id));
        }
        let present = network == Network::AsItIs;
        if present && self.accounts.is_online(backend) {
            return Ok(Choice::Mint);
        }
        let at = turn.now.best();
        if let Some(open) = self.links.spare(backend, Ask::open(total.currency), at) {
            return Ok(Choice::Open(open.id));
        }
        if let Some(parts) = self.parts_for(backend, lines, at) {
            return Ok(Choice::Parts(parts));
        }
        if let Some(link) = self.permanent_for(backend, lines, total) {
            return Ok(Choice::Permanent(link));
        }
        let reach = self
            .accounts
            .get(backend)
            .map(|account| account.reach.reach());
        if present && reach == Some(Reach::Unknown) {
            return Ok(Choice::Mint);
        }
        Err(Notice::OfflineNoCode { amount: total })
    }

    /// Spare links that together ask for just this cart: one for each line, or for each piece of it.
    fn parts_for(&self, backend: &str, lines: &[Line], at: Timestamp) -> Option<Vec<LinkId>> {
        let mut taken = BTreeSet::new();
        for line in lines {
            let whole = line.total().ok()?;
            let spares = |amount| self.links.spares(backend, Ask::fixed(amount), at);
            let free = |id: &LinkId| !taken.contains(id);
            if let Some(id) = spares(whole).find(free) {
                taken.insert(id);
                continue;
            }
            let pieces: Vec<LinkId> = spares(line.unit)
                .filter(free)
                .take(usize::try_from(line.quantity).ok()?)
                .collect();
            if u32::try_from(pieces.len()) != Ok(line.quantity) {
                return None;
            }
            taken.extend(pieces);
        }
        ((2..=PARTS_MAX).contains(&taken.len())).then(|| taken.into_iter().collect())
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
        self.show_part(turn, sale, link, None);
    }

    fn show_part(&mut self, turn: &mut Turn, sale: SaleId, link: LinkId, part: Option<Part>) {
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
            part,
            at: turn.at(),
        };
        self.watch(&link, turn.now.mono_ms);
        if let Some(paying) = self.paying.as_mut().filter(|paying| paying.sale == sale) {
            paying.has_ended = false;
            paying.new_code = None;
        }
        self.links.put(link);
        self.add_fact(turn, sale, fact);
    }

    /// Another code for a sale whose code is of no use to the customer: past its end, or of the wrong
    /// account. What is paid on the old one still counts for this sale.
    pub(super) fn new_code(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        backend: Option<&str>,
    ) -> Result<Reply, Notice> {
        let total = self.unpaid(sale)?;
        let record = self.sales.get(&sale).ok_or(Notice::UnknownSale)?;
        let backend = backend.unwrap_or(&record.sale.backend).to_owned();
        self.account(Some(&backend))?;
        let lines = record.sale.lines.clone();
        let choice = self.choose(turn, &backend, &lines, total, Network::AsItIs)?;
        if turn.actor == Actor::Cashier {
            self.pay_screen(turn, sale);
        }
        let job = self.give(turn, sale, choice, &backend);
        if let Some(paying) = self.paying.as_mut().filter(|paying| paying.sale == sale) {
            paying.new_code = job;
        }
        Ok(self.sale_reply(sale))
    }

    /// The job that makes the code, where there is none yet.
    fn give(
        &mut self,
        turn: &mut Turn,
        sale: SaleId,
        choice: Choice,
        backend: &str,
    ) -> Option<JobId> {
        match choice {
            Choice::Spare(link) | Choice::Open(link) | Choice::Permanent(link) => {
                self.show_link(turn, sale, link);
                None
            }
            Choice::Parts(links) => {
                let of = u32::try_from(links.len()).unwrap_or(u32::MAX);
                for (number, link) in (1..).zip(links) {
                    self.show_part(turn, sale, link, Some(Part { number, of }));
                }
                None
            }
            Choice::Mint => self.mint_for(turn, sale, backend),
        }
    }

    /// A code in the making took too long or was refused: show the permanent one, or say why not.
    pub(super) fn fall_back(&mut self, turn: &mut Turn, sale: SaleId, reason: Notice) {
        let Some(record) = self.sales.get(&sale) else {
            return;
        };
        if record.standing().state != SaleState::Open {
            let paying = self.paying.as_mut().filter(|paying| paying.sale == sale);
            if let Some(paying) = paying.filter(|paying| paying.new_code.is_some()) {
                paying.new_code = None;
                paying.refused = Some(reason);
            }
            return;
        }
        let found = self.permanent_for(&record.sale.backend, &record.sale.lines, record.sale.total);
        if let Some(link) = found {
            self.show_link(turn, sale, link);
        } else if let Some(paying) = self.paying.as_mut().filter(|paying| paying.sale == sale) {
            paying.new_code = None;
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
