//! Signing in: how often, with what, and what becomes of an answer that brings no token.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::*;

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
const DATE_SECS: i64 = 784_111_777;
const AUTHENTICATE: &str = "POST /checkout/v1/api/authenticate";
const SESSION: &str = "POST /checkout/v1/api/session";

/// What a gateway was asked: the method and path, and the authorization.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// Answers each request as `script` says, on a connection of its own.
async fn gateway(
    script: impl Fn(&str, &str) -> (u16, String) + Send + 'static,
) -> (HttpClient, Asked) {
    let (listener, url) = bind().await;
    let asked = Asked::default();
    let heard = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
                stream.read_buf(&mut bytes).await.unwrap();
            }
            let text = String::from_utf8(bytes).unwrap();
            let what = text.split(" HTTP/").next().unwrap().to_owned();
            let mut lines = text.lines().filter_map(|line| line.split_once(": "));
            let access = lines.find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            let access = access.map_or(String::new(), |(_, value)| value.to_owned());
            if what == AUTHENTICATE {
                assert!(
                    text.to_ascii_lowercase().contains("content-length: 0"),
                    "{text}"
                );
            }
            let (status, body) = script(&what, &access);
            heard.lock().unwrap().push((what, access));
            let answer = format!(
                "HTTP/1.1 {status} X\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
                 connection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (checkout_client(&url), asked)
}

fn checkout_client(base_url: &str) -> HttpClient {
    let keys = [("username", "shop"), ("password", "pa:ss")];
    let access = AccountAccess {
        backend: "main".to_owned(),
        kind: "altapay".to_owned(),
        base_url: base_url.to_owned(),
        secrets: keys
            .map(|(name, key)| (name.to_owned(), Secret::new(key)))
            .into(),
    };
    HttpClient::new(vec![access], Timeouts::default()).unwrap()
}

/// A token of this name that ends so many seconds after [`DATE_SECS`].
fn token(name: &str, life_secs: i64) -> String {
    let claims = format!("{{\"exp\":{},\"jti\":\"{name}\"}}", DATE_SECS + life_secs);
    format!("e30.{}.{name}", BASE64_URL_SAFE_NO_PAD.encode(claims))
}

fn brought(name: &str, life_secs: i64) -> (u16, String) {
    (200, format!("{{\"token\":\"{}\"}}", token(name, life_secs)))
}

fn session() -> Request {
    Request {
        method: Method::Post,
        path: "/checkout/v1/api/session".to_owned(),
        headers: vec![("authorization", HeaderValue::Bearer)],
        body: None,
    }
}

fn paths(asked: &Asked) -> Vec<String> {
    let asked = asked.lock().unwrap();
    asked.iter().map(|(what, _)| what.clone()).collect()
}

#[tokio::test]
async fn one_token_serves_requests_that_come_together_and_later() {
    let (client, asked) = gateway(|what, _| match what {
        AUTHENTICATE => brought("one", 1_800),
        _ => (201, "{}".to_owned()),
    })
    .await;
    let together: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.send("main", &session()).await })
        })
        .collect();
    for one in together {
        assert_eq!(one.await.unwrap().unwrap().response.status, 201);
    }
    client.send("main", &session()).await.unwrap();
    let asked = asked.lock().unwrap();
    let (what, access) = &asked[0];
    assert_eq!(
        (what.as_str(), access.as_str()),
        (AUTHENTICATE, "Basic c2hvcDpwYTpzcw==")
    );
    assert_eq!(asked.len(), 10);
    let bearer = format!("Bearer {}", token("one", 1_800));
    assert!(
        asked[1..]
            .iter()
            .all(|(what, access)| what == SESSION && *access == bearer)
    );
    assert!(!format!("{client:?}").contains(&token("one", 1_800)));
}

#[tokio::test]
async fn a_token_at_its_end_is_not_used_again() {
    // A minute before its end it counts as ended, by the server's clock: that date is in 1994.
    for (life_secs, sign_ins) in [(60, 2), (61 + 3_600, 1)] {
        let (client, asked) = gateway(move |what, _| match what {
            AUTHENTICATE => brought("short", life_secs),
            _ => (201, "{}".to_owned()),
        })
        .await;
        for _ in 0..2 {
            client.send("main", &session()).await.unwrap();
        }
        let paths = paths(&asked);
        let found = paths.iter().filter(|what| *what == AUTHENTICATE).count();
        assert_eq!(found, sign_ins, "{life_secs}");
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_request_sent_again() {
    let count = AtomicUsize::new(0);
    let (client, asked) = gateway(move |what, access| match what {
        AUTHENTICATE if count.fetch_add(1, Ordering::Relaxed) == 0 => brought("old", 1_800),
        AUTHENTICATE => brought("new", 1_800),
        _ if access.contains(".new") => (201, "{\"sessionId\":\"s\"}".to_owned()),
        _ => (401, String::new()),
    })
    .await;
    for _ in 0..2 {
        let received = client.send("main", &session()).await.unwrap();
        assert_eq!(received.response.status, 201);
    }
    // The second request finds the new token.
    assert_eq!(
        paths(&asked),
        [AUTHENTICATE, SESSION, AUTHENTICATE, SESSION, SESSION]
    );
}

#[tokio::test]
async fn whoever_refuses_two_tokens_is_believed() {
    let (client, asked) = gateway(|what, _| match what {
        AUTHENTICATE => brought("any", 1_800),
        _ => (401, "{\"error\":\"no\"}".to_owned()),
    })
    .await;
    let received = client.send("main", &session()).await.unwrap();
    assert_eq!(received.response.status, 401);
    assert_eq!(
        paths(&asked),
        [AUTHENTICATE, SESSION, AUTHENTICATE, SESSION]
    );
}

#[tokio::test]
async fn what_signing_in_brings_instead_of_a_token_is_the_answer() {
    for (status, body) in [(401, "{}"), (503, ""), (200, "<html></html>")] {
        let (client, asked) = gateway(move |_, _| (status, body.to_owned())).await;
        let received = client.send("main", &session()).await.unwrap();
        assert_eq!(
            (received.response.status, received.response.body.as_str()),
            (status, body)
        );
        assert_eq!(received.server_date.unwrap().millis(), DATE_SECS * 1_000);
        assert_eq!(paths(&asked), [AUTHENTICATE]);
        // Those that wait for the same sign-in take what it brings: no account is locked by a till
        // that tries a wrong password once for each code.
        let together: Vec<_> = (0..8)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.send("main", &session()).await })
            })
            .collect();
        for one in together {
            assert_eq!(one.await.unwrap().unwrap().response.status, status);
        }
        assert_eq!(paths(&asked), [AUTHENTICATE, AUTHENTICATE]);
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let (listener, base) = bind().await;
    drop(listener);
    let error = checkout_client(&base)
        .send("main", &session())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NotSent(_)), "{error}");
    // A provider that breaks off while signing in never saw the request itself.
    let base = answering(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()).await;
    let account = AccountAccess {
        backend: "main".to_owned(),
        kind: "altapay".to_owned(),
        base_url: base,
        secrets: ["username", "password"]
            .map(|name| (name.to_owned(), Secret::new("x")))
            .into(),
    };
    let client = HttpClient::new(vec![account.clone()], QUICK).unwrap();
    let error = client.send("main", &session()).await.unwrap_err();
    assert!(matches!(error, SendError::NotSent(_)), "{error}");
    for (kind, name, key, said) in [
        ("4pay", "username", "x", "gives out no tokens"),
        ("altapay", "username", "a:b", "colon in username"),
        ("altapay", "other", "x", "has no username"),
    ] {
        let account = AccountAccess {
            kind: kind.to_owned(),
            secrets: [(name.to_owned(), Secret::new(key))].into(),
            ..account.clone()
        };
        let client = HttpClient::new(vec![account], QUICK).unwrap();
        let error = client
            .send("main", &session())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[tokio::test]
async fn a_checkout_link_is_made_paid_and_looked_up() {
    let (listener, base) = bind().await;
    let sandbox = Arc::new(Mutex::new(Sandbox::new(&base, [1; 32])));
    let clock = Arc::new(|| NOW);
    tokio::spawn(serve(listener, Arc::clone(&sandbox), clock, pending()));
    let client = checkout_client(&base);
    let altapay = codec("altapay").unwrap();
    let probe = client.send("main", &altapay.probe()).await.unwrap();
    assert!(probe.response.status == 200 && altapay.recognizes(&probe.response));
    let mut wanted = sample::link(350, "EUR");
    let create = Action::Create {
        link: wanted.clone(),
        notify_url: None,
    };
    let Outcome::Link(made) = work_with(altapay, &client, &create).await else {
        panic!("no link")
    };
    assert_eq!((made.minor, &made.warning), (Some(350), &None));
    assert!(made.link.url.starts_with(&base));
    let paid = sandbox
        .lock()
        .unwrap()
        .pay(&made.link.id, crate::sandbox::Pay::Once, NOW);
    assert_eq!(paid, Ok(Vec::new()));
    wanted.remote = Some(made.link);
    let look_up = Action::LookUp { link: wanted };
    let Outcome::Payments(payments) = work_with(altapay, &client, &look_up).await else {
        panic!("no payments")
    };
    let [payment] = payments.as_slice() else {
        panic!("{payments:?}")
    };
    assert_eq!(
        (payment.status, payment.minor),
        (PaymentStatus::Charged, 350)
    );
}
