//! How a sale ends, and what becomes of its codes and of the screen.

use super::world::{World, eur, product_id};
use crate::domain::id::SaleId;
use crate::domain::link::{LinkState, Purpose};
use crate::domain::sale::SaleState;
use crate::terminal::{Actor, Command, NewLine, Notice, Reply, Screen};

/// A till with one product and a sale of it, and whether that shows the product's own code.
fn selling(is_sticker: bool) -> (World, SaleId) {
    let mut world = World::with_products(1);
    world.settle();
    if is_sticker {
        world.online = false;
        world.wait_ms(60_000);
        // The spares go first.
        for _ in 0..2 {
            world.tap(0);
            world.command(Command::Go {
                screen: Screen::Sell,
            });
        }
    }
    world.tap(0);
    let sale = world.pay().sale.id;
    let shown = if is_sticker {
        Purpose::Permanent
    } else {
        Purpose::Single
    };
    assert_eq!(world.code().map(|code| code.1), Some(shown));
    (world, sale)
}

fn state_of_code(world: &World, sale: SaleId) -> LinkState {
    let link = world.disk.record(sale).last_shown().expect("a code");
    world.disk.links[&link].state
}

#[test]
fn a_single_code_is_over_with_its_sale_and_a_stickers_code_never() {
    let (paid, off, live) = (LinkState::Paid, LinkState::Withdrawn, LinkState::Live);
    for (is_sticker, end, then) in [
        (false, "paid", paid),
        (false, "failed", LinkState::Shown),
        (false, "cash", off),
        (false, "cancelled", off),
        (true, "paid", live),
        (true, "cash", live),
        (true, "cancelled", live),
    ] {
        let (mut world, sale) = selling(is_sticker);
        match end {
            "paid" => world.notify(sale, 100, "charged"),
            "failed" => world.notify(sale, 100, "failed"),
            "cash" => world.command(Command::PayInCash {
                sale,
                given: eur(100),
            }),
            _ => world.command(Command::CancelSale { sale }),
        }
        assert_eq!(state_of_code(&world, sale), then, "{is_sticker} {end}");
    }
}

#[test]
fn money_that_failed_first_and_then_cash_leaves_a_code_that_is_not_paid() {
    let (mut world, sale) = selling(false);
    world.notify(sale, 100, "failed");
    world.command(Command::PayInCash {
        sale,
        given: eur(100),
    });
    assert_eq!(state_of_code(&world, sale), LinkState::Withdrawn);
}

#[test]
fn change_stays_longer_on_the_screen_than_a_sum_that_fits() {
    for (given, stays_ms) in [(100, 4_000), (101, 12_000)] {
        let (mut world, sale) = selling(false);
        world.command(Command::PayInCash {
            sale,
            given: eur(given),
        });
        world.wait_ms(stays_ms - 1);
        assert_eq!(world.snapshot().screen, Screen::Paid, "{given}");
        world.wait_ms(1);
        assert_eq!(world.snapshot().screen, Screen::Sell, "{given}");
    }
}

#[test]
fn cash_that_a_script_takes_does_not_move_the_cashiers_screen() {
    let mut world = World::with_products(1);
    world.settle();
    let lines = vec![NewLine::Sku {
        sku: "P0".to_owned(),
        quantity: 1,
    }];
    let sell = Command::NewSale {
        lines,
        backend: None,
        offline: false,
    };
    let Reply::Sale { sale } = world.reply_as(Actor::Script, sell) else {
        panic!("a sale")
    };
    let pays = Command::PayInCash {
        sale: sale.id,
        given: eur(100),
    };
    world.reply_as(Actor::Script, pays);
    assert_eq!(world.stored_sale(sale.id).state, SaleState::Paid);
    assert_eq!(world.snapshot().screen, Screen::Sell);
}

#[test]
fn the_demos_customer_pays_a_code_that_is_there_and_nothing_else() {
    let (mut world, sale) = selling(false);
    let pays = |sale| Command::CustomerPays { sale };
    assert_eq!(world.reply(pays(sale)), Reply::Done);
    world.command(Command::CancelSale { sale });
    let refused = |notice| Reply::Refused { notice };
    assert_eq!(world.reply(pays(sale)), refused(Notice::AlreadyClosed));
}

#[test]
fn a_new_name_and_price_change_the_stickers_code_as_a_whole() {
    let mut world = World::with_products(1);
    world.settle();
    let mut product = world.product_row(0);
    (product.name, product.price) = ("Green tea".to_owned(), eur(250));
    let put = Command::PutProducts {
        products: vec![product],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    world.settle();
    let link = world
        .links()
        .find(|link| link.product == Some(product_id(0)) && link.state == LinkState::Live)
        .expect("the sticker's code");
    assert_eq!((link.amount, link.title.as_str()), (eur(250), "Green tea"));
    assert!(
        link.description.contains("Green tea"),
        "{}",
        link.description
    );
}

#[test]
fn a_code_that_ran_out_ends_a_sale_that_nobody_looks_at_and_is_replaced_where_somebody_does() {
    for is_on_screen in [true, false] {
        let (mut world, sale) = selling(false);
        let link = world.disk.record(sale).last_shown().expect("a code");
        let end = world.disk.links[&link].expires_at.expect("an end");
        if !is_on_screen {
            world.command(Command::Go {
                screen: Screen::Sell,
            });
        }
        let lives_ms = u64::try_from(end.millis() - world.now().wall.millis()).unwrap();
        world.wait_ms(lives_ms - 1);
        let state = world.stored_sale(sale).state;
        assert_eq!(state, SaleState::Awaiting, "to its last moment");
        world.wait_ms(61_000);
        let then = if is_on_screen {
            SaleState::Awaiting
        } else {
            SaleState::Expired
        };
        assert_eq!(world.stored_sale(sale).state, then);
        if is_on_screen {
            assert!(world.code().is_none(), "not shown any more");
            world.command(Command::NewCode { sale });
            assert!(world.code().is_some());
        }
    }
}

#[test]
fn a_code_that_ran_out_and_was_paid_late_is_switched_off_once() {
    let (mut world, sale) = selling(false);
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.wait_ms(15 * 24 * 3_600_000);
    assert_eq!(world.stored_sale(sale).state, SaleState::Expired);
    assert_eq!(state_of_code(&world, sale), LinkState::Withdrawn);
    let sent = world.requests_sent();
    world.notify(sale, 100, "charged");
    let view = world.stored_sale(sale);
    assert_eq!((view.state, view.late), (SaleState::Paid, true));
    assert_eq!(state_of_code(&world, sale), LinkState::Withdrawn);
    assert_eq!(world.requests_sent(), sent);
}
