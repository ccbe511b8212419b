//! Rows, as the database keeps them: the same meaning, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tillcode::domain::catalog::{Catalog, Product};
use tillcode::domain::id::{CartId, JobId, LinkId, ProductId, SaleId};
use tillcode::domain::link::{Link, LinkState};
use tillcode::domain::loose::LoosePayment;
use tillcode::domain::payment::{PaymentRow, Proof};
use tillcode::domain::sale::{SaleRecord, SaleState};
use tillcode::domain::time::Timestamp;
use tillcode::io::store::{FILE_NAME, Store};
use tillcode::terminal::step::{Cart, Entry, Job};
use tillcode::terminal::{Keys, Recovered, Rows, Write};

/// How long a closed link comes back at a start, in milliseconds.
const WATCHED_MS: i64 = 3 * 24 * 3_600_000;

/// How many of the newest links come back in any case, once closed.
const NEWEST: usize = 2_000;

/// What outlives the power.
#[derive(Debug, Default)]
pub struct Disk {
    products: BTreeMap<ProductId, Product>,
    pub sales: BTreeMap<SaleId, SaleRecord>,
    waiting: BTreeSet<SaleId>,
    pub links: BTreeMap<LinkId, Link>,
    /// In which order they were first written.
    numbers: BTreeMap<LinkId, usize>,
    by_sale: BTreeMap<SaleId, BTreeSet<LinkId>>,
    pub jobs: BTreeMap<JobId, Job>,
    /// The jobs in the order of their rows.
    job_order: Vec<JobId>,
    carts: BTreeMap<CartId, Cart>,
    settings: BTreeMap<String, String>,
    pub journal: Vec<Entry>,
    /// By backend, the provider's id, and what was said.
    pub payments: BTreeMap<(String, String, String), PaymentRow>,
    /// Payments that name no sale, by backend and the provider's id.
    pub loose: BTreeMap<(String, String), LoosePayment>,
    mirror: Option<Mirror>,
}

/// The real database with the same rows.
#[derive(Debug)]
struct Mirror {
    store: Store,
    _folder: tempfile::TempDir,
}

impl Disk {
    pub fn new(mirrored: bool) -> Self {
        let mirror = mirrored.then(|| {
            let folder = tempfile::tempdir().expect("a folder for the real database");
            let store = Store::open(&folder.path().join(FILE_NAME)).expect("the real database");
            Mirror {
                store,
                _folder: folder,
            }
        });
        Self {
            mirror,
            ..Self::default()
        }
    }

    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(String::as_str)
    }

    pub const fn is_mirrored(&self) -> bool {
        self.mirror.is_some()
    }

    pub fn product(&self, number: usize) -> Option<&Product> {
        self.products
            .values()
            .nth(number % self.products.len().max(1))
    }

    pub fn commit(&mut self, writes: &[Write]) {
        if let Some(mirror) = &mut self.mirror {
            mirror.store.commit(writes).expect("the real database");
        }
        for write in writes {
            self.apply(write.clone());
        }
    }

    fn apply(&mut self, write: Write) {
        match write {
            // These tills have no printers.
            Write::Print(_)
            | Write::PrintFact { .. }
            | Write::Sticker { .. }
            | Write::StickersTold(_) => {}
            Write::Product(product) => drop(self.products.insert(product.id, product)),
            Write::Sale(sale) => {
                self.waiting.insert(sale.id);
                self.sales
                    .entry(sale.id)
                    .or_insert_with(|| SaleRecord::new(sale, []));
            }
            Write::Fact { sale, fact } => {
                let record = self.sales.get_mut(&sale).expect("a fact belongs to a sale");
                record.add(fact);
                let state = record.standing().state;
                if matches!(state, SaleState::Open | SaleState::Awaiting) {
                    self.waiting.insert(sale);
                } else {
                    self.waiting.remove(&sale);
                }
            }
            Write::Payment(row) => {
                let report = &row.report;
                let key = (
                    report.backend.clone(),
                    report.payment.clone(),
                    format!("{:?}/{}", report.status, report.amount.minor),
                );
                self.payments.entry(key).or_insert(row);
            }
            Write::Loose(loose) => {
                let report = &loose.report;
                let key = (report.backend.clone(), report.payment.clone());
                if let Some(sale) = loose.state.sale() {
                    let of = |(known, _): &(&(String, String, String), &mut PaymentRow)| {
                        known.0 == key.0 && known.1 == key.1
                    };
                    for (_, row) in self.payments.iter_mut().filter(of) {
                        row.sale = row.sale.or(Some(sale));
                    }
                }
                self.loose.insert(key, loose);
            }
            Write::Link(link) => self.put_link(link),
            Write::Job(job) => {
                let id = job.id;
                if self.jobs.insert(id, job).is_none() {
                    self.job_order.push(id);
                }
            }
            Write::JobDone(id) => {
                self.jobs.remove(&id);
                self.job_order.retain(|known| *known != id);
            }
            Write::Cart(cart) => drop(self.carts.insert(cart.id, cart)),
            Write::CartDone(id) => drop(self.carts.remove(&id)),
            Write::Setting { key, value } => drop(self.settings.insert(key.to_owned(), value)),
            Write::Journal(entry) => self.journal.push(entry),
        }
    }

    fn put_link(&mut self, link: Link) {
        let before = self.links.get(&link.id).and_then(|old| old.sale);
        if let Some(ids) = before.and_then(|sale| self.by_sale.get_mut(&sale)) {
            ids.remove(&link.id);
        }
        let next = self.numbers.len();
        self.numbers.entry(link.id).or_insert(next);
        if let Some(sale) = link.sale {
            self.by_sale.entry(sale).or_default().insert(link.id);
        }
        self.links.insert(link.id, link);
    }

    /// Sales that wait for money and were not given out on somebody's word.
    pub fn waiting(&self) -> impl Iterator<Item = SaleId> {
        let open = self.waiting.iter().filter(|id| {
            let standing = self.sales.get(id).map(SaleRecord::standing);
            standing.is_some_and(|standing| standing.proof != Proof::Claimed)
        });
        open.copied()
    }

    /// Everything that a till needs to go on, as `io::store` chooses it.
    pub fn recover(&mut self, since: Timestamp) -> Recovered {
        let of_jobs: BTreeSet<_> = self.jobs.values().filter_map(|job| job.link).collect();
        let watched = since.plus_millis(-WATCHED_MS);
        let count = self.numbers.len();
        let is_new = |link: &Link| {
            let number = self.numbers.get(&link.id);
            number.is_some_and(|number| number + NEWEST >= count)
        };
        let alive = self.links.values().filter(|link| {
            let closed = matches!(
                link.state,
                LinkState::Burned | LinkState::Expired | LinkState::Withdrawn
            );
            is_alive(link.state)
                || of_jobs.contains(&link.id)
                || (closed && link.sale.is_some() && (link.created_at >= watched || is_new(link)))
        });
        let mut links: BTreeMap<_, _> = alive.map(|link| (link.id, link.clone())).collect();
        let sales: BTreeMap<_, _> = self
            .sales
            .values()
            .filter(|record| {
                self.waiting.contains(&record.sale.id) || record.sale.created_at >= since
            })
            .map(|record| (record.sale.id, record.clone()))
            .collect();
        for record in sales.values() {
            self.add_links(&mut links, record);
        }
        let mut products: Vec<_> = self.products.values().cloned().map(Arc::new).collect();
        products.sort_by(|a, b| a.sku.cmp(&b.sku));
        let jobs = self.job_order.iter();
        let jobs = jobs.filter_map(|id| self.jobs.get(id)).cloned().collect();
        let mut carts: Vec<_> = self.carts.values().cloned().collect();
        carts.sort_by_key(|cart| (cart.at, cart.id));
        let recovered = Recovered {
            catalog: Arc::new(Catalog::index(1, products)),
            links: links.into_values().collect(),
            sales: sales.into_values().collect(),
            carts,
            loose: self.undecided(),
            jobs,
            // These tills have no printers.
            prints: Vec::new(),
            stickers: Vec::new(),
            untold: Vec::new(),
            settings: self.settings.clone(),
        };
        if let Some(mirror) = &mut self.mirror {
            mirror.store.reopen().expect("the real database");
            let mut real = mirror.store.recover(since).expect("the real database");
            real.links.sort_by_key(|link| link.id);
            assert_eq!(
                format!("{recovered:?}"),
                format!("{real:?}"),
                "the real database recovers something else"
            );
        }
        recovered
    }

    /// Payments that nobody has said anything about, newest first.
    fn undecided(&self) -> Vec<LoosePayment> {
        let loose = self.loose.values();
        let mut loose: Vec<_> = loose
            .filter(|loose| loose.state.is_undecided())
            .cloned()
            .collect();
        loose.sort_by_key(|loose| std::cmp::Reverse(loose.report.heard_at));
        loose
    }

    /// The rows that a step named.
    pub fn rows(&self, keys: &Keys) -> Rows {
        let mut links = BTreeMap::new();
        let mut sales = BTreeMap::new();
        let mut ids = keys.sales.clone();
        let is_named = |link: &&Link| {
            let remote = link.remote.as_ref();
            let remote = remote.map(|remote| (link.backend.clone(), remote.id.clone()));
            remote.is_some_and(|remote| keys.remotes.contains(&remote))
        };
        let by_remote: Vec<&Link> = if keys.remotes.is_empty() {
            Vec::new()
        } else {
            self.links.values().filter(is_named).collect()
        };
        let by_id = keys.links.iter().filter_map(|id| self.links.get(id));
        for link in by_id.chain(by_remote) {
            ids.extend(link.sale);
            links.insert(link.id, link.clone());
        }
        let loose: Vec<LoosePayment> = keys
            .payments
            .iter()
            .filter_map(|key| self.loose.get(key))
            .cloned()
            .collect();
        ids.extend(loose.iter().filter_map(|loose| loose.state.sale()));
        for record in ids.iter().filter_map(|id| self.sales.get(id)) {
            self.add_links(&mut links, record);
            sales.insert(record.sale.id, record.clone());
        }
        let rows = Rows {
            links: links.into_values().collect(),
            sales: sales.into_values().collect(),
            payments: keys
                .payments
                .iter()
                .flat_map(|(backend, payment)| {
                    let of = |(key, _): &(&(String, String, String), &PaymentRow)| {
                        key.0 == *backend && key.1 == *payment
                    };
                    self.payments.iter().filter(of).map(|(_, row)| row.clone())
                })
                .collect(),
            loose,
            kept: self.kept(&keys.kept),
            ..Rows::default()
        };
        if let Some(mirror) = &self.mirror {
            let real = mirror.store.rows(keys).expect("the real database");
            assert_eq!(
                format!("{rows:?}"),
                format!("{real:?}"),
                "the real database reads something else"
            );
        }
        rows
    }

    fn kept(&self, subjects: &[String]) -> Vec<String> {
        let is_kept = |subject: &&String| {
            let mut rows = self.journal.iter();
            rows.any(|row| row.what == "payment_unmatched" && row.subject == **subject)
        };
        subjects.iter().filter(is_kept).cloned().collect()
    }

    fn add_links(&self, links: &mut BTreeMap<LinkId, Link>, record: &SaleRecord) {
        let given = self.by_sale.get(&record.sale.id).into_iter().flatten();
        let shown: Vec<_> = record.shown_links().map(|(link, _)| link).collect();
        for id in given.chain(&shown) {
            if let Some(link) = self.links.get(id) {
                links.insert(*id, link.clone());
            }
        }
    }

    /// The real journal's chain holds.
    pub fn verify(&self) {
        if let Some(mirror) = &self.mirror {
            mirror.store.verify_journal().expect("the real journal");
        }
    }
}

const fn is_alive(state: LinkState) -> bool {
    matches!(
        state,
        LinkState::Wanted
            | LinkState::Requested
            | LinkState::Live
            | LinkState::Reserved
            | LinkState::Shown
    )
}
