//! The message server under load, beside its store's own limit: durable notifications a second, how
//! long senders and terminals wait, what a waiting terminal costs, and what those cost who mean harm.
//! Prints `name<TAB>ours<TAB>other<TAB>ratio`; see `tests/bench/hub.sh`.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unchecked_time_subtraction,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    missing_debug_implementations,
    unreachable_pub,
    reason = "a benchmark reads the clock, divides, prints and may fall over"
)]

mod hostile;
mod limit;
mod line;
mod load;
mod notification;
mod parked;
#[path = "../../hub/postgres.rs"]
#[expect(dead_code, reason = "tests crash it, too")]
mod postgres;
mod process;
mod shop;
#[path = "../../it/support/skipped.rs"]
mod skipped;
mod spread;
mod stored;

use std::sync::Arc;
use std::time::Duration;

use self::process::Place;
use self::shop::Shop;
use self::spread::millis;

/// How long each measure takes.
const LONG: Duration = Duration::from_secs(6);
/// Before the measure: caches, connections, the first pages of the tables.
const WARM: Duration = Duration::from_secs(1);
/// Makes a server like one that has run for a while: it has files of its log to write over. One that was
/// just begun makes a new one for every 16 MB, and everybody waits meanwhile.
const USED: &str = "
    DO $$ BEGIN
        FOR file IN 1..40 LOOP
            PERFORM pg_logical_emit_message(false, 'tillcode', 'used');
            PERFORM pg_switch_wal();
        END LOOP;
    END $$";
/// What can be measured, by name.
const MEASURES: [(&str, fn()); 4] = [
    ("sqlite", sqlite),
    ("postgres", postgresql),
    ("parked", parked::run),
    ("hostile", hostile::run),
];

/// Measures what is named, else everything: `tests/bench/hub.sh sqlite parked`.
fn main() {
    let words = std::env::args().skip(1);
    let chosen: Vec<String> = words.filter(|word| !word.starts_with("--")).collect();
    for (name, measure) in MEASURES {
        if chosen.is_empty() || chosen.iter().any(|word| word == name) {
            measure();
        }
    }
}

/// One row; without a ratio where there is nothing beside us.
pub(crate) fn row(name: &str, ours: &str, other: &str, ratio: Option<f64>) {
    let ratio = ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2} ×"));
    println!("{name}\t{ours}\t{other}\t{ratio}");
}

fn sqlite() {
    let place = Place::sqlite();
    let rate = loaded(&place, "SQLite");
    let (rows, limit) = limit::sqlite(&place);
    row(
        &format!(
            "hub on SQLite: share of what a minimal writer stores of the same {rows} rows, 64 at once"
        ),
        &a_second(rate),
        &a_second(limit),
        Some(rate / limit),
    );
}

fn postgresql() {
    let Some(server) = postgres::shared("the benchmark on PostgreSQL") else {
        return;
    };
    let database = server.database();
    server.sql(&database, USED);
    server.sql(&database, "CHECKPOINT");
    let place = Place::at(server.address(&database));
    let rate = loaded(&place, "PostgreSQL");
    let (rows, limit) = limit::postgres(&place);
    row(
        &format!(
            "hub on PostgreSQL: share of what a minimal writer stores of the same {rows} rows, 64 at once"
        ),
        &a_second(rate),
        &a_second(limit),
        Some(rate / limit),
    );
    let limit = limit::pgbench(server, &database);
    row(
        "hub on PostgreSQL: beside pgbench with a statement for each row, 64 clients",
        &a_second(rate),
        &a_second(limit),
        Some(rate / limit),
    );
}

fn a_second(rate: f64) -> String {
    format!("{rate:.0}/s")
}

/// As much as it takes, then half of that in an even stream; and that the database has it all.
/// Gives back the first.
fn loaded(place: &Place, store: &str) -> f64 {
    let hub = place.serve();
    let shop = Arc::new(Shop::open(place, &hub));
    load::closed(&hub, &shop, WARM);
    let before = hub.cpu();
    let most = load::closed(&hub, &shop, LONG);
    let cpu = (hub.cpu() - before).as_secs_f64() * 1e6 / most.count() as f64;
    let rate = most.rate();
    row(
        &format!(
            "hub on {store}: durable notifications a second, 64 connections ({cpu:.0} µs of its processor each)"
        ),
        &a_second(rate),
        "–",
        None,
    );
    row(
        &format!("hub on {store}: acknowledged at that rate, p50 and p99"),
        &most.words(),
        "–",
        None,
    );
    let wanted = if store == "SQLite" { 10_000 } else { 15_000 };
    for (name, rate) in [
        ("half of that rate".to_owned(), rate / 2.0),
        (format!("{} a second", wanted / 2), f64::from(wanted / 2)),
    ] {
        let even = load::open(&hub, &shop, rate, LONG);
        row(
            &format!("hub on {store}: acknowledged at {name}, p50 and p99"),
            &format!("{} at {}", even.words(), a_second(even.rate())),
            "–",
            None,
        );
    }
    let heard = parked::waits(&hub, &shop);
    row(
        &format!("hub on {store}: from a post to a waiting terminal, p50 and p99"),
        &format!("{}, {}", millis(heard.at(50)), millis(heard.at(99))),
        "–",
        None,
    );
    let acknowledged = load::acknowledged();
    drop(hub);
    stored::check(place, acknowledged);
    rate
}
