//! Every bound of every field, on both sides, before anything is sent.

use super::*;

const PRODUCT: &str = "123e4567-e89b-12d3-a456-426614174000";

fn wanted(change: impl FnOnce(&mut Link)) -> Next {
    let mut wanted = link(350, "EUR");
    change(&mut wanted);
    next(&action(wanted), &[])
}

/// What is wrong is named; nothing is said of what is right.
fn check(what: &str, found: &Next, said: &str) {
    if said.is_empty() {
        assert!(matches!(found, Next::Send(_)), "{what}: {found:?}");
    } else {
        assert!(refused(found).contains(said), "{what}: {found:?}");
    }
}

#[test]
fn an_amount_is_at_least_a_cent_of_a_currency_that_has_a_token() {
    for (minor, currency, said) in [
        (1, "EUR", ""),
        (0, "EUR", "below 0.01"),
        (-1, "EUR", "below 0.01"),
        (350, "USD", ""),
        (350, "CHF", "not CHF"),
        (350, "GBP", "not GBP"),
        (350_000, "USDC", ""),
        (350_001, "USDC", "digits after the point"),
        (10_000, "EURC", ""),
        (9_999, "EURC", "digits after the point"),
    ] {
        let found = next(&create(minor, currency), &[]);
        check(&format!("{minor} {currency}"), &found, said);
    }
}

#[test]
fn an_end_lies_ahead() {
    for (ahead_ms, said) in [(1, ""), (0, "past"), (-1, "past")] {
        let found = wanted(|link| link.expires_at = Some(NOW.plus_millis(ahead_ms)));
        check(&ahead_ms.to_string(), &found, said);
    }
}

#[test]
fn an_option_is_checked_once_more() {
    let piece = |quantity: &str| format!("{PRODUCT}={quantity}");
    let rows = [
        ("max_payments", "1".to_owned(), ""),
        ("max_payments", "0".to_owned(), "max_payments"),
        ("max_payments", "1000000".to_owned(), ""),
        ("max_payments", "1000001".to_owned(), "max_payments"),
        ("tax_id", OURS.to_owned(), ""),
        ("tax_id", "7".to_owned(), "tax_id"),
        ("customer_id", OURS.to_owned(), ""),
        ("customer_id", "7".to_owned(), "customer_id"),
        ("cover_image", "https://a.example/b".to_owned(), ""),
        (
            "cover_image",
            "http://a.example/b".to_owned(),
            "cover_image",
        ),
        ("collect_tax", "true".to_owned(), ""),
        ("collect_tax", "maybe".to_owned(), "collect_tax"),
        ("collect_address", "maybe".to_owned(), "collect_address"),
        ("collect_address", "true".to_owned(), ""),
        (
            "allow_quantity_adjustment",
            "maybe".to_owned(),
            "allow_quantity_adjustment",
        ),
        ("allow_quantity_adjustment", "true".to_owned(), ""),
        (
            "allow_mobile_payment",
            "maybe".to_owned(),
            "allow_mobile_payment",
        ),
        ("allow_mobile_payment", "true".to_owned(), ""),
        (
            "is_for_all_product",
            "maybe".to_owned(),
            "is_for_all_product",
        ),
        ("is_for_all_product", "true".to_owned(), ""),
        ("custom_fields", "a=b".to_owned(), ""),
        ("custom_fields", "a".to_owned(), "custom_fields"),
        ("products", piece("1"), ""),
        ("products", piece("0"), "from 1"),
        ("products", piece("1.5"), "from 1"),
        ("products", piece("-1"), "from 1"),
        ("products", piece("4294967295"), ""),
        ("products", piece("4294967296"), "from 1"),
        ("products", "7=1".to_owned(), "UUID"),
        ("link_type", "PRODUCT".to_owned(), ""),
        ("link_type", "DONATION".to_owned(), ""),
        (
            "link_type",
            "SUBSCRIPTION".to_owned(),
            "allow_subscriptions",
        ),
        ("link_type", "INVOICE".to_owned(), "link_type"),
    ];
    for (name, text, said) in rows {
        let found = wanted(|link| link.options = options(&[(name, &text)]));
        check(&format!("{name} {text}"), &found, said);
    }
}

#[test]
fn only_a_donation_is_open_and_a_subscription_wants_the_owners_word() {
    let found = wanted(|link| {
        link.options = options(&[("link_type", "PRODUCT")]);
        link.asking = Asking::Open;
    });
    check("an open product", &found, "DONATION only");
    let mut monthly = link(350, "EUR");
    monthly.options = options(&[("link_type", "SUBSCRIPTION")]);
    let monthly = action(monthly);
    let allowed = options(&[("allow_subscriptions", "true")]);
    let body = request(with_options(&allowed, &monthly, &[])).body.unwrap();
    assert!(body.contains(r#""linkType":"SUBSCRIPTION""#), "{body}");
}

#[test]
fn a_title_that_is_too_short_is_not_sent() {
    let none = Options::default();
    for (title, said) in [("Tea", ""), ("T", "title")] {
        let mut wanted = link(350, "EUR");
        title.clone_into(&mut wanted.title);
        let action = action(wanted);
        let found = Devdraft.next(LinkJob {
            account: AccountView {
                shop: "",
                options: &none,
            },
            ..sample::job(&action, &[], &none)
        });
        check(title, &found, said);
    }
}
