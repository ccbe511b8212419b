//! The power goes, or the disk fails, after each commit of a day's work: nothing that was on the
//! screen is lost, and the day can be finished as if nothing had happened.
//!
//! The real engine, the real threads and a real database; only the failure is made to order.

mod day;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tillcode::domain::id::ProductId;
use tillcode::domain::link::{LinkState, Purpose};
use tillcode::domain::payment::Proof;
use tillcode::domain::sale::{Fact, Line, SaleState};
use tillcode::io::store::Fault;
use tillcode::runtime::{Shop, StartError};
use tillcode::terminal::query::{ROWS_MAX, SaleDetail};
use tillcode::terminal::{Answer, Command, Query, SaleView, SellMode, Snapshot, Theme};

use day::{day, furnish};

use crate::support::books::Books;
use crate::support::shop::{Cut, LiveTill, Seen, demo_shop};

/// Runs at the same time: they mostly wait for the disk and for the till's own pauses.
const LANES: usize = 6;
/// More than a scenario has commits.
const COMMITS_MAX: u64 = 400;

type Scenario = fn(&LiveTill) -> Result<(), Cut>;

#[test]
fn a_new_shop_survives_a_power_cut_after_every_commit() {
    let kinds: [fn(u64) -> Fault; 1] = [|commit| Fault::StopAfter { commit }];
    let count = sweep(None, furnish, &kinds);
    assert!(
        count > 20,
        "only {count} commits: the scenario does too little"
    );
}

#[test]
fn a_day_survives_a_power_cut_after_every_commit() {
    let template = furnished();
    let kinds: [fn(u64) -> Fault; 1] = [|commit| Fault::StopAfter { commit }];
    let count = sweep(Some(template.path()), day, &kinds);
    assert!(
        count > 25,
        "only {count} commits: the scenario does too little"
    );
}

#[test]
fn a_day_survives_a_disk_error_at_every_commit() {
    let template = furnished();
    let kinds: [fn(u64) -> Fault; 2] = [
        |commit| Fault::UnknownKept { commit },
        |commit| Fault::UnknownLost { commit },
    ];
    let count = sweep(Some(template.path()), day, &kinds);
    assert!(
        count > 25,
        "only {count} commits: the scenario does too little"
    );
}

/// A till that may be closed although its disk is dead.
#[test]
fn a_till_with_a_dead_disk_can_be_closed() {
    let folder = tempfile::tempdir().unwrap();
    let fault = Fault::StopAfter { commit: 2 };
    let till = LiveTill::start(&shop(), folder.path(), fault).unwrap();
    till.tap(Command::SetTheme { theme: Theme::Dark });
    till.until_dead();
    assert!(till.now().fault.is_some(), "the screen says why");
    till.stop();
}

fn shop() -> Shop {
    demo_shop(1, 3)
}

/// Runs the scenario undisturbed, then once for each commit and kind of fault; returns how many
/// commits it has.
fn sweep(template: Option<&Path>, scenario: Scenario, kinds: &[fn(u64) -> Fault]) -> u64 {
    let undisturbed = run(template, scenario, Fault::None);
    let expected = undisturbed.end;
    let next = AtomicU64::new(0);
    let (last, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let one_commit = || {
        let commit = next.fetch_add(1, Ordering::Relaxed);
        assert!(commit < COMMITS_MAX, "the scenario never ends");
        let mut was_hit = false;
        for kind in kinds {
            let fault = kind(commit);
            let outcome = run(template, scenario, fault);
            assert_eq!(outcome.end, expected, "after {fault:?}");
            was_hit |= outcome.was_hit;
        }
        if was_hit {
            last.fetch_max(commit, Ordering::Relaxed);
        } else if commit > 0 {
            over.store(true, Ordering::Relaxed);
        }
    };
    let lane = || {
        let _last_one_out = StopAll(&over);
        while !over.load(Ordering::Relaxed) {
            one_commit();
        }
    };
    std::thread::scope(|scope| {
        for number in 0..LANES {
            let builder = std::thread::Builder::new().name(format!("lane-{number}"));
            builder.spawn_scoped(scope, lane).unwrap();
        }
    });
    let commits = last.into_inner();
    println!(
        "cut off after each of {commits} commits, {} kinds of fault",
        kinds.len()
    );
    commits
}

/// A lane that falls over takes the others with it.
struct StopAll<'a>(&'a AtomicBool);

impl Drop for StopAll<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

struct Outcome {
    end: End,
    was_hit: bool,
}

/// One run with one fault, to its end, in as many lives as that takes.
fn run(template: Option<&Path>, scenario: Scenario, fault: Fault) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    if let Some(template) = template {
        copy(template, folder.path());
    }
    let mut seen = Seen::default();
    let mut was_hit = false;
    let mut fault_to_come = fault;
    let end = loop {
        let till = match LiveTill::start(&shop(), folder.path(), fault_to_come) {
            Ok(till) => till,
            // The fault hit the first rows of the start: nothing was shown, start again.
            Err(StartError::Commit(_)) => {
                (was_hit, fault_to_come) = (true, Fault::None);
                continue;
            }
            Err(other) => panic!("{fault:?}: {other}"),
        };
        if let Some(before) = seen.last.take() {
            assert_same_desk(&before, &till.now(), fault);
        }
        fault_to_come = Fault::None;
        match finish(&till, scenario) {
            Ok(()) => {
                was_hit |= till.seen().reopened > 0;
                let end = End::of(&till);
                seen.absorb(till.stop());
                break end;
            }
            Err(Cut::Dead | Cut::Reopened) => {
                was_hit = true;
                let last = till.seen().last.clone();
                seen.absorb(till.stop());
                seen.last = last;
            }
        }
    };
    let books = Books::open(folder.path());
    books.check();
    for (url, sales) in &seen.codes {
        for sale in sales {
            books.check_shown(*sale, url);
        }
        let permanent = books
            .links
            .values()
            .any(|link| link.purpose == Purpose::Permanent && link.url() == Some(url.as_str()));
        assert!(
            permanent || sales.len() == 1,
            "{fault:?}: {url} was shown for {sales:?}"
        );
    }
    for sale in &seen.sales {
        assert!(
            books.sales.contains_key(sale),
            "{fault:?}: {sale} was shown and is gone"
        );
    }
    Outcome { end, was_hit }
}

/// Does the scenario until it is done: a till whose disk failed for a moment goes on by itself.
fn finish(till: &LiveTill, scenario: Scenario) -> Result<(), Cut> {
    for _attempt in 0..3 {
        match scenario(till) {
            Err(Cut::Reopened) => {}
            ended => return ended,
        }
    }
    panic!("one fault, and everything was read again three times");
}

/// What the cashier saw as kept is there again after the power came back.
fn assert_same_desk(before: &Snapshot, after: &Snapshot, fault: Fault) {
    assert_eq!(before.cart, after.cart, "{fault:?}");
    assert_eq!(before.held, after.held, "{fault:?}");
    assert_eq!(before.waiting.len(), after.waiting.len(), "{fault:?}");
    for (then, now) in before.waiting.iter().zip(after.waiting.iter()) {
        assert_eq!(*then, as_it_was(then, now), "{fault:?}");
    }
    assert_eq!(before.favorites, after.favorites, "{fault:?}");
    assert_eq!(
        (before.mode, before.theme),
        (after.mode, after.theme),
        "{fault:?}"
    );
}

/// A code that was being made may be there by the time that somebody looks.
fn as_it_was(then: &SaleView, now: &SaleView) -> SaleView {
    if then.link.is_some() || now.state != SaleState::Awaiting {
        return now.clone();
    }
    SaleView {
        state: then.state,
        link: None,
        url: None,
        word: None,
        ..now.clone()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// A folder with the shop of [`furnish`], closed.
fn furnished() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let till = LiveTill::start(&shop(), folder.path(), Fault::None).unwrap();
    furnish(&till).unwrap();
    till.stop();
    folder
}

/// Switched off here, and perhaps already at the provider.
fn is_off(state: LinkState) -> bool {
    matches!(state, LinkState::Retired | LinkState::Withdrawn)
}

/// What matters at the end.
#[derive(Debug, PartialEq)]
struct End {
    sales: BTreeMap<i64, SaleEnd>,
    cart: Vec<Line>,
    held: usize,
    favorites: Vec<ProductId>,
    look: (SellMode, Theme),
    products: Vec<(String, i64)>,
    retired: usize,
}

#[derive(Debug, PartialEq)]
struct SaleEnd {
    state: SaleState,
    proof: Proof,
    cash: bool,
    flags: (bool, bool, bool),
    has_wrong_money: bool,
    lines: Vec<Line>,
    facts: BTreeSet<&'static str>,
}

impl End {
    fn of(till: &LiveTill) -> Self {
        let now = till.now();
        let Answer::Products { products } = till.query(Query::Products) else {
            panic!()
        };
        let Answer::Links { links } = till.query(Query::Links {
            limit: ROWS_MAX,
            purpose: None,
        }) else {
            panic!()
        };
        let retired = links
            .iter()
            .filter(|link| link.purpose == Purpose::Permanent && is_off(link.state));
        let sales = till.sales();
        let count = sales.len();
        let ends: BTreeMap<i64, SaleEnd> = sales
            .into_iter()
            .map(|sale| {
                let Answer::Sale { sale: Some(detail) } = till.query(Query::Sale { id: sale.id })
                else {
                    panic!()
                };
                (sale.total.minor, SaleEnd::of(*detail))
            })
            .collect();
        assert_eq!(ends.len(), count, "something was sold twice");
        Self {
            sales: ends,
            cart: now.cart.lines.to_vec(),
            held: now.held.len(),
            favorites: now.favorites.to_vec(),
            look: (now.mode, now.theme),
            products: products
                .into_iter()
                .map(|product| (product.sku, product.price.minor))
                .collect(),
            retired: retired.count(),
        }
    }
}

impl SaleEnd {
    fn of(detail: SaleDetail) -> Self {
        let SaleDetail { sale, facts } = detail;
        Self {
            state: sale.state,
            proof: sale.proof,
            cash: sale.cash,
            flags: (sale.late, sale.failed, sale.by_hand),
            has_wrong_money: sale.over.is_some() || sale.under.is_some(),
            lines: sale.lines,
            facts: facts.iter().map(word).collect(),
        }
    }
}

fn word(fact: &Fact) -> &'static str {
    match fact {
        Fact::Shown {
            purpose: Purpose::Single,
            ..
        } => "shown",
        Fact::Shown {
            purpose: Purpose::Permanent,
            ..
        } => "shown permanent",
        Fact::Reported(_) => "reported",
        Fact::Cash { .. } => "cash",
        Fact::Claimed { .. } => "claimed",
        Fact::Checked { .. } => "checked",
        Fact::Cancelled { .. } => "cancelled",
        Fact::Expired { .. } => "expired",
    }
}
