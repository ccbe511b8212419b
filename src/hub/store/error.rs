//! Why the hub's database did not do what was asked. Never holds its address: there may be a password
//! in it.

use uuid::Uuid;

use crate::io::sqlite::SqliteError;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be used.
    #[error(transparent)]
    Open(#[from] SqliteError),
    /// A statement failed; nothing of its transaction is there.
    #[error("the hub's database failed ({0}): see whether its disk is full or broken")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL did not do it.
    #[cfg(feature = "postgres")]
    #[error(transparent)]
    Postgres(#[from] super::postgres::PostgresError),
    /// Not compiled in.
    #[cfg(not(feature = "postgres"))]
    #[error(
        "this hub was built without PostgreSQL: use sqlite:PATH, or build it with the feature postgres"
    )]
    NoPostgres,
    /// The thread that writes is gone; only at the end.
    #[error("the hub is shutting down")]
    Closed,
    /// More waits than the hub can hold.
    #[error("the hub has more to do than it can: ask again later")]
    Busy,
    /// A commit failed.
    #[error("this was not stored: post it again")]
    NotStored,
    /// The system has no thread for it.
    #[error("the system gave no thread for the database ({0}): end other programs")]
    NoThread(std::io::Error),
    /// Two of the same name in one shop.
    #[error("{shop} has {noun} {name:?} already: choose another name")]
    Taken {
        /// The shop's name.
        shop: String,
        /// "a terminal" or "an endpoint".
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// No such endpoint.
    #[error("there is no endpoint {0}: see `tillcode-hub endpoint list`")]
    UnknownEndpoint(Uuid),
    /// No such terminal.
    #[error("there is no terminal {0}: see `tillcode-hub terminal list`")]
    UnknownTerminal(Uuid),
    /// What is stored cannot be read.
    #[error("a row of the hub's database cannot be read ({0}): restore a backup")]
    Unreadable(String),
}
