//! The test of the test: each defect that was planted on purpose must be found, and soon.
//!
//! By command only, because the till is compiled with its defects: see `planted.sh`.

use tillcode::domain::planted::{Bug, plant};

use super::DEEDS;
use super::plan::{Plan, Sloppy};
use super::story;
use super::tally::Tally;

/// Seeds within which each must be found.
const SEEDS_MAX: u64 = 100;

/// Runs that the search for a shorter story may take: there are many defects.
const TRIES_MAX: u32 = 20;

const SLOPPY: [Sloppy; 6] = [
    Sloppy::ShowsFirst,
    Sloppy::ActsFirst,
    Sloppy::BelievesItWorked,
    Sloppy::AcknowledgesFirst,
    Sloppy::HubAcknowledgesFirst,
    Sloppy::CursorFirst,
];

#[test]
fn every_planted_defect_is_found() {
    let _alone = super::alone();
    let bugs = Bug::ALL.iter().map(|bug| (Some(*bug), None));
    let sloppy = SLOPPY.map(|sloppy| (None, Some(sloppy)));
    let wanted = std::env::var("SIM_PLANT").ok();
    let mut missed = Vec::new();
    println!("| defect | found by seed | promise that it breaks | deeds of its shortest story |");
    println!("|---|---|---|---|");
    for (bug, sloppy) in bugs.chain(sloppy) {
        plant(bug);
        let name = match (bug, sloppy) {
            (Some(bug), _) => format!("{bug:?}"),
            (None, sloppy) => sloppy.map_or_else(String::new, |sloppy| format!("{sloppy:?}")),
        };
        if wanted.as_ref().is_some_and(|wanted| *wanted != name) {
            continue;
        }
        match find(sloppy) {
            Some((seed, what, deeds)) => println!("| {name} | {seed} | {what} | {deeds} |"),
            None => missed.push(name),
        }
    }
    plant(None);
    assert!(
        missed.is_empty(),
        "not found within {SEEDS_MAX} seeds: {missed:?}"
    );
}

/// The first seed that finds it, numbered from 1, the promise, and how short its story is.
fn find(sloppy: Option<Sloppy>) -> Option<(u64, &'static str, usize)> {
    (1..=SEEDS_MAX).find_map(|seed| {
        let mut plan = Plan::of(seed);
        plan.sloppy = sloppy;
        let deeds = story::deeds(seed, DEEDS);
        let violation = story::run(&plan, &deeds, &mut Tally::default()).err()?;
        let (_, shorter) = story::shortest(&plan, &deeds, violation.what, TRIES_MAX);
        Some((seed, violation.what, shorter.len()))
    })
}
