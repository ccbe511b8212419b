//! Notifications into feeds, within the caller's transaction.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::StoreError;
use super::super::types::{Arrival, Stream, Taken, mark};
use crate::domain::id::Entropy;
use crate::domain::link::Purpose;
use crate::domain::time::Timestamp;
use crate::proto::backend::{Posted, Verdict, codec};
use crate::proto::hub::{Claimed, LinkAddress, Scope};

/// Whom an address belongs to.
struct Owner {
    endpoint: String,
    kind: String,
    shop: String,
    shop_stream: Stream,
    own_stream: Option<Stream>,
}

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
    let verdict = verdict(rows, &owner, arrival)?;
    if verdict == Verdict::Forged {
        return Ok(Taken::Forged);
    }
    let route = route(rows, &owner, arrival)?;
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
    append(rows, entropy, arrival, &owner, &route, verdict)?;
    Ok(Taken::Stored(route.stream))
}

/// Where a notification goes.
struct Route {
    stream: Stream,
    /// The published link that is meant, where all of the shop hear of it.
    published: Option<String>,
    open_sales: u32,
}

/// By the link's address; to an account's own address by the link that the content names, as far as
/// a terminal has told of it; else to all.
fn route(rows: &Connection, owner: &Owner, arrival: &Arrival) -> Result<Route, StoreError> {
    let is_own = |address: &LinkAddress| address.scope == Scope::Own;
    if arrival.link.as_ref().is_some_and(is_own)
        && let Some(stream) = owner.own_stream
    {
        return Ok(Route {
            stream,
            published: None,
            open_sales: 0,
        });
    }
    let meant = match &arrival.link {
        Some(address) => by_id(rows, owner, &address.link.to_string())?,
        None => named(rows, owner, arrival)?,
    };
    let for_all = |meant: Option<Meant>| Route {
        stream: owner.shop_stream,
        open_sales: meant.as_ref().map_or(0, |meant| meant.open_sales),
        published: meant.map(|meant| meant.link),
    };
    Ok(match meant {
        Some(meant) if arrival.link.is_none() && meant.is_single => Route {
            stream: meant.owner,
            published: None,
            open_sales: 0,
        },
        meant => for_all(meant),
    })
}

/// A published link.
struct Meant {
    link: String,
    is_single: bool,
    owner: Stream,
    open_sales: u32,
}

/// The link that a notification's content names: by the provider's id, or by ours.
fn named(rows: &Connection, owner: &Owner, arrival: &Arrival) -> Result<Option<Meant>, StoreError> {
    let body = std::str::from_utf8(&arrival.body).ok();
    let reported = body
        .zip(codec(&owner.kind))
        .and_then(|(body, codec)| codec.read_notification(body).ok());
    let Some(name) = reported.and_then(|reported| reported.remote_link) else {
        return Ok(None);
    };
    let by_remote = meant(
        rows,
        "link.shop = ?1 AND link.kind = ?2 AND link.remote = ?3",
        params![owner.shop, owner.kind, name],
    )?;
    match by_remote {
        Some(meant) => Ok(Some(meant)),
        None => by_id(rows, owner, &name),
    }
}

fn by_id(rows: &Connection, owner: &Owner, link: &str) -> Result<Option<Meant>, StoreError> {
    meant(
        rows,
        "link.shop = ?1 AND link.kind = ?2 AND link.link = ?3",
        params![owner.shop, owner.kind, link],
    )
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
         WHERE {condition} LIMIT 1"
    ))?;
    let found = found.query_row(values, |row| {
        Ok(Meant {
            link: row.get(0)?,
            is_single: row.get::<_, String>(1)? == purpose_word(Purpose::Single),
            owner: Stream(row.get(2)?),
            open_sales: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

pub(super) const fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Permanent => "permanent",
        Purpose::Single => "single",
    }
}

fn owner(rows: &Connection, arrival: &Arrival) -> Result<Option<Owner>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT endpoint.id, endpoint.kind, shop.id, shop.stream, terminal.stream
         FROM hook
         JOIN endpoint ON endpoint.id = hook.endpoint
         JOIN shop ON shop.id = endpoint.shop
         LEFT JOIN terminal ON terminal.id = hook.terminal
         WHERE hook.token_hash = ?1 AND hook.retired_at IS NULL",
    )?;
    let owner = found.query_row([arrival.hook.as_str()], |row| {
        Ok(Owner {
            endpoint: row.get(0)?,
            kind: row.get(1)?,
            shop: row.get(2)?,
            shop_stream: Stream(row.get(3)?),
            own_stream: row.get::<_, Option<i64>>(4)?.map(Stream),
        })
    });
    Ok(owner.optional()?)
}

/// What the signature proves, with the endpoint's secrets.
fn verdict(rows: &Connection, owner: &Owner, arrival: &Arrival) -> Result<Verdict, StoreError> {
    let Some(codec) = codec(&owner.kind) else {
        return Ok(Verdict::Unsigned);
    };
    let mut found = rows.prepare_cached("SELECT secret FROM secret WHERE endpoint = ?1")?;
    let secrets = found.query_map([&owner.endpoint], |row| row.get(0))?;
    let secrets = secrets.collect::<Result<Vec<String>, _>>()?;
    let posted = Posted {
        headers: &arrival.headers,
        body: &arrival.body,
        at: arrival.at,
    };
    Ok(codec.verify(&posted, &secrets))
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
        owner.endpoint,
        owner.kind,
        link.map(|address| address.link.to_string()),
        link.map(|address| address.token.hash().as_str().to_owned()),
        super::rows::verdict_word(verdict),
        json(&arrival.headers)?,
        arrival.body,
        route.published,
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

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable(error.to_string()))
}
