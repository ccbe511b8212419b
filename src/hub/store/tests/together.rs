//! Several processes on one database.

use super::{Desk, Fed, Place, Scope, Taken, address, arrival, bodies, token};
use crate::proto::hub::Cursor;

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
