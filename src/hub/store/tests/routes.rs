//! Notifications that come at once, each with its own way.

use std::collections::BTreeSet;

use super::shop::{on, product, published};
use super::*;
use crate::domain::id::SaleId;
use crate::domain::link::Purpose;
use crate::proto::hub::{OpenSale, Published};

/// Names of links that not every database can have: with a NUL, and longer than any.
fn strange() -> [String; 2] {
    ["a\u{0}b".to_owned(), "r".repeat(301)]
}

/// Single links of both, a sticker of the first, and a link of the second that it gives back: its
/// provider's id is ours of another one.
async fn tell_of_links(desk: &Desk, tokens: &[Token; 2]) -> Published {
    for (number, token) in (1..=2).zip(tokens) {
        let mut former = published(number, Purpose::Single);
        former.remote = "former".into();
        // The second of two that are told together is the later one.
        let links = [former, published(number, Purpose::Single)];
        assert!(desk.publish(token, &links).await);
    }
    desk.publish(&tokens[0], &[published(8, Purpose::Permanent)])
        .await;
    let ambiguous = Published {
        remote: published(1, Purpose::Single).link.to_string(),
        ..published(3, Purpose::Single)
    };
    desk.publish(&tokens[1], std::slice::from_ref(&ambiguous))
        .await;
    ambiguous
}

pub(super) async fn notifications_that_come_at_once_each_find_their_own_way(place: Place) {
    let desk = Desk::new(place, None).await;
    let tokens = [token(1), token(2)];
    let joined = desk.terminal("one", &tokens[0]).await;
    desk.terminal("two", &tokens[1]).await;
    let ambiguous = tell_of_links(&desk, &tokens).await;
    let by_theirs = on(&ambiguous.remote);
    let by_ours = on(&published(2, Purpose::Single).link.to_string());
    let [nul, long] = strange().map(|name| on(&name));
    let hook = &joined.hooks[0].1;
    let account = |body: &str| arrival(&desk.owner, None, body);
    let arrivals = [
        arrival(&token(77), None, "nobody's"),
        account(&on("remote-2")),
        account(&nul),
        arrival(hook, Some(address(Scope::Own, 1)), "own"),
        account(&by_ours),
        account(&by_theirs),
        account(&on("former")),
        arrival(&desk.owner, Some(address(Scope::Shop, 8)), "sticker"),
        account(&on("remote-1")),
        account(&long),
        account(&on("remote-8")),
        arrival(&desk.owner, Some(address(Scope::Shop, 1)), "single"),
    ];
    let mut posts = tokio::task::JoinSet::new();
    for arrival in arrivals {
        let store = desk.store.clone();
        posts.spawn(async move { store.take(arrival).await });
    }
    let taken = posts.join_all().await;
    let stored = taken
        .iter()
        .filter(|taken| matches!(taken, Ok(Taken::Stored(_))));
    assert_eq!(stored.count(), 11, "{taken:?}");
    let (one, two) = (
        desk.whole_feed(&tokens[0]).await,
        desk.whole_feed(&tokens[1]).await,
    );
    let set = |page| bodies(page).into_iter().collect::<BTreeSet<_>>();
    let wanted = |bodies: &[&str]| bodies.iter().map(|body| (*body).to_owned()).collect();
    let own: [BTreeSet<String>; 2] = [
        wanted(&["own", &on("remote-1")]),
        wanted(&[&by_ours, &by_theirs, &on("remote-2")]),
    ];
    assert_eq!([set(&one.own), set(&two.own)], own);
    let shop = ["sticker", &on("remote-8"), &on("former"), &nul, &long];
    let shop = [&shop[..], &["single"]].concat();
    assert_eq!(set(&two.shop), wanted(&shop));
    for item in &two.shop.items {
        let item = posted(item);
        let body = String::from_utf8(item.body.clone()).unwrap();
        let of = item
            .published
            .as_ref()
            .map(|told| told.published.link.0.as_u128());
        let wanted = match body.as_str() {
            "sticker" => Some(8),
            "single" => Some(1),
            _ if body == on("remote-8") => Some(8),
            _ => None,
        };
        assert_eq!(of, wanted, "{body}");
    }
}

pub(super) async fn a_link_of_another_kind_of_account_is_not_meant(place: Place) {
    let desk = Desk::new(place, None).await;
    let one = token(1);
    desk.terminal("one", &one).await;
    desk.publish(&one, &[published(8, Purpose::Permanent)])
        .await;
    let open = OpenSale {
        sale: SaleId(Uuid::from_u128(1)),
        product: product(),
    };
    let told = desk.store.open_sales(one.hash(), vec![open]).await;
    assert!(told.unwrap());
    let (_, other) = desk
        .store
        .add_endpoint(SHOP.into(), "devdraft".into(), "second".into(), None, at(0))
        .await
        .unwrap();
    let of_another_kind = Arrival {
        kind: "devdraft".into(),
        ..arrival(&other, Some(address(Scope::Shop, 8)), "b")
    };
    desk.post(Some(address(Scope::Shop, 8)), "a").await;
    desk.store.take(of_another_kind).await.unwrap();
    let feed = desk.whole_feed(&one).await;
    let counts = feed.shop.items.iter().map(|item| posted(item).open_sales);
    assert_eq!(counts.collect::<Vec<_>>(), [1, 0]);
}
