//! Where the hub stores: a SQLite file of its own, or a PostgreSQL that several hubs share.

use std::path::Path;
use std::sync::Mutex;

use crate::io::sqlite;

/// The hub's tables, by migration.
/// Spells `TcHb`, so that no other program and no till takes this file for its own.
const SCHEMA: sqlite::Schema = sqlite::Schema {
    application_id: 0x5463_4862,
    migrations: &[],
};

/// Why the database cannot be used. Never holds its address: there may be a password in it.
#[derive(Debug, thiserror::Error)]
pub(super) enum DatabaseError {
    /// The file.
    #[error(transparent)]
    Sqlite(#[from] sqlite::SqliteError),
    /// The server.
    #[cfg(feature = "postgres")]
    #[error("the PostgreSQL server cannot be used: check its address and that it runs")]
    Postgres(#[from] tokio_postgres::Error),
    /// Not compiled in.
    #[cfg(not(feature = "postgres"))]
    #[error(
        "this hub was built without PostgreSQL: use sqlite:PATH, or build it with the feature postgres"
    )]
    NoPostgres,
}

/// An open database.
pub(super) enum Database {
    /// One file, one process. A lock, since one connection is not shared between threads.
    Sqlite(Mutex<rusqlite::Connection>),
    /// A server.
    #[cfg(feature = "postgres")]
    Postgres(tokio_postgres::Client),
}

impl Database {
    /// Opens `sqlite:PATH` or `postgres://…`.
    pub(super) async fn open(address: &str) -> Result<Self, DatabaseError> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            let connection = sqlite::open_writer(Path::new(path), &SCHEMA)?;
            return Ok(Self::Sqlite(Mutex::new(connection)));
        }
        open_postgres(address).await
    }

    /// Whether it answers now.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unused_async, reason = "only PostgreSQL is waited for")
    )]
    pub(super) async fn is_ready(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection
                .lock()
                .is_ok_and(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).is_ok()),
            #[cfg(feature = "postgres")]
            Self::Postgres(client) => client.simple_query("SELECT 1").await.is_ok(),
        }
    }
}

#[cfg(feature = "postgres")]
async fn open_postgres(address: &str) -> Result<Database, DatabaseError> {
    let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await?;
    // The connection works until the client is dropped; what breaks it shows in `is_ready`.
    drop(tokio::spawn(connection));
    Ok(Database::Postgres(client))
}

#[cfg(not(feature = "postgres"))]
#[expect(clippy::unused_async, reason = "the same signature as with PostgreSQL")]
async fn open_postgres(_address: &str) -> Result<Database, DatabaseError> {
    Err(DatabaseError::NoPostgres)
}
