//! `pgbench`: each of 64 clients stores one row after the other, all in one statement.

use std::io::Write as _;

use super::super::load::CONNECTIONS;
use super::super::postgres::Server;

const SECONDS: &str = "5";
/// So many that clients seldom wait for each other's row.
const STREAMS: u32 = 2_000;

/// Rows a second.
pub(crate) fn pgbench(server: &Server, database: &str) -> f64 {
    server.sql(database, "TRUNCATE feed, seen");
    let first = server.sql(
        database,
        &format!(
            "WITH new AS (INSERT INTO stream (last_seq) SELECT 0 FROM generate_series(1, {STREAMS})
             RETURNING id) SELECT min(id) FROM new"
        ),
    );
    let endpoint = server.sql(database, "SELECT id FROM endpoint LIMIT 1");
    let mut script = tempfile::NamedTempFile::new().unwrap();
    script
        .write_all(statement(first.parse().unwrap(), &endpoint).as_bytes())
        .unwrap();
    let clients = CONNECTIONS.to_string();
    let output = server
        .tool("pgbench")
        .args([
            "--no-vacuum",
            "--protocol=prepared",
            "--jobs=1",
            "--time",
            SECONDS,
        ])
        .args(["--client", &clients, "--file"])
        .arg(script.path())
        .arg(database)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "));
    line.unwrap().split(' ').next().unwrap().parse().unwrap()
}

fn statement(first: i64, endpoint: &str) -> String {
    let last = first + i64::from(STREAMS) - 1;
    let headers = "h".repeat(300);
    let body = "b".repeat(230);
    let token = "0".repeat(64);
    format!(
        "\\set stream random({first}, {last})
\\set key random(1, 4000000000000000000)
WITH given AS (
    UPDATE stream SET last_seq = last_seq + 1 WHERE id = :stream RETURNING id, last_seq
), noted AS (
    INSERT INTO seen (stream, key, at)
    SELECT :stream, sha256(int8send(:key)), 1772359200000 ON CONFLICT DO NOTHING
)
INSERT INTO feed (what, stream, seq, mark, received_at, endpoint, kind, link, token_hash, verdict,
    headers, body)
SELECT 'notification', id, last_seq, '0123456789abcdef', 1772359200000, '{endpoint}', '4pay',
    '{endpoint}', '{token}', 'unsigned', '{headers}', '{body}' FROM given;
"
    )
}
