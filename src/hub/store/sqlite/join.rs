//! A terminal joins, and says how far it has read.

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::super::{Joined, StoreError};
use super::rows::{self, id};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::{Pair, Token, TokenHash};

/// A code is good once, but whoever used it may ask again with the same token: its answer may have
/// been lost.
pub(super) fn pair(
    rows: &Connection,
    entropy: &mut Entropy,
    pair: &Pair,
    now: Timestamp,
) -> Result<Option<Joined>, StoreError> {
    let token = pair.token.hash();
    let joined = rows
        .query_row(
            "UPDATE terminal SET token_hash = ?2, revoked_at = NULL,
                    pairing_used_at = coalesce(pairing_used_at, ?3)
             WHERE pairing_hash = ?1 AND pairing_until >= ?3
               AND (pairing_used_at IS NULL OR token_hash = ?2)
             RETURNING id",
            params![pair.code.hash().as_str(), token.as_str(), now.millis()],
            |row| id(row, 0),
        )
        .optional()?;
    if joined.is_none() {
        return Ok(None);
    }
    hooks(rows, entropy, &token, &[], now)
}

/// An address for each endpoint of the terminal's shop: one that it knows, else a fresh one. Older ones
/// stay good: links carry them.
pub(super) fn hooks(
    rows: &Connection,
    entropy: &mut Entropy,
    token: &TokenHash,
    known: &[Token],
    now: Timestamp,
) -> Result<Option<Joined>, StoreError> {
    let found = rows.query_row(
        "SELECT terminal.id, terminal.name, shop.id, shop.name
         FROM terminal JOIN shop ON shop.id = terminal.shop WHERE terminal.token_hash = ?1",
        [token.as_str()],
        |row| {
            Ok((
                id(row, 0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, String>(3)?,
            ))
        },
    );
    let Some((terminal, name, shop_id, shop)) = found.optional()? else {
        return Ok(None);
    };
    let mut hooks = Vec::new();
    for endpoint in rows::endpoints(rows, Some(&shop_id))? {
        let token = match known_hook(rows, endpoint.id, terminal, known)? {
            Some(token) => token,
            None => add_hook(rows, entropy, endpoint.id, Some(terminal), now)?,
        };
        hooks.push((endpoint, token));
    }
    Ok(Some(Joined {
        terminal,
        name,
        shop,
        hooks,
    }))
}

/// The first of the tokens that is this terminal's for this endpoint, and neither retired nor replaced.
fn known_hook(
    rows: &Connection,
    endpoint: Uuid,
    terminal: Uuid,
    known: &[Token],
) -> Result<Option<Token>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM hook WHERE token_hash = ?1 AND endpoint = ?2 AND terminal = ?3
                        AND retired_at IS NULL AND replaced_at IS NULL)",
    )?;
    for token in known {
        let hash = token.hash();
        let (endpoint, terminal) = (endpoint.to_string(), terminal.to_string());
        if found.query_row(params![hash.as_str(), endpoint, terminal], |row| row.get(0))? {
            return Ok(Some(token.clone()));
        }
    }
    Ok(None)
}

/// A fresh address of an endpoint.
pub(super) fn add_hook(
    rows: &Connection,
    entropy: &mut Entropy,
    endpoint: Uuid,
    terminal: Option<Uuid>,
    now: Timestamp,
) -> Result<Token, StoreError> {
    let token = Token::draw(entropy);
    rows.execute(
        "INSERT INTO hook (token_hash, endpoint, terminal, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            token.hash().as_str(),
            endpoint.to_string(),
            terminal.map(|id| id.to_string()),
            now.millis()
        ],
    )?;
    Ok(token)
}

/// Everything up to these numbers is on the terminal's disk. Known by its token: another machine that
/// took its place since then has read nothing.
pub(super) fn heard(
    rows: &Connection,
    token: &TokenHash,
    own: u64,
    shop: u64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let number = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
    rows.prepare_cached(
        "UPDATE terminal SET own_acked = max(own_acked, ?2), shop_acked = max(shop_acked, ?3),
                seen_at = ?4
         WHERE token_hash = ?1",
    )?
    .execute(params![
        token.as_str(),
        number(own),
        number(shop),
        now.millis()
    ])?;
    Ok(())
}
