//! An endpoint gets another address, and the older ones are taken away when nobody posts there.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::super::StoreError;
use super::super::types::{EndpointRow, Retirement};
use super::{join, rows};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::Token;

/// The older addresses stay good: a provider knows them, and links carry them.
pub(super) fn rotate(
    rows: &Connection,
    entropy: &mut Entropy,
    endpoint: Uuid,
    now: Timestamp,
) -> Result<(EndpointRow, Token), StoreError> {
    let row = rows::endpoint(rows, endpoint)?;
    rows.execute(
        "UPDATE hook SET replaced_at = ?2 WHERE endpoint = ?1 AND replaced_at IS NULL",
        params![endpoint.to_string(), now.millis()],
    )?;
    let token = join::add_hook(rows, entropy, endpoint, None, now)?;
    Ok((row, token))
}

/// Those of a terminal that has no newer one stay, for it puts them into new links.
pub(super) fn retire(
    rows: &Connection,
    endpoint: Uuid,
    now: Timestamp,
) -> Result<Retirement, StoreError> {
    let row = rows::endpoint(rows, endpoint)?;
    let id = endpoint.to_string();
    let retired = rows.execute(
        "UPDATE hook SET retired_at = ?2
         WHERE endpoint = ?1 AND replaced_at IS NOT NULL AND retired_at IS NULL
           AND (terminal IS NULL
                OR terminal IN (SELECT id FROM terminal WHERE token_hash IS NULL)
                OR terminal IN (SELECT terminal FROM hook
                                WHERE endpoint = ?1 AND replaced_at IS NULL AND retired_at IS NULL))",
        params![id, now.millis()],
    )?;
    let mut found = rows.prepare_cached(
        "SELECT name FROM terminal
         WHERE id IN (SELECT terminal FROM hook
                      WHERE endpoint = ?1 AND replaced_at IS NOT NULL AND retired_at IS NULL)
         ORDER BY name",
    )?;
    let waiting_for = found.query_map([id], |row| row.get(0))?;
    Ok(Retirement {
        endpoint: row,
        retired: u64::try_from(retired).unwrap_or(u64::MAX),
        waiting_for: waiting_for.collect::<Result<_, _>>()?,
    })
}
