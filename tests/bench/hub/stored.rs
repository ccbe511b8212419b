//! What a database holds after a run. A hub that acknowledges what it does not have is no faster.

use rusqlite::Connection;

use super::line::block_on;
use super::process::Place;

const COUNT: &str = "SELECT count(*) FROM feed";

/// Exactly what was acknowledged is there.
pub(crate) fn check(place: &Place, acknowledged: u64) {
    let stored: i64 = match place.file() {
        Some(file) => Connection::open(file)
            .unwrap()
            .query_row(COUNT, [], |row| row.get(0))
            .unwrap(),
        None => block_on(async {
            let client = connect(place).await;
            client.query_one(COUNT, &[]).await.unwrap().get(0)
        }),
    };
    assert_eq!(
        u64::try_from(stored).unwrap(),
        acknowledged,
        "stored, and acknowledged"
    );
}

/// A plain connection to PostgreSQL; for as long as its runtime runs.
pub(crate) async fn connect(place: &Place) -> tokio_postgres::Client {
    let connected = tokio_postgres::connect(&place.database, tokio_postgres::NoTls).await;
    let (client, connection) = connected.unwrap();
    tokio::spawn(async move { drop(connection.await) });
    client
}
