//! Bringing a database to the newest schema, step by step, and refusing one that is not ours.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::SqliteError;
use super::{backup, pragma, suffixed};

/// What a database must look like.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Marks the file as ours (`PRAGMA application_id`).
    pub application_id: i32,
    /// Step `n` (from 1) brings a database of version `n - 1` to version `n`; none ever changes.
    pub migrations: &'static [&'static str],
}

impl Schema {
    /// The version after all migrations.
    pub fn version(&self) -> i64 {
        i64::try_from(self.migrations.len()).unwrap_or(i64::MAX)
    }
}

/// Whether a database is ours and lacks no migration.
#[cfg(feature = "terminal")]
pub fn is_current(connection: &Connection, schema: &Schema) -> rusqlite::Result<bool> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok(
        number("application_id")? == i64::from(schema.application_id)
            && number("user_version")? == schema.version(),
    )
}

/// Applies what is missing, each step in one transaction, after a backup of what was there.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    schema: &Schema,
) -> Result<(), SqliteError> {
    let found: i64 = pragma(connection, path, "user_version")?;
    let known = schema.version();
    let newer = |found| SqliteError::Newer {
        path: path.to_owned(),
        found,
        known,
    };
    check_owner(connection, path, schema, found)?;
    let done = usize::try_from(found).map_err(|_negative| newer(found))?;
    let Some(missing) = schema.migrations.get(done..) else {
        return Err(newer(found));
    };
    if done > 0 && !missing.is_empty() {
        backup(
            connection,
            &suffixed(path, &format!(".before-schema-{known}")),
        )?;
    }
    for (version, sql) in (found.saturating_add(1)..).zip(missing) {
        apply(connection, schema.application_id, version, sql).map_err(|source| {
            SqliteError::Migration {
                path: path.to_owned(),
                version,
                source,
            }
        })?;
    }
    Ok(())
}

/// Refuses a file with somebody else's tables before anything is written to it.
fn check_owner(
    connection: &Connection,
    path: &Path,
    schema: &Schema,
    version: i64,
) -> Result<(), SqliteError> {
    let owner: i32 = pragma(connection, path, "application_id")?;
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|source| SqliteError::sqlite(path, source))?;
    let is_new = owner == 0 && version == 0 && tables == 0;
    if is_new || owner == schema.application_id {
        Ok(())
    } else {
        Err(SqliteError::Foreign {
            path: path.to_owned(),
        })
    }
}

fn apply(
    connection: &mut Connection,
    application_id: i32,
    version: i64,
    sql: &str,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(sql)?;
    transaction.pragma_update(None, "application_id", application_id)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}
