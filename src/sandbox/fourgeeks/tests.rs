//! The sandbox is as strict as the document, and the codec passes it.

use serde_json::{Value, json};

use crate::domain::link::Asking;
use crate::domain::time::Timestamp;
use crate::proto::backend::fourgeeks::FourGeeks;
use crate::proto::backend::sample::{self, link};
use crate::proto::backend::{Action, Next, Outcome, RemoteStanding, RemoteState};
use crate::sandbox::{Account, Pay, PayError, Request, Sandbox};

const NOW: Timestamp = sample::NOW;
const PATH: &str = "/v1/payment-links";
const LINK: &str = r#"{"amount":4999,"currency":"USD","description":"One-time <b> fee"}"#;

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
            header("x-api-key", "sk_test_1"),
            header("content-type", "application/json"),
        ],
        body: body.to_owned(),
    }
}

fn ask(sandbox: &mut Sandbox, method: &str, path: &str, body: &str) -> (u16, String) {
    let reply = sandbox.handle(&request(method, path, body), NOW);
    assert!(reply.notifications.is_empty(), "none is documented");
    (reply.response.status, reply.response.body)
}

fn made(sandbox: &mut Sandbox) -> String {
    let (status, body) = ask(sandbox, "POST", PATH, LINK);
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

/// Does what the codec wants until it is done.
fn work(sandbox: &mut Sandbox, action: &Action) -> Outcome {
    let keys = [("api_key".to_owned(), "sk_test_1".to_owned())];
    let account = Account {
        keys: keys.into(),
        token: None,
    };
    let mut answers = Vec::new();
    loop {
        match sample::next(&FourGeeks, action, &answers) {
            Next::Send(request) => {
                let request = Request::of(&request, &account);
                answers.push(sandbox.handle(&request, NOW).response);
            }
            Next::Done(outcome) => return outcome,
            other @ (Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_documents_requests_are_answered_as_it_says() {
    let mut sandbox = sandbox();
    let (status, body) = ask(&mut sandbox, "POST", PATH, LINK);
    let id = serde_json::from_str::<Value>(&body).unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(id.starts_with("plink_"));
    let described = format!(
        r#"{{"id":"{id}","object":"payment_link","url":"http://127.0.0.1:1234/link/{id}","active":true}}"#
    );
    assert_eq!((status, &body), (200, &described));
    for (query, limit, offset, items) in [
        ("", 10, 0, described.as_str()),
        ("?limit=5&offset=0", 5, 0, described.as_str()),
        ("?offset=1", 10, 1, ""),
        ("?limit=100&offset=9223372036854775807", 100, i64::MAX, ""),
    ] {
        let expected =
            format!(r#"{{"items":[{items}],"total_items":1,"limit":{limit},"offset":{offset}}}"#);
        let found = ask(&mut sandbox, "GET", &format!("{PATH}{query}"), "");
        assert_eq!(found, (200, expected));
    }
}

const MISSING: (&str, &str) = ("field required", "value_error.missing");
const NO_INTEGER: (&str, &str) = ("value is not a valid integer", "type_error.integer");
const NO_TEXT: (&str, &str) = ("str type expected", "type_error.str");
const NO_CODE: (&str, &str) = ("this is not a known currency code", "value_error");
const TOO_LITTLE: (&str, &str) = (
    "ensure this value is greater than 0",
    "value_error.number.not_gt",
);
const TOO_SHORT: (&str, &str) = (
    "ensure this value has at least 1 characters",
    "value_error.any_str.min_length",
);
const EXTRA: (&str, &str) = ("extra fields not permitted", "value_error.extra");

/// A right body with a part of it swapped, the field that is wrong then, and what is said of it.
const REFUSED: &[(&str, &str, &str, (&str, &str))] = &[
    ("\"amount\":1,", "", "amount", MISSING),
    ("\"currency\":\"USD\",", "", "currency", MISSING),
    (",\"description\":\"x\"", "", "description", MISSING),
    (":1", ":\"1\"", "amount", NO_INTEGER),
    (":1", ":10.0", "amount", NO_INTEGER),
    (":1", ":49.99", "amount", NO_INTEGER),
    (":1", ":null", "amount", NO_INTEGER),
    (":1", ":0", "amount", TOO_LITTLE),
    (":1", ":-1", "amount", TOO_LITTLE),
    (":1", ":9223372036854775808", "amount", NO_INTEGER),
    ("\"x\"", "\"\"", "description", TOO_SHORT),
    ("USD", "usd", "currency", NO_CODE),
    ("USD", "USDC", "currency", NO_CODE),
    ("USD", "", "currency", NO_CODE),
    ("\"USD\"", "7", "currency", NO_TEXT),
    ("\"x\"", "7", "description", NO_TEXT),
    ("\"x\"", "\" \"", "description", TOO_SHORT),
    ("\"x\"", "\"x\",\"notify_url\":\"y\"", "notify_url", EXTRA),
];

#[test]
fn what_the_document_does_not_say_is_a_422_of_its_shape() {
    let mut sandbox = sandbox();
    let whole = r#"{"amount":1,"currency":"USD","description":"x"}"#;
    assert_eq!(ask(&mut sandbox, "POST", PATH, whole).0, 200);
    let most = whole.replace(":1", ":9223372036854775807");
    assert_eq!(ask(&mut sandbox, "POST", PATH, &most).0, 200);
    for (from, to, field, (msg, kind)) in REFUSED {
        let body = whole.replace(from, to);
        let expected =
            format!(r#"{{"detail":[{{"loc":["body","{field}"],"msg":"{msg}","type":"{kind}"}}]}}"#);
        let found = ask(&mut sandbox, "POST", PATH, &body);
        assert_eq!(found, (422, expected), "{body}");
    }
    let (status, answer) = ask(&mut sandbox, "POST", PATH, "{}");
    assert_eq!(status, 422);
    assert_eq!(answer.matches("field required").count(), 3);
    for body in ["{", "[]", "7", ""] {
        let (status, answer) = ask(&mut sandbox, "POST", PATH, body);
        assert!(
            status == 422 && answer.contains(r#""loc":["body"]"#),
            "{body}"
        );
    }
}

#[test]
fn a_page_of_the_list_has_bounds() {
    let mut sandbox = sandbox();
    for (query, name, kind) in [
        ("limit=x", "limit", "type_error.integer"),
        ("limit=5.0", "limit", "type_error.integer"),
        ("limit", "limit", "type_error.integer"),
        ("limit=0", "limit", "value_error.number.not_ge"),
        ("limit=-1", "limit", "value_error.number.not_ge"),
        ("limit=101", "limit", "value_error.number.not_le"),
        ("offset=-1", "offset", "value_error.number.not_ge"),
        ("page=2", "page", "value_error.extra"),
    ] {
        let (status, answer) = ask(&mut sandbox, "GET", &format!("{PATH}?{query}"), "");
        assert_eq!(status, 422, "{query}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let detail = &answer["detail"][0];
        assert_eq!(detail["loc"], json!(["query", name]), "{query}");
        assert_eq!(detail["type"], kind, "{query}");
    }
    for query in ["limit=1", "limit=100", "offset=0", "offset=7&limit=5"] {
        let found = ask(&mut sandbox, "GET", &format!("{PATH}?{query}"), "");
        assert_eq!(found.0, 200, "{query}");
    }
}

#[test]
fn the_way_in_is_strict_too() {
    let mut sandbox = sandbox();
    for key in [None, Some(""), Some("  ")] {
        let mut bare = request("POST", PATH, LINK);
        bare.headers.remove(0);
        bare.headers
            .extend(key.map(|key| ("x-api-key".to_owned(), key.to_owned())));
        let response = sandbox.handle(&bare, NOW).response;
        assert_eq!(response.status, 401);
        assert_eq!(response.body, r#"{"detail":"Invalid or missing API key"}"#);
    }
    let mut untyped = request("POST", PATH, LINK);
    untyped.headers.remove(1);
    assert_eq!(sandbox.handle(&untyped, NOW).response.status, 422);
    made(&mut sandbox);
    let mut other = request("GET", PATH, "");
    other.headers[0].1 = "sk_test_2".to_owned();
    let response = sandbox.handle(&other, NOW).response;
    assert!(response.body.contains("\"total_items\":0"));
    for (method, path, status) in [
        ("PUT", PATH, 405),
        ("DELETE", PATH, 405),
        ("POST", "/v1/payment-links/", 404),
        ("GET", "/v1/payment-links/plink_1", 404),
        ("GET", "/v1/payments", 404),
        ("GET", "/link/plink_1", 404),
        ("POST", "/link/plink_1/pay", 404),
        ("GET", "/link/plink_1/pay", 405),
        ("GET", "/link/plink_1/qr", 404),
    ] {
        let found = ask(&mut sandbox, method, path, LINK).0;
        assert_eq!(found, status, "{method} {path}");
    }
}

#[test]
fn a_payer_sees_the_page_and_pays_as_often_as_wanted() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox);
    let path = format!("/link/{id}");
    let (status, html) = ask(&mut sandbox, "GET", &path, "");
    assert_eq!(status, 200);
    assert!(html.contains("Pay 49.99 USD") && html.contains("SANDBOX"));
    assert!(html.contains("One-time &lt;b&gt; fee") && !html.contains("<b>"));
    for _again in 0..2 {
        let (status, html) = ask(&mut sandbox, "POST", &format!("{path}/pay"), "");
        assert!(status == 200 && html.contains("The till is not told"));
    }
    assert_eq!(sandbox.pay(&id, Pay::Fail, NOW), Ok(Vec::new()));
    assert_eq!(
        sandbox.pay(&id, Pay::Typed { minor: 1 }, NOW),
        Err(PayError::Amount)
    );
    let (_, links) = ask(&mut sandbox, "GET", "/sandbox/links", "");
    let links: Value = serde_json::from_str(&links).unwrap();
    assert_eq!(links[0]["state"], "paid");
    let statuses: Vec<_> = links[0]["payments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|payment| payment["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["succeeded", "succeeded", "canceled"]);
}

#[test]
fn a_link_takes_a_bounded_number_of_payments() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox);
    for _each in 0..super::PAYMENTS_MAX {
        assert!(sandbox.pay(&id, Pay::Once, NOW).is_ok());
    }
    assert_eq!(sandbox.pay(&id, Pay::Once, NOW), Err(PayError::Full));
}

#[test]
fn a_sandbox_holds_a_bounded_number_of_links() {
    let mut sandbox = sandbox();
    made(&mut sandbox);
    let links = &mut sandbox.state.fourgeeks.links;
    let (_, held) = links.pop_first().unwrap();
    links.extend((1..super::LINKS_MAX).map(|number| (number.to_string(), held.clone())));
    made(&mut sandbox);
    assert_eq!(ask(&mut sandbox, "POST", PATH, LINK).0, 429);
}

#[test]
fn the_codec_makes_a_link_and_lists_all_of_250() {
    let mut sandbox = sandbox();
    let create = Action::Create {
        link: link(4_999, "USD"),
        notify_url: Some("https://hub.example/hooks/4geeks/e/t".to_owned()),
    };
    let mut ids = std::collections::BTreeSet::new();
    for _each in 0..250 {
        let Outcome::Link(state) = work(&mut sandbox, &create) else {
            panic!("no link")
        };
        assert_eq!(state.standing, RemoteStanding::Active);
        assert_eq!((state.minor, &state.warning), (None, &None));
        ids.insert(state.link.id);
    }
    let mut listed = Vec::<RemoteState>::new();
    let mut pages = Vec::new();
    let mut from = Some(0);
    while let Some(begin) = from {
        let Outcome::Links { links, next } = work(&mut sandbox, &Action::List { from: begin })
        else {
            panic!("no list")
        };
        pages.push(links.len());
        listed.extend(links);
        from = next;
    }
    assert_eq!(pages, [100, 100, 50]);
    let found: std::collections::BTreeSet<_> =
        listed.into_iter().map(|state| state.link.id).collect();
    assert_eq!(found, ids);
    let mut open = link(0, "USD");
    open.asking = Asking::Open;
    let action = Action::Create {
        link: open,
        notify_url: None,
    };
    let next = sample::next(&FourGeeks, &action, &[]);
    assert!(matches!(next, Next::Refused(_)), "{next:?}");
}

#[test]
fn a_restart_forgets_nothing() {
    let mut before = sandbox();
    let id = made(&mut before);
    let kept = serde_json::to_string(&before.state).unwrap();
    let mut after = sandbox();
    after.state = serde_json::from_str(&kept).unwrap();
    assert!(after.pay(&id, Pay::Once, NOW).is_ok());
    // A file of an older release knows no 4Geeks.
    assert!(serde_json::from_str::<crate::sandbox::State>("{}").is_ok());
}
