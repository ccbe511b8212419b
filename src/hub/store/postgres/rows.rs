//! Rows as the hub's other parts know them.

use tokio_postgres::Row;
use uuid::Uuid;

use super::super::StoreError;
use super::super::types::{EndpointRow, TerminalRow, TerminalState};
use super::line::Deed;
use super::session::{Bond, Rows};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;

/// A column that is not what it has to be.
#[expect(
    clippy::needless_pass_by_value,
    reason = "so it stands in map_err by its name"
)]
pub(super) fn unreadable(error: tokio_postgres::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

/// All endpoints, by shop and name.
pub(super) struct Endpoints;

impl Deed for Endpoints {
    type Done = Vec<EndpointRow>;
    const BOND: Bond = Bond::Reads;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Self::Done, StoreError> {
        endpoints(rows, None).await
    }
}

/// All terminals, by shop and name.
pub(super) struct Terminals;

impl Deed for Terminals {
    type Done = Vec<TerminalRow>;
    const BOND: Bond = Bond::Reads;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Self::Done, StoreError> {
        terminals(rows, None).await
    }
}

/// All endpoints, or those of one shop, by shop and name.
pub(super) async fn endpoints(
    rows: &Rows<'_>,
    shop: Option<Uuid>,
) -> Result<Vec<EndpointRow>, StoreError> {
    let found = rows
        .all(
            "SELECT endpoint.id, shop.name, endpoint.kind, endpoint.name, endpoint.created_at,
                    EXISTS (SELECT 1 FROM secret WHERE secret.endpoint = endpoint.id)
             FROM endpoint JOIN shop ON shop.id = endpoint.shop
             WHERE $1::UUID IS NULL OR shop.id = $1
             ORDER BY shop.name, endpoint.name",
            &[&shop],
        )
        .await?;
    let found = found.iter().map(|row| {
        Ok(EndpointRow {
            id: row.try_get(0)?,
            shop: row.try_get(1)?,
            kind: row.try_get(2)?,
            name: row.try_get(3)?,
            created_at: Timestamp::from_millis(row.try_get(4)?),
            is_signed: row.try_get(5)?,
        })
    });
    found.collect::<Result<_, _>>().map_err(unreadable)
}

/// One endpoint.
pub(super) async fn endpoint(rows: &Rows<'_>, id: Uuid) -> Result<EndpointRow, StoreError> {
    let all = endpoints(rows, None).await?.into_iter();
    let mut found = all.filter(|row| row.id == id);
    found.next().ok_or(StoreError::UnknownEndpoint(id))
}

/// All terminals, or one, by shop and name.
async fn terminals(
    rows: &Rows<'_>,
    terminal: Option<Uuid>,
) -> Result<Vec<TerminalRow>, StoreError> {
    let found = rows
        .all(
            "SELECT terminal.id, shop.name, terminal.name, terminal.token_hash IS NOT NULL,
                    terminal.revoked_at IS NOT NULL, terminal.seen_at, terminal.created_at,
                    own.last_seq - terminal.own_acked + all_of_it.last_seq - terminal.shop_acked
             FROM terminal
             JOIN shop ON shop.id = terminal.shop
             JOIN stream AS own ON own.id = terminal.stream
             JOIN stream AS all_of_it ON all_of_it.id = shop.stream
             WHERE $1::UUID IS NULL OR terminal.id = $1
             ORDER BY shop.name, terminal.name",
            &[&terminal],
        )
        .await?;
    let found = found.iter().map(terminal_row);
    found.collect::<Result<_, _>>().map_err(unreadable)
}

/// One terminal.
pub(super) async fn terminal(rows: &Rows<'_>, id: Uuid) -> Result<TerminalRow, StoreError> {
    let found = terminals(rows, Some(id)).await?;
    found
        .into_iter()
        .next()
        .ok_or(StoreError::UnknownTerminal(id))
}

fn terminal_row(row: &Row) -> Result<TerminalRow, tokio_postgres::Error> {
    let state = match (row.try_get(3)?, row.try_get(4)?) {
        (true, _) => TerminalState::Paired,
        (false, true) => TerminalState::Revoked,
        (false, false) => TerminalState::Invited,
    };
    let seen_at: Option<i64> = row.try_get(5)?;
    Ok(TerminalRow {
        id: row.try_get(0)?,
        shop: row.try_get(1)?,
        name: row.try_get(2)?,
        state,
        seen_at: seen_at.map(Timestamp::from_millis),
        waiting: u64::try_from(row.try_get::<_, i64>(7)?).unwrap_or(0),
        created_at: Timestamp::from_millis(row.try_get(6)?),
    })
}
