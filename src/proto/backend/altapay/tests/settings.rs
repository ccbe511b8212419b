//! Options and times of a link.

use super::super::super::sample::NOW;
use super::*;

#[test]
fn a_link_lives_until_its_end_and_a_payer_has_no_longer_than_that() {
    // Milliseconds until the link's own end, the two options; what is sent, or what is said.
    let rows = [
        (None, None, None, Ok(r#"{"activationTime":60}"#)),
        (
            None,
            Some(30),
            None,
            Ok(r#"{"validityTime":30,"activationTime":30}"#),
        ),
        (
            None,
            Some(30),
            Some(30),
            Ok(r#"{"validityTime":30,"activationTime":30}"#),
        ),
        (None, Some(30), Some(31), Err("lower it")),
        (None, None, Some(20_160), Ok(r#"{"activationTime":20160}"#)),
        (
            Some(60_000),
            Some(30),
            None,
            Ok(r#"{"validityTime":1,"activationTime":1}"#),
        ),
        (Some(59_999), None, None, Err("at its end")),
        (Some(-1), None, None, Err("at its end")),
        (
            Some(7_259_999),
            None,
            Some(10),
            Ok(r#"{"validityTime":120,"activationTime":10}"#),
        ),
    ];
    for (life, validity, activation, expected) in rows {
        let mut wanted = link(350, "EUR");
        wanted.expires_at = life.map(|life| NOW.plus_millis(life));
        let whole = |name, value: Option<i64>| value.map(|value| (name, OptionValue::Whole(value)));
        let set = [
            whole("validity_minutes", validity),
            whole("activation_minutes", activation),
        ];
        let set: Vec<_> = set.into_iter().flatten().collect();
        let action = Action::Create {
            link: wanted,
            notify_url: None,
        };
        match expected {
            Ok(body) => {
                let request = sent(&action, &[answer(201, SESSION)], &options(&set));
                assert_eq!(request.body.as_deref(), Some(body), "{set:?}");
            }
            // Known before anything is sent.
            Err(said) => {
                let found = next(&action, &[], &options(&set));
                assert!(reason(&found).contains(said), "{}", reason(&found));
            }
        }
    }
}

#[test]
fn a_products_option_stands_above_the_accounts_and_both_have_bounds() {
    let mut wanted = link(350, "EUR");
    wanted.options = options(&[("size", OptionValue::Whole(100))]);
    let action = Action::Create {
        link: wanted,
        notify_url: None,
    };
    let account = options(&[("size", OptionValue::Whole(2_000))]);
    let request = sent(&action, &[answer(200, SESSION)], &account);
    assert!(request.body.unwrap().starts_with(r#"{"size":100,"#));
    for (name, value, said) in [
        ("size", OptionValue::Whole(99), "100 to 2000"),
        ("size", OptionValue::Whole(2_001), "100 to 2000"),
        ("activation_minutes", OptionValue::Whole(0), "1 to 20160"),
        (
            "activation_minutes",
            OptionValue::Whole(20_161),
            "1 to 20160",
        ),
        ("validity_minutes", OptionValue::Whole(0), "1 to 20160"),
        ("validity_minutes", OptionValue::Whole(20_161), "1 to 20160"),
        ("landing_url", text("http://shop.example"), "https://"),
        ("country", text("1A"), "two letters"),
        (
            "success_url",
            text("https://shop.example:8443/"),
            "80 and 443",
        ),
    ] {
        let found = next(&create(350, "EUR"), &[], &options(&[(name, value)]));
        assert!(reason(&found).contains(name), "{}", reason(&found));
        assert!(reason(&found).contains(said), "{}", reason(&found));
    }
}

#[test]
fn the_least_and_the_most_of_each_number_go_out() {
    for (name, value, field) in [
        ("size", 100, "size"),
        ("size", 2_000, "size"),
        ("validity_minutes", 1, "validityTime"),
        ("validity_minutes", 20_160, "validityTime"),
        ("activation_minutes", 1, "activationTime"),
        ("activation_minutes", 20_160, "activationTime"),
    ] {
        let set = options(&[(name, OptionValue::Whole(value))]);
        let request = sent(&create(350, "EUR"), &[answer(201, SESSION)], &set);
        let body = request.body.unwrap();
        assert!(body.contains(&format!("\"{field}\":{value}")), "{body}");
    }
}
