//! What the simulated `AltaPay` keeps: sessions with their payments, links, and tokens.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::access::Token;
use super::check::AskedLink;
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::proto::backend::altapay::currencies::ROWS;
use crate::sandbox::{Acknowledgment, Outgoing, Pay, PayError, World};

/// Sessions that are kept at most; then those that nobody can pay are forgotten.
pub const SESSIONS_MAX: usize = 200_000;
/// Tries to pay that one session takes at most.
const TRIES_MAX: usize = 100;
/// How long a link is accessible where nobody says, in minutes: 14 days.
const USUAL_VALIDITY_MINUTES: u32 = 20_160;
/// How long it is active once opened where nobody says, in minutes.
const USUAL_ACTIVATION_MINUTES: u32 = 10;

/// All that the simulated `AltaPay` knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// By id, which sorts by age.
    pub(super) sessions: BTreeMap<String, Session>,
    /// By id, which sorts by age.
    pub(super) links: BTreeMap<String, Held>,
    /// By fingerprint.
    pub(super) tokens: BTreeMap<String, Token>,
}

/// One order that somebody may pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Session {
    /// Fingerprint of user and password.
    pub(super) owner: String,
    pub(super) order_id: String,
    pub(super) amount: Amount,
    pub(super) description: String,
    /// Where callbacks go.
    pub(super) notification: Option<String>,
    /// Whether money that is authorized is captured at once.
    pub(super) captures: bool,
    /// Oldest first.
    pub(super) transactions: Vec<Transaction>,
}

/// One try of a payer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub(super) id: String,
    pub(super) status: String,
    /// The currency's smallest unit, as all sums here.
    pub(super) reserved: i64,
    pub(super) captured: i64,
    pub(super) refunded: i64,
    pub(super) at: Timestamp,
}

/// A link of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) session: String,
    valid_until: Timestamp,
    activation_minutes: u32,
    /// When a payer first opened it.
    opened_at: Option<Timestamp>,
}

impl Held {
    pub(super) fn new(session: &str, asked: &AskedLink, now: Timestamp) -> Self {
        let validity = asked.validity_time.unwrap_or(USUAL_VALIDITY_MINUTES);
        Self {
            session: session.to_owned(),
            valid_until: later(now, validity),
            activation_minutes: asked.activation_time.unwrap_or(USUAL_ACTIVATION_MINUTES),
            opened_at: None,
        }
    }

    /// When it takes no payment any more, as far as is known now.
    pub(super) fn end(&self) -> Timestamp {
        let closes = self
            .opened_at
            .map(|opened| later(opened, self.activation_minutes));
        closes.map_or(self.valid_until, |closes| closes.min(self.valid_until))
    }
}

fn later(at: Timestamp, minutes: u32) -> Timestamp {
    at.plus_millis(i64::from(minutes).saturating_mul(60_000))
}

impl Session {
    pub(super) fn is_paid(&self) -> bool {
        let mut good = self.transactions.iter();
        good.any(|transaction| transaction.reserved > 0)
    }
}

impl State {
    /// The session of a link that takes money now.
    pub(super) fn payable(&self, id: &str, now: Timestamp) -> Result<&Session, PayError> {
        let held = self.links.get(id).ok_or(PayError::Unknown)?;
        let session = self.sessions.get(&held.session).ok_or(PayError::Unknown)?;
        if session.is_paid() {
            Err(PayError::Gone)
        } else if held.end() <= now {
            Err(PayError::Expired)
        } else {
            Ok(session)
        }
    }

    /// A payer opens a link: from now on it is active for a while only.
    pub(super) fn open(&mut self, id: &str, now: Timestamp) -> Result<&Session, PayError> {
        self.payable(id, now)?;
        if let Some(held) = self.links.get_mut(id) {
            held.opened_at = held.opened_at.or(Some(now));
        }
        self.payable(id, now)
    }

    /// For people: where a link stands.
    pub(super) fn state(&self, held: &Held, now: Timestamp) -> &'static str {
        let session = self.sessions.get(&held.session);
        match (session.is_some_and(Session::is_paid), held.end() <= now) {
            (true, _) => "paid",
            (false, true) => "expired",
            (false, false) => "open",
        }
    }

    /// Whether there is room for one more, after forgetting what nobody can pay.
    pub(super) fn has_room(&mut self, now: Timestamp) -> bool {
        if self.sessions.len() >= SESSIONS_MAX {
            self.links.retain(|_, held| held.end() > now);
            let used: BTreeSet<&String> = self.links.values().map(|held| &held.session).collect();
            self.sessions.retain(|id, _| used.contains(id));
        }
        self.sessions.len() < SESSIONS_MAX
    }
}

/// Puts a link past its end, if it is not yet.
pub(super) fn expire(state: &mut State, id: &str, now: Timestamp) -> Result<(), PayError> {
    state.payable(id, now)?;
    let held = state.links.get_mut(id).ok_or(PayError::Unknown)?;
    held.valid_until = now;
    Ok(())
}

/// Books a try to pay on a link that takes money; returns what was taken, or what would have been,
/// and what the merchant is to be told.
pub(super) fn charge(
    state: &mut State,
    id: &str,
    how: Pay,
    world: &mut World<'_>,
) -> Result<(Amount, Vec<Outgoing>), PayError> {
    state.open(id, world.now)?;
    book(state, id, how, world)
}

/// The same without a look at whether the order is paid already.
pub(super) fn book(
    state: &mut State,
    id: &str,
    how: Pay,
    world: &mut World<'_>,
) -> Result<(Amount, Vec<Outgoing>), PayError> {
    let held = state.links.get(id).ok_or(PayError::Unknown)?;
    let session = state
        .sessions
        .get_mut(&held.session)
        .ok_or(PayError::Unknown)?;
    if session.transactions.len() >= TRIES_MAX {
        return Err(PayError::Full);
    }
    let Amount { minor, currency } = session.amount;
    let (status, reserved, captured) = match (how, session.captures) {
        (Pay::Once, true) => ("captured", minor, minor),
        (Pay::Once, false) => ("preauth", minor, 0),
        (Pay::Less { minor: less }, true) if (1..minor).contains(&less) => {
            ("captured", minor, less)
        }
        (Pay::Typed { .. } | Pay::Less { .. }, _) => return Err(PayError::Amount),
        (Pay::Fail, _) => ("epayment_cancelled", 0, 0),
    };
    let transaction = Transaction {
        id: world.entropy.below(1_000_000_000_000).to_string(),
        status: status.to_owned(),
        reserved,
        captured,
        refunded: 0,
        at: world.now,
    };
    let notifications = session.notification.iter().map(|url| Outgoing {
        url: url.clone(),
        headers: vec![(
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: callback(session, &transaction),
        wants: Acknowledgment::Ok,
    });
    let notifications = notifications.collect();
    let taken = match how {
        Pay::Less { minor: less } => Amount::new(less, currency),
        Pay::Once | Pay::Typed { .. } | Pay::Fail => session.amount,
    };
    session.transactions.push(transaction);
    Ok((taken, notifications))
}

/// The number of a currency in ISO 4217; `None` where the codec's table lacks it.
pub(super) fn number_of(currency: Currency) -> Option<&'static str> {
    let row = ROWS.iter().find(|(_, code)| *code == currency.code());
    row.map(|(number, _)| *number)
}

/// The form of a callback. Nothing in it needs an escape: ids, words, numbers.
fn callback(session: &Session, transaction: &Transaction) -> String {
    let Amount { currency, .. } = session.amount;
    let is_good = transaction.reserved > 0;
    let (status, error) = if is_good {
        ("succeeded", "")
    } else {
        ("failed", "Card+declined")
    };
    [
        ("shop_orderid", session.order_id.as_str()),
        ("transaction_id", &transaction.id),
        ("status", status),
        ("payment_status", &transaction.status),
        ("amount", &session.amount.to_decimal()),
        ("currency", number_of(currency).unwrap_or(currency.code())),
        ("type", "paymentAndCapture"),
        ("error_message", error),
    ]
    .map(|(name, value)| [name, value].join("="))
    .join("&")
}
