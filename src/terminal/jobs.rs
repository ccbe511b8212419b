//! Work at a backend that is not finished: what waits, what is under way, what failed for now.

use std::collections::BTreeMap;

use super::step::Job;
use crate::domain::id::{JobId, LinkId, SaleId};
#[cfg(planted)]
use crate::domain::planted::{self, Bug};

/// The first and the longest pause before something is tried again.
const PAUSE_MS: (u64, u64) = (2_000, 600_000);
/// The most doublings of the first pause.
const DOUBLINGS_MAX: u32 = 9;

/// A job and where it stands in this run of the program.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    /// The row.
    pub(super) job: Job,
    /// Whether its answer is awaited.
    pub(super) sent: bool,
    /// Not before this, by the monotonic clock.
    pub(super) not_before_mono: u64,
    /// The sale whose code waits for it.
    pub(super) sale: Option<SaleId>,
}

/// All unfinished jobs. Ids sort by time, so the oldest goes first.
#[derive(Debug, Default)]
pub(super) struct JobBook {
    flights: BTreeMap<JobId, Flight>,
    /// The provider asked to be left alone until then.
    hold_until_mono: u64,
}

impl JobBook {
    pub(super) fn put(&mut self, flight: Flight) {
        self.flights.insert(flight.job.id, flight);
    }

    pub(super) fn get(&self, id: JobId) -> Option<&Flight> {
        self.flights.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: JobId) -> Option<&mut Flight> {
        self.flights.get_mut(&id)
    }

    pub(super) fn remove(&mut self, id: JobId) -> Option<Flight> {
        self.flights.remove(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.flights.len()
    }

    /// Whether work on this link is not finished, so that what it asks for may be about to change.
    pub(super) fn concerns(&self, link: LinkId) -> bool {
        self.flights
            .values()
            .any(|flight| flight.job.link == Some(link))
    }

    #[cfg(planted)]
    pub(super) fn oldest_sent(&self) -> Option<JobId> {
        let mut sent = self.flights.values().filter(|flight| flight.sent);
        sent.next().map(|flight| flight.job.id)
    }

    /// Requests whose answer is awaited.
    pub(super) fn in_flight(&self) -> usize {
        self.flights.values().filter(|flight| flight.sent).count()
    }

    /// The next job that may be sent: one that a customer waits for goes first.
    pub(super) fn due(&self, mono_ms: u64) -> Option<JobId> {
        if self.is_held(mono_ms) {
            return None;
        }
        let ready = || {
            self.flights
                .values()
                .filter(move |flight| !flight.sent && flight.not_before_mono <= mono_ms)
        };
        let urgent = ready().find(|flight| flight.sale.is_some());
        urgent
            .or_else(|| ready().next())
            .map(|flight| flight.job.id)
    }

    /// Whether the provider is left alone for now.
    pub(super) const fn is_held(&self, mono_ms: u64) -> bool {
        mono_ms < self.hold_until_mono
    }

    /// When the next waiting job may be sent.
    pub(super) fn next_due_mono(&self) -> Option<u64> {
        let waiting = self.flights.values().filter(|flight| !flight.sent);
        let earliest = waiting.map(|flight| flight.not_before_mono).min()?;
        Some(earliest.max(self.hold_until_mono))
    }

    /// It did not work for now: tried again after a pause that grows, or that the provider named.
    pub(super) fn retry_later(&mut self, id: JobId, mono_ms: u64, provider_secs: Option<u32>) {
        let Some(flight) = self.flights.get_mut(&id) else {
            return;
        };
        flight.sent = false;
        let doublings = flight.job.attempts.saturating_sub(1).min(DOUBLINGS_MAX);
        let grown = PAUSE_MS
            .0
            .saturating_mul(1_u64.checked_shl(doublings).unwrap_or(u64::MAX));
        flight.not_before_mono = mono_ms.saturating_add(grown.min(PAUSE_MS.1));
        #[cfg(planted)]
        let provider_secs = provider_secs.filter(|_| !planted::is(Bug::PauseForgotten));
        if let Some(secs) = provider_secs {
            let hold = mono_ms.saturating_add(u64::from(secs).saturating_mul(1_000));
            self.hold_until_mono = self.hold_until_mono.max(hold);
        }
    }

    /// Back online: what waited for the network waits no longer.
    pub(super) fn release(&mut self, mono_ms: u64) {
        for flight in self.flights.values_mut() {
            flight.not_before_mono = flight.not_before_mono.min(mono_ms);
        }
    }
}
