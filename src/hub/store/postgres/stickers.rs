//! The shop's register of stickers: told, merged and heard.

use uuid::Uuid;

use super::super::StoreError;
use super::super::page::number;
use super::super::register::{self, Change, Entry, Known, PASSED_KEPT, Start};
use super::super::types::{Sharing, Stream};
use super::line::Deed;
use super::rows::unreadable;
use super::session::{Bond, Rows};
use crate::domain::id::Entropy;
use crate::domain::sticker::Sticker;
use crate::proto::hub::{Cursor, HeardStickers, TokenHash, ToldStickers};

/// Merges what a terminal tells, and answers with what it has not heard. None where nobody has the token.
pub(super) struct Share {
    pub(super) token: TokenHash,
    pub(super) told: ToldStickers,
}

impl Deed for Share {
    type Done = Option<Sharing>;

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        // Held until the commit: so the order of versions is the order of commits, and nobody skips one.
        let found = rows
            .one(
                "SELECT shop.id, shop.register, shop.stream
                 FROM terminal JOIN shop ON shop.id = terminal.shop
                 WHERE terminal.token_hash = $1 FOR NO KEY UPDATE OF shop",
                &[&self.token.as_str()],
            )
            .await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let shop: Uuid = row.try_get(0).map_err(unreadable)?;
        let version: i64 = row.try_get(1).map_err(unreadable)?;
        let told = &self.told.stickers;
        let known = known(rows, shop, told).await?;
        let changes = register::changes(entropy, version, &known, told)?;
        store(rows, shop, &changes).await?;
        let heard = heard(rows, shop, &self.told.after).await?;
        let stream = Stream(row.try_get(2).map_err(unreadable)?);
        let told = (!changes.is_empty()).then_some(stream);
        Ok(Some(Sharing { heard, told }))
    }
}

/// What a terminal has not heard, as of one moment. None where nobody has the token.
pub(super) struct Hear {
    pub(super) token: TokenHash,
    pub(super) after: Cursor,
}

impl Deed for Hear {
    type Done = Option<Sharing>;
    const BOND: Bond = Bond::Reads;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Self::Done, StoreError> {
        let found = rows
            .one(
                "SELECT shop FROM terminal WHERE token_hash = $1",
                &[&self.token.as_str()],
            )
            .await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let shop = row.try_get(0).map_err(unreadable)?;
        let heard = heard(rows, shop, &self.after).await?;
        Ok(Some(Sharing { heard, told: None }))
    }
}

/// What is known of those that are told.
async fn known(rows: &Rows<'_>, shop: Uuid, told: &[Sticker]) -> Result<Known, StoreError> {
    let told: Vec<_> = told.iter().map(|sticker| sticker.id.0).collect();
    let found = rows
        .all(
            "SELECT known FROM sticker WHERE shop = $1 AND sticker = ANY($2)",
            &[&shop, &told],
        )
        .await?;
    let known = found.iter().map(|row| {
        let sticker = register::sticker(row.try_get(0).map_err(unreadable)?)?;
        Ok((sticker.id, sticker))
    });
    known.collect()
}

/// All by one statement; each part of it sees the tables as they were before.
const STORE: &str = "
    WITH new AS (
        SELECT * FROM unnest($2::UUID[], $3::BIGINT[], $4::TEXT[], $5::TEXT[])
            AS new (sticker, version, mark, known)
    ), passed AS (
        INSERT INTO passed_version (shop, passed_by, version, mark)
        SELECT $1, new.version, old.version, old.mark
        FROM new JOIN sticker AS old ON old.shop = $1 AND old.sticker = new.sticker
    ), forgotten AS (
        DELETE FROM passed_version WHERE shop = $1 AND passed_by <= $7
    ), given AS (
        UPDATE shop SET register = $6 WHERE id = $1
    )
    INSERT INTO sticker (shop, sticker, version, mark, known)
    SELECT $1, sticker, version, mark, known FROM new
    ON CONFLICT (shop, sticker) DO UPDATE SET
        version = excluded.version, mark = excluded.mark, known = excluded.known";

async fn store(rows: &Rows<'_>, shop: Uuid, changes: &[Change]) -> Result<(), StoreError> {
    let Some(last) = changes.last() else {
        return Ok(());
    };
    let text = |of: fn(&Change) -> &str| -> Vec<&str> { changes.iter().map(of).collect() };
    let stickers: Vec<_> = changes.iter().map(|change| change.sticker.0).collect();
    let versions: Vec<_> = changes.iter().map(|change| change.version).collect();
    rows.change(
        STORE,
        &[
            &shop,
            &stickers,
            &versions,
            &text(|change| &change.mark),
            &text(|change| &change.known),
            &last.version,
            &last.version.saturating_sub(PASSED_KEPT),
        ],
    )
    .await?;
    Ok(())
}

async fn heard(rows: &Rows<'_>, shop: Uuid, after: &Cursor) -> Result<HeardStickers, StoreError> {
    let start = start(rows, shop, after).await?;
    let found = rows
        .all(
            "SELECT version, mark, known FROM sticker
             WHERE shop = $1 AND version > $2 ORDER BY version LIMIT $3",
            &[&shop, &start.version(), &Start::limit()],
        )
        .await?;
    let entries = found.iter().map(|row| {
        Ok(Entry {
            version: row.try_get(0).map_err(unreadable)?,
            mark: row.try_get(1).map_err(unreadable)?,
            sticker: register::sticker(row.try_get(2).map_err(unreadable)?)?,
        })
    });
    start.answer(entries.collect::<Result<_, StoreError>>()?)
}

async fn start(rows: &Rows<'_>, shop: Uuid, after: &Cursor) -> Result<Start, StoreError> {
    if after.seq == 0 {
        return Ok(Start::new(after, None));
    }
    let found = rows
        .one(
            "SELECT mark FROM sticker WHERE shop = $1 AND version = $2
             UNION ALL
             SELECT mark FROM passed_version WHERE shop = $1 AND version = $2",
            &[&shop, &number(after.seq)],
        )
        .await?;
    let mark = found.as_ref().map(|row| row.try_get(0)).transpose();
    Ok(Start::new(after, mark.map_err(unreadable)?))
}
