//! Whether the payment account can be reached, with hysteresis: one lost packet is not "offline", one
//! lucky answer is not "online".

use super::snapshot::Reach;
use crate::domain::time::Now;

/// Failures in a row after which the till calls itself offline.
const FAILURES: u32 = 2;
/// Answers in a row after which it calls itself online again.
const SUCCESSES: u32 = 2;
/// How often a quiet till makes sure that it still is online.
const PROBE_ONLINE_MS: u64 = 30_000;
/// The first and the longest pause between attempts to get back online.
const PROBE_OFFLINE_MS: (u64, u64) = (2_000, 30_000);

/// What an attempt showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The provider answered.
    Answered,
    /// The provider answered that the key is wrong.
    KeyRefused,
    /// No answer, or one that is not the provider's.
    Silent,
}

/// The machine.
#[derive(Debug)]
pub(super) struct ReachMachine {
    reach: Reach,
    failures: u32,
    successes: u32,
    pause_ms: u64,
    next_probe_mono: u64,
    probing: bool,
}

impl ReachMachine {
    /// Starts without knowing; asks at once. A till without an account never asks.
    pub(super) const fn new(reach: Reach, now: Now) -> Self {
        Self {
            reach,
            failures: 0,
            successes: 0,
            pause_ms: PROBE_OFFLINE_MS.0,
            next_probe_mono: now.mono_ms,
            probing: false,
        }
    }

    /// What the status bar says.
    pub(super) const fn reach(&self) -> Reach {
        self.reach
    }

    /// Whether requests may be sent in the hope of an answer.
    pub(super) const fn is_online(&self) -> bool {
        matches!(self.reach, Reach::Online)
    }

    /// Takes in what an attempt showed. Says whether the state changed.
    pub(super) fn saw(&mut self, sign: Sign, now: Now) -> bool {
        let before = self.reach;
        match sign {
            Sign::Answered => self.answered(),
            Sign::KeyRefused => {
                self.failures = 0;
                self.successes = 0;
                if !matches!(self.reach, Reach::Refusing { .. }) {
                    self.reach = Reach::Refusing { since: now.wall };
                }
            }
            Sign::Silent => self.silent(now),
        }
        self.plan_probe(sign, now);
        before != self.reach
    }

    fn answered(&mut self) {
        self.failures = 0;
        self.successes = self.successes.saturating_add(1);
        let enough = match self.reach {
            Reach::Offline { .. } => self.successes >= SUCCESSES,
            Reach::Unknown | Reach::Online | Reach::Refusing { .. } => true,
            Reach::NoBackend => false,
        };
        if enough {
            self.reach = Reach::Online;
        }
    }

    fn silent(&mut self, now: Now) {
        self.successes = 0;
        self.failures = self.failures.saturating_add(1);
        let enough = match self.reach {
            Reach::Online | Reach::Refusing { .. } => self.failures >= FAILURES,
            Reach::Unknown => true,
            Reach::Offline { .. } | Reach::NoBackend => false,
        };
        if enough {
            self.reach = Reach::Offline { since: now.wall };
            self.pause_ms = PROBE_OFFLINE_MS.0;
        }
    }

    fn plan_probe(&mut self, sign: Sign, now: Now) {
        self.probing = false;
        let pause = match (self.reach, sign) {
            (Reach::Online, Sign::Answered) => PROBE_ONLINE_MS,
            // Doubtful either way: make sure soon.
            (Reach::Online, _) | (Reach::Offline { .. }, Sign::Answered) => 500,
            (Reach::Offline { .. } | Reach::Refusing { .. } | Reach::Unknown, _) => {
                let pause = self.pause_ms;
                self.pause_ms = pause.saturating_mul(2).min(PROBE_OFFLINE_MS.1);
                pause
            }
            (Reach::NoBackend, _) => u64::MAX,
        };
        self.next_probe_mono = now.mono_ms.saturating_add(pause);
    }

    /// When the next probe is due; none while one is under way or without an account.
    pub(super) fn probe_due_mono(&self) -> Option<u64> {
        let asks = !self.probing && self.reach != Reach::NoBackend;
        asks.then_some(self.next_probe_mono)
    }

    /// A probe was sent.
    pub(super) const fn probe_sent(&mut self) {
        self.probing = true;
    }

    /// Somebody pressed "try now".
    pub(super) const fn probe_now(&mut self, now: Now) {
        self.next_probe_mono = now.mono_ms;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::time::Timestamp;

    fn now(mono_ms: u64) -> Now {
        let wall = Timestamp::from_millis(i64::try_from(mono_ms).unwrap());
        Now {
            mono_ms,
            boot_id: Uuid::nil(),
            wall,
            server_offset_ms: 0,
        }
    }

    #[test]
    fn one_failure_is_not_offline_and_one_answer_is_not_online() {
        let mut machine = ReachMachine::new(Reach::Unknown, now(0));
        assert_eq!(machine.probe_due_mono(), Some(0));
        machine.saw(Sign::Answered, now(1));
        assert_eq!(machine.reach(), Reach::Online);
        assert!(!machine.saw(Sign::Silent, now(2)));
        assert_eq!(machine.reach(), Reach::Online);
        assert!(machine.saw(Sign::Silent, now(3)));
        assert_eq!(
            machine.reach(),
            Reach::Offline {
                since: Timestamp::from_millis(3)
            }
        );
        assert!(!machine.saw(Sign::Answered, now(4)));
        assert!(!machine.saw(Sign::Silent, now(5)));
        assert!(!machine.saw(Sign::Answered, now(6)));
        assert!(machine.saw(Sign::Answered, now(7)));
        assert_eq!(machine.reach(), Reach::Online);
        machine.saw(Sign::KeyRefused, now(8));
        assert_eq!(
            machine.reach(),
            Reach::Refusing {
                since: Timestamp::from_millis(8)
            }
        );
    }

    #[test]
    fn pauses_between_attempts_grow_and_end_with_success() {
        let mut machine = ReachMachine::new(Reach::Unknown, now(0));
        let mut pauses = Vec::new();
        for _ in 0..6 {
            machine.saw(Sign::Silent, now(1_000));
            pauses.push(machine.probe_due_mono().unwrap() - 1_000);
        }
        assert_eq!(pauses, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        machine.saw(Sign::Answered, now(1_000));
        assert_eq!(machine.probe_due_mono(), Some(1_500));
    }

    #[test]
    fn a_till_without_an_account_never_asks() {
        let mut machine = ReachMachine::new(Reach::NoBackend, now(0));
        assert_eq!(machine.probe_due_mono(), None);
        machine.saw(Sign::Answered, now(1));
        assert_eq!(
            (machine.reach(), machine.probe_due_mono()),
            (Reach::NoBackend, None)
        );
    }
}
