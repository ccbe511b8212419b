//! Opening, migrating and copying, with a schema of two small steps.

use super::*;

const ONE: Schema = Schema {
    application_id: 7,
    migrations: &["CREATE TABLE cup (id INTEGER NOT NULL PRIMARY KEY) STRICT;"],
};
const TWO: Schema = Schema {
    application_id: 7,
    migrations: &[
        "CREATE TABLE cup (id INTEGER NOT NULL PRIMARY KEY) STRICT;",
        "ALTER TABLE cup ADD COLUMN color TEXT NOT NULL DEFAULT 'white';",
    ],
};
const BROKEN: Schema = Schema {
    application_id: 7,
    migrations: &[
        "CREATE TABLE cup (id INTEGER NOT NULL PRIMARY KEY) STRICT;",
        "DELETE FROM cup; ALTER TABLE saucer ADD COLUMN color TEXT;",
    ],
};

fn cups(connection: &Connection) -> i64 {
    connection
        .query_row("SELECT count(*) FROM cup", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_migration_keeps_rows_and_leaves_a_copy_of_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cups");
    let old = open_writer(&path, &ONE).unwrap();
    old.execute_batch("INSERT INTO cup VALUES (1), (2)")
        .unwrap();
    drop(old);
    let new = open_writer(&path, &TWO).unwrap();
    assert_eq!(cups(&new), 2);
    drop(new);
    let copy = Connection::open(folder.path().join("cups.before-schema-2")).unwrap();
    assert_eq!(cups(&copy), 2);
    assert_eq!(pragma::<i64>(&copy, &path, "user_version").unwrap(), 1);
    let refused = open_writer(&path, &ONE).unwrap_err();
    assert!(matches!(
        refused,
        SqliteError::Newer {
            found: 2,
            known: 1,
            ..
        }
    ));
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cups");
    let old = open_writer(&path, &ONE).unwrap();
    old.execute_batch("INSERT INTO cup VALUES (1), (2)")
        .unwrap();
    drop(old);
    let failed = open_writer(&path, &BROKEN).unwrap_err();
    assert!(
        matches!(failed, SqliteError::Migration { version: 2, .. }),
        "{failed}"
    );
    assert_eq!(cups(&open_writer(&path, &ONE).unwrap()), 2);
}

#[test]
fn another_applications_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cups");
    drop(open_writer(&path, &ONE).unwrap());
    let other = Schema {
        application_id: 8,
        ..ONE
    };
    let refused = open_writer(&path, &other).unwrap_err();
    assert!(matches!(refused, SqliteError::Foreign { .. }), "{refused}");
}

#[test]
fn a_reader_reads_and_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cups");
    let writer = open_writer(&path, &ONE).unwrap();
    let reader = open_reader(&path).unwrap();
    writer.execute_batch("INSERT INTO cup VALUES (1)").unwrap();
    assert_eq!(cups(&reader), 1);
    assert!(reader.execute_batch("INSERT INTO cup VALUES (2)").is_err());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cups");
    let writer = open_writer(&path, &ONE).unwrap();
    backup(&writer, &folder.path().join("copy")).unwrap();
    for name in ["cups", "cups-wal", "copy"] {
        let mode = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
