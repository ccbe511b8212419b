//! Disks that are full, read-only or held by somebody else: nothing is written, and the till goes on.

use std::time::Duration;

use rusqlite::Connection;

use super::sample::{at, sample};
use super::*;

fn pragma(store: &Store, name: &str, value: i64) {
    // Some pragmas answer with a row and some do not.
    drop(
        store
            .connection
            .pragma_update_and_check(None, name, value, |_row| Ok(())),
    );
}

#[test]
fn a_full_disk_loses_the_step_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    pragma(&store, "max_page_count", 1);
    let large = [
        Write::Setting {
            key: "large",
            value: "x".repeat(100_000),
        },
        Write::Journal(sample.entry("large")),
    ];
    assert_eq!(store.commit(&large), Err(CommitError::Full));
    let kept = store.recover(at(0)).unwrap();
    assert_eq!((kept.settings.len(), kept.sales.len()), (1, 1));
    pragma(&store, "max_page_count", 1_000_000);
    store.commit(&large).unwrap();
    assert_eq!(store.verify_journal().unwrap().number, 2);
}

#[test]
fn a_database_that_cannot_be_written_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    pragma(&store, "query_only", 1);
    assert_eq!(store.commit(&sample.writes()), Err(CommitError::ReadOnly));
    pragma(&store, "query_only", 0);
    store.commit(&sample.writes()).unwrap();
}

#[test]
fn somebody_elses_lock_is_waited_for_and_then_told() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store
        .connection
        .busy_timeout(Duration::from_millis(20))
        .unwrap();
    let other = Connection::open(store.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(store.commit(&sample.writes()), Err(CommitError::Busy));
    other.execute_batch("ROLLBACK").unwrap();
    store.commit(&sample.writes()).unwrap();
}

#[test]
fn a_power_cut_after_any_commit_leaves_whole_steps() {
    let sample = sample();
    let steps: Vec<Vec<Write>> = sample
        .writes()
        .into_iter()
        .map(|write| vec![write])
        .collect();
    for last in 0..=steps.len() {
        let folder = tempfile::tempdir().unwrap();
        let commit = u64::try_from(last).unwrap();
        let mut store = open(folder.path()).with_fault(Fault::StopAfter { commit });
        let done = steps
            .iter()
            .filter(|step| store.commit(step).is_ok())
            .count();
        assert_eq!(done, last);
        drop(store);
        // The till decides the same again, and ends where it would have ended.
        let mut store = open(folder.path());
        for step in &steps {
            store.commit(step).unwrap();
        }
        let recovered = store.recover(at(0)).unwrap();
        assert_eq!(recovered.sales, [sample.record()]);
        assert_eq!(recovered.links, std::slice::from_ref(&sample.link));
    }
}
