//! One hundred requests a minute for each client key, in windows that begin with the minute.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::json_response;

/// Requests in one window.
pub(super) const LIMIT: u32 = 100;
const WINDOW_SECS: i64 = 60;
/// Keys that are counted at the same time; then those of past minutes are forgotten.
const OWNERS_MAX: usize = 1_000;

/// How many requests each key made in its current minute.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Quota(BTreeMap<String, Used>);

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Used {
    /// Minutes since 1970.
    minute: i64,
    requests: u32,
}

/// What one more request means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) is_over: bool,
    remaining: u32,
    /// In seconds since 1970.
    reset: i64,
    /// In seconds from now, at least 1.
    wait: i64,
}

impl Quota {
    /// Counts a request.
    pub(super) fn take(&mut self, owner: &str, now: Timestamp) -> Taken {
        let secs = now.millis().div_euclid(1_000);
        let minute = secs.div_euclid(WINDOW_SECS);
        if self.0.len() >= OWNERS_MAX {
            self.0.retain(|_, used| used.minute == minute);
        }
        let used = self.0.entry(owner.to_owned()).or_default();
        if used.minute != minute {
            *used = Used {
                minute,
                requests: 0,
            };
        }
        let is_over = used.requests >= LIMIT;
        if !is_over {
            used.requests = used.requests.saturating_add(1);
        }
        let reset = minute.saturating_add(1).saturating_mul(WINDOW_SECS);
        Taken {
            is_over,
            remaining: LIMIT.saturating_sub(used.requests),
            reset,
            wait: reset.saturating_sub(secs).max(1),
        }
    }
}

impl Taken {
    /// For every answer.
    pub(super) fn headers(self) -> [(String, String); 3] {
        let header = |name: &str, value: String| (name.to_owned(), value);
        [
            header("x-ratelimit-limit", LIMIT.to_string()),
            header("x-ratelimit-remaining", self.remaining.to_string()),
            header("x-ratelimit-reset", self.reset.to_string()),
        ]
    }

    /// The answer to one request too many.
    pub(super) fn refusal(self) -> Response {
        let body = json!({
            "statusCode": 429,
            "message": "Too many requests",
            "retryAfter": self.wait,
        });
        let mut response = json_response(429, &body);
        let header = ("retry-after".to_owned(), self.wait.to_string());
        response.headers.push(header);
        response
    }
}
