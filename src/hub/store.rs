//! What the hub keeps: shops with their endpoints and terminals, and what providers posted.
//!
//! Whatever it says is stored is on disk. The same contract holds for both kinds of database, and the
//! same tests run on both.

mod error;
mod sqlite;
#[cfg(test)]
mod tests;
mod types;

use std::path::Path;

pub use error::StoreError;
pub use types::{
    Arrival, Claiming, EndpointRow, Fed, Reader, Stream, Taken, TerminalRow, TerminalState,
};
use uuid::Uuid;

use self::sqlite::SqliteStore;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::{
    Claim, FeedRequest, OpenSale, Pair, PairingCode, Published, Token, TokenHash,
};

/// An open database. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Store(Kind);

#[derive(Clone)]
enum Kind {
    /// One file, one process that serves.
    Sqlite(SqliteStore),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.0 {
            Kind::Sqlite(_) => "Sqlite",
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
    /// Opens `sqlite:PATH`; makes it where there is none.
    ///
    /// # Errors
    /// Where the file cannot be used, with the reason.
    pub fn open(address: &str, entropy: Entropy) -> Result<Self, StoreError> {
        let path = address
            .strip_prefix("sqlite:")
            .ok_or(StoreError::NoPostgres)?;
        SqliteStore::open(Path::new(path), entropy).map(|store| Self(Kind::Sqlite(store)))
    }

    /// Takes notifications; returns after the commit that holds them, with an outcome for each.
    ///
    /// # Errors
    /// Where it is not known whether they are on disk; the provider has to post them again.
    pub async fn take(&self, arrival: Arrival) -> Result<Taken, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.take(arrival).await,
        }
    }

    /// What a terminal has not read yet, without waiting. Notes how far it has.
    pub async fn feed(
        &self,
        token: TokenHash,
        request: FeedRequest,
        now: Timestamp,
    ) -> Result<Fed, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.feed(token, request, now).await,
        }
    }

    /// Lets a terminal join; none where the code is not good.
    pub async fn pair(&self, pair: Pair, now: Timestamp) -> Result<Option<Joined>, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.pair(pair, now).await,
        }
    }

    /// An address for each endpoint of a terminal's shop, of those that it knows already where they are
    /// good; none where nobody has the token.
    pub async fn hooks(
        &self,
        token: TokenHash,
        known: Vec<Token>,
        now: Timestamp,
    ) -> Result<Option<Joined>, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.hooks(token, known, now).await,
        }
    }

    /// Adds or replaces links of a terminal; another one's stay as they are. False where nobody has
    /// the token.
    pub async fn publish(
        &self,
        token: TokenHash,
        links: Vec<Published>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.publish(token, links, now).await,
        }
    }

    /// The sales of a terminal that wait for a sticker to be paid, in place of those before. False
    /// where nobody has the token.
    pub async fn open_sales(
        &self,
        token: TokenHash,
        sales: Vec<OpenSale>,
    ) -> Result<bool, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.open_sales(token, sales).await,
        }
    }

    /// Gives a payment to the first terminal that claims it; all of the shop hear of it. None where
    /// nobody has the token.
    pub async fn claim(
        &self,
        token: TokenHash,
        claim: Claim,
        now: Timestamp,
    ) -> Result<Option<Claiming>, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.claim(token, claim, now).await,
        }
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
        match &self.0 {
            Kind::Sqlite(store) => store.add_endpoint(shop, kind, name, secret, now).await,
        }
    }

    /// Adds a terminal to a shop, and the shop where it is new. Returns the code that it joins with.
    pub async fn add_terminal(
        &self,
        shop: String,
        name: String,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.add_terminal(shop, name, now).await,
        }
    }

    /// A fresh code for a terminal that is known: the token that it has is good until it joins anew.
    pub async fn invite(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.invite(terminal, now).await,
        }
    }

    /// Lets another machine take a terminal's place: the token is gone at once, a fresh code lets the
    /// other one join, and it reads the feed from its start.
    pub async fn replace(
        &self,
        terminal: Uuid,
        now: Timestamp,
    ) -> Result<(TerminalRow, PairingCode), StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.replace(terminal, now).await,
        }
    }

    /// Removes some of what came before an instant and was read by all that it is for; says whether
    /// there may be more.
    pub async fn forget(&self, before: Timestamp) -> Result<bool, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.forget(before).await,
        }
    }

    /// Takes a terminal's token away, at once and for good. Its feed is kept.
    pub async fn revoke(&self, terminal: Uuid, now: Timestamp) -> Result<TerminalRow, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.revoke(terminal, now).await,
        }
    }

    /// All endpoints, by shop and name.
    pub async fn endpoints(&self) -> Result<Vec<EndpointRow>, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.endpoints().await,
        }
    }

    /// All terminals, by shop and name.
    pub async fn terminals(&self) -> Result<Vec<TerminalRow>, StoreError> {
        match &self.0 {
            Kind::Sqlite(store) => store.terminals().await,
        }
    }

    /// Whether it answers now.
    pub async fn is_ready(&self) -> bool {
        match &self.0 {
            Kind::Sqlite(store) => store.is_ready().await,
        }
    }
}
