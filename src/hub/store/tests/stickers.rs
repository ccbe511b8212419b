//! The register of stickers that the terminals of a shop share.

use super::*;
use crate::domain::id::StickerId;
use crate::domain::sticker::{Sticker, Told, Verdict as Found};
use crate::hub::store::register::PASSED_KEPT;
use crate::proto::hub::stickers::STICKERS_MAX;
use crate::proto::hub::{HeardStickers, ToldStickers};

fn sticker(number: u128) -> Sticker {
    Sticker {
        id: StickerId(Uuid::from_u128(number)),
        serial: format!("K7-S{number}"),
        link: LinkId(Uuid::from_u128(8)),
        product: None,
        title: "Tea".into(),
        price: None,
        url: "https://pay.example/8".into(),
        place: String::new(),
        printed_at: at(0),
        valid_until: None,
        placed_at: None,
        checked_at: None,
        retired_at: None,
        told: Some(Told {
            verdict: Found::Good,
            at: at(0),
        }),
        said: None,
        is_thermal: false,
    }
}

/// It was found right once more.
pub(super) fn checked(number: u128, secs: i64) -> Sticker {
    Sticker {
        checked_at: Some(at(secs)),
        ..sticker(number)
    }
}

/// A terminal as it hears of stickers.
pub(super) struct Till {
    store: Store,
    pub(super) token: Token,
    pub(super) heard: Cursor,
    register: std::collections::BTreeMap<StickerId, Sticker>,
}

impl Till {
    pub(super) fn new(store: &Store, token: &Token) -> Self {
        Self {
            store: store.clone(),
            token: token.clone(),
            heard: Cursor::default(),
            register: std::collections::BTreeMap::new(),
        }
    }

    /// Tells, and notes what it is answered.
    pub(super) async fn tell(&mut self, stickers: &[Sticker]) -> HeardStickers {
        let heard = share(&self.store, &self.token, &self.heard, stickers).await;
        let heard = heard.unwrap();
        assert!(heard.follows(&self.heard), "{heard:?} {:?}", self.heard);
        self.heard = heard.until.clone();
        for sticker in &heard.stickers {
            self.register.insert(sticker.id, sticker.clone());
        }
        heard
    }

    /// Asks until there is no more; says how often that was.
    pub(super) async fn hear(&mut self) -> usize {
        let mut pages = 1;
        while self.tell(&[]).await.more {
            pages += 1;
        }
        pages
    }

    pub(super) fn known(&self) -> Vec<Sticker> {
        self.register.values().cloned().collect()
    }
}

async fn share(
    store: &Store,
    token: &Token,
    after: &Cursor,
    stickers: &[Sticker],
) -> Option<HeardStickers> {
    let told = ToldStickers {
        after: after.clone(),
        stickers: stickers.to_vec(),
    };
    let shared = store.share_stickers(token.hash(), told).await.unwrap();
    shared.map(|shared| shared.heard)
}

impl Desk {
    /// A terminal that has joined.
    pub(super) async fn till(&self, number: u8) -> Till {
        let token = token(number);
        self.terminal(&format!("till {number}"), &token).await;
        Till::new(&self.store, &token)
    }

    /// How far the register goes, as a feed tells it.
    pub(super) async fn register(&self, till: &Till) -> Cursor {
        self.whole_feed(&till.token).await.register.unwrap()
    }
}

pub(super) async fn what_a_till_tells_of_stickers_its_shop_hears_and_nobody_else(place: Place) {
    let desk = Desk::new(place, None).await;
    let (mut one, mut two) = (desk.till(1).await, desk.till(2).await);
    assert_eq!(desk.register(&one).await, Cursor::default());
    assert_eq!(two.tell(&[]).await, HeardStickers::default());
    let told = one.tell(&[sticker(2), sticker(1)]).await;
    assert_eq!(told.stickers, [sticker(1), sticker(2)]);
    assert_eq!((told.until.seq, told.more), (2, false));
    assert_eq!(desk.register(&two).await, told.until);
    assert_eq!(two.tell(&[]).await, told);
    // What is known already is written no second time.
    for told in [vec![sticker(1)], vec![sticker(2), sticker(2)], vec![]] {
        let heard = two.tell(&told).await;
        assert_eq!((heard.stickers, heard.until.seq), (vec![], 2));
    }
    assert_eq!(desk.register(&one).await, told.until);
    let heard = two.tell(&[checked(1, 9), checked(1, 7)]).await;
    assert_eq!((heard.stickers, heard.until.seq), (vec![checked(1, 9)], 3));
    assert_eq!(one.tell(&[]).await.stickers, [checked(1, 9)]);
    while desk.store.forget(at(100)).await.unwrap() {}
    let mut new = desk.till(3).await;
    assert_eq!(new.tell(&[]).await.stickers, [sticker(2), checked(1, 9)]);
    // Another shop, and nobody's token.
    let their_token = token(4);
    let added = desk
        .store
        .add_terminal("Bakery".into(), "one".into(), at(0));
    let pair = Pair {
        code: added.await.unwrap().1,
        token: their_token.clone(),
    };
    desk.store.pair(pair, at(1)).await.unwrap().unwrap();
    let mut bakery = Till::new(&desk.store, &their_token);
    assert_eq!(bakery.tell(&[]).await, HeardStickers::default());
    let theirs = bakery.tell(&[sticker(1)]).await;
    assert_eq!((theirs.stickers, theirs.until.seq), (vec![sticker(1)], 1));
    assert!(one.tell(&[]).await.stickers.is_empty());
    assert_eq!(desk.register(&one).await, heard.until);
    for told in [&[][..], &[sticker(5)]] {
        let refused = share(&desk.store, &token(66), &Cursor::default(), told).await;
        assert_eq!(refused, None);
    }
}

/// What three tills know of one sticker.
fn three_views() -> [Sticker; 3] {
    let placed = Sticker {
        place: "table 4".into(),
        placed_at: Some(at(20)),
        ..checked(1, 30)
    };
    let moved = Sticker {
        place: "window".into(),
        placed_at: Some(at(40)),
        ..sticker(1)
    };
    let retired = Sticker {
        retired_at: Some(at(50)),
        told: Some(Told {
            verdict: Found::Dead,
            at: at(60),
        }),
        ..sticker(1)
    };
    [placed, moved, retired]
}

pub(super) async fn stickers_come_to_the_same_in_whatever_order_they_are_told(place: Place) {
    let desk = Desk::new(place, None).await;
    let mut till = desk.till(1).await;
    let views = three_views();
    let all = views[0].clone().merged(&views[1]).merged(&views[2]);
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for (number, order) in (1..).zip(orders) {
        let of_this = |view: &Sticker| Sticker {
            id: StickerId(Uuid::from_u128(number)),
            ..view.clone()
        };
        for view in order {
            till.tell(&[of_this(&views[view])]).await;
        }
        let id = StickerId(Uuid::from_u128(number));
        assert_eq!(till.register[&id], of_this(&all), "{order:?}");
        // All at once are one change.
        let before = till.heard.seq;
        let again = views.iter().map(|view| Sticker {
            id: StickerId(Uuid::from_u128(number + 100)),
            ..view.clone()
        });
        till.tell(&again.collect::<Vec<_>>()).await;
        assert_eq!(till.heard.seq, before + 1);
    }
}

pub(super) async fn a_long_register_comes_in_pages_although_it_changes_meanwhile(place: Place) {
    let desk = Desk::new(place, None).await;
    let (mut one, mut two) = (desk.till(1).await, desk.till(2).await);
    let count = STICKERS_MAX * 2 + 1;
    let all: Vec<_> = (0..count as u128).map(sticker).collect();
    for part in all.chunks(STICKERS_MAX) {
        one.tell(part).await;
    }
    let first = two.tell(&[]).await;
    assert!(first.more);
    assert_eq!(first.stickers, all[..STICKERS_MAX]);
    // The one that the page ended with, one before it and one after it change again.
    let changed = [checked(3, 9), checked(49, 9), checked(70, 9)];
    one.tell(&changed).await;
    let second = two.tell(&[sticker(500)]).await;
    assert!(second.more && !second.is_other_history, "{second:?}");
    assert_eq!(second.stickers.len(), STICKERS_MAX);
    let third = two.tell(&[]).await;
    let ids: Vec<_> = third.stickers.iter().map(|sticker| sticker.id.0).collect();
    assert_eq!(ids, [3, 49, 70, 500].map(Uuid::from_u128));
    assert!(!third.more);
    assert_eq!(one.hear().await, 1);
    assert_eq!(two.known(), one.known());
    assert_eq!(two.known().len(), count + 1);
    // Just as many as one answer holds are all.
    let mut new = desk.till(3).await;
    assert_eq!(new.hear().await, 3);
    new.heard = first.until;
    one.tell(&[sticker(501)]).await;
    assert_eq!(new.hear().await, 2);
}

pub(super) async fn a_hub_that_was_restored_is_found_out_by_whoever_heard_more(place: Place) {
    let desk = Desk::new(place, None).await;
    let (mut one, mut two) = (desk.till(1).await, desk.till(2).await);
    one.tell(&[sticker(1), sticker(2)]).await;
    two.tell(&[]).await;
    let common = two.heard.clone();
    let backup = desk.place.copy();
    one.tell(&[sticker(3), checked(1, 9)]).await;
    let lost = one.heard.clone();
    assert_eq!(lost.seq, 4);
    let restored = backup.open(201).await;
    let ask = |after: &Cursor| {
        let after = after.clone();
        let (restored, token) = (restored.clone(), one.token.clone());
        async move { share(&restored, &token, &after, &[]).await.unwrap() }
    };
    let anew = ask(&lost).await;
    assert!(anew.is_other_history && anew.follows(&lost), "{anew:?}");
    assert_eq!(anew.stickers, [sticker(1), sticker(2)]);
    assert_eq!(anew.until, common);
    // What was common stays good, and once the numbers are given out again those that were lost are not.
    let mut later = Till {
        heard: common.clone(),
        ..Till::new(&restored, &two.token)
    };
    for round in 0..3 {
        later.tell(&[checked(2, 20 + round), sticker(7)]).await;
        let anew = ask(&lost).await;
        assert!(anew.is_other_history, "{anew:?}");
        let mut known = anew.stickers;
        known.sort_by_key(|sticker| sticker.id);
        let wanted = [sticker(1), checked(2, 20 + round), sticker(7)];
        assert_eq!(known, wanted);
        let goes_on = ask(&common).await;
        assert!(!goes_on.is_other_history, "{goes_on:?}");
        assert_eq!(goes_on.stickers.len(), 2);
    }
}

pub(super) async fn what_is_heard_is_known_by_its_mark_until_it_passed_long_ago(place: Place) {
    let desk = Desk::new(place, None).await;
    let (mut one, mut two) = (desk.till(1).await, desk.till(2).await);
    let first = one.tell(&[sticker(1)]).await.until;
    one.tell(&[sticker(2)]).await;
    two.tell(&[]).await;
    let heard = two.heard.clone();
    for (seq, mark) in [
        (heard.seq, ""),
        (heard.seq, "0123456789abcdef"),
        (heard.seq + 1, &heard.mark),
        (1, &heard.mark),
        (u64::MAX, &heard.mark),
    ] {
        let mark = mark.to_owned();
        let anew = share(&desk.store, &two.token, &Cursor { seq, mark }, &[]).await;
        let anew = anew.unwrap();
        assert!(anew.is_other_history, "{seq}");
        assert_eq!((anew.stickers.len(), anew.until), (2, heard.clone()));
    }
    // The second version passes by the first of these, and is known for a thousand more.
    let changes: Vec<_> = (0..PASSED_KEPT).map(|secs| checked(2, secs)).collect();
    for change in &changes {
        one.tell(std::slice::from_ref(change)).await;
    }
    let goes_on = share(&desk.store, &two.token, &heard, &[]).await.unwrap();
    assert!(!goes_on.is_other_history, "{goes_on:?}");
    assert_eq!(goes_on.stickers, [changes.last().unwrap().clone()]);
    one.tell(&[sticker(3)]).await;
    let anew = share(&desk.store, &two.token, &heard, &[]).await.unwrap();
    assert!(anew.is_other_history, "{anew:?}");
    // However old: a version that a sticker still has is known.
    let goes_on = share(&desk.store, &two.token, &first, &[]).await.unwrap();
    assert!(!goes_on.is_other_history, "{goes_on:?}");
    assert_eq!(goes_on.stickers.len(), 2);
}
