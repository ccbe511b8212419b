//! How fast requests may go to one account.
//!
//! A provider that takes 100 requests a minute counts in its own windows; whoever sends no more than
//! that within any 60 seconds stays below it whenever those windows begin.

use std::collections::VecDeque;

/// The window, in milliseconds.
const WINDOW_MS: u64 = 60_000;
/// The part of the pace, one of so many, that is kept for customers who wait.
const KEPT_FOR_CUSTOMERS: u32 = 5;

/// Who a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// A customer looks at the screen.
    Customer,
    /// Nobody waits.
    Background,
}

/// The requests of a minute that the background may take.
pub(super) const fn background_share(per_minute: u32) -> u32 {
    let share = per_minute.saturating_sub(per_minute.div_euclid(KEPT_FOR_CUSTOMERS));
    if share == 0 { 1 } else { share }
}

/// What was sent lately, and until when the provider wants to be left alone.
#[derive(Debug, Default)]
pub(super) struct PaceMachine {
    per_minute: Option<u32>,
    sent_mono: VecDeque<u64>,
    hold_until_mono: u64,
}

impl PaceMachine {
    /// At most so many requests in any minute; none for no limit.
    pub(super) fn new(per_minute: Option<u32>) -> Self {
        Self {
            per_minute,
            ..Self::default()
        }
    }

    /// The most requests of a minute; none for no limit.
    pub(super) const fn per_minute(&self) -> Option<u32> {
        self.per_minute
    }

    /// A request goes out.
    pub(super) fn sent(&mut self, mono_ms: u64) {
        if self.per_minute.is_some() {
            self.forget(mono_ms);
            self.sent_mono.push_back(mono_ms);
        }
    }

    fn forget(&mut self, mono_ms: u64) {
        while let Some(first) = self.sent_mono.front() {
            if first.saturating_add(WINDOW_MS) > mono_ms {
                break;
            }
            self.sent_mono.pop_front();
        }
    }

    /// The provider asked to be left alone.
    pub(super) fn hold(&mut self, mono_ms: u64, secs: u32) {
        #[cfg(planted)]
        let secs = if crate::domain::planted::is(crate::domain::planted::Bug::PauseForgotten) {
            0
        } else {
            secs
        };
        let until = mono_ms.saturating_add(u64::from(secs).saturating_mul(1_000));
        self.hold_until_mono = self.hold_until_mono.max(until);
    }

    /// From when on a request may go out, by the monotonic clock.
    pub(super) fn free_at(&self, urgency: Urgency) -> u64 {
        let Some(per_minute) = self.per_minute else {
            return self.hold_until_mono;
        };
        let share = match urgency {
            Urgency::Customer => per_minute.max(1),
            Urgency::Background => background_share(per_minute),
        };
        let allowed = usize::try_from(share).unwrap_or(usize::MAX);
        // Free again when the one that fills the window leaves it.
        let fills = self
            .sent_mono
            .len()
            .checked_sub(allowed)
            .and_then(|index| self.sent_mono.get(index));
        let free = fills.map_or(0, |sent| sent.saturating_add(WINDOW_MS));
        free.max(self.hold_until_mono)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_background_leaves_room_for_a_customer() {
        let mut pace = PaceMachine::new(Some(10));
        for sent in 0..8 {
            assert!(pace.free_at(Urgency::Background) <= sent, "{sent}");
            pace.sent(sent);
        }
        assert_eq!(pace.free_at(Urgency::Background), WINDOW_MS);
        assert_eq!(pace.free_at(Urgency::Customer), 0);
        pace.hold(8, 90);
        assert_eq!(pace.free_at(Urgency::Customer), 90_008);
    }

    proptest! {
        #[test]
        fn no_minute_sees_more_than_allowed(per_minute in 1_u32..20, steps in prop::collection::vec(0_u64..20_000, 1..200)) {
            let mut pace = PaceMachine::new(Some(per_minute));
            let mut now = 0;
            let mut sent = Vec::new();
            for step in steps {
                now += step;
                if pace.free_at(Urgency::Customer) <= now {
                    pace.sent(now);
                    sent.push(now);
                }
            }
            for window in sent.windows(usize::try_from(per_minute).unwrap() + 1) {
                prop_assert!(window.last().unwrap() - window.first().unwrap() >= WINDOW_MS);
            }
        }
    }
}
