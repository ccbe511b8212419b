//! The hub on PostgreSQL, together with any number of other processes.
//!
//! What it needs is what every store of the PostgreSQL protocol has: transactions, row locks, unique
//! keys. One task writes, all that waits in one transaction; a few connections read. Signals between
//! processes make it quick, and are needed for nothing else.
//!
//! Something new that is read or written is a [`line::Deed`], run by [`pool::Pool::transact`]: all of
//! it or nothing, tried again where others are in the way. What it stored in a stream is told by
//! [`signal::News::tell`] after its commit.

mod address;
mod admin;
mod error;
mod feed;
mod forget;
mod heard;
mod join;
mod line;
mod pool;
mod queue;
mod rotate;
mod route;
mod rows;
mod schema;
mod session;
mod shop;
mod signal;
mod stickers;
mod take;
mod tls;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};

pub use error::PostgresError;
use tokio::task::JoinSet;
use uuid::Uuid;

use self::address::Address;
use self::heard::{Heard, Notes};
use self::line::Line;
use self::pool::Pool;
use self::signal::News;
use self::writer::Writer;
use super::types::{Arrival, Claiming, EndpointRow, Fed, Retirement, Sharing, Taken, TerminalRow};
use super::{Joined, StoreError};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::hub::wake::Wakes;
use crate::proto::hub::{
    Claim, FeedRequest, OpenSale, Pair, PairingCode, Published, Token, TokenHash, ToldStickers,
};

/// An open database. Its tasks end when the last clone is dropped.
#[derive(Clone)]
pub(super) struct PostgresStore {
    writer: Writer,
    notes: Notes,
    pool: Arc<Pool>,
    news: Arc<News>,
    address: Arc<Address>,
    /// Those that exchange signals.
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl PostgresStore {
    pub(super) async fn open(address: &str, mut entropy: Entropy) -> Result<Self, StoreError> {
        let address = Arc::new(Address::parse(address)?);
        let mut line = Line::new(Arc::clone(&address));
        schema::migrate(&mut line, &mut entropy).await?;
        let news = Arc::new(News::default());
        let pool = Pool::new(Arc::clone(&address), Entropy::new(entropy.bytes()));
        let pool = Arc::new(pool);
        Ok(Self {
            writer: Writer::start(line, entropy, Arc::clone(&news)),
            notes: Notes::start(Arc::clone(&pool)),
            pool,
            news,
            address,
            tasks: Arc::default(),
        })
    }

    /// Begins to exchange signals with other processes.
    pub(super) fn wakes(&self, wakes: &Arc<Wakes>) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let (address, news) = (Arc::clone(&self.address), Arc::clone(&self.news));
        tasks.spawn(signal::exchange(address, news, Arc::downgrade(wakes)));
        tasks.spawn(signal::look(
            Arc::downgrade(&self.pool),
            Arc::downgrade(wakes),
        ));
    }

    pub(super) async fn take(&self, arrival: Arrival) -> Result<Taken, StoreError> {
        self.writer.take(arrival).await
    }

    pub(super) async fn feed(
        &self,
        token: TokenHash,
        request: FeedRequest,
        now: Timestamp,
    ) -> Result<Fed, StoreError> {
        let heard = Heard {
            own: request.after,
            shop: request.shop_after,
            at: now,
        };
        let ask = feed::Ask {
            token: token.clone(),
            request,
            now,
        };
        let fed = self.pool.transact(&ask).await?;
        if matches!(fed, Fed::Feed(..)) {
            self.notes.heard(token, heard);
        }
        Ok(fed)
    }

    pub(super) async fn pair(
        &self,
        pair: Pair,
        now: Timestamp,
    ) -> Result<Option<Joined>, StoreError> {
        self.pool.transact(&join::Enter { pair, now }).await
    }

    pub(super) async fn hooks(
        &self,
        token: TokenHash,
        known: Vec<Token>,
        now: Timestamp,
    ) -> Result<Option<Joined>, StoreError> {
        let ask = join::AskHooks { token, known, now };
        self.pool.transact(&ask).await
    }

    pub(super) async fn publish(
        &self,
        token: TokenHash,
        links: Vec<Published>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let deed = shop::Publish { token, links, now };
        self.pool.transact(&deed).await
    }

    pub(super) async fn open_sales(
        &self,
        token: TokenHash,
        sales: Vec<OpenSale>,
    ) -> Result<bool, StoreError> {
        let deed = shop::TellOpenSales { token, sales };
        self.pool.transact(&deed).await
    }

    pub(super) async fn claim(
        &self,
        token: TokenHash,
        claim: Claim,
        now: Timestamp,
    ) -> Result<Option<Claiming>, StoreError> {
        let deed = shop::TakeClaim { token, claim, now };
        let claiming = self.pool.transact(&deed).await?;
        self.news
            .tell(claiming.iter().filter_map(|claiming| claiming.told));
        Ok(claiming)
    }

    pub(super) async fn share_stickers(
        &self,
        token: TokenHash,
        told: ToldStickers,
    ) -> Result<Option<Sharing>, StoreError> {
        if told.stickers.is_empty() {
            let after = told.after;
            return self.pool.transact(&stickers::Hear { token, after }).await;
        }
        let sharing = self.pool.transact(&stickers::Share { token, told }).await?;
        self.news
            .tell(sharing.iter().filter_map(|sharing| sharing.told));
        Ok(sharing)
    }

    pub(super) async fn add_endpoint(
        &self,
        shop: String,
        kind: String,
        name: String,
        secret: Option<String>,
        now: Timestamp,
    ) -> Result<(EndpointRow, Token), StoreError> {
        let deed = admin::AddEndpoint {
            shop,
            kind,
            name,
            secret,
            now,
        };
        self.pool.transact(&deed).await
    }

    pub(super) async fn rotate_endpoint(
        &self,
        endpoint: Uuid,
        now: Timestamp,
    ) -> Result<(EndpointRow, Token), StoreError> {
        let deed = rotate::Rotate { endpoint, now };
        self.pool.transact(&deed).await
    }

    pub(super) async fn retire_addresses(
        &self,
        endpoint: Uuid,
        now: Timestamp,
    ) -> Result<Retirement, StoreError> {
        let deed = rotate::Retire { endpoint, now };
        self.pool.transact(&deed).await
    }

    pub(super) async fn add_terminal(
        &self,
        shop: String,
        name: String,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        let deed = admin::AddTerminal { shop, name, now };
        self.pool.transact(&deed).await
    }

    pub(super) async fn invite(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        self.pool.transact(&admin::Invite { terminal, now }).await
    }

    pub(super) async fn revoke(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<TerminalRow, StoreError> {
        self.pool.transact(&admin::Revoke { terminal, now }).await
    }

    pub(super) async fn replace(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        self.pool.transact(&admin::Replace { terminal, now }).await
    }

    pub(super) async fn forget(&self, before: Timestamp) -> Result<bool, StoreError> {
        self.pool.transact(&forget::Before(before)).await
    }

    pub(super) async fn endpoints(&self) -> Result<Vec<EndpointRow>, StoreError> {
        self.pool.transact(&rows::Endpoints).await
    }

    pub(super) async fn terminals(&self) -> Result<Vec<TerminalRow>, StoreError> {
        self.pool.transact(&rows::Terminals).await
    }

    pub(super) async fn is_ready(&self) -> bool {
        self.writer.ready().await.is_ok() && self.notes.ready().await.is_ok()
    }
}
