//! What a terminal has not read yet.

use tokio_postgres::Row;

use super::super::StoreError;
use super::super::owner::verdict_of;
use super::super::page::{self, Filling};
use super::super::types::{Fed, Reader, Stream};
use super::line::Deed;
use super::rows::unreadable;
use super::session::Rows;
use crate::domain::id::{Entropy, LinkId};
use crate::domain::time::Timestamp;
use crate::proto::hub::{Cursor, Feed, FeedRequest, Item, Page, TokenHash};

/// A terminal's question, answered as of one moment, so that no item can slip in between the two
/// streams and be skipped.
pub(super) struct Ask {
    pub(super) token: TokenHash,
    pub(super) request: FeedRequest,
    pub(super) now: Timestamp,
}

impl Deed for Ask {
    type Done = Fed;
    const READS: bool = true;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Fed, StoreError> {
        let Some(reader) = reader(rows, &self.token).await? else {
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
            page(rows, reader.own, self.request.after),
            page(rows, reader.shop, self.request.shop_after),
        )?;
        let now = self.now;
        Ok(Fed::Feed(reader, Feed { now, own, shop }))
    }
}

async fn reader(rows: &Rows<'_>, token: &TokenHash) -> Result<Option<Reader>, StoreError> {
    let found = rows
        .one(
            "SELECT terminal.id, terminal.stream, shop.stream
             FROM terminal JOIN shop ON shop.id = terminal.shop
             WHERE terminal.token_hash = $1",
            &[&token.as_str()],
        )
        .await?;
    let reader = found.map(|row| {
        Ok(Reader {
            terminal: row.try_get(0)?,
            own: Stream(row.try_get(1)?),
            shop: Stream(row.try_get(2)?),
        })
    });
    reader.transpose().map_err(unreadable)
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

async fn page(rows: &Rows<'_>, stream: Stream, after: u64) -> Result<Page, StoreError> {
    let found = rows
        .all(
            "SELECT seq, mark, received_at, endpoint, kind, link, token_hash, verdict, headers, body
             FROM feed WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            &[&stream.0, &page::number(after), &page::limit()],
        )
        .await?;
    let mut page = Filling::default();
    for row in &found {
        if !page.add(item(row)?) {
            break;
        }
    }
    Ok(page.done())
}

fn item(row: &Row) -> Result<Item, StoreError> {
    let broken = |what: &str| StoreError::Unreadable(what.to_owned());
    let seq: i64 = row.try_get(0).map_err(unreadable)?;
    let link: Option<_> = row.try_get(5).map_err(unreadable)?;
    let token: Option<&str> = row.try_get(6).map_err(unreadable)?;
    let token = token.map(str::parse::<TokenHash>).transpose();
    let verdict: &str = row.try_get(7).map_err(unreadable)?;
    let headers: &str = row.try_get(8).map_err(unreadable)?;
    Ok(Item {
        seq: u64::try_from(seq).map_err(|_negative| broken("a number"))?,
        mark: row.try_get(1).map_err(unreadable)?,
        received_at: Timestamp::from_millis(row.try_get(2).map_err(unreadable)?),
        endpoint: row.try_get(3).map_err(unreadable)?,
        kind: row.try_get(4).map_err(unreadable)?,
        link: link.map(LinkId),
        token: token.map_err(|_no_token| broken("a token"))?,
        verdict: verdict_of(verdict).ok_or_else(|| broken("a verdict"))?,
        headers: serde_json::from_str(headers).map_err(|_not_json| broken("headers"))?,
        body: row.try_get(9).map_err(unreadable)?,
    })
}
