//! The codec, the client and the sandbox, over a real socket.

use std::future::pending;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::clients::trusting_nobody;
use super::receive::http_date;
use super::*;
use crate::domain::link::Link;
use crate::domain::options::Options;
use crate::domain::payment::PaymentStatus;
use crate::proto::backend::{Action, Next, Outcome, PaymentBackend, codec, sample};
use crate::sandbox::Sandbox;
use crate::sandbox::shell::serve;

mod tokens;

/// The time of the jobs too.
const NOW: Timestamp = sample::NOW;
const QUICK: Timeouts = Timeouts {
    connect: Duration::from_millis(300),
    total: Duration::from_millis(300),
};

fn client_of(base_url: &str) -> HttpClient {
    client_with(base_url, Timeouts::default())
}

fn client_with(base_url: &str, timeouts: Timeouts) -> HttpClient {
    let secrets = BTreeMap::from([("api_key".to_owned(), Secret::new("sk-very-secret"))]);
    let access = AccountAccess {
        backend: "main".to_owned(),
        kind: "4pay".to_owned(),
        base_url: base_url.to_owned(),
        secrets,
    };
    HttpClient::new(vec![access], timeouts).unwrap()
}

fn probe() -> Request {
    codec("4pay").unwrap().probe()
}

fn link(minor: i64) -> Box<Link> {
    Box::new(Link {
        expires_at: Some(NOW.plus_millis(60_000)),
        ..*sample::link(minor, "EUR")
    })
}

async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Answers every connection with these bytes, then leaves it open.
async fn answering(bytes: Vec<u8>) -> String {
    let (listener, url) = bind().await;
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4_096];
            drop(stream.read(&mut request).await);
            drop(stream.write_all(&bytes).await);
            open.push(stream);
        }
    });
    url
}

async fn work(client: &HttpClient, action: &Action) -> Outcome {
    work_with(codec("4pay").unwrap(), client, action).await
}

async fn work_with(codec: &dyn PaymentBackend, client: &HttpClient, action: &Action) -> Outcome {
    let mut answers = Vec::new();
    loop {
        match codec.next(sample::job(action, &answers, &Options::default())) {
            Next::Send(request) => {
                answers.push(client.send("main", &request).await.unwrap().response);
            }
            Next::Done(outcome) => return outcome,
            other @ (Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
        }
    }
}

/// A merchant that acknowledges, and hands over the body of the one notification.
async fn merchant() -> (String, tokio::task::JoinHandle<String>) {
    let (listener, url) = bind().await;
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"}") {
            stream.read_buf(&mut request).await.unwrap();
        }
        let ack = "HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"success\":\"true\"}";
        stream.write_all(ack.as_bytes()).await.unwrap();
        let text = String::from_utf8(request).unwrap();
        text.split_once("\r\n\r\n").unwrap().1.to_owned()
    });
    (url, heard)
}

#[tokio::test]
async fn a_link_lives_is_paid_and_ends() {
    let (listener, base) = bind().await;
    let sandbox = Arc::new(Mutex::new(Sandbox::new(&base, [1; 32])));
    tokio::spawn(serve(
        listener,
        Arc::clone(&sandbox),
        Arc::new(|| NOW),
        pending(),
    ));
    let (notify_url, heard) = merchant().await;
    let client = client_of(&base);
    let create = Action::Create {
        link: link(350),
        notify_url: Some(notify_url),
    };
    let Outcome::Link(made) = work(&client, &create).await else {
        panic!("no link")
    };
    assert_eq!((made.minor, &made.warning), (Some(350), &None));
    assert!(made.link.url.starts_with(&base));
    let remote_id = made.link.id.clone();
    let fetch = Action::Fetch {
        remote_id: remote_id.clone(),
    };
    assert_eq!(work(&client, &fetch).await, Outcome::Link(made.clone()));
    assert_eq!(
        work(&client, &Action::List { from: 0 }).await,
        Outcome::Links {
            links: vec![made.clone()],
            next: None
        }
    );
    let update = Action::Update {
        remote_id: remote_id.clone(),
        link: link(400),
    };
    let Outcome::Link(changed) = work(&client, &update).await else {
        panic!("no link")
    };
    assert_eq!(changed.minor, Some(400));
    // The payer's phone.
    let pay = format!("{}/pay", made.link.url);
    let paid = reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(trusting_nobody().unwrap())
        .build()
        .unwrap()
        .post(pay)
        .send()
        .await
        .unwrap();
    assert_eq!(paid.status().as_u16(), 200);
    let body = heard.await.unwrap();
    let reported = codec("4pay").unwrap().read_notification(&body).unwrap();
    assert_eq!(reported.remote_link.as_ref(), Some(&remote_id));
    assert_eq!(
        (reported.status, reported.minor),
        (PaymentStatus::Charged, 400)
    );
    let withdraw = Action::Withdraw { remote_id };
    for _again in 0..2 {
        assert_eq!(work(&client, &withdraw).await, Outcome::Withdrawn);
    }
    let product = Action::CreateProduct {
        link: link(350),
        notify_url: None,
    };
    assert!(matches!(work(&client, &product).await, Outcome::Link(_)));
}

#[tokio::test]
async fn the_probe_brings_the_servers_time() {
    let (listener, base) = bind().await;
    let sandbox = Arc::new(Mutex::new(Sandbox::new(&base, [1; 32])));
    tokio::spawn(serve(listener, sandbox, Arc::new(|| NOW), pending()));
    let received = client_of(&base).send("main", &probe()).await.unwrap();
    assert_eq!(received.response.status, 200);
    assert!(codec("4pay").unwrap().recognizes(&received.response));
    assert!(received.server_date.is_some());
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let base = answering(Vec::new()).await;
    let error = client_with(&base, QUICK)
        .send("main", &probe())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NoAnswer(_)), "{error}");
    // Half an answer is none.
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec();
    let base = answering(half).await;
    let error = client_with(&base, QUICK)
        .send("main", &probe())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NoAnswer(_)), "{error}");
}

#[tokio::test]
async fn nobody_there_means_not_sent() {
    let (listener, base) = bind().await;
    drop(listener);
    let error = client_of(&base).send("main", &probe()).await.unwrap_err();
    assert!(matches!(error, SendError::NotSent(_)), "{error}");
    assert!(error.to_string().contains("127.0.0.1 cannot be reached"));
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'1', 300_000));
    let base = answering(bytes).await;
    let error = client_of(&base).send("main", &probe()).await.unwrap_err();
    assert!(matches!(error, SendError::Unreadable(_)), "{error}");
    let base = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n\xff".to_vec()).await;
    let error = client_of(&base).send("main", &probe()).await.unwrap_err();
    assert!(matches!(error, SendError::Unreadable(_)), "{error}");
}

#[tokio::test]
async fn a_portal_is_heard_but_not_believed() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<html></html>",
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    ] {
        let base = answering(answer.as_bytes().to_vec()).await;
        let received = client_of(&base).send("main", &probe()).await.unwrap();
        assert!(!codec("4pay").unwrap().recognizes(&received.response));
    }
}

#[tokio::test]
async fn keys_are_needed_and_never_shown() {
    let access = |base_url: &str, key: Option<&str>| AccountAccess {
        backend: "main".to_owned(),
        kind: "4pay".to_owned(),
        base_url: base_url.to_owned(),
        secrets: key
            .map(|key| ("api_key".to_owned(), Secret::new(key)))
            .into_iter()
            .collect(),
    };
    let list = Request {
        headers: vec![("x-api-key", HeaderValue::Credential("api_key"))],
        ..probe()
    };
    for (key, said) in [
        (None, "has no api_key"),
        (Some("sk-secret\n"), "copy it again"),
    ] {
        let client = HttpClient::new(vec![access("http://127.0.0.1:1", key)], QUICK).unwrap();
        let error = client.send("main", &list).await.unwrap_err().to_string();
        assert!(error.contains(said) && !error.contains("sk-"), "{error}");
        assert!(!format!("{client:?}").contains("sk-"));
        assert!(client.send("other", &list).await.is_err());
    }
    for base_url in [
        "4pay.online",
        "https://4pay.online/api",
        "https://4pay.online?x",
        "https://user:pass@4pay.online",
        "ftp://4pay.online",
    ] {
        let made = HttpClient::new(vec![access(base_url, None)], QUICK);
        let error = made.unwrap_err().to_string();
        assert!(
            error.contains("base_url") && !error.contains("pass"),
            "{error}"
        );
    }
    let twice = vec![
        access("http://[::1]:1", None),
        access("http://[::1]:2/", None),
    ];
    assert!(matches!(
        HttpClient::new(twice, QUICK),
        Err(HttpError::Twice(_))
    ));
}

#[test]
fn an_encrypted_account_gets_a_client() {
    let access = AccountAccess {
        backend: "main".to_owned(),
        kind: "4pay".to_owned(),
        base_url: "https://4pay.online".to_owned(),
        secrets: BTreeMap::new(),
    };
    match HttpClient::new(vec![access], Timeouts::default()) {
        Ok(_) => {}
        // A machine without root certificates is told so.
        Err(error) => assert!(error.to_string().contains("ca-certificates"), "{error}"),
    }
}

#[test]
fn a_date_header_is_a_time() {
    assert_eq!(
        http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
        Timestamp::parse_rfc3339("1994-11-06T08:49:37Z")
    );
    assert_eq!(http_date("yesterday"), None);
}
