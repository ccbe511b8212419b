//! Two tills of one shop, a simulated provider and the real message server: who pays where, and who
//! hears of it.

use std::path::{Path, PathBuf};
use std::process::Command as Process;

use tillcode::domain::id::{ProductId, SaleId};
use tillcode::domain::link::Purpose;
use tillcode::domain::loose::LoosePayment;
use tillcode::domain::payment::{PaymentReport, Proof};
use tillcode::domain::sale::SaleState;
use tillcode::domain::sticker::Verdict;
use tillcode::io::store::Fault;
use tillcode::terminal::printing::{PaperCommand, PaperQuery, StickerChange, StickerOf};
use tillcode::terminal::query::{SaleView, StickerView};
use tillcode::terminal::snapshot::HubReach;
use tillcode::terminal::{Answer, Command, Notice, Query, Reply, Screen, Snapshot};

use crate::support::real_hub::{HubProcess, Place};
use crate::support::sandbox::Provider;
use crate::support::shop::{LiveTill, code_on, item};

const SHOP: &str = "Corner shop";

/// A provider and a hub.
struct Market {
    provider: Provider,
    place: Place,
    hub: HubProcess,
}

/// A till's folder: what is left of it while it is unplugged.
struct Counter {
    folder: tempfile::TempDir,
}

impl Market {
    fn open() -> Self {
        let place = Place::new();
        let hub = place.serve();
        place.endpoint(SHOP, "4pay");
        Self {
            provider: Provider::start(),
            place,
            hub,
        }
    }

    /// Adds a terminal at the hub and lets a new till join.
    fn counter(&self, name: &str) -> Counter {
        let folder = tempfile::tempdir().unwrap();
        let config = self.provider.config_text(folder.path());
        std::fs::write(folder.path().join("terminal.toml"), config).unwrap();
        let counter = Counter { folder };
        let args = ["terminal", "add", "--shop", SHOP, "--name", name, "--json"];
        let code = self.place.told(&args)["code"].as_str().unwrap().to_owned();
        let invitation = format!("http://{}#{code}", self.hub.address);
        let joined = Process::new(env!("CARGO_BIN_EXE_tillcode"))
            .env_clear()
            .env("HOME", counter.folder.path())
            .arg("--config")
            .arg(counter.folder.path().join("terminal.toml"))
            .arg("--data")
            .arg(counter.data())
            .args(["pair", &invitation])
            .output()
            .unwrap();
        assert!(joined.status.success(), "{joined:?}");
        counter
    }

    /// The till is switched on and has heard of the hub.
    fn plug_in(&self, counter: &Counter) -> LiveTill {
        let shop = self.provider.shop(counter.folder.path());
        let till = LiveTill::start(&shop, &counter.data(), Fault::None).unwrap();
        let products = vec![item(SHOP, "T0", 101)];
        let source = "the test".to_owned();
        till.command(Command::PutProducts { products, source })
            .unwrap();
        till.until("the hub and every code", |snapshot| {
            let status = &snapshot.status;
            status.products_with_code == 1
                && status.spare_codes >= 1
                && status.waiting_to_send == 0
                && is_heard(snapshot)
        })
        .unwrap();
        till
    }

    fn pays(&self, url: &str) {
        let page = url.splitn(4, '/').nth(3).unwrap();
        self.provider.ask("POST", &format!("/{page}/pay"), "");
    }
}

impl Counter {
    fn data(&self) -> PathBuf {
        let folder: &Path = self.folder.path();
        folder.join("data")
    }
}

fn is_heard(snapshot: &Snapshot) -> bool {
    let hub = snapshot.status.hub.as_ref();
    hub.is_some_and(|hub| hub.reach == HubReach::Heard)
}

fn sell(till: &LiveTill) -> (SaleId, String) {
    let product = ProductId::of_sku(SHOP, "T0");
    let shown = till.press(Command::Tap { product }, |snapshot| {
        code_on(snapshot).is_some()
    });
    code_on(&shown.unwrap()).unwrap()
}

fn sale(till: &LiveTill, id: SaleId) -> SaleView {
    let mut sales = till.sales();
    sales.retain(|sale| sale.id == id);
    sales.remove(0)
}

fn is_paid(till: &LiveTill, id: SaleId) -> bool {
    let sale = sale(till, id);
    (sale.state, sale.proof) == (SaleState::Paid, Proof::Confirmed)
}

#[test]
fn a_payment_turns_its_own_till_to_paid_and_no_other() {
    let market = Market::open();
    let (left, right) = (market.counter("left 1"), market.counter("right 2"));
    let (left, right) = (market.plug_in(&left), market.plug_in(&right));
    let (sold, url) = sell(&left);
    let (unpaid, _) = sell(&right);
    market.pays(&url);
    left.until("Paid", |snapshot| snapshot.screen == Screen::Paid)
        .unwrap();
    assert!(is_paid(&left, sold));
    // The other till has read its feed since, and still waits for its own customer.
    let (_, url) = sell_again(&right);
    market.pays(&url);
    right
        .until("Paid", |snapshot| snapshot.screen == Screen::Paid)
        .unwrap();
    assert_eq!(sale(&right, unpaid).state, SaleState::Awaiting);
}

fn sell_again(till: &LiveTill) -> (SaleId, String) {
    let screen = Screen::Sell;
    till.press(Command::Go { screen }, |snapshot| {
        snapshot.screen == Screen::Sell
    })
    .unwrap();
    sell(till)
}

#[test]
fn a_till_that_was_unplugged_hears_of_its_payment_later() {
    let mut market = Market::open();
    let counter = market.counter("left 1");
    let till = market.plug_in(&counter);
    let (sold, url) = sell(&till);
    till.stop();
    market.pays(&url);
    // The hub's power fails as well.
    market.hub.crash();
    market.hub = market.place.serve_at(&market.hub.address);
    let till = market.plug_in(&counter);
    till.until("the payment", |_| is_paid(&till, sold)).unwrap();
}

/// The address of a till's own sticker.
fn sticker(till: &LiveTill) -> String {
    let limit = 10;
    let purpose = Some(Purpose::Permanent);
    match till.query(Query::Links { limit, purpose }) {
        Answer::Links { links } => links[0].url().unwrap().to_owned(),
        other => panic!("{other:?}"),
    }
}

fn registers(till: &LiveTill, copies: u32) -> Vec<String> {
    let product = ProductId::of_sku(SHOP, "T0");
    let reply = till.command(Command::Paper(PaperCommand::Register {
        of: StickerOf::Product { product },
        copies,
        place: "window".to_owned(),
    }));
    match reply.unwrap() {
        Reply::Stickers { stickers } => stickers.into_iter().map(|it| it.serial).collect(),
        other => panic!("{other:?}"),
    }
}

fn stickers(till: &LiveTill) -> Vec<StickerView> {
    match till.query(Query::Paper(PaperQuery::Stickers { limit: 100 })) {
        Answer::Stickers { stickers } => stickers,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tills_of_a_shop_know_each_others_stickers() {
    let market = Market::open();
    let (left, right) = (market.counter("left 1"), market.counter("right 2"));
    let (left, right) = (market.plug_in(&left), market.plug_in(&right));
    let hang = |till: &LiveTill, count| {
        let hanging = |snapshot: &Snapshot| snapshot.status.stickers_hanging == count;
        till.until("the shop's stickers", hanging).unwrap();
    };
    registers(&left, 3);
    hang(&right, 3);
    registers(&right, 1);
    hang(&left, 4);
    let url = sticker(&left);
    let check = || Command::Paper(PaperCommand::CheckSticker { code: url.clone() });
    let Reply::Patrol { patrol } = right.command(check()).unwrap() else {
        panic!("no verdict");
    };
    assert_eq!((patrol.verdict, patrol.serials.len()), (Verdict::Good, 3));
    let theirs = stickers(&right);
    let down = theirs.iter().find(|view| view.sticker.told.is_some());
    let sticker = down.unwrap().sticker.id;
    let change = StickerChange::Retire;
    right
        .command(Command::Paper(PaperCommand::SetSticker { sticker, change }))
        .unwrap();
    hang(&left, 3);
    let is_down = |view: &StickerView| view.verdict == Verdict::TakenDown;
    assert_eq!(
        stickers(&left).iter().filter(|view| is_down(view)).count(),
        1
    );
    // Its price is another one now: the other till hears that, too.
    left.command(Command::PutProducts {
        products: vec![item(SHOP, "T0", 150)],
        source: "the test".to_owned(),
    })
    .unwrap();
    right
        .until("wrong stickers", |snapshot| {
            snapshot.status.stickers_wrong == 2
        })
        .unwrap();
}

/// The one payment that has to be sorted out.
fn to_sort(till: &LiveTill) -> LoosePayment {
    let shown = till.until("a payment to sort out", |snapshot| {
        snapshot.status.payments_to_sort == 1
    });
    shown.unwrap().loose[0].payment.clone()
}

fn take(payment: &LoosePayment, sale: Option<SaleId>) -> Command {
    Command::TakePayment {
        backend: payment.report.backend.clone(),
        payment: payment.report.payment.clone(),
        sale,
    }
}

#[test]
fn a_payment_by_sticker_is_seen_by_all_tills_and_belongs_to_the_first_that_takes_it() {
    let market = Market::open();
    let (left, right) = (market.counter("left 1"), market.counter("right 2"));
    let (left, right) = (market.plug_in(&left), market.plug_in(&right));
    market.pays(&sticker(&left));
    let (on_left, on_right) = (to_sort(&left), to_sort(&right));
    assert_eq!(
        (on_left.till, on_right.till.as_deref()),
        (None, Some("left 1"))
    );
    assert_eq!(
        on_right.report,
        PaymentReport {
            heard_at: on_right.report.heard_at,
            ..on_left.report.clone()
        }
    );
    // A customer of the right till shows the phone: it is for the sale that waits there.
    let (waiting, _) = sell(&right);
    right.command(take(&on_right, Some(waiting))).unwrap();
    right
        .until("Paid", |snapshot| snapshot.screen == Screen::Paid)
        .unwrap();
    assert!(is_paid(&right, waiting));
    left.until("nothing to sort out", |snapshot| {
        snapshot.status.payments_to_sort == 0
    })
    .unwrap();
    let till = "right 2".to_owned();
    let second = left.command(take(&on_right, None)).unwrap();
    let notice = Notice::PaymentTaken { till };
    assert_eq!(second, Reply::Refused { notice });
    // The next payment on the same sticker is another one, and both want it at once.
    market.pays(&sticker(&left));
    let (on_left, on_right) = (to_sort(&left), to_sort(&right));
    left.command(take(&on_left, None)).unwrap();
    right.command(take(&on_right, None)).unwrap();
    let is_decided = |snapshot: &Snapshot| snapshot.status.payments_to_sort == 0;
    left.until("a decision", is_decided).unwrap();
    right.until("a decision", is_decided).unwrap();
    let paid = |till: &LiveTill| {
        let sales = till.sales();
        let paid = sales.iter().filter(|sale| sale.state == SaleState::Paid);
        paid.count()
    };
    assert_eq!(paid(&left) + paid(&right), 2, "one before, one now");
    left.stop();
    right.stop();
}
