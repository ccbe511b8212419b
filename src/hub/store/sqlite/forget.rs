//! What is old and was read by all: forgotten, after the owner's time.

use rusqlite::{Connection, params};

use super::super::StoreError;
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::time::Timestamp;

/// The most rows of one transaction, so that a notification never waits long behind it.
const ROWS_MAX: i64 = 500;

/// Removes some of what came before an instant; says whether there may be more. Never what a terminal
/// has not fetched, unless its token was taken away.
pub(super) fn before(rows: &Connection, instant: Timestamp) -> Result<bool, StoreError> {
    let at = instant.millis();
    #[cfg(planted)]
    if planted::is(Bug::UnreadForgotten) {
        rows.execute("DELETE FROM feed WHERE received_at < ?1", [at])?;
    }
    let mut removed = rows
        .prepare_cached(
            "DELETE FROM feed WHERE (stream, seq) IN (
                 SELECT feed.stream, feed.seq
                 FROM feed
                 JOIN terminal ON terminal.stream = feed.stream
                 WHERE feed.received_at < ?1
                   AND (feed.seq <= terminal.own_acked OR terminal.revoked_at IS NOT NULL)
                 UNION ALL
                 SELECT feed.stream, feed.seq
                 FROM feed
                 JOIN shop ON shop.stream = feed.stream
                 WHERE feed.received_at < ?1
                   AND feed.seq <= coalesce(
                       (SELECT min(shop_acked) FROM terminal
                        WHERE terminal.shop = shop.id AND terminal.revoked_at IS NULL),
                       0)
                 LIMIT ?2)",
        )?
        .execute(params![at, ROWS_MAX])?;
    for sql in [
        "DELETE FROM seen WHERE (stream, key) IN (SELECT stream, key FROM seen WHERE at < ?1 LIMIT ?2)",
        // As long as a terminal has not read the payment it may claim it, and has to lose.
        "DELETE FROM claim WHERE (shop, kind, link, payment) IN
             (SELECT claim.shop, claim.kind, claim.link, claim.payment
              FROM claim JOIN shop ON shop.id = claim.shop
              WHERE claim.at < ?1 AND claim.at < coalesce(
                  (SELECT received_at FROM feed WHERE feed.stream = shop.stream ORDER BY seq LIMIT 1),
                  ?1)
              LIMIT ?2)",
    ] {
        let more = rows.prepare_cached(sql)?.execute(params![at, ROWS_MAX])?;
        removed = removed.saturating_add(more);
    }
    Ok(removed > 0)
}
