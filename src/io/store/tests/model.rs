//! Random steps against a model in maps: after any of them, reopened or not, both hold the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::sample::{at, sample};
use super::*;
use crate::domain::catalog::Product;
use crate::domain::id::{CartId, JobId, LinkId, ProductId, SaleId};
use crate::domain::link::Link;
use crate::domain::sale::SaleRecord;
use crate::terminal::step::{Cart, Job};

/// A few of each, so that rows meet.
const FEW: u8 = 4;

#[derive(Default)]
struct Model {
    products: BTreeMap<ProductId, Product>,
    sales: BTreeMap<SaleId, SaleRecord>,
    links: BTreeMap<LinkId, Link>,
    /// In the order in which they were first written.
    jobs: Vec<Job>,
    carts: BTreeMap<CartId, Cart>,
    settings: BTreeMap<String, String>,
    journal: i64,
}

impl Model {
    fn apply(&mut self, write: &Write) {
        match write {
            Write::Product(product) => drop(self.products.insert(product.id, product.clone())),
            Write::Sale(sale) => {
                self.sales
                    .entry(sale.id)
                    .or_insert_with(|| SaleRecord::new(sale.clone(), []));
            }
            Write::Fact { sale, fact } => {
                self.sales.get_mut(sale).unwrap().add(fact.clone());
            }
            Write::Payment(_)
            | Write::Loose(_)
            | Write::Print(_)
            | Write::PrintFact { .. }
            | Write::Sticker { .. }
            | Write::StickersTold(_) => {}
            Write::Link(link) => drop(self.links.insert(link.id, link.clone())),
            Write::Job(job) => match self.jobs.iter_mut().find(|known| known.id == job.id) {
                Some(known) => *known = job.clone(),
                None => self.jobs.push(job.clone()),
            },
            Write::JobDone(id) => self.jobs.retain(|known| known.id != *id),
            Write::Cart(cart) => drop(self.carts.insert(cart.id, cart.clone())),
            Write::CartDone(id) => drop(self.carts.remove(id)),
            Write::Setting { key, value } => {
                self.settings.insert((*key).to_owned(), value.clone());
            }
            Write::Journal(_) => self.journal += 1,
        }
    }
}

fn uuid(kind: u8, which: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes([kind, which, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
}

fn sale(which: u8) -> Write {
    let mut sale = sample().sale;
    sale.id = SaleId(uuid(1, which));
    Write::Sale(sale)
}

fn any_write() -> impl Strategy<Value = Write> {
    let which = || 0..FEW;
    prop_oneof![
        (which(), 1..900_i64, ".{0,9}").prop_map(|(which, minor, name)| {
            let mut product = sample().product;
            product.id = ProductId(uuid(2, which));
            product.price.minor = minor;
            product.name = name;
            Write::Product(product)
        }),
        which().prop_map(sale),
        (which(), 0..3_u8, 0..9_i64).prop_map(|(which, kind, second)| Write::Fact {
            sale: SaleId(uuid(1, which)),
            fact: match kind {
                0 => sample().shown(),
                1 => Fact::Cancelled { at: at(second) },
                _ => Fact::Claimed {
                    reason: "\"'\u{0}".to_owned(),
                    at: at(second),
                },
            },
        }),
        (which(), prop::option::of(which()), any::<bool>()).prop_map(|(which, sale, live)| {
            let mut link = sample().link;
            link.id = LinkId(uuid(3, which));
            link.sale = sale.map(|which| SaleId(uuid(1, which)));
            link.state = if live {
                LinkState::Live
            } else {
                LinkState::Shown
            };
            link.remote = link.remote.filter(|_| live);
            Write::Link(link)
        }),
        (which(), any::<u32>()).prop_map(|(which, attempts)| {
            let mut job = sample().job;
            job.id = JobId(uuid(4, which));
            job.link = None;
            job.attempts = attempts;
            Write::Job(job)
        }),
        which().prop_map(|which| Write::JobDone(JobId(uuid(4, which)))),
        (which(), any::<bool>()).prop_map(|(which, held)| {
            let mut cart = sample().cart;
            cart.id = CartId(uuid(5, which));
            cart.held = held;
            Write::Cart(cart)
        }),
        which().prop_map(|which| Write::CartDone(CartId(uuid(5, which)))),
        ".{0,9}".prop_map(|value| Write::Setting {
            key: "theme",
            value
        }),
        Just(Write::Journal(sample().entry("fact"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_file_holds_what_the_model_holds(
        steps in prop::collection::vec((prop::collection::vec(any_write(), 0..6), 0..4_u8), 1..12)
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(folder.path());
        let mut model = Model::default();
        for which in 0..FEW {
            model.apply(&sale(which));
            store.commit(&[sale(which)]).unwrap();
        }
        for (writes, chance) in steps {
            store.commit(&writes).unwrap();
            for write in &writes {
                model.apply(write);
            }
            if chance == 0 {
                drop(store);
                store = open(folder.path());
            }
        }
        store.reopen().unwrap();
        let mut found = store.recover(at(0)).unwrap();
        // They come in any order.
        found.links.sort_by_key(|link| link.id);
        let by_id = |products: &[Arc<Product>]| -> BTreeMap<_, _> {
            products.iter().map(|product| (product.id, Product::clone(product))).collect()
        };
        prop_assert_eq!(by_id(found.catalog.products()), model.products);
        prop_assert_eq!(found.sales, model.sales.values().cloned().collect::<Vec<_>>());
        prop_assert_eq!(found.links, model.links.into_values().collect::<Vec<_>>());
        prop_assert_eq!(found.jobs, model.jobs);
        prop_assert_eq!(found.carts, model.carts.into_values().collect::<Vec<_>>());
        prop_assert_eq!(found.settings, model.settings);
        prop_assert_eq!(store.verify_journal().unwrap().number, model.journal);
        // Far in the future only the open sales are left.
        let open: Vec<_> = store.recover(at(1_000_000)).unwrap().sales;
        let waiting: Vec<_> = model.sales.into_values().filter(read::is_waiting).collect();
        prop_assert_eq!(open, waiting);
    }
}
