//! The faults end: within a day everything must have come together.

use std::collections::BTreeSet;

use tillcode::domain::link::{Asking, Link, LinkState, Purpose};
use tillcode::domain::payment::PaymentStatus;
use tillcode::domain::sale::{Fact, SaleRecord, SaleState};

use tillcode::proto::backend::Learns;
use tillcode::terminal::{Actor, Command};

use super::network::Parcel;
use super::oracle::{Outcome, require};
use super::provider::Asks;
use super::setup::short;
use super::world::World;

/// Within which all must be settled once the faults are over.
const DAY_MS: u64 = 24 * 3_600_000;
const MINUTE_MS: u64 = 60_000;

impl World {
    /// No more faults: waits until nothing is left to do, a day at most, and checks the sums.
    pub fn settle(&mut self) -> Outcome {
        self.tell(|| "the faults end".to_owned());
        self.calm = true;
        self.no_network_until_ms = 0;
        self.key_refused_until_ms = 0;
        self.hurry(MINUTE_MS);
        self.switch_on(MINUTE_MS);
        let end = self.clock.true_ms + DAY_MS;
        self.pass(5 * MINUTE_MS)?;
        while self.is_busy() && self.clock.true_ms < end {
            self.decides_on_refusals()?;
            self.pass(MINUTE_MS)?;
        }
        self.nothing_is_stuck()?;
        self.money_is_equal()?;
        self.links_are_equal()?;
        self.disk.verify();
        Ok(())
    }

    /// Somebody has all that was refused tried again, and gives up what the account cannot do.
    fn decides_on_refusals(&mut self) -> Outcome {
        let jobs = self.disk.jobs.values();
        let refused = jobs.filter_map(|job| Some((job.id, job.refusal.as_ref()?.status)));
        let refused: Vec<_> = refused.collect();
        for (job, _) in refused.iter().filter(|(_, status)| status.is_none()) {
            let reason = "the account cannot do it".to_owned();
            let command = Command::GiveUpJob { job: *job, reason };
            self.tally.state("work given up");
            self.command(command, Actor::Cashier, None)?;
        }
        if refused.iter().any(|(_, status)| status.is_some()) {
            self.command(Command::MintLinks, Actor::Cashier, None)?;
        }
        Ok(())
    }

    fn is_busy(&self) -> bool {
        let told = |parcel: &Parcel| matches!(parcel, Parcel::Notice(_));
        !self.runs()
            || !self.disk.jobs.is_empty()
            || self.parcels().any(told)
            || self
                .oracle
                .charges
                .iter()
                .any(|(payment, charge)| self.oracle.is_hidden(payment, charge, &self.disk))
    }

    fn nothing_is_stuck(&self) -> Outcome {
        require(self.runs(), "the till runs again", String::new)?;
        let job = self.disk.jobs.values().next();
        require(job.is_none(), "no work is stuck", || {
            format!("{} jobs, first {job:?}", self.disk.jobs.len())
        })?;
        let stuck = self.disk.links.values().find(|link| {
            matches!(
                link.state,
                LinkState::Requested | LinkState::Wanted | LinkState::Reserved
            )
        });
        require(stuck.is_none(), "no link is stuck", || format!("{stuck:?}"))?;
        // A sale that waits has its code, or the cashier was told why not and ends it.
        let sales = self.disk.sales.values();
        let astray = sales.filter(|record| record.standing().state == SaleState::Awaiting);
        for record in astray {
            let shown = record.last_shown().and_then(|id| self.disk.links.get(&id));
            require(
                shown.is_some_and(|link| link.url().is_some()),
                "a sale that waits has a code",
                || format!("{record:?}"),
            )?;
        }
        Ok(())
    }

    /// Every payment that can be heard of counts once: on its sale, or in sight as one that is matched
    /// by hand. One that no account tells of must be nowhere.
    fn money_is_equal(&mut self) -> Outcome {
        let (mut theirs, mut ours) = (0_i64, 0_i64);
        for (payment, charge) in &self.oracle.charges {
            let detail = || format!("payment {payment}: {charge:?}");
            let on_sales = self.oracle.booked_on.get(payment).map_or(0, BTreeSet::len);
            let seen = self.oracle.unmatched.contains(payment);
            if charge.learns == Learns::Never {
                self.tally.state("payment that nobody hears of");
            }
            require(
                !self.oracle.is_hidden(payment, charge, &self.disk),
                "a payment is found by asking",
                detail,
            )?;
            let is_known = charge.is_known(payment, &self.disk);
            let counts_once = match charge.sale {
                Some(_) if is_known => on_sales == 1 && !seen,
                None if is_known => on_sales == 0 && seen,
                // Of some a callback came, and no answer.
                Some(_) | None => !seen && (on_sales == 0 || charge.learns == Learns::LookedUp),
            };
            require(counts_once, "a payment counts once", detail)?;
            if charge.status == PaymentStatus::Charged && charge.sale.is_some() && is_known {
                theirs += charge.amount.minor;
            }
        }
        for record in self.disk.sales.values() {
            ours += kept(record);
        }
        require(theirs == ours, "money is equal on both sides", || {
            format!("the provider moved {theirs}, the sales hold {ours}")
        })
    }

    /// Whether a payer may be sent to it: a spare one, or the last code of its sale, unless that one
    /// ended on the screen.
    fn is_usable(&self, link: &Link) -> bool {
        match link.state {
            LinkState::Live => true,
            LinkState::Shown => {
                let record = link.sale.and_then(|sale| self.disk.sales.get(&sale));
                let last = record.is_some_and(|record| {
                    let codes = record.last_codes();
                    codes.iter().any(|(id, _)| *id == link.id)
                });
                let pay = self.published.as_ref().and_then(|seen| seen.pay.as_ref());
                let on_screen = pay.is_some_and(|pay| Some(pay.sale.id) == link.sale);
                last && (!on_screen || link.is_fresh(self.clock.server(), 0))
            }
            _ => false,
        }
    }

    fn links_are_equal(&mut self) -> Outcome {
        let at = self.clock.server();
        let links: Vec<_> = self.disk.links.values().cloned().collect();
        let mut known = BTreeSet::new();
        for link in &links {
            let Some(url) = link.url() else { continue };
            known.extend(link.remote.as_ref().map(|remote| remote.id.clone()));
            let can_end = self.provider.access(&link.backend).can().withdraw;
            let ended = match link.purpose {
                Purpose::Single => matches!(
                    link.state,
                    LinkState::Paid | LinkState::Burned | LinkState::Withdrawn
                ),
                Purpose::Permanent => {
                    matches!(link.state, LinkState::Retired | LinkState::Withdrawn)
                }
            };
            let asks = self.provider.asks(url, at);
            require(
                !ended || !can_end || asks.is_none(),
                "a link that has ended takes no more money",
                || format!("{link:?} asks for {asks:?}"),
            )?;
            let due = match link.asking {
                Asking::Fixed => Asks::Sum(link.amount.minor),
                Asking::Open => Asks::Open,
            };
            require(
                !self.is_usable(link) || asks == Some(due),
                "a link that can be shown asks for its sum",
                || format!("{} asks for {asks:?}: {link:?}", short(url)),
            )?;
        }
        let all = self.provider.book(at);
        let strays = all.values().filter(|held| !known.contains(&held.id));
        let strays = strays.count();
        let unheard = all.len().saturating_sub(self.oracle.delivered.len());
        require(
            strays <= unheard,
            "only an answer that was not heard leaves a stray link",
            || format!("{strays} strays, {unheard} answers were not heard"),
        )
    }
}

/// What a sale holds of the provider's money, in minor units.
fn kept(record: &SaleRecord) -> i64 {
    let mut best = std::collections::BTreeMap::new();
    for fact in record.facts() {
        if let Fact::Reported(report) = fact {
            let slot = best
                .entry(&report.payment)
                .or_insert((report.status, report.amount.minor));
            *slot = (*slot).max((report.status, report.amount.minor));
        }
    }
    best.values()
        .filter(|(status, _)| *status == PaymentStatus::Charged)
        .map(|(_, minor)| minor)
        .sum()
}
