//! What the simulated 4Geeks keeps: links, and the payments on each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::money::Currency;
use crate::sandbox::{Pay, PayError, World};

/// Links that are kept at most. None ever ends, so none is forgotten.
pub const LINKS_MAX: usize = 200_000;
/// Payments that one link takes at most.
pub const PAYMENTS_MAX: usize = 10_000;

/// All that the simulated 4Geeks knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// By id, which sorts by age.
    pub(super) links: BTreeMap<String, Held>,
}

/// A link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Held {
    /// Fingerprint of the key that made it.
    pub(super) owner: String,
    /// Cents.
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) description: String,
    /// Whether it takes no money any more. The document shows such links, and no way to make one.
    #[serde(default)]
    pub(super) is_over: bool,
    pub(super) payments: Vec<Payment>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payment {
    pub(super) id: String,
    /// `succeeded` or `canceled`: the words that 4Geeks is known to use.
    pub(super) status: String,
    pub(super) amount: i64,
}

impl Held {
    pub(super) fn state(&self) -> &'static str {
        let paid = self.payments.iter().any(|paid| paid.status == "succeeded");
        match (self.is_over, paid) {
            (true, _) => "expired",
            (false, true) => "paid",
            (false, false) => "open",
        }
    }
}

impl State {
    /// A link that takes money.
    pub(super) fn payable(&self, id: &str) -> Result<&Held, PayError> {
        let held = self.links.get(id).ok_or(PayError::Unknown)?;
        if held.is_over {
            Err(PayError::Expired)
        } else {
            Ok(held)
        }
    }
}

/// Makes a link inactive, if it is not yet.
pub(super) fn end(state: &mut State, id: &str) -> Result<(), PayError> {
    state.payable(id)?;
    let held = state.links.get_mut(id).ok_or(PayError::Unknown)?;
    held.is_over = true;
    Ok(())
}

/// Books a payment and returns its amount in cents. Nobody is told.
pub(super) fn charge(
    state: &mut State,
    id: &str,
    how: Pay,
    world: &mut World<'_>,
) -> Result<i64, PayError> {
    state.payable(id)?;
    let held = state.links.get_mut(id).ok_or(PayError::Unknown)?;
    if held.payments.len() >= PAYMENTS_MAX {
        return Err(PayError::Full);
    }
    let (amount, status) = match how {
        Pay::Once => (held.amount, "succeeded"),
        Pay::Less { minor } if (1..held.amount).contains(&minor) => (minor, "succeeded"),
        Pay::Typed { .. } | Pay::Less { .. } => return Err(PayError::Amount),
        Pay::Fail => (held.amount, "canceled"),
    };
    held.payments.push(Payment {
        id: format!("pay_{}", world.entropy.uuid(world.now).simple()),
        status: status.to_owned(),
        amount,
    });
    Ok(amount)
}
