//! Notifications in the assumed form.

use super::*;
use crate::domain::payment::PaymentStatus;

const NOTIFIED: &str = r#"{"assumed":true,"event":"payment.completed","data":{"id":"pay_1","paymentLinkId":"pl_123456789","paymentForId":"01955a3c-1234-7abc-8def-0123456789ab","amount":29.99,"currency":"usdc","status":"COMPLETED"}}"#;

#[test]
fn the_assumed_form_is_read() {
    let reported = Devdraft.read_notification(NOTIFIED).unwrap();
    assert_eq!(
        reported,
        Reported {
            remote_link: Some("pl_123456789".to_owned()),
            payment: "pay_1".to_owned(),
            status: PaymentStatus::Charged,
            minor: 29_990_000,
            currency: None,
            net_minor: None,
            gross_minor: None,
            error: String::new(),
        }
    );
    for (code, minor) in [("USD", Some(2_999)), ("USDC", Some(29_990_000))] {
        let currency = Currency::from_code(code).unwrap();
        assert_eq!(Devdraft.minor_units(reported.minor, currency), minor);
    }
    let text = NOTIFIED.replace("29.99", "\"29.99\"");
    assert_eq!(Devdraft.read_notification(&text).unwrap(), reported);
    let by_reference = NOTIFIED.replace("paymentLinkId", "other");
    let reported = Devdraft.read_notification(&by_reference).unwrap();
    assert_eq!(reported.remote_link.as_deref(), Some(OURS));
}

#[test]
fn the_last_word_of_an_event_counts() {
    for (event, status) in [
        ("transaction.successful", PaymentStatus::Charged),
        ("payment.succeeded", PaymentStatus::Charged),
        ("payment.success", PaymentStatus::Charged),
        ("payment.completed", PaymentStatus::Charged),
        ("payment_link.paid", PaymentStatus::Charged),
        ("PAYMENT.COMPLETED", PaymentStatus::Charged),
        ("transaction.failed", PaymentStatus::Failed),
        ("payment.pending", PaymentStatus::Pending),
        ("payment.created", PaymentStatus::Pending),
        ("payment.refunded", PaymentStatus::Refunded),
        ("transaction.disputed", PaymentStatus::ChargedBack),
        ("payment_link.expired", PaymentStatus::Pending),
        ("unpaid", PaymentStatus::Pending),
        ("paid.not", PaymentStatus::Pending),
    ] {
        let body = NOTIFIED.replace("payment.completed", event);
        let found = Devdraft.read_notification(&body).unwrap();
        assert_eq!(found.status, status, "{event}");
    }
    let torn = NOTIFIED.replace("COMPLETED", "FAILED");
    let found = Devdraft.read_notification(&torn).unwrap();
    assert_eq!(found.status, PaymentStatus::Pending);
}

#[test]
fn a_notification_that_cannot_be_understood_is_no_payment() {
    for (from, to) in [
        ("\"payment.completed\"", "7"),
        ("\"event\"", "\"events\""),
        ("\"data\"", "\"payload\""),
        ("\"pay_1\"", "\"a b\""),
        ("\"pay_1\"", "null"),
        ("29.99", "-29.99"),
        ("29.99", "29.9900001"),
        ("29.99", "\"much\""),
        ("\"usdc\"", "\"usdt\""),
        ("\"usdc\"", "7"),
        ("{\"assumed\"", "[{\"assumed\""),
    ] {
        let body = NOTIFIED.replacen(from, to, 1);
        assert_ne!(body, NOTIFIED, "{from}");
        assert!(Devdraft.read_notification(&body).is_err(), "{body}");
    }
    let nameless = NOTIFIED
        .replace("paymentLinkId", "a")
        .replace("paymentForId", "b");
    assert!(Devdraft.read_notification(&nameless).is_err());
    assert!(Devdraft.read_notification(&"[".repeat(100_000)).is_err());
}
