//! What a provider posts, as a hub hands it over.

use serde_json::json;
use uuid::Uuid;

use crate::domain::link::Link;
use crate::domain::time::Timestamp;
use crate::proto::backend::Verdict;
use crate::proto::hub::{Item, Notification, Token, What};

/// A notification on a link's own address.
pub(super) fn notification(link: &Link, kind: &str, body: &str) -> Notification {
    let token: Token = link.token.parse().expect("a token");
    Notification {
        kind: kind.to_owned(),
        endpoint: Uuid::nil(),
        link: Some(link.id),
        token: Some(token.hash()),
        verdict: Verdict::Unsigned,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
        published: None,
        open_sales: 0,
    }
}

/// The same as the first of a stream.
pub(super) fn item(what: impl Into<What>) -> Item {
    Item {
        seq: 1,
        mark: "m1".to_owned(),
        received_at: Timestamp::from_millis(1_800_000_000_000),
        what: what.into(),
    }
}

/// What the provider writes of a payment.
pub(super) fn body(link: &Link, payment: &str, minor: i64, status: &str) -> String {
    json!({
        "type": "link", "link": link.remote.as_ref().unwrap().id, "txid": "t", "id": payment,
        "status": status, "amount": minor, "amount_dest": minor, "amount_with_fee": minor,
        "error_description": "",
    })
    .to_string()
}
