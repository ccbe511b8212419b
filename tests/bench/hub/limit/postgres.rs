//! PostgreSQL by one connection and the hub's own statements, one after the other.

use std::time::Instant;

use tokio_postgres::{Client, Row, Statement};
use uuid::Uuid;

use super::super::line::block_on;
use super::super::process::Place;
use super::super::stored::connect;
use super::{BATCH, ROWS_MAX};

const SEEN: &str = "INSERT INTO seen (stream, key, at)
    SELECT * FROM unnest($1::BIGINT[], $2::BYTEA[], $3::BIGINT[]) ON CONFLICT DO NOTHING";
const NUMBER: &str = "UPDATE stream SET last_seq = last_seq + 1 WHERE id = ANY($1)";
const FEED: &str = "INSERT INTO feed (what, stream, seq, mark, received_at, endpoint, kind, link,
        token_hash, verdict, headers, body)
    SELECT 'notification', new.* FROM unnest($1::BIGINT[], $2::BIGINT[], $3::TEXT[], $4::BIGINT[],
        $5::UUID[], $6::TEXT[], $7::UUID[], $8::TEXT[], $9::TEXT[], $10::TEXT[], $11::BYTEA[]) AS new";

/// How many rows, and how many a second.
pub(crate) fn postgres(place: &Place) -> (usize, f64) {
    block_on(async {
        let mut client = connect(place).await;
        let feed =
            "SELECT stream, seq, mark, received_at, endpoint, kind, link, token_hash, verdict,
                           headers, body FROM feed ORDER BY received_at LIMIT $1";
        let feed = client.query(feed, &[&ROWS_MAX]).await.unwrap();
        let seen = "SELECT stream, key, at FROM seen ORDER BY at LIMIT $1";
        let seen = client.query(seen, &[&ROWS_MAX]).await.unwrap();
        let fresh = "TRUNCATE feed, seen; CHECKPOINT";
        client.batch_execute(fresh).await.unwrap();
        let statements = [
            client.prepare(SEEN).await.unwrap(),
            client.prepare(NUMBER).await.unwrap(),
            client.prepare(FEED).await.unwrap(),
        ];
        let began = Instant::now();
        for (feed, seen) in feed.chunks(BATCH).zip(seen.chunks(BATCH)) {
            write(&mut client, &statements, feed, seen).await;
        }
        (
            feed.len(),
            feed.len() as f64 / began.elapsed().as_secs_f64(),
        )
    })
}

async fn write(
    client: &mut Client,
    [seen, number, feed]: &[Statement; 3],
    rows: &[Row],
    keys: &[Row],
) {
    let transaction = client.transaction().await.unwrap();
    let (streams, key, at) = (
        all::<i64>(keys, 0),
        all::<&[u8]>(keys, 1),
        all::<i64>(keys, 2),
    );
    transaction
        .execute(seen, &[&streams, &key, &at])
        .await
        .unwrap();
    let stream = all::<i64>(rows, 0);
    transaction.execute(number, &[&stream]).await.unwrap();
    transaction
        .execute(
            feed,
            &[
                &stream,
                &all::<i64>(rows, 1),
                &all::<&str>(rows, 2),
                &all::<i64>(rows, 3),
                &all::<Uuid>(rows, 4),
                &all::<&str>(rows, 5),
                &all::<Option<Uuid>>(rows, 6),
                &all::<Option<&str>>(rows, 7),
                &all::<&str>(rows, 8),
                &all::<&str>(rows, 9),
                &all::<&[u8]>(rows, 10),
            ],
        )
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

/// A column.
fn all<'a, T: tokio_postgres::types::FromSql<'a>>(rows: &'a [Row], column: usize) -> Vec<T> {
    rows.iter().map(|row| row.get(column)).collect()
}
