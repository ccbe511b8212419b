//! What was sold on the last days, counted without reading every sale.

use rusqlite::Connection;

use super::super::*;
use super::open;
use super::sample::{at, sample};
use crate::domain::id::SaleId;
use crate::domain::money::Amount;
use crate::domain::sale::Sale;
use crate::terminal::query::{Answer, Query, SOLD_DAYS_MAX, SOLD_SUMS_MAX, SoldSum};

const DAY: i64 = 24 * 3_600;

fn sale(number: u128, minor: i64, backend: &str, seconds: i64) -> Write {
    let sample = sample().sale;
    Write::Sale(Sale {
        id: SaleId(uuid::Uuid::from_u128(number)),
        reference: format!("K7-{number}"),
        created_at: at(seconds),
        total: Amount::new(minor, sample.total.currency),
        backend: backend.to_owned(),
        lines: Vec::new(),
    })
}

fn ask(folder: &Path, days: Vec<Timestamp>) -> (u32, Vec<SoldSum>) {
    let mut reader = Reader::open(&folder.join(FILE_NAME)).unwrap();
    let Answer::Sold { open_days, sums } = reader.answer(&Query::Sold { days }) else {
        panic!("sums")
    };
    (open_days, sums)
}

fn short(sums: &[SoldSum]) -> Vec<(&str, i64, u32, u32)> {
    let short = |sum: &'_ SoldSum| (sum.amount.minor, sum.sales, sum.peak);
    sums.iter()
        .map(|sum| {
            let (minor, sales, peak) = short(sum);
            (sum.backend.as_str(), minor, sales, peak)
        })
        .collect()
}

#[test]
fn sums_are_counted_by_day_and_account_and_cash_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let writes = [
        sale(1, 250, "main", -1),
        sale(2, 250, "main", 0),
        sale(3, 250, "main", DAY - 1),
        sale(4, 250, "main", DAY),
        sale(5, 300, "main", DAY),
        sale(6, 250, "second", DAY + 5),
        sale(7, 250, "", DAY + 6),
        sale(8, 250, "main", 9 * DAY),
    ];
    store.commit(&writes).unwrap();
    let (open_days, sums) = ask(
        folder.path(),
        vec![at(0), at(DAY), at(2 * DAY), at(3 * DAY)],
    );
    assert_eq!(open_days, 3, "nothing was sold on one of them");
    let expected = [
        ("main", 250, 4, 2),
        ("main", 300, 1, 1),
        ("second", 250, 1, 1),
    ];
    assert_eq!(short(&sums), expected);
    assert_eq!(ask(folder.path(), Vec::new()), (0, Vec::new()));
}

#[test]
fn only_so_many_days_and_sums_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let many = SOLD_SUMS_MAX + 1;
    let mut writes: Vec<Write> = (1..=many)
        .map(|number| {
            let minor = i64::try_from(number).unwrap();
            sale(u128::try_from(number).unwrap(), minor, "main", 61 * DAY)
        })
        .collect();
    writes.push(sale(9_999, 1, "main", 0));
    store.commit(&writes).unwrap();
    let days = |count: usize| (0..=i64::try_from(count).unwrap()).map(|day| at(day * DAY));
    let (open_days, sums) = ask(folder.path(), days(SOLD_DAYS_MAX - 1).collect());
    assert_eq!((open_days, sums.len()), (2, SOLD_SUMS_MAX));
    assert_eq!(sums[0].sales, 2, "the most frequent first");
    let (open_days, _) = ask(folder.path(), days(SOLD_DAYS_MAX).collect());
    assert_eq!(open_days, 1, "the first day is one too many");
}

#[test]
fn a_day_is_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let connection = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    let plan: Vec<String> = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {}", sold::OF_DAY))
        .unwrap()
        .query_map(rusqlite::params![1, 2, 3], |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(plan.join(" ").contains("sale_by_time"), "{plan:?}");
}
