//! Time: the true one, the machine's two clocks, and what servers say.

use tillcode::domain::time::{Now, Timestamp};
use tillcode::io::clock::ServerTime;
use uuid::Uuid;

/// When every story begins.
const EPOCH: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// What the monotonic clock says when the till first runs after a boot, in milliseconds.
const BOOT_TAKES_MS: u64 = 20_000;

/// All clocks.
#[derive(Debug)]
pub struct Clock {
    /// Milliseconds since the story began: nobody in it can see this clock.
    pub true_ms: u64,
    boots: u64,
    booted_ms: u64,
    skew_ms: i64,
    /// How much faster the wall clock runs, in millionths.
    drift: i64,
    servers: ServerTime,
}

impl Clock {
    pub fn new(drift: i64) -> Self {
        Self {
            true_ms: 0,
            boots: 1,
            booted_ms: 0,
            skew_ms: 0,
            drift,
            servers: ServerTime::default(),
        }
    }

    /// What the till may know.
    pub fn now(&self) -> Now {
        let (mono_ms, wall) = (self.mono_ms(), self.wall());
        Now {
            mono_ms,
            boot_id: Uuid::from_u128(u128::from(self.boots)),
            wall,
            server_offset_ms: self.servers.offset_ms(mono_ms, wall),
        }
    }

    /// What the provider's clock says: the right time.
    pub fn server(&self) -> Timestamp {
        EPOCH.plus_millis(i64::try_from(self.true_ms).unwrap_or(i64::MAX))
    }

    /// An answer had a `Date`, which has whole seconds.
    pub fn heard(&mut self, answered: Timestamp) {
        let date = Timestamp::from_millis(answered.millis() / 1_000 * 1_000);
        self.servers.heard(date, self.mono_ms());
    }

    /// The true time at which the monotonic clock will say `mono_ms`.
    pub const fn true_at(&self, mono_ms: u64) -> u64 {
        self.booted_ms
            .saturating_add(mono_ms.saturating_sub(BOOT_TAKES_MS))
    }

    /// Another run of the program: what servers said is forgotten.
    pub fn program_starts(&mut self) {
        self.servers = ServerTime::default();
    }

    /// The machine starts; its battery kept the time, or it did not.
    pub fn machine_starts(&mut self, battery_is_dead: bool) {
        self.boots += 1;
        self.booted_ms = self.true_ms;
        self.skew_ms = 0;
        if battery_is_dead {
            self.skew_ms = -self.wall().millis();
        }
        self.program_starts();
    }

    /// Somebody sets the wall clock, to 1970 at the earliest; it runs on from there.
    pub fn jump(&mut self, millis: i64) {
        let millis = millis.max(-self.wall().millis());
        self.skew_ms = self.skew_ms.saturating_add(millis);
    }

    const fn mono_ms(&self) -> u64 {
        self.true_ms - self.booted_ms + BOOT_TAKES_MS
    }

    fn wall(&self) -> Timestamp {
        let drifted = i64::try_from(self.true_ms).unwrap_or(0) / 1_000_000 * self.drift;
        let wall = self.server().plus_millis(self.skew_ms + drifted);
        wall.max(Timestamp::from_millis(0))
    }
}
