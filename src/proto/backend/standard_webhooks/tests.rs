//! Standard Webhooks, by the vectors of its reference implementations.

use super::{check_secret, verify};
use crate::domain::time::Timestamp;
use crate::proto::backend::{Posted, Verdict};

struct Sent {
    secret: &'static str,
    id: &'static str,
    secs: i64,
    body: &'static str,
    signature: &'static str,
}

const ONE: Sent = Sent {
    secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    secs: 1_649_367_553,
    body: r#"{"email":"test@example.com","username":"test_user"}"#,
    signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
};

const TWO: Sent = Sent {
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    secs: 1_614_265_330,
    body: r#"{"test": 2432232314}"#,
    signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};

impl Sent {
    fn headers(&self) -> Vec<(String, String)> {
        [
            ("webhook-id", self.id),
            ("webhook-timestamp", &self.secs.to_string()),
            ("webhook-signature", self.signature),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    fn verdict(&self, secrets: &[&str], late_secs: i64) -> Verdict {
        judged(&self.headers(), self.body, secrets, self.secs + late_secs)
    }
}

fn judged(headers: &[(String, String)], body: &str, secrets: &[&str], at_secs: i64) -> Verdict {
    let secrets: Vec<_> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    let posted = Posted {
        headers,
        body: body.as_bytes(),
        at: Timestamp::from_millis(at_secs * 1_000),
    };
    verify(&posted, &secrets)
}

#[test]
fn a_signature_proves_time_and_secret() {
    for sent in [ONE, TWO] {
        for (secrets, late_secs, wanted) in [
            (&[sent.secret][..], 0, Verdict::Signed),
            (&["nothing", sent.secret], 0, Verdict::Signed),
            (&[sent.secret], 300, Verdict::Signed),
            (&[sent.secret], 301, Verdict::Stale),
            (&[sent.secret], -300, Verdict::Signed),
            (&[sent.secret], -301, Verdict::Stale),
            (&[], 0, Verdict::Unsigned),
            (&["whsec_"], 0, Verdict::Forged),
            (
                &["whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
                0,
                Verdict::Forged,
            ),
        ] {
            let found = sent.verdict(secrets, late_secs);
            assert_eq!(found, wanted, "{secrets:?} {late_secs}");
        }
    }
}

#[test]
fn one_right_signature_of_several_is_enough_and_nothing_near_it_is_one() {
    let right = ONE.signature;
    let (part, other_version) = (&right[..right.len() - 8], right.replace("v1,", "v2,"));
    for (signatures, wanted) in [
        (format!("{} {right}", TWO.signature), Verdict::Signed),
        (format!("v1a,AAAA {right}"), Verdict::Signed),
        (TWO.signature.to_owned(), Verdict::Forged),
        ("v1,".to_owned(), Verdict::Forged),
        (String::new(), Verdict::Forged),
        (part.to_owned(), Verdict::Forged),
        (other_version, Verdict::Forged),
        (format!("{}{right}", "v1,AAAA ".repeat(15)), Verdict::Signed),
        (format!("{}{right}", "v1,AAAA ".repeat(16)), Verdict::Forged),
    ] {
        let mut headers = ONE.headers();
        headers[2].1 = signatures;
        let found = judged(&headers, ONE.body, &[ONE.secret], ONE.secs);
        assert_eq!(found, wanted, "{headers:?}");
    }
}

#[test]
fn what_was_changed_or_left_out_is_forged() {
    for place in 0..3 {
        let mut headers = ONE.headers();
        let twice = headers[place].clone();
        headers.push(twice);
        let found = judged(&headers, ONE.body, &[ONE.secret], ONE.secs);
        assert_eq!(found, Verdict::Forged, "twice: {headers:?}");
        headers.truncate(3);
        headers.remove(place);
        let found = judged(&headers, ONE.body, &[ONE.secret], ONE.secs);
        assert_eq!(found, Verdict::Forged, "missing: {headers:?}");
    }
    for (place, value) in [(0, TWO.id), (1, "1649367554"), (1, "soon"), (1, "")] {
        let mut headers = ONE.headers();
        headers[place].1 = value.to_owned();
        let found = judged(&headers, ONE.body, &[ONE.secret], ONE.secs);
        assert_eq!(found, Verdict::Forged, "{headers:?}");
    }
    let longer = format!("{} ", ONE.body);
    let found = judged(&ONE.headers(), &longer, &[ONE.secret], ONE.secs);
    assert_eq!(found, Verdict::Forged, "a byte more");
}

#[test]
fn nothing_of_the_body_moves_into_the_date() {
    // The same signed bytes, cut elsewhere: the id ends with the old date, the date is the body's.
    let mut headers = ONE.headers();
    headers[0].1 = format!("{}.{}", ONE.id, ONE.secs);
    headers[1].1 = String::new();
    let found = judged(&headers, ONE.body, &[ONE.secret], ONE.secs);
    assert_eq!(found, Verdict::Forged);
}

#[test]
fn a_secret_has_a_form() {
    let of = |bytes: usize| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(vec![7; bytes]);
        format!("whsec_{text}")
    };
    for (secret, is_one) in [
        (ONE.secret.to_owned(), true),
        (of(24), true),
        (of(64), true),
        (of(23), false),
        (of(65), false),
        (of(24).replace("whsec_", ""), false),
        ("whsec_not base64 at all, is it?".to_owned(), false),
        (String::new(), false),
    ] {
        let said = check_secret(&secret);
        assert_eq!(said.is_ok(), is_one, "{secret}");
        let told = said.err().map_or(String::new(), |refusal| refusal.reason);
        assert!(secret.is_empty() || !told.contains(&secret), "{told}");
    }
}
