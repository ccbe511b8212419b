//! Open amounts, and what is refused or read besides.

use super::*;
use crate::domain::link::{Asking, Link};
use crate::proto::backend::sample::NOW;
use crate::proto::backend::{RemoteStanding, RemoteState};

pub(super) fn wanted(change: impl Fn(&mut Link)) -> Box<Link> {
    let mut wanted = link(1_000, "USD");
    change(&mut wanted);
    wanted
}

pub(super) fn making(change: impl Fn(&mut Link)) -> Action {
    Action::Create {
        link: wanted(change),
        notify_url: Some("https://yoursite.com/webhooks/payment".to_owned()),
    }
}

pub(super) fn typed(suggested: i64) -> impl Fn(&mut Link) {
    move |link| {
        link.asking = Asking::Open;
        link.amount.minor = suggested;
    }
}

pub(super) fn open(suggested: i64) -> Action {
    making(typed(suggested))
}

pub(super) fn done(next: Next) -> RemoteState {
    match next {
        Next::Done(Outcome::Link(state)) => state,
        other @ (Next::Done(_) | Next::Send(_) | Next::Later(_) | Next::Refused(_)) => {
            panic!("{other:?}")
        }
    }
}

#[test]
fn an_open_amount_is_dynamic_and_names_only_a_suggestion() {
    let bare = body(&sent(&open(0)));
    assert_eq!(
        bare,
        json!({"link": {
            "amount_type": "dynamic",
            "notify_url": "https://yoursite.com/webhooks/payment",
            "description": "Payment for service",
            "currency": "USD",
        }})
    );
    let suggested = body(&sent(&open(500)));
    assert_eq!(suggested["link"]["amount"], json!({"default": 500}));
    assert_eq!(suggested["link"]["amount_type"], "dynamic");
    let update = Action::Update {
        remote_id: "abc12345-...".to_owned(),
        link: wanted(typed(0)),
    };
    assert_eq!(
        body(&sent(&update)),
        json!({"link": {"description": "Payment for service"}})
    );
    for (minor, currency) in [(-1, "USD"), (0, "CHF")] {
        let action = making(|link| {
            link.asking = Asking::Open;
            link.amount = super::link(minor, currency).amount;
        });
        assert!(matches!(next(&action, &[]), Next::Refused(_)), "{currency}");
    }
}

#[test]
fn an_open_amounts_answer_has_to_be_dynamic() {
    let dynamic = |amount: &str| {
        CREATED
            .replace("\"static\"", "\"dynamic\"")
            .replace("{ \"default\": 1000 }", amount)
    };
    let rows = [
        (0, dynamic("{ \"default\": null }"), ""),
        (0, dynamic("{}"), ""),
        (0, dynamic("null"), ""),
        (0, dynamic("{ \"default\": 0 }"), ""),
        (0, dynamic("{ \"default\": 1 }"), "another amount"),
        (500, dynamic("{ \"default\": 500 }"), ""),
        (500, dynamic("{}"), ""),
        (500, dynamic("{ \"default\": 501 }"), "another amount"),
        (500, dynamic("{ \"default\": null }"), "another amount"),
        (1_000, CREATED.to_owned(), "another kind"),
        (
            1_000,
            CREATED.replace("\"amount_type\"", "\"kind\""),
            "another kind",
        ),
    ];
    for (suggested, text, said) in rows {
        let found = next(&open(suggested), &[answer(201, &text)]);
        if said.is_empty() {
            let state = done(found);
            assert_eq!((state.minor, state.warning), (None, None), "{text}");
        } else {
            assert!(reason(&found).contains(said), "{text}: {}", reason(&found));
        }
    }
}

#[test]
fn a_past_end_and_an_open_notification_address_are_not_sent() {
    for (after_ms, is_sent) in [(-1, false), (0, false), (1, true)] {
        let action = making(|link| link.expires_at = Some(NOW.plus_millis(after_ms)));
        let found = next(&action, &[]);
        assert_eq!(matches!(found, Next::Send(_)), is_sent, "{found:?}");
    }
    for (address, is_sent) in [
        ("https://hub.example/hooks/4pay/e/t", true),
        ("http://hub.example/hooks/4pay/e/t", false),
        ("http://127.0.0.1:8080/hooks", true),
        ("http://localhost:8080/hooks", true),
        ("http://127.0.0.1.evil.example/hooks", false),
        ("http://192.168.1.7/hooks", false),
        ("https://", false),
        ("", false),
    ] {
        for product in [false, true] {
            let notify_url = Some(address.to_owned());
            let link = link(1_000, "USD");
            let action = if product {
                Action::CreateProduct { link, notify_url }
            } else {
                Action::Create { link, notify_url }
            };
            let found = next(&action, &[]);
            assert_eq!(matches!(found, Next::Send(_)), is_sent, "{address}");
        }
        let subscribe = Action::Subscribe {
            remote_id: "abc".to_owned(),
            link: link(1_000, "USD"),
            notify_url: address.to_owned(),
        };
        let found = next(&subscribe, &[]);
        assert_eq!(matches!(found, Next::Send(_)), is_sent, "{address}");
    }
}

#[test]
fn a_refusal_carries_the_providers_code() {
    for (text, code) in [
        (
            r#"{"error":"conflict","message":"exists"}"#,
            Some("conflict"),
        ),
        (
            r#"{"errors":[{"detail":"x"},{"code":"invalid","detail":"y"}]}"#,
            Some("invalid"),
        ),
        (r#"{"error":"not found"}"#, None),
    ] {
        let found = next(&making(|_| {}), &[answer(409, text)]);
        let Next::Refused(refusal) = found else {
            panic!("{found:?}")
        };
        assert_eq!(refusal.code.as_deref(), code, "{text}");
    }
}

#[test]
fn where_a_link_stands_is_read_where_it_is_said() {
    for (field, standing) in [
        ("\"x\": 1", RemoteStanding::Unknown),
        ("\"active\": true", RemoteStanding::Active),
        ("\"active\": false", RemoteStanding::Inactive),
        ("\"status\": \"active\"", RemoteStanding::Active),
        ("\"status\": \"expired\"", RemoteStanding::Expired),
        ("\"status\": \"disabled\"", RemoteStanding::Inactive),
        ("\"status\": \"sleeping\"", RemoteStanding::Unknown),
        (
            "\"status\": \"active\", \"active\": false",
            RemoteStanding::Inactive,
        ),
    ] {
        let text = CREATED.replacen('{', &format!("{{{field},"), 1);
        let state = done(next(&making(|_| {}), &[answer(200, &text)]));
        assert_eq!(state.standing, standing, "{field}");
    }
}
