//! What the owner does: endpoints and terminals.

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, params};
use uuid::Uuid;

use super::super::StoreError;
use super::super::types::{EndpointRow, TerminalRow};
use super::{join, rows};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::pairing::GOOD_SECS;
use crate::proto::hub::{PairingCode, Token};

pub(super) fn add_endpoint(
    rows: &Connection,
    entropy: &mut Entropy,
    shop: &str,
    kind: &str,
    name: &str,
    secret: Option<&str>,
    now: Timestamp,
) -> Result<(EndpointRow, Token), StoreError> {
    let shop_id = shop_of(rows, entropy, shop, now)?;
    let endpoint = entropy.uuid(now);
    rows.execute(
        "INSERT INTO endpoint (id, shop, kind, name, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![endpoint.to_string(), shop_id, kind, name, now.millis()],
    )
    .map_err(|error| name_taken(error, shop, "an endpoint", name))?;
    if let Some(secret) = secret {
        rows.execute(
            "INSERT INTO secret (endpoint, secret, created_at) VALUES (?1, ?2, ?3)",
            params![endpoint.to_string(), secret, now.millis()],
        )?;
    }
    let token = join::add_hook(rows, entropy, endpoint, None, now)?;
    let mut all = rows::endpoints(rows, Some(&shop_id))?.into_iter();
    let row = all
        .find(|row| row.id == endpoint)
        .ok_or_else(|| StoreError::Unreadable("the new endpoint".to_owned()))?;
    Ok((row, token))
}

pub(super) fn add_terminal(
    rows: &Connection,
    entropy: &mut Entropy,
    shop: &str,
    name: &str,
    now: Timestamp,
) -> Result<(TerminalRow, PairingCode), StoreError> {
    let shop_id = shop_of(rows, entropy, shop, now)?;
    let terminal = entropy.uuid(now);
    let stream = add_stream(rows)?;
    rows.execute(
        "INSERT INTO terminal (id, shop, name, stream, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![terminal.to_string(), shop_id, name, stream, now.millis()],
    )
    .map_err(|error| name_taken(error, shop, "a terminal", name))?;
    // It never saw what was there before it.
    rows.execute(
        "UPDATE terminal SET shop_acked = (SELECT last_seq FROM stream WHERE id = shop.stream)
         FROM shop WHERE shop.id = terminal.shop AND terminal.id = ?1",
        [terminal.to_string()],
    )?;
    invite(rows, entropy, terminal, now)
}

pub(super) fn invite(
    rows: &Connection,
    entropy: &mut Entropy,
    terminal: Uuid,
    now: Timestamp,
) -> Result<(TerminalRow, PairingCode), StoreError> {
    let code = PairingCode::draw(entropy);
    let until = now.plus_millis(GOOD_SECS.saturating_mul(1_000));
    rows.execute(
        "UPDATE terminal SET pairing_hash = ?2, pairing_until = ?3, pairing_used_at = NULL
         WHERE id = ?1",
        params![terminal.to_string(), code.hash().as_str(), until.millis()],
    )?;
    Ok((rows::terminal(rows, terminal)?, code))
}

/// Another machine takes a terminal's place: what it never read, and what was read, is read anew.
pub(super) fn replace(
    rows: &Connection,
    entropy: &mut Entropy,
    terminal: Uuid,
    now: Timestamp,
) -> Result<(TerminalRow, PairingCode), StoreError> {
    let id = terminal.to_string();
    rows.execute(
        "UPDATE terminal SET token_hash = NULL, own_acked = 0, shop_acked = 0 WHERE id = ?1",
        [&id],
    )?;
    rows.execute("DELETE FROM open_sale WHERE terminal = ?1", [&id])?;
    invite(rows, entropy, terminal, now)
}

pub(super) fn revoke(
    rows: &Connection,
    terminal: Uuid,
    now: Timestamp,
) -> Result<TerminalRow, StoreError> {
    rows.execute(
        "UPDATE terminal SET token_hash = NULL, pairing_hash = NULL, pairing_until = NULL,
                revoked_at = ?2
         WHERE id = ?1",
        params![terminal.to_string(), now.millis()],
    )?;
    // Nobody stands at it any more.
    rows.execute(
        "DELETE FROM open_sale WHERE terminal = ?1",
        [terminal.to_string()],
    )?;
    rows::terminal(rows, terminal)
}

/// The shop of this name, made where it is new.
fn shop_of(
    rows: &Connection,
    entropy: &mut Entropy,
    name: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    let known = rows.query_row("SELECT id FROM shop WHERE name = ?1", [name], |row| {
        row.get(0)
    });
    if let Some(id) = known.optional()? {
        return Ok(id);
    }
    let id = entropy.uuid(now).to_string();
    let stream = add_stream(rows)?;
    rows.execute(
        "INSERT INTO shop (id, name, stream, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![id, name, stream, now.millis()],
    )?;
    Ok(id)
}

fn add_stream(rows: &Connection) -> Result<i64, StoreError> {
    rows.execute("INSERT INTO stream DEFAULT VALUES", [])?;
    Ok(rows.last_insert_rowid())
}

fn name_taken(error: rusqlite::Error, shop: &str, noun: &'static str, name: &str) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        return StoreError::Taken {
            shop: shop.to_owned(),
            noun,
            name: name.to_owned(),
        };
    }
    error.into()
}
