//! Notifications into feeds, within the caller's transaction.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::StoreError;
use super::super::owner::{Meant, Owner, Route, purpose_word, verdict_word};
use super::super::types::{Arrival, Stream, Taken, json, mark};
use super::owners::Owners;
use super::rows::id;
use crate::domain::id::{Entropy, LinkId};
use crate::domain::link::Purpose;
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::Claimed;

pub(super) fn all(
    rows: &Connection,
    entropy: &mut Entropy,
    owners: &mut Owners,
    arrivals: &[Arrival],
) -> Result<Vec<Taken>, StoreError> {
    owners.refresh(rows)?;
    let taken = arrivals
        .iter()
        .map(|arrival| one(rows, entropy, owners, arrival));
    taken.collect()
}

fn one(
    rows: &Connection,
    entropy: &mut Entropy,
    owners: &mut Owners,
    arrival: &Arrival,
) -> Result<Taken, StoreError> {
    let known = owners.of(rows, &arrival.hook)?;
    let Some((owner, secrets)) = known.filter(|(owner, _)| owner.kind == arrival.kind) else {
        return Ok(Taken::Nobody);
    };
    let verdict = owner.verdict(arrival, secrets);
    if verdict == Verdict::Forged {
        return Ok(Taken::Forged);
    }
    let route = route(rows, owner, arrival)?;
    let is_new = rows
        .prepare_cached(
            "INSERT INTO seen (stream, key, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            route.stream.0,
            arrival.key(verdict),
            arrival.at.millis()
        ])?;
    if is_new == 0 {
        return Ok(Taken::Known);
    }
    append(rows, entropy, arrival, owner, &route, verdict)?;
    Ok(Taken::Stored(route.stream))
}

fn route(rows: &Connection, owner: &Owner, arrival: &Arrival) -> Result<Route, StoreError> {
    let (shop, names) = (owner.shop.to_string(), owner.names(arrival));
    let mut found = None;
    if let Some(remote) = names.remote {
        let by = "link.shop = ?1 AND link.kind = ?2 AND link.remote = ?3";
        found = meant(rows, by, params![shop, owner.kind, remote])?;
    }
    if let (None, Some(link)) = (&found, names.link) {
        let by = "link.shop = ?1 AND link.kind = ?2 AND link.link = ?3";
        found = meant(rows, by, params![shop, owner.kind, link.to_string()])?;
    }
    Ok(owner.route(arrival, found.as_ref()))
}

fn meant(
    rows: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
) -> Result<Option<Meant>, StoreError> {
    let mut found = rows.prepare_cached(&format!(
        "SELECT link.link, link.purpose, terminal.stream,
                (SELECT count(*) FROM open_sale
                 JOIN terminal AS other ON other.id = open_sale.terminal
                 WHERE other.shop = link.shop AND open_sale.product = link.product)
         FROM link JOIN terminal ON terminal.id = link.terminal
         WHERE {condition} ORDER BY link.link LIMIT 1"
    ))?;
    let found = found.query_row(values, |row| {
        Ok(Meant {
            link: LinkId(id(row, 0)?),
            is_single: row.get::<_, String>(1)? == purpose_word(Purpose::Single),
            teller: Stream(row.get(2)?),
            open_sales: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

fn append(
    rows: &Connection,
    entropy: &mut Entropy,
    arrival: &Arrival,
    owner: &Owner,
    route: &Route,
    verdict: Verdict,
) -> Result<(), StoreError> {
    let link = arrival.link.as_ref();
    rows.prepare_cached(
        "INSERT INTO feed (stream, seq, mark, received_at, what, endpoint, kind, link, token_hash,
                           verdict, headers, body, published, open_sales)
         VALUES (?1, ?2, ?3, ?4, 'notification', ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        route.stream.0,
        next_seq(rows, route.stream)?,
        mark(entropy),
        arrival.at.millis(),
        owner.endpoint.to_string(),
        owner.kind,
        link.map(|address| address.link.to_string()),
        link.map(|address| address.token.hash().as_str().to_owned()),
        verdict_word(verdict),
        json(&arrival.headers)?,
        arrival.body,
        route.published.map(|link| link.to_string()),
        route.open_sales,
    ])?;
    Ok(())
}

/// All of a shop hear who has a payment.
pub(super) fn append_claim(
    rows: &Connection,
    entropy: &mut Entropy,
    stream: Stream,
    claimed: &Claimed,
    now: Timestamp,
) -> Result<(), StoreError> {
    rows.prepare_cached(
        "INSERT INTO feed (stream, seq, mark, received_at, what, kind, link, body)
         VALUES (?1, ?2, ?3, ?4, 'claim', ?5, ?6, ?7)",
    )?
    .execute(params![
        stream.0,
        next_seq(rows, stream)?,
        mark(entropy),
        now.millis(),
        claimed.kind,
        claimed.link.to_string(),
        json(claimed)?.into_bytes(),
    ])?;
    Ok(())
}

/// The next number is given out in the same transaction as the row, so that the order of commits is
/// the order of numbers, and a reader skips none.
fn next_seq(rows: &Connection, stream: Stream) -> Result<i64, StoreError> {
    let mut next = rows.prepare_cached(
        "UPDATE stream SET last_seq = last_seq + 1 WHERE id = ?1 RETURNING last_seq",
    )?;
    Ok(next.query_row([stream.0], |row| row.get(0))?)
}
