//! A till without anything behind it: serves a snapshot, records commands.

use std::sync::{Arc, Mutex};

use tillcode::domain::catalog::{Catalog, Product, Visibility};
use tillcode::domain::day::DayRule;
use tillcode::domain::id::{Entropy, JobId, LinkId, ProductId, SaleId};
use tillcode::domain::link::{Asking, Link, LinkState, Purpose, RemoteLink};
use tillcode::domain::locale::{Language, Locale};
use tillcode::domain::money::{Amount, Currency};
use tillcode::domain::payment::Proof;
use tillcode::domain::sale::{Line, SaleState};
use tillcode::domain::time::Timestamp;
use tillcode::proto::backend::{Capabilities, Learns, Refusal};
use tillcode::proto::qr::QrGrid;
use tillcode::terminal::pool_view::{PoolAccount, PoolReport, PoolRow};
use tillcode::terminal::query::{DayTotal, PortView, PrinterKind, SoldSum, SyncReport, SyncRow};
use tillcode::terminal::snapshot::{
    AccountView, CartView, CodeView, HubReach, HubView, PayView, Reach, RiskView, ShopView,
    StatusView,
};
use tillcode::terminal::{
    Answer, Command, PaperQuery, Query, SaleView, Screen, SellMode, Snapshot, Theme,
};
use tillcode::ui::{Picture, Till};

/// The till.
pub struct FakeTill {
    snapshot: Mutex<Arc<Snapshot>>,
    sent: Mutex<Vec<(Command, u64)>>,
    /// Answers to questions about sales.
    pub sales: Mutex<Vec<SaleView>>,
    /// Answers to questions about links.
    pub links: Mutex<Vec<Link>>,
    /// The answer to the question what waits; none for no answer.
    pub sync: Mutex<Option<SyncReport>>,
    /// The answer to the question which spare codes there are; none for no answer.
    pub pool: Mutex<Option<PoolReport>>,
    /// The answer to the question what was sold lately: on how many days, and which sums.
    pub sold: Mutex<(u32, Vec<SoldSum>)>,
    /// The answer to the question what the day brought.
    pub day: Mutex<Vec<DayTotal>>,
    /// What it was asked.
    pub asked: Mutex<Vec<Query>>,
    /// Where pictures come from.
    pub pictures: fn(&str) -> Option<Arc<Picture>>,
}

impl FakeTill {
    /// A till that shows `snapshot`.
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            snapshot: Mutex::new(Arc::new(snapshot)),
            sent: Mutex::default(),
            sales: Mutex::default(),
            links: Mutex::default(),
            sync: Mutex::default(),
            pool: Mutex::default(),
            sold: Mutex::default(),
            day: Mutex::default(),
            asked: Mutex::default(),
            pictures: |_| None,
        }
    }

    /// Shows something else from now on.
    pub fn change(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut place = self.snapshot.lock().unwrap();
        let mut next = Snapshot::clone(&place);
        next.revision += 1;
        change(&mut next);
        *place = Arc::new(next);
    }

    /// What it was told since it was asked the last time.
    pub fn taken(&self) -> Vec<Command> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        sent.into_iter().map(|(command, _)| command).collect()
    }
}

impl Till for FakeTill {
    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.lock().unwrap())
    }

    fn send(&self, command: Command, seen: u64) -> bool {
        self.sent.lock().unwrap().push((command, seen));
        true
    }

    fn ask(&self, query: Query, answer: Box<dyn FnOnce(Answer) + Send>) {
        self.asked.lock().unwrap().push(query.clone());
        let found = match query {
            Query::Sales { .. } => Some(Answer::Sales {
                sales: self.sales.lock().unwrap().clone(),
            }),
            Query::Links { .. } => Some(Answer::Links {
                links: self.links.lock().unwrap().clone(),
            }),
            Query::Sync => self.sync.lock().unwrap().clone().map(|sync| Answer::Sync {
                sync: Box::new(sync),
            }),
            Query::Pool { .. } => self.pool.lock().unwrap().clone().map(|pool| Answer::Pool {
                pool: Box::new(pool),
            }),
            Query::Sold { .. } => {
                let (open_days, sums) = self.sold.lock().unwrap().clone();
                Some(Answer::Sold { open_days, sums })
            }
            Query::Paper(PaperQuery::Ports) => Some(ports()),
            Query::Paper(PaperQuery::TryPort { .. }) => Some(Answer::Tried { problem: None }),
            Query::Day { .. } => Some(Answer::Day {
                totals: self.day.lock().unwrap().clone(),
            }),
            _ => None,
        };
        if let Some(found) = found {
            answer(found);
        }
    }

    fn picture(&self, source: &str) -> Option<Arc<Picture>> {
        (self.pictures)(source)
    }

    fn wake_with(&self, _wake: Box<dyn Fn() + Send + Sync>) {}
}

/// A serial adapter and a printer's own port.
fn ports() -> Answer {
    let port = |port: &str, path: &str, title: &str, is_serial| PortView {
        port: port.to_owned(),
        path: path.to_owned(),
        title: title.to_owned(),
        is_serial,
        places: vec![port.to_owned(), path.to_owned()],
    };
    let kind = |profile: &str, title: &str| PrinterKind {
        profile: profile.to_owned(),
        title: title.to_owned(),
    };
    Answer::Ports {
        ports: vec![
            port("usb:A5", "/dev/ttyUSB1", "FTDI Serial adapter", true),
            port("/dev/usb/lp0", "/dev/usb/lp0", "", false),
        ],
        kinds: vec![
            kind("epson-tm-t20", "Epson TM-T20"),
            kind("generic-80", "Receipt printer, 80 mm"),
        ],
    }
}

/// Euros.
pub fn euro(minor: i64) -> Amount {
    Amount::new(minor, Currency::from_code("EUR").unwrap())
}

/// A product of the test shop.
pub fn product(name: &str, category: &str, minor: i64) -> Product {
    Product {
        id: ProductId::of_sku("test", name),
        sku: name.to_uppercase(),
        name: name.to_owned(),
        group: None,
        category: Some(category.to_owned()),
        description: String::new(),
        price: euro(minor),
        asking: Asking::default(),
        options: tillcode::domain::options::Options::default(),
        barcodes: Vec::new(),
        picture: None,
        visibility: Visibility::Shown,
    }
}

/// A catalog of these products.
pub fn catalog(revision: u64, products: Vec<Product>) -> Arc<Catalog> {
    let products = products.into_iter().map(Arc::new).collect();
    Arc::new(Catalog::index(revision, products))
}

/// A line of a cart.
pub fn line(name: &str, minor: i64, quantity: u32) -> Line {
    Line {
        product: Some(ProductId::of_sku("test", name)),
        sku: name.to_uppercase(),
        name: name.to_owned(),
        unit: euro(minor),
        quantity,
    }
}

/// A cart of these lines.
pub fn cart(lines: Vec<Line>) -> CartView {
    let total = tillcode::domain::sale::total(&lines).unwrap();
    CartView {
        lines: lines.into(),
        total,
    }
}

/// A sale that waits.
pub fn sale(number: u64, minor: i64) -> SaleView {
    let at = Timestamp::parse_rfc3339("2026-03-02T09:32:00Z").unwrap();
    SaleView {
        id: SaleId(Entropy::new([u8::try_from(number).unwrap(); 32]).uuid(at)),
        reference: format!("K7-{number:04}"),
        created_at: at,
        lines: vec![line("Espresso", minor, 1)],
        total: euro(minor),
        backend: "demo".to_owned(),
        state: SaleState::Awaiting,
        proof: Proof::Open,
        late: false,
        over: None,
        under: None,
        failed: false,
        by_hand: false,
        missing: false,
        hinted: false,
        cash: false,
        change: None,
        link: None,
        url: None,
        word: Some("river 42".to_owned()),
    }
}

/// What the code of the tests holds: as long as a real address.
pub const URL: &str = "https://pay.example/link/9b2d3c52-be4c-0e9d-471b-607c93ea2511";

/// The Pay screen's sale with a code.
pub fn pay(sale: SaleView) -> PayView {
    PayView {
        offer: None,
        is_heard: true,
        sale,
        code: CodeView::Ready {
            grid: Arc::new(QrGrid::encode(URL).unwrap()),
            url: URL.to_owned(),
            host: "pay.example".to_owned(),
            word: "river 42".to_owned(),
            purpose: Purpose::Single,
            asks: Some(euro(350)),
            part: None,
            backend: "main".to_owned(),
        },
        total_now: None,
    }
}

/// When everything of the tests happened: half past ten in the morning, in the shop's zone.
pub fn morning() -> Timestamp {
    Timestamp::parse_rfc3339("2026-03-02T09:32:00Z").unwrap()
}

fn uuid(kind: u8, number: u8) -> uuid::Uuid {
    Entropy::new([kind ^ number.rotate_left(3); 32]).uuid(morning())
}

/// An account that does what it can.
pub fn account(name: &str, learns: Learns) -> AccountView {
    let all = learns == Learns::Notified;
    AccountView {
        name: name.to_owned(),
        kind: if all { "4pay" } else { "4geeks" },
        live: true,
        reach: Reach::Online,
        can: Capabilities {
            repeatable: false,
            expiry: all,
            withdraw: all,
            update: false,
            fetch: all,
            list: all,
            single_use: all,
            open_amount: all,
            permanent: true,
            learns,
        },
        is_heard: all,
    }
}

/// A permanent link.
pub fn sticker(number: u8, title: &str, minor: i64, state: LinkState) -> Link {
    Link {
        id: LinkId(uuid(1, number)),
        backend: "main".to_owned(),
        account: String::new(),
        purpose: Purpose::Permanent,
        product: Some(ProductId::of_sku("test", title)),
        amount: euro(minor),
        asking: Asking::Fixed,
        title: title.to_owned(),
        word: "river 42".to_owned(),
        description: String::new(),
        token: String::new(),
        state,
        remote: Some(RemoteLink {
            id: format!("pl_{number}"),
            url: URL.to_owned(),
        }),
        sale: None,
        is_custom: false,
        reports_to: None,
        options: tillcode::domain::options::Options::default(),
        created_at: morning(),
        expires_at: None,
    }
}

/// Something that waits, or was refused.
pub fn waits(number: u8, what: &str, refused: Option<&str>) -> SyncRow {
    SyncRow {
        job: JobId(uuid(2, number)),
        what: what.to_owned(),
        backend: "main".to_owned(),
        link: None,
        title: format!("Thing {number}"),
        sale: None,
        amount: Some(euro(250)),
        since: morning(),
        attempts: 3,
        problem: Some("the server at api.pay.example did not answer in time".to_owned()),
        refusal: refused.map(Refusal::of),
        under_way: false,
        next_try_ms: refused.is_none().then_some(12_000),
        can: vec!["retry".to_owned()],
    }
}

/// What the till says about these rows.
pub fn sync(rows: Vec<SyncRow>) -> SyncReport {
    SyncReport {
        hub: None,
        accounts: Vec::new(),
        asking: 0,
        clock_off_secs: None,
        waiting: rows.len(),
        rows,
    }
}

/// The spare codes of these sums: how many are there, all of them lasting.
pub fn pool(sums: &[(i64, usize)]) -> PoolReport {
    let account = |name: &str, kind: &str| PoolAccount {
        name: name.to_owned(),
        kind: kind.to_owned(),
        reach: "online".to_owned(),
        per_minute: Some(60),
        in_flight: 4,
        last_problem: None,
    };
    let rows = sums.iter().map(|(minor, there)| PoolRow {
        backend: "main".to_owned(),
        amount: euro(*minor),
        asking: Asking::Fixed,
        there: *there,
        lasting: *there,
        coming: 0,
        wanted: 2,
        low_water: 1,
        is_low: false,
        is_refused: false,
        next_end: None,
    });
    PoolReport {
        at: morning(),
        accounts: vec![account("main", "4geeks")],
        rows: rows.collect(),
        trip: None,
    }
}

/// How often a sum was sold at the first account.
pub fn sold(minor: i64, sales: u32) -> SoldSum {
    SoldSum {
        backend: "main".to_owned(),
        amount: euro(minor),
        sales,
        peak: sales,
    }
}

/// A small shop on Sell.
pub fn snapshot() -> Snapshot {
    let products = vec![
        product("Espresso", "Coffee", 250),
        product("Cappuccino", "Coffee", 350),
        product("Croissant", "Bakery", 220),
        product("Apple", "Fruit", 120),
    ];
    Snapshot {
        revision: 1,
        screen: Screen::Sell,
        screen_seq: 1,
        shop: Arc::new(ShopView {
            name: "Market stall".to_owned(),
            currency: Currency::from_code("EUR").unwrap(),
            locale: Locale::english(),
            day: DayRule {
                zone: chrono_tz::Europe::Berlin,
                cutoff: chrono::NaiveTime::from_hms_opt(4, 0, 0).unwrap(),
            },
            terminal: "K7".to_owned(),
            demo: false,
            test_account: false,
            has_backend: true,
        }),
        language: Language::En,
        theme: Theme::Light,
        catalog: catalog(1, products),
        favorites: Arc::from([]),
        mode: SellMode::OneItem,
        cart: CartView::default(),
        held: Arc::from([]),
        waiting: Arc::from([]),
        pay: None,
        loose: Vec::new().into(),
        to_check: Vec::new().into(),
        status: StatusView {
            stickers_hanging: 0,
            stickers_wrong: 0,
            stickers_fading: 0,
            faded_before: Timestamp::from_millis(0),
            payments_to_sort: 0,
            sales_to_check: 0,
            prints_to_settle: 0,
            reach: Reach::Online,
            waiting_to_send: 0,
            spare_codes: 40,
            spare_codes_wanted: 40,
            products_with_code: 4,
            products: 4,
            pictures_to_fetch: 0,
            last_problem: None,
            hub: None,
        },
        risk: RiskView {
            handed_over: euro(0),
            sales: 0,
            per_sale: None,
            total: None,
            has_pin: false,
        },
        accounts: Arc::from([]),
        printers: Arc::from([]),
        prints: Arc::from([]),
        notice: None,
        fault: None,
    }
}

/// A message server that was heard when the first sale began.
pub fn hub(reach: HubReach) -> HubView {
    HubView {
        address: "https://hub.example".to_owned(),
        reach,
        heard_at: Some(sale(1, 1).created_at),
        problem: None,
    }
}
