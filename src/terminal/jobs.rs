//! Work at a backend that is not finished: what waits, what is under way, what was refused.
//!
//! A lane is a link: its jobs go one after the other, in the order in which they were decided. Lanes
//! are free of each other, and a job that was refused for good leaves its lane, so that a poisoned
//! row blocks nothing; it stays in sight until a person decides.

use std::collections::{BTreeMap, BTreeSet};

use super::pace::Urgency;
use super::step::Job;
#[cfg(planted)]
use super::step::Question;
use crate::domain::id::{Entropy, JobId, LinkId, SaleId};
use crate::proto::backend::{Action, Refusal};

/// The first and the longest pause before something is tried again.
const PAUSE_MS: (u64, u64) = (1_000, 300_000);
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

impl Flight {
    /// Who it is for.
    pub(super) const fn urgency(&self) -> Urgency {
        if self.sale.is_some() {
            Urgency::Customer
        } else {
            Urgency::Background
        }
    }

    fn is_ready(&self, mono_ms: u64) -> bool {
        !self.sent && self.job.refusal.is_none() && self.not_before_mono <= mono_ms
    }
}

/// Whether a job must outlive this run: it changes something at the backend. What only reads is simply
/// asked again.
pub(super) const fn is_kept(action: &Action) -> bool {
    match action {
        Action::Create { .. }
        | Action::CreateProduct { .. }
        | Action::Update { .. }
        | Action::Withdraw { .. } => true,
        // Which links lack an address is found again at every start.
        Action::Subscribe { .. }
        | Action::Fetch { .. }
        | Action::List { .. }
        | Action::LookUp { .. } => false,
    }
}

/// All unfinished jobs, by their place in the order in which they were decided: the oldest goes first.
/// Neither their ids nor their dates say so where the machine's clock was set back.
#[derive(Debug, Default)]
pub(super) struct JobBook {
    flights: BTreeMap<u64, Flight>,
    places: BTreeMap<JobId, u64>,
    next_place: u64,
    lanes: BTreeMap<LinkId, BTreeSet<u64>>,
    in_flight: BTreeMap<String, usize>,
}

impl JobBook {
    /// A new one goes last.
    pub(super) fn put(&mut self, flight: Flight) {
        let place = self.next_place;
        self.next_place = place.saturating_add(1);
        self.places.insert(flight.job.id, place);
        self.enter_lane(place, &flight.job);
        self.flights.insert(place, flight);
    }

    pub(super) fn get(&self, id: JobId) -> Option<&Flight> {
        self.flights.get(self.places.get(&id)?)
    }

    pub(super) fn get_mut(&mut self, id: JobId) -> Option<&mut Flight> {
        self.flights.get_mut(self.places.get(&id)?)
    }

    pub(super) fn remove(&mut self, id: JobId) -> Option<Flight> {
        self.landed(id);
        let place = self.places.remove(&id)?;
        let flight = self.flights.remove(&place)?;
        self.leave_lane(place, &flight.job);
        Some(flight)
    }

    fn enter_lane(&mut self, place: u64, job: &Job) {
        if let Some(link) = job.link.filter(|_| job.refusal.is_none()) {
            self.lanes.entry(link).or_default().insert(place);
        }
    }

    fn leave_lane(&mut self, place: u64, job: &Job) {
        let Some(link) = job.link else { return };
        if let Some(lane) = self.lanes.get_mut(&link) {
            lane.remove(&place);
            if lane.is_empty() {
                self.lanes.remove(&link);
            }
        }
    }

    /// All, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Flight> {
        self.flights.values()
    }

    /// Whether work on this link is not finished, so that what it asks for may be about to change. To
    /// be told where to report changes nothing of that.
    pub(super) fn concerns(&self, link: LinkId) -> bool {
        let lane = self.lanes.get(&link).into_iter().flatten();
        let mut flights = lane.filter_map(|place| self.flights.get(place));
        flights.any(|flight| !matches!(flight.job.action, Action::Subscribe { .. }))
    }

    #[cfg(planted)]
    pub(super) fn oldest_question(&self) -> Option<Question> {
        let flight = self.flights.values().find(|flight| flight.sent)?;
        Some(Question {
            job: flight.job.id,
            step: flight.job.answers.len(),
        })
    }

    /// Jobs that are to change something and are not finished.
    pub(super) fn waiting(&self) -> usize {
        let kept = |flight: &&Flight| is_kept(&flight.job.action);
        self.flights.values().filter(kept).count()
    }

    /// Those of them that were refused for good.
    pub(super) fn refused(&self) -> u32 {
        let refused = |flight: &&Flight| flight.job.refusal.is_some();
        u32::try_from(self.flights.values().filter(refused).count()).unwrap_or(u32::MAX)
    }

    /// Whether an account has work that failed for now, or that waits for its turn.
    pub(super) fn has_backlog(&self, backend: &str) -> bool {
        self.flights.values().any(|flight| {
            flight.job.backend == backend && !flight.sent && flight.job.refusal.is_none()
        })
    }

    /// Requests to an account whose answer is awaited.
    pub(super) fn in_flight(&self, backend: &str) -> usize {
        self.in_flight.get(backend).copied().unwrap_or(0)
    }

    /// Whether any answer is awaited.
    pub(super) fn awaits_answers(&self) -> bool {
        self.in_flight.values().any(|count| *count > 0)
    }

    /// A request goes out; its answer is awaited.
    pub(super) fn took_off(&mut self, id: JobId) {
        let Some(flight) = self.get_mut(id).filter(|flight| !flight.sent) else {
            return;
        };
        flight.sent = true;
        let backend = flight.job.backend.clone();
        let count = self.in_flight.entry(backend).or_default();
        *count = count.saturating_add(1);
    }

    /// An answer came, or none will.
    pub(super) fn landed(&mut self, id: JobId) {
        let Some(flight) = self.get_mut(id).filter(|flight| flight.sent) else {
            return;
        };
        flight.sent = false;
        let backend = flight.job.backend.clone();
        if let Some(count) = self.in_flight.get_mut(&backend) {
            *count = count.saturating_sub(1);
        }
    }

    /// The next job of an account that may be sent: one that a customer waits for goes first.
    pub(super) fn due(&self, backend: &str, mono_ms: u64, least: Urgency) -> Option<JobId> {
        let mut first = None;
        for (place, flight) in &self.flights {
            let turn = flight.job.backend == backend
                && flight.is_ready(mono_ms)
                && self.is_its_turn(*place, &flight.job);
            if !turn {
                continue;
            }
            if flight.urgency() == Urgency::Customer {
                return Some(flight.job.id);
            }
            if first.is_none() && least == Urgency::Background {
                first = Some(flight.job.id);
            }
        }
        first
    }

    /// Whether no earlier job of its lane is unfinished.
    fn is_its_turn(&self, place: u64, job: &Job) -> bool {
        job.link.is_none_or(|link| {
            let lane = self.lanes.get(&link);
            lane.and_then(BTreeSet::first)
                .is_none_or(|first| *first >= place)
        })
    }

    /// When the next waiting job of an account may be sent, by its own pause and by when the account
    /// is free for whom the job is.
    pub(super) fn next_due_mono(
        &self,
        backend: &str,
        free_at: impl Fn(Urgency) -> u64,
    ) -> Option<u64> {
        let waits = |(place, flight): &(&u64, &Flight)| {
            flight.job.backend == backend
                && !flight.sent
                && flight.job.refusal.is_none()
                && self.is_its_turn(**place, &flight.job)
        };
        self.flights
            .iter()
            .filter(waits)
            .map(|(_, flight)| flight.not_before_mono.max(free_at(flight.urgency())))
            .min()
    }

    /// It did not work for now: tried again after a random part of a pause that grows, so that tills
    /// that failed together do not come back together.
    pub(super) fn retry_later(&mut self, id: JobId, mono_ms: u64, entropy: &mut Entropy) {
        self.landed(id);
        let Some(flight) = self.get_mut(id) else {
            return;
        };
        let doublings = flight.job.attempts.min(DOUBLINGS_MAX);
        let longest = PAUSE_MS
            .0
            .saturating_mul(1_u64.checked_shl(doublings).unwrap_or(u64::MAX))
            .min(PAUSE_MS.1);
        let pause = entropy.below(longest).saturating_add(1);
        flight.not_before_mono = mono_ms.saturating_add(pause);
    }

    /// Refused for good: out of its lane, in sight until a person decides.
    pub(super) fn stop(&mut self, id: JobId, refusal: Refusal) -> Option<Job> {
        self.landed(id);
        let place = *self.places.get(&id)?;
        let flight = self.flights.get_mut(&place)?;
        flight.job.problem = Some(refusal.reason.clone());
        flight.job.refusal = Some(refusal);
        flight.sale = None;
        let job = flight.job.clone();
        self.leave_lane(place, &job);
        Some(job)
    }

    /// A person wants a refused job to be tried again, at the place that it had.
    pub(super) fn restart(&mut self, id: JobId, mono_ms: u64) -> Option<Job> {
        let place = *self.places.get(&id)?;
        let flight = self.flights.get_mut(&place)?;
        flight.job.refusal = None;
        flight.job.answers.clear();
        flight.not_before_mono = mono_ms;
        let job = flight.job.clone();
        self.enter_lane(place, &job);
        Some(job)
    }

    /// Back online: what waited for the network waits no longer.
    pub(super) fn release(&mut self, backend: &str, mono_ms: u64) {
        for flight in self.flights.values_mut() {
            if flight.job.backend == backend {
                flight.not_before_mono = flight.not_before_mono.min(mono_ms);
            }
        }
    }
}
