//! Stickers: a product's own code, which hangs on a wall and outlives prices and sales.

use super::world::{World, eur, product_id, setup};
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::options::OptionValue;
use crate::domain::sale::SaleState;
use crate::proto::backend::Method;
use crate::terminal::{Command, Notice, PoolSetup, PriceChange, Reply, Setup};

/// Products without spare codes: a sale without a network shows the sticker's code.
fn without_spares(count: usize, price_change: PriceChange) -> World {
    let pool = PoolSetup {
        per_amount: 0,
        open_amount: 0,
        price_change,
        ..PoolSetup::default()
    };
    let mut world = World::with_pool(count, pool);
    world.settle();
    world
}

fn goes_offline(world: &mut World) {
    world.online = false;
    world.wait_ms(60_000);
}

fn comes_back(world: &mut World) {
    world.online = true;
    world.wait_ms(600_000);
}

fn stickers(world: &World, number: usize) -> Vec<Link> {
    let is_its = |link: &&Link| link.product == Some(product_id(number));
    world.links().filter(is_its).cloned().collect()
}

#[track_caller]
fn sticker(world: &World, number: usize) -> Link {
    let all = stickers(world, number);
    let live = all.iter().find(|link| link.state == LinkState::Live);
    live.expect("a sticker's code").clone()
}

fn reprice(world: &mut World, minor: i64) {
    let mut product = world.product_row(0);
    product.price = eur(minor);
    put(world, product);
}

fn put(world: &mut World, product: crate::domain::catalog::Product) {
    let put = Command::PutProducts {
        products: vec![product],
        source: "test".to_owned(),
    };
    assert_eq!(world.reply(put), Reply::Done);
    world.settle();
}

#[test]
fn a_printed_sticker_survives_a_new_price_and_new_settings() {
    let mut world = without_spares(1, PriceChange::Wait);
    let before = sticker(&world, 0);
    let mut product = world.product_row(0);
    product.price = eur(150);
    product.options.set("fee", OptionValue::Switch(true));
    put(&mut world, product.clone());
    let after = sticker(&world, 0);
    assert_eq!((after.id, after.amount), (before.id, eur(150)));
    assert_eq!(after.options, product.options);
    let url = after.url().unwrap();
    assert_eq!(world.provider_minor(url), Some(150));
    assert_eq!(stickers(&world, 0).len(), 1);
}

#[test]
fn a_product_whose_payer_now_says_how_much_gets_another_sticker_and_the_old_one_is_switched_off() {
    let mut world = without_spares(1, PriceChange::Wait);
    let before = sticker(&world, 0);
    let mut product = world.product_row(0);
    product.asking = Asking::Open;
    put(&mut world, product);
    let after = sticker(&world, 0);
    assert_eq!(after.asking, Asking::Open);
    assert_ne!(after.id, before.id);
    assert!(!world.provider_has(before.url().unwrap()));
}

#[test]
fn a_price_that_changes_while_the_one_before_is_on_its_way_is_not_forgotten() {
    let mut world = without_spares(1, PriceChange::Wait);
    world.hold_answers = true;
    reprice(&mut world, 150);
    reprice(&mut world, 175);
    world.hold_answers = false;
    world.deliver();
    world.settle();
    let sticker = sticker(&world, 0);
    assert_eq!(sticker.amount, eur(175));
    assert_eq!(world.provider_minor(sticker.url().unwrap()), Some(175));
}

#[test]
fn a_sticker_that_a_customer_looks_at_keeps_its_price_until_that_sale_is_over() {
    let mut world = without_spares(1, PriceChange::Wait);
    goes_offline(&mut world);
    world.tap(0);
    let sale = world.pay().sale.id;
    let code = sticker(&world, 0);
    assert_eq!(world.code().map(|code| code.1), Some(Purpose::Permanent));
    comes_back(&mut world);
    reprice(&mut world, 150);
    world.wait_ms(60_000);
    let url = code.url().unwrap().to_owned();
    assert_eq!(world.provider_minor(&url), Some(100));
    let withdraw = Command::WithdrawLink { link: code.id };
    let notice = Notice::LinkInUse;
    assert_eq!(world.reply(withdraw.clone()), Reply::Refused { notice });
    world.command(Command::CancelSale { sale });
    world.settle();
    assert_eq!(world.provider_minor(&url), Some(150));

    assert_eq!(world.reply(withdraw.clone()), Reply::Done);
    world.settle();
    assert!(!world.provider_has(&url));
    let old = stickers(&world, 0);
    let old = old.iter().find(|link| link.id == code.id);
    assert!(old.is_some_and(|link| link.state != LinkState::Live));
    let notice = Notice::UnknownLink;
    assert_eq!(world.reply(withdraw), Reply::Refused { notice });
}

#[test]
fn a_sticker_whose_new_price_is_on_its_way_is_shown_for_neither_price() {
    let mut world = without_spares(1, PriceChange::OldPrice);
    world.hold_answers = true;
    reprice(&mut world, 150);
    world.online = false;
    world.hold_answers = false;
    world.deliver();
    world.wait_ms(60_000);
    world.tap(0);
    assert_eq!(
        world.stored_sales(),
        0,
        "whoever pays it pays one of the two"
    );
    comes_back(&mut world);
    goes_offline(&mut world);
    world.tap(0);
    assert_eq!(world.pay().sale.total, eur(150));
    assert_eq!(world.code().map(|code| code.1), Some(Purpose::Permanent));
    assert_eq!(world.pay().sale.state, SaleState::Awaiting);
}

#[test]
fn products_get_stickers_where_the_account_can_make_them() {
    let (fixed, open) = (Asking::Fixed, Asking::Open);
    for (kind, asking, count) in [
        ("4pay", fixed, 1),
        ("4pay", open, 1),
        ("4geeks", fixed, 1),
        ("4geeks", open, 0),
        ("altapay", fixed, 0),
        ("altapay", open, 0),
    ] {
        let pool = PoolSetup {
            per_amount: 0,
            open_amount: 0,
            ..PoolSetup::default()
        };
        let mut setup = Setup { pool, ..setup() };
        kind.clone_into(&mut setup.backends[0].kind);
        let mut world = World::with_setup(1, setup);
        world.online = false;
        let mut product = world.product_row(0);
        product.asking = asking;
        put(&mut world, product);
        let wanted = world.terminal.status_report().still_wanted;
        assert_eq!(wanted, count, "{kind} {asking:?}");
    }
}

#[test]
fn a_sticker_of_a_product_that_was_withdrawn_is_made_anew_on_demand() {
    let mut world = without_spares(2, PriceChange::Wait);
    let old = sticker(&world, 1);
    world.command(Command::WithdrawLink { link: old.id });
    world.settle();
    world.command(Command::MintLinks);
    world.settle();
    assert_ne!(sticker(&world, 1).id, old.id);
    assert_eq!(stickers(&world, 0).len(), 1, "the other one stays");
}

#[test]
fn a_price_that_changes_while_another_is_on_its_way_waits_for_what_came_of_that() {
    let mut world = without_spares(1, PriceChange::Wait);
    let reprice = |world: &mut World, minor| {
        let mut product = world.product_row(0);
        product.price = eur(minor);
        world.command(Command::PutProducts {
            products: vec![product],
            source: "test".to_owned(),
        });
    };
    world.hold_answers = true;
    let changes = |world: &World| {
        let asked = world.outbox.iter();
        asked
            .filter(|(_, _, request)| request.method == Method::Put)
            .count()
    };
    for minor in [150, 170] {
        reprice(&mut world, minor);
        world.wait_ms(10_000);
        assert_eq!(changes(&world), 1, "{minor}");
    }
    world.hold_answers = false;
    world.settle();
    let sticker = world.links().find(|link| link.product.is_some()).unwrap();
    assert_eq!(world.provider_minor(sticker.url().unwrap()), Some(170));
}

/// Changes another product, and says how many requests that took.
#[track_caller]
fn changes_another(world: &mut World, minor: i64) -> usize {
    let sent = world.requests_sent();
    let mut other = world.product_row(1);
    other.price = eur(minor);
    put(world, other);
    assert_eq!(sticker(world, 1).amount, eur(minor));
    world.requests_sent() - sent
}

fn refused(world: &World) -> usize {
    let rows = world.terminal.sync_report(world.now()).rows;
    rows.iter().filter(|row| row.refusal.is_some()).count()
}

#[test]
fn a_price_that_was_refused_waits_for_a_person_whatever_else_changes() {
    let mut world = without_spares(2, PriceChange::Wait);
    world.refused_minor = Some(150);
    reprice(&mut world, 150);
    assert_eq!((changes_another(&mut world, 210), refused(&world)), (1, 1));
    world.restart();
    assert_eq!((changes_another(&mut world, 220), refused(&world)), (1, 1));
    assert_eq!(sticker(&world, 0).amount, eur(100));
    // Another price is another question, and whoever asks for codes wants it tried again.
    reprice(&mut world, 160);
    assert_eq!(sticker(&world, 0).amount, eur(160));
    world.refused_minor = Some(170);
    reprice(&mut world, 170);
    assert_eq!(sticker(&world, 0).amount, eur(160));
    world.refused_minor = None;
    world.command(Command::MintLinks);
    world.settle();
    assert_eq!(sticker(&world, 0).amount, eur(170));
    assert_eq!(refused(&world), 0);
}

#[test]
fn a_sticker_that_was_refused_is_not_asked_for_at_each_change_of_the_catalog() {
    let mut world = without_spares(2, PriceChange::Wait);
    world.refused_minor = Some(300);
    let mut third = world.product_row(0);
    third.id = product_id(2);
    "P2".clone_into(&mut third.sku);
    third.price = eur(300);
    put(&mut world, third);
    assert_eq!((stickers(&world, 2).len(), refused(&world)), (1, 1));
    assert_eq!(changes_another(&mut world, 210), 1);
    world.restart();
    assert_eq!(changes_another(&mut world, 220), 1);
    assert_eq!((stickers(&world, 2).len(), refused(&world)), (1, 1));
    // A person who gives it up is not asked again, until codes are asked for.
    let job = world.terminal.sync_report(world.now()).rows[0].job;
    let reason = "not sold".to_owned();
    world.command(Command::GiveUpJob { job, reason });
    assert_eq!((changes_another(&mut world, 230), refused(&world)), (1, 0));
    world.refused_minor = None;
    world.command(Command::MintLinks);
    world.settle();
    assert_eq!(sticker(&world, 2).amount, eur(300));
}

#[test]
fn a_refused_price_that_a_person_tried_again_with_success_is_a_price_like_any_other() {
    let mut world = without_spares(1, PriceChange::Wait);
    world.refused_minor = Some(150);
    reprice(&mut world, 150);
    world.refused_minor = None;
    let job = world.terminal.sync_report(world.now()).rows[0].job;
    world.command(Command::RetryJob { job });
    world.settle();
    for minor in [160, 150] {
        reprice(&mut world, minor);
        assert_eq!(sticker(&world, 0).amount, eur(minor));
    }
}
