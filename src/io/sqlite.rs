//! SQLite as both programs use it: one way to open a database, checked before it is trusted.
//!
//! Every setting here was paid for in experiments: WAL with `synchronous=FULL` lost no acknowledged
//! row in thousands of simulated power cuts, anything less did. What is asked for is read back, for a
//! disk error may leave a database in another mode while every call says that all is well.
//!
//! Knows nothing of tables; those are in the migrations that the caller brings.

mod error;
mod schema;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

pub use error::SqliteError;
#[cfg(feature = "terminal")]
pub(super) use error::is_full;
pub use schema::Schema;
#[cfg(feature = "terminal")]
pub use schema::is_current;

/// The first library without the WAL-reset defect, which could lose committed rows.
const LIBRARY_MIN: i32 = 3_051_003;
/// How long a connection waits for another one's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Prepared statements that a connection keeps: more than the store has.
const STATEMENTS_KEPT: usize = 64;
/// Pages that a backup copies at once.
const BACKUP_PAGES: i32 = 1_000;

/// Opens a database for its only writer: makes it where there is none, checks it, brings it to the
/// newest schema.
pub fn open_writer(path: &Path, schema: &Schema) -> Result<Connection, SqliteError> {
    check_library()?;
    create_private(path)?;
    let in_file = |source| SqliteError::sqlite(path, source);
    enter_wal(path).map_err(in_file)?;
    // A second connection: the first would repeat what it asked for, not what the file says.
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(in_file)?;
    configure(&connection).map_err(in_file)?;
    check_settings(&connection, path)?;
    quick_check(&connection, path)?;
    schema::migrate(&mut connection, path, schema)?;
    Ok(connection)
}

/// Opens a second connection that can only read. The writer must have opened the file before.
pub fn open_reader(path: &Path) -> Result<Connection, SqliteError> {
    let open = || {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        configure(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    open().map_err(|source| SqliteError::sqlite(path, source))
}

/// Copies a database while it is in use. The copy appears under `target` only when it is whole and
/// on disk. The file itself is never opened beside SQLite: closing it would drop SQLite's locks.
pub fn backup(connection: &Connection, target: &Path) -> Result<(), SqliteError> {
    let partial = suffixed(target, ".partial");
    let in_file = |source| SqliteError::file(&partial, source);
    match std::fs::remove_file(&partial) {
        Ok(()) => {}
        Err(gone) if gone.kind() == std::io::ErrorKind::NotFound => {}
        Err(source) => return Err(in_file(source)),
    }
    create_private(&partial)?;
    copy_pages(connection, &partial).map_err(|source| SqliteError::sqlite(&partial, source))?;
    let copy = std::fs::File::open(&partial).map_err(in_file)?;
    copy.sync_all().map_err(in_file)?;
    std::fs::rename(&partial, target).map_err(in_file)?;
    sync_folder_of(target)
}

fn copy_pages(connection: &Connection, target: &Path) -> rusqlite::Result<()> {
    let mut copy = Connection::open(target)?;
    {
        let backup = Backup::new(connection, &mut copy)?;
        loop {
            match backup.step(BACKUP_PAGES)? {
                StepResult::Done => break,
                StepResult::More => {}
                // Another connection holds a lock for a moment.
                StepResult::Busy | StepResult::Locked | _ => {
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        }
    }
    copy.close().map_err(|(_connection, source)| source)
}

fn check_library() -> Result<(), SqliteError> {
    if rusqlite::version_number() < LIBRARY_MIN {
        return Err(SqliteError::OldLibrary {
            found: rusqlite::version(),
        });
    }
    Ok(())
}

/// Makes an empty file that only its owner can read; SQLite gives the files beside it the same rights.
fn create_private(path: &Path) -> Result<(), SqliteError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_empty) => sync_folder_of(path),
        Err(there) if there.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(SqliteError::file(path, source)),
    }
}

/// Asks for WAL and steps the pragma to its end: a disk error shows only on the step after the answer.
fn enter_wal(path: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    {
        let mut pragma = connection.prepare("PRAGMA journal_mode=WAL")?;
        let mut rows = pragma.query([])?;
        while rows.next()?.is_some() {}
    }
    connection.close().map_err(|(_connection, source)| source)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.execute_batch(
        "PRAGMA synchronous=FULL;
         PRAGMA foreign_keys=ON;
         PRAGMA trusted_schema=OFF;
         PRAGMA cell_size_check=ON;
         PRAGMA journal_size_limit=67108864;
         PRAGMA mmap_size=0;
         PRAGMA wal_autocheckpoint=1000;",
    )
}

fn check_settings(connection: &Connection, path: &Path) -> Result<(), SqliteError> {
    let journal: String = pragma(connection, path, "journal_mode")?;
    let synchronous: i64 = pragma(connection, path, "synchronous")?;
    let foreign_keys: i64 = pragma(connection, path, "foreign_keys")?;
    for (setting, found, wanted) in [
        ("journal_mode", journal, "wal"),
        ("synchronous", synchronous.to_string(), "2"),
        ("foreign_keys", foreign_keys.to_string(), "1"),
    ] {
        if found != wanted {
            return Err(SqliteError::Setting {
                path: path.to_owned(),
                setting,
                found,
                wanted,
            });
        }
    }
    Ok(())
}

fn quick_check(connection: &Connection, path: &Path) -> Result<(), SqliteError> {
    let damaged = |finding: String| SqliteError::Damaged {
        path: path.to_owned(),
        finding,
    };
    // A file that is no database at all answers with an error, not with a row.
    let finding: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|source| damaged(source.to_string()))?;
    if finding == "ok" {
        Ok(())
    } else {
        Err(damaged(finding))
    }
}

fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    path: &Path,
    name: &str,
) -> Result<T, SqliteError> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|source| SqliteError::sqlite(path, source))
}

/// The folder's entry is a write of its own; without it a new name may vanish with the power.
fn sync_folder_of(path: &Path) -> Result<(), SqliteError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| SqliteError::file(folder, source))
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
