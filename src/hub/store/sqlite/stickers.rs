//! The shop's register of stickers: told, merged and heard.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::StoreError;
use super::super::page::number;
use super::super::register::{self, Change, Entry, Known, PASSED_KEPT, Start};
use super::super::types::{Sharing, Stream};
use crate::domain::id::Entropy;
use crate::domain::sticker::Sticker;
use crate::proto::hub::{Cursor, HeardStickers, TokenHash, ToldStickers};

/// Merges what a terminal tells, and answers with what it has not heard. None where nobody has the token.
pub(super) fn share(
    rows: &Connection,
    entropy: &mut Entropy,
    token: &TokenHash,
    told: &ToldStickers,
) -> Result<Option<Sharing>, StoreError> {
    let Some((shop, version, stream)) = shop(rows, token)? else {
        return Ok(None);
    };
    let known = known(rows, &shop, &told.stickers)?;
    let changes = register::changes(entropy, version, &known, &told.stickers)?;
    store(rows, &shop, &changes)?;
    let heard = heard(rows, &shop, &told.after)?;
    let told = (!changes.is_empty()).then_some(stream);
    Ok(Some(Sharing { heard, told }))
}

/// What a terminal has not heard, as of one moment. None where nobody has the token.
pub(super) fn hear(
    connection: &Connection,
    token: &TokenHash,
    after: &Cursor,
) -> Result<Option<Sharing>, StoreError> {
    let rows = connection.unchecked_transaction()?;
    let Some((shop, ..)) = shop(&rows, token)? else {
        return Ok(None);
    };
    let heard = heard(&rows, &shop, after)?;
    Ok(Some(Sharing { heard, told: None }))
}

/// Whose register it is, its version, and the shop's stream.
fn shop(rows: &Connection, token: &TokenHash) -> Result<Option<(String, i64, Stream)>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT shop.id, shop.register, shop.stream
         FROM terminal JOIN shop ON shop.id = terminal.shop WHERE terminal.token_hash = ?1",
    )?;
    let shop = found.query_row([token.as_str()], |row| {
        Ok((row.get(0)?, row.get(1)?, Stream(row.get(2)?)))
    });
    Ok(shop.optional()?)
}

/// What is known of those that are told.
fn known(rows: &Connection, shop: &str, told: &[Sticker]) -> Result<Known, StoreError> {
    let mut found =
        rows.prepare_cached("SELECT known FROM sticker WHERE shop = ?1 AND sticker = ?2")?;
    let mut known = Known::new();
    for told in told {
        let row = found.query_row(params![shop, told.id.to_string()], |row| {
            row.get::<_, String>(0)
        });
        if let Some(row) = row.optional()? {
            known.insert(told.id, register::sticker(&row)?);
        }
    }
    Ok(known)
}

fn store(rows: &Connection, shop: &str, changes: &[Change]) -> Result<(), StoreError> {
    let Some(last) = changes.last() else {
        return Ok(());
    };
    let mut pass = rows.prepare_cached(
        "INSERT INTO passed_version (shop, passed_by, version, mark)
         SELECT shop, ?3, version, mark FROM sticker WHERE shop = ?1 AND sticker = ?2",
    )?;
    let mut put = rows.prepare_cached(
        "INSERT INTO sticker (shop, sticker, version, mark, known) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (shop, sticker) DO UPDATE SET
             version = excluded.version, mark = excluded.mark, known = excluded.known",
    )?;
    for change in changes {
        let sticker = change.sticker.to_string();
        pass.execute(params![shop, sticker, change.version])?;
        put.execute(params![
            shop,
            sticker,
            change.version,
            change.mark,
            change.known
        ])?;
    }
    rows.prepare_cached("UPDATE shop SET register = ?2 WHERE id = ?1")?
        .execute(params![shop, last.version])?;
    rows.prepare_cached("DELETE FROM passed_version WHERE shop = ?1 AND passed_by <= ?2")?
        .execute(params![shop, last.version.saturating_sub(PASSED_KEPT)])?;
    Ok(())
}

fn heard(rows: &Connection, shop: &str, after: &Cursor) -> Result<HeardStickers, StoreError> {
    let start = start(rows, shop, after)?;
    let mut found = rows.prepare_cached(
        "SELECT version, mark, known FROM sticker
         WHERE shop = ?1 AND version > ?2 ORDER BY version LIMIT ?3",
    )?;
    let mut found = found.query(params![shop, start.version(), Start::limit()])?;
    let mut entries = Vec::new();
    while let Some(row) = found.next()? {
        entries.push(Entry {
            version: row.get(0)?,
            mark: row.get(1)?,
            sticker: register::sticker(&row.get::<_, String>(2)?)?,
        });
    }
    start.answer(entries)
}

fn start(rows: &Connection, shop: &str, after: &Cursor) -> Result<Start, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT mark FROM sticker WHERE shop = ?1 AND version = ?2
         UNION ALL
         SELECT mark FROM passed_version WHERE shop = ?1 AND version = ?2",
    )?;
    let mark: Option<String> = found
        .query_row(params![shop, number(after.seq)], |row| row.get(0))
        .optional()?;
    Ok(Start::new(after, mark.as_deref()))
}
