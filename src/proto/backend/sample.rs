//! What the tests of all codecs begin with: a link, a job for it, and whatever somebody may send.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{AccountView, Action, LinkJob, Next, PaymentBackend, Request, Response};
use crate::domain::id::LinkId;
use crate::domain::link::{Asking, Link, LinkState, Purpose};
use crate::domain::money::{Amount, Currency};
use crate::domain::options::Options;
use crate::domain::time::Timestamp;

/// 2026-03-01T10:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_772_359_200_000);

/// A single link that was decided and not made yet.
pub(crate) fn link(minor: i64, currency: &str) -> Box<Link> {
    Box::new(Link {
        id: LinkId(uuid::Uuid::from_u128(
            0x0195_5a3c_1234_7abc_8def_0123_4567_89ab,
        )),
        backend: "main".to_owned(),
        account: "fingerprint".to_owned(),
        purpose: Purpose::Single,
        product: None,
        amount: Amount::new(minor, Currency::from_code(currency).unwrap()),
        asking: Asking::Fixed,
        title: "Tea".to_owned(),
        word: "tulip".to_owned(),
        description: "Payment for service".to_owned(),
        token: "t".to_owned(),
        state: LinkState::Requested,
        remote: None,
        sale: None,
        is_custom: false,
        reports_to: None,
        options: Options::default(),
        created_at: NOW,
        expires_at: None,
    })
}

/// A job of the shop "Café Ärger", sent for the first time one second ago.
pub(crate) fn job<'a>(
    action: &'a Action,
    answers: &'a [Response],
    options: &'a Options,
) -> LinkJob<'a> {
    LinkJob {
        action,
        answers,
        account: AccountView {
            shop: "Café Ärger",
            options,
        },
        first_sent: (!answers.is_empty()).then(|| NOW.plus_millis(-1_000)),
        now: NOW,
    }
}

/// What a codec makes of it.
pub(crate) fn next(codec: &dyn PaymentBackend, action: &Action, answers: &[Response]) -> Next {
    codec.next(job(action, answers, &Options::default()))
}

/// The request that a codec begins with.
pub(crate) fn sent(codec: &dyn PaymentBackend, action: &Action) -> Request {
    match next(codec, action, &[]) {
        Next::Send(request) => request,
        other @ (Next::Done(_) | Next::Later(_) | Next::Refused(_)) => panic!("{other:?}"),
    }
}

/// An answer without headers.
pub(crate) fn answer(status: u16, body: &str) -> Response {
    Response {
        status,
        headers: Vec::new(),
        body: body.to_owned(),
    }
}

/// Texts, and JSON documents of the right names with the wrong things in them.
pub(crate) fn hostile(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|on| json!(on)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<u64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(|text| json!(text)),
    ];
    let name = prop::sample::select(names).prop_map(str::to_owned);
    let tree = leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6).prop_map(Value::from_iter),
        ]
    });
    prop_oneof![tree.prop_map(|tree| tree.to_string()), ".{0,60}"]
}
