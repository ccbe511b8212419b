//! The money of one till, at the end.

use std::collections::BTreeSet;

use tillcode::domain::payment::PaymentStatus;
use tillcode::domain::sale::{Fact, SaleRecord};
use tillcode::proto::backend::Learns;

use crate::oracle::{Charge, Outcome, require};
use crate::world::World;

impl World {
    /// Every payment that can be heard of counts once: on its sale, or in sight as one that is matched
    /// by hand. One that no account tells of must be nowhere. `lost`: payments of which the hub lost
    /// something that it had acknowledged; what the till knows of them is up to its luck.
    pub fn money_is_equal(&mut self, lost: &BTreeSet<&str>) -> Outcome {
        let (mut theirs, mut ours) = (0_i64, 0_i64);
        for (payment, charge) in &self.oracle.charges {
            if charge.learns == Learns::Never {
                self.tally.state("payment that nobody hears of");
            }
            let is_lost = lost.contains(payment.as_str());
            self.counts_once(payment, charge, is_lost)?;
            let is_known = !charge.is_own || charge.is_known(payment, &self.disk);
            let goes_to = charge.goes_to().filter(|_| !is_lost && is_known);
            if charge.status == PaymentStatus::Charged && goes_to.is_some() {
                theirs += charge.amount.minor;
            }
        }
        for record in self.disk.sales.values() {
            ours += kept(record, lost);
        }
        require(theirs == ours, "money is equal on both sides", || {
            format!("the provider moved {theirs}, the sales hold {ours}")
        })
    }

    fn counts_once(&self, payment: &str, charge: &Charge, is_lost: bool) -> Outcome {
        let detail = || format!("payment {payment}: {charge:?}");
        let on_sales = self.oracle.booked_on.get(payment).map_or(0, BTreeSet::len);
        let seen = self.oracle.unmatched.contains(payment);
        let taken = usize::from(charge.taken.is_some());
        require(
            !self.oracle.is_hidden(payment, charge, &self.disk),
            "a payment is found by asking",
            detail,
        )?;
        let is_known = charge.is_known(payment, &self.disk);
        let counts_once = match charge.sale {
            _ if !charge.is_own => on_sales == taken,
            _ if is_lost => on_sales <= 1,
            Some(_) if is_known => on_sales == 1 && !seen,
            None if is_known => on_sales == taken && seen,
            // Of some a callback came, and no answer.
            Some(_) | None => !seen && (on_sales == 0 || charge.learns == Learns::LookedUp),
        };
        require(counts_once, "a payment counts once", detail)
    }
}

/// What a sale holds of the provider's money, in minor units, but for some payments.
fn kept(record: &SaleRecord, but: &BTreeSet<&str>) -> i64 {
    let mut best = std::collections::BTreeMap::new();
    for fact in record.facts() {
        if let Fact::Reported(report) = fact {
            let slot = best
                .entry(report.payment.as_str())
                .or_insert((report.status, report.amount.minor));
            *slot = (*slot).max((report.status, report.amount.minor));
        }
    }
    best.iter()
        .filter(|(payment, (status, _))| {
            *status == PaymentStatus::Charged && !but.contains(*payment)
        })
        .map(|(_, (_, minor))| minor)
        .sum()
}
