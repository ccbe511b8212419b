//! Requests and answers of Devdraft's document to the letter, then hostile ones.

mod bounds;
mod hostile;
mod made;
mod notified;

use serde_json::Value;

use super::super::Method;
use super::super::sample::{self, NOW, link, sent};
use super::*;
use crate::domain::link::{Asking, Link, Purpose};
use crate::domain::options::{OptionValue, Options};
use crate::domain::time::Timestamp;
use crate::proto::backend::{AccountView, HeaderValue, RemoteStanding};

/// The document's answer with the fields that its create page names.
const CREATED: &str = r#"{
"id": "pl_123456789",
"title": "Café Ärger: Tea",
"url": "https://checkout.devdraft.ai/premium-subscription",
"linkType": "PRODUCT",
"status": "ACTIVE",
"amount": 29.99,
"paymentForId": "01955a3c-1234-7abc-8def-0123456789ab",
"currency": "usdc",
"allowQuantityAdjustment": false,
"limitPayments": true,
"maxPayments": 1,
"createdAt": "2026-03-01T10:00:00Z"
}"#;

const OURS: &str = "01955a3c-1234-7abc-8def-0123456789ab";

fn action(link: Box<Link>) -> Action {
    Action::Create {
        link,
        notify_url: None,
    }
}

fn create(minor: i64, currency: &str) -> Action {
    action(link(minor, currency))
}

fn update() -> Action {
    Action::Update {
        remote_id: "pl_123456789".to_owned(),
        link: link(2_999, "USD"),
    }
}

fn fetch() -> Action {
    Action::Fetch {
        remote_id: "pl_123456789".to_owned(),
    }
}

fn answer(status: u16, body: &str) -> Response {
    sample::answer(status, body)
}

fn next(action: &Action, answers: &[Response]) -> Next {
    sample::next(&Devdraft, action, answers)
}

fn options(rows: &[(&str, &str)]) -> Options {
    rows.iter()
        .map(|(name, text)| {
            let field = settings::FIELDS.iter().find(|field| field.name == *name);
            let value = field
                .unwrap()
                .read(text)
                .unwrap_or_else(|_| OptionValue::Text((*text).to_owned()));
            ((*name).to_owned(), value)
        })
        .collect()
}

fn with_options(account: &Options, action: &Action, answers: &[Response]) -> Next {
    Devdraft.next(sample::job(action, answers, account))
}

fn request(next: Next) -> Request {
    match next {
        Next::Send(request) => request,
        other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
    }
}

fn made(next: Next) -> super::super::RemoteState {
    match next {
        Next::Done(Outcome::Link(state)) => state,
        other @ (Next::Send(_) | Next::Done(_) | Next::Later(_) | Next::Refused(_)) => {
            panic!("{other:?}")
        }
    }
}

fn refused(next: &Next) -> &str {
    match next {
        Next::Refused(refusal) => &refusal.reason,
        other @ (Next::Send(_) | Next::Done(_) | Next::Later(_)) => panic!("{other:?}"),
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a HeaderValue> {
    let mut headers = request.headers.iter();
    headers
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

#[test]
fn a_link_is_asked_for_byte_for_byte() {
    let request = sent(&Devdraft, &create(2_999, "USD"));
    assert_eq!(
        (request.method, request.path.as_str()),
        (Method::Post, "/api/v0/payment-links")
    );
    assert_eq!(
        request.body.as_deref().unwrap(),
        concat!(
            r#"{"title":"Café Ärger: Tea","url":"mpcrycpeb255","linkType":"PRODUCT","#,
            r#""allowQuantityAdjustment":false,"allowMobilePayment":false,"currency":"usdc","#,
            r#""collectTax":false,"collectAddress":false,"limitPayments":true,"maxPayments":1,"#,
            r#""amount":29.99,"description":"Payment for service","#,
            r#""paymentForId":"01955a3c-1234-7abc-8def-0123456789ab"}"#
        )
    );
    assert_eq!(
        header(&request, "x-client-key"),
        Some(&HeaderValue::Credential("client_key"))
    );
    assert_eq!(
        header(&request, "x-client-secret"),
        Some(&HeaderValue::Credential("client_secret"))
    );
    let Some(HeaderValue::Text(key)) = header(&request, "idempotency-key") else {
        panic!("no key")
    };
    let key = uuid::Uuid::try_parse(key).unwrap();
    assert_eq!(
        (key.get_version_num(), key.get_variant()),
        (4, uuid::Variant::RFC4122)
    );
}

#[test]
fn every_field_of_the_document_goes_out() {
    let mut wanted = link(2_999, "EUR");
    wanted.purpose = Purpose::Permanent;
    wanted.title = "Premium".to_owned();
    wanted.expires_at = Timestamp::parse_rfc3339("2026-12-31T23:59:59Z");
    wanted.options = options(&[
        ("max_payments", "100"),
        ("custom_fields", "customField1=value1,customField2=value2"),
        ("products", "123e4567-e89b-12d3-a456-426614174000=2"),
        ("is_for_all_product", "true"),
        ("allow_quantity_adjustment", "true"),
        (
            "cover_image",
            "https://example.com/images/premium-subscription.jpg",
        ),
    ]);
    let account = options(&[
        ("collect_tax", "true"),
        ("collect_address", "true"),
        ("allow_mobile_payment", "true"),
        ("tax_id", "123e4567-e89b-12d3-a456-426614174005"),
        ("customer_id", "123e4567-e89b-12d3-a456-426614174002"),
    ]);
    let request = request(with_options(&account, &action(wanted), &[]));
    assert_eq!(
        request.body.as_deref().unwrap(),
        concat!(
            r#"{"title":"Café Ärger: Premium","url":"cafe-arger/premium","linkType":"PRODUCT","#,
            r#""allowQuantityAdjustment":true,"allowMobilePayment":true,"currency":"eurc","#,
            r#""collectTax":true,"collectAddress":true,"limitPayments":true,"maxPayments":100,"#,
            r#""amount":29.99,"description":"Payment for service","#,
            r#""paymentForId":"01955a3c-1234-7abc-8def-0123456789ab","#,
            r#""customerId":"123e4567-e89b-12d3-a456-426614174002","#,
            r#""coverImage":"https://example.com/images/premium-subscription.jpg","#,
            r#""isForAllProduct":true,"#,
            r#""paymentLinkProducts":[{"productId":"123e4567-e89b-12d3-a456-426614174000","quantity":2}],"#,
            r#""taxId":"123e4567-e89b-12d3-a456-426614174005","#,
            r#""customFields":{"customField1":"value1","customField2":"value2"},"#,
            r#""expiration_date":"2026-12-31T23:59:59Z"}"#
        )
    );
}

#[test]
fn the_other_requests_are_the_documents_too() {
    let request = sent(&Devdraft, &update());
    assert_eq!(
        (request.method, request.path.as_str()),
        (Method::Put, "/api/v0/payment-links/pl_123456789")
    );
    assert_eq!(
        request.body.as_deref().unwrap(),
        r#"{"title":"Café Ärger: Tea","description":"Payment for service","amount":29.99}"#
    );
    assert_eq!(header(&request, "idempotency-key"), None);
    for (action, path) in [
        (fetch(), "/api/v0/payment-links/pl_123456789"),
        (
            Action::List { from: 0 },
            "/api/v0/payment-links?skip=0&take=100",
        ),
        (
            Action::List { from: 200 },
            "/api/v0/payment-links?skip=200&take=100",
        ),
    ] {
        let request = sent(&Devdraft, &action);
        assert_eq!((request.method, request.path.as_str()), (Method::Get, path));
        assert_eq!(request.body, None);
    }
    assert_eq!(Devdraft.probe().path, "/api/v0/health/public");
}

#[test]
fn the_payers_amount_is_a_donation() {
    for (minor, amount) in [(0, Value::Null), (500, Value::from("5.00"))] {
        let mut wanted = link(minor, "EUR");
        wanted.asking = Asking::Open;
        let request = sent(&Devdraft, &action(wanted));
        let body = request.body.unwrap();
        assert!(body.contains(r#""linkType":"DONATION""#), "{body}");
        let expected = amount
            .as_str()
            .map(|amount| format!("\"amount\":{amount},"));
        match expected {
            Some(expected) => assert!(body.contains(&expected), "{body}"),
            None => assert!(!body.contains("amount\":"), "{body}"),
        }
    }
}

#[test]
fn a_permanent_link_takes_any_number_of_payments() {
    let mut wanted = link(350, "EUR");
    wanted.purpose = Purpose::Permanent;
    let body = sent(&Devdraft, &action(wanted)).body.unwrap();
    assert!(body.contains(r#""limitPayments":false"#) && !body.contains("maxPayments"));
}

#[test]
fn what_devdraft_does_not_offer_is_refused_with_the_reason() {
    for (action, said) in [
        (
            Action::Withdraw {
                remote_id: "x".to_owned(),
            },
            "no way to switch a link off",
        ),
        (
            Action::LookUp {
                link: link(350, "EUR"),
            },
            "not what was paid",
        ),
        (
            Action::CreateProduct {
                link: link(350, "EUR"),
                notify_url: None,
            },
            "no codes of their own",
        ),
        (
            Action::Fetch {
                remote_id: "../x".to_owned(),
            },
            "damaged",
        ),
    ] {
        let found = next(&action, &[]);
        assert!(refused(&found).contains(said), "{found:?}");
    }
    assert!(!Devdraft.capabilities().withdraw);
    assert_eq!(Devdraft.capabilities().learns, Learns::Hinted);
}
