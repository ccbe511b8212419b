//! 4pay's signed envelope, by the check vector of its own client library.

use crate::domain::time::Timestamp;
use crate::proto::backend::{Posted, Verdict, codec};

const BODY: &str = r#"{"event_id":"evt-1","timestamp":1788434490,"type":"transaction.charged","data":{"id":"tx-1","txid":"order-1","type":"payment","status":"charged","amount":"1000"}}"#;
const SIGNATURE: &str = "a1f1b6ce47a8383b6de19cceb7489e2e7489fab081a96cdf49c72d300fbfe36d";
const TIME: (&str, &str) = ("x-webhook-timestamp", "1788434490");
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
fn a_signature_proves_time_and_secret() {
    let both = [TIME, ("x-webhook-signature", SIGNATURE)];
    let secret = &["whsec_test"][..];
    let cases = [
        (secret, 0, Verdict::Signed),
        (&["old", "whsec_test"], 0, Verdict::Signed),
        (secret, 300, Verdict::Signed),
        (secret, 301, Verdict::Stale),
        (secret, -300, Verdict::Signed),
        (secret, -301, Verdict::Stale),
        (&[], 0, Verdict::Unsigned),
        (&["whsec_tesT"], 0, Verdict::Forged),
    ];
    for (secrets, late_secs, wanted) in cases {
        let found = verdict(secrets, &both, BODY, late_secs);
        assert_eq!(found, wanted, "{secrets:?} {late_secs}");
    }
}

#[test]
fn a_signature_proves_the_body_and_nothing_near_it_is_one() {
    let signature = ("x-webhook-signature", SIGNATURE);
    let upper = SIGNATURE.to_uppercase();
    let longer = format!("{BODY} ");
    let cases: [(&[(&str, &str)], &str); 8] = [
        (&[TIME, signature], &longer),
        (&[signature], BODY),
        (&[TIME], BODY),
        (&[TIME, signature, signature], BODY),
        (&[("x-webhook-timestamp", "1788434491"), signature], BODY),
        (&[TIME, ("x-webhook-signature", &SIGNATURE[..32])], BODY),
        (&[TIME, ("x-webhook-signature", &upper)], BODY),
        (&[TIME, ("x-webhook-signature", "")], BODY),
    ];
    for (headers, body) in cases {
        let found = verdict(&["whsec_test"], headers, body, 0);
        assert_eq!(found, Verdict::Forged, "{headers:?}");
    }
}

#[test]
fn it_wants_to_hear_the_text_true() {
    let wanted = codec("4pay").unwrap().acknowledgment();
    let body: serde_json::Value = serde_json::from_str(wanted.body).unwrap();
    assert_eq!(body["success"], "true");
}
