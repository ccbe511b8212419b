//! A trip's plan and its codes: whose they are, how long they live, and what it may ask for.

use super::trip::{plan, report, target};
use super::world::{World, eur, setup};
use crate::domain::link::{Asking, Link};
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::terminal::cart::SALE_MINOR_MAX;
use crate::terminal::pool_view::{PoolReport, PoolRow};
use crate::terminal::query::SoldSum;
use crate::terminal::trip::plan::{Expected, TripPlan, shares_of, usual_shares};
use crate::terminal::trip::{TRIP_CODES_MAX, TripTarget};
use crate::terminal::{Command, Notice, PoolSetup, Reply, Screen};

const DAY_MS: i64 = 24 * 3_600_000;

fn wanted(report: &PoolReport, backend: &str, minor: i64) -> usize {
    let is_it = |row: &&PoolRow| {
        row.backend == backend && row.amount == eur(minor) && row.asking == Asking::Fixed
    };
    report.rows.iter().find(is_it).map_or(0, |row| row.wanted)
}

fn newest(world: &World, minor: i64) -> Link {
    let of_sum = world.links().filter(|link| link.amount == eur(minor));
    let spares = of_sum.filter(|link| link.product.is_none());
    spares.max_by_key(|link| link.created_at).unwrap().clone()
}

#[test]
fn a_trip_is_one_accounts_and_its_codes_are_asked_of_no_other() {
    let mut setup = setup();
    let mut second = setup.backends[0].clone();
    "second".clone_into(&mut second.name);
    setup.backends.push(second);
    let mut world = World::with_setup(1, setup);
    world.settle();
    let until = world.now().wall.plus_millis(DAY_MS);
    let planned = world.reply(Command::PlanTrip {
        backend: Some("second".to_owned()),
        targets: vec![target(500, 3), target(100, 9)],
        until,
    });
    assert_eq!(planned, Reply::Done);
    world.settle();
    let report = report(&world, None);
    for (backend, minor, count) in [
        ("second", 500, 3),
        ("second", 100, 9),
        ("main", 500, 0),
        ("main", 100, 2),
    ] {
        assert_eq!(wanted(&report, backend, minor), count, "{backend} {minor}");
    }
    assert_eq!(world.snapshot().status.spare_codes_wanted, 2 + 3 + 9 + 4);
}

#[test]
fn codes_of_a_trip_outlive_it_by_half_an_hour_and_others_live_as_long_as_ever() {
    for (days, lives_ms) in [(30, 30 * DAY_MS + 1_800_000), (3, 14 * DAY_MS)] {
        let mut world = World::with_products(1);
        world.settle();
        let begun = world.now().wall;
        let until = begun.plus_millis(days * DAY_MS);
        world.command(plan(vec![target(500, 1)], until));
        world.tap(0);
        world.command(Command::Go {
            screen: Screen::Sell,
        });
        world.wait_ms(10);
        let end = |minor| newest(&world, minor).expires_at;
        assert_eq!(end(500), Some(begun.plus_millis(lives_ms)), "{days}");
        assert_eq!(end(100), Some(begun.plus_millis(14 * DAY_MS)), "{days}");
    }
}

#[test]
fn a_trip_wants_its_codes_to_its_last_moment() {
    let mut world = World::with_products(0);
    world.settle();
    let until = world.now().wall.plus_millis(5_000);
    world.command(plan(vec![target(500, 1)], until));
    for (pause, count) in [(4_999, 1), (1, 0)] {
        world.wait_ms(pause);
        let report = report(&world, None);
        assert_eq!(wanted(&report, "main", 500), count);
        assert_eq!(report.trip.is_some(), count > 0);
    }
}

#[test]
fn a_trip_asks_for_sums_that_can_be_sold_in_the_shops_currency() {
    let mut world = World::with_products(0);
    world.settle();
    let until = world.now().wall.plus_millis(DAY_MS);
    let usd = Currency::from_code("USD").unwrap();
    let foreign = TripTarget {
        amount: Amount::new(500, usd),
        count: 1,
    };
    let limit = usize::try_from(TRIP_CODES_MAX).unwrap();
    for (target, refused) in [
        (target(SALE_MINOR_MAX, 1), None),
        (target(SALE_MINOR_MAX + 1, 1), Some(Notice::AmountTooLarge)),
        (target(0, 1), Some(Notice::AmountNotPositive)),
        (target(1, TRIP_CODES_MAX), None),
        (
            target(1, TRIP_CODES_MAX + 1),
            Some(Notice::TooMany { limit }),
        ),
    ] {
        world.hold_answers = true;
        let said = world.reply(plan(vec![target], until));
        let expected = refused.map_or(Reply::Done, |notice| Reply::Refused { notice });
        assert_eq!(said, expected, "{target:?}");
    }
    let said = world.reply(plan(vec![foreign], until));
    let Reply::Refused {
        notice: Notice::WrongCurrency { .. },
    } = said
    else {
        panic!("{said:?}")
    };
}

fn pool_row(backend: &str, minor: i64) -> PoolRow {
    PoolRow {
        backend: backend.to_owned(),
        amount: eur(minor),
        asking: Asking::Fixed,
        there: 4,
        lasting: 4,
        coming: 0,
        wanted: 2,
        low_water: 1,
        is_low: false,
        is_refused: false,
        next_end: None,
    }
}

#[test]
fn a_shop_that_sold_nothing_plans_with_the_sums_that_it_keeps_codes_for() {
    let rows = vec![
        pool_row("main", 100),
        pool_row("second", 200),
        PoolRow {
            asking: Asking::Open,
            ..pool_row("main", 300)
        },
        PoolRow {
            wanted: 0,
            ..pool_row("main", 400)
        },
        PoolRow {
            is_refused: true,
            ..pool_row("main", 500)
        },
    ];
    let report = PoolReport {
        rows,
        ..report(&World::with_products(0), None)
    };
    let shares = usual_shares(&report, "main");
    assert_eq!(shares.into_keys().collect::<Vec<_>>(), [eur(100)]);
    let usd = Amount::new(100, Currency::from_code("USD").unwrap());
    let sold = [usd, eur(100)].map(|amount| SoldSum {
        backend: "main".to_owned(),
        amount,
        sales: 3,
        peak: 3,
    });
    let shares = shares_of(&sold, "main", eur(0).currency);
    assert_eq!(shares.into_keys().collect::<Vec<_>>(), [eur(100)]);
}

#[test]
fn a_plan_counts_codes_of_its_own_account_and_asks_for_no_sum_that_nobody_buys() {
    let open = PoolRow {
        asking: Asking::Open,
        ..pool_row("main", 300)
    };
    let report = PoolReport {
        rows: vec![pool_row("main", 100), pool_row("second", 200), open],
        ..report(&World::with_products(0), None)
    };
    let expected = [(100, 5), (200, 5), (300, 5), (400, 0)].map(|(minor, sales)| Expected {
        amount: eur(minor),
        sales,
    });
    let until = Timestamp::from_millis(0);
    let plan = TripPlan::of(&report, "main", &expected, eur(0).currency, until).unwrap();
    let there: Vec<_> = plan.rows.iter().map(|row| row.there).collect();
    assert_eq!(there, [4, 0, 0]);
    let targets = [100, 200, 300].map(|minor| target(minor, 6));
    assert_eq!(plan.targets(), targets);
    assert_eq!((plan.needed, plan.to_get, plan.ready()), (18, 14, 4));
    // What is there is in time however late it is.
    let at = Timestamp::from_millis;
    assert!(!plan.is_in_time(at(1), at(0)));
    let nothing = TripPlan::of(&report, "main", &expected[3..], eur(0).currency, until).unwrap();
    assert!(nothing.is_in_time(at(1), at(0)));
}

#[test]
fn a_sum_that_nothing_is_wanted_of_and_nothing_is_there_of_has_no_row() {
    let pool = PoolSetup {
        per_amount: 0,
        open_amount: 0,
        ..PoolSetup::default()
    };
    let mut world = World::with_pool(2, pool);
    world.settle();
    assert_eq!(report(&world, None).rows, []);
}
