//! `kill -9` while codes for a whole catalog are made, again and again on the same data folder:
//! afterwards each product has one code and no more.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process::{Command as Process, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tillcode::config::Config;
use tillcode::domain::id::Entropy;
use tillcode::domain::link::{LinkState, Purpose};
use tillcode::io::clock::Clock;
use tillcode::io::entropy;
use tillcode::io::store::{FILE_NAME, Fault, Reader, Store};
use tillcode::runtime::Shop;
use tillcode::terminal::query::ROWS_MAX;
use tillcode::terminal::{Answer, Query};

use crate::support::books::ask;
use crate::support::robot::{Robot, asked, say_up};
use crate::support::sandbox::{Provider, SandboxProcess, hurried_clock, write_key};
use crate::support::shop::LiveTill;

/// How many products get a code.
const PRODUCTS: usize = 500;
/// How often a till is killed beside the other tests; by command far more often: `MINT_KILLS=200`.
const KILLS: u64 = 30;
/// How often within one mint at most.
const KILLS_MAX: u64 = 200;
/// The longest life, in milliseconds.
const LIFE_MS: u64 = 300;
/// The provider takes so long for each answer, in milliseconds, that a catalog outlasts many kills.
const ANSWER_MS: u64 = 5;

/// The test that a robot is told to be; it begins with [`get_codes_if_asked`].
const ROBOT: &str = "kill::mint::no_key_for_repeating_a_request_leaves_no_more_strays_than_kills";

/// Gets codes until killed, where this process is such a robot; else returns at once.
fn get_codes_if_asked() {
    let Some((folder, _seed)) = asked() else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("terminal.toml")).unwrap();
    let config = Config::parse(&text, "terminal.toml", &BTreeMap::new()).unwrap();
    let shop = Shop::Own(Box::new(config));
    let clock = Clock::start();
    let begun = clock.now().mono_ms;
    let till = LiveTill::start(&shop, &folder.join("data"), Fault::None).unwrap();
    say_up(clock.now().mono_ms - begun);
    wait_for_the_end(&till);
}

/// Whoever started it ends it.
fn wait_for_the_end(_till: &LiveTill) -> ! {
    loop {
        std::thread::park();
    }
}

/// Where a shop's codes are made.
enum Place {
    /// In a process of its own.
    Process(SandboxProcess),
    /// In this process, on a clock that runs ahead: a provider that counts minutes takes a whole
    /// catalog at once.
    Here(Provider),
}

/// A shop with a catalog, from an empty folder.
struct MintShop {
    folder: TempDir,
    place: Place,
}

impl MintShop {
    /// `in_flight` requests may be under way at the same time.
    fn open(kind: &str, keys: &[&str], in_flight: u64, place: Place) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = match &place {
            Place::Process(sandbox) => format!("http://{}", sandbox.address),
            Place::Here(provider) => provider.base_url(),
        };
        let mut config = format!(
            "[shop]\nname = \"Corner shop\"\n\n[[backend]]\nname = \"main\"\nkind = {kind:?}\n\
             base_url = {address:?}\n"
        );
        for key in keys {
            let file = folder.path().join(key);
            write_key(&file);
            writeln!(config, "{key} = {{ file = {:?} }}", file.to_str().unwrap()).unwrap();
        }
        // Nothing but the codes of products.
        let pool = "per_amount = 0\nopen_amount = 0\namounts = 0\n";
        writeln!(config, "\n[pool]\n{pool}in_flight = {in_flight}").unwrap();
        std::fs::write(folder.path().join("terminal.toml"), config).unwrap();
        let mut list = String::from("sku,name,price,currency\n");
        for number in 0..PRODUCTS {
            writeln!(list, "S{number:03},Thing {number:03},2.50,EUR").unwrap();
        }
        let file = folder.path().join("list.csv");
        std::fs::write(&file, list).unwrap();
        let shop = Self { folder, place };
        shop.ok(&["catalog", "import", file.to_str().unwrap()]);
        let late = format!("{{\"delay\":{{\"millis\":{ANSWER_MS}}}}}");
        shop.provider("PUT", "/sandbox/fault", &late);
        shop
    }

    /// One plain request to the provider; gives back what its answer holds.
    fn provider(&self, method: &str, path: &str, body: &str) -> Value {
        let answer = match &self.place {
            Place::Process(sandbox) => sandbox.ask(method, path, body),
            Place::Here(provider) => provider.ask(method, path, body),
        };
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        serde_json::from_str(body).unwrap()
    }

    /// What a call that works prints.
    fn ok(&self, args: &[&str]) -> String {
        let folder = self.folder.path();
        let output = Process::new(env!("CARGO_BIN_EXE_tillcode"))
            .env_clear()
            .env("HOME", folder)
            .arg("--config")
            .arg(folder.join("terminal.toml"))
            .arg("--data")
            .arg(folder.join("data"))
            .args(args)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(args)).unwrap()
    }

    /// The addresses of all codes that the provider holds.
    fn held(&self) -> Vec<String> {
        let held = self.provider("GET", "/sandbox/links", "");
        let held = held.as_array().unwrap().iter();
        held.map(|link| link["url"].as_str().unwrap().to_owned())
            .collect()
    }

    /// How many products have their code, by the database as a kill left it.
    fn made(&self) -> usize {
        let path = self.folder.path().join("data").join(FILE_NAME);
        drop(Store::open(&path).expect("the database opens after a kill"));
        let mut reader = Reader::open(&path).unwrap();
        let Answer::Links { links } = ask(
            &mut reader,
            &Query::Links {
                limit: ROWS_MAX,
                purpose: None,
            },
        ) else {
            panic!()
        };
        let live = links
            .iter()
            .filter(|link| link.purpose == Purpose::Permanent && link.state == LinkState::Live);
        let products: Vec<_> = live.map(|link| link.product.unwrap()).collect();
        let each: BTreeSet<_> = products.iter().collect();
        assert_eq!(each.len(), products.len(), "a product has two codes");
        products.len()
    }

    /// Lets a till finish, then compares its rows with what the provider holds; gives back how many
    /// codes the provider holds beyond ours.
    fn finish(&self) -> usize {
        self.ok(&["link", "mint"]);
        assert_eq!(self.made(), PRODUCTS);
        let all = self.json(&["link", "list", "--limit", "100000", "--json"]);
        let all = all.as_array().unwrap();
        let url_of = |link: &Value| {
            assert_eq!(
                (&link["purpose"], &link["state"]),
                (&"permanent".into(), &"live".into()),
                "no row is left over"
            );
            link["remote"]["url"].as_str().unwrap().to_owned()
        };
        let ours: BTreeSet<String> = all.iter().map(url_of).collect();
        assert_eq!((all.len(), ours.len()), (PRODUCTS, PRODUCTS));
        let held = self.held();
        let held_once: BTreeSet<String> = held.iter().cloned().collect();
        assert_eq!(held.len(), held_once.len());
        assert!(
            ours.is_subset(&held_once),
            "the provider knows each of ours"
        );
        let strays: BTreeSet<String> = held_once.difference(&ours).cloned().collect();
        self.compare_lists(&ours, &strays);
        strays.len()
    }

    /// What the till itself says of the provider's list: which are ours, and which are not known.
    fn compare_lists(&self, ours: &BTreeSet<String>, strays: &BTreeSet<String>) {
        let found = self.json(&["link", "list", "--remote", "--json"]);
        let of = |whose: &str| -> BTreeSet<String> {
            let rows = found["links"].as_array().unwrap().iter();
            rows.filter(|row| row["whose"] == whose)
                .map(|row| row["url"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(of("ours"), *ours);
        assert_eq!(of("unknown"), *strays, "each stray is listed as not known");
        assert_eq!(found["gone"], Value::Array(Vec::new()));
        let waits = self.json(&["sync", "--json"]);
        assert_eq!(waits["waiting"], 0, "{waits}");
    }
}

#[derive(Debug, Default)]
struct Totals {
    kills: u64,
    /// Kills that came while some product had no code yet.
    inside: u64,
    /// Lives that ended before the till was up.
    too_early: u64,
    mints: u64,
    strays: u64,
}

/// Kills until the catalog has its codes, then looks at what came of it.
fn mint_once(shop: &MintShop, dice: &mut Entropy) -> Totals {
    let mut totals = Totals::default();
    while totals.kills < KILLS_MAX {
        let robot = Robot::start(ROBOT, shop.folder.path(), 0);
        std::thread::sleep(Duration::from_millis(dice.below(LIFE_MS)));
        let life = robot.kill();
        totals.kills += 1;
        totals.too_early += u64::from(life.start_ms.is_none());
        if shop.made() == PRODUCTS {
            break;
        }
        totals.inside += 1;
    }
    totals.strays = u64::try_from(shop.finish()).unwrap();
    totals.mints = 1;
    totals
}

/// Mints whole catalogs, one after the other, until there were enough kills.
fn mint_and_kill(open: impl Fn(u8) -> MintShop, strays_each: u64) {
    get_codes_if_asked();
    let kills = std::env::var("MINT_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let seed = entropy::seed().unwrap();
    println!("seed {seed:?}");
    let mut dice = Entropy::new(seed);
    let mut totals = Totals::default();
    while totals.kills < kills {
        let shop = open(u8::try_from(dice.below(256)).unwrap());
        let of_mint = mint_once(&shop, &mut dice);
        assert!(
            of_mint.strays <= of_mint.kills * strays_each,
            "{of_mint:?}: a kill leaves no more than what was under way"
        );
        totals.kills += of_mint.kills;
        totals.inside += of_mint.inside;
        totals.too_early += of_mint.too_early;
        totals.mints += of_mint.mints;
        totals.strays += of_mint.strays;
    }
    println!(
        "mint of {PRODUCTS}, at most {strays_each} strays a kill: {} kills, {} of them within a mint \
         and {} before the till was up; {} mints, {} strays, each listed as not known",
        totals.kills, totals.inside, totals.too_early, totals.mints, totals.strays
    );
    assert!(
        totals.inside > totals.kills / 2,
        "most kills came when every product had its code"
    );
}

/// As in a shop that sets nothing: without a key for repeating, one request at a time.
#[test]
fn no_key_for_repeating_a_request_leaves_no_more_strays_than_kills() {
    let open = |seed| {
        let place = Place::Process(SandboxProcess::start(seed));
        MintShop::open("4pay", &["api_key"], 4, place)
    };
    mint_and_kill(open, 1);
}

#[test]
fn a_key_for_repeating_a_request_leaves_no_strays() {
    let keys = ["client_key", "client_secret"];
    let open = |_seed| {
        let place = Place::Here(Provider::start_with(hurried_clock()));
        MintShop::open("devdraft", &keys, 4, place)
    };
    mint_and_kill(open, 0);
}
