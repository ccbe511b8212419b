//! One connection, and one transaction on it.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio_postgres::error::Severity;
use tokio_postgres::types::ToSql;
use tokio_postgres::{
    AsyncMessage, Client, Connection, IsolationLevel, Row, Statement, Transaction,
};

use super::address::Address;
use super::error::PostgresError;

/// How long a connection may take to be made.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// What every connection begins with. A commit is answered once it is on disk, on that of a standby
/// too where one is asked for, whatever the server's and the user's settings say: a weaker one would
/// lose what was acknowledged. Warnings are heard, since that such a wait was given up is told by one.
/// And nobody waits without end for a hub that was frozen in the middle.
const BEGINNING: &str = "
    SET default_transaction_isolation = 'read committed';
    SELECT set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END,
        false);
    SET client_min_messages = 'warning';
    SET statement_timeout = 10000;
    SET idle_in_transaction_session_timeout = 10000";

/// An argument of a statement.
pub(super) type Argument<'a> = &'a (dyn ToSql + Sync);

/// Takes what the server says unasked.
pub(super) type OnNotification = Box<dyn Fn(&tokio_postgres::Notification) + Send>;

/// An open connection; it ends when this is dropped.
pub(super) struct Session {
    client: Client,
    driver: JoinHandle<()>,
    warnings: Arc<AtomicU64>,
    statements: Statements,
}

/// Statements that the server knows on this connection.
#[derive(Default)]
struct Statements(Mutex<HashMap<&'static str, Statement>>);

impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Session {
    pub(super) async fn open(
        address: &Address,
        heard: Option<OnNotification>,
    ) -> Result<Self, PostgresError> {
        let late = |_late| PostgresError::Unreachable("it does not answer".to_owned());
        tokio::time::timeout(CONNECT_DEADLINE, Self::connect(address, heard))
            .await
            .map_err(late)?
    }

    async fn connect(
        address: &Address,
        heard: Option<OnNotification>,
    ) -> Result<Self, PostgresError> {
        let (client, connection) = address
            .config
            .connect(address.tls.clone())
            .await
            .map_err(|error| PostgresError::unreachable(&error))?;
        let warnings = Arc::new(AtomicU64::new(0));
        let driver = tokio::spawn(drive(connection, Arc::clone(&warnings), heard));
        let session = Self {
            client,
            driver,
            warnings,
            statements: Statements::default(),
        };
        session.client.batch_execute(BEGINNING).await?;
        Ok(session)
    }

    /// Whether it is known to be over.
    pub(super) fn is_over(&self) -> bool {
        self.client.is_closed()
    }

    /// Begins what a deed's statements are together.
    pub(super) async fn begin(&mut self, bond: Bond) -> Result<Rows<'_>, PostgresError> {
        let warned = self.warnings.load(Ordering::SeqCst);
        let via = match bond {
            Bond::Each => Via::Client(&self.client),
            Bond::Writes => Via::begin(&mut self.client, false).await?,
            Bond::Reads => Via::begin(&mut self.client, true).await?,
        };
        Ok(Rows {
            via,
            warned,
            warnings: &self.warnings,
            statements: &self.statements,
        })
    }

    /// One statement outside of any transaction.
    pub(super) async fn say(
        &self,
        sql: &str,
        arguments: &[Argument<'_>],
    ) -> Result<Vec<Row>, PostgresError> {
        Ok(self.client.query(sql, arguments).await?)
    }

    /// Several statements without arguments or answers.
    pub(super) async fn tell(&self, sql: &str) -> Result<(), PostgresError> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Until the connection is over.
    pub(super) async fn over(&mut self) {
        // It ends in no other way than by its end.
        drop((&mut self.driver).await);
    }
}

/// Moves bytes. A warning is counted before the answer behind it is handed out, so that whoever has
/// the answer knows of the warning.
async fn drive<S, T>(
    mut connection: Connection<S, T>,
    warnings: Arc<AtomicU64>,
    heard: Option<OnNotification>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
        match message {
            AsyncMessage::Notice(notice) => {
                let is_warning = notice.parsed_severity() == Some(Severity::Warning)
                    || notice.severity() == "WARNING";
                if is_warning {
                    warnings.fetch_add(1, Ordering::SeqCst);
                    tracing::warn!(
                        code = notice.code().code(),
                        "PostgreSQL: {}",
                        notice.message()
                    );
                }
            }
            AsyncMessage::Notification(notification) => {
                if let Some(heard) = &heard {
                    heard(&notification);
                }
            }
            _ => {}
        }
    }
}

/// What the statements of a deed are together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bond {
    /// One transaction.
    Writes,
    /// One transaction that sees the database as it was at its beginning, and changes nothing.
    Reads,
    /// Nothing: each is a transaction of its own.
    Each,
}

/// Where statements go.
enum Via<'a> {
    Transaction(Transaction<'a>),
    Client(&'a Client),
}

impl<'a> Via<'a> {
    async fn begin(client: &'a mut Client, reads: bool) -> Result<Self, PostgresError> {
        let begin = client.build_transaction();
        let begin = if reads {
            begin
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
        } else {
            begin.isolation_level(IsolationLevel::ReadCommitted)
        };
        // Whatever it was: nothing was begun, and the next connection may do it.
        let transaction = begin.start().await.map_err(|_lost| PostgresError::Ended)?;
        Ok(Self::Transaction(transaction))
    }

    fn client(&self) -> &Client {
        match self {
            Self::Transaction(transaction) => transaction.client(),
            Self::Client(client) => client,
        }
    }
}

/// Statements under way. Nothing of a transaction is there if it is dropped.
pub(super) struct Rows<'a> {
    via: Via<'a>,
    /// Warnings before the first.
    warned: u64,
    warnings: &'a AtomicU64,
    statements: &'a Statements,
}

impl Rows<'_> {
    pub(super) async fn all(
        &self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> Result<Vec<Row>, PostgresError> {
        let statement = self.prepared(sql).await?;
        Ok(self.via.client().query(&statement, arguments).await?)
    }

    /// The first row, if there is one.
    pub(super) async fn one(
        &self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> Result<Option<Row>, PostgresError> {
        Ok(self.all(sql, arguments).await?.into_iter().next())
    }

    /// How many rows it changed.
    pub(super) async fn change(
        &self,
        sql: &'static str,
        arguments: &[Argument<'_>],
    ) -> Result<u64, PostgresError> {
        let statement = self.prepared(sql).await?;
        Ok(self.via.client().execute(&statement, arguments).await?)
    }

    /// Statements without arguments, one after the other.
    pub(super) async fn run(&self, sql: &str) -> Result<(), PostgresError> {
        Ok(self.via.client().batch_execute(sql).await?)
    }

    /// Whether all of it is on disk, on the standby's too where one is waited for. A commit that was
    /// answered with a warning is none: somebody gave the wait for the standby up, say.
    pub(super) async fn commit(self) -> Result<bool, PostgresError> {
        if let Via::Transaction(transaction) = self.via {
            transaction.commit().await?;
        }
        Ok(self.warnings.load(Ordering::SeqCst) == self.warned)
    }

    async fn prepared(&self, sql: &'static str) -> Result<Statement, PostgresError> {
        let known = || {
            self.statements
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(statement) = known().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.via.client().prepare(sql).await?;
        known().insert(sql, statement.clone());
        Ok(statement)
    }
}
