//! Notifications into feeds, within the caller's transaction.

use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use super::super::StoreError;
use super::super::owner::{Owner, verdict_word};
use super::super::types::{Arrival, Stream, Taken, mark};
use super::rows::id;
use crate::domain::id::Entropy;
use crate::proto::backend::Verdict;

pub(super) fn all(
    rows: &Connection,
    entropy: &mut Entropy,
    arrivals: &[Arrival],
) -> Result<Vec<Taken>, StoreError> {
    let taken = arrivals.iter().map(|arrival| one(rows, entropy, arrival));
    taken.collect()
}

fn one(rows: &Connection, entropy: &mut Entropy, arrival: &Arrival) -> Result<Taken, StoreError> {
    let Some(owner) = owner(rows, arrival)?.filter(|owner| owner.kind == arrival.kind) else {
        return Ok(Taken::Nobody);
    };
    let verdict = owner.verdict(arrival, &secrets(rows, owner.endpoint)?);
    if verdict == Verdict::Forged {
        return Ok(Taken::Forged);
    }
    let stream = owner.stream(arrival);
    let is_new = rows
        .prepare_cached(
            "INSERT INTO seen (stream, key, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![stream.0, arrival.key(verdict), arrival.at.millis()])?;
    if is_new == 0 {
        return Ok(Taken::Known);
    }
    append(rows, entropy, arrival, &owner, stream, verdict)?;
    Ok(Taken::Stored(stream))
}

fn owner(rows: &Connection, arrival: &Arrival) -> Result<Option<Owner>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT endpoint.id, endpoint.kind, shop.stream, terminal.stream
         FROM hook
         JOIN endpoint ON endpoint.id = hook.endpoint
         JOIN shop ON shop.id = endpoint.shop
         LEFT JOIN terminal ON terminal.id = hook.terminal
         WHERE hook.token_hash = ?1 AND hook.retired_at IS NULL",
    )?;
    let owner = found.query_row([arrival.hook.as_str()], |row| {
        Ok(Owner {
            endpoint: id(row, 0)?,
            kind: row.get(1)?,
            shop_stream: Stream(row.get(2)?),
            own_stream: row.get::<_, Option<i64>>(3)?.map(Stream),
        })
    });
    Ok(owner.optional()?)
}

/// What an account signs with.
fn secrets(rows: &Connection, endpoint: Uuid) -> Result<Vec<String>, StoreError> {
    let mut found = rows.prepare_cached("SELECT secret FROM secret WHERE endpoint = ?1")?;
    let secrets = found.query_map([endpoint.to_string()], |row| row.get(0))?;
    Ok(secrets.collect::<Result<_, _>>()?)
}

/// The next number is given out in the same transaction as the row, so that the order of commits is
/// the order of numbers, and a reader skips none.
fn append(
    rows: &Connection,
    entropy: &mut Entropy,
    arrival: &Arrival,
    owner: &Owner,
    stream: Stream,
    verdict: Verdict,
) -> Result<(), StoreError> {
    let seq: i64 = rows
        .prepare_cached(
            "UPDATE stream SET last_seq = last_seq + 1 WHERE id = ?1 RETURNING last_seq",
        )?
        .query_row([stream.0], |row| row.get(0))?;
    let link = arrival.link.as_ref();
    let headers = serde_json::to_string(&arrival.headers)
        .map_err(|error| StoreError::Unreadable(error.to_string()))?;
    rows.prepare_cached(
        "INSERT INTO feed (stream, seq, mark, received_at, endpoint, kind, link, token_hash, verdict,
                           headers, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        stream.0,
        seq,
        mark(entropy),
        arrival.at.millis(),
        owner.endpoint.to_string(),
        owner.kind,
        link.map(|address| address.link.to_string()),
        link.map(|address| address.token.hash().as_str().to_owned()),
        verdict_word(verdict),
        headers,
        arrival.body,
    ])?;
    Ok(())
}
