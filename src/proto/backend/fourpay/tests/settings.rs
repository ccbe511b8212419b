//! The other published form of links, and products in place of links.

use super::open::{done, making, open, typed, wanted};
use proptest::prelude::*;

use super::hostile::NAMES;
use super::*;
use crate::domain::link::{Link, Purpose};
use crate::domain::options::{OptionValue, Options};
use crate::proto::backend::sample::{hostile, job};

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

fn permanent(link: &mut Link) {
    link.purpose = Purpose::Permanent;
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

fn no_options() -> Options {
    Options::default()
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
    let subscribe = Action::Subscribe {
        remote_id: "abc".to_owned(),
        link: link(1_000, "USD"),
        notify_url: "https://h/hooks/4pay/e/o1".to_owned(),
    };
    assert!(reason(&under(&l2, &subscribe, &[])).contains("no address of their own"));
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

proptest! {
    #[test]
    fn no_answer_makes_the_other_form_fall(status in 200..300_u16, body in hostile(NAMES)) {
        let response = answer(status, &body);
        let settings = options(&[("link_flavor", "l2"), ("use_products", "true")]);
        for action in [open(0), open(5), sticker(), update(), Action::List { from: 0 }] {
            drop(under(&settings, &action, std::slice::from_ref(&response)));
            drop(next(&action, std::slice::from_ref(&response)));
        }
    }
}
