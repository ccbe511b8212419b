//! Signing in, the token and the probe.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::super::super::CODECS;
use super::*;

#[test]
fn signing_in_and_probing_need_user_and_password_only() {
    let basic = HeaderValue::Basic {
        user: "username",
        password: "password",
    };
    let sign_in = AltaPay.sign_in().unwrap();
    assert_eq!(
        (
            sign_in.method,
            sign_in.path.as_str(),
            sign_in.body.as_deref()
        ),
        (Method::Post, "/checkout/v1/api/authenticate", Some(""))
    );
    let probe = AltaPay.probe();
    assert_eq!(
        (probe.method, probe.path.as_str()),
        (
            Method::Get,
            "/merchant/API/payments?shop_orderid=tillcode-probe&sort=desc&limit=1"
        )
    );
    for request in [sign_in, probe] {
        assert_eq!(header(&request, "authorization"), Some(&basic));
    }
    let keys: Vec<_> = AltaPay
        .keys()
        .iter()
        .map(|key| (key.name, key.is_secret))
        .collect();
    assert_eq!(keys, [("username", false), ("password", true)]);
    assert!(CODECS.iter().any(|codec| codec.kind() == "altapay"));
}

#[test]
fn a_token_is_read_with_its_end_or_without() {
    let jwt = |claims: &str| {
        format!(
            "eyJhbGciOiJSUzI1NiJ9.{}.c2ln",
            BASE64_URL_SAFE_NO_PAD.encode(claims)
        )
    };
    let rows = [
        (
            jwt(r#"{"iat":1700000000,"exp":1700001800}"#),
            Some(Some(1_700_001_800)),
        ),
        (jwt(r#"{"exp":"soon"}"#), Some(None)),
        (jwt(r#"{"exp":1.7e9}"#), Some(None)),
        (jwt(r#"{"exp":-1}"#), Some(None)),
        (jwt("{}"), Some(None)),
        ("opaque".to_owned(), Some(None)),
        ("a.%.b".to_owned(), None),
        ("a b".to_owned(), None),
        ("a\r\nx-evil: 1".to_owned(), None),
        (String::new(), None),
        ("a".repeat(6_000), Some(None)),
        ("a".repeat(6_001), None),
    ];
    for (token, expected) in rows {
        let response = answer(200, &json!({ "token": token }).to_string());
        let found = AltaPay.read_token(&response);
        match expected {
            Some(end) => {
                let found = found.unwrap();
                assert_eq!((&found.token, found.expires_at_secs), (&token, end));
                assert!(!format!("{found:?}").contains(&token));
            }
            None => assert!(found.is_err(), "{token}"),
        }
    }
    for response in [
        answer(401, r#"{"token":"a.b.c"}"#),
        answer(200, "<html>"),
        answer(200, r#"{"token":7}"#),
        answer(200, ""),
    ] {
        assert!(AltaPay.read_token(&response).is_err(), "{response:?}");
    }
}
