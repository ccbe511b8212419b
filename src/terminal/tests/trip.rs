//! Spare codes for days without a network, and the pool as people see it.

use super::world::{World, eur};
use crate::domain::link::{Asking, Purpose};
use crate::domain::time::Timestamp;
use crate::terminal::pool_view::{PoolReport, PoolRow};
use crate::terminal::trip::{TRIP_AMOUNTS_MAX, TRIP_CODES_MAX, TripTarget};
use crate::terminal::{Command, Notice, Reply, Screen};

const DAY_MS: i64 = 24 * 3_600_000;

pub(super) fn plan(targets: Vec<TripTarget>, until: Timestamp) -> Command {
    Command::PlanTrip {
        backend: None,
        targets,
        until,
    }
}

pub(super) fn target(minor: i64, count: u32) -> TripTarget {
    TripTarget {
        amount: eur(minor),
        count,
    }
}

pub(super) fn report(world: &World, until: Option<Timestamp>) -> PoolReport {
    world.terminal.pool_report(world.now(), until)
}

fn row(report: &PoolReport, minor: i64) -> Option<&PoolRow> {
    let is_it = |row: &&PoolRow| row.amount == eur(minor) && row.asking == Asking::Fixed;
    report.rows.iter().find(is_it)
}

#[test]
fn the_pool_says_what_is_there_and_what_is_wanted() {
    let mut world = World::with_open_codes(2, 2);
    world.settle();
    let pool = report(&world, None);
    let asks: Vec<_> = pool
        .rows
        .iter()
        .map(|row| (row.amount.minor, row.asking))
        .collect();
    assert_eq!(
        asks,
        [
            (100, Asking::Fixed),
            (200, Asking::Fixed),
            (0, Asking::Open)
        ]
    );
    let first = row(&pool, 100).unwrap();
    assert_eq!((first.there, first.coming, first.wanted), (2, 0, 2));
    assert_eq!((first.low_water, first.is_low), (1, false));
    assert_eq!(
        first.next_end,
        Some(world.now().wall.plus_millis(14 * DAY_MS))
    );
    assert_eq!(pool.accounts[0].reach, "online");
    assert_eq!(pool.trip, None);

    world.online = false;
    world.wait_ms(60_000);
    for _ in 0..2 {
        world.tap(0);
        world.command(Command::Go {
            screen: Screen::Sell,
        });
    }
    let pool = report(&world, None);
    let first = row(&pool, 100).unwrap();
    assert_eq!((first.there, first.is_low), (0, true));
}

#[test]
fn a_trip_gets_its_codes_and_they_last_until_its_end() {
    let mut world = World::with_products(2);
    world.settle();
    let until = world.now().wall.plus_millis(30 * DAY_MS);
    let planned = world.reply(plan(vec![target(100, 5), target(777, 3)], until));
    assert_eq!(planned, Reply::Done);
    world.settle();
    let pool = report(&world, Some(until));
    let first = row(&pool, 100).unwrap();
    assert_eq!(
        (first.wanted, first.lasting, first.there),
        (5, 5, 7),
        "two end earlier"
    );
    let second = row(&pool, 777).unwrap();
    assert_eq!((second.wanted, second.lasting, second.coming), (3, 3, 0));
    assert_eq!(row(&pool, 200).unwrap().wanted, 2, "the usual stays");

    // After a restart the same is wanted, and nothing is got twice.
    let sent = world.requests_sent();
    world.restart();
    world.settle();
    assert_eq!(world.requests_sent(), sent);
    assert_eq!(
        report(&world, None).trip.map(|trip| trip.targets.len()),
        Some(2)
    );

    // Offline each of them is good for one sale.
    world.online = false;
    world.wait_ms(60_000);
    for _ in 0..3 {
        world.command(Command::PayAmount { amount: eur(777) });
        assert_eq!(
            world.code().map(|(_, purpose)| purpose),
            Some(Purpose::Single)
        );
        world.command(Command::Go {
            screen: Screen::Sell,
        });
    }
    world.online = true;
    world.command(plan(Vec::new(), until));
    world.wait_ms(60_000);
    let pool = report(&world, None);
    assert_eq!((pool.trip.is_none(), row(&pool, 777)), (true, None));
}

#[test]
fn a_trip_that_is_over_wants_nothing_any_more() {
    let mut world = World::with_products(1);
    world.settle();
    let until = world.now().wall.plus_millis(60_000);
    world.command(plan(vec![target(500, 1)], until));
    world.settle();
    let pool = report(&world, None);
    assert_eq!(
        row(&pool, 500).map(|row| (row.wanted, row.there)),
        Some((1, 1))
    );
    world.wait_ms(61_000);
    let pool = report(&world, None);
    assert_eq!(
        row(&pool, 500).map(|row| (row.wanted, row.there)),
        Some((0, 1))
    );
    assert_eq!(pool.trip, None);
}

#[test]
fn codes_of_a_trip_that_is_over_are_not_missed_for_ever() {
    let mut world = World::with_products(1);
    world.settle();
    let wanted = |world: &World| world.snapshot().status.spare_codes_wanted;
    let usual = wanted(&world);
    let until = world.now().wall.plus_millis(3_600_000);
    world.command(plan(vec![target(500, 10)], until));
    world.settle();
    assert_eq!(wanted(&world), usual + 10);
    world.wait_ms(3_600_000 - 120_000);
    assert_eq!(wanted(&world), usual + 10, "it is not over");
    // Without a network nobody knows what time it is.
    world.online = false;
    world.wait_ms(240_000);
    assert_eq!(wanted(&world), usual + 10);
    world.online = true;
    world.wait_ms(600_000);
    assert_eq!(wanted(&world), usual);
    world.restart();
    world.settle();
    assert_eq!(wanted(&world), usual);
}

#[test]
fn a_plan_beyond_its_bounds_is_refused_as_a_whole() {
    let mut world = World::with_products(1);
    world.settle();
    let until = world.now().wall.plus_millis(DAY_MS);
    let many = |count: usize| (1..=i64::try_from(count).unwrap()).map(|minor| target(minor, 1));
    let bad = [
        vec![target(0, 1)],
        vec![target(100, 0)],
        vec![target(100, TRIP_CODES_MAX + 1)],
        vec![target(100, 1), target(-1, 1)],
        many(TRIP_AMOUNTS_MAX + 1).collect(),
    ];
    for targets in bad {
        let said = world.reply(plan(targets.clone(), until));
        assert!(matches!(said, Reply::Refused { .. }), "{targets:?}");
    }
    assert_eq!(report(&world, None).trip, None);
    assert_eq!(
        world.reply(plan(many(TRIP_AMOUNTS_MAX).collect(), until)),
        Reply::Done
    );
    let unknown = world.reply(Command::PlanTrip {
        backend: Some("other".to_owned()),
        targets: Vec::new(),
        until,
    });
    let notice = Notice::UnknownBackend {
        name: "other".to_owned(),
    };
    assert_eq!(unknown, Reply::Refused { notice });
}

#[test]
fn a_product_that_the_payer_prices_is_not_sold_for_nothing() {
    let mut world = World::with_products(1);
    let mut product = world.product_row(0);
    (product.asking, product.price) = (Asking::Open, eur(0));
    let put = Command::PutProducts {
        products: vec![product.clone()],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    let said = world.reply(Command::Tap {
        product: product.id,
    });
    let notice = Notice::PayerSetsAmount {
        product: product.name.clone(),
    };
    assert_eq!(said, Reply::Refused { notice });
    assert_eq!(world.stored_sales(), 0);

    for (asking, minor, is_good) in [
        (Asking::Fixed, 0, false),
        (Asking::Open, -1, false),
        (Asking::Fixed, 1, true),
    ] {
        (product.asking, product.price) = (asking, eur(minor));
        let put = Command::PutProducts {
            products: vec![product.clone()],
            source: "test".to_owned(),
        };
        assert_eq!(
            world.reply(put) == Reply::Done,
            is_good,
            "{asking:?} {minor}"
        );
    }
}

#[test]
fn a_list_that_cannot_come_is_refused_and_not_waited_for() {
    let mut world = World::with_products(1);
    world.settle();
    world.online = false;
    let list = Command::ListRemote { backend: None };
    let said = world.reply_within(list, 60_000);
    let Reply::Refused {
        notice: Notice::BackendRefused { .. },
    } = said
    else {
        panic!("{said:?}")
    };
}
