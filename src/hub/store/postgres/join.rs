//! A terminal joins.

use std::collections::HashMap;

use uuid::Uuid;

use super::super::{Joined, StoreError};
use super::line::Deed;
use super::rows::{self, unreadable};
use super::session::Rows;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::{Pair, Token, TokenHash};

/// A terminal joins with its code. The code is good once, but whoever used it may ask again with the
/// same token: its answer may have been lost.
pub(super) struct Enter {
    pub(super) pair: Pair,
    pub(super) now: Timestamp,
}

impl Deed for Enter {
    type Done = Option<Joined>;

    async fn run(
        &self,
        rows: &Rows<'_>,
        entropy: &mut Entropy,
    ) -> Result<Option<Joined>, StoreError> {
        let token = self.pair.token.hash();
        let joined = rows
            .change(
                "UPDATE terminal SET token_hash = $2, revoked_at = NULL,
                        pairing_used_at = coalesce(pairing_used_at, $3)
                 WHERE pairing_hash = $1 AND pairing_until >= $3
                   AND (pairing_used_at IS NULL OR token_hash = $2)",
                &[
                    &self.pair.code.hash().as_str(),
                    &token.as_str(),
                    &self.now.millis(),
                ],
            )
            .await?;
        if joined == 0 {
            return Ok(None);
        }
        hooks(rows, entropy, &token, &[], self.now).await
    }
}

/// A terminal asks for its addresses.
pub(super) struct AskHooks {
    pub(super) token: TokenHash,
    pub(super) known: Vec<Token>,
    pub(super) now: Timestamp,
}

impl Deed for AskHooks {
    type Done = Option<Joined>;

    async fn run(
        &self,
        rows: &Rows<'_>,
        entropy: &mut Entropy,
    ) -> Result<Option<Joined>, StoreError> {
        hooks(rows, entropy, &self.token, &self.known, self.now).await
    }
}

/// An address for each endpoint of the terminal's shop: one that it knows, else a fresh one. Older ones
/// stay good: links carry them.
async fn hooks(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    token: &TokenHash,
    known: &[Token],
    now: Timestamp,
) -> Result<Option<Joined>, StoreError> {
    let found = rows
        .one(
            "SELECT terminal.id, terminal.name, shop.id, shop.name
             FROM terminal JOIN shop ON shop.id = terminal.shop WHERE terminal.token_hash = $1",
            &[&token.as_str()],
        )
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let terminal = row.try_get(0).map_err(unreadable)?;
    let good = good(rows, terminal, known).await?;
    let mut hooks = Vec::new();
    let shop = row.try_get(2).map_err(unreadable)?;
    for endpoint in rows::endpoints(rows, Some(shop)).await? {
        let is_of = |token: &&Token| good.get(token.hash().as_str()) == Some(&endpoint.id);
        let token = match known.iter().find(is_of) {
            Some(token) => token.clone(),
            None => add_hook(rows, entropy, endpoint.id, Some(terminal), now).await?,
        };
        hooks.push((endpoint, token));
    }
    Ok(Some(Joined {
        terminal,
        name: row.try_get(1).map_err(unreadable)?,
        shop: row.try_get(3).map_err(unreadable)?,
        hooks,
    }))
}

/// Which of the tokens are this terminal's, and neither retired nor replaced: their endpoints, by their hashes.
async fn good(
    rows: &Rows<'_>,
    terminal: Uuid,
    known: &[Token],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let hashes: Vec<_> = known
        .iter()
        .map(|token| token.hash().as_str().to_owned())
        .collect();
    let found = rows
        .all(
            "SELECT token_hash, endpoint FROM hook
             WHERE token_hash = ANY($1) AND terminal = $2 AND retired_at IS NULL
               AND replaced_at IS NULL",
            &[&hashes, &terminal],
        )
        .await?;
    let good = found
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    good.collect::<Result<_, _>>().map_err(unreadable)
}

/// A fresh address of an endpoint.
pub(super) async fn add_hook(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    endpoint: Uuid,
    terminal: Option<Uuid>,
    now: Timestamp,
) -> Result<Token, StoreError> {
    let token = Token::draw(entropy);
    rows.change(
        "INSERT INTO hook (token_hash, endpoint, terminal, created_at) VALUES ($1, $2, $3, $4)",
        &[&token.hash().as_str(), &endpoint, &terminal, &now.millis()],
    )
    .await?;
    Ok(token)
}
