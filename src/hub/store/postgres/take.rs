//! Notifications into feeds, many at once: asked whose they are, then stored by one statement.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::StoreError;
use super::super::owner::{Owner, Route, verdict_word};
use super::super::types::{Arrival, Stream, Taken, json, mark};
use super::route;
use super::rows::unreadable;
use super::session::Rows;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::Claimed;

/// A notification that may be taken.
pub(super) struct Candidate<'a> {
    pub(super) arrival: &'a Arrival,
    pub(super) owner: &'a Owner,
    pub(super) route: Route,
    verdict: Verdict,
    key: [u8; 32],
}

/// One that may be taken, or what became of another one.
pub(super) type Judged<'a> = Result<Candidate<'a>, Taken>;

pub(super) async fn all(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    arrivals: &[Arrival],
) -> Result<Vec<Taken>, StoreError> {
    if arrivals.is_empty() {
        return Ok(Vec::new());
    }
    let owners = owners(rows, arrivals).await?;
    let judged = arrivals.iter().map(|arrival| judge(arrival, &owners));
    let mut judged: Vec<_> = judged.collect();
    route::find(rows, &mut judged).await?;
    let mut columns = Columns::default();
    for (position, judged) in judged.iter().enumerate() {
        if let Ok(candidate) = judged {
            columns.push(position, mark(entropy), candidate)?;
        }
    }
    let stored = columns.store(rows).await?;
    let taken = judged.into_iter().enumerate().map(|(position, judged)| {
        let candidate = match judged {
            Ok(candidate) => candidate,
            Err(taken) => return taken,
        };
        if stored.contains(&number(position)) {
            Taken::Stored(candidate.route.stream)
        } else {
            Taken::Known
        }
    });
    Ok(taken.collect())
}

/// A place in the batch, as a column has it.
pub(super) fn number(position: usize) -> i64 {
    // There are no more than a batch has.
    i64::try_from(position).unwrap_or(i64::MAX)
}

/// Owner and secrets by the hash of the address's token.
async fn owners(
    rows: &Rows<'_>,
    arrivals: &[Arrival],
) -> Result<HashMap<String, (Owner, Vec<String>)>, StoreError> {
    let hooks: BTreeSet<_> = arrivals
        .iter()
        .map(|arrival| arrival.hook.as_str())
        .collect();
    let hooks: Vec<_> = hooks.into_iter().collect();
    let found = rows
        .all(
            "SELECT hook.token_hash, endpoint.id, endpoint.kind, shop.id, shop.stream,
                    terminal.stream,
                    ARRAY(SELECT secret FROM secret WHERE secret.endpoint = endpoint.id)
             FROM unnest($1::TEXT[]) AS asked (token_hash)
             JOIN hook ON hook.token_hash = asked.token_hash
             JOIN endpoint ON endpoint.id = hook.endpoint
             JOIN shop ON shop.id = endpoint.shop
             LEFT JOIN terminal ON terminal.id = hook.terminal
             WHERE hook.retired_at IS NULL",
            &[&hooks],
        )
        .await?;
    let owners = found.iter().map(|row| {
        let owner = Owner {
            endpoint: row.try_get(1)?,
            kind: row.try_get(2)?,
            shop: row.try_get(3)?,
            shop_stream: Stream(row.try_get(4)?),
            own_stream: row.try_get::<_, Option<i64>>(5)?.map(Stream),
        };
        Ok((row.try_get(0)?, (owner, row.try_get(6)?)))
    });
    owners
        .collect::<Result<_, tokio_postgres::Error>>()
        .map_err(unreadable)
}

fn judge<'a>(
    arrival: &'a Arrival,
    owners: &'a HashMap<String, (Owner, Vec<String>)>,
) -> Judged<'a> {
    let owner = owners.get(arrival.hook.as_str());
    let Some((owner, secrets)) = owner.filter(|(owner, _)| owner.kind == arrival.kind) else {
        return Err(Taken::Nobody);
    };
    let verdict = owner.verdict(arrival, secrets);
    if verdict == Verdict::Forged {
        return Err(Taken::Forged);
    }
    Ok(Candidate {
        arrival,
        owner,
        route: owner.route(arrival, None),
        verdict,
        key: arrival.key(verdict),
    })
}

/// The columns of what may be new.
#[derive(Default)]
struct Columns<'a> {
    /// What is in them: the same twice in one batch is stored once.
    keys: HashSet<(Stream, [u8; 32])>,
    position: Vec<i64>,
    stream: Vec<i64>,
    key: Vec<&'a [u8]>,
    mark: Vec<String>,
    received_at: Vec<i64>,
    endpoint: Vec<uuid::Uuid>,
    kind: Vec<&'a str>,
    link: Vec<Option<uuid::Uuid>>,
    token_hash: Vec<Option<String>>,
    verdict: Vec<&'a str>,
    headers: Vec<String>,
    body: Vec<&'a [u8]>,
    published: Vec<Option<uuid::Uuid>>,
    open_sales: Vec<i64>,
}

/// Stores what is not known, all by one statement, which is a transaction by itself.
///
/// First it holds the streams until its commit: so the order of numbers is the order of commits, and a
/// reader skips none. In the order of their ids, since otherwise two processes with the same streams
/// could each hold what the other waits for; and also where all turns out to be known, so that a
/// repetition is acknowledged only after the commit of what it repeats.
const STORE: &str = "
    WITH held AS (
        SELECT id FROM stream WHERE id = ANY($2) ORDER BY id FOR UPDATE
    ), new AS (
        INSERT INTO seen (stream, key, at)
        SELECT * FROM unnest($2::BIGINT[], $3::BYTEA[], $5::BIGINT[])
        WHERE (SELECT count(*) FROM held) > 0
        ON CONFLICT DO NOTHING RETURNING stream, key
    ), more AS (
        SELECT stream, count(*) AS count FROM new GROUP BY stream
    ), given AS (
        UPDATE stream SET last_seq = last_seq + more.count FROM more
        WHERE stream.id = more.stream RETURNING stream.id, stream.last_seq - more.count AS last
    ), arrived AS (
        SELECT arrived.*,
               given.last + row_number() OVER (PARTITION BY arrived.stream ORDER BY position) AS seq
        FROM unnest($1::BIGINT[], $2::BIGINT[], $3::BYTEA[], $4::TEXT[], $5::BIGINT[], $6::UUID[],
                    $7::TEXT[], $8::UUID[], $9::TEXT[], $10::TEXT[], $11::TEXT[], $12::BYTEA[],
                    $13::UUID[], $14::BIGINT[])
             AS arrived (position, stream, key, mark, received_at, endpoint, kind, link, token_hash,
                         verdict, headers, body, published, open_sales)
        JOIN new ON new.stream = arrived.stream AND new.key = arrived.key
        JOIN given ON given.id = arrived.stream
    ), stored AS (
        INSERT INTO feed (what, stream, seq, mark, received_at, endpoint, kind, link, token_hash,
                          verdict, headers, body, published, open_sales)
        SELECT 'notification', stream, seq, mark, received_at, endpoint, kind, link, token_hash,
               verdict, headers, body, published, open_sales
        FROM arrived
    )
    SELECT position FROM arrived";

impl<'a> Columns<'a> {
    fn push(
        &mut self,
        position: usize,
        mark: String,
        candidate: &'a Candidate<'a>,
    ) -> Result<(), StoreError> {
        let Candidate {
            arrival,
            owner,
            route,
            verdict,
            key,
        } = candidate;
        if !self.keys.insert((route.stream, *key)) {
            return Ok(());
        }
        let link = arrival.link.as_ref();
        self.position.push(number(position));
        self.stream.push(route.stream.0);
        self.key.push(key);
        self.mark.push(mark);
        self.received_at.push(arrival.at.millis());
        self.endpoint.push(owner.endpoint);
        self.kind.push(&owner.kind);
        self.link.push(link.map(|address| address.link.0));
        self.token_hash
            .push(link.map(|address| address.token.hash().as_str().to_owned()));
        self.verdict.push(verdict_word(*verdict));
        self.headers.push(json(&arrival.headers)?);
        self.body.push(&arrival.body);
        self.published.push(route.published.map(|link| link.0));
        self.open_sales.push(route.open_sales.into());
        Ok(())
    }

    /// The positions of those that were not known.
    async fn store(&self, rows: &Rows<'_>) -> Result<HashSet<i64>, StoreError> {
        if self.position.is_empty() {
            return Ok(HashSet::new());
        }
        let stored = rows
            .all(
                STORE,
                &[
                    &self.position,
                    &self.stream,
                    &self.key,
                    &self.mark,
                    &self.received_at,
                    &self.endpoint,
                    &self.kind,
                    &self.link,
                    &self.token_hash,
                    &self.verdict,
                    &self.headers,
                    &self.body,
                    &self.published,
                    &self.open_sales,
                ],
            )
            .await?;
        let positions = stored.iter().map(|row| row.try_get(0));
        positions
            .collect::<Result<_, tokio_postgres::Error>>()
            .map_err(unreadable)
    }
}

/// Holds a stream until the commit, before anything else is held.
pub(super) async fn hold(rows: &Rows<'_>, stream: Stream) -> Result<(), StoreError> {
    rows.all(
        "SELECT id FROM stream WHERE id = $1 FOR UPDATE",
        &[&stream.0],
    )
    .await?;
    Ok(())
}

/// All of a shop hear who has a payment. The stream is held already.
pub(super) async fn append_claim(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    stream: Stream,
    claimed: &Claimed,
    now: Timestamp,
) -> Result<(), StoreError> {
    rows.change(
        "WITH given AS (
             UPDATE stream SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, last_seq
         )
         INSERT INTO feed (stream, seq, mark, received_at, what, kind, link, body)
         SELECT given.id, given.last_seq, $2, $3, 'claim', $4, $5, $6 FROM given",
        &[
            &stream.0,
            &mark(entropy),
            &now.millis(),
            &claimed.kind,
            &claimed.link.0,
            &json(claimed)?.into_bytes(),
        ],
    )
    .await?;
    Ok(())
}
