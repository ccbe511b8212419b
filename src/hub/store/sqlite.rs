//! The hub on one SQLite file.
//!
//! One thread writes. Notifications that wait when it is free go into one transaction, so that a slow
//! disk is asked to sync once for all of them; a lone one does not wait for company. Another thread
//! reads, so that feeds and notifications do not hold each other up.

mod admin;
mod feed;
mod forget;
mod join;
mod owners;
mod rotate;
mod rows;
mod shop;
mod stickers;
mod take;
mod thread;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::oneshot;
use uuid::Uuid;

use self::thread::{Reads, Work, Writes};
use super::types::{Arrival, Claiming, EndpointRow, Fed, Retirement, Sharing, Taken, TerminalRow};
use super::{Joined, StoreError};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::io::sqlite;
use crate::proto::hub::{
    Claim, FeedRequest, OpenSale, Pair, PairingCode, Published, Token, TokenHash, ToldStickers,
};

const SCHEMA: sqlite::Schema = sqlite::Schema {
    // Spells `TcHb`, so that no other program and no till takes this file for its own.
    application_id: 0x5463_4862,
    migrations: &[
        include_str!("migrations/0001.sql"),
        include_str!("migrations/0002.sql"),
        include_str!("migrations/0003.sql"),
    ],
};

/// Repetitions are known by keys in no order, so each notification changes another page: enough of them
/// are kept in memory (32 MiB), and they are copied from the log into the file more seldom, once for
/// many changes. When a commit is on disk stays as it is.
const FOR_MANY_WRITES: &str = "PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8000;";

/// An open file. Its threads end when the last clone is dropped.
#[derive(Clone)]
pub(super) struct SqliteStore {
    writes: Arc<Writes>,
    reads: Arc<Reads>,
}

impl SqliteStore {
    pub(super) fn open(path: &Path, entropy: Entropy) -> Result<Self, StoreError> {
        let writer = sqlite::open_writer(path, &SCHEMA)?;
        writer.execute_batch(FOR_MANY_WRITES)?;
        let reader = sqlite::open_reader(path)?;
        Ok(Self {
            writes: Arc::new(Writes::start(writer, entropy)?),
            reads: Arc::new(Reads::start(reader)?),
        })
    }

    pub(super) async fn take(&self, arrival: Arrival) -> Result<Taken, StoreError> {
        let (reply, taken) = oneshot::channel();
        self.writes.send(Work::Take(arrival, reply))?;
        taken.await.map_err(|_gone| StoreError::Closed)?
    }

    pub(super) async fn feed(
        &self,
        token: TokenHash,
        request: FeedRequest,
        now: Timestamp,
    ) -> Result<Fed, StoreError> {
        let (own, shop) = (request.after, request.shop_after);
        let asking = token.clone();
        let fed = self
            .read(move |connection| feed::read(connection, &asking, &request, now))
            .await?;
        if matches!(fed, Fed::Feed(..)) {
            let heard = Work::Heard {
                token,
                own,
                shop,
                now,
            };
            // Only a note: where it fails the next question makes it again.
            if let Err(error) = self.writes.send(heard) {
                tracing::debug!(%error, "how far a terminal has read is not noted");
            }
        }
        Ok(fed)
    }

    pub(super) async fn pair(
        &self,
        pair: Pair,
        now: Timestamp,
    ) -> Result<Option<Joined>, StoreError> {
        self.write(move |rows, entropy| join::pair(rows, entropy, &pair, now))
            .await
    }

    pub(super) async fn hooks(
        &self,
        token: TokenHash,
        known: Vec<Token>,
        now: Timestamp,
    ) -> Result<Option<Joined>, StoreError> {
        self.write(move |rows, entropy| join::hooks(rows, entropy, &token, &known, now))
            .await
    }

    pub(super) async fn publish(
        &self,
        token: TokenHash,
        links: Vec<Published>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |rows, _| shop::publish(rows, &token, &links, now))
            .await
    }

    pub(super) async fn open_sales(
        &self,
        token: TokenHash,
        sales: Vec<OpenSale>,
    ) -> Result<bool, StoreError> {
        self.write(move |rows, _| shop::open_sales(rows, &token, &sales))
            .await
    }

    pub(super) async fn claim(
        &self,
        token: TokenHash,
        claim: Claim,
        now: Timestamp,
    ) -> Result<Option<Claiming>, StoreError> {
        self.write(move |rows, entropy| shop::claim(rows, entropy, &token, &claim, now))
            .await
    }

    pub(super) async fn share_stickers(
        &self,
        token: TokenHash,
        told: ToldStickers,
    ) -> Result<Option<Sharing>, StoreError> {
        if told.stickers.is_empty() {
            return self
                .read(move |rows| stickers::hear(rows, &token, &told.after))
                .await;
        }
        self.write(move |rows, entropy| stickers::share(rows, entropy, &token, &told))
            .await
    }

    pub(super) async fn add_endpoint(
        &self,
        shop: String,
        kind: String,
        name: String,
        secret: Option<String>,
        now: Timestamp,
    ) -> Result<(EndpointRow, Token), StoreError> {
        self.write(move |rows, entropy| {
            admin::add_endpoint(rows, entropy, &shop, &kind, &name, secret.as_deref(), now)
        })
        .await
    }

    pub(super) async fn rotate_endpoint(
        &self,
        endpoint: Uuid,
        now: Timestamp,
    ) -> Result<(EndpointRow, Token), StoreError> {
        self.write(move |rows, entropy| rotate::rotate(rows, entropy, endpoint, now))
            .await
    }

    pub(super) async fn retire_addresses(
        &self,
        endpoint: Uuid,
        now: Timestamp,
    ) -> Result<Retirement, StoreError> {
        self.write(move |rows, _| rotate::retire(rows, endpoint, now))
            .await
    }

    pub(super) async fn add_terminal(
        &self,
        shop: String,
        name: String,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        self.write(move |rows, entropy| admin::add_terminal(rows, entropy, &shop, &name, now))
            .await
    }

    pub(super) async fn invite(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        self.write(move |rows, entropy| admin::invite(rows, entropy, terminal, now))
            .await
    }

    pub(super) async fn revoke(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<TerminalRow, StoreError> {
        self.write(move |rows, _| admin::revoke(rows, terminal, now))
            .await
    }

    pub(super) async fn replace(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        self.write(move |rows, entropy| admin::replace(rows, entropy, terminal, now))
            .await
    }

    pub(super) async fn forget(&self, before: Timestamp) -> Result<bool, StoreError> {
        self.write(move |rows, _| forget::before(rows, before))
            .await
    }

    pub(super) async fn endpoints(&self) -> Result<Vec<EndpointRow>, StoreError> {
        self.read(|connection| rows::endpoints(connection, None))
            .await
    }

    pub(super) async fn terminals(&self) -> Result<Vec<TerminalRow>, StoreError> {
        self.read(rows::terminals).await
    }

    pub(super) async fn is_ready(&self) -> bool {
        let (reply, ready) = oneshot::channel();
        let asked = self.writes.send(Work::Ready(reply));
        asked.is_ok() && matches!(ready.await, Ok(Ok(())))
    }

    /// Runs a transaction of its own on the writer's thread.
    async fn write<T: Send + 'static>(
        &self,
        deed: impl FnOnce(&Connection, &mut Entropy) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, done) = oneshot::channel();
        self.writes
            .send(Work::Deed(Box::new(move |connection, entropy| {
                // Whoever asked may have gone away; it is done all the same.
                drop(reply.send(thread::in_transaction(connection, |rows| {
                    deed(rows, entropy)
                })));
            })))?;
        done.await.map_err(|_gone| StoreError::Closed)?
    }

    async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.reads.send(Box::new(move |connection| {
            drop(reply.send(question(connection)));
        }))?;
        answer.await.map_err(|_gone| StoreError::Closed)?
    }
}
