//! Several processes on one database.

use super::shop::{on, product, published};
use super::stickers::{Till, checked};
use super::{
    Desk, Fed, Pair, Place, Scope, Store, Taken, Token, What, address, arrival, at, bodies, posted,
    token,
};
use crate::domain::id::SaleId;
use crate::domain::link::Purpose;
use crate::proto::hub::{Claim, Cursor, Feed, FeedRequest, OpenSale};
use uuid::Uuid;

pub(super) async fn several_processes_and_a_reader_find_no_gap_and_no_repetition(place: Place) {
    const SENDERS: usize = 16;
    const EACH: usize = 12;
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    let hooks = [
        desk.terminal("one", &one).await.hooks[0].1.clone(),
        desk.terminal("two", &two).await.hooks[0].1.clone(),
    ];
    let stores = [desk.store.clone(), desk.place.again(&desk.store).await];
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let (store, other) = (stores[sender % 2].clone(), stores[(sender + 1) % 2].clone());
        let hooks = hooks.clone();
        senders.spawn(async move {
            for number in sender * EACH..(sender + 1) * EACH {
                let (hook, body) = (&hooks[number % 2], number.to_string());
                let shop = arrival(hook, None, &body);
                let own = arrival(hook, Some(address(Scope::Own, 9)), &body);
                for (store, arrival) in [(&store, &shop), (&other, &own)] {
                    let taken = store.take(arrival.clone()).await.unwrap();
                    assert!(matches!(taken, Taken::Stored(_)), "{taken:?}");
                }
                // The same once more at the other process.
                assert_eq!(other.take(shop).await.unwrap(), Taken::Known);
            }
        });
    }
    let mut cursor = Cursor::default();
    let mut heard = Vec::new();
    let mut is_over = false;
    loop {
        let Fed::Feed(_, feed) = desk.feed(&one, &Cursor::default(), &cursor).await else {
            panic!("the history is the same");
        };
        assert!(feed.shop.follows(&cursor), "a gap after {cursor:?}");
        heard.extend(bodies(&feed.shop));
        match feed.shop.end() {
            Some(end) => cursor = end,
            None if is_over => break,
            None => is_over = senders.is_empty(),
        }
        while let Some(ended) = senders.try_join_next() {
            ended.unwrap();
        }
        tokio::task::yield_now().await;
    }
    heard.sort_by_key(|body| body.parse::<usize>().unwrap());
    let wanted: Vec<_> = (0..SENDERS * EACH)
        .map(|number| number.to_string())
        .collect();
    assert_eq!(heard, wanted);
    let own = [
        desk.whole_feed(&one).await.own,
        desk.whole_feed(&two).await.own,
    ];
    let counts = own.map(|page| page.items.len());
    assert_eq!(counts, [SENDERS * EACH / 2; 2]);
}

/// Two terminals that are paired, and the two processes that they ask.
async fn two_of_each(desk: &Desk) -> ([Token; 2], [Store; 2]) {
    let tokens = [token(1), token(2)];
    desk.terminal("one", &tokens[0]).await;
    desk.terminal("two", &tokens[1]).await;
    let stores = [desk.store.clone(), desk.place.again(&desk.store).await];
    (tokens, stores)
}

async fn everything(store: &Store, token: &Token) -> Feed {
    let request = FeedRequest::new(&Cursor::default(), &Cursor::default(), 0);
    match store.feed(token.hash(), request, at(5)).await.unwrap() {
        Fed::Feed(_, feed) => feed,
        other @ (Fed::OtherHistory { .. } | Fed::Nobody) => panic!("{other:?}"),
    }
}

pub(super) async fn one_of_two_processes_has_a_payment_that_both_claim_at_once(place: Place) {
    let desk = Desk::new(place, None).await;
    let (tokens, stores) = two_of_each(&desk).await;
    let mut winners = Vec::new();
    for round in 0..50_u128 {
        let claim = |sale| Claim {
            kind: "4pay".into(),
            payment: format!("p{round}"),
            link: address(Scope::Shop, 8).link,
            sale: SaleId(Uuid::from_u128(sale)),
        };
        let (one, two) = tokio::join!(
            stores[0].claim(tokens[0].hash(), claim(2 * round), at(4)),
            stores[1].claim(tokens[1].hash(), claim(2 * round + 1), at(4)),
        );
        let (one, two) = (one.unwrap().unwrap(), two.unwrap().unwrap());
        assert_eq!(one.claimed, two.claimed);
        let is_first = (one.told.is_some(), two.told.is_some());
        assert!(is_first.0 != is_first.1, "{is_first:?}");
        let till = if is_first.0 { "one" } else { "two" };
        let sale = Uuid::from_u128(2 * round + u128::from(is_first.1));
        assert_eq!(
            (one.claimed.till.as_str(), one.claimed.sale.0),
            (till, sale)
        );
        winners.push(What::Claim(one.claimed));
    }
    let feeds = [
        everything(&stores[0], &tokens[1]).await,
        everything(&stores[1], &tokens[0]).await,
    ];
    assert_eq!(feeds[0].shop, feeds[1].shop);
    assert!(feeds[0].shop.follows(&Cursor::default()));
    let items = feeds[0].shop.items.iter();
    let heard: Vec<_> = items.map(|item| item.what.clone()).collect();
    assert_eq!(heard, winners);
}

/// Of what is stored, read and forgotten all at once, nothing is forgotten before it was read.
pub(super) async fn what_several_processes_forget_was_read_before(place: Place) {
    const SENDERS: usize = 4;
    const EACH: usize = 40;
    let desk = Desk::new(place, None).await;
    let one = token(1);
    let hook = desk.terminal("one", &one).await.hooks[0].1.clone();
    let stores = [desk.store.clone(), desk.place.again(&desk.store).await];
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let (store, hook) = (stores[sender % 2].clone(), hook.clone());
        senders.spawn(async move {
            for number in sender * EACH..(sender + 1) * EACH {
                let body = number.to_string();
                let own = arrival(&hook, Some(address(Scope::Own, 9)), &body);
                for arrival in [own, arrival(&hook, None, &body)] {
                    let taken = store.take(arrival).await.unwrap();
                    assert!(matches!(taken, Taken::Stored(_)), "{taken:?}");
                }
            }
        });
    }
    let mut forgetters = tokio::task::JoinSet::new();
    for store in stores.clone() {
        forgetters.spawn(async move {
            loop {
                store.forget(at(100)).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
    }
    let (mut own, mut shop) = (Cursor::default(), Cursor::default());
    let mut heard = [Vec::new(), Vec::new()];
    while heard.iter().any(|heard| heard.len() < SENDERS * EACH) {
        let Fed::Feed(_, feed) = desk.feed(&one, &own, &shop).await else {
            panic!("the history is the same");
        };
        for (page, cursor) in [(&feed.own, &own), (&feed.shop, &shop)] {
            assert!(page.first <= cursor.seq + 1, "{} {cursor:?}", page.first);
            assert!(page.follows(cursor), "a gap after {cursor:?}");
        }
        heard[0].extend(bodies(&feed.own));
        heard[1].extend(bodies(&feed.shop));
        own = feed.own.end().unwrap_or(own);
        shop = feed.shop.end().unwrap_or(shop);
        while let Some(ended) = senders.try_join_next() {
            ended.unwrap();
        }
        tokio::task::yield_now().await;
    }
    assert!(forgetters.try_join_next().is_none(), "one has failed");
    forgetters.shutdown().await;
    // The last of it is forgotten once it is noted as read, and numbers go on.
    desk.feed(&one, &own, &shop).await;
    desk.store.is_ready().await;
    while desk.store.forget(at(100)).await.unwrap() {}
    let feed = everything(&stores[1], &one).await;
    let next = u64::try_from(SENDERS * EACH).unwrap() + 1;
    assert_eq!((feed.own.first, feed.shop.first), (next, next));
    assert!(feed.own.items.is_empty() && feed.shop.items.is_empty());
}

pub(super) async fn what_two_processes_are_told_at_once_is_as_if_one_came_after_the_other(
    place: Place,
) {
    let desk = Desk::new(place, None).await;
    let (tokens, stores) = two_of_each(&desk).await;
    let mut there: Vec<_> = (1..100)
        .map(|number| published(number, Purpose::Single))
        .collect();
    there.push(published(200, Purpose::Permanent));
    let back: Vec<_> = there.iter().rev().cloned().collect();
    for round in 0..20_u128 {
        let open = |sale| OpenSale {
            sale: SaleId(Uuid::from_u128(sale)),
            product: product(),
        };
        let told = tokio::join!(
            stores[0].publish(tokens[0].hash(), there.clone(), at(3)),
            stores[1].publish(tokens[0].hash(), back.clone(), at(3)),
            stores[0].open_sales(tokens[0].hash(), vec![open(round * 2)]),
            stores[1].open_sales(tokens[0].hash(), vec![open(round * 2 + 1)]),
        );
        for told in [told.0, told.1, told.2, told.3] {
            assert!(told.unwrap());
        }
        let sticker = Some(address(Scope::Shop, 200));
        desk.post(sticker, &on(&round.to_string())).await;
    }
    let feed = desk.whole_feed(&tokens[1]).await;
    for item in &feed.shop.items {
        // Of the two that were told at once one is in the other's place.
        assert_eq!(posted(item).open_sales, 1);
    }
    assert_eq!(feed.shop.items.len(), 20);
}

/// Its question was answered, and before that was noted somebody else took its place.
pub(super) async fn what_a_lost_machine_read_is_not_read_by_the_one_in_its_place(place: Place) {
    let desk = Desk::new(place, None).await;
    let (tokens, stores) = two_of_each(&desk).await;
    let row = desk.store.terminals().await.unwrap().remove(0);
    desk.post(None, "a").await;
    let feed = desk.whole_feed(&tokens[0]).await;
    let read = FeedRequest::new(&Cursor::default(), &feed.shop.end().unwrap(), 0);
    for round in 0..30_u8 {
        let lost = if round == 0 {
            tokens[0].hash()
        } else {
            token(99 + round).hash()
        };
        let (_, replaced) = tokio::join!(
            stores[0].feed(lost, read.clone(), at(5)),
            stores[1].replace(row.id, at(6)),
        );
        let (_, code) = replaced.unwrap();
        let token = token(100 + round);
        let joined = stores[1].pair(Pair { code, token }, at(7)).await.unwrap();
        assert!(joined.is_some());
        for store in &stores {
            assert!(store.is_ready().await);
        }
        let rows = desk.store.terminals().await.unwrap();
        assert_eq!(rows[0].waiting, 1, "in round {round}");
    }
}

/// Two processes are told at once, of the same stickers too, while a third till hears page by page.
pub(super) async fn what_two_processes_are_told_of_stickers_at_once_is_all_heard(place: Place) {
    const ROUNDS: i64 = 25;
    const EACH: u128 = 20;
    let desk = Desk::new(place, None).await;
    let (one, two, mut three) = (desk.till(1).await, desk.till(2).await, desk.till(3).await);
    let stores = [desk.store.clone(), desk.place.again(&desk.store).await];
    let mut tellers = tokio::task::JoinSet::new();
    for (number, till) in [(0_u128, one), (1, two)] {
        let mut till = Till::new(&stores[number as usize], &till.token);
        tellers.spawn(async move {
            for secs in 0..ROUNDS {
                // Half of them are the other one's, too, and in another order.
                let ids = (0..EACH).map(|id| id + number * EACH / 2);
                let mut told: Vec<_> = ids.map(|id| checked(id, secs)).collect();
                if number == 1 {
                    told.reverse();
                }
                till.tell(&told).await;
            }
        });
    }
    while !tellers.is_empty() {
        three.tell(&[]).await;
        while let Some(ended) = tellers.try_join_next() {
            ended.unwrap();
        }
        tokio::task::yield_now().await;
    }
    three.hear().await;
    let wanted: Vec<_> = (0..EACH * 3 / 2)
        .map(|id| checked(id, ROUNDS - 1))
        .collect();
    assert_eq!(three.known(), wanted);
    assert_eq!(desk.register(&three).await, three.heard);
}
