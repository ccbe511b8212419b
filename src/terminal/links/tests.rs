//! The indexes against a look at every link.

use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use super::*;
use crate::domain::link::Asking;
use crate::domain::money::{Amount, Currency};
use crate::domain::options::Options;

const BACKENDS: [&str; 2] = ["main", "spare"];

/// Few ids, so that links replace each other; each with a token of its own.
fn link() -> impl Strategy<Value = Link> {
    use LinkState::{Burned, Live, Refused, Requested, Retired, Wanted};
    let states = vec![Wanted, Requested, Live, Refused, Retired, Burned];
    (
        0..12_u128,
        select(&BACKENDS[..]),
        select(vec![Purpose::Permanent, Purpose::Single]),
        proptest::option::of(0..3_u128),
        select(states),
        any::<u16>(),
    )
        .prop_map(|(id, backend, purpose, product, state, token)| Link {
            id: LinkId(Uuid::from_u128(id)),
            backend: backend.to_owned(),
            account: String::new(),
            purpose,
            product: product.map(|product| ProductId(Uuid::from_u128(product))),
            amount: Amount::new(1, Currency::from_code("EUR").unwrap()),
            asking: Asking::Fixed,
            title: String::new(),
            word: String::new(),
            description: String::new(),
            token: format!("{id}-{token}"),
            state,
            remote: None,
            sale: None,
            is_custom: false,
            reports_to: None,
            options: Options::default(),
            created_at: Timestamp::from_millis(0),
            expires_at: None,
        })
}

proptest! {
    #[test]
    fn what_is_found_by_an_index_is_what_a_look_at_every_link_finds(
        links in proptest::collection::vec(link(), 0..40)
    ) {
        let mut book = LinkBook::default();
        for link in &links {
            book.put(link.clone());
        }
        let live = book.iter().filter(|link| link.state == LinkState::Live);
        let shown = live.filter(|link| sticker_of(link).is_some());
        prop_assert_eq!(book.permanent_count(), shown.count());
        for backend in BACKENDS {
            for product in (0..3).map(|number| ProductId(Uuid::from_u128(number))) {
                let is_its = |link: &&Link| {
                    link.backend == backend && sticker_of(link) == Some(product)
                };
                let newest = book.iter().filter(is_its).last();
                prop_assert_eq!(book.permanent(backend, product), newest);
                let Some(newest) = newest else { continue };
                let is_replaced = |link: &&Link| {
                    is_its(link) && link.id != newest.id && link.state == LinkState::Live
                };
                let replaced: Vec<_> = book.iter().filter(is_replaced).cloned().collect();
                prop_assert_eq!(book.replaced_by(newest), replaced);
            }
        }
    }
}
