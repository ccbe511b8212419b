//! The sandbox is as strict as the document, and the codec passes it.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

mod deeds;
mod faults;
mod pages;
mod strict;
mod wire;

const NOW: Timestamp = Timestamp::from_millis(1_770_000_000_000);
const LINK: &str = r#"{"link":{"amount":{"default":350},"amount_type":"static","notify_url":"https://yoursite.com/webhooks/payment","description":"Tea <b>\"&'</b>","currency":"EUR"}}"#;

fn sandbox() -> Sandbox {
    Sandbox::new("http://127.0.0.1:1234", [7; 32])
}

fn request(method: &str, path: &str, body: &str) -> Request {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: String::new(),
        headers: vec![
            header("x-api-key", "key"),
            header("content-type", "application/json"),
        ],
        body: body.to_owned(),
    }
}

fn ask(sandbox: &mut Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
    let response = sandbox.handle(&request(method, path, body), NOW).response;
    let body = serde_json::from_str(&response.body).unwrap_or(Value::Null);
    (response.status, body)
}

fn made(sandbox: &mut Sandbox, body: &str) -> String {
    let (status, answer) = ask(sandbox, "POST", "/api/v1/links", body);
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

fn page(sandbox: &mut Sandbox, method: &str, path: &str, body: &str) -> (u16, String) {
    let response = sandbox.handle(&request(method, path, body), NOW).response;
    (response.status, response.body)
}

#[test]
fn the_documents_requests_are_answered_as_it_says() {
    let mut sandbox = sandbox();
    let (status, made) = ask(
        &mut sandbox,
        "POST",
        "/api/v1/links",
        r#"{"link":{"amount":{"default":1000},"amount_type":"static","notify_url":"https://yoursite.com/webhooks/payment","description":"Payment for service"}}"#,
    );
    let id = made["id"].as_str().unwrap();
    let url = format!("http://127.0.0.1:1234/pay/link/{id}");
    let expected = json!({
        "id": id, "url": url, "qr_url": format!("{url}/qr"),
        "amount": {"default": 1000}, "amount_type": "static",
        "created_at": NOW.to_rfc3339(),
    });
    assert_eq!((status, &made), (201, &expected));
    let path = format!("/api/v1/links/{id}");
    assert_eq!(ask(&mut sandbox, "GET", &path, ""), (200, expected.clone()));
    assert_eq!(
        ask(&mut sandbox, "GET", "/api/v1/links", ""),
        (200, json!([expected]))
    );
    let (status, changed) = ask(
        &mut sandbox,
        "PUT",
        &path,
        r#"{"link":{"amount":{"default":2000},"description":"Updated description"}}"#,
    );
    assert_eq!((status, &changed["amount"]["default"]), (200, &json!(2000)));
    assert_eq!(ask(&mut sandbox, "DELETE", &path, ""), (204, Value::Null));
    for method in ["GET", "DELETE"] {
        assert_eq!(ask(&mut sandbox, method, &path, "").0, 404);
    }
    assert_eq!(ask(&mut sandbox, "GET", "/api/v1/links", "").1, json!([]));
    let (status, product) = ask(
        &mut sandbox,
        "POST",
        "/api/v1/products",
        r#"{"product":{"name":"Coffee","amount":350,"currency":"USD","notify_url":"https://yourpos.com/webhooks/payment"}}"#,
    );
    assert_eq!((status, &product["amount"]), (201, &json!(350)));
}

#[test]
fn the_way_in_is_strict_too() {
    let mut sandbox = sandbox();
    let mut bare = request("POST", "/api/v1/links", LINK);
    bare.headers.remove(0);
    assert_eq!(sandbox.handle(&bare, NOW).response.status, 401);
    let mut untyped = request("POST", "/api/v1/links", LINK);
    untyped.headers.remove(1);
    assert_eq!(sandbox.handle(&untyped, NOW).response.status, 415);
    let id = made(&mut sandbox, LINK);
    let mut other = request("GET", &format!("/api/v1/links/{id}"), "");
    other.headers[0].1 = "another key".to_owned();
    assert_eq!(sandbox.handle(&other, NOW).response.status, 404);
    for (method, path, body, status) in [
        ("POST", "/api/v1/links", "{", 400),
        ("PUT", "/api/v1/links", LINK, 405),
        ("POST", "/api/v1/links/x", LINK, 405),
        ("GET", "/api/v1/products", "", 405),
        ("GET", "/api/v1/links/unknown", "", 404),
        ("GET", "/api/v1/nothing", "", 404),
        ("GET", "/", "", 404),
        ("GET", "/api/v1/health", "", 200),
        ("POST", "/api/v1/health", "", 405),
        ("GET", "/sandbox/nothing", "", 404),
    ] {
        assert_eq!(
            ask(&mut sandbox, method, path, body).0,
            status,
            "{method} {path}"
        );
    }
}

#[test]
fn a_payer_sees_the_page_and_pays() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, LINK);
    let path = format!("/pay/link/{id}");
    let (status, html) = page(&mut sandbox, "GET", &path, "");
    assert_eq!(status, 200);
    assert!(html.contains("Pay 3.50 EUR") && html.contains("SANDBOX"));
    assert!(html.contains("Tea &lt;b&gt;&quot;&amp;&#39;&lt;/b&gt;") && !html.contains("<b>"));
    let drawn = sandbox.handle(&request("GET", &format!("{path}/qr"), ""), NOW);
    assert_eq!(drawn.response.header("content-type"), Some("image/png"));
    let read = crate::proto::qr::picture::read(&drawn.file.unwrap());
    assert_eq!(read, Ok(format!("http://127.0.0.1:1234{path}")));
    let reply = sandbox.handle(&request("POST", &format!("{path}/pay"), ""), NOW);
    assert_eq!(reply.response.status, 200);
    let [told] = reply.notifications.as_slice() else {
        panic!("{reply:?}")
    };
    assert_eq!(told.url, "https://yoursite.com/webhooks/payment");
    let body: Value = serde_json::from_str(&told.body).unwrap();
    let mut names: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "amount",
            "amount_dest",
            "amount_with_fee",
            "error_description",
            "id",
            "link",
            "status",
            "txid",
            "type"
        ]
    );
    assert_eq!(
        (&body["amount"], &body["status"]),
        (&json!(350), &json!("charged"))
    );
    let (_, links) = ask(&mut sandbox, "GET", "/sandbox/links", "");
    assert_eq!(
        (&links[0]["state"], &links[0]["payments"][0]["amount"]),
        (&json!("paid"), &json!(350))
    );
}

#[test]
fn a_link_at_its_end_takes_no_money() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, LINK);
    ask(&mut sandbox, "DELETE", &format!("/api/v1/links/{id}"), "");
    assert_eq!(sandbox.pay(&id, Pay::Once, NOW), Err(PayError::Gone));
    let (status, html) = page(&mut sandbox, "GET", &format!("/pay/link/{id}"), "");
    assert!(status == 410 && html.contains("switched off"));
    let end = NOW.plus_millis(60_000);
    let body = LINK.replace(
        "\"currency\"",
        &format!("\"expires_at\":\"{}\",\"currency\"", end.to_rfc3339()),
    );
    let id = made(&mut sandbox, &body);
    assert!(sandbox.pay(&id, Pay::Once, NOW).is_ok());
    assert_eq!(sandbox.pay(&id, Pay::Once, end), Err(PayError::Expired));
    assert_eq!(
        sandbox.pay("nothing", Pay::Once, NOW),
        Err(PayError::Unknown)
    );
    let failed = sandbox.pay(&id, Pay::Fail, NOW).unwrap();
    assert!(failed[0].body.contains("card_declined"));
}

#[test]
fn a_payer_types_an_open_amount() {
    let mut sandbox = sandbox();
    let id = made(
        &mut sandbox,
        r#"{"link":{"amount_type":"dynamic","currency":"EUR"}}"#,
    );
    let path = format!("/pay/link/{id}/pay");
    for (form, status) in [
        ("amount=3.5", 200),
        ("", 422),
        ("amount=0", 422),
        ("amount=x", 422),
    ] {
        assert_eq!(page(&mut sandbox, "POST", &path, form).0, status, "{form}");
    }
}

#[test]
fn a_restart_forgets_nothing() {
    let mut before = sandbox();
    let id = made(&mut before, LINK);
    let kept = serde_json::to_string(&before.state).unwrap();
    let mut after = sandbox();
    after.state = serde_json::from_str(&kept).unwrap();
    assert!(after.pay(&id, Pay::Once, NOW).is_ok());
}

#[test]
fn two_thousand_links_are_quick_and_distinct() {
    let mut sandbox = sandbox();
    let ids: std::collections::BTreeSet<_> = (0..2_000).map(|_| made(&mut sandbox, LINK)).collect();
    assert_eq!(ids.len(), 2_000);
    assert!(ids.iter().all(|id| sandbox.pay(id, Pay::Once, NOW).is_ok()));
}

proptest! {
    #[test]
    fn no_request_makes_the_sandbox_fall(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"]),
        path in "(/api/v1/(links|products)|/pay/link|/sandbox)?/[a-z/]{0,9}",
        body in "(\\{\"link\":)?.{0,40}",
    ) {
        let reply = sandbox().handle(&request(method, &path, &body), NOW);
        prop_assert!((200..500).contains(&reply.response.status));
    }
}
