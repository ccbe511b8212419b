//! What the simulation must know of each kind of account. One row for each.

use serde_json::Value;
use tillcode::domain::payment::PaymentStatus;

/// Where a provider says that somebody paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posts {
    /// To an address of each link's own.
    ToLink,
    /// To one address of the account; the hub finds the till by the link that is named.
    ToAccount,
    /// Nowhere.
    Never,
}

/// A row.
#[derive(Debug)]
pub struct Kind {
    pub word: &'static str,
    /// What [`crate::tally::STATES`] calls a payment at it.
    pub state: &'static str,
    pub keys: &'static [(&'static str, &'static str)],
    /// How the path ends to which a link is posted.
    pub makes: &'static str,
    /// What the sandbox's book counts a cent as.
    pub cent: i64,
    pub posts: Posts,
    /// Status and sum of a payment in the sandbox's book.
    pub paid: fn(&Value) -> Option<(PaymentStatus, i64)>,
    /// The same notification with another status, where it has one that means something.
    pub restated: fn(&str, PaymentStatus) -> Option<String>,
    /// A notification of money for another link.
    pub forged: &'static str,
}

pub const KINDS: &[Kind] = &[
    Kind {
        word: "4pay",
        state: "paid at 4pay",
        keys: &[("api_key", "key-of-the-simulation")],
        makes: "/links",
        cent: 1,
        posts: Posts::ToLink,
        paid: |payment| Some((status(payment)?, whole(payment, "amount")?)),
        restated: |body, status| {
            let word = match status {
                PaymentStatus::Pending => "created",
                PaymentStatus::Refunded => "refunded",
                _ => return None,
            };
            let mut body: Value = serde_json::from_str(body).ok()?;
            body["status"] = word.into();
            Some(body.to_string())
        },
        forged: r#"{"type":"link","link":"another","txid":"t","id":"forged","status":"charged","amount":350,"amount_dest":350,"amount_with_fee":350}"#,
    },
    Kind {
        word: "altapay",
        state: "paid at altapay",
        keys: &[("username", "till"), ("password", "of-the-simulation")],
        makes: "/link",
        cent: 1,
        posts: Posts::ToLink,
        paid: |payment| {
            let captured = whole(payment, "captured")?;
            let reserved = whole(payment, "reserved")?;
            Some(match (captured, reserved) {
                (0, 0) => (PaymentStatus::Failed, 0),
                (0, reserved) => (PaymentStatus::Pending, reserved),
                (captured, _) => (PaymentStatus::Charged, captured),
            })
        },
        restated: |_, _| None,
        forged: "shop_orderid=another&transaction_id=forged&status=succeeded&amount=3.50",
    },
    Kind {
        word: "devdraft",
        state: "paid at devdraft",
        keys: &[
            ("client_key", "key-of-the-simulation"),
            ("client_secret", "secret-of-the-simulation"),
        ],
        makes: "/payment-links",
        cent: 10_000,
        posts: Posts::ToAccount,
        paid: |payment| Some((status(payment)?, whole(payment, "amount")?)),
        restated: |body, status| {
            let (event, word) = match status {
                PaymentStatus::Pending => ("payment.pending", "PENDING"),
                PaymentStatus::Refunded => ("payment.refunded", "REFUNDED"),
                _ => return None,
            };
            // The amount stays as its digits are: a float must not come near it.
            let done = r#""event":"payment.completed""#;
            let body = body.replace(done, &format!(r#""event":"{event}""#));
            let body = body.replace(r#""COMPLETED""#, &format!(r#""{word}""#));
            body.contains(event).then_some(body)
        },
        forged: r#"{"event":"payment.completed","data":{"id":"forged","paymentLinkId":"another","amount":3.50,"currency":"eurc","status":"COMPLETED"}}"#,
    },
    Kind {
        word: "4geeks",
        state: "paid at 4geeks",
        keys: &[("api_key", "another-key-of-the-simulation")],
        makes: "/payment-links",
        cent: 1,
        posts: Posts::Never,
        paid: |payment| Some((status(payment)?, whole(payment, "amount")?)),
        restated: |_, _| None,
        forged: "{}",
    },
];

fn whole(payment: &Value, name: &str) -> Option<i64> {
    payment.get(name)?.as_i64()
}

fn status(payment: &Value) -> Option<PaymentStatus> {
    match payment.get("status")?.as_str()? {
        "charged" | "succeeded" => Some(PaymentStatus::Charged),
        "failed" | "canceled" => Some(PaymentStatus::Failed),
        _ => None,
    }
}
