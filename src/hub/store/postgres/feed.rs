//! What a terminal has not read yet.

use tokio_postgres::Row;

use super::super::StoreError;
use super::super::owner::verdict_of;
use super::super::page::{self, Filling};
use super::super::register;
use super::super::types::{Fed, Reader, Stream};
use super::line::Deed;
use super::rows::unreadable;
use super::session::{Bond, Rows};
use crate::domain::id::{Entropy, LinkId};
use crate::domain::time::Timestamp;
use crate::proto::hub::{
    Cursor, Feed, FeedRequest, Item, Notification, Page, ShopLink, TokenHash, What,
};

/// A terminal's question, answered as of one moment, so that no item can slip in between the two
/// streams and be skipped.
pub(super) struct Ask {
    pub(super) token: TokenHash,
    pub(super) request: FeedRequest,
    pub(super) now: Timestamp,
}

impl Deed for Ask {
    type Done = Fed;
    const BOND: Bond = Bond::Reads;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Fed, StoreError> {
        let Some((reader, register)) = reader(rows, &self.token).await? else {
            return Ok(Fed::Nobody);
        };
        let (own, shop) = (self.request.own(), self.request.shop());
        let (own, shop) = tokio::try_join!(
            is_other_history(rows, reader.own, &own),
            is_other_history(rows, reader.shop, &shop),
        )?;
        if own || shop {
            return Ok(Fed::OtherHistory { own, shop });
        }
        let (own, shop) = tokio::try_join!(
            page(rows, reader, reader.own, self.request.after),
            page(rows, reader, reader.shop, self.request.shop_after),
        )?;
        let now = self.now;
        Ok(Fed::Feed(
            reader,
            Feed {
                now,
                own,
                shop,
                register: Some(register),
            },
        ))
    }
}

/// Who asks, and how far the shop's register goes.
async fn reader(
    rows: &Rows<'_>,
    token: &TokenHash,
) -> Result<Option<(Reader, Cursor)>, StoreError> {
    let found = rows
        .one(
            "SELECT terminal.id, terminal.stream, shop.stream, shop.register,
                    coalesce((SELECT mark FROM sticker
                              WHERE sticker.shop = shop.id AND version = shop.register), '')
             FROM terminal JOIN shop ON shop.id = terminal.shop
             WHERE terminal.token_hash = $1",
            &[&token.as_str()],
        )
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let reader = || {
        Ok(Reader {
            terminal: row.try_get(0)?,
            own: Stream(row.try_get(1)?),
            shop: Stream(row.try_get(2)?),
        })
    };
    let register = Cursor {
        seq: register::version(row.try_get(3).map_err(unreadable)?)?,
        mark: row.try_get(4).map_err(unreadable)?,
    };
    Ok(Some((reader().map_err(unreadable)?, register)))
}

async fn is_other_history(
    rows: &Rows<'_>,
    stream: Stream,
    cursor: &Cursor,
) -> Result<bool, StoreError> {
    if cursor.seq == 0 {
        return Ok(false);
    }
    let found = rows
        .one(
            "SELECT stream.last_seq, feed.mark
             FROM stream LEFT JOIN feed ON feed.stream = stream.id AND feed.seq = $2
             WHERE stream.id = $1",
            &[&stream.0, &page::number(cursor.seq)],
        )
        .await?;
    let row = found.ok_or_else(|| StoreError::Unreadable("a stream".to_owned()))?;
    let last = row.try_get(0).map_err(unreadable)?;
    let mark: Option<&str> = row.try_get(1).map_err(unreadable)?;
    Ok(page::is_other_history(cursor, last, mark))
}

async fn page(
    rows: &Rows<'_>,
    reader: Reader,
    stream: Stream,
    after: u64,
) -> Result<Page, StoreError> {
    let found = rows
        .all(
            "SELECT feed.seq, feed.mark, feed.received_at, feed.what, feed.endpoint, feed.kind,
                    feed.link, feed.token_hash, feed.verdict, feed.headers, feed.body,
                    feed.open_sales, link.told, terminal.id, terminal.name
             FROM feed
             LEFT JOIN shop ON shop.stream = $4
             LEFT JOIN link ON link.shop = shop.id
                  AND link.link = coalesce(feed.published, feed.link)
             LEFT JOIN terminal ON terminal.id = link.terminal
             WHERE feed.stream = $1 AND feed.seq > $2 ORDER BY feed.seq LIMIT $3",
            &[
                &stream.0,
                &page::number(after),
                &page::limit(),
                &reader.shop.0,
            ],
        )
        .await?;
    let mut page = Filling::new(first(rows, stream).await?);
    for row in &found {
        if !page.add(item(row)?) {
            break;
        }
    }
    Ok(page.done())
}

/// The oldest number that is kept, or the next one.
async fn first(rows: &Rows<'_>, stream: Stream) -> Result<u64, StoreError> {
    let found = rows
        .one(
            "SELECT coalesce((SELECT min(seq) FROM feed WHERE stream = $1), last_seq + 1)
             FROM stream WHERE id = $1",
            &[&stream.0],
        )
        .await?;
    let row = found.ok_or_else(|| broken("a stream"))?;
    let first: i64 = row.try_get(0).map_err(unreadable)?;
    u64::try_from(first).map_err(|_negative| broken("a number"))
}

fn item(row: &Row) -> Result<Item, StoreError> {
    let seq: i64 = row.try_get(0).map_err(unreadable)?;
    let what: &str = row.try_get(3).map_err(unreadable)?;
    let what = if what == "claim" {
        let body: &[u8] = row.try_get(10).map_err(unreadable)?;
        What::Claim(serde_json::from_slice(body).map_err(|_not_json| broken("a claim"))?)
    } else {
        What::Notification(notification(row)?)
    };
    Ok(Item {
        seq: u64::try_from(seq).map_err(|_negative| broken("a number"))?,
        mark: row.try_get(1).map_err(unreadable)?,
        received_at: Timestamp::from_millis(row.try_get(2).map_err(unreadable)?),
        what,
    })
}

fn notification(row: &Row) -> Result<Notification, StoreError> {
    let link: Option<_> = row.try_get(6).map_err(unreadable)?;
    let token: Option<&str> = row.try_get(7).map_err(unreadable)?;
    let token = token.map(str::parse::<TokenHash>).transpose();
    let verdict: &str = row.try_get(8).map_err(unreadable)?;
    let headers: &str = row.try_get(9).map_err(unreadable)?;
    let open_sales: i64 = row.try_get(11).map_err(unreadable)?;
    Ok(Notification {
        endpoint: row.try_get(4).map_err(unreadable)?,
        kind: row.try_get(5).map_err(unreadable)?,
        link: link.map(LinkId),
        token: token.map_err(|_no_token| broken("a token"))?,
        verdict: verdict_of(verdict).ok_or_else(|| broken("a verdict"))?,
        headers: serde_json::from_str(headers).map_err(|_not_json| broken("headers"))?,
        body: row.try_get(10).map_err(unreadable)?,
        open_sales: u32::try_from(open_sales).map_err(|_negative| broken("a count"))?,
        published: published(row)?,
    })
}

fn published(row: &Row) -> Result<Option<ShopLink>, StoreError> {
    let Some(told) = row.try_get::<_, Option<&str>>(12).map_err(unreadable)? else {
        return Ok(None);
    };
    Ok(Some(ShopLink {
        published: serde_json::from_str(told).map_err(|_not_json| broken("a link"))?,
        terminal: row.try_get(13).map_err(unreadable)?,
        till: row.try_get(14).map_err(unreadable)?,
    }))
}

fn broken(what: &str) -> StoreError {
    StoreError::Unreadable(what.to_owned())
}
