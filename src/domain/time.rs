//! Instants as integers. Durations come from the monotonic clock, dates from the wall clock.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Milliseconds since 1970-01-01T00:00:00Z, by the wall clock.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The instant `millis` later; stops at the end of time instead of wrapping.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to here; negative when the clock was set back.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// As RFC 3339 in UTC with seconds, for instance `2026-03-01T10:00:00Z`.
    pub fn to_rfc3339(self) -> String {
        chrono::DateTime::from_timestamp_millis(self.0).map_or_else(
            || "1970-01-01T00:00:00Z".to_owned(),
            |at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        )
    }

    /// Reads RFC 3339; `None` where it is not.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| Self(at.timestamp_millis()))
    }
}

/// All that a decision may know of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds of a clock that only goes forward, within one boot.
    pub mono_ms: u64,
    /// Which boot `mono_ms` belongs to.
    pub boot_id: Uuid,
    /// What the machine believes the date to be.
    pub wall: Timestamp,
    /// Milliseconds to add to `wall` to get the time of the servers that were heard last.
    pub server_offset_ms: i64,
}

impl Now {
    /// The best known date: the wall clock, corrected by what servers said.
    pub const fn best(self) -> Timestamp {
        self.wall.plus_millis(self.server_offset_ms)
    }
}
