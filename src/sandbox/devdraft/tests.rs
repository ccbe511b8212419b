//! The sandbox is as strict as the document, and the codec passes it.

mod paid;
mod round_trip;

use serde_json::{Value, json};

use super::*;
use crate::sandbox::Sandbox;

/// At the beginning of a minute.
const NOW: Timestamp = Timestamp::from_millis(1_770_000_000_000);
const KEY: &str = "3f2b8c1e-7d4a-4c6b-9e2f-1a5d8c7b6e90";
const LINK: &str = r#"{"title":"Premium Subscription","url":"premium-subscription","linkType":"PRODUCT","allowQuantityAdjustment":false,"allowMobilePayment":true,"currency":"usdc","collectTax":false,"collectAddress":false,"amount":29.99}"#;

fn sandbox() -> Sandbox {
    Sandbox::new("http://127.0.0.1:1234", [7; 32])
}

fn request(method: &str, path: &str, body: &str) -> Request {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![
            header("x-client-key", "key"),
            header("x-client-secret", "secret"),
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

fn keyed(sandbox: &mut Sandbox, key: &str, body: &str, now: Timestamp) -> (u16, Value) {
    let mut request = request("POST", "/api/v0/payment-links", body);
    let header = ("idempotency-key".to_owned(), key.to_owned());
    request.headers.push(header);
    let response = sandbox.handle(&request, now).response;
    (
        response.status,
        serde_json::from_str(&response.body).unwrap(),
    )
}

fn made(sandbox: &mut Sandbox, body: &str) -> String {
    let (status, answer) = ask(sandbox, "POST", "/api/v0/payment-links", body);
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

/// A good body with one field changed; `null` takes it away.
fn with(field: &str, value: &str) -> String {
    let mut body: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_str(LINK).unwrap();
    let raw = serde_json::value::RawValue::from_string(value.to_owned()).unwrap();
    body.insert(field.to_owned(), raw);
    serde_json::to_string(&body).unwrap()
}

#[test]
fn the_documents_request_is_answered_as_it_says() {
    let mut sandbox = sandbox();
    let reply = sandbox.handle(&request("POST", "/api/v0/payment-links", LINK), NOW);
    assert_eq!(reply.response.status, 201);
    let text = &reply.response.body;
    assert!(text.contains(r#""amount":29.99,"#), "{text}");
    assert!(text.contains(r#""url":"http://127.0.0.1:1234/checkout/premium-subscription""#));
    assert!(text.contains(r#""status":"ACTIVE""#));
    let made: Value = serde_json::from_str(text).unwrap();
    let path = format!("/api/v0/payment-links/{}", made["id"].as_str().unwrap());
    assert_eq!(ask(&mut sandbox, "GET", &path, ""), (200, made.clone()));
    let changed = ask(
        &mut sandbox,
        "PUT",
        &path,
        r#"{"title":"Another","amount":5}"#,
    );
    assert_eq!(changed.0, 200);
    assert_eq!(
        (&changed.1["title"], &changed.1["url"]),
        (&json!("Another"), &made["url"])
    );
    assert_eq!(ask(&mut sandbox, "DELETE", &path, "").0, 404);
    assert_eq!(
        ask(&mut sandbox, "GET", "/api/v0/payment-links/x", "").0,
        404
    );
}

/// A field, a value, and whether it is taken.
const BOUNDS: &[(&str, &str, bool)] = &[
    ("title", r#""abc""#, true),
    ("title", r#""ab""#, false),
    ("title", "7", false),
    ("title", "null", false),
    ("url", r#""a/b.c_d-e""#, true),
    ("url", r#""-a""#, false),
    ("url", r#""a//b""#, false),
    ("url", r#""a b""#, false),
    ("linkType", r#""DONATION""#, true),
    ("linkType", r#""SUBSCRIPTION""#, true),
    ("linkType", r#""INVOICE""#, false),
    ("allowQuantityAdjustment", r#""true""#, false),
    ("allowQuantityAdjustment", "null", false),
    ("allowMobilePayment", "null", false),
    ("collectTax", "null", false),
    ("collectAddress", "1", false),
    ("currency", r#""eurc""#, true),
    ("currency", r#""EUR""#, false),
    ("amount", "0.01", true),
    ("amount", "0.009", false),
    ("amount", "0", false),
    ("amount", "0.011", false),
    ("amount", "29.990", true),
    ("amount", r#""29.99""#, false),
    ("amount", "null", true),
    ("maxPayments", "1", true),
    ("maxPayments", "0", false),
    ("maxPayments", "1.5", false),
    (
        "customerId",
        r#""123e4567-e89b-12d3-a456-426614174002""#,
        true,
    ),
    ("customerId", r#""7""#, false),
    ("taxId", r#""7""#, false),
    ("taxId", r#""123e4567-e89b-12d3-a456-426614174005""#, true),
    ("collectTax", "true", true),
    ("collectTax", r#""true""#, false),
    ("collectAddress", "true", true),
    ("allowMobilePayment", "false", true),
    ("allowMobilePayment", "1", false),
    ("allowQuantityAdjustment", "true", true),
    ("isForAllProduct", "true", true),
    ("isForAllProduct", "1", false),
    ("limitPayments", "true", true),
    ("limitPayments", r#""yes""#, false),
    ("paymentForId", r#""sub_123456789""#, true),
    ("paymentForId", "7", false),
    ("linkType", r#""PRODUCT""#, true),
    ("currency", r#""usdc""#, true),
    ("amount", "0.010", true),
    ("amount", "-0.01", false),
    ("maxPayments", "100", true),
    ("maxPayments", "-1", false),
    ("customFields", r#""a""#, false),
    // One second on either side of now.
    ("expiration_date", r#""2026-02-02T02:40:00Z""#, false),
    ("expiration_date", r#""2026-02-02T02:40:01Z""#, true),
    ("coverImage", r#""https://example.com/a.jpg""#, true),
    ("coverImage", r#""a.jpg""#, false),
    ("customFields", r#"{"a":"b"}"#, true),
    ("customFields", "[]", false),
    ("expiration_date", r#""2100-12-31T23:59:59Z""#, true),
    ("expiration_date", r#""2024-12-31T23:59:59Z""#, false),
    ("expiration_date", r#""tomorrow""#, false),
    (
        "paymentLinkProducts",
        r#"[{"productId":"123e4567-e89b-12d3-a456-426614174000","quantity":1}]"#,
        true,
    ),
    (
        "paymentLinkProducts",
        r#"[{"productId":"123e4567-e89b-12d3-a456-426614174000"}]"#,
        true,
    ),
    (
        "paymentLinkProducts",
        r#"[{"productId":"123e4567-e89b-12d3-a456-426614174000","quantity":0}]"#,
        false,
    ),
    ("paymentLinkProducts", r#"[{"productId":"7"}]"#, false),
    ("status", r#""ACTIVE""#, false),
    ("expirationDate", r#""2100-12-31T23:59:59Z""#, false),
];

#[test]
fn what_the_document_does_not_say_is_refused_by_name() {
    for (field, value, fits) in BOUNDS {
        let body = with(field, value);
        let (status, answer) = ask(&mut sandbox(), "POST", "/api/v0/payment-links", &body);
        assert_eq!(status, if *fits { 201 } else { 400 }, "{body}: {answer}");
        if !fits {
            let said = answer["message"][0].as_str().unwrap();
            assert!(said.contains(field), "{said}");
            assert_eq!(answer["error"], "Bad Request");
        }
    }
    for (field, length, fits) in [
        ("title", 100, true),
        ("title", 101, false),
        ("description", 1, true),
        ("description", 500, true),
        ("description", 501, false),
    ] {
        let body = with(field, &format!("\"{}\"", "é".repeat(length)));
        let (status, _) = ask(&mut sandbox(), "POST", "/api/v0/payment-links", &body);
        assert_eq!(status, if fits { 201 } else { 400 }, "{field} {length}");
    }
    for (length, status) in [(1, 201), (200, 201), (201, 400)] {
        let body = with("url", &format!("\"{}\"", "a".repeat(length)));
        let (found, _) = ask(&mut sandbox(), "POST", "/api/v0/payment-links", &body);
        assert_eq!(found, status, "url {length}");
    }
    let mut sandbox = sandbox();
    let path = format!("/api/v0/payment-links/{}", made(&mut sandbox, LINK));
    for body in [
        r#"{"url":"another"}"#,
        r#"{"status":"INACTIVE"}"#,
        r#"{"amount":0}"#,
        "[]",
    ] {
        assert_eq!(ask(&mut sandbox, "PUT", &path, body).0, 400, "{body}");
    }
}

#[test]
fn the_way_in_is_strict_too() {
    let mut sandbox = sandbox();
    for missing in 0..2 {
        let mut bare = request("GET", "/api/v0/payment-links", "");
        bare.headers.remove(missing);
        let response = sandbox.handle(&bare, NOW).response;
        assert_eq!(response.status, 401);
        assert!(response.body.contains("\"statusCode\":401"));
    }
    let id = made(&mut sandbox, LINK);
    let mut other = request("GET", &format!("/api/v0/payment-links/{id}"), "");
    other.headers[0].1 = "another key".to_owned();
    assert_eq!(sandbox.handle(&other, NOW).response.status, 404);
    // Another account may have the same address.
    let mut same = request("POST", "/api/v0/payment-links", LINK);
    same.headers[0].1 = "another key".to_owned();
    assert_eq!(sandbox.handle(&same, NOW).response.status, 201);
    for (method, path, body, status) in [
        ("GET", "/api/v0/health/public", "", 200),
        ("GET", "/api/v0/health", "", 200),
        ("GET", "/api/v0/nothing", "", 404),
        ("POST", "/api/v0/payment-links", "{", 400),
        ("POST", "/api/v0/payment-links", LINK, 409),
        ("GET", "/api/v0/payment-links?take=0", "", 400),
        ("GET", "/api/v0/payment-links?take=1", "", 200),
        ("GET", "/api/v0/payment-links?skip=0", "", 200),
        ("GET", "/api/v0/payment-links?skip=-1", "", 400),
        ("GET", "/api/v0/payment-links?page=1", "", 400),
        ("GET", "/api/v0/payment-links?skip=1&take=1", "", 200),
    ] {
        let found = ask(&mut sandbox, method, path, body).0;
        assert_eq!(found, status, "{method} {path}");
    }
}

#[test]
fn a_key_gives_the_first_answer_for_a_day() {
    let mut sandbox = sandbox();
    let first = keyed(&mut sandbox, KEY, LINK, NOW);
    assert_eq!(first.0, 201);
    let last = NOW.plus_millis(24 * 3_600_000 - 1);
    assert_eq!(keyed(&mut sandbox, KEY, LINK, last), first);
    let other = with("amount", "1");
    let conflict = keyed(&mut sandbox, KEY, &other, NOW);
    assert_eq!(conflict.0, 409);
    let said = conflict.1["message"].as_str().unwrap();
    assert!(said.contains("idempotency"), "{said}");
    // After a day it is a new request, and its address is taken.
    let late = keyed(&mut sandbox, KEY, LINK, NOW.plus_millis(24 * 3_600_000));
    assert_eq!(late.0, 409);
    assert!(late.1["message"].as_str().unwrap().contains("url"));
    for bad in ["7", "0195005a-1234-7abc-8def-0123456789ab"] {
        assert_eq!(keyed(&mut sandbox, bad, LINK, NOW).0, 400, "{bad}");
    }
}

#[test]
fn a_hundred_requests_a_minute_and_no_more() {
    let mut sandbox = sandbox();
    let list = request("GET", "/api/v0/payment-links", "");
    let header = |response: &Response, name: &str| response.header(name).unwrap().to_owned();
    for left in (0..100).rev() {
        let response = sandbox.handle(&list, NOW.plus_millis(15_000)).response;
        assert_eq!(response.status, 200);
        assert_eq!(header(&response, "x-ratelimit-limit"), "100");
        assert_eq!(header(&response, "x-ratelimit-remaining"), left.to_string());
    }
    let response = sandbox.handle(&list, NOW.plus_millis(15_000)).response;
    assert_eq!(response.status, 429);
    let reset = NOW.millis() / 60_000 * 60 + 60;
    let wait = reset - NOW.plus_millis(15_000).millis() / 1_000;
    assert_eq!(header(&response, "x-ratelimit-reset"), reset.to_string());
    assert_eq!(header(&response, "retry-after"), wait.to_string());
    let body: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(
        (&body["statusCode"], &body["retryAfter"]),
        (&json!(429), &json!(wait))
    );
    // Another key has its own hundred, and so has the next minute.
    let mut other = list.clone();
    other.headers[0].1 = "another key".to_owned();
    assert_eq!(sandbox.handle(&other, NOW).response.status, 200);
    let next = NOW.plus_millis(60_000);
    assert_eq!(sandbox.handle(&list, next).response.status, 200);
}
