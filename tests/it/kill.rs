//! `kill -9` in the middle of selling, again and again on the same data folder: every code that a
//! customer could have scanned is on disk, for one sale.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use tillcode::domain::id::{Entropy, SaleId};
use tillcode::io::entropy;
use tillcode::io::store::{FILE_NAME, Reader, Store};
use tillcode::terminal::{Answer, Query};

use crate::support::books::{Books, ask};
use crate::support::robot::{Robot, Shown, run_if_asked};

mod mint;

/// Folders, each with a till of its own; two live at the same time.
const FOLDERS: u8 = 5;
/// How often each till is killed.
const KILLS: u64 = 38;
/// The longest life, in milliseconds.
const LIFE_MS: u64 = 300;

/// Both the one that kills and, as a process of its own, the till that is killed.
#[test]
fn no_code_that_was_shown_is_lost_by_kill_nine() {
    run_if_asked();
    let seed = entropy::seed().unwrap();
    println!("seed {seed:?}");
    let folders: Vec<u8> = (0..FOLDERS).collect();
    let work = Mutex::new(folders);
    let totals = Mutex::new(Totals::default());
    let next = || work.lock().unwrap().pop();
    let lane = || {
        while let Some(number) = next() {
            let mut dice = Entropy::new(seed.map(|byte| byte ^ number));
            let of_folder = kill_again_and_again(number, &mut dice);
            totals.lock().unwrap().add(of_folder);
        }
    };
    std::thread::scope(|scope| {
        for number in 0..2 {
            let builder = std::thread::Builder::new().name(format!("killer-{number}"));
            builder.spawn_scoped(scope, lane).unwrap();
        }
    });
    let mut totals = totals.into_inner().unwrap();
    totals.starts_ms.sort_unstable();
    let starts = &totals.starts_ms;
    println!(
        "{} kills, {} codes shown, {} lives long enough to sell; start-up median {:?} ms, nine of ten within {:?} ms, worst {:?} ms",
        totals.kills,
        totals.shown,
        starts.len(),
        starts.get(starts.len() / 2),
        starts.get(starts.len() * 9 / 10),
        starts.last()
    );
    assert!(
        totals.shown > totals.kills / 2,
        "it was killed before it could sell"
    );
}

#[derive(Debug, Default)]
struct Totals {
    kills: u64,
    shown: u64,
    starts_ms: Vec<u64>,
}

impl Totals {
    fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.shown += other.shown;
        self.starts_ms.extend(other.starts_ms);
    }
}

fn kill_again_and_again(number: u8, dice: &mut Entropy) -> Totals {
    let folder = tempfile::tempdir().unwrap();
    let mut totals = Totals::default();
    let mut all: BTreeMap<SaleId, Shown> = BTreeMap::new();
    for _kill in 0..KILLS {
        let seed = u8::try_from(dice.below(256)).unwrap();
        let test = "kill::no_code_that_was_shown_is_lost_by_kill_nine";
        let robot = Robot::start(test, folder.path(), seed);
        std::thread::sleep(Duration::from_millis(dice.below(LIFE_MS)));
        let life = robot.kill();
        totals.kills += 1;
        totals.shown += u64::try_from(life.shown.len()).unwrap();
        totals.starts_ms.extend(life.start_ms);
        if !folder.path().join(FILE_NAME).exists() {
            assert!(life.shown.is_empty(), "a code without a database");
            continue;
        }
        check_life(folder.path(), &life.shown);
        all.extend(life.shown.into_iter().map(|shown| (shown.sale, shown)));
    }
    let books = Books::open(folder.path());
    books.check();
    let mut urls = BTreeSet::new();
    for shown in all.values() {
        books.check_shown(shown.sale, &shown.url);
        // The first codes may be permanent ones, which are there for everybody.
        let detail = &books.sales[&shown.sale];
        let is_single = !detail.sale.by_hand;
        assert!(
            !is_single || urls.insert(&shown.url),
            "folder {number}: {shown:?} twice"
        );
    }
    totals
}

/// The database opens with all its checks, and has what this life showed.
fn check_life(folder: &Path, shown: &[Shown]) {
    let path = folder.join(FILE_NAME);
    drop(Store::open(&path).expect("the database opens after a kill"));
    let mut reader = Reader::open(&path).unwrap();
    for code in shown {
        let query = Query::Sale { id: code.sale };
        let Answer::Sale { sale: Some(detail) } = ask(&mut reader, &query) else {
            panic!("{code:?} was shown and is not on disk");
        };
        assert_eq!(detail.sale.reference, code.reference);
        assert_eq!(
            detail.sale.url.as_deref(),
            Some(code.url.as_str()),
            "{code:?}"
        );
    }
}
