//! Payments to sort out at their edges: what is read for a claim, what is remembered, what is early.

use uuid::Uuid;

use super::feed::{joined, own, shop};
use super::loose::{claimed, on_sticker, take};
use super::world::{World, eur};
use crate::domain::id::SaleId;
use crate::domain::link::{Link, Purpose};
use crate::domain::loose::{LoosePayment, LooseState};
use crate::domain::payment::{PaymentReport, PaymentStatus, Proof};
use crate::proto::backend::sample;
use crate::proto::hub::{Claimed, Feed, FeedRequest};
use crate::terminal::loose::{DECIDED_MAX, EARLY_MS, LooseBook};
use crate::terminal::{Command, Event, HubSaid, Reply, Screen, Told};

fn fed(answer: Result<Box<Feed>, crate::terminal::HubProblem>, world: &World) -> Event {
    let asked: FeedRequest = world.asked.last().cloned().expect("a question");
    Event::Fed { asked, answer }
}

fn loose(number: usize, state: LooseState) -> LoosePayment {
    let link = sample::link(100, "EUR");
    LoosePayment {
        report: PaymentReport {
            backend: "main".to_owned(),
            payment: format!("p{number}"),
            link: link.id,
            status: PaymentStatus::Charged,
            amount: eur(100),
            proof: Proof::Confirmed,
            heard_at: sample::NOW,
        },
        product: None,
        title: String::new(),
        till: None,
        shared: false,
        state,
    }
}

#[test]
fn for_a_claim_its_payment_is_read_and_its_sale_where_it_is_not_in_memory() {
    let (mut world, sale) = World::paid_by_sticker();
    world.command(take("p9", Some(sale)));
    let told = world.claim_under_way();
    let gone = SaleId(Uuid::from_u128(78));
    for (of, sales) in [(sale, vec![]), (gone, vec![gone])] {
        let ours = claimed(&told, "Till 1", Some(of));
        let answer = Event::HubTold {
            told: told.clone(),
            answer: Ok(HubSaid::Claimed(ours.clone())),
        };
        let key = ("main".to_owned(), "p9".to_owned());
        for event in [answer, fed(shop(2, vec![ours.clone()]), &world)] {
            let keys = world.terminal.needs(&event);
            assert_eq!(keys.payments, std::slice::from_ref(&key));
            assert_eq!(keys.sales, sales);
        }
        let kind = "altapay".to_owned();
        let elsewhere = Claimed { kind, ..ours };
        let keys = world.terminal.needs(&fed(shop(2, vec![elsewhere]), &world));
        assert_eq!(keys.payments, [], "no account of that kind is here");
    }
}

#[test]
fn a_claim_of_another_link_is_about_another_payment() {
    let (mut world, sale) = World::paid_by_sticker();
    world.command(take("p9", Some(sale)));
    let told = world.claim_under_way();
    let till = "Till 2";
    let theirs = claimed(&told, till, Some(SaleId(Uuid::from_u128(78))));
    let link = crate::domain::id::LinkId(Uuid::from_u128(79));
    let other = Claimed {
        link,
        ..theirs.clone()
    };
    world.hub_answers(shop(2, vec![other]));
    assert!(matches!(world.loose_state("p9"), LooseState::Wanted { .. }));
    let payment = "p8".to_owned();
    let other = Claimed { payment, ..theirs };
    world.hub_answers(shop(3, vec![other]));
    assert!(matches!(world.loose_state("p9"), LooseState::Wanted { .. }));
}

#[test]
fn nobody_is_asked_about_a_payment_that_no_other_till_can_have() {
    // On this till's own single link, whose sale nobody knows any more.
    let (mut world, _) = World::paid_by_sticker();
    let single = Link {
        purpose: Purpose::Single,
        sale: None,
        ..world.sticker()
    };
    let first = world.sticker().id;
    world.disk.links.insert(first, single.clone());
    world.restart();
    world.hub_answers(own(1, vec![on_sticker(&single, "p10", 100, "charged")]));
    let reply = world.reply(take("p10", None));
    assert!(matches!(reply, Reply::Sale { .. }), "{reply:?}");

    // By sticker, at a till that has left its hub.
    let (mut world, sale) = World::paid_by_sticker();
    world.setup_mut().hub = None;
    world.restart();
    let reply = world.reply(take("p9", Some(sale)));
    assert!(matches!(reply, Reply::Sale { .. }), "{reply:?}");
    assert!(!world.told.iter().any(|told| matches!(told, Told::Claim(_))));
}

#[test]
fn what_is_decided_leaves_memory_once_there_is_much_of_it_and_what_is_open_stays() {
    let decided = LooseState::SetAside {
        reason: "x".to_owned(),
    };
    let mut book = LooseBook::default();
    book.put(loose(0, LooseState::Open));
    for number in 1..DECIDED_MAX {
        book.put(loose(number, decided.clone()));
    }
    assert!(book.get("main", "p1").is_some(), "so many may stay");
    book.put(loose(DECIDED_MAX, LooseState::Open));
    assert!(book.get("main", "p1").is_none());
    for payment in ["p0".to_owned(), format!("p{DECIDED_MAX}")] {
        assert!(book.get("main", &payment).is_some(), "{payment}");
    }
}

#[test]
fn a_customer_may_scan_the_sticker_ten_minutes_before_the_sale_and_not_earlier() {
    for (early_ms, is_offered) in [(EARLY_MS - 1, true), (EARLY_MS, false)] {
        let (mut world, _) = joined();
        let to_sell = Command::Go {
            screen: Screen::Sell,
        };
        world.online = false;
        // Until the spare codes are used up and the sticker's is left.
        while !world.pay().sale.by_hand {
            world.wait_ms(120_000);
            world.command(to_sell.clone());
            world.tap(0);
        }
        world.command(to_sell);
        let paid = on_sticker(&world.sticker(), "p9", 100, "charged");
        world.hub_answers(shop(1, vec![paid]));
        world.wait_ms(u64::try_from(early_ms).unwrap());
        world.tap(0);
        assert_eq!(world.pay().offer.is_some(), is_offered, "{early_ms}");
    }
    assert_eq!(EARLY_MS, 600_000);
}
