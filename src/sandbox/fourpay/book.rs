//! What the simulated 4pay keeps: links, and the payments on each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::check::AmountType;
use crate::domain::money::Currency;
use crate::domain::time::Timestamp;
use crate::sandbox::{Acknowledgment, Outgoing, Pay, PayError, World};

/// Links that are kept at most; then those that are deleted or expired are forgotten.
pub const LINKS_MAX: usize = 200_000;
/// Payments that one link takes at most.
pub const PAYMENTS_MAX: usize = 10_000;
/// The fee, on top for the payer and off for the merchant, in percent: the document's example.
const FEE_PERCENT: i64 = 5;
/// All that the simulated 4pay knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// By id, which sorts by age.
    pub(super) links: BTreeMap<String, Held>,
}

/// A link or product.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Held {
    /// Fingerprint of the key that made it.
    pub(super) owner: String,
    /// 4pay's smallest units; none where the payer chooses.
    pub(super) amount: Option<i64>,
    pub(super) amount_type: AmountType,
    pub(super) currency: Currency,
    pub(super) description: String,
    pub(super) notify_url: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) is_product: bool,
    pub(super) is_deleted: bool,
    pub(super) payments: Vec<Payment>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payment {
    pub(super) id: String,
    pub(super) status: String,
    pub(super) amount: i64,
}

impl Held {
    fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    pub(super) fn state(&self, now: Timestamp) -> &'static str {
        let paid = self.payments.iter().any(|paid| paid.status == "charged");
        match (self.is_deleted, self.is_expired(now), paid) {
            (true, _, _) => "deleted",
            (false, true, _) => "expired",
            (false, false, true) => "paid",
            (false, false, false) => "open",
        }
    }
}

impl State {
    /// A link that takes money now.
    pub(super) fn payable(&self, id: &str, now: Timestamp) -> Result<&Held, PayError> {
        let held = self.links.get(id).ok_or(PayError::Unknown)?;
        if held.is_deleted {
            Err(PayError::Gone)
        } else if held.is_expired(now) {
            Err(PayError::Expired)
        } else {
            Ok(held)
        }
    }

    pub(super) fn owned(&mut self, id: &str, owner: &str) -> Option<&mut Held> {
        self.links
            .get_mut(id)
            .filter(|held| held.owner == owner && !held.is_deleted)
    }

    /// Whether there is room for one more, after forgetting what nobody can pay.
    pub(super) fn has_room(&mut self, now: Timestamp) -> bool {
        if self.links.len() >= LINKS_MAX {
            self.links
                .retain(|_, held| !held.is_deleted && !held.is_expired(now));
        }
        self.links.len() < LINKS_MAX
    }
}

/// Puts a link past its end, if it is not yet.
pub(super) fn expire(state: &mut State, id: &str, now: Timestamp) -> Result<(), PayError> {
    state.payable(id, now)?;
    let held = state.links.get_mut(id).ok_or(PayError::Unknown)?;
    held.expires_at = Some(now);
    Ok(())
}

/// Books a payment; returns the amount and what the merchant is to be told.
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
    let (amount, status, error) = match (how, held.amount_type) {
        (Pay::Once, _) => (held.amount, "charged", ""),
        (Pay::Typed { minor }, AmountType::Dynamic) => (Some(minor), "charged", ""),
        (Pay::Less { minor }, AmountType::Static) => {
            let less = held.amount.filter(|asked| (1..*asked).contains(&minor));
            (less.map(|_| minor), "charged", "")
        }
        // Only the payer's own choice is typed, and only the merchant's can be undercut.
        (Pay::Typed { .. }, AmountType::Static) | (Pay::Less { .. }, AmountType::Dynamic) => {
            (None, "charged", "")
        }
        (Pay::Fail, _) => (held.amount.or(Some(0)), "failed", "card_declined"),
    };
    let amount = amount.ok_or(PayError::Amount)?;
    let fee = amount
        .checked_mul(FEE_PERCENT)
        .and_then(|hundredths| hundredths.checked_div(100))
        .ok_or(PayError::Amount)?;
    let payment = world.entropy.uuid(world.now).to_string();
    let body = json!({
        "type": "link",
        "link": id,
        "txid": world.entropy.uuid(world.now),
        "id": payment,
        "status": status,
        "amount": amount,
        "amount_dest": amount.saturating_sub(fee),
        "amount_with_fee": amount.saturating_add(fee),
        "error_description": error,
    });
    held.payments.push(Payment {
        id: payment,
        status: status.to_owned(),
        amount,
    });
    let notifications = held.notify_url.iter().map(|url| Outgoing {
        url: url.clone(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_string(),
        wants: Acknowledgment::SuccessTrue,
    });
    Ok((amount, notifications.collect()))
}
