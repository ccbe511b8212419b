//! Payloads of 4pay's document to the letter, then hostile ones.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::sample::{self, link};
use super::*;
use crate::domain::payment::PaymentStatus;
use crate::domain::time::Timestamp;
use crate::proto::backend::HeaderValue;

mod open;
mod settings;

const CREATED: &str = r#"{
"id": "abc12345-...",
"url": "https://4pay.online/pay/link/abc12345-...",
"qr_url": "https://4pay.online/pay/link/abc12345-.../qr",
"amount": { "default": 1000 },
"amount_type": "static",
"created_at": "2026-03-01T10:00:00Z"
}"#;

const NOTIFIED: &str = r#"{
"type": "link",
"link": "abc12345-...",
"txid": "generated-txid",
"id": "550e8400-...",
"status": "charged",
"amount": 1000,
"amount_dest": 950,
"amount_with_fee": 1050,
"error_description": ""
}"#;

fn create(minor: i64, currency: &str) -> Action {
    Action::Create {
        link: link(minor, currency),
        notify_url: Some("https://yoursite.com/webhooks/payment".to_owned()),
    }
}

fn update() -> Action {
    Action::Update {
        remote_id: "abc12345-...".to_owned(),
        link: link(2_000, "USD"),
    }
}

fn withdraw() -> Action {
    Action::Withdraw {
        remote_id: "abc12345-...".to_owned(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: vec![("x-request-id".to_owned(), "req-7".to_owned())],
        body: body.to_owned(),
    }
}

fn next(action: &Action, answers: &[Response]) -> Next {
    sample::next(&FourPay, action, answers)
}

fn sent(action: &Action) -> Request {
    match next(action, &[]) {
        Next::Send(request) => request,
        other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
    }
}

fn body(request: &Request) -> Value {
    serde_json::from_str(request.body.as_deref().unwrap()).unwrap()
}

fn reason(next: &Next) -> &str {
    match next {
        Next::Refused(refusal) | Next::Later(refusal) => &refusal.reason,
        other @ (Next::Send(_) | Next::Done(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_link_is_asked_for_as_the_document_says() {
    let mut wanted = link(1_000, "USD");
    wanted.expires_at = Timestamp::parse_rfc3339("2026-03-15T10:00:00Z");
    let request = sent(&Action::Create {
        link: wanted,
        notify_url: Some("https://yoursite.com/webhooks/payment".to_owned()),
    });
    assert_eq!(
        (request.method, request.path.as_str()),
        (Method::Post, "/api/v1/links")
    );
    assert_eq!(
        body(&request),
        json!({"link": {
            "amount": {"default": 1000},
            "amount_type": "static",
            "notify_url": "https://yoursite.com/webhooks/payment",
            "description": "Payment for service",
            "currency": "USD",
            "expires_at": "2026-03-15T10:00:00Z",
        }})
    );
    for header in [
        ("x-api-key", HeaderValue::Credential("api_key")),
        (
            "x-organization-id",
            HeaderValue::OptionalCredential("organization_id"),
        ),
        (
            "content-type",
            HeaderValue::Text("application/json".to_owned()),
        ),
    ] {
        assert!(request.headers.contains(&header), "{header:?}");
    }
}

#[test]
fn the_other_requests_are_the_documents_too() {
    let request = sent(&update());
    assert_eq!(
        (request.method, request.path.as_str()),
        (Method::Put, "/api/v1/links/abc12345-...")
    );
    assert_eq!(
        body(&request),
        json!({"link": {"amount": {"default": 2000}, "description": "Payment for service"}})
    );
    let request = sent(&Action::CreateProduct {
        link: link(350, "USD"),
        notify_url: Some("https://yourpos.com/webhooks/payment".to_owned()),
    });
    assert_eq!(request.path, "/api/v1/products");
    assert_eq!(
        body(&request),
        json!({"product": {
            "name": "Payment for service",
            "amount": 350,
            "currency": "USD",
            "notify_url": "https://yourpos.com/webhooks/payment",
        }})
    );
    let fetch = Action::Fetch {
        remote_id: "abc12345-...".to_owned(),
    };
    for (action, method, path) in [
        (fetch, Method::Get, "/api/v1/links/abc12345-..."),
        (Action::List { from: 0 }, Method::Get, "/api/v1/links"),
        (withdraw(), Method::Delete, "/api/v1/links/abc12345-..."),
    ] {
        let request = sent(&action);
        assert_eq!((request.method, request.path.as_str()), (method, path));
        assert_eq!(request.body, None);
    }
}

#[test]
fn what_cannot_be_is_refused_before_it_is_sent() {
    for (minor, currency, said) in [
        (0, "EUR", "at least one"),
        (-5, "EUR", "at least one"),
        (350, "CHF", "no CHF"),
        (50, "IDR", "round the price"),
    ] {
        let next = next(&create(minor, currency), &[]);
        assert!(matches!(next, Next::Refused(_)), "{minor} {currency}");
        assert!(reason(&next).contains(said), "{}", reason(&next));
    }
    let stray = Action::Withdraw {
        remote_id: "../../session".to_owned(),
    };
    assert!(matches!(next(&stray, &[]), Next::Refused(_)));
}

#[test]
fn the_documents_answer_is_a_live_link() {
    let wrapped = format!(r#"{{"data": {CREATED}, "more": [1.5]}}"#);
    for (status, text) in [(200, CREATED), (201, CREATED), (201, wrapped.as_str())] {
        let done = next(&create(1_000, "USD"), &[answer(status, text)]);
        let Next::Done(Outcome::Link(state)) = done else {
            panic!("{done:?}")
        };
        assert_eq!(state.link.id, "abc12345-...");
        assert_eq!(state.link.url, "https://4pay.online/pay/link/abc12345-...");
        assert_eq!((state.minor, state.warning), (Some(1_000), None));
    }
}

#[test]
fn an_answer_that_could_cheat_a_payer_is_refused() {
    let swap = |from: &str, to: &str| {
        assert!(CREATED.contains(from), "{from}");
        CREATED.replace(from, to)
    };
    let rows = [
        (swap("1000", "10000"), "another amount"),
        (swap("1000", "1000.0"), "another amount"),
        (swap("\"static\"", "\"dynamic\""), "another kind"),
        (swap("{ \"default\"", "{ \"currency\": 1, \"default\""), ""),
        (
            swap("\"amount_type\"", "\"currency\": \"EUR\", \"amount_type\""),
            "another currency",
        ),
        (swap("\"abc12345-...\"", "\"\""), "usable id"),
        (swap("\"abc12345-...\"", "\"a/../b\""), "usable id"),
        (swap("\"abc12345-...\"", "7"), "usable id"),
        (
            swap("\"url\": \"https", "\"url\": \"javascript"),
            "usable address",
        ),
        (swap("\"url\"", "\"link\""), "usable address"),
        ("[]".to_owned(), "describes no link"),
        (String::new(), "not JSON"),
    ];
    for (text, said) in rows {
        let found = next(&create(1_000, "USD"), &[answer(201, &text)]);
        if said.is_empty() {
            assert!(matches!(found, Next::Done(_)), "{found:?}");
            continue;
        }
        assert!(matches!(found, Next::Refused(_)), "{text}: {found:?}");
        assert!(reason(&found).contains(said), "{text}: {}", reason(&found));
    }
    let odd = swap("/qr\"", "/qr2\"");
    let found = next(&create(1_000, "USD"), &[answer(201, &odd)]);
    let Next::Done(Outcome::Link(state)) = found else {
        panic!("{found:?}")
    };
    assert!(state.warning.unwrap().contains("own picture"));
}

#[test]
fn an_update_without_an_answers_body_is_read_back() {
    let empty = answer(204, "");
    let Next::Send(request) = next(&update(), std::slice::from_ref(&empty)) else {
        panic!("not read back")
    };
    assert_eq!(request.method, Method::Get);
    let changed = answer(200, &CREATED.replace("1000", "2000"));
    for answers in [vec![changed.clone()], vec![empty.clone(), changed]] {
        let done = next(&update(), &answers);
        assert!(matches!(done, Next::Done(Outcome::Link(_))), "{done:?}");
    }
    let unchanged = next(&update(), &[empty, answer(200, CREATED)]);
    assert!(reason(&unchanged).contains("another amount"));
}

#[test]
fn what_is_gone_is_withdrawn() {
    for response in [
        answer(200, "{}"),
        answer(204, ""),
        answer(404, r#"{"error":"not found"}"#),
        answer(410, ""),
    ] {
        let done = next(&withdraw(), std::slice::from_ref(&response));
        assert_eq!(done, Next::Done(Outcome::Withdrawn), "{response:?}");
    }
    // A login page says nothing about the link.
    let portal = next(&withdraw(), &[answer(404, "<html>")]);
    assert!(matches!(portal, Next::Later(_)));
}

#[test]
fn a_list_is_read_in_every_wrapping() {
    for text in [
        format!("[{CREATED}, {{\"id\": 5}}]"),
        format!("{{\"data\": [{CREATED}]}}"),
        format!("{{\"links\": [{CREATED}]}}"),
    ] {
        let done = next(&Action::List { from: 0 }, &[answer(200, &text)]);
        let Next::Done(Outcome::Links { links, .. }) = done else {
            panic!("{done:?}")
        };
        assert_eq!(links.len(), 1, "{text}");
    }
}

#[test]
fn a_refusal_names_field_code_and_request() {
    let rows = [
        (
            422,
            r#"{"error":"validation failed","details":{"link.amount.default":["must be an integer"]}}"#,
            vec!["link.amount.default must be an integer", "request req-7"],
        ),
        (
            422,
            r#"{"errors":[{"code":"invalid","detail":"is too long","source":{"pointer":"/link/description"}}]}"#,
            vec!["/link/description is too long", "code invalid"],
        ),
        (
            409,
            r#"{"error":"conflict","message":"already exists"}"#,
            vec!["already exists", "code conflict"],
        ),
        (400, r#"{"error":"bad request"}"#, vec!["organization id"]),
        (400, "", vec!["organization id"]),
        (
            401,
            r#"{"error":"unauthorized"}"#,
            vec!["refuses the key", "api_key"],
        ),
        (403, "", vec!["refuses the key"]),
        (
            418,
            r#"{"errors":{"detail":"a teapot"}}"#,
            vec!["detail a teapot"],
        ),
    ];
    for (status, text, words) in rows {
        let found = next(&create(1_000, "USD"), &[answer(status, text)]);
        let Next::Refused(refusal) = &found else {
            panic!("{status}: {found:?}")
        };
        assert_eq!(refusal.status, Some(status));
        assert_eq!(refusal.request_id.as_deref(), Some("req-7"));
        for word in words {
            assert!(refusal.reason.contains(word), "{word}: {}", refusal.reason);
        }
    }
}

#[test]
fn what_passes_is_tried_again() {
    let mut busy = answer(429, "");
    busy.headers
        .push(("retry-after".to_owned(), "30".to_owned()));
    let found = next(&create(1_000, "USD"), &[busy]);
    let Next::Later(refusal) = &found else {
        panic!("{found:?}")
    };
    assert_eq!(refusal.retry_after_secs, Some(30));
    for response in [
        answer(500, r#"{"error":"oops"}"#),
        answer(502, "<html>bad gateway</html>"),
        answer(200, "<!doctype html><title>Hotel Wi-Fi</title>"),
        answer(302, ""),
    ] {
        let found = next(&create(1_000, "USD"), std::slice::from_ref(&response));
        assert!(matches!(found, Next::Later(_)), "{response:?}: {found:?}");
    }
}

#[test]
fn a_portal_is_not_the_provider() {
    for (status, text, expected) in [
        (200, r#"{"core_status":"ok"}"#, true),
        (401, r#"{"error":"unauthorized"}"#, true),
        (204, "", true),
        (200, "<html>", false),
        (200, "ok", false),
        (302, "", false),
    ] {
        let response = answer(status, text);
        assert_eq!(FourPay.recognizes(&response), expected, "{response:?}");
    }
}

#[test]
fn the_documents_notification_is_money() {
    let reported = FourPay.read_notification(NOTIFIED).unwrap();
    assert_eq!(
        reported,
        Reported {
            remote_link: Some("abc12345-...".to_owned()),
            payment: "550e8400-...".to_owned(),
            status: PaymentStatus::Charged,
            minor: 1_000,
            currency: None,
            net_minor: Some(950),
            gross_minor: Some(1_050),
            error: String::new(),
        }
    );
    let texts = NOTIFIED.replace("1000", "\"1000\"");
    assert_eq!(FourPay.read_notification(&texts).unwrap(), reported);
}

#[test]
fn only_charged_is_money() {
    for (word, status) in [
        ("charged", PaymentStatus::Charged),
        ("failed", PaymentStatus::Failed),
        ("rejected", PaymentStatus::Failed),
        ("cancelled", PaymentStatus::Failed),
        ("refunded", PaymentStatus::Refunded),
        ("reversed", PaymentStatus::Refunded),
        ("created", PaymentStatus::Pending),
        ("action_required", PaymentStatus::Pending),
        ("CHARGED", PaymentStatus::Pending),
        ("paid", PaymentStatus::Pending),
    ] {
        let body = NOTIFIED.replace("charged", word);
        assert_eq!(
            FourPay.read_notification(&body).unwrap().status,
            status,
            "{word}"
        );
    }
}

#[test]
fn a_notification_that_cannot_be_understood_is_no_payment() {
    for (from, to) in [
        ("\"link\",", "\"payout\","),
        ("\"abc12345-...\"", "\"\""),
        ("\"550e8400-...\"", "null"),
        ("\"550e8400-...\"", "\"a b\""),
        ("1000", "1000.5"),
        ("1000", "-1000"),
        ("1000", "\"10.00\""),
        ("\"charged\"", "1"),
        ("\"txid\"", "\"currency\": \"XXX\", \"txid\""),
        ("{", "["),
    ] {
        let body = NOTIFIED.replacen(from, to, 1);
        assert_ne!(body, NOTIFIED);
        assert!(FourPay.read_notification(&body).is_err(), "{body}");
    }
    let deep = "[".repeat(100_000);
    assert!(FourPay.read_notification(&deep).is_err());
}

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(status in 0..700_u16, body in hostile()) {
        let response = answer(status, &body);
        for action in [create(1_000, "USD"), update(), withdraw(), Action::List { from: 0 }] {
            for answers in [vec![response.clone()], vec![response.clone(); 2]] {
                drop(next(&action, &answers));
            }
        }
        let _: bool = FourPay.recognizes(&response);
        drop(FourPay.read_notification(&body));
    }
}

/// Texts, and documents of the right names with the wrong things in them.
fn hostile() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(|text| json!(text)),
    ];
    let names = prop::sample::select(vec![
        "id", "url", "qr_url", "amount", "default", "data", "links", "error", "errors", "details",
        "message", "type", "link", "status", "currency", "source", "pointer",
    ]);
    let tree = leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(Value::from_iter),
        ]
    });
    prop_oneof![tree.prop_map(|tree| tree.to_string()), ".{0,60}"]
}
