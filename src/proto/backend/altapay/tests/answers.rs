//! Sessions, links, refusals and callbacks.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::*;
use crate::domain::payment::PaymentStatus;

/// As the document prints the answer, with something in its three places.
fn made(id: &str, url: &str, picture: &[u8]) -> String {
    let encoded = BASE64_STANDARD.encode(picture);
    format!(
        "{{\n    \"id\": \"{id}\",\n    \"paymentLink\": \"{url}\",\n    \"qrCode\": \"{encoded}\"\n}}"
    )
}

/// A picture that is believed: what it draws is not read.
const DRAWN: &[u8] = b"GIF89a";
const URL: &str = "https://testgateway.altapaysecure.com/pay/1";

fn done(answers: &[Response]) -> Next {
    next(&create(350, "EUR"), answers, &Options::default())
}

#[test]
fn the_documents_answer_is_a_live_link() {
    for status in [200, 201] {
        let answers = [
            answer(status, SESSION),
            answer(status, &made("l-1", URL, DRAWN)),
        ];
        let Next::Done(Outcome::Link(state)) = done(&answers) else {
            panic!("{:?}", done(&answers))
        };
        assert_eq!(
            (state.link.id.as_str(), state.link.url.as_str()),
            ("l-1", URL)
        );
        assert_eq!((state.minor, state.warning), (Some(350), None));
    }
    // A session that repeats nothing is as good; then the amount is not known.
    let bare = answer(200, r#"{"sessionId":"s"}"#);
    let Next::Done(Outcome::Link(state)) = done(&[bare, answer(200, &made("l-1", URL, DRAWN))])
    else {
        panic!("no link")
    };
    assert_eq!(state.minor, None);
}

#[test]
fn a_session_that_could_cheat_a_payer_gets_no_link() {
    let swap = |from: &str, to: &str| {
        assert!(SESSION.contains(from), "{from}");
        SESSION.replace(from, to)
    };
    for (text, said) in [
        (
            swap("3.50", "35.0"),
            "another amount (35.0 instead of 3.50)",
        ),
        (swap("3.50", "3.505"), "another amount"),
        (swap("3.50", "-3.50"), "another amount"),
        (swap("EUR", "USD"), "another currency"),
        (swap("89ab", "89ac"), "another order"),
        (swap("b0d1a6f2-session", "a/../b"), "usable session"),
        (swap("b0d1a6f2-session", ""), "usable session"),
        (swap("\"b0d1a6f2-session\"", "7"), "not as documented"),
        (swap("sessionId", "id"), "not as documented"),
        ("[\"s\"]".to_owned(), "no JSON object"),
        (String::new(), "no JSON object"),
    ] {
        let found = done(&[answer(201, &text)]);
        assert!(matches!(found, Next::Refused(_)), "{text}: {found:?}");
        assert!(reason(&found).contains(said), "{}", reason(&found));
    }
    for good in [
        swap("3.50", "3.5"),
        swap("3.50", "\"3.50\""),
        swap("EUR", "eur"),
    ] {
        assert!(
            matches!(done(&[answer(201, &good)]), Next::Send(_)),
            "{good}"
        );
    }
    let accepted = done(&[answer(202, SESSION)]);
    assert!(reason(&accepted).contains("202 instead of the new session"));
}

#[test]
fn a_link_without_a_usable_address_is_refused_and_quotes_the_session() {
    for (id, url, said) in [
        ("", URL, "usable id"),
        ("a/b", URL, "usable id"),
        (
            "l-1",
            "http://testgateway.altapaysecure.com/pay/1",
            "usable address",
        ),
        ("l-1", "javascript:alert(1)", "usable address"),
        ("l-1", "", "usable address"),
        (
            "l-1",
            "https://altapaysecure.com@evil.example/",
            "usable address",
        ),
    ] {
        let found = done(&[answer(201, SESSION), answer(201, &made(id, url, DRAWN))]);
        assert!(reason(&found).contains(said), "{}", reason(&found));
        let Next::Refused(refusal) = found else {
            panic!("not refused")
        };
        assert_eq!(refusal.request_id.as_deref(), Some("b0d1a6f2-session"));
    }
}

#[test]
fn a_refusal_names_code_and_request() {
    let named = |status, body: &str| {
        let mut response = answer(status, body);
        let id = ("x-request-id".to_owned(), "req-7".to_owned());
        response.headers.push(id);
        response
    };
    for (status, text, words) in [
        (401, "", vec!["username and password", "request req-7"]),
        (
            403,
            r#"{"message":"no group"}"#,
            vec!["Checkout API", "no group"],
        ),
        (404, r#"{"error":"gone"}"#, vec!["new code", "gone"]),
        (
            400,
            r#"{"error":{"code":"E7","message":"is bad"}}"#,
            vec!["is bad", "code E7"],
        ),
        (
            422,
            r#"{"errors":[{"detail":"too long","code":12}]}"#,
            vec!["too long", "code 12"],
        ),
        (400, r#"{"errors":["too long"]}"#, vec!["too long"]),
        (
            400,
            "<APIResponse><Header><ErrorCode>17</ErrorCode><ErrorMessage>What?</ErrorMessage></Header></APIResponse>",
            vec!["What?", "code 17"],
        ),
    ] {
        let found = done(&[named(status, text)]);
        let Next::Refused(refusal) = &found else {
            panic!("{status}: {found:?}")
        };
        assert_eq!(
            (refusal.status, refusal.request_id.as_deref()),
            (Some(status), Some("req-7"))
        );
        for word in words {
            assert!(refusal.reason.contains(word), "{word}: {}", refusal.reason);
        }
    }
    // The second step names the session instead.
    let found = done(&[answer(201, SESSION), answer(400, "{}")]);
    let Next::Refused(refusal) = found else {
        panic!("{found:?}")
    };
    assert_eq!(refusal.request_id.as_deref(), Some("b0d1a6f2-session"));
}

#[test]
fn what_passes_is_tried_again() {
    let mut busy = answer(429, "");
    busy.headers
        .push(("retry-after".to_owned(), "30".to_owned()));
    let Next::Later(refusal) = done(&[busy]) else {
        panic!("not later")
    };
    assert_eq!(refusal.retry_after_secs, Some(30));
    for response in [
        answer(408, ""),
        answer(500, "{}"),
        answer(502, "<html>bad gateway</html>"),
        answer(200, "<!doctype html><title>Hotel Wi-Fi</title>"),
        answer(302, ""),
    ] {
        let found = done(std::slice::from_ref(&response));
        assert!(matches!(found, Next::Later(_)), "{response:?}: {found:?}");
    }
}

#[test]
fn a_portal_is_not_the_provider() {
    for (status, text, expected) in [
        (200, "{}", true),
        (401, "", true),
        (200, "<?xml version=\"1.0\"?><APIResponse/>", true),
        (
            200,
            "\u{feff}<APIResponse version=\"20170228\"><Header/></APIResponse>",
            true,
        ),
        (200, "<APIResponse>", false),
        (200, "<!DOCTYPE APIResponse><APIResponse/>", false),
        (200, "<html><APIResponse/></html>", false),
        (200, "<html>", false),
        (200, "ok", false),
        (302, "", false),
        (302, "<APIResponse/>", false),
    ] {
        let response = answer(status, text);
        assert_eq!(AltaPay.recognizes(&response), expected, "{response:?}");
    }
}

#[test]
fn a_callback_is_a_reason_to_look_and_never_money() {
    let body = "status=succeeded&payment_status=captured&shop_orderid=abc-123&transaction_id=14398495&amount=23.72&currency=978&error_message=a%20b+%C3%A4";
    let reported = AltaPay.read_notification(body).unwrap();
    assert_eq!(
        reported,
        Reported {
            remote_link: Some("abc-123".to_owned()),
            payment: "14398495".to_owned(),
            status: PaymentStatus::Pending,
            minor: 0,
            currency: None,
            net_minor: None,
            gross_minor: None,
            error: "a b ä".to_owned(),
        }
    );
    for bad in [
        "",
        "{\"shop_orderid\":\"a\",\"transaction_id\":\"1\"}",
        "<APIResponse/>",
        "shop_orderid=a",
        "transaction_id=1",
        "shop_orderid=a%2Fb&transaction_id=1",
        "shop_orderid=a&transaction_id=",
        "shop_orderid=a&transaction_id=1%2",
        "shop_orderid=a&transaction_id=1&transaction_id=2",
        "shop_orderid=a&transaction_id=%FF",
    ] {
        assert!(AltaPay.read_notification(bad).is_err(), "{bad}");
    }
    let long = format!("shop_orderid={}&transaction_id=1", "a".repeat(101));
    assert!(AltaPay.read_notification(&long).is_err());
    assert!(
        AltaPay
            .read_notification(&long.replacen('a', "", 1))
            .is_ok()
    );
}
