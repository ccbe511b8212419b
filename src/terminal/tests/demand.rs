//! The pool sized by what was sold on the last days.

use std::collections::BTreeMap;

use super::world::{World, eur};
use crate::domain::link::Asking;
use crate::domain::time::Timestamp;
use crate::terminal::query::SoldSum;
use crate::terminal::{Command, Event, PoolSetup, Screen};

const DAY_MS: u64 = 24 * 3_600_000;

impl World {
    /// What the database counts, of the sales on disk.
    pub(super) fn count_sales(&mut self, days: &[Timestamp]) {
        let mut counts: BTreeMap<(String, _), Vec<u32>> = BTreeMap::new();
        for sale in self.disk.sales.values() {
            let later = days.iter().filter(|day| **day <= sale.created_at).count();
            if later == 0 || sale.backend.is_empty() {
                continue;
            }
            let key = (sale.backend.clone(), sale.total);
            let count = counts.entry(key).or_insert_with(|| vec![0; days.len()]);
            count[later - 1] += 1;
        }
        let sums = counts.into_iter().map(|((backend, amount), days)| SoldSum {
            backend,
            amount,
            sales: days.iter().sum(),
            peak: days.into_iter().max().unwrap_or(0),
        });
        self.event(Event::SalesCounted(sums.collect()));
    }

    fn sell(&mut self, minor: i64, times: usize) {
        for _ in 0..times {
            self.command(Command::PayAmount { amount: eur(minor) });
            self.command(Command::Go {
                screen: Screen::Sell,
            });
        }
    }

    fn wanted(&self, minor: i64) -> usize {
        let report = self.terminal.pool_report(self.now(), None);
        let mut rows = report.rows.into_iter();
        let row = rows.find(|row| row.amount == eur(minor) && row.asking == Asking::Fixed);
        row.map_or(0, |row| row.wanted)
    }
}

fn by_sales(days: u32) -> PoolSetup {
    PoolSetup {
        by_sales_days: days,
        open_amount: 0,
        ..PoolSetup::default()
    }
}

fn sold(backend: &str, minor: i64, peak: u32) -> SoldSum {
    SoldSum {
        backend: backend.to_owned(),
        amount: eur(minor),
        sales: peak,
        peak,
    }
}

#[test]
fn the_busiest_of_the_last_days_says_how_many_codes_a_sum_has() {
    let mut world = World::with_pool(2, by_sales(2));
    world.settle();
    assert_eq!(world.wanted(100), 2, "nothing was counted yet");
    world.sell(100, 5);
    world.sell(777, 3);
    world.sell(555, 1);
    world.wait_ms(3_600_000);
    assert_eq!(world.wanted(100), 5);
    assert_eq!(world.wanted(200), 2, "at least what the owner says");
    assert_eq!(
        world.wanted(777),
        3,
        "often sold, although no product costs it"
    );
    assert_eq!(world.wanted(555), 0, "sold once");
    let report = world.terminal.pool_report(world.now(), None);
    let there: Vec<_> = report.rows.iter().map(|row| row.there).collect();
    assert_eq!(there, [5, 3, 2], "the most frequent first");

    // The next day is quieter, and counts beside the busy one.
    world.wait_ms(DAY_MS);
    world.sell(100, 1);
    world.wait_ms(3_600_000);
    assert_eq!(world.wanted(100), 5);
    // The day after that the busy one is past.
    world.wait_ms(DAY_MS);
    assert_eq!((world.wanted(100), world.wanted(777)), (2, 0));
}

#[test]
fn sales_are_counted_two_seconds_after_the_start() {
    let mut world = World::with_pool(1, by_sales(1));
    world.sell(100, 5);
    world.wait_ms(1_999);
    assert_eq!(world.wanted(100), 2);
    world.wait_ms(1);
    assert_eq!(world.wanted(100), 5);
}

#[test]
fn without_the_owners_wish_nothing_is_counted() {
    let mut world = World::with_pool(1, by_sales(0));
    world.sell(100, 5);
    world.wait_ms(2 * 3_600_000);
    assert_eq!(world.wanted(100), 2);
}

#[test]
fn what_was_sold_asks_for_so_many_codes_and_sums_and_not_more() {
    let pool = PoolSetup {
        amounts_max: 3,
        ..by_sales(7)
    };
    let mut world = World::with_pool(2, pool);
    let mut sums = vec![
        sold("main", 100, 201),
        sold("main", 200, 200),
        sold("main", 300, 2),
        sold("main", 400, 2),
        sold("other", 200, 99),
        sold("main", 0, 9),
        sold("main", i64::MAX, 9),
    ];
    world.event(Event::SalesCounted(sums.clone()));
    let wanted = |world: &World| [100, 200, 300, 400].map(|minor| world.wanted(minor));
    assert_eq!(wanted(&world), [200, 200, 2, 0]);
    assert_eq!(world.snapshot().status.spare_codes_wanted, 402);
    sums.retain(|sum| sum.backend == "other");
    world.event(Event::SalesCounted(sums));
    assert_eq!(wanted(&world), [2, 2, 0, 0], "another account's sales");
}

#[test]
fn spare_codes_are_few_below_half_of_what_is_wanted() {
    for (there, wanted, few) in [
        (0, 0, false),
        (0, 1, true),
        (1, 1, false),
        (1, 3, true),
        (2, 3, false),
        (49, 100, true),
        (50, 100, false),
    ] {
        let mut status = World::with_products(0).snapshot().status;
        (status.spare_codes, status.spare_codes_wanted) = (there, wanted);
        assert_eq!(status.has_few_spares(), few, "{there} of {wanted}");
    }
}
