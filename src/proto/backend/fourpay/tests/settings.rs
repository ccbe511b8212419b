//! Open amounts, the other published form of links, and products in place of links.

use super::*;
use crate::domain::link::{Asking, Link, Purpose};
use crate::domain::options::{OptionValue, Options};
use crate::proto::backend::RemoteStanding;
use crate::proto::backend::sample::{NOW, job};

const SECOND: &str = r#"{"data": {
"id": "abc12345",
"created": "2026-03-01T10:00:00Z",
"partner_id": 7,
"amount": { "default": 1000, "currency": "USD" },
"amount_type": "fixed",
"pay_config": { "methods": ["card"] },
"image": null,
"products": []
}}"#;

fn options(rows: &[(&str, &str)]) -> Options {
    rows.iter()
        .map(|(name, text)| {
            let field = FourPay
                .options()
                .iter()
                .find(|field| field.name == *name)
                .unwrap();
            ((*name).to_owned(), field.read(text).unwrap())
        })
        .collect()
}

fn wanted(change: impl Fn(&mut Link)) -> Box<Link> {
    let mut wanted = link(1_000, "USD");
    change(&mut wanted);
    wanted
}

fn making(change: impl Fn(&mut Link)) -> Action {
    Action::Create {
        link: wanted(change),
        notify_url: Some("https://yoursite.com/webhooks/payment".to_owned()),
    }
}

fn typed(suggested: i64) -> impl Fn(&mut Link) {
    move |link| {
        link.asking = Asking::Open;
        link.amount.minor = suggested;
    }
}

fn permanent(link: &mut Link) {
    link.purpose = Purpose::Permanent;
}

fn open(suggested: i64) -> Action {
    making(typed(suggested))
}

fn sticker() -> Action {
    making(permanent)
}

fn under(options: &Options, action: &Action, answers: &[Response]) -> Next {
    FourPay.next(job(action, answers, options))
}

fn sent_under(options: &Options, action: &Action) -> Request {
    match under(options, action, &[]) {
        Next::Send(request) => request,
        other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
    }
}

fn done(next: Next) -> crate::proto::backend::RemoteState {
    match next {
        Next::Done(Outcome::Link(state)) => state,
        other @ (Next::Done(_) | Next::Send(_) | Next::Later(_) | Next::Refused(_)) => {
            panic!("{other:?}")
        }
    }
}

fn no_options() -> Options {
    Options::default()
}

#[test]
fn an_open_amount_is_dynamic_and_names_only_a_suggestion() {
    let bare = body(&sent(&open(0)));
    assert_eq!(
        bare,
        json!({"link": {
            "amount_type": "dynamic",
            "notify_url": "https://yoursite.com/webhooks/payment",
            "description": "Payment for service",
            "currency": "USD",
        }})
    );
    let suggested = body(&sent(&open(500)));
    assert_eq!(suggested["link"]["amount"], json!({"default": 500}));
    assert_eq!(suggested["link"]["amount_type"], "dynamic");
    let update = Action::Update {
        remote_id: "abc12345-...".to_owned(),
        link: wanted(typed(0)),
    };
    assert_eq!(
        body(&sent(&update)),
        json!({"link": {"description": "Payment for service"}})
    );
    for (minor, currency) in [(-1, "USD"), (0, "CHF")] {
        let action = making(|link| {
            link.asking = Asking::Open;
            link.amount = super::link(minor, currency).amount;
        });
        assert!(matches!(next(&action, &[]), Next::Refused(_)), "{currency}");
    }
}

#[test]
fn an_open_amounts_answer_has_to_be_dynamic() {
    let dynamic = |amount: &str| {
        CREATED
            .replace("\"static\"", "\"dynamic\"")
            .replace("{ \"default\": 1000 }", amount)
    };
    let rows = [
        (0, dynamic("{ \"default\": null }"), ""),
        (0, dynamic("{}"), ""),
        (0, dynamic("null"), ""),
        (0, dynamic("{ \"default\": 0 }"), ""),
        (0, dynamic("{ \"default\": 1 }"), "another amount"),
        (500, dynamic("{ \"default\": 500 }"), ""),
        (500, dynamic("{}"), ""),
        (500, dynamic("{ \"default\": 501 }"), "another amount"),
        (500, dynamic("{ \"default\": null }"), "another amount"),
        (1_000, CREATED.to_owned(), "another kind"),
        (
            1_000,
            CREATED.replace("\"amount_type\"", "\"kind\""),
            "another kind",
        ),
    ];
    for (suggested, text, said) in rows {
        let found = next(&open(suggested), &[answer(201, &text)]);
        if said.is_empty() {
            let state = done(found);
            assert_eq!((state.minor, state.warning), (None, None), "{text}");
        } else {
            assert!(reason(&found).contains(said), "{text}: {}", reason(&found));
        }
    }
}

#[test]
fn a_past_end_and_an_open_notification_address_are_not_sent() {
    for (after_ms, is_sent) in [(-1, false), (0, false), (1, true)] {
        let action = making(|link| link.expires_at = Some(NOW.plus_millis(after_ms)));
        let found = next(&action, &[]);
        assert_eq!(matches!(found, Next::Send(_)), is_sent, "{found:?}");
    }
    for (address, is_sent) in [
        ("https://hub.example/hooks/4pay/e/t", true),
        ("http://hub.example/hooks/4pay/e/t", false),
        ("http://127.0.0.1:8080/hooks", true),
        ("http://localhost:8080/hooks", true),
        ("http://127.0.0.1.evil.example/hooks", false),
        ("http://192.168.1.7/hooks", false),
        ("https://", false),
        ("", false),
    ] {
        for product in [false, true] {
            let notify_url = Some(address.to_owned());
            let link = link(1_000, "USD");
            let action = if product {
                Action::CreateProduct { link, notify_url }
            } else {
                Action::Create { link, notify_url }
            };
            let found = next(&action, &[]);
            assert_eq!(matches!(found, Next::Send(_)), is_sent, "{address}");
        }
    }
}

#[test]
fn the_other_form_has_no_wrapper_and_names_ways_to_pay() {
    let l2 = options(&[("link_flavor", "l2")]);
    let request = sent_under(&l2, &making(|_| {}));
    assert_eq!(
        (request.method, request.path.as_str()),
        (Method::Post, "/api/v1/links")
    );
    let plain = json!({
        "amount": {"default": 1000, "currency": "USD"},
        "amount_type": "fixed",
        "pay_config": {"methods": ["card"]},
    });
    assert_eq!(body(&request), plain);
    let update = Action::Update {
        remote_id: "abc12345".to_owned(),
        link: link(1_000, "USD"),
    };
    let request = sent_under(&l2, &update);
    assert_eq!(request.path, "/api/v1/links/abc12345");
    assert_eq!(body(&request), plain);
    let rich = options(&[
        ("link_flavor", "l2"),
        ("pay_methods", "card, sbp"),
        ("image", "https://shop.example.com/shop.jpg"),
    ]);
    let found = body(&sent_under(&rich, &open(500)));
    assert_eq!(found["amount_type"], "dynamic");
    assert_eq!(found["pay_config"]["methods"], json!(["card", "sbp"]));
    assert_eq!(found["image"], "https://shop.example.com/shop.jpg");
    let own = "https://shop.example.com/tea.jpg";
    let action = making(|link| link.options.set("image", OptionValue::Text(own.to_owned())));
    assert_eq!(body(&sent_under(&rich, &action))["image"], own);
    // The contract's form has no picture.
    let l1 = body(&sent_under(&options(&[("image", own)]), &action));
    assert_eq!(l1["link"].get("image"), None);
}

#[test]
fn the_other_form_is_refused_where_it_cannot_be() {
    for (rows, action, said) in [
        (vec![], open(0), "link_flavor = \"l1\""),
        (
            vec![("pay_methods", "card,,sbp")],
            open(5),
            "a way to pay that is none",
        ),
        (
            vec![("pay_methods", "ca rd")],
            open(5),
            "a way to pay that is none",
        ),
        (
            vec![("url_template", "https://4pay.online/pay/link")],
            open(5),
            "url_template",
        ),
        (vec![("url_template", "pay/{id}")], open(5), "url_template"),
    ] {
        let rows: Vec<_> = rows.into_iter().chain([("link_flavor", "l2")]).collect();
        let found = under(&options(&rows), &action, &[]);
        assert!(matches!(found, Next::Refused(_)), "{found:?}");
        assert!(reason(&found).contains(said), "{}", reason(&found));
    }
}

#[test]
fn the_other_forms_answer_gets_its_address_from_the_template() {
    let made = making(|_| {});
    for (rows, address) in [
        (vec![], "https://4pay.online/pay/link/abc12345"),
        (
            vec![("url_template", "https://pay.example.com/{id}?s=1")],
            "https://pay.example.com/abc12345?s=1",
        ),
    ] {
        let rows: Vec<_> = rows.into_iter().chain([("link_flavor", "l2")]).collect();
        let state = done(under(&options(&rows), &made, &[answer(201, SECOND)]));
        assert_eq!(state.link.url, address);
        assert_eq!(state.minor, Some(1_000));
        assert!(state.warning.unwrap().contains("scan the code once"));
    }
    let l2 = options(&[("link_flavor", "l2")]);
    // An address that is there counts, and a wrong one is not mended.
    let with = |url: &str| SECOND.replace("\"image\": null", &format!("\"url\": {url}"));
    let state = done(under(
        &l2,
        &made,
        &[answer(201, &with("\"https://4pay.online/x\""))],
    ));
    assert_eq!(
        (state.link.url.as_str(), state.warning),
        ("https://4pay.online/x", None)
    );
    for text in [with("\"javascript:1\""), with("7")] {
        let found = under(&l2, &made, &[answer(201, &text)]);
        assert!(reason(&found).contains("usable address"), "{text}");
    }
    let other = SECOND.replace("USD", "EUR");
    let found = under(&l2, &made, &[answer(201, &other)]);
    assert!(reason(&found).contains("another currency"));
    // The contract's form has an address in its answer.
    let found = under(&no_options(), &made, &[answer(201, SECOND)]);
    assert!(reason(&found).contains("usable address"));
}

#[test]
fn a_sticker_may_be_a_product() {
    let products = options(&[("use_products", "true")]);
    let request = sent_under(&products, &sticker());
    assert_eq!(request.path, "/api/v1/products");
    for action in [making(|_| {}), open(500)] {
        assert_eq!(sent_under(&products, &action).path, "/api/v1/links");
    }
    assert_eq!(sent(&sticker()).path, "/api/v1/links");
    let product = r#"{"id":"p1","url":"https://4pay.online/pay/link/p1","name":"Tea","amount":1000,"currency":"USD"}"#;
    let state = done(under(&products, &sticker(), &[answer(201, product)]));
    assert_eq!((state.minor, state.warning), (Some(1_000), None));
    let silent = product.replace("\"url\"", "\"page\"");
    let l2 = options(&[("use_products", "true"), ("link_flavor", "l2")]);
    for options in [products, l2] {
        let found = under(&options, &sticker(), &[answer(201, &silent)]);
        assert!(reason(&found).contains("use_products = false"));
        let update = Action::Update {
            remote_id: "p1".to_owned(),
            link: wanted(permanent),
        };
        let found = under(&options, &update, &[]);
        assert!(reason(&found).contains("how a product is changed"));
        // What is not among the links may be a product that goes on taking money.
        let found = under(&options, &withdraw(), &[answer(404, "{}")]);
        assert!(matches!(found, Next::Refused(_)), "{found:?}");
    }
    let open = Action::CreateProduct {
        link: wanted(typed(5)),
        notify_url: None,
    };
    assert!(reason(&next(&open, &[])).contains("has a price"));
}

#[test]
fn a_refusal_carries_the_providers_code() {
    for (text, code) in [
        (
            r#"{"error":"conflict","message":"exists"}"#,
            Some("conflict"),
        ),
        (
            r#"{"errors":[{"detail":"x"},{"code":"invalid","detail":"y"}]}"#,
            Some("invalid"),
        ),
        (r#"{"error":"not found"}"#, None),
    ] {
        let found = next(&making(|_| {}), &[answer(409, text)]);
        let Next::Refused(refusal) = found else {
            panic!("{found:?}")
        };
        assert_eq!(refusal.code.as_deref(), code, "{text}");
    }
}

#[test]
fn where_a_link_stands_is_read_where_it_is_said() {
    for (field, standing) in [
        ("\"x\": 1", RemoteStanding::Unknown),
        ("\"active\": true", RemoteStanding::Active),
        ("\"active\": false", RemoteStanding::Inactive),
        ("\"status\": \"active\"", RemoteStanding::Active),
        ("\"status\": \"expired\"", RemoteStanding::Expired),
        ("\"status\": \"disabled\"", RemoteStanding::Inactive),
        ("\"status\": \"sleeping\"", RemoteStanding::Unknown),
        (
            "\"status\": \"active\", \"active\": false",
            RemoteStanding::Inactive,
        ),
    ] {
        let text = CREATED.replacen('{', &format!("{{{field},"), 1);
        let state = done(next(&making(|_| {}), &[answer(200, &text)]));
        assert_eq!(state.standing, standing, "{field}");
    }
}

proptest! {
    #[test]
    fn no_answer_makes_the_other_form_fall(status in 200..300_u16, body in hostile()) {
        let response = answer(status, &body);
        let settings = options(&[("link_flavor", "l2"), ("use_products", "true")]);
        for action in [open(0), open(5), sticker(), update(), Action::List { from: 0 }] {
            drop(under(&settings, &action, std::slice::from_ref(&response)));
            drop(next(&action, std::slice::from_ref(&response)));
        }
    }
}
