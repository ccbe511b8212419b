//! What the hub keeps: shops with their endpoints and terminals, and what providers posted.
//!
//! Whatever it says is stored is on disk. The same contract holds for both kinds of database, and the
//! same tests run on both.

mod error;
mod owner;
mod page;
#[cfg(feature = "postgres")]
mod postgres;
mod register;
mod sqlite;
#[cfg(test)]
mod tests;
mod trouble;
mod types;

use std::path::Path;
#[cfg(feature = "postgres")]
use std::sync::Arc;

pub use error::StoreError;
#[cfg(feature = "postgres")]
pub use postgres::PostgresError;
pub use types::{
    Arrival, Claiming, EndpointRow, Fed, Reader, Retirement, Sharing, Stream, Taken, TerminalRow,
    TerminalState,
};
use uuid::Uuid;

#[cfg(feature = "postgres")]
use self::postgres::PostgresStore;
use self::sqlite::SqliteStore;
use self::trouble::Trouble;
#[cfg(feature = "postgres")]
use super::wake::Wakes;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::{
    Claim, FeedRequest, OpenSale, Pair, PairingCode, Published, Token, TokenHash, ToldStickers,
};

/// An open database. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Store(Kind, Trouble);

#[derive(Clone)]
enum Kind {
    /// One file, one process that serves.
    Sqlite(SqliteStore),
    /// One database, any number of processes.
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

/// The same for each kind of database.
macro_rules! each {
    ($self:ident, $store:ident => $deed:expr) => {
        match &$self.0 {
            Kind::Sqlite($store) => $deed,
            #[cfg(feature = "postgres")]
            Kind::Postgres($store) => $deed,
        }
    };
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.0 {
            Kind::Sqlite(_) => "Sqlite",
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => "Postgres",
        };
        f.debug_tuple("Store").field(&kind).finish()
    }
}

/// A terminal that has just joined, and a fresh address for each endpoint of its shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Its id.
    pub terminal: Uuid,
    /// Its name.
    pub name: String,
    /// Its shop's name.
    pub shop: String,
    /// Its shop's endpoints, each with a token of this terminal's own.
    pub hooks: Vec<(EndpointRow, Token)>,
}

impl Store {
    /// Opens `sqlite:PATH`, or `postgres://…`; makes it, or its tables, where there are none.
    ///
    /// # Errors
    /// Where it cannot be used, with the reason. Never with the address.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unused_async, reason = "a file is opened without waiting")
    )]
    pub async fn open(address: &str, entropy: Entropy) -> Result<Self, StoreError> {
        if let Some(path) = Self::file(address) {
            return SqliteStore::open(path, entropy)
                .map(Kind::Sqlite)
                .map(Self::of);
        }
        #[cfg(feature = "postgres")]
        {
            let store = PostgresStore::open(address, entropy).await?;
            Ok(Self::of(Kind::Postgres(store)))
        }
        #[cfg(not(feature = "postgres"))]
        Err(StoreError::NoPostgres)
    }

    fn of(kind: Kind) -> Self {
        Self(kind, Trouble::default())
    }

    /// The file of `sqlite:PATH`.
    pub(super) fn file(address: &str) -> Option<&Path> {
        address.strip_prefix("sqlite:").map(Path::new)
    }

    /// From now on parked feeds are woken by what other processes store, too. A file has no other.
    #[cfg(feature = "postgres")]
    pub(super) fn wakes(&self, wakes: &Arc<Wakes>) {
        if let Kind::Postgres(store) = &self.0 {
            store.wakes(wakes);
        }
    }

    /// Takes notifications; returns after the commit that holds them, with an outcome for each.
    ///
    /// # Errors
    /// Where it is not known whether they are on disk; the provider has to post them again.
    pub async fn take(&self, arrival: Arrival) -> Result<Taken, StoreError> {
        let taken = each!(self, store => store.take(arrival).await);
        self.1.heard_of(&taken);
        taken
    }

    /// What a terminal has not read yet, without waiting. Notes how far it has.
    pub async fn feed(
        &self,
        token: TokenHash,
        request: FeedRequest,
        now: Timestamp,
    ) -> Result<Fed, StoreError> {
        each!(self, store => store.feed(token, request, now).await)
    }

    /// Lets a terminal join; none where the code is not good.
    pub async fn pair(&self, pair: Pair, now: Timestamp) -> Result<Option<Joined>, StoreError> {
        each!(self, store => store.pair(pair, now).await)
    }

    /// An address for each endpoint of a terminal's shop, of those that it knows already where they are
    /// good; none where nobody has the token.
    pub async fn hooks(
        &self,
        token: TokenHash,
        known: Vec<Token>,
        now: Timestamp,
    ) -> Result<Option<Joined>, StoreError> {
        each!(self, store => store.hooks(token, known, now).await)
    }

    /// Adds or replaces links of a terminal; another one's stay as they are. False where nobody has
    /// the token.
    pub async fn publish(
        &self,
        token: TokenHash,
        links: Vec<Published>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        each!(self, store => store.publish(token, links, now).await)
    }

    /// The sales of a terminal that wait for a sticker to be paid, in place of those before. False
    /// where nobody has the token.
    pub async fn open_sales(
        &self,
        token: TokenHash,
        sales: Vec<OpenSale>,
    ) -> Result<bool, StoreError> {
        each!(self, store => store.open_sales(token, sales).await)
    }

    /// Gives a payment to the first terminal that claims it; all of the shop hear of it. None where
    /// nobody has the token.
    pub async fn claim(
        &self,
        token: TokenHash,
        claim: Claim,
        now: Timestamp,
    ) -> Result<Option<Claiming>, StoreError> {
        each!(self, store => store.claim(token, claim, now).await)
    }

    /// Merges what a terminal tells of stickers with what is known, and answers with what it has not heard.
    /// Where it tells nothing, nothing is written. None where nobody has the token.
    pub async fn share_stickers(
        &self,
        token: TokenHash,
        told: ToldStickers,
    ) -> Result<Option<Sharing>, StoreError> {
        each!(self, store => store.share_stickers(token, told).await)
    }

    /// Adds an endpoint to a shop, and the shop where it is new. Returns its own address's token.
    pub async fn add_endpoint(
        &self,
        shop: String,
        kind: String,
        name: String,
        secret: Option<String>,
        now: Timestamp,
    ) -> Result<(EndpointRow, Token), StoreError> {
        each!(self, store => store.add_endpoint(shop, kind, name, secret, now).await)
    }

    /// Gives an endpoint another address of its own; terminals get others when they ask next. The older
    /// ones stay good. Returns the fresh address's token.
    pub async fn rotate_endpoint(
        &self,
        endpoint: Uuid,
        now: Timestamp,
    ) -> Result<(EndpointRow, Token), StoreError> {
        each!(self, store => store.rotate_endpoint(endpoint, now).await)
    }

    /// Takes an endpoint's older addresses away, for good. Those of a terminal that has no newer one
    /// yet stay.
    pub async fn retire_addresses(
        &self,
        endpoint: Uuid,
        now: Timestamp,
    ) -> Result<Retirement, StoreError> {
        each!(self, store => store.retire_addresses(endpoint, now).await)
    }

    /// Adds a terminal to a shop, and the shop where it is new. Returns the code that it joins with.
    pub async fn add_terminal(
        &self,
        shop: String,
        name: String,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        each!(self, store => store.add_terminal(shop, name, now).await)
    }

    /// A fresh code for a terminal that is known: the token that it has is good until it joins anew.
    pub async fn invite(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        each!(self, store => store.invite(terminal, now).await)
    }

    /// Lets another machine take a terminal's place: the token is gone at once, a fresh code lets the
    /// other one join, and it reads the feed from its start.
    pub async fn replace(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        each!(self, store => store.replace(terminal, now).await)
    }

    /// Removes some of what came before an instant and was read by all that it is for; says whether
    /// there may be more.
    pub async fn forget(&self, before: Timestamp) -> Result<bool, StoreError> {
        each!(self, store => store.forget(before).await)
    }

    /// Takes a terminal's token away, at once and for good. Its feed is kept.
    pub async fn revoke(&self, terminal: Uuid, now: Timestamp) -> Result<TerminalRow, StoreError> {
        each!(self, store => store.revoke(terminal, now).await)
    }

    /// All endpoints, by shop and name.
    pub async fn endpoints(&self) -> Result<Vec<EndpointRow>, StoreError> {
        each!(self, store => store.endpoints().await)
    }

    /// All terminals, by shop and name.
    pub async fn terminals(&self) -> Result<Vec<TerminalRow>, StoreError> {
        each!(self, store => store.terminals().await)
    }

    /// Whether it can store now: something is written, and nothing that came lately was refused.
    pub async fn is_ready(&self) -> bool {
        let writes = each!(self, store => store.is_ready().await);
        writes && !self.1.is_fresh()
    }
}
