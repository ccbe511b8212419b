//! The payer's page, and who hears of a payment.

use super::*;

#[test]
fn a_payer_sees_the_page_and_pays_until_the_limit() {
    let mut sandbox = sandbox();
    let hook =
        r#"{"name":"till","url":"https://hub.example/hooks","isActive":true,"encrypted":false}"#;
    let (status, hook) = ask(&mut sandbox, "POST", "/api/v0/webhooks", hook);
    assert_eq!(status, 201);
    let limited = with("limitPayments", "true").replace('}', ",\"maxPayments\":1}");
    let limited = limited.replace("premium-subscription", "kiosk/tea");
    let id = made(&mut sandbox, &limited);
    let path = "/checkout/kiosk/tea";
    let html = sandbox.handle(&request("GET", path, ""), NOW).response;
    assert_eq!(html.status, 200);
    assert!(html.body.contains("Pay 29.99 USDC") && html.body.contains("SANDBOX"));
    let failed = sandbox.pay(&id, Pay::Fail, NOW).unwrap();
    assert!(failed[0].body.contains("payment.failed"));
    let button = request("POST", &format!("{path}/pay"), "");
    let reply = sandbox.handle(&button, NOW);
    assert_eq!(reply.response.status, 200);
    let [told] = reply.notifications.as_slice() else {
        panic!("{reply:?}")
    };
    assert_eq!(told.url, "https://hub.example/hooks");
    assert!(told.body.starts_with(r#"{"assumed":true,"event":"#));
    assert!(told.body.contains("\"amount\":29.99"));
    assert_eq!(
        told.headers,
        [("content-type".to_owned(), "application/json".to_owned())]
    );
    let (_, link) = ask(
        &mut sandbox,
        "GET",
        &format!("/api/v0/payment-links/{id}"),
        "",
    );
    assert_eq!(link["status"], "INACTIVE");
    assert_eq!(sandbox.pay(&id, Pay::Once, NOW), Err(PayError::Gone));
    assert_eq!(sandbox.handle(&button, NOW).response.status, 410);
    let (_, held) = ask(&mut sandbox, "GET", "/sandbox/links", "");
    assert_eq!(held[0]["state"], "paid");
    // Without a webhook nobody is told.
    let path = format!("/api/v0/webhooks/{}", hook["id"].as_str().unwrap());
    assert_eq!(ask(&mut sandbox, "DELETE", &path, "").0, 200);
    assert_eq!(ask(&mut sandbox, "DELETE", &path, "").0, 404);
    let open = made(&mut sandbox, LINK);
    assert_eq!(sandbox.pay(&open, Pay::Once, NOW), Ok(Vec::new()));
}

#[test]
fn a_webhook_is_checked_and_its_secret_is_kept_from_everybody() {
    let mut sandbox = sandbox();
    let secret = "a".repeat(32);
    let hook = |url: &str, secret: &str| {
        format!(
            r#"{{"name":"till","url":"{url}","isActive":true,"encrypted":false,"signing_secret":"{secret}"}}"#
        )
    };
    for (url, secret, status) in [
        ("https://hub.example/hooks", secret.as_str(), 201),
        ("http://127.0.0.1:8080/hooks", &secret, 201),
        ("http://hub.example/hooks", &secret, 400),
        ("https://hub.example/hooks", &secret[1..], 400),
        ("hub", &secret, 400),
    ] {
        let body = hook(url, secret);
        let (found, answer) = ask(&mut sandbox, "POST", "/api/v0/webhooks", &body);
        assert_eq!(found, status, "{url} {answer}");
        assert!(!answer.to_string().contains(&secret[1..]), "{answer}");
    }
    let (_, list) = ask(&mut sandbox, "GET", "/api/v0/webhooks", "");
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert!(
        !serde_json::to_string(&sandbox.state)
            .unwrap()
            .contains(&secret)
    );
}

#[test]
fn a_payer_types_the_amount_of_a_donation() {
    let mut sandbox = sandbox();
    let body = with("linkType", "\"DONATION\"").replace("\"amount\":29.99,", "");
    let id = made(&mut sandbox, &body);
    let path = "/checkout/premium-subscription";
    let html = sandbox.handle(&request("GET", path, ""), NOW).response;
    assert!(html.body.contains("Amount in USDC"));
    for (form, status) in [
        ("amount=3.5", 200),
        ("amount=0.01", 200),
        ("amount=0.009", 422),
        ("amount=3.505", 422),
        ("amount=0", 422),
        ("amount=x", 422),
        ("", 422),
    ] {
        let reply = sandbox.handle(&request("POST", &format!("{path}/pay"), form), NOW);
        assert_eq!(reply.response.status, status, "{form}");
    }
    assert!(
        sandbox
            .pay(&id, Pay::Typed { minor: 3_500_000 }, NOW)
            .is_ok()
    );
    let fixed = made(&mut sandbox, &with("url", "\"fixed\""));
    let typed = sandbox.pay(&fixed, Pay::Typed { minor: 3_500_000 }, NOW);
    assert_eq!(typed, Err(PayError::Amount));
}

#[test]
fn a_page_is_at_its_slug_to_the_end_and_a_deed_behind_it() {
    let mut sandbox = sandbox();
    made(&mut sandbox, &with("url", "\"tea\""));
    for (method, path, status) in [
        ("GET", "/checkout/tea", 200),
        ("GET", "/checkout/tea/pay", 405),
        ("POST", "/checkout/tea", 405),
        ("PUT", "/checkout/tea", 405),
        ("POST", "/checkout/tea/pay", 200),
        ("POST", "/checkout/tea/eat", 404),
        ("POST", "/checkout/tea/pay/pay", 404),
        ("GET", "/checkout/coffee/pay", 404),
    ] {
        let found = sandbox.handle(&request(method, path, ""), NOW).response;
        assert_eq!(found.status, status, "{method} {path}");
    }
    // A slug that ends like a button has a page and buttons of its own.
    made(&mut sandbox, &with("url", "\"tea/pay\""));
    for (method, path, title) in [
        ("GET", "/checkout/tea/pay", "Premium Subscription"),
        ("POST", "/checkout/tea/pay/fail", "Not paid"),
    ] {
        let found = sandbox.handle(&request(method, path, ""), NOW).response;
        assert_eq!(found.status, 200, "{method} {path}");
        assert!(found.body.contains(title), "{}", found.body);
    }
    let (_, held) = ask(&mut sandbox, "GET", "/sandbox/links", "");
    assert_eq!(held[0]["payments"].as_array().unwrap().len(), 1);
    assert_eq!(held[1]["payments"][0]["status"], "failed");
}

#[test]
fn a_link_at_its_end_is_expired_and_a_restart_forgets_nothing() {
    let mut before = sandbox();
    let end = NOW.plus_millis(60_000);
    let body = with("expiration_date", &format!("\"{}\"", end.to_rfc3339()));
    let body = body.replace('{', r#"{"customFields":{"a":1.5},"#);
    let id = made(&mut before, &body);
    let kept = serde_json::to_string(&before.state).unwrap();
    let mut after = sandbox();
    after.state = serde_json::from_str(&kept).unwrap();
    assert!(after.pay(&id, Pay::Once, NOW).is_ok());
    assert_eq!(after.pay(&id, Pay::Once, end), Err(PayError::Expired));
    let path = format!("/api/v0/payment-links/{id}");
    let response = after.handle(&request("GET", &path, ""), end).response;
    assert!(response.body.contains("\"status\":\"EXPIRED\""));
    assert_eq!(after.pay("nothing", Pay::Once, NOW), Err(PayError::Unknown));
    let page = after.handle(&request("GET", "/checkout/none", ""), NOW);
    assert_eq!(page.response.status, 404);
}
