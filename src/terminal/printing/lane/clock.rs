//! What follows from time alone.

use super::{Lane, Phase, SILENT_QUESTIONS, STUCK_MS, WRITE_AGAIN_MS};
use crate::terminal::printing::port::{Deed, Lamp};
use crate::terminal::printing::sheet::{Doubt, What};

impl Lane {
    /// When time itself makes a difference; none where only something that happens does. What the port
    /// has not answered for is waited for in any case.
    pub fn due(&self) -> Option<u64> {
        let is_free = self.with_port.is_none();
        let write_again = self.wrote_at.saturating_add(WRITE_AGAIN_MS);
        match &self.phase {
            Phase::Closed { next } => self.wants_port().then_some(*next),
            Phase::Opening | Phase::Noting => None,
            Phase::Open { .. } if !is_free => None,
            Phase::Open { .. } if self.has_work() => Some(0),
            Phase::Open { next } | Phase::Troubled { next } => Some(*next),
            Phase::Clearing { left, .. } if !left.is_empty() => is_free.then_some(write_again),
            // Of one that says nothing it was said already.
            Phase::Clearing { until, owes, .. } => {
                (!owes || self.lamp != Lamp::Silent).then_some(*until)
            }
            Phase::Sending { .. } => is_free.then_some(write_again),
            Phase::Confirming { until, ask_at, .. } if self.abilities.answers && is_free => {
                Some(*until.min(ask_at))
            }
            Phase::Asked { until }
            | Phase::Confirming { until, .. }
            | Phase::Checking { until, .. } => Some(*until),
        }
    }

    /// It rested long enough: others may have it, or it is asked how it is.
    fn rested(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        if self.abilities.is_shared {
            deeds.push(Deed::LetGo);
            self.close(self.lamp, now);
        } else if self.abilities.answers {
            self.ask(now, deeds);
        } else {
            self.rest(now);
        }
    }

    pub(super) fn tick(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        match &self.phase {
            Phase::Closed { next } if now >= *next && self.wants_port() => {
                self.phase = Phase::Opening;
                self.opening = self.opening.wrapping_add(1);
                deeds.push(Deed::Open(self.opening));
            }
            Phase::Open { next }
                if now >= *next && self.with_port.is_none() && !self.has_work() =>
            {
                self.rested(now, deeds);
            }
            Phase::Open { .. } => self.begin(now, deeds),
            Phase::Troubled { next } if now >= *next => {
                self.phase = Phase::Open { next: now };
                self.begin(now, deeds);
            }
            Phase::Asked { until } if now >= *until => self.unanswered(now, deeds),
            Phase::Clearing { left, .. } if !left.is_empty() => self.write_again(deeds),
            Phase::Clearing { owes, until, .. } if now >= *until => {
                if *owes {
                    self.lamp = Lamp::Silent;
                } else {
                    self.half_said = 0;
                    self.rest(now);
                    self.begin(now, deeds);
                }
            }
            Phase::Sending { moved_at, .. } if now >= moved_at.saturating_add(STUCK_MS) => {
                self.stuck(now, deeds);
            }
            Phase::Sending { .. } if self.with_port.is_none() => {
                self.lamp = Lamp::Blocked;
                self.write(deeds);
            }
            Phase::Confirming { until, .. } if now >= *until => {
                self.end(What::Doubtful(Doubt::Unanswered), now, deeds);
            }
            Phase::Checking { until, .. } if now >= *until => self.unchecked(now, deeds),
            Phase::Confirming { ask_at, .. }
                if self.abilities.answers && now >= *ask_at && self.with_port.is_none() =>
            {
                self.ask_meanwhile(now, deeds);
            }
            Phase::Closed { .. }
            | Phase::Opening
            | Phase::Asked { .. }
            | Phase::Clearing { .. }
            | Phase::Noting
            | Phase::Sending { .. }
            | Phase::Confirming { .. }
            | Phase::Checking { .. }
            | Phase::Troubled { .. } => {}
        }
    }

    fn write_again(&self, deeds: &mut Vec<Deed>) {
        if self.with_port.is_none() {
            self.write(deeds);
        }
    }

    /// Some answers may have come, with others that were late: else it never spoke, or no longer does.
    fn unanswered(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        let is_silent = self.poll.silent_for() > 0;
        if let Some(report) = self.poll.quiet() {
            self.reported(&report, now, deeds);
            return;
        }
        if is_silent {
            self.lamp = Lamp::Silent;
        }
        self.pause(now);
    }

    /// How it is, while its word is waited for: all commands of the sheet are out.
    fn ask_meanwhile(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        // Zebra's own say nothing where paper is out or the head is open, either.
        if self.abilities.is_for_labels() && self.poll.silent_for() >= SILENT_QUESTIONS {
            self.lamp = Lamp::Silent;
        }
        if let Some(report) = self.poll.quiet() {
            self.reported(&report, now, deeds);
        }
        if let Phase::Confirming { ask_at, .. } = &mut self.phase {
            *ask_at = now.saturating_add(self.abilities.pause_ms());
            self.write_question(deeds);
        }
    }

    fn stuck(&mut self, now: u64, deeds: &mut Vec<Deed>) {
        deeds.push(Deed::Close);
        if matches!(self.phase, Phase::Sending { sent: 0, .. }) {
            self.not_sent(deeds);
        } else {
            self.finish(What::Doubtful(Doubt::Stuck), deeds);
        }
        self.close(Lamp::Blocked, now);
    }
}
