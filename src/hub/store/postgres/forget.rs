//! What is old and was read by all: forgotten, after the owner's time.

use super::super::StoreError;
use super::line::Deed;
use super::session::Rows;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;

/// The most rows of one statement, so that a notification never waits long behind it.
const ROWS_MAX: i64 = 500;

/// Of the feed, never what a terminal has not fetched, unless its token was taken away.
const STATEMENTS: [&str; 3] = [
    "DELETE FROM feed WHERE (stream, seq) IN (
         SELECT feed.stream, feed.seq
         FROM feed
         JOIN terminal ON terminal.stream = feed.stream
         WHERE feed.received_at < $1
           AND (feed.seq <= terminal.own_acked OR terminal.revoked_at IS NOT NULL)
         UNION ALL
         SELECT feed.stream, feed.seq
         FROM feed
         JOIN shop ON shop.stream = feed.stream
         WHERE feed.received_at < $1
           AND feed.seq <= coalesce(
               (SELECT min(shop_acked) FROM terminal
                WHERE terminal.shop = shop.id AND terminal.revoked_at IS NULL),
               0)
         LIMIT $2)",
    "DELETE FROM seen WHERE (stream, key) IN
         (SELECT stream, key FROM seen WHERE at < $1 LIMIT $2)",
    // As long as a terminal has not read the payment it may claim it, and has to lose.
    "DELETE FROM claim WHERE (shop, kind, link, payment) IN
         (SELECT claim.shop, claim.kind, claim.link, claim.payment
          FROM claim JOIN shop ON shop.id = claim.shop
          WHERE claim.at < $1 AND claim.at < coalesce(
              (SELECT received_at FROM feed WHERE feed.stream = shop.stream ORDER BY seq LIMIT 1),
              $1)
          LIMIT $2)",
];

/// Removes some of what came before an instant; says whether there may be more.
pub(super) struct Before(pub(super) Timestamp);

impl Deed for Before {
    type Done = bool;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<bool, StoreError> {
        // One process at a time: two with the same rows would be in each other's way.
        rows.all(
            "SELECT version FROM tillcode_hub WHERE only_row = 1 FOR UPDATE",
            &[],
        )
        .await?;
        let at = self.0.millis();
        let mut removed: u64 = 0;
        for statement in STATEMENTS {
            let more = rows.change(statement, &[&at, &ROWS_MAX]).await?;
            removed = removed.saturating_add(more);
        }
        Ok(removed > 0)
    }
}
