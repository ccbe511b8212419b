//! A run from its seed, and the shortest story of a run that failed.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use sha2::{Digest as _, Sha256};

use super::dice::Dice;
use super::market::Market;
use super::oracle::{Outcome, Violation};
use super::plan::Plan;
use super::tally::{Fault, Tally};

/// Runs that the search for a shorter story may take.
const TRIES_MAX: u32 = 600;

/// The deeds of one run: each brings its own chance along, so that leaving one out changes no other.
pub fn deeds(seed: u64, count: u64) -> Vec<u64> {
    let mut dice = Dice::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
    (0..count).map(|_| dice.next()).collect()
}

/// Lives through the deeds, then lets everything settle.
pub fn run(plan: &Plan, deeds: &[u64], tally: &mut Tally) -> Outcome {
    tell(plan, deeds, false, tally).0
}

/// The same, with what happened in words.
pub fn tell(
    plan: &Plan,
    deeds: &[u64],
    telling: bool,
    tally: &mut Tally,
) -> (Outcome, Vec<String>) {
    quiet_panics();
    QUIET.set(true);
    let mut lines = Vec::new();
    let lived = catch_unwind(AssertUnwindSafe(|| {
        live(plan, deeds, telling, tally, &mut lines)
    }));
    QUIET.set(false);
    let outcome = lived.unwrap_or_else(|fell| {
        let words = fell
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| fell.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Err(Violation::new(
            "nothing falls over",
            words.unwrap_or_default(),
        ))
    });
    (outcome, lines)
}

fn live(
    plan: &Plan,
    deeds: &[u64],
    telling: bool,
    tally: &mut Tally,
    lines: &mut Vec<String>,
) -> Outcome {
    let mut market = Market::new(plan, telling)?;
    let mut outcome = deeds.iter().try_for_each(|deed| market.deed(*deed));
    if outcome.is_ok() {
        outcome = market.settle();
    }
    let mut lived = market.tally();
    lived.seeds = 1;
    if plan.kinds.len() > 1 {
        lived.state("two accounts");
    }
    tally.add(&lived);
    lines.extend(market.told());
    outcome
}

/// A number that is the same for the same story.
pub fn digest(plan: &Plan, deeds: &[u64]) -> String {
    let (outcome, lines) = tell(plan, deeds, true, &mut Tally::default());
    let mut hash = Sha256::new();
    hash.update(format!("{outcome:?}"));
    for line in lines {
        hash.update(line);
    }
    format!("{:x?}", hash.finalize())
}

/// Leaves out what a failure does not need: kinds of fault first, then ever smaller pieces.
pub fn shortest(plan: &Plan, deeds: &[u64], what: &str, tries_max: u32) -> (Plan, Vec<u64>) {
    let mut tries = 0;
    let tries_max = super::asked("SIM_TRIES").unwrap_or(tries_max);
    let mut fails = |plan: &Plan, deeds: &[u64]| {
        tries += 1;
        tries <= tries_max
            && run(plan, deeds, &mut Tally::default()).is_err_and(|found| found.what == what)
    };
    let (mut plan, mut deeds) = (plan.clone(), deeds.to_vec());
    // The real database costs most of the time, and is hardly ever to blame.
    if plan.mirrored {
        plan.mirrored = false;
        plan.mirrored = !fails(&plan, &deeds);
    }
    let mut size = deeds.len().div_ceil(2).max(1);
    loop {
        let mut from = 0;
        while from < deeds.len() {
            let to = (from + size).min(deeds.len());
            let shorter: Vec<u64> = [&deeds[..from], &deeds[to..]].concat();
            if fails(&plan, &shorter) {
                deeds = shorter;
            } else {
                from = to;
            }
        }
        for fault in plan.faults().collect::<Vec<_>>() {
            let fewer = plan.without(fault);
            if fails(&fewer, &deeds) {
                plan = fewer;
            }
        }
        if size == 1 {
            return (plan, deeds);
        }
        size = size.div_ceil(2);
    }
}

/// What to print of a run that failed.
pub fn report(plan: &Plan, deeds: &[u64], violation: &Violation) -> String {
    let (plan, shorter) = shortest(plan, deeds, violation.what, TRIES_MAX);
    let (outcome, lines) = tell(&plan, &shorter, true, &mut Tally::default());
    let last = outcome.err().unwrap_or_else(|| violation.clone());
    let faults: Vec<_> = plan.faults().map(Fault::words).collect();
    format!(
        "SIM_SEED={}: {}\n{}\n{} of {} deeds are enough; faults: {}\n{}\nbroken: {}: {}",
        plan.seed,
        violation.what,
        violation.detail,
        shorter.len(),
        deeds.len(),
        faults.join(", "),
        lines.join("\n"),
        last.what,
        last.detail,
    )
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// A till that falls over is a finding like any other: it is reported once, not at every try.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                usual(info);
            }
        }));
    });
}
