//! A price changes while there is no network: the owner's choice.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::world::{World, eur, setup};
use crate::domain::catalog::{Catalog, Product};
use crate::domain::id::{Entropy, LinkId};
use crate::domain::link::{Asking, Link, LinkState, Purpose, RemoteLink};
use crate::domain::sale::SaleState;
use crate::domain::time::Now;
use crate::proto::backend::sample;
use crate::terminal::{
    Command, Event, NewLine, Notice, PoolSetup, PriceChange, Recovered, Reply, Rows, Screen,
    Terminal,
};

/// Two products at one and two euros, two spare codes for each, and the network gone.
fn offline(price_change: PriceChange) -> World {
    let pool = PoolSetup {
        open_amount: 0,
        price_change,
        ..PoolSetup::default()
    };
    let mut world = World::with_pool(2, pool);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    world
}

fn reprice(world: &mut World, number: usize, minor: i64) {
    let mut product = world.product_row(number);
    product.price = eur(minor);
    let put = Command::PutProducts {
        products: vec![product],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    world.wait_ms(5_000);
}

fn to_sell(world: &mut World) {
    world.command(Command::Go {
        screen: Screen::Sell,
    });
}

fn refusal(world: &World) -> Option<Notice> {
    world.snapshot().notice.map(|(_, notice)| notice)
}

#[test]
fn a_new_price_waits_for_its_code_and_the_reason_is_said() {
    let mut world = offline(PriceChange::Wait);
    reprice(&mut world, 0, 150);
    world.tap(0);
    assert_eq!(world.stored_sales(), 0);
    let notice = Notice::NewPriceNoCode { amount: eur(150) };
    assert_eq!(refusal(&world), Some(notice.clone()));

    // The same after a restart.
    world.restart();
    world.wait_ms(60_000);
    world.tap(0);
    assert_eq!(refusal(&world), Some(notice));
    // What never had that price is refused as ever.
    world.command(Command::PayAmount { amount: eur(999) });
    let ever = Notice::OfflineNoCode { amount: eur(999) };
    assert_eq!(refusal(&world), Some(ever));

    world.online = true;
    world.wait_ms(600_000);
    world.online = false;
    world.wait_ms(60_000);
    world.tap(0);
    assert_eq!(world.pay().sale.total, eur(150));
    assert!(world.code().is_some());
}

#[test]
fn the_owner_lets_the_old_price_be_asked_until_the_network_is_back() {
    let mut world = offline(PriceChange::OldPrice);
    reprice(&mut world, 0, 150);
    for purpose in [Purpose::Single, Purpose::Single, Purpose::Permanent] {
        world.tap(0);
        let pay = world.pay();
        assert_eq!((pay.sale.total, pay.total_now), (eur(100), Some(eur(150))));
        let (url, shown) = world.code().expect("a code");
        assert_eq!((world.provider_minor(&url), shown), (Some(100), purpose));
        to_sell(&mut world);
    }
    // The other product is sold as ever.
    world.tap(1);
    assert_eq!(
        (world.pay().sale.total, world.pay().total_now),
        (eur(200), None)
    );
    to_sell(&mut world);

    world.online = true;
    world.wait_ms(600_000);
    world.tap(0);
    let pay = world.pay();
    assert_eq!((pay.sale.total, pay.total_now), (eur(150), None));
    assert_eq!(pay.sale.state, SaleState::Awaiting);
}

#[test]
fn a_code_that_is_only_on_its_way_does_not_end_the_old_price() {
    let mut world = offline(PriceChange::OldPrice);
    world.online = true;
    world.wait_ms(600_000);
    // The answer with the new price's code is still on its way while the till looks around.
    world.hold_answers = true;
    reprice(&mut world, 0, 150);
    world.wait_ms(120_000);
    world.online = false;
    world.hold_answers = false;
    world.wait_ms(60_000);
    world.tap(0);
    let pay = world.pay();
    assert_eq!((pay.sale.total, pay.total_now), (eur(100), Some(eur(150))));
    assert!(world.code().is_some());
}

#[test]
fn a_cart_at_old_prices_is_several_codes() {
    let mut world = offline(PriceChange::OldPrice);
    reprice(&mut world, 0, 150);
    let lines = [("P0", 2), ("P1", 1)].map(|(sku, quantity)| NewLine::Sku {
        sku: sku.to_owned(),
        quantity,
    });
    let sell = Command::NewSale {
        lines: lines.to_vec(),
        backend: None,
        offline: false,
    };
    let Reply::Sale { sale } = world.reply(sell.clone()) else {
        panic!("a sale")
    };
    assert_eq!(sale.total, eur(400), "twice one euro and once two");
    // No codes are left for as many once more.
    let notice = Notice::NewPriceNoCode { amount: eur(500) };
    assert_eq!(world.reply(sell), Reply::Refused { notice });
    assert_eq!(world.stored_sales(), 1);
}

#[test]
fn a_price_that_changes_twice_is_remembered_as_far_as_there_are_codes() {
    let mut world = offline(PriceChange::OldPrice);
    reprice(&mut world, 0, 150);
    reprice(&mut world, 0, 175);
    world.tap(0);
    assert_eq!(
        world.pay().sale.total,
        eur(100),
        "no code ever asked for 1.50"
    );
    to_sell(&mut world);
    // Back at the first price, it is no old one.
    reprice(&mut world, 0, 100);
    world.tap(0);
    assert_eq!(
        (world.pay().sale.total, world.pay().total_now),
        (eur(100), None)
    );
}

#[test]
fn online_a_new_price_is_asked_at_once_whatever_the_owner_chose() {
    for price_change in [PriceChange::Wait, PriceChange::OldPrice] {
        let mut world = offline(price_change);
        world.online = true;
        world.wait_ms(600_000);
        reprice(&mut world, 0, 150);
        world.tap(0);
        assert_eq!(world.pay().sale.total, eur(150));
    }
}

/// A product at 1.50 that did cost 1.00, which only "main" has a code for; "second" answers and has
/// one for the new price.
fn two_accounts(main_has_new: bool) -> Terminal {
    let mut setup = setup();
    let mut second = setup.backends[0].clone();
    "second".clone_into(&mut second.name);
    setup.backends.push(second);
    let mut product = World::with_products(1).product_row(0);
    product.price = eur(150);
    let old = BTreeMap::from([(product.id, eur(100))]);
    let old = serde_json::to_string(&old).unwrap();
    let new_one = if main_has_new { "main" } else { "second" };
    let spares = [("main", 100), ("second", 150), (new_one, 150)];
    let spare = |(number, (backend, minor)): (u128, (&str, i64))| Link {
        id: LinkId(Uuid::from_u128(number)),
        backend: backend.to_owned(),
        state: LinkState::Live,
        remote: Some(RemoteLink {
            id: number.to_string(),
            url: format!("https://4pay.online/pay/link/{number}"),
        }),
        ..*sample::link(minor, "EUR")
    };
    let rows = Recovered {
        catalog: Arc::new(Catalog::index(1, vec![Arc::new(product)])),
        links: (1..).zip(spares).map(spare).collect(),
        settings: BTreeMap::from([("old_prices".to_owned(), old)]),
        ..Recovered::default()
    };
    let now = |mono_ms| Now {
        mono_ms,
        boot_id: Uuid::nil(),
        wall: sample::NOW,
        server_offset_ms: 0,
    };
    let (mut till, _) = Terminal::recover(setup, rows, Entropy::new([1; 32]), now(0));
    let probed = Event::Answered {
        question: None,
        backend: "second".to_owned(),
        result: Ok(sample::answer(200, "{}")),
    };
    for (event, mono_ms) in [(probed, 1), (Event::Woke, 120_000)] {
        drop(till.handle(event, Rows::default(), now(mono_ms)));
    }
    till
}

#[test]
fn an_old_price_ends_only_where_no_account_needs_it_any_more() {
    let left = |main_has_new| two_accounts(main_has_new).old_prices.len();
    assert_eq!(left(false), 1, "the first account could sell at it");
    assert_eq!(left(true), 0);
}

/// One product whose only code is its sticker's.
fn only_a_sticker(asking: Asking, minor: i64) -> World {
    let pool = PoolSetup {
        per_amount: 0,
        open_amount: 0,
        price_change: PriceChange::OldPrice,
        ..PoolSetup::default()
    };
    let mut world = World::with_pool(1, pool);
    let mut product = world.product_row(0);
    (product.asking, product.price) = (asking, eur(minor));
    let put = Command::PutProducts {
        products: vec![product],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    world
}

#[test]
fn a_sticker_of_the_old_price_is_enough_to_sell_at_it() {
    let mut world = only_a_sticker(Asking::Fixed, 120);
    reprice(&mut world, 0, 150);
    world.tap(0);
    assert_eq!(world.pay().sale.total, eur(120));
    let shown = world.code().map(|(_, purpose)| purpose);
    assert_eq!(shown, Some(Purpose::Permanent));
}

#[test]
fn a_product_whose_payer_said_how_much_has_no_old_price() {
    let mut world = only_a_sticker(Asking::Open, 0);
    let mut product = world.product_row(0);
    (product.asking, product.price) = (Asking::Fixed, eur(150));
    let put = Command::PutProducts {
        products: vec![product],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    world.tap(0);
    let notice = Notice::OfflineNoCode { amount: eur(150) };
    assert_eq!(refusal(&world), Some(notice));
}

#[test]
fn so_many_old_prices_are_remembered_and_not_more() {
    let pool = PoolSetup {
        per_amount: 0,
        open_amount: 0,
        ..PoolSetup::default()
    };
    let mut world = World::with_pool(501, pool);
    world.settle();
    world.online = false;
    world.wait_ms(60_000);
    for (products, kept) in [(0..400, 400), (400..500, 500), (500..501, 500)] {
        let products = products.map(|number| Product {
            price: eur(99_999),
            ..world.product_row(number)
        });
        let put = Command::PutProducts {
            products: products.collect(),
            source: "test".to_owned(),
        };
        assert_eq!(world.reply(put), Reply::Done);
        assert_eq!(world.terminal.old_prices.len(), kept);
    }
}

#[test]
fn a_spare_code_of_the_old_price_is_enough_to_sell_at_it() {
    let mut world = offline(PriceChange::OldPrice);
    let is_sticker = |link: &&Link| link.purpose == Purpose::Permanent;
    let stickers: Vec<_> = world
        .links()
        .filter(is_sticker)
        .map(|link| link.id)
        .collect();
    for link in stickers {
        world.command(Command::WithdrawLink { link });
    }
    reprice(&mut world, 0, 150);
    world.tap(0);
    assert_eq!(world.pay().sale.total, eur(100));
    let shown = world.code().map(|(_, purpose)| purpose);
    assert_eq!(shown, Some(Purpose::Single));
}
