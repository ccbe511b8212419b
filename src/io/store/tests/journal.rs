//! A journal that was changed from outside.

use rusqlite::Connection;

use super::sample::sample;
use super::*;

#[test]
fn a_changed_journal_is_found_with_the_number_of_the_row() {
    let sample = sample();
    let tampered = |sql: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let mut store = open(folder.path());
        for what in ["a", "b", "c", "d"] {
            store.commit(&[Write::Journal(sample.entry(what))]).unwrap();
        }
        assert_eq!(store.verify_journal().unwrap().number, 4);
        drop(store);
        let raw = Connection::open(&path).unwrap();
        assert!(
            raw.execute_batch(sql).is_err(),
            "the triggers stand in the way first"
        );
        raw.execute_batch("DROP TRIGGER journal_stays; DROP TRIGGER journal_kept;")
            .unwrap();
        raw.execute_batch(sql).unwrap();
        drop(raw);
        match Store::open(&path) {
            Err(StoreError::JournalAltered { number }) => number,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        tampered("UPDATE journal SET detail = '{\"minor\":1}' WHERE number = 3"),
        3
    );
    assert_eq!(
        tampered("UPDATE journal SET at = at + 1 WHERE number = 1"),
        1
    );
    assert_eq!(tampered("DELETE FROM journal WHERE number = 2"), 2);
    assert_eq!(tampered("DELETE FROM journal WHERE number = 4"), 4);
    assert_eq!(
        tampered("UPDATE journal SET actor = actor || what, what = '' WHERE number = 2"),
        2
    );
}

#[test]
fn a_verified_row_is_verified_again_by_the_whole_check_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let sample = sample();
    let mut store = open(folder.path());
    store
        .commit(&[
            Write::Journal(sample.entry("a")),
            Write::Journal(sample.entry("b")),
        ])
        .unwrap();
    drop(store);
    drop(open(folder.path()));
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("DROP TRIGGER journal_stays; UPDATE journal SET what = 'x' WHERE number = 1")
        .unwrap();
    drop(raw);
    let found = open(folder.path()).verify_journal();
    assert!(
        matches!(found, Err(StoreError::JournalAltered { number: 1 })),
        "{found:?}"
    );
}
