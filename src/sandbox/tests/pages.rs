//! What a payer can do on the page besides paying once.

use super::*;

const OPEN: &str = r#"{"link":{"amount_type":"dynamic","currency":"EUR"}}"#;

fn link_of(amount: &str) -> String {
    LINK.replace("350", amount)
}

#[test]
fn what_each_4pay_button_tells_the_merchant() {
    let rows = [
        ("pay", json!([["charged", 350]])),
        ("fail", json!([["failed", 350]])),
        ("less", json!([["charged", 175]])),
        ("twice", json!([["charged", 350], ["charged", 350]])),
        ("expire", json!([])),
    ];
    for (button, payments) in rows {
        let mut sandbox = sandbox();
        let id = made(&mut sandbox, LINK);
        let address = format!("/pay/link/{id}/{button}");
        let answer = sandbox.handle(&request("POST", &address, ""), NOW);
        let told = answer.notifications.iter().map(|told| {
            let body: Value = serde_json::from_str(&told.body).unwrap();
            json!([body["status"], body["amount"]])
        });
        assert_eq!(told.collect::<Value>(), payments, "{button}");
    }
}

#[test]
fn what_was_paid_twice_has_two_payments_of_their_own() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, LINK);
    let twice = request("POST", &format!("/pay/link/{id}/twice"), "");
    let told = sandbox.handle(&twice, NOW).notifications;
    assert_eq!(told.len(), 2);
    assert_ne!(told[0].body, told[1].body);
}

#[test]
fn less_is_below_what_is_asked_and_above_nothing() {
    for (asked, less, is_paid) in [
        ("350", 0, false),
        ("350", -1, false),
        ("350", 1, true),
        ("350", 349, true),
        ("350", 350, false),
        ("1", 1, false),
    ] {
        let mut sandbox = sandbox();
        let id = made(&mut sandbox, &link_of(asked));
        let paid = sandbox.pay(&id, Pay::Less { minor: less }, NOW);
        assert_eq!(paid.is_ok(), is_paid, "{less} of {asked}");
    }
    let mut sandbox = sandbox();
    for (body, is_offered) in [
        (link_of("2"), true),
        (link_of("1"), false),
        (OPEN.to_owned(), false),
    ] {
        let id = made(&mut sandbox, &body);
        let path = format!("/pay/link/{id}");
        let shown = page(&mut sandbox, "GET", &path, "").1;
        assert_eq!(shown.contains("/less\""), is_offered, "{body}");
        let status = page(&mut sandbox, "POST", &format!("{path}/less"), "").0;
        assert_eq!(status, if is_offered { 200 } else { 422 }, "{body}");
    }
    let id = made(&mut sandbox, OPEN);
    let less = sandbox.pay(&id, Pay::Less { minor: 1 }, NOW);
    assert_eq!(less, Err(PayError::Amount));
}

#[test]
fn what_is_typed_counts_for_twice_and_is_not_needed_to_fail() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, OPEN);
    let path = format!("/pay/link/{id}");
    for (button, form, status, payments) in [
        ("twice", "amount=3.5", 200, 2),
        ("twice", "amount=", 422, 2),
        ("fail", "amount=", 200, 3),
        ("expire", "amount=", 200, 3),
        ("pay", "amount=3.5", 410, 3),
        ("expire", "", 410, 3),
    ] {
        let found = page(&mut sandbox, "POST", &format!("{path}/{button}"), form).0;
        assert_eq!(found, status, "{button} {form}");
        let (_, links) = ask(&mut sandbox, "GET", "/sandbox/links", "");
        assert_eq!(
            links[0]["payments"].as_array().unwrap().len(),
            payments,
            "{button} {form}"
        );
    }
}

#[test]
fn a_link_expires_once_and_only_where_there_is_one() {
    let mut sandbox = sandbox();
    let id = made(&mut sandbox, LINK);
    assert_eq!(sandbox.expire("nothing", NOW), Err(PayError::Unknown));
    assert_eq!(sandbox.expire(&id, NOW), Ok(()));
    assert_eq!(sandbox.expire(&id, NOW), Err(PayError::Expired));
    assert_eq!(sandbox.pay(&id, Pay::Once, NOW), Err(PayError::Expired));
}

#[test]
fn the_page_says_until_when_it_is_good() {
    let mut sandbox = sandbox();
    let body = LINK.replace(
        "\"currency\"",
        "\"expires_at\":\"2030-01-01T11:30:00+01:00\",\"currency\"",
    );
    let id = made(&mut sandbox, &body);
    let shown = page(&mut sandbox, "GET", &format!("/pay/link/{id}"), "").1;
    assert!(
        shown.contains("Valid until 2030-01-01 10:30 UTC"),
        "{shown}"
    );
}
