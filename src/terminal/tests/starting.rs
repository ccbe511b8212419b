//! A till that begins again, from its rows or in the place of one whose disk failed.

use std::sync::Arc;

use super::world::{World, eur, product_id};
use crate::domain::catalog::Catalog;
use crate::domain::link::LinkState;
use crate::domain::locale::Language;
use crate::domain::sale::SaleState;
use crate::terminal::trip::TripTarget;
use crate::terminal::{Command, Event, FAVORITES_MAX, Notice, Reply, Screen, Theme};

#[test]
fn a_tills_code_is_a_letter_and_a_digit_begins_its_references_and_stays() {
    let mut world = World::with_products(1);
    world.settle();
    let code = world.snapshot().shop.terminal.clone();
    let [letter, digit] = code.as_bytes() else {
        panic!("{code}")
    };
    assert!(letter.is_ascii_uppercase() && (b'2'..=b'9').contains(digit));
    world.tap(0);
    assert_eq!(world.pay().sale.reference, format!("{code}-0001"));
    world.restart();
    assert_eq!(world.snapshot().shop.terminal, code);
    world.tap(0);
    assert_eq!(world.pay().sale.reference, format!("{code}-0002"));
}

#[test]
fn what_was_chosen_is_as_it_was_after_a_restart() {
    let mut world = World::with_products(1);
    let (language, theme) = (Language::Es, Theme::Sunlight);
    world.command(Command::SetLanguage { language });
    world.command(Command::SetTheme { theme });
    let until = world.now().wall.plus_millis(86_400_000);
    let targets = vec![TripTarget {
        amount: eur(500),
        count: 3,
    }];
    world.command(Command::PlanTrip {
        backend: None,
        targets,
        until,
    });
    world.restart();
    let snapshot = world.snapshot();
    assert_eq!((snapshot.language, snapshot.theme), (language, theme));
    let report = world.terminal.pool_report(world.now(), None);
    assert_eq!(report.trip.map(|trip| trip.until), Some(until));
}

#[test]
fn so_many_favorites_are_kept_each_once() {
    let mut world = World::with_products(1);
    let favorites = |count: usize| Command::SetFavorites {
        products: (0..count).map(product_id).collect(),
    };
    assert_eq!(world.reply(favorites(FAVORITES_MAX)), Reply::Done);
    let limit = FAVORITES_MAX;
    let notice = Notice::TooMany { limit };
    let refused = Reply::Refused { notice };
    assert_eq!(world.reply(favorites(FAVORITES_MAX + 1)), refused);
    assert_eq!(world.snapshot().favorites.len(), FAVORITES_MAX);
    let products = vec![product_id(1), product_id(0), product_id(1)];
    world.command(Command::SetFavorites { products });
    assert_eq!(*world.snapshot().favorites, [product_id(1), product_id(0)]);
}

#[test]
fn a_code_that_was_taken_for_a_sale_and_never_shown_is_a_spare_again() {
    let mut world = World::with_products(1);
    world.settle();
    let spares = world.snapshot().status.spare_codes;
    let id = world
        .links()
        .find(|link| link.product.is_none())
        .unwrap()
        .id;
    let link = world.disk.links.get_mut(&id).unwrap();
    link.state = LinkState::Reserved;
    link.sale = Some(crate::domain::id::SaleId(uuid::Uuid::from_u128(5)));
    world.restart();
    assert_eq!(world.snapshot().status.spare_codes, spares);
}

#[test]
fn codes_of_another_key_or_account_are_not_shown_and_those_of_sales_still_count() {
    for is_renamed in [false, true] {
        let mut world = World::with_products(1);
        world.settle();
        world.tap(0);
        let sale = world.pay().sale.id;
        world.settle();
        assert_eq!(world.snapshot().status.spare_codes, 2);
        let account = &mut world.setup_mut().backends[0];
        if is_renamed {
            "another".clone_into(&mut account.name);
        } else {
            "another".clone_into(&mut account.account);
        }
        world.online = false;
        world.restart();
        let status = world.snapshot().status;
        assert_eq!((status.spare_codes, status.products_with_code), (0, 0));
        if !is_renamed {
            world.notify(sale, 100, "charged");
            assert_eq!(world.stored_sale(sale).state, SaleState::Paid);
        }
    }
}

#[test]
fn only_sales_that_wait_have_a_chip_after_a_restart() {
    let mut world = World::with_products(1);
    world.settle();
    let mut sales = Vec::new();
    for _ in 0..4 {
        world.tap(0);
        sales.push(world.pay().sale.id);
        world.command(Command::Go {
            screen: Screen::Sell,
        });
        world.settle();
    }
    let [waits, claimed, paid, cancelled] = sales[..] else {
        panic!()
    };
    world.command(Command::ClaimSale {
        sale: claimed,
        reason: "a regular".to_owned(),
        pin: None,
    });
    world.notify(paid, 100, "charged");
    world.command(Command::CancelSale { sale: cancelled });
    for _ in 0..2 {
        let chips: Vec<_> = world
            .snapshot()
            .waiting
            .iter()
            .map(|sale| sale.id)
            .collect();
        assert_eq!(chips, [waits]);
        world.restart();
    }
}

#[test]
fn a_refused_sticker_keeps_nobody_from_spare_codes_of_its_sum() {
    let mut world = World::with_products(1);
    world.settle();
    let sticker = world
        .links()
        .find(|link| link.product.is_some())
        .unwrap()
        .id;
    world.refused_minor = Some(100);
    world.command(Command::WithdrawLink { link: sticker });
    world.command(Command::MintLinks);
    world.settle();
    assert_eq!(world.terminal.status_report().refused, 1);
    world.refused_minor = None;
    world.restart();
    world.settle();
    world.tap(0);
    world.settle();
    assert_eq!(world.snapshot().status.spare_codes, 2, "used and made anew");
}

#[test]
fn a_till_in_the_place_of_another_goes_on_from_its_numbers_and_says_why() {
    let mut world = World::with_products(2);
    world.settle();
    world.tap(0);
    let before = world.snapshot();
    let mut next = World::with_products(2);
    let why = Notice::NotNow;
    next.terminal.take_over_from(&world.terminal, why.clone());
    let after = next.snapshot();
    assert!(after.revision > before.revision);
    assert!(after.screen_seq > before.screen_seq);
    assert_eq!(after.notice.map(|(_, notice)| notice), Some(why));
    assert!(after.catalog.revision() > before.catalog.revision());
    assert_eq!(after.catalog.products().len(), 2);
    // An index that the earlier one had asked for comes too late.
    let late = Catalog::index(before.catalog.revision() + 1, Vec::new());
    next.event(Event::Indexed(Arc::new(late)));
    assert_eq!(next.snapshot().catalog.products().len(), 2);
}
