//! The business day of a shop: its own zone, cut off at its own hour, not at midnight in Greenwich.

use chrono::{NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Tz;

use super::time::Timestamp;

/// Where a shop's day begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRule {
    /// The shop's zone.
    pub zone: Tz,
    /// Sales before this time of day still belong to the day before.
    pub cutoff: NaiveTime,
}

impl DayRule {
    /// The business day that `at` belongs to.
    pub fn day_of(self, at: Timestamp) -> NaiveDate {
        let local = self.local(at);
        if local.time() < self.cutoff {
            local.date().pred_opt().unwrap_or(local.date())
        } else {
            local.date()
        }
    }

    /// When the business day began that `at` belongs to.
    pub fn start_of_day(self, at: Timestamp) -> Timestamp {
        self.start_of(self.day_of(at)).unwrap_or(at)
    }

    /// When a business day begins; none for one beyond all calendars.
    pub fn start_of(self, day: NaiveDate) -> Option<Timestamp> {
        let start = day.and_time(self.cutoff);
        // Where the clocks go forward over the cut-off, the day begins at the first instant after.
        let found = self
            .zone
            .from_local_datetime(&start)
            .earliest()
            .or_else(|| {
                let later = start.checked_add_signed(chrono::TimeDelta::try_hours(1)?)?;
                self.zone.from_local_datetime(&later).earliest()
            });
        found.map(|start| Timestamp::from_millis(start.timestamp_millis()))
    }

    /// When each of the last business days began, the one that `at` belongs to being the last.
    pub fn last_days(self, at: Timestamp, count: usize) -> Vec<Timestamp> {
        let today = self.day_of(at);
        let days = std::iter::successors(Some(today), NaiveDate::pred_opt);
        let mut starts: Vec<_> = days
            .take(count)
            .filter_map(|day| self.start_of(day))
            .collect();
        starts.reverse();
        starts
    }

    /// Hours and minutes for a screen: `14:05`.
    pub fn clock_time(self, at: Timestamp) -> String {
        self.local(at).format("%H:%M").to_string()
    }

    /// Day, hours and minutes in the shop's zone, in an order that sorts: `2026-03-01 14:05`.
    pub fn date_and_time(self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The day in the shop's zone: `2026-03-01`.
    pub fn date(self, at: Timestamp) -> String {
        self.local(at).format("%Y-%m-%d").to_string()
    }

    fn local(self, at: Timestamp) -> chrono::NaiveDateTime {
        let utc = chrono::DateTime::from_timestamp_millis(at.millis()).unwrap_or_default();
        utc.with_timezone(&self.zone).naive_local()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_day_runs_from_cutoff_to_cutoff_in_the_shops_zone() {
        let rule = DayRule {
            zone: chrono_tz::Europe::Berlin,
            cutoff: NaiveTime::from_hms_opt(4, 0, 0).unwrap(),
        };
        for (instant, day, start) in [
            ("2026-03-01T10:00:00Z", "2026-03-01", "2026-03-01T03:00:00Z"),
            ("2026-03-01T02:59:59Z", "2026-02-28", "2026-02-28T03:00:00Z"),
            ("2026-07-01T01:59:59Z", "2026-06-30", "2026-06-30T02:00:00Z"),
            // The night in which the clocks go forward.
            ("2026-03-29T12:00:00Z", "2026-03-29", "2026-03-29T02:00:00Z"),
        ] {
            assert_eq!(rule.day_of(at(instant)).to_string(), day, "{instant}");
            assert_eq!(rule.start_of_day(at(instant)), at(start), "{instant}");
        }
        let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        assert_eq!(rule.start_of(day), Some(at("2026-03-01T03:00:00Z")));
        assert_eq!(rule.clock_time(at("2026-07-01T12:05:00Z")), "14:05");
        assert_eq!(
            rule.last_days(at("2026-03-29T12:00:00Z"), 2),
            [at("2026-03-28T03:00:00Z"), at("2026-03-29T02:00:00Z")]
        );
        assert!(rule.last_days(at("2026-03-29T12:00:00Z"), 0).is_empty());
    }
}
