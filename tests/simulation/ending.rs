//! The faults end: within a day everything must have come together at each till.

mod money;

use std::collections::BTreeSet;

use tillcode::domain::link::{Asking, Link, LinkState, Purpose};
use tillcode::domain::loose::LooseState;
use tillcode::domain::sale::SaleState;

use tillcode::terminal::{Actor, Command};

use super::network::Parcel;
use super::oracle::{Outcome, require};
use super::provider::Asks;
use super::setup::short;
use super::world::World;

const MINUTE_MS: u64 = 60_000;

impl World {
    /// No more faults.
    pub fn calms(&mut self) {
        self.tell(|| "the faults end".to_owned());
        self.calm = true;
        self.no_network_until_ms = 0;
        self.key_refused_until_ms = 0;
        self.hurry(MINUTE_MS);
        self.switch_on(MINUTE_MS);
    }

    /// Somebody has all that was refused tried again, and gives up what the account cannot do.
    pub fn decides_on_refusals(&mut self) -> Outcome {
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

    pub fn is_busy(&self) -> bool {
        let told = |parcel: &Parcel| matches!(parcel, Parcel::Notice(_));
        !self.runs()
            || !self.disk.jobs.is_empty()
            || self.parcels().any(told)
            || self
                .disk
                .loose
                .values()
                .any(|loose| matches!(loose.state, LooseState::Wanted { .. }))
            || self
                .oracle
                .charges
                .iter()
                .any(|(payment, charge)| self.oracle.is_hidden(payment, charge, &self.disk))
    }

    pub fn nothing_is_stuck(&self) -> Outcome {
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

    /// Returns the links that the till knows, by the provider's ids.
    pub fn links_are_equal(&mut self) -> Outcome<BTreeSet<String>> {
        let at = self.clock.server();
        let links: Vec<_> = self.disk.links.values().cloned().collect();
        let mut known = BTreeSet::new();
        for link in &links {
            let Some(url) = link.url() else { continue };
            known.extend(link.remote.as_ref().map(|remote| remote.id.clone()));
            let can_end = self.provider.borrow().access(&link.backend).can().withdraw;
            let ended = match link.purpose {
                Purpose::Single => matches!(
                    link.state,
                    LinkState::Paid | LinkState::Burned | LinkState::Withdrawn
                ),
                Purpose::Permanent => {
                    matches!(link.state, LinkState::Retired | LinkState::Withdrawn)
                }
            };
            let asks = self.provider.borrow_mut().asks(url, at);
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
        Ok(known)
    }
}
