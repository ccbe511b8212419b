//! The webhook body, as the document prints it and otherwise.

use super::*;
use crate::domain::payment::PaymentStatus;

#[test]
fn the_documents_notification_is_money() {
    let reported = FourPay.read_notification(NOTIFIED).unwrap();
    assert_eq!(
        reported,
        Reported {
            remote_link: Some("abc12345-...".to_owned()),
            payment: "550e8400-...".to_owned(),
            status: PaymentStatus::Charged,
            minor: 1_000,
            currency: None,
            net_minor: Some(950),
            gross_minor: Some(1_050),
            error: String::new(),
        }
    );
    let texts = NOTIFIED.replace("1000", "\"1000\"");
    assert_eq!(FourPay.read_notification(&texts).unwrap(), reported);
}

#[test]
fn only_charged_is_money() {
    for (word, status) in [
        ("charged", PaymentStatus::Charged),
        ("failed", PaymentStatus::Failed),
        ("rejected", PaymentStatus::Failed),
        ("cancelled", PaymentStatus::Failed),
        ("refunded", PaymentStatus::Refunded),
        ("reversed", PaymentStatus::Refunded),
        ("created", PaymentStatus::Pending),
        ("action_required", PaymentStatus::Pending),
        ("CHARGED", PaymentStatus::Pending),
        ("paid", PaymentStatus::Pending),
    ] {
        let body = NOTIFIED.replace("charged", word);
        assert_eq!(
            FourPay.read_notification(&body).unwrap().status,
            status,
            "{word}"
        );
    }
}

#[test]
fn a_notification_that_cannot_be_understood_is_no_payment() {
    for (from, to) in [
        ("\"link\",", "\"payout\","),
        ("\"abc12345-...\"", "\"\""),
        ("\"550e8400-...\"", "null"),
        ("\"550e8400-...\"", "\"a b\""),
        ("1000", "1000.5"),
        ("1000", "-1000"),
        ("1000", "\"10.00\""),
        ("\"charged\"", "1"),
        ("\"txid\"", "\"currency\": \"XXX\", \"txid\""),
        ("{", "["),
    ] {
        let body = NOTIFIED.replacen(from, to, 1);
        assert_ne!(body, NOTIFIED);
        assert!(FourPay.read_notification(&body).is_err(), "{body}");
    }
    let deep = "[".repeat(100_000);
    assert!(FourPay.read_notification(&deep).is_err());
}
