//! Bringing a database to this release's tables, whoever else begins at the same moment.

use super::super::StoreError;
use super::error::PostgresError;
use super::line::{Deed, Line};
use super::session::{Bond, Rows};
use crate::domain::id::Entropy;

/// Step `n` (from 1) brings a database of version `n - 1` to version `n`; none ever changes.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
];

/// The table with one row that says which version the others have. Two that begin at the same time
/// wait for each other at this row's lock.
const VERSION: &str = "
    CREATE TABLE IF NOT EXISTS tillcode_hub (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        version BIGINT NOT NULL
    );
    INSERT INTO tillcode_hub (only_row, version) VALUES (1, 0) ON CONFLICT DO NOTHING";

/// The version after all migrations.
fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Applies what is missing.
///
/// # Errors
/// Where the tables are a later release's or somebody else's.
pub(super) async fn migrate(line: &mut Line, entropy: &mut Entropy) -> Result<(), StoreError> {
    line.transact(&Mark, entropy).await?;
    line.transact(&Migrate, entropy).await?;
    if line.transact(&Careless, entropy).await? {
        tracing::warn!(
            "PostgreSQL is set to fsync = off: what was acknowledged is lost when its machine's power goes"
        );
    }
    Ok(())
}

/// Makes the table with the version.
struct Mark;

impl Deed for Mark {
    type Done = ();

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<(), StoreError> {
        match rows.run(VERSION).await {
            // Another one made it just now, which PostgreSQL notices late.
            Err(error) if is_there(&error) || matches!(error, PostgresError::Twice) => {
                Err(PostgresError::Conflict.into())
            }
            made => Ok(made?),
        }
    }
}

/// Whether a table is there that was to be made: itself, or the type that comes with it.
fn is_there(error: &PostgresError) -> bool {
    matches!(error, PostgresError::Failed { code, .. } if code == "42P07" || code == "42710")
}

struct Migrate;

impl Deed for Migrate {
    type Done = ();

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<(), StoreError> {
        let row = rows
            .one(
                "SELECT version FROM tillcode_hub WHERE only_row = 1 FOR UPDATE",
                &[],
            )
            .await?;
        let row = row.ok_or(PostgresError::Foreign)?;
        let found: i64 = row.get(0);
        let newer = PostgresError::Newer {
            found,
            known: known(),
        };
        let Some(missing) = usize::try_from(found)
            .ok()
            .and_then(|done| MIGRATIONS.get(done..))
        else {
            return Err(newer.into());
        };
        for step in missing {
            match rows.run(step).await {
                Err(error) if is_there(&error) => return Err(PostgresError::Foreign.into()),
                done => done?,
            }
        }
        if !missing.is_empty() {
            rows.change("UPDATE tillcode_hub SET version = $1", &[&known()])
                .await?;
        }
        Ok(())
    }
}

/// Whether the server does not wait for its disk.
struct Careless;

impl Deed for Careless {
    type Done = bool;
    const BOND: Bond = Bond::Reads;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<bool, StoreError> {
        let row = rows
            .one("SELECT current_setting('fsync', true) = 'off'", &[])
            .await?;
        // Another store has no such setting.
        Ok(row.is_some_and(|row| row.get::<_, Option<bool>>(0) == Some(true)))
    }
}
