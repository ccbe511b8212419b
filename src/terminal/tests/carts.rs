//! What is in a cart, how much of it, and the carts that wait.

use super::world::{World, eur, product_id};
use crate::domain::sale::{LINES_MAX, QUANTITY_MAX};
use crate::terminal::cart::SALE_MINOR_MAX;
use crate::terminal::{Command, HELD_CARTS_MAX, NewLine, Notice, Reply, SellMode};

fn collecting() -> World {
    let mut world = World::with_products(2);
    world.settle();
    world.command(Command::SetMode {
        mode: SellMode::SeveralItems,
    });
    world
}

fn refused(notice: Notice) -> Reply {
    Reply::Refused { notice }
}

fn quantity(world: &mut World, line: usize, quantity: u32) -> Reply {
    world.reply(Command::SetQuantity { line, quantity })
}

fn quantities(world: &World) -> Vec<u32> {
    let cart = world.snapshot().cart;
    cart.lines.iter().map(|line| line.quantity).collect()
}

#[test]
fn a_line_is_counted_up_and_down_and_leaves_with_its_last_piece() {
    let mut world = collecting();
    world.tap(0);
    world.tap(1);
    assert_eq!(quantity(&mut world, 0, QUANTITY_MAX - 1), Reply::Done);
    assert_eq!(world.reply(tap(0)), Reply::Done, "the last that fits");
    let full = refused(Notice::CartFull);
    assert_eq!(quantity(&mut world, 0, QUANTITY_MAX + 1), full);
    assert_eq!(world.reply(tap(0)), full, "one more piece");
    assert_eq!(quantities(&world), [QUANTITY_MAX, 1]);
    for no_line in [2, 7] {
        assert_eq!(quantity(&mut world, no_line, 3), Reply::Done);
        assert_eq!(quantity(&mut world, no_line, 0), Reply::Done);
    }
    assert_eq!(quantity(&mut world, 0, 2), Reply::Done);
    assert_eq!(world.snapshot().cart.total, Some(eur(400)));
    assert_eq!(quantity(&mut world, 0, 0), Reply::Done);
    assert_eq!(quantities(&world), [1]);
    world.restart();
    assert_eq!(world.snapshot().cart.total, Some(eur(200)));
    assert_eq!(quantity(&mut world, 0, 0), Reply::Done);
    world.restart();
    let cart = world.snapshot().cart;
    assert_eq!((cart.lines.len(), cart.total), (0, None));
}

fn tap(number: usize) -> Command {
    Command::Tap {
        product: product_id(number),
    }
}

#[test]
fn a_cart_holds_so_many_lines_and_not_more() {
    let mut world = collecting();
    for _ in 0..LINES_MAX {
        let add = Command::AddAmount { amount: eur(1) };
        assert_eq!(world.reply(add), Reply::Done);
    }
    assert_eq!(world.reply(tap(0)), refused(Notice::CartFull));
    assert_eq!(quantities(&world).len(), LINES_MAX);
}

#[test]
fn a_sum_is_sold_from_the_smallest_to_the_largest_and_not_beyond() {
    let mut world = collecting();
    let not_positive = Notice::AmountNotPositive;
    for (minor, said) in [
        (-1, Some(not_positive.clone())),
        (0, Some(not_positive)),
        (1, None),
        (SALE_MINOR_MAX, None),
        (SALE_MINOR_MAX + 1, Some(Notice::AmountTooLarge)),
    ] {
        let reply = world.reply(Command::AddAmount { amount: eur(minor) });
        assert_eq!(reply, said.map_or(Reply::Done, refused), "{minor}");
        world.command(Command::ClearCart);
    }
    for (count, notice) in [
        (LINES_MAX, None),
        (LINES_MAX + 1, Some(Notice::CartFull)),
        (0, Some(Notice::EmptyCart)),
    ] {
        let sell = sells(vec![NewLine::Amount(eur(1)); count]);
        let reply = world.reply(sell);
        assert_eq!(matches!(reply, Reply::Sale { .. }), notice.is_none());
        assert!(notice.is_none_or(|notice| reply == refused(notice)));
    }
    for (quantity, notice) in [
        (0, Some(Notice::AmountNotPositive)),
        (QUANTITY_MAX, None),
        (QUANTITY_MAX + 1, Some(Notice::CartFull)),
    ] {
        let sku = "P0".to_owned();
        let reply = world.reply(sells(vec![NewLine::Sku { sku, quantity }]));
        assert_eq!(matches!(reply, Reply::Sale { .. }), notice.is_none());
        assert!(notice.is_none_or(|notice| reply == refused(notice)));
    }
}

fn sells(lines: Vec<NewLine>) -> Command {
    Command::NewSale {
        lines,
        backend: None,
        offline: false,
    }
}

#[test]
fn so_many_carts_wait_and_one_of_them_changes_places_with_the_one_in_front() {
    let mut world = collecting();
    assert_eq!(
        world.reply(Command::HoldCart),
        refused(Notice::EmptyCart),
        "nothing to put aside"
    );
    for _ in 0..HELD_CARTS_MAX {
        world.tap(0);
        world.tap(0);
        world.tap(1);
        assert_eq!(world.reply(Command::HoldCart), Reply::Done);
        world.wait_ms(1);
    }
    world.tap(1);
    let limit = HELD_CARTS_MAX;
    assert_eq!(
        world.reply(Command::HoldCart),
        refused(Notice::TooMany { limit })
    );
    let held = world.snapshot().held;
    assert_eq!(
        (held.len(), held[7].pieces, held[7].total),
        (limit, 3, eur(400))
    );
    let recall = Command::RecallCart { cart: held[7].id };
    assert_eq!(world.reply(recall.clone()), Reply::Done);
    assert_eq!(quantities(&world), [2, 1]);
    let then = world.snapshot().held;
    assert_eq!((then.len(), then[limit - 1].total), (limit, eur(200)));
    assert_eq!(
        world.reply(recall),
        refused(Notice::EmptyCart),
        "it is in front"
    );
    world.restart();
    assert_eq!(quantities(&world), [2, 1]);
    assert_eq!(world.snapshot().held, then);
    world.command(Command::ClearCart);
    world.restart();
    assert_eq!(world.snapshot().cart.total, None);
}
