//! SQLite with the hub's own settings.

use std::time::Instant;

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::super::process::Place;
use super::{BATCH, ROWS_MAX};

/// Of a feed's row.
const COLUMNS: usize = 14;

/// How many rows, and how many a second.
pub(crate) fn sqlite(place: &Place) -> (usize, f64) {
    let file = place.file().unwrap();
    let mut connection = Connection::open(file).unwrap();
    connection
        .execute_batch(
            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON;
             PRAGMA mmap_size=0; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8000;",
        )
        .unwrap();
    let rows = read(
        &connection,
        "SELECT * FROM feed ORDER BY received_at LIMIT ?1",
        COLUMNS,
    );
    let seen = read(&connection, "SELECT * FROM seen ORDER BY at LIMIT ?1", 3);
    connection
        .execute_batch(
            "DELETE FROM feed; DELETE FROM seen; UPDATE stream SET last_seq = 0; VACUUM;
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .unwrap();
    let began = Instant::now();
    for (rows, seen) in rows.chunks(BATCH).zip(seen.chunks(BATCH)) {
        let transaction = connection.transaction().unwrap();
        for (row, seen) in rows.iter().zip(seen) {
            write(&transaction, row, seen);
        }
        transaction.commit().unwrap();
    }
    (
        rows.len(),
        rows.len() as f64 / began.elapsed().as_secs_f64(),
    )
}

fn read(connection: &Connection, question: &str, columns: usize) -> Vec<Vec<Value>> {
    let mut found = connection.prepare(question).unwrap();
    let rows = found.query_map([ROWS_MAX], |row| {
        (0..columns).map(|at| row.get(at)).collect()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn write(connection: &Connection, row: &[Value], seen: &[Value]) {
    connection
        .prepare_cached("INSERT INTO seen VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .unwrap()
        .execute(params_from_iter(seen))
        .unwrap();
    connection
        .prepare_cached("UPDATE stream SET last_seq = last_seq + 1 WHERE id = ?1")
        .unwrap()
        .execute(params![row[0]])
        .unwrap();
    connection
        .prepare_cached("INSERT INTO feed VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)")
        .unwrap()
        .execute(params_from_iter(row))
        .unwrap();
}
