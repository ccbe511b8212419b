//! Whom the addresses belong to that were posted to lately, so that not every notification asks for it.
//!
//! What is remembered is true as of one state of the file: any other write forgets it all, whichever
//! process made it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension as _};
use uuid::Uuid;

use super::super::StoreError;
use super::super::owner::Owner;
use super::super::types::Stream;
use super::rows::id;
use crate::proto::hub::TokenHash;

/// The most addresses that are remembered.
const OWNERS_MAX: usize = 10_000;

/// An address's owner and what its account signs with.
pub(super) type Known = (Owner, Vec<String>);

/// The owners that are known.
#[derive(Default)]
pub(super) struct Owners {
    known: HashMap<TokenHash, Known>,
    /// Of the file, as other connections' writes move it on.
    version: i64,
}

impl Owners {
    /// This connection writes something else.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// Within a transaction that is going to write: forgets what others may have changed.
    pub(super) fn refresh(&mut self, rows: &Connection) -> Result<(), StoreError> {
        let version = rows
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if version != self.version || self.known.len() >= OWNERS_MAX {
            self.known.clear();
        }
        self.version = version;
        Ok(())
    }

    /// Whose address it is; none where it is nobody's. Strangers are not remembered.
    pub(super) fn of(
        &mut self,
        rows: &Connection,
        hook: &TokenHash,
    ) -> Result<Option<&Known>, StoreError> {
        match self.known.entry(hook.clone()) {
            Entry::Occupied(known) => Ok(Some(known.into_mut())),
            Entry::Vacant(place) => {
                let Some(owner) = owner(rows, hook)? else {
                    return Ok(None);
                };
                let secrets = secrets(rows, owner.endpoint)?;
                Ok(Some(place.insert((owner, secrets))))
            }
        }
    }
}

fn owner(rows: &Connection, hook: &TokenHash) -> Result<Option<Owner>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT endpoint.id, endpoint.kind, shop.id, shop.stream, terminal.stream
         FROM hook
         JOIN endpoint ON endpoint.id = hook.endpoint
         JOIN shop ON shop.id = endpoint.shop
         LEFT JOIN terminal ON terminal.id = hook.terminal
         WHERE hook.token_hash = ?1 AND hook.retired_at IS NULL",
    )?;
    let owner = found.query_row([hook.as_str()], |row| {
        Ok(Owner {
            endpoint: id(row, 0)?,
            kind: row.get(1)?,
            shop: id(row, 2)?,
            shop_stream: Stream(row.get(3)?),
            own_stream: row.get::<_, Option<i64>>(4)?.map(Stream),
        })
    });
    Ok(owner.optional()?)
}

fn secrets(rows: &Connection, endpoint: Uuid) -> Result<Vec<String>, StoreError> {
    let mut found = rows.prepare_cached("SELECT secret FROM secret WHERE endpoint = ?1")?;
    let secrets = found.query_map([endpoint.to_string()], |row| row.get(0))?;
    Ok(secrets.collect::<Result<_, _>>()?)
}
