//! Rows as the hub's other parts know them.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::super::StoreError;
use super::super::types::{EndpointRow, TerminalRow, TerminalState};
use crate::domain::time::Timestamp;

/// A UUID in a column of text.
pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    let text: String = row.get(column)?;
    Uuid::parse_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// All endpoints, or those of one shop, by shop and name.
pub(super) fn endpoints(
    rows: &Connection,
    shop: Option<&str>,
) -> Result<Vec<EndpointRow>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT endpoint.id, shop.name, endpoint.kind, endpoint.name, endpoint.created_at,
                EXISTS (SELECT 1 FROM secret WHERE secret.endpoint = endpoint.id)
         FROM endpoint JOIN shop ON shop.id = endpoint.shop
         WHERE ?1 IS NULL OR shop.id = ?1
         ORDER BY shop.name, endpoint.name",
    )?;
    let found = found.query_map(params![shop], |row| {
        Ok(EndpointRow {
            id: id(row, 0)?,
            shop: row.get(1)?,
            kind: row.get(2)?,
            name: row.get(3)?,
            created_at: Timestamp::from_millis(row.get(4)?),
            is_signed: row.get(5)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// One endpoint.
pub(super) fn endpoint(rows: &Connection, endpoint: Uuid) -> Result<EndpointRow, StoreError> {
    let all = endpoints(rows, None)?.into_iter();
    let mut found = all.filter(|row| row.id == endpoint);
    found.next().ok_or(StoreError::UnknownEndpoint(endpoint))
}

const TERMINALS: &str =
    "SELECT terminal.id, shop.name, terminal.name, terminal.token_hash IS NOT NULL,
        terminal.revoked_at IS NOT NULL, terminal.seen_at, terminal.created_at,
        own.last_seq - terminal.own_acked + all_of_it.last_seq - terminal.shop_acked
    FROM terminal
    JOIN shop ON shop.id = terminal.shop
    JOIN stream AS own ON own.id = terminal.stream
    JOIN stream AS all_of_it ON all_of_it.id = shop.stream";

/// All terminals, by shop and name.
pub(super) fn terminals(rows: &Connection) -> Result<Vec<TerminalRow>, StoreError> {
    let mut found =
        rows.prepare_cached(&format!("{TERMINALS} ORDER BY shop.name, terminal.name"))?;
    let found = found.query_map([], terminal_row)?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// One terminal.
pub(super) fn terminal(rows: &Connection, terminal: Uuid) -> Result<TerminalRow, StoreError> {
    let mut found = rows.prepare_cached(&format!("{TERMINALS} WHERE terminal.id = ?1"))?;
    let found = found.query_row([terminal.to_string()], terminal_row);
    found
        .optional()?
        .ok_or(StoreError::UnknownTerminal(terminal))
}

fn terminal_row(row: &Row<'_>) -> rusqlite::Result<TerminalRow> {
    let state = match (row.get(3)?, row.get(4)?) {
        (true, _) => TerminalState::Paired,
        (false, true) => TerminalState::Revoked,
        (false, false) => TerminalState::Invited,
    };
    Ok(TerminalRow {
        id: id(row, 0)?,
        shop: row.get(1)?,
        name: row.get(2)?,
        state,
        seen_at: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_millis),
        waiting: u64::try_from(row.get::<_, i64>(7)?).unwrap_or(0),
        created_at: Timestamp::from_millis(row.get(6)?),
    })
}
