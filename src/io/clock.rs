//! The only reader of clocks.
//!
//! Durations come from a clock that only goes forward, together with the boot that it belongs to;
//! dates come from the wall clock, corrected by what servers said of theirs.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use uuid::Uuid;

use super::entropy;
use crate::domain::id::Entropy;
use crate::domain::time::{Now, Timestamp};

/// Servers' dates that are kept: one odd server among them does not move the median.
const OFFSETS_KEPT: usize = 9;

/// All clocks of the machine.
#[derive(Debug)]
pub struct Clock {
    boot_id: Uuid,
    /// How long the machine ran when this clock was made.
    uptime: Duration,
    started: Instant,
    servers: Mutex<ServerTime>,
}

/// What servers said of the time, kept against the clock that only goes forward: whoever sets the
/// wall clock afterwards changes nothing. Apart from the clocks, so that a simulation can use it too.
#[derive(Clone, Debug, Default)]
pub struct ServerTime {
    /// The server's date less the monotonic clock, in milliseconds.
    origins_ms: VecDeque<i64>,
}

impl ServerTime {
    /// A server said what time it is, while the monotonic clock said `mono_ms`.
    pub fn heard(&mut self, server: Timestamp, mono_ms: u64) {
        if self.origins_ms.len() >= OFFSETS_KEPT {
            self.origins_ms.pop_front();
        }
        self.origins_ms.push_back(server.since(millis_of(mono_ms)));
    }

    /// What to add to the wall clock, in milliseconds, by the median of the last nine; zero before
    /// any was heard.
    pub fn offset_ms(&self, mono_ms: u64, wall: Timestamp) -> i64 {
        let mut sorted: Vec<i64> = self.origins_ms.iter().copied().collect();
        sorted.sort_unstable();
        let median = sorted.get(sorted.len() / 2);
        median.map_or(0, |origin| {
            millis_of(mono_ms).plus_millis(*origin).since(wall)
        })
    }
}

fn millis_of(mono_ms: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(mono_ms).unwrap_or(i64::MAX))
}

impl Clock {
    /// Reads which boot this is. Where the system does not say, this start counts as one.
    pub fn start() -> Self {
        let (boot_id, uptime) =
            read_boot(Path::new("/proc")).unwrap_or_else(|| (fresh_id(), Duration::ZERO));
        Self {
            boot_id,
            uptime,
            started: instant(),
            servers: Mutex::default(),
        }
    }

    /// All that a decision may know of time.
    pub fn now(&self) -> Now {
        let (mono_ms, wall) = (self.mono_ms(), wall());
        Now {
            mono_ms,
            boot_id: self.boot_id,
            wall,
            server_offset_ms: self.servers().offset_ms(mono_ms, wall),
        }
    }

    fn mono_ms(&self) -> u64 {
        let running = self.uptime.saturating_add(self.started.elapsed());
        u64::try_from(running.as_millis()).unwrap_or(u64::MAX)
    }

    /// A server said what time it is. The median of the last nine corrects the wall clock.
    pub fn heard(&self, server: Timestamp) {
        self.servers().heard(server, self.mono_ms());
    }

    fn servers(&self) -> MutexGuard<'_, ServerTime> {
        self.servers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_boot(proc: &Path) -> Option<(Uuid, Duration)> {
    let boot_id = std::fs::read_to_string(proc.join("sys/kernel/random/boot_id")).ok()?;
    let uptime = std::fs::read_to_string(proc.join("uptime")).ok()?;
    let seconds = uptime.split_whitespace().next()?.parse().ok()?;
    Some((
        Uuid::parse_str(boot_id.trim()).ok()?,
        Duration::try_from_secs_f64(seconds).ok()?,
    ))
}

fn fresh_id() -> Uuid {
    Entropy::new(entropy::seed().unwrap_or_default()).uuid(wall())
}

/// For durations that begin and end within `io`.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the module that reads clocks"
)]
pub(super) fn instant() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the module that reads clocks"
)]
fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // A clock before 1970 has lost its battery; what servers say corrects it.
    let millis = since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    });
    Timestamp::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_server_does_not_move_the_date() {
        let clock = Clock::start();
        assert_eq!(clock.now().server_offset_ms, 0);
        for hours in [1, 1, 1, 500_000, 1] {
            clock.heard(wall().plus_millis(hours * 3_600_000));
        }
        let offset = clock.now().server_offset_ms;
        assert!((3_599_000..=3_601_000).contains(&offset), "{offset}");
        for _ in 0..OFFSETS_KEPT {
            clock.heard(wall());
        }
        assert!(clock.now().server_offset_ms.abs() < 1_000);
    }

    #[test]
    fn whoever_sets_the_clock_later_does_not_change_the_date() {
        let mut servers = ServerTime::default();
        let server = Timestamp::from_millis(1_800_000_000_000);
        assert_eq!(servers.offset_ms(5_000, server), 0);
        servers.heard(server, 5_000);
        let half_a_century_ms = 1_576_800_000_000;
        for wall in [0, half_a_century_ms, -half_a_century_ms] {
            let wall = server.plus_millis(wall);
            let offset = servers.offset_ms(65_000, wall);
            assert_eq!(wall.plus_millis(offset), server.plus_millis(60_000));
        }
    }

    #[test]
    fn a_restart_of_the_program_is_no_boot() {
        let (one, other) = (Clock::start().now(), Clock::start().now());
        assert_eq!(one.boot_id, other.boot_id);
        assert!(one.mono_ms > 0 && other.mono_ms.abs_diff(one.mono_ms) < 5_000);
    }
}
