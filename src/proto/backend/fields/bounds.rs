//! Each field that has a bound is tried on both sides of it.

use std::collections::BTreeMap;

use super::super::account::{TABLE_CHARS_MAX, TABLE_MAX};
use super::super::read::ID_CHARS_MAX;
use super::super::sample::{answer, job, link};
use super::super::url::URL_BYTES_MAX;
use super::super::{Action, CODECS, Next, OptionField, OptionKind, Outcome, Scope, codec};
use super::{ID, SESSION};
use crate::domain::options::{OptionValue, Options};

/// The least and the most that an option takes, and what is just beyond.
fn edges(kind: OptionKind) -> Vec<(OptionValue, bool)> {
    let text = |length: usize| OptionValue::Text("é".repeat(length));
    let table = |names: usize, length: usize| {
        let names = (0..names).map(|name| (name.to_string(), "é".repeat(length)));
        OptionValue::Table(names.collect::<BTreeMap<_, _>>())
    };
    let named = |length: usize| OptionValue::Table([("é".repeat(length), String::new())].into());
    match kind {
        OptionKind::Whole(from, to) => {
            [(from - 1, false), (from, true), (to, true), (to + 1, false)]
                .map(|(number, fits)| (OptionValue::Whole(number), fits))
                .into()
        }
        OptionKind::Text(from, to) => {
            [(from - 1, false), (from, true), (to, true), (to + 1, false)]
                .map(|(length, fits)| (text(length), fits))
                .into()
        }
        OptionKind::PublicUrl => [(URL_BYTES_MAX, true), (URL_BYTES_MAX + 1, false)]
            .map(|(length, fits)| {
                (
                    OptionValue::Text(address("https://a.example/", length)),
                    fits,
                )
            })
            .into(),
        OptionKind::Table => vec![
            (table(0, 0), true),
            (table(TABLE_MAX, TABLE_CHARS_MAX), true),
            (table(TABLE_MAX + 1, 1), false),
            (table(1, TABLE_CHARS_MAX + 1), false),
            (named(0), false),
            (named(1), true),
            (named(TABLE_CHARS_MAX), true),
            (named(TABLE_CHARS_MAX + 1), false),
        ],
        OptionKind::Uuid => [(ID, true), (&ID[1..], false), ("", false)]
            .map(|(id, fits)| (OptionValue::Text(id.to_owned()), fits))
            .into(),
        OptionKind::Word(words) => words
            .iter()
            .flat_map(|word| [((*word).to_owned(), true), (format!("{word}x"), false)])
            .map(|(word, fits)| (OptionValue::Text(word), fits))
            .collect(),
        OptionKind::Switch => vec![
            (OptionValue::Switch(true), true),
            (OptionValue::Switch(false), true),
            (OptionValue::Whole(1), false),
            (OptionValue::Text("true".to_owned()), false),
        ],
    }
}

fn address(start: &str, length: usize) -> String {
    format!("{start}{}", "a".repeat(length - start.len()))
}

#[test]
fn every_option_of_every_kind_is_taken_up_to_its_bounds_and_not_beyond() {
    let fields = CODECS.iter().flat_map(|codec| {
        let fields = codec.options().iter();
        fields.map(|field| (codec.kind(), field))
    });
    for (kind, field) in fields {
        for (value, fits) in edges(field.kind) {
            let found = field.check(&value);
            assert_eq!(found.is_ok(), fits, "{kind} {}: {value:?}", field.name);
        }
    }
}

/// The codecs that look at options once more, because they may come from an old file.
#[test]
fn an_option_beyond_its_bounds_is_not_sent_either() {
    for kind in ["altapay", "devdraft"] {
        let fields = codec(kind).unwrap().options().iter();
        for field in fields.filter(|field| field.scope == Scope::Link) {
            refuses(kind, field);
        }
    }
}

fn refuses(kind: &str, field: &OptionField) {
    for (value, _) in edges(field.kind).iter().filter(|(_, fits)| !fits) {
        let mut options = Options::default();
        options.set(field.name, value.clone());
        let action = Action::Create {
            link: link(2_999, "USD"),
            notify_url: None,
        };
        let found = codec(kind).unwrap().next(job(&action, &[], &options));
        assert!(
            matches!(&found, Next::Refused(refusal) if refusal.reason.contains(field.name)),
            "{kind} {} {value:?}: {found:?}",
            field.name
        );
    }
}

/// What each kind answers to a new link, with its id and address left open.
const MADE: [(&str, &str); 4] = [
    (
        "4pay",
        r#"{"id":"ID","url":"URL","amount":{"default":2999},"amount_type":"static"}"#,
    ),
    (
        "4geeks",
        r#"{"id":"ID","object":"payment_link","url":"URL","active":true}"#,
    ),
    (
        "devdraft",
        r#"{"id":"ID","url":"URL","status":"ACTIVE","linkType":"PRODUCT","currency":"usdc","amount":29.99,"limitPayments":true,"maxPayments":1,"allowQuantityAdjustment":false,"paymentForId":"01955a3c-1234-7abc-8def-0123456789ab"}"#,
    ),
    ("altapay", r#"{"id":"ID","paymentLink":"URL","qrCode":""}"#),
];

fn is_made(kind: &str, made: &str) -> bool {
    let action = Action::Create {
        link: link(2_999, "USD"),
        notify_url: None,
    };
    let mut answers = vec![answer(201, made)];
    if kind == "altapay" {
        answers.insert(0, answer(201, SESSION));
    }
    let none = Options::default();
    let found = codec(kind).unwrap().next(job(&action, &answers, &none));
    matches!(found, Next::Done(Outcome::Link(_)))
}

#[test]
fn an_answers_id_and_address_are_believed_up_to_their_bounds() {
    for (kind, made) in MADE {
        let with = |id: usize, url: usize| {
            let url = address("https://pay.example/", url);
            is_made(
                kind,
                &made.replace("ID", &"a".repeat(id)).replace("URL", &url),
            )
        };
        for (id, url, is_link) in [
            (0, 100, false),
            (1, 100, true),
            (ID_CHARS_MAX, 100, true),
            (ID_CHARS_MAX + 1, 100, false),
            (1, URL_BYTES_MAX, true),
            (1, URL_BYTES_MAX + 1, false),
        ] {
            assert_eq!(with(id, url), is_link, "{kind} {id} {url}");
        }
    }
}

#[test]
fn an_id_at_its_bound_still_fits_a_path() {
    let none = Options::default();
    for kind in ["4pay", "devdraft"] {
        for (id, fits) in [
            ("a".to_owned(), true),
            ("a".repeat(ID_CHARS_MAX), true),
            ("a".repeat(ID_CHARS_MAX + 1), false),
            (String::new(), false),
            ("a/b".to_owned(), false),
        ] {
            let fetch = Action::Fetch {
                remote_id: id.clone(),
            };
            let update = Action::Update {
                remote_id: id.clone(),
                link: link(2_999, "USD"),
            };
            for action in [fetch, update] {
                let found = codec(kind).unwrap().next(job(&action, &[], &none));
                assert_eq!(
                    matches!(found, Next::Send(_)),
                    fits,
                    "{kind} {id:?} {found:?}"
                );
            }
        }
    }
}

/// The least that can be asked for, and one less; the most there is.
#[test]
fn the_least_and_the_most_amount_of_every_kind() {
    let none = Options::default();
    for (kind, currency, minor, is_sent) in [
        ("4pay", "EUR", 1, true),
        ("4pay", "EUR", 0, false),
        ("4pay", "EUR", -1, false),
        ("4pay", "EUR", i64::MAX, true),
        ("4geeks", "EUR", 1, true),
        ("4geeks", "EUR", 0, false),
        ("4geeks", "EUR", -1, false),
        ("4geeks", "EUR", i64::MAX, true),
        ("devdraft", "EUR", 1, true),
        ("devdraft", "EUR", 0, false),
        ("devdraft", "EURC", 10_000, true),
        ("devdraft", "EURC", 9_999, false),
        ("devdraft", "EUR", i64::MAX, true),
        ("altapay", "EUR", 1, true),
        ("altapay", "EUR", 0, false),
        ("altapay", "EUR", -1, false),
        ("altapay", "EUR", i64::MAX, true),
    ] {
        let action = Action::Create {
            link: link(minor, currency),
            notify_url: None,
        };
        let found = codec(kind).unwrap().next(job(&action, &[], &none));
        assert_eq!(
            matches!(found, Next::Send(_)),
            is_sent,
            "{kind} {minor}: {found:?}"
        );
    }
}
