//! What the terminals of a shop tell: links, sales that wait for a sticker, and who takes a payment.

use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, HubProcess, Place};

pub(crate) const LINK: &str = "00000000-0000-0000-0000-000000000008";
const SALE: &str = "00000000-0000-0000-0000-000000000011";
const PRODUCT: &str = "00000000-0000-0000-0000-000000000012";

pub(crate) fn tell(hub: &HubProcess, token: &str, path: &str, body: &Value) -> Answer {
    let bearer = format!("Authorization: Bearer {token}\r\n");
    hub.ask("POST", path, &bearer, &body.to_string())
}

fn link(title: &str) -> Value {
    json!({
        "link": LINK, "kind": "4pay", "remote": "r8", "token": "5".repeat(64),
        "purpose": "permanent", "product": PRODUCT, "title": title,
        "amount": { "minor": 350, "currency": "EUR" }, "asking": "fixed",
    })
}

fn claim(sale: &str) -> Value {
    json!({ "kind": "4pay", "payment": "p1", "link": LINK, "sale": sale })
}

#[test]
fn what_is_told_is_taken_up_to_its_bounds_and_from_terminals_only() {
    let test = "what_is_told_is_taken_up_to_its_bounds_and_from_terminals_only";
    for place in crate::places::each(test) {
        tell_up_to_the_bounds(&place);
    }
}

fn tell_up_to_the_bounds(place: &Place) {
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (token, _) = place.terminal(&hub, "Corner", "till 1");
    let links = |links: Vec<Value>| json!({ "links": links });
    let sale = |number: usize| json!({ "sale": SALE.replace("11", &format!("{number:02}")), "product": PRODUCT });
    let sales =
        |count: usize| json!({ "sales": (0..count).map(|n| sale(n % 100)).collect::<Vec<_>>() });
    let mut long = claim(SALE);
    long["payment"] = "p".repeat(301).into();
    let mut longest = claim(SALE);
    longest["payment"] = "p".repeat(300).into();
    let mut unknown = claim(SALE);
    unknown["more"] = 1.into();
    let cases = [
        ("/v1/links", links(vec![]), 204),
        ("/v1/links", links(vec![link("Tea")]), 204),
        ("/v1/links", links(vec![link(&"t".repeat(200)); 500]), 204),
        ("/v1/links", links(vec![link("Tea"); 501]), 400),
        ("/v1/links", links(vec![link(&"t".repeat(201))]), 400),
        ("/v1/links", json!({ "links": 1 }), 400),
        ("/v1/links", json!("x".repeat(1024 * 1024)), 413),
        ("/v1/open-sales", sales(200), 204),
        ("/v1/open-sales", sales(201), 400),
        ("/v1/open-sales", json!({}), 400),
        ("/v1/claims", longest, 200),
        ("/v1/claims", long, 400),
        ("/v1/claims", unknown, 400),
    ];
    for (path, body, status) in cases {
        let answer = tell(&hub, &token, path, &body);
        assert_eq!(
            answer.status,
            status,
            "{path} {:.100} {answer:?}",
            body.to_string()
        );
    }
    let stranger = "9".repeat(64);
    for path in ["/v1/links", "/v1/open-sales", "/v1/claims"] {
        let body = match path {
            "/v1/links" => links(vec![]),
            "/v1/open-sales" => sales(0),
            _ => claim(SALE),
        };
        assert_eq!(tell(&hub, &stranger, path, &body).status, 401, "{path}");
        assert_eq!(hub.post(path, &body.to_string()).status, 401, "{path}");
    }
}

#[test]
fn a_claim_wakes_the_other_terminals_and_the_first_has_it() {
    let test = "a_claim_wakes_the_other_terminals_and_the_first_has_it";
    for place in crate::places::each(test) {
        claim_and_wake(&place);
    }
}

fn claim_and_wake(place: &Place) {
    let hub = place.serve();
    place.endpoint("Corner", "4pay");
    let (one, _) = place.terminal(&hub, "Corner", "till 1");
    let (two, _) = place.terminal(&hub, "Corner", "till 2");
    let (heard, waiting) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(|| heard.send(hub.feed(&two, "wait=55")).unwrap());
        assert!(waiting.recv_timeout(Duration::from_millis(300)).is_err());
        let first = tell(&hub, &one, "/v1/claims", &claim(SALE));
        let feed = waiting.recv().unwrap().json();
        let item = &feed["shop"]["items"][0];
        assert_eq!(item["what"], "claim");
        for name in ["kind", "payment", "link", "sale", "terminal", "till"] {
            assert_eq!(item[name], first.json()[name], "{name}");
        }
        assert_eq!(item["till"], "till 1");
    });
    let second = tell(&hub, &two, "/v1/claims", &claim(LINK)).json();
    assert_eq!(
        (&second["till"], &second["sale"]),
        (&"till 1".into(), &SALE.into())
    );
}
