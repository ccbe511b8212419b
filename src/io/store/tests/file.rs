//! The file itself: its settings, its copies, its older schemas.

use rusqlite::Connection;

use super::sample::{at, sample};
use super::*;
use crate::domain::loose::LooseState;

#[test]
fn settings_that_keep_sales_safe_are_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let read = |name: &str| -> String {
        store
            .connection
            .pragma_query_value(None, name, |row| {
                row.get::<_, rusqlite::types::Value>(0)
                    .map(|value| format!("{value:?}"))
            })
            .unwrap()
    };
    for (name, wanted) in [
        ("journal_mode", "Text(\"wal\")"),
        ("synchronous", "Integer(2)"),
        ("foreign_keys", "Integer(1)"),
        ("trusted_schema", "Integer(0)"),
        ("cell_size_check", "Integer(1)"),
        ("busy_timeout", "Integer(5000)"),
        ("journal_size_limit", "Integer(67108864)"),
        ("wal_autocheckpoint", "Integer(1000)"),
        ("user_version", &format!("Integer({})", SCHEMA.version())),
    ] {
        assert_eq!(read(name), wanted, "{name}");
    }
}

#[test]
fn files_that_are_not_ours_or_too_new_are_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    drop(open(folder.path()));
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let newer = Store::open(&path).unwrap_err().to_string();
    assert!(
        newer.contains("schema 99") && newer.contains("install the newer"),
        "{newer}"
    );

    let foreign = folder.path().join("foreign.sqlite3");
    let raw = Connection::open(&foreign).unwrap();
    raw.execute_batch("CREATE TABLE song (title TEXT)").unwrap();
    drop(raw);
    let refused = Store::open(&foreign).unwrap_err().to_string();
    assert!(refused.contains("another program"), "{refused}");

    let noise = folder.path().join("noise.sqlite3");
    std::fs::write(&noise, [7; 8_192]).unwrap();
    assert!(Store::open(&noise).is_err());
    assert_eq!(std::fs::read(&noise).unwrap(), [7; 8_192]);
}

#[test]
fn a_backup_is_a_database_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample();
    let mut store = open(folder.path());
    store.commit(&sample.writes()).unwrap();
    let copy = folder.path().join("copy.sqlite3");
    store.backup_to(&copy).unwrap();
    store.backup_to(&copy).unwrap();
    store.commit(&[Write::CartDone(sample.cart.id)]).unwrap();
    let restored = Store::open(&copy).unwrap().recover(at(0)).unwrap();
    assert_eq!(restored.carts, [sample.cart]);
    assert!(!folder.path().join("copy.sqlite3.partial").exists());
}

#[test]
fn rows_that_are_read_while_the_file_is_checked_are_the_same_and_not_believed_where_it_is_damaged()
{
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let (mut store, new) = Store::open_and_recover(&path, at(0), |rows| rows).unwrap();
    assert!(new.catalog.products().is_empty(), "a new file");
    store.commit(&sample().writes()).unwrap();
    let expected = format!("{:?}", store.recover(at(0)).unwrap());
    drop(store);
    assert!(
        recover::ahead(&path, at(0)).is_some(),
        "nothing is in its way"
    );
    let (store, found) = Store::open_and_recover(&path, at(0), |rows| rows).unwrap();
    assert_eq!(format!("{found:?}"), expected);
    drop(store);

    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    assert!(recover::ahead(&path, at(0)).is_none(), "an earlier release");
    raw.pragma_update(None, "user_version", SCHEMA.version())
        .unwrap();
    // The price of a product becomes a text: what `quick_check` finds.
    raw.execute_batch(
        "PRAGMA writable_schema=ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'INTEGER NOT NULL', 'TEXT NOT NULL')
             WHERE name = 'product';",
    )
    .unwrap();
    drop(raw);
    let refused = Store::open_and_recover(&path, at(0), |rows| rows).unwrap_err();
    assert!(refused.to_string().contains("damaged"), "{refused}");
}

/// The fixture is made once for each schema, by `make_fixture` below, and never again.
#[test]
fn every_old_database_still_opens() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stores");
    let mut opened = 0;
    for entry in std::fs::read_dir(fixtures).unwrap() {
        let old = entry.unwrap().path();
        if old
            .extension()
            .is_none_or(|extension| extension != "sqlite3")
        {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&old, folder.path().join(FILE_NAME)).unwrap();
        let store = open(folder.path());
        assert_eq!(store.verify_journal().unwrap().number, 1);
        let recovered = store.recover(at(0)).unwrap();
        assert_eq!(recovered.sales, [sample().record()], "{}", old.display());
        assert_eq!(recovered.links, [sample().link]);
        opened += 1;
    }
    assert_eq!(
        opened,
        SCHEMA.migrations.len(),
        "one fixture for each schema"
    );
}

/// Of the schema before the fifth no such row could be read.
#[test]
fn a_payment_that_another_till_had_is_read_from_an_old_database() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stores");
    let file = folder.path().join(FILE_NAME);
    std::fs::copy(fixtures.join("0004.sqlite3"), &file).unwrap();
    let row = r#"{"backend":"main","payment":"p1","link":"00000000-0000-0000-0000-000000000008",
        "status":"charged","amount":{"minor":100,"currency":"EUR"},"proof":"CONFIRMED","heard_at":9,
        "product":null,"title":"Tea","till":"Till 3","shared":true,"state":"elsewhere","till":"Till 2"}"#;
    let raw = Connection::open(&file).unwrap();
    raw.execute(
        "INSERT INTO loose (backend, payment, state, heard_at, row)
         VALUES ('main', 'p1', 'elsewhere', 9, ?1)",
        [row],
    )
    .unwrap();
    drop(raw);
    let keys = Keys {
        payments: vec![("main".to_owned(), "p1".to_owned())],
        ..Keys::default()
    };
    let rows = open(folder.path()).rows(&keys).unwrap();
    let till = "Till 2".to_owned();
    assert_eq!(rows.loose[0].state, LooseState::Elsewhere { till });
    assert_eq!(rows.loose[0].till.as_deref(), Some("Till 3"));
}

/// A new migration finds its fixture missing, writes it and fails once, so that it is committed.
#[test]
fn the_present_schema_has_its_fixture() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/data/stores/{:04}.sqlite3", SCHEMA.version()));
    if target.exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.commit(&sample().writes()).unwrap();
    store.connection.execute_batch("VACUUM").unwrap();
    store.backup_to(&target).unwrap();
    panic!(
        "{} was missing and has been written: commit it",
        target.display()
    );
}
