//! What 4pay's document does not say is refused, and what stands at a bound is taken.

use super::*;

/// Bodies that the document does not allow, each with the place of its error.
const REFUSED: &[(&str, &str)] = &[
    (r#"{"amount":{"default":1}}"#, "link"),
    (r#"{"link":{},"x":1}"#, "link"),
    (r#"{"link":[]}"#, "link"),
    (
        r#"{"link":{"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (r#"{"link":{"amount":{"default":1}}}"#, "link.amount_type"),
    (
        r#"{"link":{"amount":100,"amount_type":"static"}}"#,
        "link.amount",
    ),
    (
        r#"{"link":{"amount":{"default":10.5},"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (
        r#"{"link":{"amount":{"default":10.0},"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (
        r#"{"link":{"amount":{"default":"10"},"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (
        r#"{"link":{"amount":{"default":0},"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (
        r#"{"link":{"amount":{"default":1,"currency":"EUR"},"amount_type":"static"}}"#,
        "link.amount.currency",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"fixed"}}"#,
        "link.amount_type",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","currency":"eur"}}"#,
        "link.currency",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","currency":"XXQ"}}"#,
        "link.currency",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","expires_at":"tomorrow"}}"#,
        "link.expires_at",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","expires_at":"2020-01-01T00:00:00Z"}}"#,
        "link.expires_at",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","notify_url":"ftp://x"}}"#,
        "link.notify_url",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","description":7}}"#,
        "link.description",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","name":"x"}}"#,
        "link.name",
    ),
    (
        r#"{"link":{"amount":{"default":-1},"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (
        r#"{"link":{"amount":{"default":9223372036854775808},"amount_type":"static"}}"#,
        "link.amount.default",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":7}}"#,
        "link.amount_type",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","currency":""}}"#,
        "link.currency",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","notify_url":7}}"#,
        "link.notify_url",
    ),
    (
        r#"{"link":{"amount":{"default":1},"amount_type":"static","expires_at":"2026-02-02T02:40:00Z"}}"#,
        "link.expires_at",
    ),
];

/// Bodies at the bounds that [`REFUSED`] is beyond.
const TAKEN: &[&str] = &[
    r#"{"link":{"amount":{"default":1},"amount_type":"static"}}"#,
    r#"{"link":{"amount":{"default":9223372036854775807},"amount_type":"static"}}"#,
    r#"{"link":{"amount":{"default":1},"amount_type":"dynamic"}}"#,
    r#"{"link":{"amount_type":"dynamic"}}"#,
    r#"{"link":{"amount":{"default":1},"amount_type":"static","currency":"EUR"}}"#,
    r#"{"link":{"amount":{"default":1},"amount_type":"static","description":""}}"#,
    r#"{"link":{"amount":{"default":1},"amount_type":"static","notify_url":"http://127.0.0.1:1/a"}}"#,
    r#"{"link":{"amount":{"default":1},"amount_type":"static","expires_at":"2026-02-02T02:40:01Z"}}"#,
];

#[test]
fn what_the_document_does_not_say_is_refused() {
    let mut sandbox = sandbox();
    for (body, place) in REFUSED {
        let (status, answer) = ask(&mut sandbox, "POST", "/api/v1/links", body);
        assert_eq!(status, 422, "{body}");
        assert!(answer["details"][*place][0].is_string(), "{body}: {answer}");
    }
    for body in TAKEN {
        let (status, answer) = ask(&mut sandbox, "POST", "/api/v1/links", body);
        assert_eq!(status, 201, "{body}: {answer}");
    }
    for (body, status) in [
        (r#"{"product":{"amount":1}}"#, 422),
        (r#"{"product":{"name":"x"}}"#, 422),
        (r#"{"product":{"name":"x","amount":1.5}}"#, 422),
        (r#"{"product":{"name":"x","amount":{"default":1}}}"#, 422),
        (r#"{"product":{"name":"x","amount":0}}"#, 422),
        (r#"{"product":{"name":"x","amount":1}}"#, 201),
        (r#"{"product":{"name":" ","amount":1}}"#, 422),
        (
            r#"{"product":{"name":"x","amount":1,"currency":"usd"}}"#,
            422,
        ),
        (
            r#"{"product":{"name":"x","amount":1,"currency":"USD"}}"#,
            201,
        ),
        (
            r#"{"product":{"name":"x","amount":1,"notify_url":"x"}}"#,
            422,
        ),
        (
            r#"{"product":{"name":"x","amount":1,"description":"y"}}"#,
            422,
        ),
        (r#"{"link":{"name":"x","amount":1}}"#, 422),
    ] {
        let found = ask(&mut sandbox, "POST", "/api/v1/products", body).0;
        assert_eq!(found, status, "{body}");
    }
    // A change has the same bounds.
    let path = format!("/api/v1/links/{}", made(&mut sandbox, LINK));
    for (body, status) in [
        (r#"{"link":{"amount":{"default":1}}}"#, 200),
        (r#"{"link":{"amount":{"default":0}}}"#, 422),
        (r#"{"link":{"description":7}}"#, 422),
        (r#"{"link":{}}"#, 200),
    ] {
        assert_eq!(ask(&mut sandbox, "PUT", &path, body).0, status, "{body}");
    }
}
