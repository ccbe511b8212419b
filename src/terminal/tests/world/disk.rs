//! What would be on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::catalog::{Catalog, Product};
use crate::domain::id::{CartId, JobId, LinkId, PrintId, ProductId, SaleId, StickerId};
use crate::domain::link::Link;
use crate::domain::loose::LoosePayment;
use crate::domain::payment::PaymentRow;
use crate::domain::print::Print;
use crate::domain::sale::{Fact, Sale, SaleRecord};
use crate::domain::sticker::Sticker;
use crate::terminal::printing::{Fact as PrintFact, Standing};
use crate::terminal::step::{Cart, Entry, Job};
use crate::terminal::{Recovered, Write};

/// All rows.
#[derive(Default)]
pub(in crate::terminal::tests) struct Disk {
    pub(super) products: BTreeMap<ProductId, Product>,
    pub(in crate::terminal::tests) sales: BTreeMap<SaleId, Sale>,
    pub(in crate::terminal::tests) facts: BTreeMap<(SaleId, String), Fact>,
    pub(in crate::terminal::tests) links: BTreeMap<LinkId, Link>,
    pub(in crate::terminal::tests) jobs: BTreeMap<JobId, Job>,
    carts: BTreeMap<CartId, Cart>,
    pub(in crate::terminal::tests) settings: BTreeMap<String, String>,
    pub(in crate::terminal::tests) journal: Vec<Entry>,
    pub(in crate::terminal::tests) payments: Vec<PaymentRow>,
    pub(in crate::terminal::tests) loose: BTreeMap<(String, String), LoosePayment>,
    pub(in crate::terminal::tests) prints: BTreeMap<PrintId, Print>,
    pub(in crate::terminal::tests) print_facts: Vec<PrintFact>,
    pub(in crate::terminal::tests) stickers: BTreeMap<StickerId, Sticker>,
    /// Of which the hub does not know all.
    pub(in crate::terminal::tests) untold: BTreeSet<StickerId>,
}

impl Disk {
    pub(super) fn commit(&mut self, writes: Vec<Write>) {
        for write in writes {
            match write {
                Write::Product(product) => drop(self.products.insert(product.id, product)),
                Write::Sale(sale) => drop(self.sales.entry(sale.id).or_insert(sale)),
                Write::Fact { sale, fact } => {
                    self.facts.entry((sale, fact.key())).or_insert(fact);
                }
                Write::Payment(row) => self.payments.push(row),
                Write::Loose(loose) => {
                    let key = (loose.report.backend.clone(), loose.report.payment.clone());
                    self.loose.insert(key, loose);
                }
                Write::Link(link) => drop(self.links.insert(link.id, link)),
                Write::Job(job) => drop(self.jobs.insert(job.id, job)),
                Write::JobDone(id) => drop(self.jobs.remove(&id)),
                Write::Cart(cart) => drop(self.carts.insert(cart.id, cart)),
                Write::CartDone(id) => drop(self.carts.remove(&id)),
                Write::Print(print) => drop(self.prints.insert(print.id, print)),
                Write::PrintFact { fact, .. } if self.print_facts.contains(&fact) => {}
                Write::PrintFact { fact, .. } => self.print_facts.push(fact),
                Write::Sticker { sticker, is_untold } => {
                    if is_untold {
                        self.untold.insert(sticker.id);
                    }
                    self.stickers.insert(sticker.id, sticker);
                }
                Write::StickersTold(ids) => self.untold.retain(|id| !ids.contains(id)),
                Write::Setting { key, value } => drop(self.settings.insert(key.to_owned(), value)),
                Write::Journal(entry) => self.journal.push(entry),
            }
        }
    }

    pub(in crate::terminal::tests) fn record(&self, id: SaleId) -> SaleRecord {
        let facts = self.facts.iter().filter(|((sale, _), _)| *sale == id);
        SaleRecord::new(self.sales[&id].clone(), facts.map(|(_, fact)| fact.clone()))
    }

    pub(in crate::terminal::tests) fn standing(&self, id: PrintId) -> Standing {
        Standing::fold(&self.facts_of(id))
    }

    pub(in crate::terminal::tests) fn facts_of(&self, id: PrintId) -> Vec<PrintFact> {
        let facts = self.print_facts.iter();
        facts.filter(|fact| fact.sheet == id).cloned().collect()
    }

    fn open_prints(&self) -> Vec<(Print, Vec<PrintFact>)> {
        let open = self
            .prints
            .values()
            .filter(|print| !self.standing(print.id).is_end());
        open.map(|print| (print.clone(), self.facts_of(print.id)))
            .collect()
    }

    pub(super) fn recover(&self) -> Recovered {
        let products = self.products.values().cloned().map(Arc::new);
        Recovered {
            catalog: Arc::new(Catalog::index(1, products.collect())),
            links: self.links.values().cloned().collect(),
            sales: self.sales.keys().map(|id| self.record(*id)).collect(),
            carts: self.carts.values().cloned().collect(),
            loose: self
                .loose
                .values()
                .filter(|loose| loose.state.is_undecided())
                .cloned()
                .collect(),
            jobs: self.jobs.values().cloned().collect(),
            prints: self.open_prints(),
            stickers: self.stickers.values().cloned().collect(),
            untold: self
                .untold
                .iter()
                .map(|id| self.stickers[id].clone())
                .collect(),
            settings: self.settings.clone(),
        }
    }
}
