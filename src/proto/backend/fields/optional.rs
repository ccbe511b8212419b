//! Each optional field can be set.

use super::super::sample::{answer, job, link};
use super::super::{Action, Next, Scope, codec};
use super::{ID, SESSION};
use crate::domain::link::{Asking, Link, Purpose};
use crate::domain::options::Options;
use crate::domain::time::Timestamp;

/// What is sent when a link is made, after the answers that lead there.
fn body(kind: &str, link: Box<Link>, account: &Options) -> String {
    let action = Action::Create {
        link,
        notify_url: Some("https://yoursite.com/webhooks/payment".to_owned()),
    };
    let answers = match kind {
        "altapay" => vec![answer(201, SESSION)],
        _ => Vec::new(),
    };
    match codec(kind).unwrap().next(job(&action, &answers, account)) {
        Next::Send(request) => request.body.unwrap(),
        other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
    }
}

fn sticker() -> Box<Link> {
    let mut link = link(2_999, "USD");
    link.purpose = Purpose::Permanent;
    link
}

/// Kind, field of its document, our option for it, what is set, and what is then sent.
const BY_OPTION: &[(&str, &str, &str, &str, &str)] = &[
    (
        "altapay",
        "url",
        "landing_url",
        "https://www.example.com/link",
        r#""url":"https://www.example.com/link""#,
    ),
    ("altapay", "size", "size", "450", r#""size":450"#),
    (
        "altapay",
        "validityTime",
        "validity_minutes",
        "1440",
        r#""validityTime":1440"#,
    ),
    (
        "altapay",
        "activationTime",
        "activation_minutes",
        "10",
        r#""activationTime":10"#,
    ),
    (
        "devdraft",
        "linkType",
        "link_type",
        "DONATION",
        r#""linkType":"DONATION""#,
    ),
    (
        "devdraft",
        "allowQuantityAdjustment",
        "allow_quantity_adjustment",
        "true",
        r#""allowQuantityAdjustment":true"#,
    ),
    (
        "devdraft",
        "allowMobilePayment",
        "allow_mobile_payment",
        "true",
        r#""allowMobilePayment":true"#,
    ),
    (
        "devdraft",
        "coverImage",
        "cover_image",
        "https://example.com/a.jpg",
        r#""coverImage":"https://example.com/a.jpg""#,
    ),
    (
        "devdraft",
        "customerId",
        "customer_id",
        ID,
        r#""customerId":"123e4567-e89b-12d3-a456-426614174000""#,
    ),
    (
        "devdraft",
        "paymentLinkProducts",
        "products",
        "123e4567-e89b-12d3-a456-426614174000=2",
        r#""paymentLinkProducts":[{"productId":"123e4567-e89b-12d3-a456-426614174000","quantity":2}]"#,
    ),
    (
        "devdraft",
        "isForAllProduct",
        "is_for_all_product",
        "true",
        r#""isForAllProduct":true"#,
    ),
    (
        "devdraft",
        "collectTax",
        "collect_tax",
        "true",
        r#""collectTax":true"#,
    ),
    (
        "devdraft",
        "taxId",
        "tax_id",
        ID,
        r#""taxId":"123e4567-e89b-12d3-a456-426614174000""#,
    ),
    (
        "devdraft",
        "collectAddress",
        "collect_address",
        "true",
        r#""collectAddress":true"#,
    ),
    (
        "devdraft",
        "limitPayments",
        "max_payments",
        "100",
        r#""limitPayments":true"#,
    ),
    (
        "devdraft",
        "maxPayments",
        "max_payments",
        "100",
        r#""maxPayments":100"#,
    ),
    (
        "devdraft",
        "customFields",
        "custom_fields",
        "customField1=value1",
        r#""customFields":{"customField1":"value1"}"#,
    ),
];

#[test]
fn each_optional_field_of_the_documents_is_set_for_an_account_or_for_a_product() {
    for (kind, field, name, text, sent) in BY_OPTION {
        let at = format!("{kind} {field}");
        let fields = codec(kind).unwrap().options().iter();
        let mut fields = fields.filter(|field| field.name == *name);
        let option = fields.next().unwrap_or_else(|| panic!("{at}: no option"));
        assert_eq!(option.scope, Scope::Link, "{at}");
        let mut set = Options::default();
        set.set(name, option.read(text).unwrap());
        let plain = || {
            if *kind == "altapay" {
                link(2_999, "USD")
            } else {
                sticker()
            }
        };
        let mut product = plain();
        product.options = set.clone();
        let none = Options::default();
        assert!(body(kind, plain(), &set).contains(sent), "{at} by account");
        assert!(body(kind, product, &none).contains(sent), "{at} by product");
        assert!(!body(kind, plain(), &none).contains(sent), "{at} unset");
    }
}

#[test]
fn the_other_optional_fields_come_from_the_link_itself() {
    let none = Options::default();
    let full = |asking: Asking| {
        let mut link = sticker();
        link.expires_at = Timestamp::parse_rfc3339("2026-12-31T23:59:59Z");
        link.asking = asking;
        link
    };
    let (fixed, typed) = (Asking::Fixed, Asking::Open);
    let rows: &[(&str, &str, Asking, &str)] = &[
        (
            "4pay",
            "amount.default",
            fixed,
            r#""amount":{"default":2999}"#,
        ),
        ("4pay", "amount_type", fixed, r#""amount_type":"static""#),
        ("4pay", "amount_type", typed, r#""amount_type":"dynamic""#),
        (
            "4pay",
            "notify_url",
            fixed,
            r#""notify_url":"https://yoursite.com/webhooks/payment""#,
        ),
        (
            "4pay",
            "description",
            fixed,
            r#""description":"Payment for service""#,
        ),
        ("4pay", "currency", fixed, r#""currency":"USD""#),
        (
            "4pay",
            "expires_at",
            fixed,
            r#""expires_at":"2026-12-31T23:59:59Z""#,
        ),
        (
            "devdraft",
            "description",
            fixed,
            r#""description":"Payment for service""#,
        ),
        ("devdraft", "amount", fixed, r#""amount":29.99"#),
        (
            "devdraft",
            "paymentForId",
            fixed,
            r#""paymentForId":"01955a3c-1234-7abc-8def-0123456789ab""#,
        ),
        (
            "devdraft",
            "expiration_date",
            fixed,
            r#""expiration_date":"2026-12-31T23:59:59Z""#,
        ),
        ("devdraft", "linkType", typed, r#""linkType":"DONATION""#),
    ];
    for (kind, field, asking, sent) in rows {
        let body = body(kind, full(*asking), &none);
        assert!(body.contains(sent), "{kind} {field}: {body}");
    }
}
