//! Answers: what is believed, what is compared, and how a create finds its way after a lost one.

use super::*;

const HOUR_MS: i64 = 3_600_000;

fn swap(from: &str, to: &str) -> String {
    assert!(CREATED.contains(from), "{from}");
    CREATED.replace(from, to)
}

#[test]
fn the_documents_answer_is_a_live_link() {
    let texts = swap("29.99", "\"29.990000\"");
    let slug_only = swap("https://checkout.devdraft.ai/", "");
    for (status, text) in [
        (201, CREATED),
        (200, CREATED),
        (201, &texts),
        (201, &slug_only),
    ] {
        let state = made(next(&create(2_999, "USD"), &[answer(status, text)]));
        assert_eq!(state.link.id, "pl_123456789");
        assert_eq!(
            state.link.url,
            "https://checkout.devdraft.ai/premium-subscription"
        );
        assert_eq!(state.standing, RemoteStanding::Active);
        assert_eq!((state.minor, state.warning), (Some(29_990_000), None));
    }
    let state = answer(201, &slug_only);
    let account = options(&[("checkout_base", "https://pay.example/shop/")]);
    let joined = made(with_options(&account, &create(2_999, "USD"), &[state]));
    assert_eq!(
        joined.link.url,
        "https://pay.example/shop/premium-subscription"
    );
}

#[test]
fn an_answer_with_every_field_of_the_document_is_read() {
    let whole = r#"{"id":"pl_123456789","title":"Café Ärger: Tea","url":"https://checkout.devdraft.ai/premium-subscription","description":"Payment for service","coverImage":"https://example.com/images/premium-subscription.jpg","linkType":"PRODUCT","status":"ACTIVE","amount":29.99,"currency":"usdc","allowQuantityAdjustment":false,"allowMobilePayment":false,"collectTax":false,"collectAddress":false,"limitPayments":true,"maxPayments":1,"customFields":{"customField1":"value1","customField2":"value2"},"paymentLinkProducts":[{"productId":"123e4567-e89b-12d3-a456-426614174000","quantity":2}],"appId":"app_1","expiration_date":"2026-12-31T23:59:59Z","createdAt":"2026-03-01T10:00:00Z","updatedAt":"2026-03-01T10:00:00Z"}"#;
    let state = made(next(&create(2_999, "USD"), &[answer(201, whole)]));
    assert_eq!(state.standing, RemoteStanding::Active);
    assert_eq!((state.minor, state.warning), (Some(29_990_000), None));
}

#[test]
fn an_answer_that_could_cheat_a_payer_is_refused() {
    let rows = [
        (swap("29.99", "299.9"), "another amount"),
        (swap("29.99", "29.990001"), "another amount"),
        (swap("29.99", "0"), "another amount"),
        (swap("29.99", "-29.99"), "another amount"),
        (swap("29.99", "true"), "another amount"),
        (swap("29.99", "2999e-2"), ""),
        (swap("\"usdc\"", "\"eurc\""), "another currency"),
        (swap("\"usdc\"", "\"USDC\""), ""),
        (swap("\"usdc\"", "7"), "another currency"),
        (swap("PRODUCT", "DONATION"), "another type"),
        (
            swap(
                "\"allowQuantityAdjustment\": false",
                "\"allowQuantityAdjustment\": true",
            ),
            "change the quantity",
        ),
        (swap("89ab", "89ac"), "somebody else's"),
        (swap("ACTIVE", "INACTIVE"), "no money any more"),
        (swap("ACTIVE", "EXPIRED"), "no money any more"),
        (swap("ACTIVE", "NEW"), ""),
        (swap("\"pl_123456789\"", "\"a/../b\""), "usable id"),
        (swap("\"pl_123456789\"", "7"), "usable id"),
        (swap("https:", "javascript:"), "usable address"),
        (swap("https://checkout.devdraft.ai/", "-"), "usable address"),
        (swap("\"status\"", "\"amount\": 1, \"status\""), "not JSON"),
        ("[1".to_owned(), "something else answered"),
        ("7".to_owned(), "something else answered"),
        (String::new(), "describes no link"),
    ];
    for (text, said) in rows {
        let found = next(&create(2_999, "USD"), &[answer(201, &text)]);
        match &found {
            Next::Done(_) => assert_eq!(said, "", "{text}"),
            Next::Refused(refusal) | Next::Later(refusal) => {
                assert!(!said.is_empty(), "{text}: {found:?}");
                assert!(refusal.reason.contains(said), "{text}: {found:?}");
            }
            Next::Send(_) => panic!("{text}: {found:?}"),
        }
    }
    let late = next(&create(2_999, "USD"), &[answer(202, CREATED)]);
    assert!(refused(&late).contains("202"), "{late:?}");
}

#[test]
fn an_answer_that_is_only_odd_is_shown_with_a_warning() {
    for (text, said) in [
        (swap("29.99", "null"), "did not repeat"),
        (swap("\"maxPayments\": 1", "\"maxPayments\": 2"), "limit"),
        (
            swap("\"limitPayments\": true", "\"limitPayments\": false"),
            "limit",
        ),
    ] {
        let state = made(next(&create(2_999, "USD"), &[answer(201, &text)]));
        assert!(state.warning.unwrap().contains(said), "{text}");
    }
}

#[test]
fn a_page_of_a_hundred_is_followed_by_another() {
    let full = vec![CREATED; 100].join(",");
    let rows = [
        (format!("[{full}]"), 100, Some(300)),
        (format!("[{CREATED}, {{\"id\": 5}}, 7]"), 1, None),
        ("[]".to_owned(), 0, None),
    ];
    for (text, count, expected) in rows {
        let done = next(&Action::List { from: 200 }, &[answer(200, &text)]);
        let Next::Done(Outcome::Links { links, next }) = done else {
            panic!("{done:?}")
        };
        assert_eq!((links.len(), next), (count, expected));
    }
    let none = next(&Action::List { from: 0 }, &[answer(200, "{}")]);
    assert!(refused(&none).contains("no list"));
}

#[test]
fn a_changed_link_is_compared_or_read_back() {
    let state = made(next(&update(), &[answer(200, CREATED)]));
    assert_eq!(state.minor, Some(29_990_000));
    let silent = answer(200, "");
    let request = request(next(&update(), std::slice::from_ref(&silent)));
    assert_eq!(request.method, Method::Get);
    let old = answer(200, &swap("29.99", "19.99"));
    let found = next(&update(), &[silent, old]);
    assert!(refused(&found).contains("another amount"));
    let other = next(&fetch(), &[answer(200, &swap("pl_123", "pl_321"))]);
    assert!(refused(&other).contains("instead of"));
    assert!(matches!(
        next(&fetch(), &[answer(200, CREATED)]),
        Next::Done(_)
    ));
}

#[test]
fn a_refusal_is_told_with_the_providers_words() {
    let rows = [
        (
            400,
            r#"{"statusCode":400,"message":["title is too short","amount is odd"],"error":"Bad Request"}"#,
            "title is too short, amount is odd",
        ),
        (
            401,
            r#"{"statusCode":401,"message":"Unauthorized"}"#,
            "client_secret",
        ),
        (403, "{}", "scopes"),
        (404, "{}", "does not know"),
        (
            409,
            r#"{"message":"Idempotency key was used","error":"Conflict"}"#,
            "a defect of Tillcode",
        ),
        (
            400,
            r#"{"message":["coverImage must be a URL address"]}"#,
            "coverImage",
        ),
        (413, r#"{"details":[{"message":"too much"}]}"#, "too much"),
    ];
    for (status, text, said) in rows {
        let found = next(&create(2_999, "USD"), &[answer(status, text)]);
        assert!(refused(&found).contains(said), "{status}: {found:?}");
    }
    let found = next(&create(2_999, "USD"), &[answer(409, rows[4].1)]);
    let Next::Refused(refusal) = found else {
        panic!()
    };
    assert_eq!(refusal.code.as_deref(), Some("Conflict"));
}

#[test]
fn what_passes_is_tried_again() {
    let body = r#"{"statusCode":429,"message":"Too many requests","retryAfter":17}"#;
    let mut by_header = answer(429, body);
    by_header
        .headers
        .push(("retry-after".to_owned(), "9".to_owned()));
    for (response, wait) in [
        (answer(429, body), Some(17)),
        (by_header, Some(9)),
        (answer(503, "{}"), None),
        (answer(200, "<html>"), None),
    ] {
        for action in [create(2_999, "USD"), update(), Action::List { from: 0 }] {
            let Next::Later(refusal) = next(&action, std::slice::from_ref(&response)) else {
                panic!("{response:?}")
            };
            assert_eq!(refusal.retry_after_secs, wait, "{response:?}");
        }
    }
}

/// What a create sends at some age of its job, and the key that goes with it.
fn at_age(hours_ms: i64, answers: &[Response], purpose: Purpose) -> Next {
    let mut wanted = link(2_999, "USD");
    wanted.purpose = purpose;
    let none = Options::default();
    let action = action(wanted);
    let job = sample::job(&action, answers, &none);
    Devdraft.next(LinkJob {
        first_sent: Some(NOW.plus_millis(-hours_ms)),
        ..job
    })
}

fn key_and_slug(request: &Request) -> (String, String) {
    let Some(HeaderValue::Text(key)) = header(request, "idempotency-key") else {
        panic!("{request:?}")
    };
    let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
    (key.clone(), body["url"].as_str().unwrap().to_owned())
}

#[test]
fn a_retry_carries_the_same_key_for_twenty_three_hours_then_searches() {
    let single = Purpose::Single;
    let first = key_and_slug(&request(at_age(0, &[], single)));
    let last = key_and_slug(&request(at_age(23 * HOUR_MS - 1, &[], single)));
    assert_eq!(first, last);
    let search = request(at_age(23 * HOUR_MS, &[], single));
    assert_eq!(search.path, "/api/v0/payment-links?skip=0&take=100");
    // Nothing there: made anew, under a key of its own.
    let nothing = answer(200, "[]");
    let again = key_and_slug(&request(at_age(23 * HOUR_MS, &[nothing], single)));
    assert_eq!(again.1, first.1);
    assert_ne!(again.0, first.0);
    // A clock that was set back changes nothing.
    assert_eq!(key_and_slug(&request(at_age(-HOUR_MS, &[], single))), first);
}

#[test]
fn what_was_lost_is_found_on_a_later_page_and_taken_over() {
    let other = swap("89ab", "89ac").replace("premium-subscription", "other");
    let full = format!("[{}]", vec![other; 100].join(","));
    let pages = [answer(200, &full), answer(200, &format!("[{CREATED}]"))];
    let search = request(at_age(24 * HOUR_MS, &pages[..1], Purpose::Single));
    assert_eq!(search.path, "/api/v0/payment-links?skip=100&take=100");
    let state = made(at_age(24 * HOUR_MS, &pages, Purpose::Single));
    assert_eq!(state.link.id, "pl_123456789");
    // With another amount it is not shown.
    let odd = format!("[{}]", swap("29.99", "1.00"));
    let found = at_age(24 * HOUR_MS, &[answer(200, &odd)], Purpose::Single);
    assert!(refused(&found).contains("another amount"));
    // A search has an end.
    let many = vec![answer(200, &full); 20];
    let sent = request(at_age(24 * HOUR_MS, &many, Purpose::Single));
    assert_eq!(sent.method, Method::Post);
}

#[test]
fn an_address_that_is_taken_is_looked_up() {
    let taken = [
        answer(409, r#"{"message":"already exists"}"#),
        answer(409, ""),
        answer(400, r#"{"message":["url must be unique"]}"#),
    ];
    for taken in taken {
        let answers = [taken];
        let search = request(at_age(0, &answers, Purpose::Permanent));
        assert_eq!(search.method, Method::Get, "{answers:?}");
        // Ours, whatever its address.
        let mut ours = answers.to_vec();
        ours.push(answer(200, &format!("[{CREATED}]")));
        assert_eq!(
            made(at_age(0, &ours, Purpose::Permanent)).link.id,
            "pl_123456789"
        );
        // Another till's: the word tells them apart, then something random, then it is enough.
        let theirs = swap("89ab", "89ac").replace("premium-subscription", "cafe-arger/tea");
        let mut trail = answers.to_vec();
        let mut seen = vec![key_and_slug(&request(at_age(0, &[], Purpose::Permanent)))];
        for end in ["cafe-arger/tea-tulip", "cafe-arger/tea-mpcrycpeb255"] {
            trail.push(answer(200, &format!("[{theirs}]")));
            let next = key_and_slug(&request(at_age(0, &trail, Purpose::Permanent)));
            assert_eq!(next.1, end);
            assert!(seen.iter().all(|seen| seen.0 != next.0), "a key came twice");
            seen.push(next);
            trail.push(answers[0].clone());
        }
        trail.push(answer(200, "[]"));
        let found = at_age(0, &trail, Purpose::Permanent);
        assert!(refused(&found).contains("3 different addresses"));
    }
}

#[test]
fn a_list_without_references_is_believed_for_a_random_address_only() {
    let bare = swap(&format!("\"paymentForId\": \"{OURS}\","), "");
    let with = |slug: &str| format!("[{}]", bare.replace("premium-subscription", slug));
    let taken = answer(409, "{}");
    let single = answer(200, &with("mpcrycpeb255"));
    let state = made(at_age(0, &[taken.clone(), single], Purpose::Single));
    assert_eq!(state.link.id, "pl_123456789");
    let permanent = answer(200, &with("cafe-arger/tea"));
    let sent = request(at_age(0, &[taken, permanent], Purpose::Permanent));
    assert_eq!(key_and_slug(&sent).1, "cafe-arger/tea-tulip");
}

#[test]
fn a_search_that_is_refused_does_not_go_round_in_circles() {
    let odd = answer(400, r#"{"message":["no such url"]}"#);
    for (age_ms, first) in [(0, None), (24 * HOUR_MS, None), (24 * HOUR_MS, Some("[]"))] {
        let mut trail: Vec<Response> = first.map(|text| answer(200, text)).into_iter().collect();
        let ended = (0..10).any(|_step| {
            trail.push(odd.clone());
            matches!(at_age(age_ms, &trail, Purpose::Single), Next::Refused(_))
        });
        assert!(ended, "{age_ms} {first:?}");
    }
}
