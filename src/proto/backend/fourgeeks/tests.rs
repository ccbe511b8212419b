//! What is sent to 4Geeks, to the letter of its document, and what is not.

use serde_json::Value;

use super::super::sample::{self, job, link};
use super::*;
use crate::domain::link::{Asking, Purpose};
use crate::domain::options::{OptionValue, Options};

mod answers;
mod hostile;

fn create(minor: i64, currency: &str, description: &str) -> Action {
    let mut link = link(minor, currency);
    link.description = description.to_owned();
    // A description of the document's, without a word of ours in it.
    link.word = String::new();
    Action::Create {
        link,
        notify_url: Some("https://hub.example/hooks/4geeks/e/t".to_owned()),
    }
}

fn documented() -> Action {
    create(4_999, "USD", "One-time service fee")
}

fn next(action: &Action, answers: &[Response]) -> Next {
    sample::next(&FourGeeks, action, answers)
}

fn refused(next: Next) -> Refusal {
    match next {
        Next::Refused(refusal) => refusal,
        other @ (Next::Send(_) | Next::Done(_) | Next::Later(_)) => panic!("{other:?}"),
    }
}

#[test]
fn a_link_is_asked_for_byte_by_byte_as_the_document_says() {
    let mut action = documented();
    if let Action::Create { link, .. } = &mut action {
        // The till keeps the end itself.
        link.expires_at = Some(sample::NOW.plus_millis(60_000));
    }
    for purpose in [Purpose::Single, Purpose::Permanent] {
        if let Action::Create { link, .. } = &mut action {
            link.purpose = purpose;
        }
        let request = sample::sent(&FourGeeks, &action);
        assert_eq!(
            (request.method, request.path.as_str()),
            (Method::Post, "/v1/payment-links")
        );
        assert_eq!(
            request.body.as_deref(),
            Some(r#"{"amount":4999,"currency":"USD","description":"One-time service fee"}"#)
        );
        let text = |text: &str| HeaderValue::Text(text.to_owned());
        assert_eq!(
            request.headers,
            [
                ("accept", text("application/json")),
                ("x-api-key", HeaderValue::Credential("api_key")),
                ("content-type", text("application/json")),
            ]
        );
    }
}

#[test]
fn the_links_word_is_in_the_description_once() {
    for (description, expected) in [
        ("One-time service fee", "tulip · One-time service fee"),
        ("Tea at two · tulip", "Tea at two · tulip"),
        ("tulip, tea", "tulip, tea"),
        ("Ten tulips", "tulip · Ten tulips"),
    ] {
        let mut wanted = link(4_999, "USD");
        wanted.description = description.to_owned();
        let request = sample::sent(
            &FourGeeks,
            &Action::Create {
                link: wanted,
                notify_url: None,
            },
        );
        let body: Value = serde_json::from_str(request.body.as_deref().unwrap()).unwrap();
        assert_eq!(body["description"], expected);
    }
}

#[test]
fn a_list_and_the_probe_are_the_documents_list() {
    for (request, path) in [
        (
            sample::sent(&FourGeeks, &Action::List { from: 0 }),
            "/v1/payment-links?limit=100&offset=0",
        ),
        (
            sample::sent(&FourGeeks, &Action::List { from: 200 }),
            "/v1/payment-links?limit=100&offset=200",
        ),
        (FourGeeks.probe(), "/v1/payment-links?limit=1&offset=0"),
    ] {
        assert_eq!((request.method, request.path.as_str()), (Method::Get, path));
        assert_eq!(request.body, None);
        let key = ("x-api-key", HeaderValue::Credential("api_key"));
        assert!(request.headers.contains(&key));
    }
}

#[test]
fn what_it_cannot_do_is_refused_before_it_is_sent() {
    let remote_id = || "plink_3m4n5o6p7q8r".to_owned();
    let mut open = link(0, "USD");
    open.asking = Asking::Open;
    let new = |link| Action::Create {
        link,
        notify_url: None,
    };
    let rows = [
        (
            Action::Fetch {
                remote_id: remote_id(),
            },
            "one link by its id",
        ),
        (
            Action::LookUp {
                link: link(100, "USD"),
            },
            "what was paid",
        ),
        (
            Action::Update {
                remote_id: remote_id(),
                link: link(100, "USD"),
            },
            "cannot change a link",
        ),
        (
            Action::Withdraw {
                remote_id: remote_id(),
            },
            "cannot switch off",
        ),
        (
            Action::CreateProduct {
                link: link(100, "USD"),
                notify_url: None,
            },
            "no products",
        ),
        (new(open), "the payer types the amount"),
        (create(0, "USD", "Tea"), "at least one cent"),
        (create(-1, "USD", "Tea"), "at least one cent"),
        (create(100, "USD", " \n"), "give the product a name"),
        (create(100, "JPY", "Tea"), "any_currency = true"),
        (create(100, "KWD", "Tea"), "any_currency = true"),
        (create(100, "USDC", "Tea"), "three letters"),
    ];
    for (action, said) in rows {
        let refusal = refused(next(&action, &[]));
        assert!(refusal.reason.contains(said), "{}", refusal.reason);
        assert_eq!(refusal.status, None);
    }
    assert!(matches!(next(&create(1, "USD", "T"), &[]), Next::Send(_)));
    assert!(matches!(next(&create(1, "USD", ""), &[]), Next::Refused(_)));
    assert!(FourGeeks.read_notification("{}").is_err());
}

#[test]
fn a_currency_without_cents_is_sent_only_where_the_owner_says_so() {
    for (any, code, is_sent) in [
        (true, "JPY", true),
        (true, "KWD", true),
        (true, "USDC", false),
        (false, "JPY", false),
        (false, "EUR", true),
    ] {
        let mut options = Options::default();
        options.set(ask::ANY_CURRENCY, OptionValue::Switch(any));
        let action = create(500, code, "Tea");
        let next = FourGeeks.next(job(&action, &[], &options));
        assert_eq!(matches!(next, Next::Send(_)), is_sent, "{any} {code}");
    }
}
