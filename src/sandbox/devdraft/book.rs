//! What the simulated Devdraft keeps: links, the payments on each, webhooks and idempotency keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::check::{Fields, LEAST};
use super::hooks::{self, Hook};
use super::quota::Quota;
use crate::domain::time::Timestamp;
use crate::sandbox::{Outgoing, Pay, PayError, World};

/// Links that are kept at most; then those that are past their end are forgotten.
pub const LINKS_MAX: usize = 200_000;
/// Payments that one link takes at most.
pub const PAYMENTS_MAX: usize = 10_000;
/// How long an idempotency key is remembered, in milliseconds.
const KEY_LIFE_MS: i64 = 24 * 3_600_000;
/// A hundredth of a token, in millionths: links have no finer amounts.
const CENT: i64 = 10_000;

/// All that the simulated Devdraft knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// By id, which sorts by age.
    pub(super) links: BTreeMap<String, Held>,
    /// By id.
    pub(super) hooks: BTreeMap<String, Hook>,
    /// By owner and idempotency key.
    keys: BTreeMap<String, Answered>,
    pub(super) quota: Quota,
}

/// A payment link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Held {
    /// Fingerprint of the client key that made it.
    pub(super) owner: String,
    pub(super) fields: Fields,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) payments: Vec<Payment>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payment {
    pub(super) id: String,
    pub(super) status: String,
    /// In millionths of the token.
    pub(super) amount: i64,
}

/// The first answer to an idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Answered {
    /// Of the request's body.
    hash: String,
    body: String,
    at: Timestamp,
}

/// What an idempotency key was used for before.
pub(super) enum KeyUse {
    Fresh,
    /// The same request: its first answer.
    Again(String),
    Otherwise,
}

impl Held {
    fn is_expired(&self, now: Timestamp) -> bool {
        self.fields.expires_at.is_some_and(|end| end <= now)
    }

    fn charged(&self) -> usize {
        let charged = self.payments.iter();
        charged.filter(|paid| paid.status == "charged").count()
    }

    /// Whether it took all the payments that it may.
    fn is_used_up(&self) -> bool {
        let max = self.fields.max_payments;
        let max = max.filter(|_| self.fields.limit_payments);
        max.is_some_and(|max| u64::try_from(self.charged()).is_ok_and(|paid| paid >= max))
    }

    /// The word on the wire.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match (self.is_expired(now), self.is_used_up()) {
            (true, _) => "EXPIRED",
            (false, true) => "INACTIVE",
            (false, false) => "ACTIVE",
        }
    }

    /// The word that the inspection uses for every provider.
    pub(super) fn state(&self, now: Timestamp) -> &'static str {
        match (self.is_expired(now), self.charged()) {
            (true, _) => "expired",
            (false, 0) => "open",
            (false, _) => "paid",
        }
    }
}

impl State {
    /// A link that takes money now.
    pub(super) fn payable(&self, id: &str, now: Timestamp) -> Result<&Held, PayError> {
        let held = self.links.get(id).ok_or(PayError::Unknown)?;
        if held.is_expired(now) {
            Err(PayError::Expired)
        } else if held.is_used_up() {
            Err(PayError::Gone)
        } else {
            Ok(held)
        }
    }

    pub(super) fn owned(&mut self, id: &str, owner: &str) -> Option<&mut Held> {
        self.links.get_mut(id).filter(|held| held.owner == owner)
    }

    pub(super) fn is_taken(&self, slug: &str, owner: &str) -> bool {
        let mut all = self.links.values();
        all.any(|held| held.owner == owner && held.fields.url == slug)
    }

    /// The link of a page. Two accounts may have the same slug: the older one has the page.
    pub(super) fn at(&self, slug: &str) -> Option<&str> {
        let mut all = self.links.iter();
        let (id, _) = all.find(|(_, held)| held.fields.url == slug)?;
        Some(id)
    }

    /// Whether there is room for one more, after forgetting what nobody can pay.
    pub(super) fn has_room(&mut self, now: Timestamp) -> bool {
        if self.links.len() >= LINKS_MAX {
            self.links.retain(|_, held| !held.is_expired(now));
        }
        if self.keys.len() >= LINKS_MAX {
            self.keys.retain(|_, answered| answered.is_known(now));
        }
        self.links.len() < LINKS_MAX && self.keys.len() < LINKS_MAX
    }

    pub(super) fn key_use(&self, owner: &str, key: &str, hash: &str, now: Timestamp) -> KeyUse {
        match self.keys.get(&[owner, key].join(" ")) {
            Some(answered) if !answered.is_known(now) => KeyUse::Fresh,
            Some(answered) if answered.hash == hash => KeyUse::Again(answered.body.clone()),
            Some(_) => KeyUse::Otherwise,
            None => KeyUse::Fresh,
        }
    }

    pub(super) fn remember(
        &mut self,
        owner: &str,
        key: &str,
        hash: String,
        body: String,
        at: Timestamp,
    ) {
        let answered = Answered { hash, body, at };
        self.keys.insert([owner, key].join(" "), answered);
    }
}

impl Answered {
    fn is_known(&self, now: Timestamp) -> bool {
        now.since(self.at) < KEY_LIFE_MS
    }
}

/// Puts a link past its end, if it is not yet.
pub(super) fn expire(state: &mut State, id: &str, now: Timestamp) -> Result<(), PayError> {
    state.payable(id, now)?;
    let held = state.links.get_mut(id).ok_or(PayError::Unknown)?;
    held.fields.expires_at = Some(now);
    Ok(())
}

/// An amount without what is below a cent; none where that is nothing.
pub(super) fn whole_cents(millionths: i64) -> Option<i64> {
    let rest = millionths.checked_rem(CENT)?;
    millionths.checked_sub(rest).filter(|whole| *whole >= LEAST)
}

/// Books a payment; returns the amount in millionths and what the merchant is to be told.
pub(super) fn charge(
    state: &mut State,
    id: &str,
    how: Pay,
    world: &mut World<'_>,
) -> Result<(i64, Vec<Outgoing>), PayError> {
    state.payable(id, world.now)?;
    let held = state.links.get_mut(id).ok_or(PayError::Unknown)?;
    if held.payments.len() >= PAYMENTS_MAX {
        return Err(PayError::Full);
    }
    let is_open = held.fields.is_open();
    let (amount, status) = match how {
        Pay::Once => (held.fields.amount, "charged"),
        Pay::Typed { minor } if is_open => (Some(minor), "charged"),
        Pay::Less { minor } => {
            let asked = held.fields.amount.filter(|_| !is_open);
            (
                asked.filter(|asked| minor < *asked).map(|_| minor),
                "charged",
            )
        }
        Pay::Typed { .. } => (None, "charged"),
        Pay::Fail => (held.fields.amount.or(Some(LEAST)), "failed"),
    };
    let fits = |amount: &i64| *amount >= LEAST && amount.checked_rem(CENT) == Some(0);
    let amount = amount.filter(fits).ok_or(PayError::Amount)?;
    let payment = Payment {
        id: world.entropy.uuid(world.now).to_string(),
        status: status.to_owned(),
        amount,
    };
    held.payments.push(payment.clone());
    let body = hooks::assumed(id, held, &payment);
    let owner = held.owner.clone();
    Ok((amount, hooks::outgoing(&state.hooks, &owner, &body)))
}
