//! Which codes the background gets, how many at the same time, and when it stops.

use super::feed::{NOTHING, joined, own};
use super::world::{World, eur, product_id, setup};
use crate::domain::link::{Asking, LinkState, Purpose};
use crate::terminal::pool_view::PoolRow;
use crate::terminal::trip::TripTarget;
use crate::terminal::{Command, NewLine, PoolSetup, Reply, Screen, Setup};

fn row(world: &World, minor: i64) -> Option<PoolRow> {
    let report = world.terminal.pool_report(world.now(), None);
    let is_it = |row: &PoolRow| row.amount == eur(minor) && row.asking == Asking::Fixed;
    report.rows.into_iter().find(is_it)
}

fn still_wanted(world: &World) -> u32 {
    world.terminal.status_report().still_wanted
}

fn wanted_spares(world: &World) -> u32 {
    world.snapshot().status.spare_codes_wanted
}

#[test]
fn a_sum_that_the_provider_refuses_is_not_asked_for_again_until_somebody_says_so() {
    let mut world = World::with_products(2);
    world.refused_minor = Some(100);
    world.wait_ms(600_000);
    let asked = |world: &World| {
        let is_spare = |link: &crate::domain::link::Link| {
            link.amount == eur(100) && link.purpose == Purpose::Single
        };
        world.links().filter(|link| is_spare(link)).count()
    };
    assert_eq!(asked(&world), 1);
    assert_eq!((wanted_spares(&world), still_wanted(&world)), (2, 0));
    world.command(Command::SetFavorites {
        products: vec![product_id(0)],
    });
    world.restart();
    world.wait_ms(600_000);
    assert_eq!(asked(&world), 1);

    world.refused_minor = None;
    world.command(Command::MintLinks);
    world.settle();
    let spares = row(&world, 100).expect("it is wanted");
    assert_eq!((spares.there, spares.is_refused), (2, false));
    world.tap(0);
    world.settle();
    assert_eq!(
        row(&world, 100).map(|row| row.there),
        Some(2),
        "as any other"
    );
}

#[test]
fn what_is_still_wanted_counts_sums_and_stickers_that_are_missing() {
    let mut world = World::with_products(2);
    world.online = false;
    world.settle();
    assert_eq!(still_wanted(&world), 4, "two sums and two stickers");
    // What a trip wants besides is counted in its own place.
    let until = world.now().wall.plus_millis(24 * 3_600_000);
    let targets = vec![TripTarget {
        amount: eur(500),
        count: 9,
    }];
    world.command(Command::PlanTrip {
        backend: None,
        targets,
        until,
    });
    assert_eq!(still_wanted(&world), 4);
    world.online = true;
    world.wait_ms(120_000);
    assert_eq!(still_wanted(&world), 0);
    world.online = false;
    world.wait_ms(60_000);
    world.tap(1);
    assert_eq!(still_wanted(&world), 1, "one of two is left");
}

#[test]
fn a_sum_is_kept_once_however_many_products_cost_it_and_not_where_the_payer_says_how_much() {
    let mut world = World::with_products(3);
    world.settle();
    assert_eq!(wanted_spares(&world), 6);
    let mut products = vec![world.product_row(1), world.product_row(2)];
    products[0].price = eur(100);
    products[1].asking = Asking::Open;
    world.command(Command::PutProducts {
        products,
        source: String::new(),
    });
    world.settle();
    assert_eq!(wanted_spares(&world), 2);
}

#[test]
fn codes_without_a_sum_are_kept_only_where_the_account_makes_such() {
    for (kind, open_amount, wanted) in [("4pay", 2, 4), ("4pay", 0, 2), ("4geeks", 2, 2)] {
        let pool = PoolSetup {
            open_amount,
            ..PoolSetup::default()
        };
        let mut setup = Setup { pool, ..setup() };
        kind.clone_into(&mut setup.backends[0].kind);
        let world = World::with_setup(1, setup);
        assert_eq!(wanted_spares(&world), wanted, "{kind} {open_amount}");
    }
}

#[test]
fn a_till_that_is_about_to_end_begins_nothing_more() {
    for is_closing in [false, true] {
        let (mut world, sale) = joined();
        world.hub_answers(own(1, NOTHING));
        world.settle();
        if is_closing {
            world.terminal.send_nothing_more();
        }
        let (sent, asked) = (world.requests_sent(), world.asked.len());
        world.command(Command::PayAmount { amount: eur(777) });
        assert_eq!(world.requests_sent() == sent, is_closing);
        world.command(Command::CancelSale { sale });
        world.hub_answers(own(1, NOTHING));
        world.wait_ms(5_000);
        assert_eq!(world.requests_sent() == sent, is_closing);
        assert_eq!(world.asked.len() == asked, is_closing);
    }
}

#[test]
fn so_many_requests_are_under_way_at_the_same_time_and_not_more() {
    for limit in [1, 3] {
        let pool = PoolSetup {
            open_amount: 0,
            in_flight_max: limit,
            ..PoolSetup::default()
        };
        let mut world = World::with_pool(0, pool);
        let mut sales = Vec::new();
        for minor in 1..=5 {
            world.command(Command::PayAmount { amount: eur(minor) });
            world.settle();
            sales.push(world.pay().sale.id);
            world.command(Command::Go {
                screen: Screen::Sell,
            });
        }
        let before = world.requests_sent();
        world.hold_answers = true;
        for sale in sales {
            world.command(Command::CancelSale { sale });
        }
        world.settle();
        let sent = world.requests_sent() - before;
        assert_eq!(sent, usize::try_from(limit).unwrap());
        world.hold_answers = false;
        world.wait_ms(10_000);
        assert_eq!(world.requests_sent() - before, 5, "the others follow");
        let off = |link: &&crate::domain::link::Link| link.state == LinkState::Withdrawn;
        assert_eq!(world.links().filter(off).count(), 5);
    }
}

#[test]
fn codes_are_made_one_by_one_where_a_lost_answer_would_leave_a_second_one() {
    for (kind, limit, at_once) in [("4pay", 4, 1), ("devdraft", 4, 4), ("devdraft", 1, 1)] {
        let pool = PoolSetup {
            in_flight_max: limit,
            ..PoolSetup::default()
        };
        let mut setup = Setup { pool, ..setup() };
        kind.clone_into(&mut setup.backends[0].kind);
        let world = World::with_setup(0, setup);
        let report = world.terminal.pool_report(world.now(), None);
        assert_eq!(report.accounts[0].in_flight, at_once, "{kind} {limit}");
    }
}

#[test]
fn a_customers_code_waits_for_no_place_and_for_the_pace_only() {
    let pool = PoolSetup {
        in_flight_max: 1,
        ..PoolSetup::default()
    };
    let mut setup = Setup { pool, ..setup() };
    setup.backends[0].requests_per_minute = Some(2);
    let mut world = World::with_setup(0, setup);
    world.wait_ms(120_000);
    world.hold_answers = true;
    for (minor, sent) in [(1, 1), (2, 2), (3, 2)] {
        let before = world.requests_sent();
        world.command(Command::PayAmount { amount: eur(minor) });
        let now = world.requests_sent();
        assert_eq!(now - before, usize::from(sent == minor), "{minor}");
    }
}

#[test]
fn the_payers_page_names_what_is_bought_where_it_is_one_piece_and_else_the_sale() {
    let pool = PoolSetup {
        per_amount: 0,
        ..PoolSetup::default()
    };
    for (lines, is_named) in [
        (&[("P0", 1)][..], true),
        (&[("P0", 2)], false),
        (&[("P0", 1), ("P1", 1)], false),
    ] {
        let mut world = World::with_pool(2, pool);
        world.settle();
        let lines = lines.iter().map(|(sku, quantity)| NewLine::Sku {
            sku: (*sku).to_owned(),
            quantity: *quantity,
        });
        let sell = Command::NewSale {
            lines: lines.collect(),
            backend: None,
            offline: false,
        };
        let Reply::Sale { sale } = world.reply(sell) else {
            panic!("a sale")
        };
        let link = world.link_of(sale.id);
        let title = if is_named {
            "Product 0"
        } else {
            &sale.reference
        };
        assert_eq!(link.title, title);
        assert!(link.description.contains(title), "{}", link.description);
    }
}
