//! What the pages do not say is refused.

use super::*;

/// A part of [`CODE`], what stands there instead, and a part of what is said.
const REFUSED: &[(&str, &str, &str)] = &[
    ("\"abc-1\"", "\"abc/1\"", "orderId"),
    ("\"abc-1\"", "\"\"", "orderId"),
    ("\"value\":20.50", "\"value\":\"20.50\"", "amount.value"),
    ("\"value\":20.50", "\"value\":20.505", "amount.value"),
    ("\"value\":20.50", "\"value\":2.05e1", "amount.value"),
    ("\"value\":20.50", "\"value\":0", "amount.value"),
    ("\"value\":20.50", "\"value\":20.51", "add up"),
    ("\"EUR\"", "\"EURC\"", "currency"),
    ("\"EUR\"", "\"XXQ\"", "currency"),
    ("\"quantity\":2", "\"quantity\":0", "quantity"),
    ("\"quantity\":2", "\"quantity\":2.0", "order"),
    ("\"quantity\":2", "\"quantity\":3", "add up"),
    ("10.00", "10.000", "unitPrice"),
    ("\"itemId\":\"2\"", "\"itemId\":\"\"", "itemId"),
    ("\"itemId\":\"2\"", "\"tax\":1,\"itemId\":\"2\"", "tax"),
    ("\"email\":\"a@b.example\"", "\"email\":\"\"", "customer"),
    ("\"email\":\"a@b.example\",", "", "email"),
    ("\"zipCode\":\"1\"", "\"zipCode\":\"\"", "zipCode"),
    ("{\"word\":\"tulip\"}", "{\"word\":1}", "order"),
    (
        "http://127.0.0.1:9/hook",
        "https://hub.example:8443/",
        "443",
    ),
    (
        "\"bodyFormat\":\"XML\"",
        "\"bodyFormat\":\"form\"",
        "bodyFormat",
    ),
    ("\"bodyFormat\"", "\"format\"", "format"),
    ("\"PAYMENT\"", "\"CARD\"", "paymentType"),
    ("\"REDIRECT\"", "\"POPUP\"", "paymentDisplayType"),
    ("\"language\":\"da\"", "\"language\":\"danish\"", "language"),
    ("{\"order\":", "{\"x\":1,\"order\":", "x"),
    ("{\"order\":{", "{\"order\":7,\"y\":{", "y"),
];

#[test]
fn what_the_pages_do_not_say_is_refused() {
    let mut sandbox = sandbox();
    for (from, to, said) in REFUSED {
        let body = CODE.replacen(from, to, 1);
        assert_ne!(body, CODE, "{from}");
        let (status, answer) = post(&mut sandbox, "session", &body);
        assert_eq!(status, 400, "{from} {to}: {answer}");
        assert!(answer["error"].as_str().unwrap().contains(said), "{answer}");
    }
    let long = |count: usize| CODE.replace("abc-1", &"a".repeat(count));
    assert_eq!(post(&mut sandbox, "session", &long(100)).0, 201);
    assert_eq!(post(&mut sandbox, "session", &long(101)).0, 400);
    let path = begun(&mut sandbox, CODE);
    for (body, status) in [
        ("{}", 201),
        (
            r#"{"url":"https://www.example.com/link","size":450,"validityTime":1440,"activationTime":10}"#,
            201,
        ),
        (r#"{"size":1,"validityTime":1,"activationTime":1}"#, 201),
        (
            r#"{"size":4294967295,"validityTime":4294967295,"activationTime":4294967295}"#,
            201,
        ),
        (r#"{"size":4294967296}"#, 400),
        (r#"{"validityTime":4294967296}"#, 400),
        (r#"{"activationTime":4294967296}"#, 400),
        (r#"{"size":-1}"#, 400),
        (r#"{"size":450.0}"#, 400),
        (r#"{"validityTime":-1}"#, 400),
        (r#"{"validityTime":"1440"}"#, 400),
        (r#"{"url":7}"#, 400),
        (r#"{"size":0}"#, 400),
        (r#"{"validityTime":0}"#, 400),
        (r#"{"activationTime":0}"#, 400),
        (r#"{"activationTime":-1}"#, 400),
        (r#"{"activationTime":10.0}"#, 400),
        (r#"{"activationTime":"10"}"#, 400),
        (r#"{"url":"here"}"#, 400),
        (r#"{"validity":10}"#, 400),
        ("[]", 400),
        ("", 400),
    ] {
        let (found, answer) = post(&mut sandbox, &path, body);
        assert_eq!(found, status, "{body}: {answer}");
    }
}

#[test]
fn the_way_in_is_strict_too() {
    let mut sandbox = sandbox();
    let authenticate = "/checkout/v1/api/authenticate";
    for access in [
        "",
        "Basic",
        "Basic !",
        "Bearer a.b.c",
        &basic("shop"),
        &basic("shop:"),
        &basic(":x"),
    ] {
        for path in [authenticate, "/merchant/API/payments?shop_orderid=a"] {
            let method = if path == authenticate { "POST" } else { "GET" };
            let (status, _) = ask(&mut sandbox, &request(method, path, access, ""));
            assert_eq!(status, 401, "{access} {path}");
        }
    }
    let good = bearer(&mut sandbox);
    let shop = basic("shop:pass");
    let link = format!("/checkout/v1/api/{}", begun(&mut sandbox, CODE));
    for (method, path, access, status) in [
        ("POST", "/checkout/v1/api/session", "", 401),
        ("POST", "/checkout/v1/api/session", "Bearer a.b.c", 401),
        ("POST", "/checkout/v1/api/session", &shop, 401),
        ("GET", "/checkout/v1/api/session", &good, 405),
        ("GET", authenticate, &shop, 405),
        ("POST", "/checkout/v1/api/nothing", &good, 404),
        ("POST", "/checkout/v1/api/session/x/link", &good, 404),
        ("POST", &link, &good, 201),
        ("POST", "/merchant/API/payments", &shop, 405),
        ("GET", "/merchant/API/nothing", &shop, 404),
    ] {
        let (found, body) = ask(&mut sandbox, &request(method, path, access, "{}"));
        assert_eq!(found, status, "{method} {path}: {body}");
    }
    // Another account's session is not there.
    let (_, other) = ask(
        &mut sandbox,
        &request("POST", authenticate, &basic("a:b"), ""),
    );
    let other: Value = serde_json::from_str(&other).unwrap();
    let other = format!("Bearer {}", other["token"].as_str().unwrap());
    assert_eq!(
        ask(&mut sandbox, &request("POST", &link, &other, "{}")).0,
        404
    );
    let mut untyped = request("POST", &link, &good, "{}");
    untyped.headers.pop();
    assert_eq!(ask(&mut sandbox, &untyped).0, 415);
    for (query, code) in [
        ("shop_orderid=a", "0"),
        ("shop_orderid=a&limit=100&sort=desc", "0"),
        ("shop_orderid=a&limit=101", "17"),
        ("shop_orderid=a&limit=0", "17"),
        ("limit=1", "17"),
        ("shop_orderid=a&page=2", "17"),
    ] {
        let path = format!("/merchant/API/payments?{query}");
        let (status, body) = ask(&mut sandbox, &request("GET", &path, &shop, ""));
        let code = format!("<ErrorCode>{code}</ErrorCode>");
        assert!(status == 200 && body.contains(&code), "{query}: {body}");
    }
}
