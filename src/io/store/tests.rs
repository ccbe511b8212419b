//! The store against real files: what is written is there again, whatever happened in between.

mod disk;
mod file;
mod journal;
mod model;
mod paper;
mod sample;
mod sold;
mod stats;

use std::sync::Arc;

use super::*;
use crate::domain::id::LinkId;
use crate::domain::link::{Link, LinkState, Purpose};
use crate::domain::sale::Fact;
use crate::terminal::query::{Answer, Query};
use sample::{at, sample};

fn open(folder: &Path) -> Store {
    Store::open(&folder.join(FILE_NAME)).unwrap()
}

fn facts_of(store: &Store) -> usize {
    let recovered = store.recover(at(0)).unwrap();
    recovered
        .sales
        .iter()
        .map(|sale| sale.facts().count())
        .sum()
}

#[test]
fn a_commit_is_there_after_the_file_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    drop(store);

    let recovered = open(folder.path()).recover(at(0)).unwrap();
    let product = Arc::new(sample.product.clone());
    assert_eq!(recovered.catalog.products(), std::slice::from_ref(&product));
    assert_eq!(
        recovered.catalog.by_code(&product.sku),
        Some(&product),
        "the index comes with the rows"
    );
    assert_eq!(recovered.catalog.revision(), 1);
    assert_eq!(recovered.links, std::slice::from_ref(&sample.link));
    assert_eq!(recovered.jobs, std::slice::from_ref(&sample.job));
    assert_eq!(recovered.carts, std::slice::from_ref(&sample.cart));
    assert_eq!(recovered.sales, [sample.record()]);
    assert_eq!(recovered.settings["language"], "de");
    assert_eq!(
        recovered.settings.len(),
        1,
        "the store's own settings stay inside"
    );
}

#[test]
fn the_same_rows_twice_are_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    let mut again = sample.sale.clone();
    again.reference = "K7-9999".to_owned();
    store
        .commit(&[
            Write::Sale(again),
            Write::Fact {
                sale: sample.sale.id,
                fact: sample.shown(),
            },
            Write::Link(sample.link.clone()),
        ])
        .unwrap();
    let recovered = store.recover(at(0)).unwrap();
    assert_eq!(recovered.sales, [sample.record()]);
    assert_eq!(recovered.links.len(), 1);
}

#[test]
fn a_step_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    // The fact's sale is nowhere: a defect that the database must refuse, with all that came along.
    let refused = store.commit(&[
        Write::Product(sample.product.clone()),
        Write::Journal(sample.entry("sale_begun")),
        Write::Fact {
            sale: sample.sale.id,
            fact: sample.shown(),
        },
    ]);
    assert!(
        matches!(refused, Err(CommitError::Refused(_))),
        "{refused:?}"
    );
    let recovered = store.recover(at(0)).unwrap();
    assert!(recovered.catalog.products().is_empty());
    assert_eq!(store.verify_journal().unwrap().number, 0);
    store.commit(&sample.writes()).unwrap();
}

#[test]
fn a_step_may_name_a_sale_before_it_adds_it() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    let mut writes = sample.writes();
    writes.reverse();
    store.commit(&writes).unwrap();
    assert_eq!(store.recover(at(0)).unwrap().sales, [sample.record()]);
}

#[test]
fn a_closed_sale_of_the_past_stays_on_disk_until_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = sample();
    sample.link.state = LinkState::Burned;
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    let later = at(1_000_000);
    assert_eq!(store.recover(later).unwrap().sales.len(), 1, "it waits");
    store
        .commit(&[Write::Fact {
            sale: sample.sale.id,
            fact: Fact::Cancelled { at: at(60) },
        }])
        .unwrap();
    store.commit(&[Write::JobDone(sample.job.id)]).unwrap();
    let recovered = store.recover(later).unwrap();
    assert_eq!((recovered.sales.len(), recovered.links.len()), (0, 1));
    // A late payment brings its own sale with it.
    let remote = sample.link.remote.clone().unwrap().id;
    let by_id = Keys {
        links: vec![sample.link.id],
        ..Keys::default()
    };
    let by_remote = |backend: &str| Keys {
        remotes: vec![(backend.to_owned(), remote.clone())],
        ..Keys::default()
    };
    for (keys, found) in [
        (by_id, (1, 1)),
        (by_remote(&sample.link.backend), (1, 1)),
        (by_remote("another"), (0, 0)),
    ] {
        let rows = store.rows(&keys).unwrap();
        assert_eq!((rows.links.len(), rows.sales.len()), found, "{keys:?}");
    }
    let today = store.recover(sample.sale.created_at).unwrap();
    assert_eq!((today.links.len(), today.sales.len()), (1, 1));
}

#[test]
fn goods_that_went_out_unpaid_come_back_though_their_code_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    let sale = sample.sale.id;
    let claimed = Fact::Claimed {
        at: at(60),
        reason: "seen".to_owned(),
    };
    for (fact, waits) in [
        (claimed, true),
        (Fact::Expired { at: at(90) }, true),
        (
            Fact::Checked {
                found: false,
                at: at(120),
            },
            false,
        ),
    ] {
        store.commit(&[Write::Fact { sale, fact }]).unwrap();
        let later = store.recover(at(1_000_000)).unwrap();
        let mut reader = Reader::open(store.path()).unwrap();
        let Answer::Day { totals, .. } = reader.answer(&Query::Day { since: at(0) }) else {
            panic!()
        };
        let open = totals.first().map_or(0, |day| day.open_sales);
        assert_eq!(
            (later.sales.len(), open),
            (usize::from(waits), u32::from(waits))
        );
    }
}

#[test]
fn the_newest_closed_links_come_back_whatever_the_clock_says() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = sample();
    sample.link.state = LinkState::Burned;
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    store.commit(&[Write::JobDone(sample.job.id)]).unwrap();
    let century = at(3_155_760_000);
    let comes_back = |store: &mut Store| {
        let links = store.recover(century).unwrap().links;
        links.iter().any(|link| link.id == sample.link.id)
    };
    let spare = |number: u128| {
        Write::Link(Link {
            id: LinkId(uuid::Uuid::from_u128(number)),
            token: number.to_string(),
            state: LinkState::Expired,
            remote: None,
            sale: None,
            ..sample.link.clone()
        })
    };
    store
        .commit(&[Write::Fact {
            sale: sample.sale.id,
            fact: Fact::Cancelled { at: at(60) },
        }])
        .unwrap();
    let newer: Vec<_> = (1..2_000).map(spare).collect();
    store.commit(&newer).unwrap();
    assert!(comes_back(&mut store));
    store.commit(&[spare(2_000)]).unwrap();
    assert!(!comes_back(&mut store));
}

#[test]
fn after_an_unknown_commit_nothing_is_written_until_all_is_read_again() {
    for (fault, kept) in [
        (Fault::UnknownKept { commit: 2 }, 1),
        (Fault::UnknownLost { commit: 2 }, 0),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let sample = sample();
        let mut store = open(folder.path()).with_fault(fault);
        store.commit(&[Write::Sale(sample.sale.clone())]).unwrap();
        let fact = [Write::Fact {
            sale: sample.sale.id,
            fact: sample.shown(),
        }];
        for _ in 0..2 {
            assert!(matches!(store.commit(&fact), Err(CommitError::Unknown(_))));
        }
        store.reopen().unwrap();
        assert_eq!(facts_of(&store), kept, "{fault:?}");
        store.commit(&fact).unwrap();
        assert_eq!(facts_of(&store), 1, "doing it again is harmless");
    }
}

#[test]
fn lists_are_read_beside_the_writer_and_hold_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    let mut reader = Reader::open(store.path()).unwrap();

    let Answer::Links { links } = reader.answer(&Query::Links {
        limit: 10,
        purpose: None,
    }) else {
        panic!()
    };
    assert!(links[0].token.is_empty() && links[0].purpose == Purpose::Single);
    for (purpose, count) in [(Purpose::Single, 1), (Purpose::Permanent, 0)] {
        let purpose = Some(purpose);
        let Answer::Links { links } = reader.answer(&Query::Links { limit: 10, purpose }) else {
            panic!()
        };
        assert_eq!(links.len(), count, "{purpose:?}");
    }
    let by_reference = Query::SaleByReference {
        reference: sample.sale.reference.clone(),
    };
    let Answer::Sale { sale: Some(detail) } = reader.answer(&by_reference) else {
        panic!()
    };
    assert_eq!(detail.sale.url.as_deref(), sample.link.url());
    assert_eq!(detail.facts, [sample.shown()]);
    let Answer::Sales { sales } = reader.answer(&Query::Sales {
        since: at(0),
        limit: 0,
    }) else {
        panic!()
    };
    assert!(sales.is_empty(), "a limit is a limit");
    let Answer::Journal { entries } = reader.answer(&Query::Journal { limit: 9 }) else {
        panic!()
    };
    assert_eq!(
        (entries[0].number, entries[0].actor.as_str()),
        (1, "cashier")
    );
    assert!(matches!(
        reader.answer(&Query::Status),
        Answer::Failed { .. }
    ));
}

#[test]
fn both_threads_serve_and_stop() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let threads =
        StoreThread::start(open(folder.path()).with_fault(Fault::UnknownKept { commit: 2 }))
            .unwrap();
    let handle = threads.handle();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        handle.commit(sample.writes()).await.unwrap();
        let done = vec![Write::CartDone(sample.cart.id)];
        let unknown = handle.commit(done.clone()).await;
        assert!(matches!(unknown, Err(CommitError::Unknown(_))));
        let recovered = handle.reopen(at(0)).await.unwrap();
        assert!(recovered.carts.is_empty(), "the rows were there");
        handle.commit(done).await.unwrap();
        let answer = handle.query(Query::Products).await;
        assert!(matches!(answer, Answer::Products { products } if products.len() == 1));
        let keys = Keys {
            sales: vec![sample.sale.id],
            ..Keys::default()
        };
        assert_eq!(handle.rows(keys).await.unwrap().links.len(), 1);
        assert_eq!(handle.verify_journal().await.unwrap().number, 1);
        handle
            .backup_to(folder.path().join("b.sqlite3"))
            .await
            .unwrap();
    });
    threads.stop();
    runtime.block_on(async {
        assert_eq!(handle.commit(Vec::new()).await, Err(CommitError::Stopped));
        assert!(matches!(
            handle.query(Query::Products).await,
            Answer::Failed { .. }
        ));
    });
}
