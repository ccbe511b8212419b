//! What a report of money is worth: whose it is, whether it is a proof, and that none is dropped.

use uuid::Uuid;

use super::asking::{link, now, sale};
use super::feed::{joined, own};
use super::notified::{body, item, notification};
use super::world::{World, setup};
use crate::domain::id::{Entropy, SaleId};
use crate::domain::link::{Link, Purpose};
use crate::domain::options::OptionValue;
use crate::domain::payment::PaymentStatus;
use crate::domain::sale::SaleState;
use crate::proto::backend::Verdict;
use crate::proto::hub::Notification;
use crate::terminal::{Command, Event, Recovered, Rows, Screen, Terminal};

#[test]
fn two_payments_of_two_sales_on_one_page_are_both_money() {
    let (mut world, first) = joined();
    world.command(Command::Go {
        screen: Screen::Sell,
    });
    world.tap(0);
    let second = world.pay().sale.id;
    let items = [(first, "p1"), (second, "p2")].map(|(sale, payment)| {
        let link = world.link_of(sale);
        notification(&link, "4pay", &body(&link, payment, 100, "charged"))
    });
    world.hub_answers(own(1, items.to_vec()));
    let states = [first, second].map(|sale| world.stored_sale(sale).state);
    assert_eq!(states, [SaleState::Paid, SaleState::Paid]);
}

fn sticker(world: &World) -> Link {
    let is_it = |link: &&Link| link.purpose == Purpose::Permanent;
    world.links().find(is_it).unwrap().clone()
}

fn hears(world: &mut World, posted: Notification) {
    world.event(Event::Notified(Box::new(item(posted))));
    world.deliver();
}

#[test]
fn every_step_of_a_stickers_payment_is_kept_and_none_twice() {
    let mut world = World::with_products(1);
    world.settle();
    let sticker = sticker(&world);
    for status in ["created", "charged", "charged", "refunded"] {
        let heard = notification(&sticker, "4pay", &body(&sticker, "p1", 100, status));
        hears(&mut world, heard);
    }
    let rows = &world.disk.payments;
    let kept: Vec<_> = rows.iter().map(|row| row.report.status).collect();
    assert_eq!(
        kept,
        [
            PaymentStatus::Pending,
            PaymentStatus::Charged,
            PaymentStatus::Refunded
        ]
    );
}

#[test]
fn money_on_a_sticker_of_an_account_whose_key_has_changed_is_kept_for_a_person() {
    let mut world = World::with_products(1);
    world.settle();
    let sticker = sticker(&world);
    "another".clone_into(&mut world.setup_mut().backends[0].account);
    world.restart();
    let heard = notification(&sticker, "4pay", &body(&sticker, "p1", 100, "charged"));
    hears(&mut world, heard);
    let [row] = &world.disk.payments[..] else {
        panic!("{:?}", world.disk.payments);
    };
    assert_eq!((row.report.link, row.sale), (sticker.id, None));
}

#[test]
fn money_for_a_sale_that_is_on_no_row_is_kept_for_a_person() {
    let (mut world, sale) = joined();
    let paid = world.paid_item(sale);
    world.disk.sales.clear();
    world.restart();
    hears(&mut world, paid);
    let [row] = &world.disk.payments[..] else {
        panic!("{:?}", world.disk.payments);
    };
    assert_eq!(row.sale, None);
    assert!(world.journal_says("payment_unmatched"));
}

const SALE: SaleId = SaleId(Uuid::from_u128(9));

/// A till with one account of this kind that shows a code.
fn shows(kind: &str, commissioned: Option<bool>) -> (Terminal, Link) {
    let mut setup = setup();
    let account = &mut setup.backends[0];
    kind.clone_into(&mut account.kind);
    if let Some(on) = commissioned {
        account.options.set("commissioned", OptionValue::Switch(on));
    }
    let shown = link(1, Some(SALE));
    let rows = Recovered {
        links: vec![shown.clone()],
        sales: vec![sale(&[&shown])],
        ..Recovered::default()
    };
    let (till, _) = Terminal::recover(setup, rows, Entropy::new([1; 32]), now(0));
    (till, shown)
}

/// What Devdraft posts, as far as that is known.
fn devdraft(link: &str) -> String {
    format!(
        r#"{{"event":"payment.completed","data":{{"id":"pay_1","paymentLinkId":"{link}","amount":3.50,"currency":"eurc","status":"COMPLETED"}}}}"#
    )
}

#[test]
fn a_hint_is_money_only_once_the_owner_has_tried_it_out() {
    for (commissioned, state) in [
        (None, SaleState::Awaiting),
        (Some(false), SaleState::Awaiting),
        (Some(true), SaleState::Paid),
    ] {
        let (mut till, shown) = shows("devdraft", commissioned);
        let heard = notification(&shown, "devdraft", &devdraft("1"));
        let step = till.handle(
            Event::Notified(Box::new(item(heard))),
            Rows::default(),
            now(2),
        );
        let found = till.view_of(SALE).map(|view| view.state);
        assert_eq!(found, Some(state), "{commissioned:?} {step:?}");
    }
}

#[test]
fn what_one_provider_posts_is_no_money_on_anothers_code() {
    for (kind, state) in [("4pay", SaleState::Awaiting), ("devdraft", SaleState::Paid)] {
        let (mut till, shown) = shows(kind, Some(true));
        let heard = Notification {
            link: None,
            token: None,
            verdict: Verdict::Signed,
            ..notification(&shown, "devdraft", &devdraft(&shown.id.to_string()))
        };
        let rows = Rows {
            links: vec![shown],
            ..Rows::default()
        };
        till.handle(Event::Notified(Box::new(item(heard))), rows, now(2));
        assert_eq!(till.view_of(SALE).map(|view| view.state), Some(state));
    }
}
