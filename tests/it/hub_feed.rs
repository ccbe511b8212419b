//! A shop that is joined to a hub, from the pairing code to the screen that says Paid: over real HTTP,
//! with a simulated provider that posts its notifications to the hub.

use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};

use serde_json::Value;
use tillcode::domain::id::{ProductId, SaleId};
use tillcode::domain::payment::Proof;
use tillcode::domain::sale::SaleState;
use tillcode::io::store::Fault;
use tillcode::terminal::query::{HubReport, SaleView};
use tillcode::terminal::snapshot::HubReach;
use tillcode::terminal::{Answer, Command, Query, Screen, Snapshot};

use crate::support::robot::{Robot, asked, say_up};
use crate::support::sandbox::Provider;
use crate::support::shop::{LiveTill, code_on, item};
use crate::support::stub_hub::{CODE, StubHub};

const SHOP: &str = "Corner shop";

/// Everything around one till.
struct Market {
    folder: tempfile::TempDir,
    provider: Provider,
    hub: StubHub,
}

impl Market {
    fn open() -> Self {
        let this = Self {
            folder: tempfile::tempdir().unwrap(),
            provider: Provider::start(),
            hub: StubHub::start(),
        };
        let config = this.provider.config_text(this.folder.path());
        std::fs::write(this.folder.path().join("terminal.toml"), config).unwrap();
        this
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, args: &[&str]) -> Output {
        Process::new(env!("CARGO_BIN_EXE_tillcode"))
            .env_clear()
            .env("HOME", self.folder.path())
            .arg("--config")
            .arg(self.folder.path().join("terminal.toml"))
            .arg("--data")
            .arg(self.data())
            .args(args)
            .output()
            .unwrap()
    }

    fn ok(&self, args: &[&str]) -> Value {
        let ran = self.run(args);
        let err = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{args:?}: {err}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    fn fails(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.status.code(), Some(1), "{args:?}");
        String::from_utf8(ran.stderr).unwrap()
    }

    fn invitation(&self) -> String {
        format!("{}#{CODE}", self.hub.address())
    }

    fn join(&self) {
        self.ok(&["pair", &self.invitation(), "--json"]);
    }

    /// A till with one product and its codes.
    fn till(&self) -> LiveTill {
        self.till_of(&self.provider.shop(self.folder.path()))
    }

    fn till_of(&self, shop: &tillcode::runtime::Shop) -> LiveTill {
        let till = LiveTill::start(shop, &self.data(), Fault::None).unwrap();
        let products = vec![item(SHOP, "T0", 101)];
        let source = "the test".to_owned();
        till.command(Command::PutProducts { products, source })
            .unwrap();
        till.until("every code", |snapshot| {
            let status = &snapshot.status;
            status.products_with_code == 1 && status.spare_codes == 1 && status.waiting_to_send == 0
        })
        .unwrap();
        till
    }

    /// The payer presses the button on the page of a code.
    fn pays(&self, url: &str) {
        let page = url.splitn(4, '/').nth(3).unwrap();
        self.provider.ask("POST", &format!("/{page}/pay"), "");
    }
}

fn sell(till: &LiveTill) -> (SaleId, String) {
    let product = ProductId::of_sku(SHOP, "T0");
    let shown = till.press(Command::Tap { product }, |snapshot| {
        code_on(snapshot).is_some()
    });
    code_on(&shown.unwrap()).unwrap()
}

fn is_heard(snapshot: &Snapshot) -> bool {
    let hub = snapshot.status.hub.as_ref();
    hub.is_some_and(|hub| hub.reach == HubReach::Heard)
}

fn sale(till: &LiveTill, id: SaleId) -> SaleView {
    let mut sales = till.sales();
    sales.retain(|sale| sale.id == id);
    sales.remove(0)
}

fn payments(till: &LiveTill) -> usize {
    match till.query(Query::Payments { limit: 100 }) {
        Answer::Payments { payments } => payments.len(),
        other => panic!("{other:?}"),
    }
}

fn report(till: &LiveTill) -> HubReport {
    match till.query(Query::Sync) {
        Answer::Sync { sync } => sync.hub.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_till_joins_and_an_answer_that_was_lost_is_asked_for_with_the_same_token() {
    let market = Market::open();
    market.hub.change(|books| books.lose_pairings = 1);
    let said = market.fails(&["pair", &market.invitation()]);
    assert!(said.contains("pair again with the same code"), "{said}");
    let token = market.hub.books().token.clone();
    assert!(token.is_some());
    let joined = market.ok(&["pair", &market.invitation(), "--json"]);
    assert_eq!(market.hub.books().token, token, "it is the same till");
    assert_eq!(market.hub.books().pairings, 2);
    assert_eq!(
        (&joined["name"], &joined["shop"]),
        (&"Till 2".into(), &SHOP.into())
    );
    assert_eq!(joined["endpoints"][0]["kind"], "4pay");
    assert!(
        !joined.to_string().contains("/hooks/"),
        "addresses are secrets: {joined}"
    );
    // Used up: another till's token is none.
    std::fs::remove_file(market.data().join("hub.json")).unwrap();
    let said = market.fails(&["pair", &market.invitation()]);
    assert!(said.contains("get a new one"), "{said}");
    let said = market.fails(&["pair", CODE]);
    assert!(said.contains("[hub] url"), "{said}");
    let wrong = market.run(&["pair", "K7QF-2M9X"]);
    assert_eq!(wrong.status.code(), Some(2));
    let nobody = "http://127.0.0.1:1#K7QF-2M9X-RTPA";
    let said = market.fails(&["pair", nobody]);
    assert!(said.contains("127.0.0.1 cannot be reached"), "{said}");
}

#[test]
fn a_payment_turns_the_screen_to_paid_and_counts_once() {
    let market = Market::open();
    market.join();
    let till = market.till();
    till.until("the hub", is_heard).unwrap();
    let (id, url) = sell(&till);
    market.pays(&url);
    till.until("Paid", |snapshot| snapshot.screen == Screen::Paid)
        .unwrap();
    market.hub.until("the receipt", |books| {
        books.asked.iter().any(|asked| asked.after == 1)
    });
    // The provider says it again, and the hub lets it through.
    market.hub.change(|books| {
        let again = books.own[0].clone();
        books.own.push(tillcode::proto::hub::Item {
            seq: 2,
            mark: "m2".to_owned(),
            ..again
        });
    });
    market.hub.until("the receipt", |books| {
        books.asked.iter().any(|asked| asked.after == 2)
    });
    let paid = sale(&till, id);
    assert_eq!(
        (paid.state, paid.proof, paid.over),
        (SaleState::Paid, Proof::Confirmed, None)
    );
    assert_eq!(payments(&till), 1);

    // The hub comes back from a backup that has another history.
    market.hub.change(|books| {
        for item in &mut books.own {
            item.mark = format!("n{}", item.seq);
        }
    });
    let again = |books: &crate::support::stub_hub::Books| {
        books
            .asked
            .iter()
            .any(|asked| asked.after == 2 && asked.mark == "n2")
    };
    market.hub.until("everything read anew", again);
    assert_eq!((payments(&till), sale(&till, id).over), (1, None));

    // It does not know the till any more.
    market.hub.change(|books| books.token = None);
    let is_refused = |snapshot: &Snapshot| {
        let hub = snapshot.status.hub.as_ref();
        hub.is_some_and(|hub| matches!(hub.reach, HubReach::Refusing { .. }))
    };
    // The question that is open ends with the next item.
    market.hub.change(|books| {
        let again = books.own[0].clone();
        books.own.push(tillcode::proto::hub::Item {
            seq: 3,
            mark: "n3".to_owned(),
            ..again
        });
    });
    till.until("the refusal", is_refused).unwrap();
    let report = report(&till);
    assert_eq!(report.reach, "refusing");
    assert!(report.problem.unwrap().contains("pair it again"));
    till.stop();
}

#[test]
fn a_token_of_the_configuration_is_enough_and_links_wait_for_their_address() {
    let market = Market::open();
    let mut entropy = tillcode::domain::id::Entropy::new([4; 32]);
    let token = tillcode::proto::hub::Token::draw(&mut entropy);
    market.hub.change(|books| books.token = Some(token.clone()));
    let folder = market.folder.path();
    let kept = folder.join("hub.token");
    let mut file = std::fs::OpenOptions::new();
    let file = std::os::unix::fs::OpenOptionsExt::mode(file.create_new(true).write(true), 0o600);
    std::io::Write::write_all(&mut file.open(&kept).unwrap(), token.reveal().as_bytes()).unwrap();
    let config = format!(
        "{}\n[hub]\nurl = {:?}\ntoken = {{ file = {:?} }}\n",
        market.provider.config_text(folder),
        market.hub.address(),
        kept.display().to_string()
    );
    let config = tillcode::config::Config::parse(&config, "terminal.toml", &[].into()).unwrap();
    let shop = tillcode::runtime::Shop::Own(Box::new(config));
    let till = market.till_of(&shop);
    let (_, url) = sell(&till);
    market.pays(&url);
    till.until("Paid", |snapshot| snapshot.screen == Screen::Paid)
        .unwrap();
    let held = market.provider.ask("GET", "/sandbox/links", "");
    let address = format!("{}/hooks/4pay/", market.hub.address());
    assert_eq!(
        held.matches("\"notify_url\"").count(),
        held.matches(&address).count(),
        "each link has its address: {held}"
    );
    till.stop();
    let file = tillcode::io::hub_file::load(&market.data()).unwrap();
    assert_eq!(
        file.hooks_of(market.hub.address()).len(),
        1,
        "for a start without a network"
    );
}

/// A kiosk that is killed.
fn run_until_killed(folder: &Path) -> ! {
    let provider = std::fs::read_to_string(folder.join("terminal.toml")).unwrap();
    let config = tillcode::config::Config::parse(&provider, "terminal.toml", &[].into()).unwrap();
    let shop = tillcode::runtime::Shop::Own(Box::new(config));
    let till = LiveTill::start(&shop, &folder.join("data"), Fault::None).unwrap();
    say_up(0);
    loop {
        std::thread::park();
        assert!(till.now().fault.is_none());
    }
}

#[test]
fn a_till_that_is_killed_goes_on_after_what_it_has_read() {
    if let Some((folder, _)) = asked() {
        run_until_killed(&folder);
    }
    let market = Market::open();
    market.join();
    let till = market.till();
    till.until("the hub", is_heard).unwrap();
    let (id, url) = sell(&till);
    till.stop();
    // It is paid while nobody listens, as behind a hotspot that is gone.
    market.pays(&url);
    market
        .hub
        .until("the notification", |books| books.own.len() == 1);
    assert!(
        market
            .hub
            .books()
            .asked
            .iter()
            .all(|asked| asked.after == 0)
    );

    let test = "hub_feed::a_till_that_is_killed_goes_on_after_what_it_has_read";
    let robot = Robot::start(test, market.folder.path(), 0);
    market.hub.until("the receipt", |books| {
        books.asked.iter().any(|asked| asked.after == 1)
    });
    robot.kill();
    let before = market.hub.books().asked.len();

    let till = market.till();
    market
        .hub
        .until("a question", |books| books.asked.len() > before);
    let first = market.hub.books().asked[before].clone();
    assert_eq!((first.after, first.mark.as_str()), (1, "m1"));
    let paid = sale(&till, id);
    assert_eq!(
        (paid.state, paid.proof),
        (SaleState::Paid, Proof::Confirmed)
    );
    assert_eq!(payments(&till), 1);
    till.until("the hub", is_heard).unwrap();
    let said = market.ok(&["sync", "--json"]);
    assert_eq!(said["hub"]["reach"], "heard");
    let found = market.run(&["check", "--no-mint", "--json"]);
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    let hub = found["findings"].as_array().unwrap().iter();
    let hub: Vec<_> = hub.filter(|finding| finding["subject"] == "hub").collect();
    assert_eq!(hub[0]["ok"], true, "{found}");
    till.stop();
}
