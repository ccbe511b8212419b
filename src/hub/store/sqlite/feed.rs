//! What a terminal has not read yet.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use uuid::Uuid;

use super::super::StoreError;
use super::super::owner::verdict_of;
use super::super::page::{self, Filling};
use super::super::register;
use super::super::types::{Fed, Reader, Stream};
use super::rows::id;
use crate::domain::id::LinkId;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::time::Timestamp;
use crate::proto::hub::{
    Cursor, Feed, FeedRequest, Item, Notification, Page, ShopLink, TokenHash, What,
};

/// In one transaction, so that no item can slip in between the two streams and be skipped.
pub(super) fn read(
    connection: &Connection,
    token: &TokenHash,
    request: &FeedRequest,
    now: Timestamp,
) -> Result<Fed, StoreError> {
    let rows = connection.unchecked_transaction()?;
    let Some((reader, register)) = reader(&rows, token)? else {
        return Ok(Fed::Nobody);
    };
    let own = is_other_history(&rows, reader.own, &request.own())?;
    let shop = is_other_history(&rows, reader.shop, &request.shop())?;
    if own || shop {
        return Ok(Fed::OtherHistory { own, shop });
    }
    let feed = Feed {
        now,
        own: page(&rows, reader, reader.own, request.after)?,
        shop: page(&rows, reader, reader.shop, request.shop_after)?,
        register: Some(register),
    };
    Ok(Fed::Feed(reader, feed))
}

/// Who asks, and how far the shop's register goes.
fn reader(rows: &Connection, token: &TokenHash) -> Result<Option<(Reader, Cursor)>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT terminal.id, terminal.stream, shop.stream, shop.register,
                coalesce((SELECT mark FROM sticker
                          WHERE sticker.shop = shop.id AND version = shop.register), '')
         FROM terminal JOIN shop ON shop.id = terminal.shop
         WHERE terminal.token_hash = ?1",
    )?;
    let reader = found.query_row([token.as_str()], |row| {
        let reader = Reader {
            terminal: id(row, 0)?,
            own: Stream(row.get(1)?),
            shop: Stream(row.get(2)?),
        };
        Ok((reader, row.get(3)?, row.get(4)?))
    });
    let Some((reader, version, mark)) = reader.optional()? else {
        return Ok(None);
    };
    let seq = register::version(version)?;
    Ok(Some((reader, Cursor { seq, mark })))
}

fn is_other_history(
    rows: &Connection,
    stream: Stream,
    cursor: &Cursor,
) -> Result<bool, StoreError> {
    if cursor.seq == 0 {
        return Ok(false);
    }
    let last: i64 = rows
        .prepare_cached("SELECT last_seq FROM stream WHERE id = ?1")?
        .query_row([stream.0], |row| row.get(0))?;
    let mark: Option<String> = rows
        .prepare_cached("SELECT mark FROM feed WHERE stream = ?1 AND seq = ?2")?
        .query_row([stream.0, page::number(cursor.seq)], |row| row.get(0))
        .optional()?;
    #[cfg(planted)]
    let mark = mark.filter(|_| !planted::is(Bug::MarkIgnored));
    Ok(page::is_other_history(cursor, last, mark.as_deref()))
}

fn page(rows: &Connection, reader: Reader, stream: Stream, after: u64) -> Result<Page, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT seq, mark, received_at, what, endpoint, kind, feed.link, token_hash, verdict, headers,
                body, open_sales, told, told_by, till
         FROM feed LEFT JOIN (
             SELECT shop.stream AS of, link.link AS published, told, terminal.id AS told_by,
                    terminal.name AS till
             FROM link
             JOIN shop ON shop.id = link.shop
             JOIN terminal ON terminal.id = link.terminal
         ) AS known ON known.of = ?4 AND known.published = coalesce(feed.published, feed.link)
         WHERE feed.stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut found = found.query(params![
        stream.0,
        page::number(after),
        page::limit(),
        reader.shop.0
    ])?;
    let mut page = Filling::new(first(rows, stream)?);
    while let Some(row) = found.next()? {
        if !page.add(item(row)?) {
            break;
        }
    }
    Ok(page.done())
}

/// The oldest number that is kept, or the next one.
fn first(rows: &Connection, stream: Stream) -> Result<u64, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT coalesce((SELECT min(seq) FROM feed WHERE stream = ?1), last_seq + 1)
         FROM stream WHERE id = ?1",
    )?;
    let first: i64 = found.query_row([stream.0], |row| row.get(0))?;
    u64::try_from(first).map_err(|_negative| unreadable("a number"))
}

fn item(row: &Row<'_>) -> Result<Item, StoreError> {
    let what: String = row.get(3)?;
    let what = if what == "claim" {
        let body: Vec<u8> = row.get(10)?;
        What::Claim(serde_json::from_slice(&body).map_err(|_not_json| unreadable("a claim"))?)
    } else {
        What::Notification(notification(row)?)
    };
    Ok(Item {
        seq: u64::try_from(row.get::<_, i64>(0)?).map_err(|_negative| unreadable("a number"))?,
        mark: row.get(1)?,
        received_at: Timestamp::from_millis(row.get(2)?),
        what,
    })
}

fn notification(row: &Row<'_>) -> Result<Notification, StoreError> {
    let link: Option<String> = row.get(6)?;
    let link = link
        .map(|link| Uuid::parse_str(&link).map(LinkId))
        .transpose();
    let token: Option<String> = row.get(7)?;
    let token = token.map(|token| token.parse::<TokenHash>()).transpose();
    let verdict: String = row.get(8)?;
    let headers: String = row.get(9)?;
    Ok(Notification {
        endpoint: id(row, 4)?,
        kind: row.get(5)?,
        link: link.map_err(|_not_an_id| unreadable("a link's id"))?,
        token: token.map_err(|_no_token| unreadable("a token"))?,
        verdict: verdict_of(&verdict).ok_or_else(|| unreadable("a verdict"))?,
        headers: serde_json::from_str(&headers).map_err(|_not_json| unreadable("headers"))?,
        body: row.get(10)?,
        open_sales: row.get(11)?,
        published: published(row)?,
    })
}

fn published(row: &Row<'_>) -> Result<Option<ShopLink>, StoreError> {
    let Some(told) = row.get::<_, Option<String>>(12)? else {
        return Ok(None);
    };
    Ok(Some(ShopLink {
        published: serde_json::from_str(&told).map_err(|_not_json| unreadable("a link"))?,
        terminal: id(row, 13)?,
        till: row.get(14)?,
    }))
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(what.to_owned())
}
