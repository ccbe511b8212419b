//! Which code a sale gets: carts with the network gone, another code, a sale that is opened again.

use uuid::Uuid;

use super::world::{World, eur};
use crate::domain::id::SaleId;
use crate::domain::sale::Part;
use crate::terminal::snapshot::{CodeView, Reach};
use crate::terminal::{Actor, Command, Event, NewLine, Notice, Reply, Screen};

fn offline() -> World {
    let mut world = World::with_products(2);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    world
}

fn cart(lines: &[(&str, u32)]) -> Command {
    let lines = lines.iter().map(|(sku, quantity)| NewLine::Sku {
        sku: (*sku).to_owned(),
        quantity: *quantity,
    });
    Command::NewSale {
        lines: lines.collect(),
        backend: None,
        offline: false,
    }
}

#[test]
fn a_cart_without_a_code_of_its_sum_is_paid_in_as_many_codes_as_it_has_pieces_or_not_at_all() {
    // Two spares of one euro and two of two.
    for (lines, parts) in [
        (&[("P0", 3)][..], 0),
        (&[("P0", 1), ("P1", 1)], 2),
        (&[("P0", 1), ("P1", 2)], 3),
        (&[("P0", 3), ("P1", 1)], 0),
        (&[("P0", 1), ("P1", 3)], 0),
    ] {
        let mut world = offline();
        let reply = world.reply(cart(lines));
        let Reply::Sale { sale } = reply else {
            assert_eq!(parts, 0, "{lines:?}: {reply:?}");
            assert_eq!(world.stored_sales(), 0);
            continue;
        };
        world.command(Command::OpenSale { sale: sale.id });
        let Some(CodeView::Ready { part, .. }) = world.snapshot().pay.map(|pay| pay.code) else {
            panic!("{lines:?}: a code")
        };
        let first = Part {
            number: 1,
            of: parts,
        };
        assert_eq!(part, (parts > 0).then_some(first), "{lines:?}");
    }
}

#[test]
fn send_now_asks_at_once_and_does_not_wait_for_the_next_attempt() {
    for (asks, is_online) in [(true, true), (false, false)] {
        let mut world = offline();
        world.wait_ms(300_000);
        world.online = true;
        if asks {
            assert_eq!(world.reply(Command::SendNow), Reply::Done);
        }
        world.wait_ms(500);
        let reach = world.snapshot().status.reach;
        assert_eq!(reach == Reach::Online, is_online, "{asks}: {reach:?}");
    }
}

#[test]
fn the_screen_of_a_sale_that_cannot_be_paid_stays_where_it_was() {
    let mut world = offline();
    world.command(Command::PayAmount { amount: eur(777) });
    let snapshot = world.snapshot();
    let notice = snapshot.notice.map(|(_, notice)| notice);
    assert_eq!(notice, Some(Notice::OfflineNoCode { amount: eur(777) }));
    assert_eq!((snapshot.screen, world.stored_sales()), (Screen::Sell, 0));
}

#[test]
fn another_code_is_made_for_the_same_sale_and_the_first_one_still_counts() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    let first = world.code().expect("a spare");
    let reply = world.reply(Command::NewCode { sale });
    assert!(matches!(reply, Reply::Sale { .. }), "{reply:?}");
    let second = world.code().expect("another");
    assert_ne!(first, second);
    assert_eq!(world.stored_sales(), 1);
    assert!(world.provider_has(&first.0), "paying it still counts");
}

#[test]
fn a_sale_that_is_opened_shows_how_it_stands() {
    let mut world = World::with_products(1);
    world.settle();
    world.tap(0);
    let sale = world.pay().sale.id;
    let to_sell = |world: &mut World| {
        world.command(Command::Go {
            screen: Screen::Sell,
        });
    };
    to_sell(&mut world);
    world.reply_as(Actor::Script, Command::OpenSale { sale });
    assert_eq!(world.snapshot().screen, Screen::Sell, "a script looks only");
    world.command(Command::OpenSale { sale });
    assert_eq!(world.snapshot().screen, Screen::Pay);
    world.notify(sale, 100, "charged");
    to_sell(&mut world);
    world.command(Command::OpenSale { sale });
    assert_eq!(world.snapshot().screen, Screen::Paid);
}

#[test]
fn a_command_on_a_sale_that_is_not_in_memory_asks_for_its_row_and_others_for_none() {
    let world = World::with_products(1);
    let sale = SaleId(Uuid::from_u128(9));
    let event = |command| Event::Command {
        command,
        actor: Actor::Script,
        seen: None,
        reply_to: None,
    };
    for (command, needs) in [
        (Command::OpenSale { sale }, vec![sale]),
        (Command::CancelSale { sale }, vec![sale]),
        (Command::NewCode { sale }, vec![sale]),
        (Command::SendNow, vec![]),
    ] {
        assert_eq!(world.terminal.needs(&event(command)).sales, needs);
    }
}

/// A sale of a sum that no spare code asks for.
fn sum(world: &mut World) -> SaleId {
    world.command(Command::PayAmount { amount: eur(777) });
    world.pay().sale.id
}

fn why_none(world: &World) -> Option<Notice> {
    match world.pay().code {
        CodeView::None { notice } => Some(notice),
        CodeView::Ready { .. } | CodeView::Minting { .. } => None,
    }
}

#[test]
fn another_code_takes_the_place_of_the_first_one_when_it_comes() {
    let mut world = World::with_products(0);
    world.settle();
    let sale = sum(&mut world);
    let first = world.code().expect("a code");
    world.hold_answers = true;
    world.command(Command::NewCode { sale });
    assert!(matches!(world.pay().code, CodeView::Minting { .. }));
    world.hold_answers = false;
    world.deliver();
    let second = world.code().expect("another");
    assert_ne!(first, second);
}

#[test]
fn another_code_that_nobody_waits_for_any_more_is_left_to_the_next_customer() {
    let mut world = World::with_products(0);
    world.settle();
    let sale = sum(&mut world);
    let first = world.link_of(sale).id;
    world.hold_answers = true;
    world.command(Command::NewCode { sale });
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.hold_answers = false;
    world.deliver();
    assert_eq!(world.link_of(sale).id, first);
    let sent = world.requests_sent();
    let next = sum(&mut world);
    assert_ne!(next, sale);
    assert!(world.code().is_some());
    assert_eq!(world.requests_sent(), sent, "it was there");
}

#[test]
fn a_script_that_wants_another_code_does_not_move_the_cashiers_screen() {
    let mut world = World::with_products(1);
    world.settle();
    let sale = sum(&mut world);
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.reply_as(Actor::Script, Command::NewCode { sale });
    assert_eq!(world.snapshot().screen, Screen::Sell);
    world.command(Command::NewCode { sale });
    assert_eq!(world.snapshot().screen, Screen::Pay);
}

#[test]
fn a_refused_code_is_said_on_the_screen_of_its_sale_and_on_no_other() {
    let mut world = World::with_products(1);
    world.settle();
    world.refused_minor = Some(777);
    world.hold_answers = true;
    let sale = sum(&mut world);
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.tap(0);
    let other = world.code();
    world.hold_answers = false;
    world.deliver();
    assert_eq!(world.code(), other, "another customer's");
    world.command(Command::NewCode { sale });
    let refused = |notice: Option<Notice>| matches!(notice, Some(Notice::BackendRefused { .. }));
    assert!(refused(why_none(&world)), "{:?}", world.pay().code);
}

#[test]
fn another_code_that_is_refused_is_said_and_is_no_wait_without_end() {
    let mut world = World::with_products(0);
    world.settle();
    let sale = sum(&mut world);
    world.refused_minor = Some(777);
    world.command(Command::NewCode { sale });
    assert!(!matches!(world.pay().code, CodeView::Minting { .. }));
}

#[test]
fn a_refused_code_stays_refused_on_the_screen_however_long_somebody_looks_at_it() {
    let mut world = World::with_products(0);
    world.settle();
    world.refused_minor = Some(777);
    let sale = sum(&mut world);
    let is_refused = |world: &World| matches!(why_none(world), Some(Notice::BackendRefused { .. }));
    assert!(is_refused(&world), "{:?}", world.pay().code);
    world.wait_ms(60_000);
    assert!(is_refused(&world), "{:?}", world.pay().code);
    world.command(Command::NewCode { sale });
    assert!(is_refused(&world), "{:?}", world.pay().code);
    world.wait_ms(60_000);
    assert!(is_refused(&world), "{:?}", world.pay().code);
}
