//! Faults over a real socket, as the till's own client sees them.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::io::http::{AccountAccess, HttpClient, Received, Timeouts};
use crate::io::secret::Secret;
use crate::proto::backend::{self, HeaderValue, Method, codec};
use crate::sandbox::shell::{SharedSandbox, serve, with};
use crate::terminal::SendError;

use super::*;

async fn serving() -> (SharedSandbox, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sandbox: SharedSandbox = Arc::new(Mutex::new(Sandbox::new(&url, [7; 32])));
    let clock = Arc::new(|| NOW);
    tokio::spawn(serve(listener, Arc::clone(&sandbox), clock, pending()));
    (sandbox, url)
}

fn client(base_url: &str, total_ms: u64) -> HttpClient {
    let access = AccountAccess {
        backend: "main".to_owned(),
        kind: "4pay".to_owned(),
        base_url: base_url.to_owned(),
        secrets: BTreeMap::from([("api_key".to_owned(), Secret::new("key"))]),
    };
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        total: Duration::from_millis(total_ms),
    };
    HttpClient::new(vec![access], timeouts).unwrap()
}

fn create() -> backend::Request {
    backend::Request {
        method: Method::Post,
        path: "/api/v1/links".to_owned(),
        headers: vec![
            ("x-api-key", HeaderValue::Credential("api_key")),
            (
                "content-type",
                HeaderValue::Text("application/json".to_owned()),
            ),
        ],
        body: Some(LINK.to_owned()),
    }
}

/// Meets the fault once, and gives back what came and how many links there are now.
async fn meet(fault: &str) -> (Result<Received, SendError>, usize) {
    let (sandbox, url) = serving().await;
    let rules = format!(r#"[{{"fault":{fault},"times":1}}]"#);
    with(&sandbox, |sandbox| sandbox.set_faults(&rules)).unwrap();
    let client = client(&url, 10_000);
    let met = client.send("main", &create()).await;
    let held = with(&sandbox, |sandbox| {
        let (_, links) = ask(sandbox, "GET", "/sandbox/links", "");
        links.as_array().unwrap().len()
    });
    // The next one is not harmed, on whatever connection.
    let after = client.send("main", &create()).await.unwrap();
    assert_eq!(after.response.status, 201, "after {fault}");
    (met, held)
}

#[tokio::test]
async fn a_connection_that_ends_early_is_no_answer() {
    let (whole, _) = meet(r#"{"wrong_clock":{"secs":0}}"#).await;
    let body = whole.unwrap().response.body.len();
    // Nothing at all, within the status line, within the headers, within the body.
    let mut faults = vec![
        (r#""lost""#.to_owned(), 1),
        (r#""refused_before""#.to_owned(), 0),
    ];
    for bytes in [0, 1, 12, 40, body, body + 60] {
        faults.push((format!(r#"{{"cut":{{"bytes":{bytes}}}}}"#), 1));
    }
    for (fault, links) in faults {
        let (met, held) = meet(&fault).await;
        assert!(
            matches!(met, Err(SendError::NoAnswer(_))),
            "{fault}: {met:?}"
        );
        assert_eq!(held, links, "{fault}");
    }
}

#[tokio::test]
async fn a_cut_behind_the_end_cuts_nothing() {
    let (met, held) = meet(r#"{"cut":{"bytes":4294967295}}"#).await;
    assert_eq!((met.unwrap().response.status, held), (201, 1));
}

#[tokio::test]
async fn an_answer_in_place_of_the_providers_is_heard_and_not_believed() {
    let rows = [
        (r#"{"status":500}"#, 500, true, 0),
        (
            r#"{"status":{"status":429,"retry_after_secs":7}}"#,
            429,
            true,
            0,
        ),
        (r#""portal""#, 200, false, 0),
        (r#""broken_json""#, 200, false, 1),
    ];
    for (fault, status, is_recognized, links) in rows {
        let (met, held) = meet(fault).await;
        let response = met.unwrap().response;
        assert_eq!((response.status, held), (status, links), "{fault}");
        let recognized = codec("4pay").unwrap().recognizes(&response);
        assert_eq!(recognized, is_recognized, "{fault}");
        let wait = (status == 429).then_some("7");
        assert_eq!(response.header("retry-after"), wait, "{fault}");
    }
}

#[tokio::test]
async fn a_late_answer_comes_or_is_given_up() {
    let (met, held) = meet(r#"{"delay":{"millis":1}}"#).await;
    assert_eq!((met.unwrap().response.status, held), (201, 1));
    let (sandbox, url) = serving().await;
    let rules = r#"[{"fault":{"delay":{"millis":60000}}}]"#;
    with(&sandbox, |sandbox| sandbox.set_faults(rules)).unwrap();
    let met = client(&url, 300).send("main", &create()).await;
    assert!(matches!(met, Err(SendError::NoAnswer(_))), "{met:?}");
}

#[tokio::test]
async fn the_client_learns_the_sandboxes_time_wrong_or_right() {
    for (secs, date) in [(0, NOW), (-86_400, NOW.plus_millis(-86_400_000))] {
        let (met, _) = meet(&format!(r#"{{"wrong_clock":{{"secs":{secs}}}}}"#)).await;
        assert_eq!(met.unwrap().server_date, Some(date));
    }
}
