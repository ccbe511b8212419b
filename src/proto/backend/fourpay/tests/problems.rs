//! Refusals, and answers that are not the provider's.

use super::*;

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
