//! The book of links: which of them are spares, on their way, or a product's own.

use uuid::Uuid;

use crate::domain::id::{LinkId, ProductId, SaleId};
use crate::domain::link::{Ask, Link, LinkState, Purpose, RemoteLink};
use crate::domain::time::Timestamp;
use crate::proto::backend::sample;
use crate::terminal::links::LinkBook;
use crate::terminal::tests::world::{eur, product_id};

const AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// What a code must live at least to be shown: a quarter of an hour.
const MARGIN_MS: i64 = 900_000;

fn id(number: u128) -> LinkId {
    LinkId(Uuid::from_u128(number))
}

fn spare(number: u128) -> Link {
    Link {
        id: id(number),
        token: number.to_string(),
        state: LinkState::Live,
        remote: Some(RemoteLink {
            id: number.to_string(),
            url: format!("https://pay.example/{number}"),
        }),
        ..*sample::link(350, "EUR")
    }
}

fn sticker(number: u128, state: LinkState, product: ProductId) -> Link {
    Link {
        purpose: Purpose::Permanent,
        product: Some(product),
        state,
        ..spare(number)
    }
}

fn book(links: impl IntoIterator<Item = Link>) -> LinkBook {
    let mut book = LinkBook::default();
    for link in links {
        book.put(link);
    }
    book
}

#[test]
fn only_what_was_made_for_nobody_is_a_spare() {
    let plain = spare(1);
    let sold = Link {
        sale: Some(SaleId(Uuid::from_u128(9))),
        ..spare(1)
    };
    let custom = Link {
        is_custom: true,
        reports_to: None,
        ..spare(1)
    };
    for (link, is_spare) in [(plain, true), (sold, false), (custom, false)] {
        let ask = link.ask();
        for (state, is_there) in [
            (LinkState::Live, is_spare),
            (LinkState::Requested, false),
            (LinkState::Shown, false),
        ] {
            let book = book([Link {
                state,
                ..link.clone()
            }]);
            assert_eq!(book.spare("main", ask, AT).is_some(), is_there, "{state:?}");
            assert_eq!(book.spare_count(), usize::from(is_there));
            let asks: Vec<_> = book.spare_asks("main").collect();
            assert_eq!(asks.len(), usize::from(is_there));
            assert_eq!(book.spare_asks("other").count(), 0);
            let coming = is_spare && state == LinkState::Requested;
            let count = book.count_spares("main", ask, AT, AT);
            assert_eq!((count.there > 0, count.coming > 0), (is_there, coming));
            let all = book.spares_or_coming("main", ask);
            assert_eq!(all, usize::from(is_there || coming));
        }
    }
}

#[test]
fn a_spare_that_is_used_is_none_any_more_and_its_sum_neither() {
    let mut book = book([spare(1), spare(2)]);
    let ask = Ask::fixed(eur(350));
    assert_eq!(book.spare("main", ask, AT).map(|link| link.id), Some(id(1)));
    for number in [1, 2] {
        book.put(Link {
            state: LinkState::Shown,
            ..spare(number)
        });
    }
    assert!(book.spare("main", ask, AT).is_none());
    assert_eq!(book.spare_asks("main").count(), 0, "a sum without codes");
    assert!(book.link(id(2)).is_some());
}

#[test]
fn a_spare_is_shown_only_with_an_address_and_a_quarter_of_an_hour_to_live() {
    let ask = Ask::fixed(eur(350));
    for (lives_ms, has_url, is_shown) in [
        (MARGIN_MS + 1, true, true),
        (MARGIN_MS, true, false),
        (MARGIN_MS + 1, false, false),
    ] {
        let mut link = spare(1);
        link.expires_at = Some(AT.plus_millis(lives_ms));
        link.remote = link.remote.filter(|_| has_url);
        let book = book([link]);
        assert_eq!(
            book.spare("main", ask, AT).is_some(),
            is_shown,
            "{lives_ms}"
        );
        assert_eq!(book.spares("main", ask, AT).count(), usize::from(is_shown));
        let is_fresh = lives_ms > MARGIN_MS;
        assert_eq!(book.stale_spares(AT).len(), usize::from(!is_fresh));
        assert_eq!(book.spares_lasting("main", ask, AT), usize::from(is_fresh));
    }
}

#[test]
fn spares_are_counted_by_whether_they_last_and_by_the_next_end() {
    let until = AT.plus_millis(86_400_000);
    let ends = [2 * MARGIN_MS, 86_400_000 + 2 * MARGIN_MS].map(|end| AT.plus_millis(end));
    let links = ends.into_iter().zip(1..).map(|(end, number)| Link {
        expires_at: Some(end),
        ..spare(number)
    });
    let book = book(links);
    let lasting = |until| {
        let count = book.count_spares("main", Ask::fixed(eur(350)), AT, until);
        (count.there, count.lasting, count.next_end)
    };
    assert_eq!(lasting(until), (2, 1, Some(ends[0])));
    assert_eq!(lasting(AT), (2, 2, Some(ends[0])), "no day is asked for");
}

#[test]
fn a_product_has_its_newest_code_and_the_older_ones_give_way() {
    let product = product_id(0);
    let live = LinkState::Live;
    let mut book = book([
        sticker(1, live, product),
        sticker(2, LinkState::Requested, product),
        sticker(3, live, product_id(1)),
    ]);
    let newest = |book: &LinkBook| book.permanent("main", product).map(|link| link.id);
    assert_eq!(newest(&book), Some(id(2)));
    assert_eq!(book.permanent_count(), 2, "what can be shown");
    book.put(sticker(2, live, product));
    let old = |book: &LinkBook, number| {
        let links = book.replaced_by(book.link(id(number)).unwrap());
        links.iter().map(|link| link.id).collect::<Vec<_>>()
    };
    assert_eq!((old(&book, 2), old(&book, 1)), (vec![id(1)], vec![]));
    book.put(sticker(1, LinkState::Retired, product));
    assert_eq!((old(&book, 2), book.permanent_count()), (vec![], 2));
    book.put(sticker(2, LinkState::Retired, product));
    assert_eq!((newest(&book), book.permanent_count()), (None, 1));
    let url = "https://pay.example/3";
    assert_eq!(book.by_url(url).map(|link| link.id), Some(id(3)));
}
