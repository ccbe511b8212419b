//! Payloads of 4pay's document to the letter, then hostile ones.

use serde_json::{Value, json};

use super::super::sample::{self, link};
use super::*;
use crate::domain::time::Timestamp;
use crate::proto::backend::{HeaderValue, Method};

mod answers;
mod hostile;
mod notified;
mod open;
mod problems;
mod settings;
mod signature;

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

/// The bodies of the document's three examples, in its order; the currency is always named.
#[test]
fn the_documents_bodies_go_out_byte_for_byte() {
    let mut changed = link(2_000, "USD");
    changed.description = "Updated description".to_owned();
    let mut coffee = link(350, "USD");
    coffee.description = "Coffee".to_owned();
    for (action, expected) in [
        (
            create(1_000, "USD"),
            r#"{"link":{"amount":{"default":1000},"amount_type":"static","notify_url":"https://yoursite.com/webhooks/payment","description":"Payment for service","currency":"USD"}}"#,
        ),
        (
            Action::Update {
                remote_id: "abc12345-...".to_owned(),
                link: changed,
            },
            r#"{"link":{"amount":{"default":2000},"description":"Updated description"}}"#,
        ),
        (
            Action::CreateProduct {
                link: coffee,
                notify_url: Some("https://yourpos.com/webhooks/payment".to_owned()),
            },
            r#"{"product":{"name":"Coffee","amount":350,"currency":"USD","notify_url":"https://yourpos.com/webhooks/payment"}}"#,
        ),
    ] {
        assert_eq!(sent(&action).body.as_deref(), Some(expected));
    }
}

#[test]
fn a_link_that_is_there_already_is_told_its_address() {
    let request = sent(&Action::Subscribe {
        remote_id: "abc12345-...".to_owned(),
        link: link(1_000, "USD"),
        notify_url: "https://h/hooks/4pay/e/o1".to_owned(),
    });
    assert_eq!(
        (request.method, request.path.as_str()),
        (Method::Put, "/api/v1/links/abc12345-...")
    );
    assert_eq!(
        body(&request),
        json!({"link": {"amount": {"default": 1000}, "notify_url": "https://h/hooks/4pay/e/o1",
                        "description": "Payment for service"}})
    );
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
