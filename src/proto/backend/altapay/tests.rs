//! The document's payloads to the letter, those of the public pages, then hostile ones.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::sample::{self, NOW, answer, job, link};
use super::super::{CODECS, HeaderValue, Method};
use super::*;
use crate::domain::money::{Amount, Currency};
use crate::domain::options::{OptionValue, Options};
use crate::domain::payment::PaymentStatus;

mod answers;
mod lookup;

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
fn a_link_lives_until_its_end_and_a_payer_has_no_longer_than_that() {
    // Milliseconds until the link's own end, the two options; what is sent, or what is said.
    let rows: [(Option<i64>, Option<i64>, Option<i64>, Result<&str, &str>); 9] = [
        (None, None, None, Ok(r#"{"activationTime":60}"#)),
        (
            None,
            Some(30),
            None,
            Ok(r#"{"validityTime":30,"activationTime":30}"#),
        ),
        (
            None,
            Some(30),
            Some(30),
            Ok(r#"{"validityTime":30,"activationTime":30}"#),
        ),
        (None, Some(30), Some(31), Err("lower it")),
        (None, None, Some(20_160), Ok(r#"{"activationTime":20160}"#)),
        (
            Some(60_000),
            Some(30),
            None,
            Ok(r#"{"validityTime":1,"activationTime":1}"#),
        ),
        (Some(59_999), None, None, Err("at its end")),
        (Some(-1), None, None, Err("at its end")),
        (
            Some(7_259_999),
            None,
            Some(10),
            Ok(r#"{"validityTime":120,"activationTime":10}"#),
        ),
    ];
    for (life, validity, activation, expected) in rows {
        let mut wanted = link(350, "EUR");
        wanted.expires_at = life.map(|life| NOW.plus_millis(life));
        let whole = |name, value: Option<i64>| value.map(|value| (name, OptionValue::Whole(value)));
        let set = [
            whole("validity_minutes", validity),
            whole("activation_minutes", activation),
        ];
        let set: Vec<_> = set.into_iter().flatten().collect();
        let action = Action::Create {
            link: wanted,
            notify_url: None,
        };
        match expected {
            Ok(body) => {
                let request = sent(&action, &[answer(201, SESSION)], &options(&set));
                assert_eq!(request.body.as_deref(), Some(body), "{set:?}");
            }
            // Known before anything is sent.
            Err(said) => {
                let found = next(&action, &[], &options(&set));
                assert!(reason(&found).contains(said), "{}", reason(&found));
            }
        }
    }
}

#[test]
fn a_products_option_stands_above_the_accounts_and_both_have_bounds() {
    let mut wanted = link(350, "EUR");
    wanted.options = options(&[("size", OptionValue::Whole(100))]);
    let action = Action::Create {
        link: wanted,
        notify_url: None,
    };
    let account = options(&[("size", OptionValue::Whole(2_000))]);
    let request = sent(&action, &[answer(200, SESSION)], &account);
    assert!(request.body.unwrap().starts_with(r#"{"size":100,"#));
    for (name, value, said) in [
        ("size", OptionValue::Whole(99), "100 to 2000"),
        ("size", OptionValue::Whole(2_001), "100 to 2000"),
        ("activation_minutes", OptionValue::Whole(0), "1 to 20160"),
        ("landing_url", text("http://shop.example"), "https://"),
        ("country", text("1A"), "two letters"),
        (
            "success_url",
            text("https://shop.example:8443/"),
            "80 and 443",
        ),
    ] {
        let found = next(&create(350, "EUR"), &[], &options(&[(name, value)]));
        assert!(reason(&found).contains(name), "{}", reason(&found));
        assert!(reason(&found).contains(said), "{}", reason(&found));
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

#[test]
fn signing_in_and_probing_need_user_and_password_only() {
    let basic = HeaderValue::Basic {
        user: "username",
        password: "password",
    };
    let sign_in = AltaPay.sign_in().unwrap();
    assert_eq!(
        (
            sign_in.method,
            sign_in.path.as_str(),
            sign_in.body.as_deref()
        ),
        (Method::Post, "/checkout/v1/api/authenticate", Some(""))
    );
    let probe = AltaPay.probe();
    assert_eq!(
        (probe.method, probe.path.as_str()),
        (
            Method::Get,
            "/merchant/API/payments?shop_orderid=tillcode-probe&sort=desc&limit=1"
        )
    );
    for request in [sign_in, probe] {
        assert_eq!(header(&request, "authorization"), Some(&basic));
    }
    let keys: Vec<_> = AltaPay
        .keys()
        .iter()
        .map(|key| (key.name, key.is_secret))
        .collect();
    assert_eq!(keys, [("username", false), ("password", true)]);
    assert!(CODECS.iter().any(|codec| codec.kind() == "altapay"));
}

#[test]
fn a_token_is_read_with_its_end_or_without() {
    let jwt = |claims: &str| {
        format!(
            "eyJhbGciOiJSUzI1NiJ9.{}.c2ln",
            BASE64_URL_SAFE_NO_PAD.encode(claims)
        )
    };
    let rows = [
        (
            jwt(r#"{"iat":1700000000,"exp":1700001800}"#),
            Some(Some(1_700_001_800)),
        ),
        (jwt(r#"{"exp":"soon"}"#), Some(None)),
        (jwt(r#"{"exp":1.7e9}"#), Some(None)),
        (jwt(r#"{"exp":-1}"#), Some(None)),
        (jwt("{}"), Some(None)),
        ("opaque".to_owned(), Some(None)),
        ("a.%.b".to_owned(), None),
        ("a b".to_owned(), None),
        ("a\r\nx-evil: 1".to_owned(), None),
        (String::new(), None),
        ("a".repeat(6_000), Some(None)),
        ("a".repeat(6_001), None),
    ];
    for (token, expected) in rows {
        let response = answer(200, &json!({ "token": token }).to_string());
        let found = AltaPay.read_token(&response);
        match expected {
            Some(end) => {
                let found = found.unwrap();
                assert_eq!((&found.token, found.expires_at_secs), (&token, end));
                assert!(!format!("{found:?}").contains(&token));
            }
            None => assert!(found.is_err(), "{token}"),
        }
    }
    for response in [
        answer(401, r#"{"token":"a.b.c"}"#),
        answer(200, "<html>"),
        answer(200, r#"{"token":7}"#),
        answer(200, ""),
    ] {
        assert!(AltaPay.read_token(&response).is_err(), "{response:?}");
    }
}

proptest! {
    #[test]
    fn no_answer_makes_the_codec_fall(status in 0..700_u16, body in hostile()) {
        let response = answer(status, &body);
        let look_up = Action::LookUp { link: link(350, "EUR") };
        for action in [create(350, "EUR"), look_up, Action::List { from: 0 }] {
            for answers in [
                vec![response.clone()],
                vec![answer(200, SESSION), response.clone()],
                vec![response.clone(); 3],
            ] {
                drop(next(&action, &answers, &Options::default()));
            }
        }
        let _: bool = AltaPay.recognizes(&response);
        drop(AltaPay.read_token(&response));
        drop(AltaPay.read_notification(&body));
    }
}

/// Texts, and documents of the right names with the wrong things in them.
fn hostile() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "sessionId",
        "order",
        "orderId",
        "amount",
        "value",
        "currency",
        "id",
        "paymentLink",
        "qrCode",
        "token",
        "error",
        "errors",
        "message",
        "code",
    ]);
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<i64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(|text| json!(text)),
    ];
    let tree = leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(Value::from_iter),
        ]
    });
    let tags = prop::sample::select(vec![
        "<APIResponse>",
        "</APIResponse>",
        "<Header>",
        "</Header>",
        "<ErrorCode>0</ErrorCode>",
        "<Body>",
        "</Body>",
        "<Transactions>",
        "</Transactions>",
        "<Transaction>",
        "</Transaction>",
        "<ShopOrderId>01955a3c-1234-7abc-8def-0123456789ab</ShopOrderId>",
        "<CapturedAmount>",
        "</CapturedAmount>",
        "<TransactionId>1</TransactionId>",
        "-1.5",
        "9e99",
        "&#x41;",
        "&lt;",
    ]);
    prop_oneof![
        tree.prop_map(|tree| tree.to_string()),
        prop::collection::vec(tags, 0..20).prop_map(|tags| tags.concat()),
        "(shop_orderid=|transaction_id=|&|%|a|4){0,12}",
        ".{0,60}",
    ]
}
