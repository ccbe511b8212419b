//! What the terminals of a shop tell, and what follows from it.

use super::*;
use crate::domain::id::{ProductId, SaleId};
use crate::domain::link::{Asking, Purpose};
use crate::domain::money::{Amount, Currency};
use crate::proto::hub::{Claim, Claimed, OpenSale, Published};

pub(super) fn product() -> ProductId {
    ProductId(Uuid::from_u128(900))
}

pub(super) fn published(number: u8, purpose: Purpose) -> Published {
    Published {
        link: address(Scope::Own, number).link,
        kind: "4pay".into(),
        remote: format!("remote-{number}"),
        token: token(number).hash(),
        purpose,
        product: (purpose == Purpose::Permanent).then(product),
        title: "Tea".into(),
        amount: Amount::new(350, Currency::from_code("EUR").unwrap()),
        asking: Asking::Fixed,
    }
}

/// What 4pay posts of a payment on a link.
pub(super) fn on(remote: &str) -> String {
    serde_json::json!({
        "type": "link", "link": remote, "txid": "t", "id": format!("p-{remote}"), "status": "charged",
        "amount": 350, "amount_dest": 350, "amount_with_fee": 350, "error_description": "",
    })
    .to_string()
}

impl Desk {
    pub(super) async fn publish(&self, token: &Token, links: &[Published]) -> bool {
        let links = links.to_vec();
        self.store
            .publish(token.hash(), links, at(3))
            .await
            .unwrap()
    }

    pub(super) async fn post(&self, link: Option<LinkAddress>, body: &str) {
        let taken = self.store.take(arrival(&self.owner, link, body)).await;
        assert!(matches!(taken, Ok(Taken::Stored(_))), "{taken:?}");
    }

    pub(super) async fn claim(
        &self,
        token: &Token,
        payment: &str,
        sale: u128,
    ) -> Option<(Claimed, bool)> {
        let claim = Claim {
            kind: "4pay".into(),
            payment: payment.into(),
            link: address(Scope::Shop, 8).link,
            sale: SaleId(Uuid::from_u128(sale)),
        };
        let claiming = self
            .store
            .claim(token.hash(), claim, at(4))
            .await
            .unwrap()?;
        Some((claiming.claimed, claiming.told.is_some()))
    }
}

pub(super) async fn on_an_accounts_own_address_a_payment_finds_the_terminal_that_told_of_its_link(
    place: Place,
) {
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    desk.terminal("one", &one).await;
    desk.terminal("two", &two).await;
    let single = published(7, Purpose::Single);
    let sticker = published(8, Purpose::Permanent);
    assert!(desk.publish(&one, &[single.clone(), sticker.clone()]).await);
    // By the provider's id, by ours, and not at all.
    let by_ours = on(&single.link.to_string());
    for body in [&on("remote-7"), &by_ours, &on("remote-8"), &on("remote-9")] {
        desk.post(None, body).await;
    }
    let (feed_one, feed_two) = (desk.whole_feed(&one).await, desk.whole_feed(&two).await);
    assert_eq!(bodies(&feed_one.own), [on("remote-7"), by_ours]);
    assert_eq!(bodies(&feed_two.own), [""; 0]);
    assert_eq!(bodies(&feed_two.shop), [on("remote-8"), on("remote-9")]);
    let [known, unknown] = &feed_two.shop.items[..] else {
        panic!("{feed_two:?}");
    };
    let told = posted(known).published.clone().unwrap();
    assert_eq!((told.published, told.till.as_str()), (sticker, "one"));
    assert_eq!(posted(unknown).published, None);
}

pub(super) async fn a_payment_on_a_sticker_says_whose_it_is_and_how_many_sales_wait_for_it(
    place: Place,
) {
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    desk.terminal("one", &one).await;
    desk.terminal("two", &two).await;
    desk.publish(&one, &[published(8, Purpose::Permanent)])
        .await;
    let open = |sale, product| OpenSale {
        sale: SaleId(Uuid::from_u128(sale)),
        product,
    };
    let sticker = || Some(address(Scope::Shop, 8));
    let waiting = async |token: &Token, sales: Vec<OpenSale>| {
        assert!(desk.store.open_sales(token.hash(), sales).await.unwrap());
    };
    desk.post(sticker(), &on("a")).await;
    waiting(
        &one,
        vec![open(1, product()), open(2, ProductId(Uuid::from_u128(1)))],
    )
    .await;
    waiting(&two, vec![open(3, product())]).await;
    desk.post(sticker(), &on("b")).await;
    waiting(&one, Vec::new()).await;
    desk.post(sticker(), &on("c")).await;
    let feed = desk.whole_feed(&two).await;
    let counts: Vec<_> = feed
        .shop
        .items
        .iter()
        .map(|item| posted(item).open_sales)
        .collect();
    assert_eq!(counts, [0, 2, 1]);
    assert!(
        feed.shop
            .items
            .iter()
            .all(|item| posted(item).published.is_some())
    );
}

pub(super) async fn the_first_that_claims_a_payment_has_it_and_all_hear_of_it_once(place: Place) {
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    desk.terminal("one", &one).await;
    desk.terminal("two", &two).await;
    let (first, is_news) = desk.claim(&two, "p1", 22).await.unwrap();
    assert_eq!((first.till.as_str(), is_news), ("two", true));
    for (token, sale) in [(&one, 11), (&two, 22), (&two, 23)] {
        let again = desk.claim(token, "p1", sale).await.unwrap();
        assert_eq!(again, (first.clone(), false));
    }
    let (other, is_news) = desk.claim(&one, "p2", 12).await.unwrap();
    assert_eq!((other.till.as_str(), is_news), ("one", true));
    let feed = desk.whole_feed(&one).await;
    assert_eq!(feed.shop, desk.whole_feed(&two).await.shop);
    let heard: Vec<_> = feed
        .shop
        .items
        .iter()
        .map(|item| item.what.clone())
        .collect();
    assert_eq!(heard, [What::Claim(first), What::Claim(other)]);
    let seqs: Vec<_> = feed.shop.items.iter().map(|item| item.seq).collect();
    assert_eq!(seqs, [1, 2]);
}

pub(super) async fn a_link_stays_with_the_terminal_that_told_of_it_first_and_within_its_shop(
    place: Place,
) {
    let desk = Desk::new(place, None).await;
    let (one, two, stranger) = (token(1), token(2), token(66));
    desk.terminal("one", &one).await;
    desk.terminal("two", &two).await;
    desk.publish(&one, &[published(7, Purpose::Single)]).await;
    let redirected = Published {
        remote: "theirs".into(),
        ..published(7, Purpose::Single)
    };
    desk.publish(&two, &[redirected]).await;
    desk.post(None, &on("theirs")).await;
    desk.post(None, &on("remote-7")).await;
    assert_eq!(bodies(&desk.whole_feed(&one).await.own), [on("remote-7")]);
    assert!(desk.whole_feed(&two).await.own.items.is_empty());
    assert!(!desk.publish(&stranger, &[]).await);
    let open = desk.store.open_sales(stranger.hash(), Vec::new()).await;
    assert!(!open.unwrap());
    assert_eq!(desk.claim(&stranger, "p1", 1).await, None);
    // The same link and payment in another shop are others.
    let (_, bakery) = desk
        .store
        .add_endpoint("Bakery".into(), "4pay".into(), "main".into(), None, at(0))
        .await
        .unwrap();
    let posted = desk
        .store
        .take(arrival(&bakery, None, &on("remote-7")))
        .await;
    assert!(matches!(posted, Ok(Taken::Stored(_))));
    assert_eq!(desk.whole_feed(&one).await.own.items.len(), 1);
}

fn seqs(page: &crate::proto::hub::Page) -> Vec<u64> {
    page.items.iter().map(|item| item.seq).collect()
}

fn cursor(feed: &crate::proto::hub::Page) -> Cursor {
    feed.end().unwrap_or_default()
}

pub(super) async fn what_all_have_read_is_forgotten_and_what_one_has_not_is_kept(place: Place) {
    let desk = Desk::new(place, None).await;
    let (one, two) = (token(1), token(2));
    let joined = desk.terminal("one", &one).await;
    desk.terminal("two", &two).await;
    let hook = &joined.hooks[0].1;
    for body in ["a", "b"] {
        let own = arrival(hook, Some(address(Scope::Own, 9)), body);
        desk.store.take(own).await.unwrap();
        desk.post(None, body).await;
    }
    desk.claim(&one, "p1", 1).await;
    // The first has read all, the second nothing.
    let feed = desk.whole_feed(&one).await;
    assert_eq!((feed.own.first, feed.shop.first), (1, 1));
    let (own, shop) = (cursor(&feed.own), cursor(&feed.shop));
    desk.feed(&one, &own, &shop).await;
    let forget = async |secs| {
        // How far they have read is noted behind their answers.
        desk.store.is_ready().await;
        while desk.store.forget(at(secs)).await.unwrap() {}
    };
    forget(2).await;
    assert_eq!(
        seqs(&desk.whole_feed(&one).await.own),
        [1, 2],
        "not old enough"
    );
    forget(100).await;
    let (of_one, of_two) = (desk.whole_feed(&one).await, desk.whole_feed(&two).await);
    assert_eq!((seqs(&of_one.own), of_one.own.first), (vec![], 3));
    assert_eq!((seqs(&of_two.shop), of_two.shop.first), (vec![1, 2, 3], 1));
    let claimed = async |terminal, sale| {
        let (claimed, is_new) = desk.claim(terminal, "p1", sale).await.unwrap();
        (claimed.sale, is_new)
    };
    let of_first = SaleId(Uuid::from_u128(1));
    let late = claimed(&two, 2).await;
    assert_eq!(
        late,
        (of_first, false),
        "whoever reads of it late has to lose"
    );
    // Its cursor is good all the same.
    assert!(matches!(desk.feed(&one, &own, &shop).await, Fed::Feed(..)));
    // The second reads two of three, then its token is taken away.
    let two_of_three = Cursor {
        seq: 2,
        mark: of_two.shop.items[1].mark.clone(),
    };
    desk.feed(&two, &Cursor::default(), &two_of_three).await;
    forget(100).await;
    let of_two = desk.whole_feed(&two).await;
    assert_eq!((seqs(&of_two.shop), of_two.shop.first), (vec![3], 3));
    let rows = desk.store.terminals().await.unwrap();
    let second = rows.iter().find(|row| row.name == "two").unwrap().id;
    desk.store.revoke(second, at(9)).await.unwrap();
    forget(100).await;
    assert_eq!(seqs(&desk.whole_feed(&one).await.shop), [0_u64; 0]);
    desk.post(None, "c").await;
    assert_eq!(
        seqs(&desk.whole_feed(&one).await.shop),
        [4],
        "numbers go on"
    );
    let of_third = SaleId(Uuid::from_u128(3));
    let again = claimed(&one, 3).await;
    assert_eq!(again, (of_third, true), "forgotten with what it was about");
}

pub(super) async fn another_machine_takes_a_terminals_place_and_reads_all_that_came_for_it(
    place: Place,
) {
    let desk = Desk::new(place, None).await;
    let (lost, new) = (token(1), token(2));
    let joined = desk.terminal("one", &lost).await;
    desk.publish(&lost, &[published(9, Purpose::Single)]).await;
    let hook = &joined.hooks[0].1;
    let post = async |body: &str| {
        let own = arrival(hook, Some(address(Scope::Own, 9)), body);
        desk.store.take(own).await.unwrap();
    };
    post("a").await;
    let feed = desk.whole_feed(&lost).await;
    desk.feed(&lost, &cursor(&feed.own), &Cursor::default())
        .await;
    let (row, code) = desk.store.replace(joined.terminal, at(4)).await.unwrap();
    assert_eq!((row.state, row.waiting), (TerminalState::Invited, 1));
    let refused = desk
        .feed(&lost, &Cursor::default(), &Cursor::default())
        .await;
    assert_eq!(refused, Fed::Nobody, "whoever found it hears nothing");
    let pair = Pair {
        code,
        token: new.clone(),
    };
    let again = desk.store.pair(pair, at(5)).await.unwrap().unwrap();
    assert_eq!(
        (again.terminal, again.name.as_str()),
        (joined.terminal, "one")
    );
    post("b").await;
    let feed = desk.whole_feed(&new).await;
    assert_eq!(bodies(&feed.own), ["a", "b"]);
    let told = posted(&feed.own.items[0]).published.clone();
    assert_eq!(told.unwrap().published, published(9, Purpose::Single));
}
