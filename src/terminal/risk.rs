//! Goods handed over without proof: how much an owner allows, and what goes beyond it by PIN only.

use sha2::{Digest as _, Sha256};

use super::snapshot::RiskView;
use super::turn::Turn;
use super::{Actor, Notice, Terminal, recover};
use crate::domain::id::SaleId;
use crate::domain::money::Amount;

/// Wrong PINs that cost nothing.
const FREE_TRIES: u32 = 3;
/// How long the next try has to wait after that, in milliseconds.
const LOCKED_MS: u64 = 30_000;

/// What the owner allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RiskSetup {
    /// For one sale, in the shop's currency; none for no cap.
    pub per_sale: Option<Amount>,
    /// For all of them together.
    pub total: Option<Amount>,
    /// What goes beyond a cap by PIN; none where nothing does.
    pub pin: Option<PinCheck>,
}

/// A PIN that can be compared and not read.
#[derive(Clone, PartialEq, Eq)]
pub struct PinCheck {
    salt: [u8; 32],
    digest: [u8; 32],
}

impl std::fmt::Debug for PinCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinCheck").finish_non_exhaustive()
    }
}

impl PinCheck {
    /// For this PIN; the salt is drawn anew at every start.
    pub fn new(pin: &str, salt: [u8; 32]) -> Self {
        Self {
            salt,
            digest: digest(&salt, pin),
        }
    }

    fn holds(&self, pin: &str) -> bool {
        let found = digest(&self.salt, pin);
        let pairs = found.iter().zip(&self.digest);
        // Every byte is looked at, however early they differ.
        pairs.fold(0_u8, |differs, (a, b)| differs | (a ^ b)) == 0
    }
}

fn digest(salt: &[u8; 32], pin: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(pin);
    hash.finalize().into()
}

const fn is_of_pin(notice: &Notice) -> bool {
    matches!(
        notice,
        Notice::PinNeeded { .. } | Notice::OwnerPin | Notice::PinWrong | Notice::PinLocked
    )
}

impl Terminal {
    /// Whether a sale may be handed over without proof now.
    pub(super) fn check_risk(
        &mut self,
        turn: &mut Turn,
        amount: Amount,
        pin: Option<&str>,
    ) -> Result<(), Notice> {
        let Some(cap) = self.broken_cap(amount) else {
            return Ok(());
        };
        let Some(check) = self.setup.risk.pin.clone() else {
            return Err(Notice::AboveCap { cap });
        };
        let pin = pin.ok_or(Notice::PinNeeded { cap })?;
        self.check_pin(turn, &check, pin)?;
        turn.journal("pin_used", "", &serde_json::json!({ "cap": cap }));
        Ok(())
    }

    /// Whether a person may say what became of goods that were handed over: that frees what the caps
    /// hold back, so it is the owner's word where there are any. Who has the commands has the
    /// configuration, and is the owner.
    pub(super) fn check_owner(&mut self, turn: &mut Turn, pin: Option<&str>) -> Result<(), Notice> {
        if turn.actor == Actor::Script {
            return Ok(());
        }
        let risk = &self.setup.risk;
        let Some(check) = risk.pin.clone() else {
            let is_capped = risk.per_sale.is_some() || risk.total.is_some();
            return if is_capped {
                Err(Notice::OwnerOnly)
            } else {
                Ok(())
            };
        };
        self.check_pin(turn, &check, pin.ok_or(Notice::OwnerPin)?)?;
        turn.journal("pin_used", "", &serde_json::json!({}));
        Ok(())
    }

    /// A PIN that was typed is counted before it is looked at.
    fn check_pin(&mut self, turn: &mut Turn, check: &PinCheck, pin: &str) -> Result<(), Notice> {
        if self.pin_opens_mono > turn.now.mono_ms {
            return Err(Notice::PinLocked);
        }
        if check.holds(pin) {
            self.set_pin_failures(turn, 0);
            // What the screen says of an earlier try is over.
            self.notice.take_if(|(_, notice)| is_of_pin(notice));
            return Ok(());
        }
        self.set_pin_failures(turn, self.pin_failures.saturating_add(1));
        if self.pin_failures >= FREE_TRIES {
            self.pin_opens_mono = turn.now.mono_ms.saturating_add(LOCKED_MS);
        }
        Err(Notice::PinWrong)
    }

    /// Kept, so that a restart forgives nothing.
    fn set_pin_failures(&mut self, turn: &mut Turn, failures: u32) {
        if self.pin_failures != failures {
            self.pin_failures = failures;
            recover::save(turn, recover::PIN_FAILURES, &failures);
        }
    }

    /// A till that was restarted in the middle of guessing waits first.
    pub(super) fn lock_pin_again(&mut self, mono_ms: u64) {
        if self.pin_failures >= FREE_TRIES {
            self.pin_opens_mono = mono_ms.saturating_add(LOCKED_MS);
        }
    }

    /// The cap that one more sale of this amount would break.
    fn broken_cap(&self, amount: Amount) -> Option<Amount> {
        let risk = &self.setup.risk;
        let above =
            |sum: Amount, cap: &Amount| sum.currency != cap.currency || sum.minor > cap.minor;
        if let Some(cap) = risk.per_sale.filter(|cap| above(amount, cap)) {
            return Some(cap);
        }
        let held = self.handed_over();
        let sum = held.plus(amount).unwrap_or(amount);
        risk.total.filter(|cap| above(sum, cap))
    }

    /// All that was handed over and is not known to be paid.
    pub(super) fn handed_over(&self) -> Amount {
        let zero = Amount::new(0, self.setup.shop.currency);
        self.claimed
            .iter()
            .filter_map(|id| self.sales.get(id))
            .try_fold(zero, |sum, record| sum.plus(record.sale.total))
            .unwrap_or(zero)
    }

    /// Keeps the set of such sales.
    pub(super) fn note_claim(&mut self, sale: SaleId) {
        let record = self.sales.get(&sale);
        if record.is_some_and(|record| record.standing().is_claimed()) {
            self.claimed.insert(sale);
        } else {
            self.claimed.remove(&sale);
        }
    }

    pub(super) fn risk_view(&self) -> RiskView {
        let risk = &self.setup.risk;
        RiskView {
            handed_over: self.handed_over(),
            sales: u32::try_from(self.claimed.len()).unwrap_or(u32::MAX),
            per_sale: risk.per_sale,
            total: risk.total,
            has_pin: risk.pin.is_some(),
        }
    }
}
