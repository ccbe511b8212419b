//! What the tests of all codecs begin with: a link, and a job for it.

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
