//! What every database of the hub promises.

#[macro_use]
mod place;
mod join;
#[cfg(feature = "postgres")]
mod only_postgres;
mod only_sqlite;
#[cfg(feature = "postgres")]
#[path = "../../../tests/hub/postgres.rs"]
mod postgres;
mod rotate;
mod routes;
mod shop;
#[cfg(feature = "postgres")]
#[path = "../../../tests/it/support/skipped.rs"]
mod skipped;
mod stickers;
mod together;

use uuid::Uuid;

use self::join::{
    a_code_is_good_once_and_for_ten_minutes, a_terminal_gets_another_token_and_may_be_shut_out,
    a_terminal_that_knows_its_addresses_gets_them_again_and_the_new_ones,
    names_are_given_once_in_a_shop,
};
use self::place::Place;
use self::rotate::{
    a_terminal_that_was_shut_out_holds_no_older_address_up,
    an_endpoints_older_addresses_are_good_until_they_are_retired,
    only_an_endpoint_that_is_there_is_rotated_or_retired,
};
use self::routes::{
    a_link_of_another_kind_of_account_is_not_meant,
    notifications_that_come_at_once_each_find_their_own_way,
};
use self::shop::{
    a_link_stays_with_the_terminal_that_told_of_it_first_and_within_its_shop,
    a_payment_on_a_sticker_says_whose_it_is_and_how_many_sales_wait_for_it,
    another_machine_takes_a_terminals_place_and_reads_all_that_came_for_it,
    on_an_accounts_own_address_a_payment_finds_the_terminal_that_told_of_its_link,
    the_first_that_claims_a_payment_has_it_and_all_hear_of_it_once,
    what_all_have_read_is_forgotten_and_what_one_has_not_is_kept,
};
use self::stickers::{
    a_hub_that_was_restored_is_found_out_by_whoever_heard_more,
    a_long_register_comes_in_pages_although_it_changes_meanwhile,
    stickers_come_to_the_same_in_whatever_order_they_are_told,
    what_a_till_tells_of_stickers_its_shop_hears_and_nobody_else,
    what_is_heard_is_known_by_its_mark_until_it_passed_long_ago,
};
use self::together::{
    one_of_two_processes_has_a_payment_that_both_claim_at_once,
    several_processes_and_a_reader_find_no_gap_and_no_repetition,
    what_a_lost_machine_read_is_not_read_by_the_one_in_its_place,
    what_several_processes_forget_was_read_before,
    what_two_processes_are_told_at_once_is_as_if_one_came_after_the_other,
    what_two_processes_are_told_of_stickers_at_once_is_all_heard,
};
use super::{Arrival, Fed, Joined, Store, StoreError, Taken, TerminalState};
use crate::domain::id::{Entropy, LinkId};
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::{
    Cursor, Feed, FeedRequest, ITEMS_MAX, Item, LinkAddress, Notification, Pair, Scope, Token, What,
};

promises! {
    a_notification_goes_to_whom_its_address_says_and_to_nobody_else,
    nobody_hears_of_another_shop,
    what_comes_twice_is_stored_once_and_acknowledged_twice,
    an_address_of_no_endpoint_or_of_another_kind_stores_nothing,
    where_a_secret_is_known_only_what_it_signed_is_taken,
    a_feed_goes_on_where_the_cursor_stands_and_comes_in_pages,
    large_notifications_come_in_smaller_pages,
    a_hub_with_another_history_says_so,
    a_code_is_good_once_and_for_ten_minutes,
    a_terminal_gets_another_token_and_may_be_shut_out,
    a_terminal_that_knows_its_addresses_gets_them_again_and_the_new_ones,
    names_are_given_once_in_a_shop,
    what_waits_for_a_terminal_is_counted_and_everything_outlives_the_program,
    several_processes_and_a_reader_find_no_gap_and_no_repetition,
    one_of_two_processes_has_a_payment_that_both_claim_at_once,
    what_several_processes_forget_was_read_before,
    what_two_processes_are_told_at_once_is_as_if_one_came_after_the_other,
    what_a_lost_machine_read_is_not_read_by_the_one_in_its_place,
    notifications_that_come_at_once_each_find_their_own_way,
    a_link_of_another_kind_of_account_is_not_meant,
    on_an_accounts_own_address_a_payment_finds_the_terminal_that_told_of_its_link,
    a_payment_on_a_sticker_says_whose_it_is_and_how_many_sales_wait_for_it,
    the_first_that_claims_a_payment_has_it_and_all_hear_of_it_once,
    a_link_stays_with_the_terminal_that_told_of_it_first_and_within_its_shop,
    what_all_have_read_is_forgotten_and_what_one_has_not_is_kept,
    another_machine_takes_a_terminals_place_and_reads_all_that_came_for_it,
    an_endpoints_older_addresses_are_good_until_they_are_retired,
    a_terminal_that_was_shut_out_holds_no_older_address_up,
    only_an_endpoint_that_is_there_is_rotated_or_retired,
    what_a_till_tells_of_stickers_its_shop_hears_and_nobody_else,
    stickers_come_to_the_same_in_whatever_order_they_are_told,
    a_long_register_comes_in_pages_although_it_changes_meanwhile,
    a_hub_that_was_restored_is_found_out_by_whoever_heard_more,
    what_is_heard_is_known_by_its_mark_until_it_passed_long_ago,
    what_two_processes_are_told_of_stickers_at_once_is_all_heard,
}

const SHOP: &str = "Corner café";

fn at(secs: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + secs * 1_000)
}

fn token(number: u8) -> Token {
    Token::draw(&mut Entropy::new([number; 32]))
}

/// What a provider posted, of an item that is a notification.
fn posted(item: &Item) -> &Notification {
    match &item.what {
        What::Notification(posted) => posted,
        What::Claim(claimed) => panic!("a claim: {claimed:?}"),
    }
}

/// A hub with one 4pay endpoint, and where its database is.
struct Desk {
    store: Store,
    owner: Token,
    place: Place,
}

impl Desk {
    async fn new(place: Place, secret: Option<&str>) -> Self {
        let store = place.open(200).await;
        let (_, owner) = store
            .add_endpoint(
                SHOP.into(),
                "4pay".into(),
                "main".into(),
                secret.map(Into::into),
                at(0),
            )
            .await
            .unwrap();
        Self {
            store,
            owner,
            place,
        }
    }

    /// A terminal that has joined with `token`.
    async fn terminal(&self, name: &str, token: &Token) -> Joined {
        let (_, code) = self
            .store
            .add_terminal(SHOP.into(), name.into(), at(0))
            .await
            .unwrap();
        let pair = Pair {
            code,
            token: token.clone(),
        };
        self.store.pair(pair, at(1)).await.unwrap().unwrap()
    }

    async fn feed(&self, token: &Token, own: &Cursor, shop: &Cursor) -> Fed {
        let request = FeedRequest::new(own, shop, 0);
        self.store.feed(token.hash(), request, at(5)).await.unwrap()
    }

    async fn whole_feed(&self, token: &Token) -> Feed {
        match self
            .feed(token, &Cursor::default(), &Cursor::default())
            .await
        {
            Fed::Feed(_, feed) => feed,
            other @ (Fed::OtherHistory { .. } | Fed::Nobody) => panic!("{other:?}"),
        }
    }
}

fn arrival(hook: &Token, link: Option<LinkAddress>, body: &str) -> Arrival {
    Arrival {
        kind: "4pay".into(),
        hook: hook.hash(),
        link,
        headers: vec![("content-type".into(), "application/json".into())],
        body: body.into(),
        at: at(2),
    }
}

fn address(scope: Scope, number: u8) -> LinkAddress {
    LinkAddress {
        scope,
        link: LinkId(Uuid::from_u128(u128::from(number))),
        token: token(number),
    }
}

fn bodies(page: &crate::proto::hub::Page) -> Vec<String> {
    let text = |item: &Item| String::from_utf8(posted(item).body.clone()).unwrap();
    page.items.iter().map(text).collect()
}

async fn a_notification_goes_to_whom_its_address_says_and_to_nobody_else(place: Place) {
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    let joined = desk.terminal("one", &one).await;
    desk.terminal("two", &two).await;
    let hook = &joined.hooks[0].1;
    let cases = [
        (arrival(hook, Some(address(Scope::Own, 9)), "a"), 1),
        (arrival(hook, Some(address(Scope::Shop, 8)), "b"), 2),
        (arrival(hook, None, "c"), 2),
        (arrival(&desk.owner, Some(address(Scope::Own, 7)), "d"), 2),
        (arrival(&desk.owner, None, "e"), 2),
    ];
    for (arrival, _) in cases {
        let taken = desk.store.take(arrival).await.unwrap();
        assert!(matches!(taken, Taken::Stored(_)), "{taken:?}");
    }
    let (feed_one, feed_two) = (desk.whole_feed(&one).await, desk.whole_feed(&two).await);
    assert_eq!(bodies(&feed_one.own), ["a"]);
    assert_eq!(bodies(&feed_two.own), [""; 0]);
    assert_eq!(bodies(&feed_one.shop), ["b", "c", "d", "e"]);
    assert_eq!(feed_one.shop, feed_two.shop);
    let item = posted(&feed_one.own.items[0]);
    assert_eq!(item.link, Some(address(Scope::Own, 9).link));
    assert_eq!(item.token, Some(token(9).hash()));
    assert_eq!(item.verdict, Verdict::Unsigned);
    assert_eq!(feed_one.own.items[0].received_at, at(2));
}

async fn nobody_hears_of_another_shop(place: Place) {
    let desk = Desk::new(place, None).await;
    let (_, theirs) = desk
        .store
        .add_endpoint("Bakery".into(), "4pay".into(), "main".into(), None, at(0))
        .await
        .unwrap();
    let one = token(1);
    desk.terminal("one", &one).await;
    desk.store.take(arrival(&theirs, None, "x")).await.unwrap();
    let feed = desk.whole_feed(&one).await;
    assert!(feed.own.items.is_empty() && feed.shop.items.is_empty());
}

async fn what_comes_twice_is_stored_once_and_acknowledged_twice(place: Place) {
    let desk = Desk::new(place, None).await;
    let one = token(1);
    let joined = desk.terminal("one", &one).await;
    let hook = &joined.hooks[0].1;
    let link = || Some(address(Scope::Own, 9));
    let first = desk
        .store
        .take(arrival(hook, link(), r#"{"a":1,"b":2}"#))
        .await;
    assert!(matches!(first, Ok(Taken::Stored(_))));
    for again in [r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#] {
        let again = desk.store.take(arrival(hook, link(), again)).await;
        assert_eq!(again.unwrap(), Taken::Known);
    }
    // Other content, and the same on another link, are other notifications.
    for (link, body) in [
        (link(), r#"{"a":1,"b":3}"#),
        (Some(address(Scope::Own, 8)), r#"{"a":1,"b":2}"#),
    ] {
        let other = desk.store.take(arrival(hook, link, body)).await;
        assert!(matches!(other, Ok(Taken::Stored(_))));
    }
    let seqs: Vec<_> = desk
        .whole_feed(&one)
        .await
        .own
        .items
        .iter()
        .map(|item| item.seq)
        .collect();
    assert_eq!(seqs, [1, 2, 3]);
}

async fn an_address_of_no_endpoint_or_of_another_kind_stores_nothing(place: Place) {
    let desk = Desk::new(place, None).await;
    let other_kind = Arrival {
        kind: "devdraft".into(),
        ..arrival(&desk.owner, None, "x")
    };
    let nobody = arrival(&token(77), None, "x");
    for arrival in [other_kind, nobody] {
        assert_eq!(desk.store.take(arrival).await.unwrap(), Taken::Nobody);
    }
}

async fn where_a_secret_is_known_only_what_it_signed_is_taken(place: Place) {
    let desk = Desk::new(place, Some("whsec_test")).await;
    let body = r#"{"event_id":"evt-1","timestamp":1788434490,"type":"transaction.charged","data":{"id":"tx-1","txid":"order-1","type":"payment","status":"charged","amount":"1000"}}"#;
    let signature = "a1f1b6ce47a8383b6de19cceb7489e2e7489fab081a96cdf49c72d300fbfe36d";
    let signed = |at_secs: i64, signature: &str| Arrival {
        headers: vec![
            ("x-webhook-timestamp".into(), "1788434490".into()),
            ("x-webhook-signature".into(), signature.into()),
        ],
        at: Timestamp::from_millis(at_secs * 1_000),
        ..arrival(&desk.owner, None, body)
    };
    let one = token(1);
    desk.terminal("one", &one).await;
    let forged = desk
        .store
        .take(signed(1_788_434_490, &signature.replace('a', "b")))
        .await;
    assert_eq!(forged.unwrap(), Taken::Forged);
    assert_eq!(
        desk.store
            .take(arrival(&desk.owner, None, body))
            .await
            .unwrap(),
        Taken::Forged
    );
    let stale = desk
        .store
        .take(signed(1_788_434_490 + 301, signature))
        .await;
    assert!(matches!(stale, Ok(Taken::Stored(_))));
    // A fresh copy is worth more than the stale one, and is not taken for a repetition of it.
    let fresh = desk.store.take(signed(1_788_434_490, signature)).await;
    assert!(matches!(fresh, Ok(Taken::Stored(_))));
    let feed = desk.whole_feed(&one).await;
    let verdicts: Vec<_> = feed
        .shop
        .items
        .iter()
        .map(|item| posted(item).verdict)
        .collect();
    assert_eq!(verdicts, [Verdict::Stale, Verdict::Signed]);
}

async fn a_feed_goes_on_where_the_cursor_stands_and_comes_in_pages(place: Place) {
    let desk = Desk::new(place, None).await;
    let one = token(1);
    desk.terminal("one", &one).await;
    let many = ITEMS_MAX + 5;
    for number in 0..many {
        desk.store
            .take(arrival(&desk.owner, None, &number.to_string()))
            .await
            .unwrap();
    }
    let mut cursor = Cursor::default();
    let mut heard = Vec::new();
    loop {
        let Fed::Feed(_, feed) = desk.feed(&one, &Cursor::default(), &cursor).await else {
            panic!("the history is the same");
        };
        assert!(feed.shop.follows(&cursor));
        let Some(end) = feed.shop.end() else { break };
        assert_eq!(feed.shop.more, heard.is_empty());
        heard.extend(bodies(&feed.shop));
        cursor = end;
    }
    let wanted: Vec<_> = (0..many).map(|number| number.to_string()).collect();
    assert_eq!(heard, wanted);
}

async fn large_notifications_come_in_smaller_pages(place: Place) {
    let desk = Desk::new(place, None).await;
    let one = token(1);
    desk.terminal("one", &one).await;
    for number in 0..8 {
        let body = format!("{number}{}", "x".repeat(64 * 1024 - 1));
        desk.store
            .take(arrival(&desk.owner, None, &body))
            .await
            .unwrap();
    }
    let feed = desk.whole_feed(&one).await;
    assert!(feed.shop.more);
    let size = serde_json::to_vec(&feed).unwrap().len();
    assert!(size <= crate::proto::hub::ANSWER_BYTES_MAX, "{size}");
}

async fn a_hub_with_another_history_says_so(place: Place) {
    let desk = Desk::new(place, None).await;
    let one = token(1);
    let joined = desk.terminal("one", &one).await;
    let hook = joined.hooks[0].1.clone();
    let link = |number| Some(address(Scope::Own, number));
    desk.store
        .take(arrival(&hook, link(1), "first"))
        .await
        .unwrap();
    let backup = desk.place.copy();
    desk.store
        .take(arrival(&hook, link(2), "lost"))
        .await
        .unwrap();
    let read = desk.whole_feed(&one).await.own.end().unwrap();
    assert_eq!(read.seq, 2);
    let restored = backup.open(201).await;
    let ask = |cursor: Cursor| {
        let request = FeedRequest::new(&cursor, &Cursor::default(), 0);
        restored.feed(one.hash(), request, at(9))
    };
    let other = Fed::OtherHistory {
        own: true,
        shop: false,
    };
    // Behind its end, and, once that number was given out again, at another item.
    assert_eq!(ask(read.clone()).await.unwrap(), other);
    restored.take(arrival(&hook, link(3), "new")).await.unwrap();
    assert_eq!(ask(read.clone()).await.unwrap(), other);
    let Fed::Feed(_, feed) = ask(Cursor::default()).await.unwrap() else {
        panic!("from its start it is read");
    };
    assert_eq!(bodies(&feed.own), ["first", "new"]);
    // The same cursor is still good at the hub that it is of.
    let same = desk.feed(&one, &read, &Cursor::default()).await;
    assert!(matches!(same, Fed::Feed(..)), "{same:?}");
}

async fn what_waits_for_a_terminal_is_counted_and_everything_outlives_the_program(place: Place) {
    let desk = Desk::new(place, None).await;
    let one = token(1);
    desk.store
        .take(arrival(&desk.owner, None, "before it joined"))
        .await
        .unwrap();
    desk.terminal("one", &one).await;
    for body in ["a", "b", "c"] {
        desk.store
            .take(arrival(&desk.owner, None, body))
            .await
            .unwrap();
    }
    let Desk { store, place, .. } = desk;
    drop(store);
    let store = place.open(202).await;
    assert_eq!(store.terminals().await.unwrap()[0].waiting, 3);
    let cursor = Cursor {
        seq: 3,
        mark: String::new(),
    };
    let request = FeedRequest::new(&Cursor::default(), &cursor, 0);
    store.feed(one.hash(), request, at(20)).await.unwrap();
    // The note of it is written behind the answer, and before anything that is asked later.
    store.is_ready().await;
    let row = &store.terminals().await.unwrap()[0];
    assert_eq!((row.waiting, row.seen_at), (1, Some(at(20))));
    assert_eq!(row.state, TerminalState::Paired);
}
