//! The callback's checksum, by the vector of `AltaPay`'s own modules.

use crate::domain::time::Timestamp;
use crate::proto::backend::{Posted, Verdict, codec};

const RIGHT: &str =
    "amount=23.72&currency=978&shop_orderid=abc123&checksum=fb21b64873e6b48a0b7302f6062ae668";

fn verdict(body: &str, secrets: &[&str]) -> Verdict {
    let secrets: Vec<_> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    let posted = Posted {
        headers: &[],
        body: body.as_bytes(),
        at: Timestamp::from_millis(0),
    };
    codec("altapay").unwrap().verify(&posted, &secrets)
}

#[test]
fn a_callback_with_the_right_checksum_is_taken_and_proves_nothing() {
    for (secrets, wanted) in [
        (&["s3cr3t"][..], Verdict::Unsigned),
        (&["old", "s3cr3t"], Verdict::Unsigned),
        (&[], Verdict::Unsigned),
        (&["s3cr3T"], Verdict::Forged),
    ] {
        assert_eq!(verdict(RIGHT, secrets), wanted, "{secrets:?}");
        // What it does not cover may say anything.
        let more = format!("status=succeeded&{RIGHT}&transaction_id=7");
        assert_eq!(verdict(&more, secrets), wanted, "{secrets:?}");
    }
}

#[test]
fn what_is_changed_missing_or_there_twice_is_not() {
    let without = |name: &str| {
        let fields = RIGHT.split('&').filter(|field| !field.starts_with(name));
        fields.collect::<Vec<_>>().join("&")
    };
    for body in [
        RIGHT.replace("23.72", "23.73"),
        RIGHT.replace("978", "840"),
        RIGHT.replace("abc123", "abc124"),
        RIGHT.replace("fb21", "FB21"),
        RIGHT.replace("e668", "e66"),
        RIGHT.replace("e668", "e6681"),
        format!("{RIGHT}&amount=23.72"),
        without("amount"),
        without("currency"),
        without("shop_orderid"),
        without("checksum"),
        String::new(),
    ] {
        assert_eq!(verdict(&body, &["s3cr3t"]), Verdict::Forged, "{body}");
    }
}
