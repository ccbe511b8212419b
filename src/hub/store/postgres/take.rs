//! Notifications into feeds, many at once, within the caller's transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::StoreError;
use super::super::owner::{Owner, Route, verdict_word};
use super::super::types::{Arrival, Stream, Taken, json, mark};
use super::error::PostgresError;
use super::route;
use super::session::Rows;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::Claimed;

/// What a repetition has in common with the first.
type Key = (Stream, [u8; 32]);

/// A notification that may be taken.
pub(super) struct Candidate<'a> {
    pub(super) arrival: &'a Arrival,
    pub(super) owner: &'a Owner,
    pub(super) route: Route,
    verdict: Verdict,
    key: [u8; 32],
}

impl Candidate<'_> {
    const fn key(&self) -> Key {
        (self.route.stream, self.key)
    }
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
    let streams: BTreeSet<_> = judged
        .iter()
        .flatten()
        .map(|one| one.route.stream.0)
        .collect();
    let streams: Vec<_> = streams.into_iter().collect();
    // Also where everything turns out to be known: so a repetition is acknowledged only after the
    // commit of what it repeats.
    hold(rows, &streams).await?;
    let mut unseen = unseen(rows, &judged).await?;
    let mut fresh = Vec::new();
    let taken = judged.into_iter().map(|judged| match judged {
        Err(taken) => taken,
        // The first of several that are the same.
        Ok(candidate) if unseen.remove(&candidate.key()) => {
            let stream = candidate.route.stream;
            fresh.push(candidate);
            Taken::Stored(stream)
        }
        Ok(_) => Taken::Known,
    });
    let taken = taken.collect();
    append(rows, entropy, &fresh).await?;
    Ok(taken)
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
             FROM hook
             JOIN endpoint ON endpoint.id = hook.endpoint
             JOIN shop ON shop.id = endpoint.shop
             LEFT JOIN terminal ON terminal.id = hook.terminal
             WHERE hook.token_hash = ANY($1) AND hook.retired_at IS NULL",
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
        .map_err(super::rows::unreadable)
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

/// Holds streams until the commit, so that the order of numbers is the order of commits and a reader
/// skips none. In the order of their ids: otherwise two processes with the same streams could each
/// hold what the other waits for; and before anything else is held.
pub(super) async fn hold(rows: &Rows<'_>, streams: &[i64]) -> Result<(), StoreError> {
    rows.all(
        "SELECT id FROM stream WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        &[&streams],
    )
    .await?;
    Ok(())
}

/// Notes them all, and tells which were not known.
async fn unseen(rows: &Rows<'_>, judged: &[Judged<'_>]) -> Result<BTreeSet<Key>, StoreError> {
    let mut streams = Vec::new();
    let mut keys: Vec<&[u8]> = Vec::new();
    let mut times = Vec::new();
    for candidate in judged.iter().flatten() {
        streams.push(candidate.route.stream.0);
        keys.push(&candidate.key);
        times.push(candidate.arrival.at.millis());
    }
    let new = rows
        .all(
            "INSERT INTO seen (stream, key, at)
             SELECT * FROM unnest($1::BIGINT[], $2::BYTEA[], $3::BIGINT[])
             ON CONFLICT DO NOTHING RETURNING stream, key",
            &[&streams, &keys, &times],
        )
        .await?;
    let keys = new.iter().map(|row| {
        let key: &[u8] = row.try_get(1)?;
        Ok((Stream(row.try_get(0)?), key.try_into().unwrap_or_default()))
    });
    keys.collect::<Result<_, tokio_postgres::Error>>()
        .map_err(super::rows::unreadable)
}

/// How many new items each stream gets.
#[derive(Default)]
struct Counts(BTreeMap<i64, i64>);

impl Counts {
    /// One more; which of its stream's new ones it is, from 1.
    fn next(&mut self, stream: Stream) -> i64 {
        let count = self.0.entry(stream.0).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// The columns of new items.
#[derive(Default)]
struct Columns<'a> {
    stream: Vec<i64>,
    /// Which of its stream's new ones it is.
    place: Vec<i64>,
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

impl<'a> Columns<'a> {
    fn push(
        &mut self,
        place: i64,
        mark: String,
        candidate: &Candidate<'a>,
    ) -> Result<(), StoreError> {
        let Candidate {
            arrival,
            owner,
            route,
            verdict,
            ..
        } = *candidate;
        let link = arrival.link.as_ref();
        self.stream.push(route.stream.0);
        self.place.push(place);
        self.mark.push(mark);
        self.received_at.push(arrival.at.millis());
        self.endpoint.push(owner.endpoint);
        self.kind.push(&owner.kind);
        self.link.push(link.map(|address| address.link.0));
        self.token_hash
            .push(link.map(|address| address.token.hash().as_str().to_owned()));
        self.verdict.push(verdict_word(verdict));
        self.headers.push(json(&arrival.headers)?);
        self.body.push(&arrival.body);
        self.published.push(route.published.map(|link| link.0));
        self.open_sales.push(route.open_sales.into());
        Ok(())
    }

    /// Numbers and rows by one question; how many rows it were. The streams are held already.
    async fn insert(&self, rows: &Rows<'_>, counts: Counts) -> Result<u64, PostgresError> {
        let (streams, counts): (Vec<_>, Vec<_>) = counts.0.into_iter().unzip();
        rows.change(
            "WITH given AS (
                 UPDATE stream SET last_seq = last_seq + more.count
                 FROM unnest($1::BIGINT[], $2::BIGINT[]) AS more (id, count)
                 WHERE stream.id = more.id RETURNING stream.id, stream.last_seq - more.count AS last
             )
             INSERT INTO feed (what, stream, seq, mark, received_at, endpoint, kind, link, token_hash,
                               verdict, headers, body, published, open_sales)
             SELECT 'notification', new.stream, given.last + new.place, mark, received_at, endpoint,
                    kind, link, token_hash, verdict, headers, body, published, open_sales
             FROM unnest($3::BIGINT[], $4::BIGINT[], $5::TEXT[], $6::BIGINT[], $7::UUID[],
                         $8::TEXT[], $9::UUID[], $10::TEXT[], $11::TEXT[], $12::TEXT[], $13::BYTEA[],
                         $14::UUID[], $15::BIGINT[])
                  AS new (stream, place, mark, received_at, endpoint, kind, link, token_hash, verdict,
                          headers, body, published, open_sales)
             JOIN given ON given.id = new.stream",
            &[
                &streams,
                &counts,
                &self.stream,
                &self.place,
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
        .await
    }
}

async fn append(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    fresh: &[Candidate<'_>],
) -> Result<(), StoreError> {
    if fresh.is_empty() {
        return Ok(());
    }
    let mut counts = Counts::default();
    let mut columns = Columns::default();
    for candidate in fresh {
        let place = counts.next(candidate.route.stream);
        columns.push(place, mark(entropy), candidate)?;
    }
    let stored = columns.insert(rows, counts).await?;
    // A stream that is not there would leave its items out.
    if u64::try_from(fresh.len()) == Ok(stored) {
        Ok(())
    } else {
        Err(StoreError::Unreadable("a stream".to_owned()))
    }
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
