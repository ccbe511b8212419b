//! 4pay's signed envelope, by the check vector of its own client library.

use crate::domain::time::Timestamp;
use crate::proto::backend::{Posted, Verdict, codec};

const BODY: &str = r#"{"event_id":"evt-1","timestamp":1788434490,"type":"transaction.charged","data":{"id":"tx-1","txid":"order-1","type":"payment","status":"charged","amount":"1000"}}"#;
const SIGNATURE: &str = "a1f1b6ce47a8383b6de19cceb7489e2e7489fab081a96cdf49c72d300fbfe36d";
const SIGNED_SECS: i64 = 1_788_434_490;

fn verdict(secrets: &[&str], headers: &[(&str, &str)], body: &str, late_secs: i64) -> Verdict {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let secrets: Vec<_> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    let posted = Posted {
        headers: &headers,
        body: body.as_bytes(),
        at: Timestamp::from_millis((SIGNED_SECS + late_secs) * 1_000),
    };
    codec("4pay").unwrap().verify(&posted, &secrets)
}

#[test]
fn a_signature_proves_body_time_and_secret_and_nothing_else_does() {
    let time = ("x-webhook-timestamp", "1788434490");
    let signature = ("x-webhook-signature", SIGNATURE);
    let both = [time, signature];
    let upper = SIGNATURE.to_uppercase();
    let longer = format!("{BODY} ");
    let secret = &["whsec_test"][..];
    let cases = [
        ("as it is", verdict(secret, &both, BODY, 0), Verdict::Signed),
        (
            "one of two secrets",
            verdict(&["old", "whsec_test"], &both, BODY, 0),
            Verdict::Signed,
        ),
        (
            "five minutes late",
            verdict(secret, &both, BODY, 300),
            Verdict::Signed,
        ),
        ("later", verdict(secret, &both, BODY, 301), Verdict::Stale),
        (
            "five minutes early",
            verdict(secret, &both, BODY, -300),
            Verdict::Signed,
        ),
        (
            "earlier",
            verdict(secret, &both, BODY, -301),
            Verdict::Stale,
        ),
        (
            "no secret here",
            verdict(&[], &both, BODY, 0),
            Verdict::Unsigned,
        ),
        (
            "another secret",
            verdict(&["whsec_tesT"], &both, BODY, 0),
            Verdict::Forged,
        ),
        (
            "one byte more",
            verdict(secret, &both, &longer, 0),
            Verdict::Forged,
        ),
        (
            "no time",
            verdict(secret, &[signature], BODY, 0),
            Verdict::Forged,
        ),
        (
            "no signature",
            verdict(secret, &[time], BODY, 0),
            Verdict::Forged,
        ),
        (
            "two signatures",
            verdict(secret, &[time, signature, signature], BODY, 0),
            Verdict::Forged,
        ),
        (
            "another time",
            verdict(
                secret,
                &[("x-webhook-timestamp", "1788434491"), signature],
                BODY,
                0,
            ),
            Verdict::Forged,
        ),
        (
            "half of it",
            verdict(
                secret,
                &[time, ("x-webhook-signature", &SIGNATURE[..32])],
                BODY,
                0,
            ),
            Verdict::Forged,
        ),
        (
            "in capitals",
            verdict(secret, &[time, ("x-webhook-signature", &upper)], BODY, 0),
            Verdict::Forged,
        ),
        (
            "empty",
            verdict(secret, &[time, ("x-webhook-signature", "")], BODY, 0),
            Verdict::Forged,
        ),
    ];
    for (name, found, wanted) in cases {
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn it_wants_to_hear_the_text_true() {
    let wanted = codec("4pay").unwrap().acknowledgment();
    let body: serde_json::Value = serde_json::from_str(wanted.body).unwrap();
    assert_eq!(body["success"], "true");
}
