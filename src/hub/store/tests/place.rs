//! Where a test's database is.

use tempfile::TempDir;

use super::super::Store;
use crate::domain::id::Entropy;

/// Each of these on every database.
macro_rules! promises {
    ($($name:ident,)*) => {
        mod sqlite {
            use super::Place;
            $(#[tokio::test]
            async fn $name() {
                super::$name(Place::sqlite()).await;
            })*
        }

        #[cfg(feature = "postgres")]
        mod on_postgres {
            use super::Place;
            $(#[tokio::test]
            async fn $name() {
                if let Some(place) = Place::postgres(stringify!($name)) {
                    super::$name(place).await;
                }
            })*
        }
    };
}

/// A database of a test's own.
pub(super) enum Place {
    /// A file in a folder.
    Sqlite(TempDir),
    /// On the server that the tests share.
    #[cfg(feature = "postgres")]
    Postgres(&'static super::postgres::Server, String),
}

impl Place {
    pub(super) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// None where there is no PostgreSQL.
    #[cfg(feature = "postgres")]
    pub(super) fn postgres(test: &str) -> Option<Self> {
        let server = super::postgres::shared(test)?;
        Some(Self::Postgres(server, server.database()))
    }

    pub(super) async fn open(&self, seed: u8) -> Store {
        let address = match self {
            Self::Sqlite(folder) => {
                format!("sqlite:{}", folder.path().join("hub.sqlite3").display())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server, database) => server.address(database),
        };
        let entropy = Entropy::new([seed; 32]);
        Store::open(&address, entropy).await.unwrap()
    }

    /// What another process would open; the same where there may be one only.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unused_async, reason = "a file is opened once")
    )]
    pub(super) async fn again(&self, store: &Store) -> Store {
        match self {
            Self::Sqlite(_) => store.clone(),
            #[cfg(feature = "postgres")]
            Self::Postgres(..) => self.open(210).await,
        }
    }

    /// A copy of everything in it.
    pub(super) fn copy(&self) -> Self {
        match self {
            Self::Sqlite(folder) => {
                let copy = tempfile::tempdir().unwrap();
                let reader = crate::io::sqlite::open_reader(&folder.path().join("hub.sqlite3"));
                let file = copy.path().join("hub.sqlite3");
                crate::io::sqlite::backup(&reader.unwrap(), &file).unwrap();
                Self::Sqlite(copy)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(server, database) => Self::Postgres(server, copied(server, database)),
        }
    }
}

/// A new database with what is in another one, which loses all its connections.
#[cfg(feature = "postgres")]
fn copied(server: &super::postgres::Server, database: &str) -> String {
    let copy = format!("{database}_copy");
    let ends = format!(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{database}'"
    );
    server.sql("postgres", &ends);
    server.sql(
        "postgres",
        &format!("CREATE DATABASE {copy} TEMPLATE {database}"),
    );
    copy
}
