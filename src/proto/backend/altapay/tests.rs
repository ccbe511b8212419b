//! The document's payloads to the letter, those of the public pages, then hostile ones.

use serde_json::{Value, json};

use super::super::sample::{answer, job, link};
use super::super::{HeaderValue, Method};
use super::*;
use crate::domain::options::{OptionValue, Options};

mod access;
mod answers;
mod checksum;
mod hostile;
mod lookup;
#[cfg(feature = "files")]
mod picture;
mod settings;

/// As the document prints it, where the address lacks its second quote.
const DOCUMENTED: &str = r#"{
    "url" : "https://www.example.com/link,
    "size": 450,
    "validityTime": 1440,
    "activationTime": 10
}"#;
const ORDER: &str = "01955a3c-1234-7abc-8def-0123456789ab";
const SESSION: &str = r#"{"sessionId":"b0d1a6f2-session","order":{"orderId":"01955a3c-1234-7abc-8def-0123456789ab","amount":{"value":3.50,"currency":"EUR"}},"context":{}}"#;

fn options(rows: &[(&str, OptionValue)]) -> Options {
    let rows = rows.iter();
    rows.map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect()
}

fn text(text: &str) -> OptionValue {
    OptionValue::Text(text.to_owned())
}

fn create(minor: i64, currency: &str) -> Action {
    Action::Create {
        link: link(minor, currency),
        notify_url: None,
    }
}

fn next(action: &Action, answers: &[Response], options: &Options) -> Next {
    AltaPay.next(job(action, answers, options))
}

fn sent(action: &Action, answers: &[Response], options: &Options) -> Request {
    match next(action, answers, options) {
        Next::Send(request) => request,
        other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
    }
}

fn reason(next: &Next) -> &str {
    match next {
        Next::Refused(refusal) | Next::Later(refusal) => &refusal.reason,
        other @ (Next::Send(_) | Next::Done(_)) => panic!("{other:?}"),
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a HeaderValue> {
    let mut headers = request.headers.iter();
    headers
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[test]
fn a_link_is_asked_for_as_the_document_says() {
    let mended = DOCUMENTED.replace("/link,", "/link\",");
    let expected: String = mended.split_whitespace().collect();
    let wished = options(&[
        ("landing_url", text("https://www.example.com/link")),
        ("size", OptionValue::Whole(450)),
        ("validity_minutes", OptionValue::Whole(1_440)),
        ("activation_minutes", OptionValue::Whole(10)),
    ]);
    let request = sent(&create(350, "EUR"), &[answer(201, SESSION)], &wished);
    assert_eq!(
        (request.method, request.path.as_str()),
        (
            Method::Post,
            "/checkout/v1/api/session/b0d1a6f2-session/link"
        )
    );
    assert_eq!(request.body, Some(expected));
    assert_eq!(
        header(&request, "authorization"),
        Some(&HeaderValue::Bearer)
    );
    let json = HeaderValue::Text("application/json".to_owned());
    assert_eq!(header(&request, "content-type"), Some(&json));
}

#[test]
fn a_session_names_the_order_in_digits() {
    let mut wanted = link(350, "EUR");
    wanted.product = Some(crate::domain::id::ProductId(uuid::Uuid::nil()));
    let action = Action::Create {
        link: wanted,
        notify_url: Some("https://hub.example.com/hooks/altapay/e/t".to_owned()),
    };
    let shop = options(&[
        ("country", text("AT")),
        ("language", text("de")),
        ("success_url", text("https://shop.example/thanks")),
        ("customer_first_name", text("Guest")),
    ]);
    let request = sent(&action, &[], &shop);
    assert_eq!(request.path, "/checkout/v1/api/session");
    assert_eq!(
        header(&request, "authorization"),
        Some(&HeaderValue::Bearer)
    );
    let body = request.body.unwrap();
    // The amount as it is on the wire: not 3.5, and no float.
    assert!(
        body.contains(r#""amount":{"value":3.50,"currency":"EUR"}"#),
        "{body}"
    );
    assert!(body.contains(r#""quantity":1,"unitPrice":3.50"#), "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    let order = &body["order"];
    assert_eq!(order["orderId"], ORDER);
    assert_eq!(
        (
            &order["orderLines"][0]["itemId"],
            &order["orderLines"][0]["description"]
        ),
        (
            &json!("00000000-0000-0000-0000-000000000000"),
            &json!("Tea")
        )
    );
    assert_eq!(
        order["customer"],
        json!({
            "firstName": "Guest", "lastName": "Customer", "email": "walk-in@example.com",
            "billingAddress": {
                "street": "Counter sale", "city": "Counter sale", "country": "AT",
                "zipCode": "0000",
            },
        })
    );
    assert_eq!(
        order["transactionInfo"],
        json!({"word": "tulip", "description": "Payment for service"})
    );
    assert_eq!(
        body["callbacks"],
        json!({
            "success": {"type": "URL", "value": "https://shop.example/thanks"},
            "notification": "https://hub.example.com/hooks/altapay/e/t",
        })
    );
    assert_eq!(
        body["configuration"],
        json!({
            "paymentType": "PAYMENT", "autoCapture": true, "country": "AT", "language": "de",
            "paymentDisplayType": "REDIRECT",
        })
    );
    let bare = sent(&create(350, "EUR"), &[], &Options::default());
    assert!(!bare.body.unwrap().contains("callbacks"));
}

#[test]
fn amounts_have_two_places_at_most() {
    for (minor, currency, expected) in [
        (1, "EUR", Ok("0.01")),
        (120, "JPY", Ok("120")),
        (1_250, "KWD", Ok("1.25")),
        (1_255, "KWD", Err("more than 2 digits")),
        (3_500_000, "USDC", Err("currencies of countries")),
        (0, "EUR", Err("more than zero")),
        (-1, "EUR", Err("more than zero")),
    ] {
        let found = next(&create(minor, currency), &[], &Options::default());
        match expected {
            Ok(value) => {
                let Next::Send(request) = found else {
                    panic!("{found:?}")
                };
                let part = format!("\"value\":{value},");
                assert!(request.body.unwrap().contains(&part), "{minor} {currency}");
            }
            Err(said) => assert!(reason(&found).contains(said), "{}", reason(&found)),
        }
    }
}

#[test]
fn callbacks_go_to_usual_ports_or_to_this_machine() {
    for (url, allowed) in [
        ("https://hub.example.com/hooks", true),
        ("https://hub.example.com:443/hooks", true),
        ("http://hub.example.com:80/hooks", true),
        ("http://127.0.0.1:8080/hooks", true),
        ("https://127.0.0.1:8080/hooks", false),
        ("https://hub.example.com:8443/hooks", false),
        ("http://[::1]/hooks", true),
        ("http://[::1]:8080/hooks", false),
        ("https://hub.example.com@evil.example/", false),
        ("hooks", false),
    ] {
        let action = Action::Create {
            link: link(350, "EUR"),
            notify_url: Some(url.to_owned()),
        };
        let found = next(&action, &[], &Options::default());
        assert_eq!(matches!(found, Next::Send(_)), allowed, "{url}");
    }
}

#[test]
fn what_altapay_cannot_do_is_refused_before_it_is_sent() {
    let mut sticker = link(350, "EUR");
    sticker.purpose = Purpose::Permanent;
    let mut open = link(350, "EUR");
    open.asking = Asking::Open;
    let made = |link| Action::Create {
        link,
        notify_url: None,
    };
    let remote_id = "x".to_owned();
    let rows = [
        (made(sticker), "minutes after it was first scanned"),
        (made(open), "fixed amount"),
        (
            Action::Fetch {
                remote_id: remote_id.clone(),
            },
            "its order",
        ),
        (Action::List { from: 0 }, "no list"),
        (
            Action::Update {
                remote_id: remote_id.clone(),
                link: link(1, "EUR"),
            },
            "make a new one",
        ),
        (Action::Withdraw { remote_id }, "ends by itself"),
        (
            Action::CreateProduct {
                link: link(1, "EUR"),
                notify_url: None,
            },
            "no products",
        ),
    ];
    for (action, said) in rows {
        for answers in [vec![], vec![answer(200, "{}")]] {
            let found = next(&action, &answers, &Options::default());
            if answers.is_empty() || !matches!(action, Action::Create { .. }) {
                assert!(matches!(found, Next::Refused(_)), "{found:?}");
                assert!(reason(&found).contains(said), "{}", reason(&found));
            }
        }
    }
}
