//! Answers of 4Geeks' document to the letter.

use serde_json::{Value, json};

use super::*;
use crate::domain::link::RemoteLink;
use crate::proto::backend::sample::answer;
use crate::proto::backend::{RemoteStanding, RemoteState};

const CREATED: &str = r#"{
    "id": "plink_3m4n5o6p7q8r",
    "object": "payment_link",
    "url": "https://pay.4geeks.io/link/plink_3m4n5o6p7q8r",
    "active": true
}"#;

const LISTED: &str = r#"{
    "items": [
        {
            "id": "plink_3m4n5o6p7q8r",
            "object": "payment_link",
            "url": "https://pay.4geeks.io/link/plink_3m4n5o6p7q8r",
            "active": true
        },
        {
            "id": "plink_9s8t7u6v5w4x",
            "object": "payment_link",
            "url": "https://pay.4geeks.io/link/plink_9s8t7u6v5w4x",
            "active": false
        }
    ],
    "total_items": 2,
    "limit": 5,
    "offset": 0
}"#;

const INVALID: &str = r#"{
    "detail": [
        {
            "loc": ["body", "amount"],
            "msg": "field required",
            "type": "value_error.missing"
        }
    ]
}"#;

fn page(from: u64, count: usize, total: Option<usize>) -> Next {
    let items: Vec<Value> = (0..count)
        .map(|index| {
            let id = format!("plink_{from}x{index}");
            json!({"id": id, "url": format!("https://pay.4geeks.io/link/{id}"), "active": true})
        })
        .collect();
    let mut body = json!({ "items": items, "limit": 100, "offset": from });
    if let Some(total) = total {
        body["total_items"] = json!(total);
    }
    next(&Action::List { from }, &[answer(200, &body.to_string())])
}

#[test]
fn the_documents_answer_is_a_live_link() {
    for status in [200, 201] {
        let done = next(&documented(), &[answer(status, CREATED)]);
        let expected = RemoteState {
            link: RemoteLink {
                id: "plink_3m4n5o6p7q8r".to_owned(),
                url: "https://pay.4geeks.io/link/plink_3m4n5o6p7q8r".to_owned(),
            },
            minor: None,
            standing: RemoteStanding::Active,
            warning: None,
        };
        assert_eq!(done, Next::Done(Outcome::Link(expected)));
    }
    let asleep = CREATED.replace("true", "false");
    let done = next(&documented(), &[answer(200, &asleep)]);
    let Next::Done(Outcome::Link(state)) = done else {
        panic!("{done:?}")
    };
    assert_eq!(state.standing, RemoteStanding::Inactive);
    assert!(state.warning.unwrap().contains("takes no money yet"));
}

#[test]
fn an_answer_that_is_no_link_is_refused() {
    let swap = |from: &str, to: &str| {
        assert!(CREATED.contains(from), "{from}");
        CREATED.replace(from, to)
    };
    let rows = [
        (200, swap("\"id\"", "\"key\""), "usable id"),
        (
            200,
            swap("\"plink_3m4n5o6p7q8r\"", "\"a/../b\""),
            "usable id",
        ),
        (200, swap("\"plink_3m4n5o6p7q8r\"", "7"), "usable id"),
        (200, swap("https:", "javascript:"), "usable address"),
        (200, swap("\"url\"", "\"link\""), "usable address"),
        (
            200,
            swap("\"payment_link\"", "\"refund\""),
            "no payment link",
        ),
        (200, swap("\"payment_link\"", "7"), "no payment link"),
        (200, "[]".to_owned(), "usable id"),
        (200, String::new(), "not JSON"),
        (204, String::new(), "instead of the new link"),
        (202, CREATED.to_owned(), "instead of the new link"),
    ];
    for (status, text, said) in rows {
        let refusal = refused(next(&documented(), &[answer(status, &text)]));
        assert!(refusal.reason.contains(said), "{text}: {}", refusal.reason);
        assert_eq!(refusal.status, Some(status));
    }
    // The object's kind and whether it is active may be left out.
    let bare = r#"{"id": "plink_1", "url": "https://pay.4geeks.io/link/plink_1"}"#;
    let done = next(&documented(), &[answer(200, bare)]);
    assert!(matches!(done, Next::Done(Outcome::Link(state))
        if state.standing == RemoteStanding::Unknown && state.warning.is_none()));
}

#[test]
fn an_older_apis_answer_is_named_and_refused() {
    for (status, body, generation) in [
        (
            201,
            r#"{"code":201,"title":"Created","content":"ok","type":"success","data":[{"id":"7","link":"https://console.4geeks.io/pl/7"}]}"#,
            "oldest",
        ),
        (
            200,
            r#"{"data":{"link":"https://api.4geeks.io/pl/7"}}"#,
            "middle or late",
        ),
        (
            401,
            r#"{"code":401,"title":"Unauthorized","content":"no","type":"error"}"#,
            "older APIs",
        ),
    ] {
        let refusal = refused(next(&documented(), &[answer(status, body)]));
        assert!(refusal.reason.contains(generation), "{}", refusal.reason);
        assert!(refusal.reason.contains("base_url or api_key"));
    }
}

#[test]
fn the_documents_list_is_read() {
    let done = next(&Action::List { from: 0 }, &[answer(200, LISTED)]);
    let Next::Done(Outcome::Links { links, next: None }) = done else {
        panic!("{done:?}")
    };
    let found: Vec<_> = links
        .iter()
        .map(|state| (state.link.id.as_str(), state.standing))
        .collect();
    assert_eq!(
        found,
        [
            ("plink_3m4n5o6p7q8r", RemoteStanding::Active),
            ("plink_9s8t7u6v5w4x", RemoteStanding::Inactive),
        ]
    );
}

#[test]
fn a_list_ends_where_all_were_seen() {
    for (from, count, total, expected) in [
        (0, 100, Some(101), Some(100)),
        (100, 1, Some(101), None),
        (0, 100, Some(100), None),
        (0, 0, Some(100), None),
        // A server may give fewer than asked for.
        (0, 50, Some(100), Some(50)),
        (0, 100, None, Some(100)),
        (0, 99, None, None),
        (u64::MAX, 1, Some(5), None),
    ] {
        let done = page(from, count, total);
        let Next::Done(Outcome::Links { links, next }) = done else {
            panic!("{done:?}")
        };
        assert_eq!((links.len(), next), (count, expected), "{from} {total:?}");
    }
}

#[test]
fn a_list_that_does_not_fit_is_refused_and_a_bad_entry_left_out() {
    let list = |text: &str| next(&Action::List { from: 0 }, &[answer(200, text)]);
    for text in ["[]", "{}", r#"{"items":7}"#] {
        assert!(refused(list(text)).reason.contains("no list"), "{text}");
    }
    let other = LISTED.replace("\"offset\": 0", "\"offset\": 5");
    assert!(refused(list(&other)).reason.contains("another page"));
    let damaged = LISTED.replace("\"plink_9s8t7u6v5w4x\"", "null");
    let Next::Done(Outcome::Links { links, next: None }) = list(&damaged) else {
        panic!("not read")
    };
    assert_eq!(links.len(), 1);
}

#[test]
fn a_refusal_names_field_code_and_request() {
    let rows = [
        (
            422,
            INVALID,
            "amount field required",
            Some("value_error.missing"),
        ),
        (
            422,
            r#"{"detail":[{"loc":["body","currency"],"msg":"str type expected","type":"type_error.str"},{"loc":["query","limit"],"msg":"too much","type":"x"},{"loc":["body"],"msg":"no dict"},{"loc":["body","items",0],"msg":"bad"},{"loc":["body","fifth"],"msg":"unseen"}]}"#,
            "currency str type expected, limit too much, body no dict, items.0 bad, request req-7",
            Some("type_error.str"),
        ),
        (400, r#"{"detail":"Bad Request"}"#, "Bad Request", None),
        (401, r#"{"detail":"Invalid key"}"#, "under api_key", None),
        (403, "", "refuses the key (403)", None),
        (404, r#"{"detail":"Not Found"}"#, "check base_url", None),
        (405, "", "check base_url", None),
        (
            422,
            r#"{"detail":[7,{"loc":7,"msg":7,"type":7}]}"#,
            "(422)",
            None,
        ),
    ];
    for (status, text, said, code) in rows {
        let mut response = answer(status, text);
        response
            .headers
            .push(("x-request-id".to_owned(), "req-7".to_owned()));
        let refusal = refused(next(&documented(), &[response]));
        assert!(refusal.reason.contains(said), "{said}: {}", refusal.reason);
        assert_eq!(refusal.code.as_deref(), code);
        assert_eq!(refusal.status, Some(status));
        assert_eq!(refusal.request_id.as_deref(), Some("req-7"));
    }
}

#[test]
fn what_passes_is_tried_again() {
    let mut busy = answer(429, "");
    busy.headers
        .push(("retry-after".to_owned(), "30".to_owned()));
    let found = next(&documented(), &[busy]);
    assert!(matches!(&found, Next::Later(later) if later.retry_after_secs == Some(30)));
    for response in [
        answer(408, ""),
        answer(425, ""),
        answer(500, r#"{"detail":"oops"}"#),
        answer(503, "<html>"),
        // A redirect is not followed, and neither is a hotel's page.
        answer(307, ""),
        answer(200, "<!doctype html><title>Hotel Wi-Fi</title>"),
    ] {
        let found = next(&documented(), std::slice::from_ref(&response));
        assert!(matches!(found, Next::Later(_)), "{response:?}: {found:?}");
    }
}

#[test]
fn a_portal_is_not_the_provider() {
    for (status, text, expected) in [
        (200, LISTED, true),
        (401, r#"{"detail":"Invalid key"}"#, true),
        (204, "", true),
        (200, "<html>", false),
        (200, "ok", false),
        (307, "", false),
    ] {
        assert_eq!(FourGeeks.recognizes(&answer(status, text)), expected);
    }
}
