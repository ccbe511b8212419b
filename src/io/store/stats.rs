//! How often links were shown and paid.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};

use super::read;
use super::value::{Millis, Word};
use crate::domain::id::LinkId;
use crate::domain::time::Timestamp;
use crate::terminal::query::LinkStat;

/// The key of such a fact names its link: see `domain::sale::Fact::key`. The partial index
/// `sale_fact_shown` serves this condition only while both read the same.
pub(super) const SHOWN: &str = "SELECT substr(key, 7), count(*), max(at) FROM sale_fact
    WHERE key >= 'shown/' AND key < 'shown0' GROUP BY key";
/// A payment is reported several times: charged, and given back later; the day of the money counts.
pub(super) const PAID: &str = "SELECT link, count(DISTINCT backend || ' ' || payment),
    max(CASE status WHEN 'charged' THEN heard_at END) FROM payment
    WHERE status IN ('charged', 'part_refunded', 'refunded', 'charged_back') GROUP BY link";

/// All links that were ever shown or paid.
pub(super) fn of_links(connection: &Connection) -> rusqlite::Result<Vec<LinkStat>> {
    let mut stats: BTreeMap<LinkId, LinkStat> = BTreeMap::new();
    for (link, count, last) in read::many(connection, SHOWN, [], counted)? {
        let stat = stats.entry(link).or_insert_with(|| blank(link));
        (stat.shown, stat.last_shown) = (count, last);
    }
    for (link, count, last) in read::many(connection, PAID, [], counted)? {
        let stat = stats.entry(link).or_insert_with(|| blank(link));
        (stat.paid, stat.last_paid) = (count, last);
    }
    Ok(stats.into_values().collect())
}

fn counted(row: &Row<'_>) -> rusqlite::Result<(LinkId, u32, Option<Timestamp>)> {
    Ok((
        row.get::<_, Word<_>>(0)?.0,
        row.get(1)?,
        row.get::<_, Option<Millis>>(2)?.map(|Millis(at)| at),
    ))
}

const fn blank(link: LinkId) -> LinkStat {
    LinkStat {
        link,
        shown: 0,
        last_shown: None,
        paid: 0,
        last_paid: None,
    }
}
