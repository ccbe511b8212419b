//! What screens and scripts are told.

use super::redraws::busy;
use super::world::{World, eur, setup};
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::{LinkState, Purpose};
use crate::domain::sale::Part;
use crate::domain::time::Now;
use crate::proto::backend::sample;
use crate::terminal::query::Query;
use crate::terminal::snapshot::CodeView;
use crate::terminal::trip::TripTarget;
use crate::terminal::{Command, Keys, NewLine, Notice, PoolSetup, Reply, Screen};

#[test]
fn the_sixty_newest_sales_that_wait_have_a_chip_the_oldest_first() {
    let mut world = World::with_products(0);
    world.settle();
    for minor in 1..=61 {
        world.command(Command::PayAmount { amount: eur(minor) });
        world.wait_ms(1);
    }
    let chips = world.snapshot().waiting;
    let sums: Vec<_> = chips.iter().map(|sale| sale.total.minor).collect();
    assert_eq!(sums, (2..=61).collect::<Vec<_>>());
}

fn part(world: &World) -> Option<Part> {
    let CodeView::Ready { part, .. } = world.pay().code else {
        panic!("{:?}", world.pay().code)
    };
    part
}

#[test]
fn each_of_several_codes_is_shown_and_no_other() {
    let mut world = World::with_products(2);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    let lines = ["P0", "P1"].map(|sku| NewLine::Sku {
        sku: sku.to_owned(),
        quantity: 1,
    });
    let sell = Command::NewSale {
        lines: lines.to_vec(),
        backend: None,
        offline: false,
    };
    let Reply::Sale { sale } = world.reply(sell) else {
        panic!("a sale")
    };
    let sale = sale.id;
    world.command(Command::OpenSale { sale });
    let show = |number| Command::ShowPart { sale, number };
    let mut sums = Vec::new();
    for number in [1, 2, 1] {
        assert_eq!(world.reply(show(number)), Reply::Done);
        assert_eq!(part(&world), Some(Part { number, of: 2 }));
        let (url, _) = world.code().unwrap();
        sums.push(world.provider_minor(&url).unwrap());
    }
    assert_eq!((sums[0] + sums[1], sums[0]), (300, sums[2]));
    let notice = Notice::UnknownLink;
    assert_eq!(world.reply(show(3)), Reply::Refused { notice });
    assert_eq!(world.reply(show(2)), Reply::Done);
    // Another sale's part moves nothing here.
    world.tap(0);
    world.command(show(1));
    assert_eq!(part(&world), None);
    world.command(Command::OpenSale { sale });
    assert_eq!(part(&world), Some(Part { number: 1, of: 2 }));
}

#[test]
fn a_code_that_takes_no_money_for_just_this_sale_is_not_on_the_screen() {
    for (state, minor, is_shown) in [
        (LinkState::Shown, 200, true),
        (LinkState::Shown, 201, false),
        (LinkState::Withdrawn, 200, false),
        (LinkState::Burned, 200, false),
    ] {
        let mut world = busy();
        let sale = world.pay().sale.id;
        let mut link = world.link_of(sale);
        (link.state, link.amount) = (state, eur(minor));
        world.disk.links.insert(link.id, link);
        world.online = false;
        world.restart();
        world.command(Command::OpenSale { sale });
        assert_eq!(world.code().is_some(), is_shown, "{state:?} {minor}");
        let closed = matches!(
            world.pay().code,
            CodeView::None {
                notice: Notice::AlreadyClosed
            }
        );
        assert_eq!(closed, !is_shown);
    }
}

#[test]
fn a_code_on_which_the_payer_types_the_sum_says_no_sum() {
    let mut world = World::with_open_codes(0, 2);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    world.command(Command::PayAmount { amount: eur(777) });
    let CodeView::Ready { asks, purpose, .. } = world.pay().code else {
        panic!("a code")
    };
    assert_eq!((asks, purpose), (None, Purpose::Single));
}

#[test]
fn the_pay_screen_is_seen_only_while_it_is_there() {
    let mut world = busy();
    assert!(world.snapshot().pay.is_some());
    for screen in [Screen::Recent, Screen::Settings, Screen::Sell] {
        world.command(Command::Go { screen });
        assert!(world.snapshot().pay.is_none());
    }
}

#[test]
fn a_wrong_clock_is_said_in_seconds_and_only_beyond_two_minutes() {
    let world = World::with_products(0);
    for (offset_ms, said) in [
        (0, None),
        (120_000, None),
        (-120_000, None),
        (120_001, Some(-120)),
        (-120_001, Some(121)),
        (3_600_000, Some(-3_600)),
    ] {
        let now = Now {
            server_offset_ms: offset_ms,
            ..world.now()
        };
        let report = world.terminal.sync_report(now);
        assert_eq!(report.clock_off_secs, said, "{offset_ms}");
    }
}

#[test]
fn waiting_work_is_named_by_what_it_does() {
    let mut world = busy();
    world.hold_answers = true;
    let sale = world.pay().sale.id;
    world.command(Command::CancelSale { sale });
    world.command(Command::PayAmount { amount: eur(777) });
    let mut product = world.product_row(0);
    product.price = eur(150);
    world.command(Command::PutProducts {
        products: vec![product],
        source: String::new(),
    });
    world.settle();
    let report = world.terminal.sync_report(world.now());
    let mut words: Vec<_> = report.rows.iter().map(|row| row.what.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words, ["create", "withdraw"]);
    let mint = report.rows.iter().find(|row| row.amount == Some(eur(777)));
    let mint = mint.expect("a customer waits for it");
    assert_eq!(mint.sale.as_ref(), Some(&world.pay().sale.reference));
    assert!(mint.under_way && mint.next_try_ms.is_none());
    assert_eq!(report.accounts[0].reach, "online");
}

#[test]
fn the_pool_lists_sums_that_are_wanted_there_or_coming() {
    let pool = PoolSetup {
        per_amount: 3,
        open_amount: 0,
        ..PoolSetup::default()
    };
    let mut world = World::with_pool(1, pool);
    let rows = |world: &World| {
        let report = world.terminal.pool_report(world.now(), None);
        let rows = report.rows.into_iter();
        let row = |row: crate::terminal::pool_view::PoolRow| {
            (
                row.amount.minor,
                row.wanted,
                row.there,
                row.coming,
                row.is_low,
            )
        };
        rows.map(row).collect::<Vec<_>>()
    };
    assert_eq!(rows(&world), [(100, 3, 0, 0, true)], "wanted");
    world.hold_answers = true;
    world.settle();
    assert_eq!(rows(&world), [(100, 3, 0, 0, true)]);
    world.hold_answers = false;
    world.deliver();
    world.settle();
    assert_eq!(rows(&world), [(100, 3, 3, 0, false)]);
    // Codes of a price that no product has any more are there, and not wanted.
    let mut product = world.product_row(0);
    product.price = eur(250);
    world.command(Command::PutProducts {
        products: vec![product],
        source: String::new(),
    });
    world.settle();
    let after = rows(&world);
    assert_eq!(after, [(250, 3, 3, 0, false), (100, 0, 3, 0, false)]);
    // What was wanted when it was asked for, and is wanted no more, is on its way still.
    world.hold_answers = true;
    let (amount, count) = (eur(500), 1);
    world.command(Command::PlanTrip {
        backend: None,
        targets: vec![TripTarget { amount, count }],
        until: world.now().wall.plus_millis(2_000),
    });
    assert!(rows(&world).contains(&(500, 1, 0, 1, true)));
    world.wait_ms(2_000);
    assert!(rows(&world).contains(&(500, 0, 0, 1, false)));
    world.hold_answers = false;
    world.deliver();
    world.online = false;
    world.wait_ms(60_000);
    world.tap(0);
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    assert_eq!(
        rows(&world)[0],
        (250, 3, 2, 0, false),
        "two of three will do"
    );
    world.tap(0);
    assert_eq!(rows(&world)[0], (250, 3, 1, 0, true));
}

#[test]
fn stickers_are_missed_only_where_the_account_can_make_some() {
    for (kind, count) in [("4pay", 2), ("altapay", 0)] {
        let mut setup = setup();
        kind.clone_into(&mut setup.backends[0].kind);
        let world = World::with_setup(2, setup);
        assert_eq!(world.snapshot().status.products, count, "{kind}");
        assert_eq!(world.snapshot().accounts[0].kind, kind);
    }
}

#[test]
fn a_step_needs_rows_as_soon_as_one_of_any_kind_is_named() {
    let name = || "x".to_owned();
    let none = Keys::default;
    assert!(none().is_empty());
    for keys in [
        Keys {
            sales: vec![SaleId(uuid::Uuid::nil())],
            ..none()
        },
        Keys {
            links: vec![LinkId(uuid::Uuid::nil())],
            ..none()
        },
        Keys {
            remotes: vec![(name(), name())],
            ..none()
        },
        Keys {
            payments: vec![(name(), name())],
            ..none()
        },
        Keys {
            kept: vec![name()],
            ..none()
        },
    ] {
        assert!(!keys.is_empty(), "{keys:?}");
    }
}

#[test]
fn only_what_the_till_itself_knows_is_asked_of_it() {
    for (query, is_live) in [
        (Query::Status, true),
        (Query::Sync, true),
        (Query::Pool { until: None }, true),
        (Query::Products, false),
        (Query::LinkStats, false),
        (Query::Day { since: sample::NOW }, false),
    ] {
        assert_eq!(query.is_live(), is_live, "{query:?}");
    }
}
