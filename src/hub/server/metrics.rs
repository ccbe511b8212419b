//! Counters for Prometheus: how much comes, how long it takes, who waits. Nothing of a shop is in them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};

use super::peer::Peer;
use super::{Hub, answer};
use crate::hub::store::{StoreError, Taken};

/// Upper ends of the histogram's buckets, in milliseconds.
const BUCKETS_MS: [u64; 9] = [1, 2, 5, 10, 25, 50, 100, 250, 1_000];

/// What is counted since the process began.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    stored: AtomicU64,
    known: AtomicU64,
    nobody: AtomicU64,
    forged: AtomicU64,
    turned_away: AtomicU64,
    failed: AtomicU64,
    strikes: AtomicU64,
    claims: AtomicU64,
    feeds: AtomicU64,
    parked: AtomicU64,
    acknowledged: Histogram,
}

/// How long something took.
#[derive(Debug, Default)]
struct Histogram {
    buckets: [AtomicU64; BUCKETS_MS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

/// A feed that waits; counted until it is dropped.
pub(super) struct Waits<'a>(&'a Metrics);

fn add(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Histogram {
    fn observe(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        add(&self.count);
        self.micros.fetch_add(micros, Ordering::Relaxed);
        let within = |end: u64| micros <= end.saturating_mul(1_000);
        for (end, bucket) in BUCKETS_MS.into_iter().zip(&self.buckets) {
            if within(end) {
                add(bucket);
            }
        }
    }
}

impl Metrics {
    /// What became of a notification, and how long its sender waited.
    pub(super) fn took(&self, outcome: &Result<Taken, StoreError>, took: Duration) {
        add(match outcome {
            Ok(Taken::Stored(_)) => &self.stored,
            Ok(Taken::Known) => &self.known,
            Ok(Taken::Nobody) => &self.nobody,
            Ok(Taken::Forged) => &self.forged,
            Err(_) => &self.failed,
        });
        self.acknowledged.observe(took);
    }

    /// A notification beyond a limit.
    pub(super) fn turned_away(&self) {
        add(&self.turned_away);
    }

    /// A wrong token, code or signature.
    pub(super) fn strike(&self) {
        add(&self.strikes);
    }

    /// A payment was claimed.
    pub(super) fn claim(&self) {
        add(&self.claims);
    }

    /// A feed was asked for; it may wait.
    pub(super) fn feed(&self) -> Waits<'_> {
        add(&self.feeds);
        add(&self.parked);
        Waits(self)
    }

    /// In the text format of Prometheus, version 0.0.4.
    fn text(&self) -> String {
        let mut text = String::new();
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (name, help) = (
            "notifications_total",
            "Notifications by what became of them.",
        );
        text.push_str(&head(name, "counter", help));
        for (outcome, counter) in [
            ("stored", &self.stored),
            ("known", &self.known),
            ("nobody", &self.nobody),
            ("forged", &self.forged),
            ("turned_away", &self.turned_away),
            ("failed", &self.failed),
        ] {
            let labels = format!("{{outcome=\"{outcome}\"}}");
            text.push_str(&line(name, &labels, of(counter)));
        }
        for (name, kind, help, counter) in [
            (
                "strikes_total",
                "counter",
                "Wrong tokens, codes and signatures.",
                &self.strikes,
            ),
            (
                "claims_total",
                "counter",
                "Payments that terminals claimed.",
                &self.claims,
            ),
            (
                "feeds_total",
                "counter",
                "Questions for a feed.",
                &self.feeds,
            ),
            (
                "feeds_open",
                "gauge",
                "Questions for a feed that wait now.",
                &self.parked,
            ),
        ] {
            text.push_str(&head(name, kind, help));
            text.push_str(&line(name, "", of(counter)));
        }
        self.acknowledged.text(&mut text);
        text
    }
}

impl Histogram {
    fn text(&self, text: &mut String) {
        let name = "acknowledge_seconds";
        let help = "From a notification's body to its commit.";
        text.push_str(&head(name, "histogram", help));
        for (end, bucket) in BUCKETS_MS.into_iter().zip(&self.buckets) {
            let (secs, millis) = (end.div_euclid(1_000), end.rem_euclid(1_000));
            let labels = format!("{{le=\"{secs}.{millis:03}\"}}");
            let count = bucket.load(Ordering::Relaxed);
            text.push_str(&line("acknowledge_seconds_bucket", &labels, count));
        }
        let count = self.count.load(Ordering::Relaxed);
        text.push_str(&line("acknowledge_seconds_bucket", "{le=\"+Inf\"}", count));
        let micros = self.micros.load(Ordering::Relaxed);
        let (secs, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        let sum = format!("{secs}.{rest:06}");
        text.push_str(&line("acknowledge_seconds_sum", "", sum));
        text.push_str(&line("acknowledge_seconds_count", "", count));
    }
}

fn head(name: &str, kind: &str, help: &str) -> String {
    format!("# HELP tillcode_hub_{name} {help}\n# TYPE tillcode_hub_{name} {kind}\n")
}

fn line(name: &str, labels: &str, value: impl std::fmt::Display) -> String {
    format!("tillcode_hub_{name}{labels} {value}\n")
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.parked.fetch_sub(1, Ordering::Relaxed);
    }
}

/// For this machine only: a proxy that is trusted names others by their own address.
pub(super) async fn read(State(hub): State<Arc<Hub>>, parts: Parts) -> Response {
    if !Peer::of(&parts, &hub.config.trusted_proxies).is_local() {
        return answer::nobody();
    }
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (kind, hub.metrics.text()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_written_as_prometheus_reads_it() {
        let metrics = Metrics::default();
        let stored = Ok(Taken::Stored(crate::hub::store::Stream(1)));
        metrics.took(&stored, Duration::from_micros(1_500));
        metrics.took(&Ok(Taken::Known), Duration::from_millis(30));
        metrics.took(&Err(StoreError::Busy), Duration::from_secs(2));
        metrics.strike();
        drop(metrics.feed());
        let waits = metrics.feed();
        let text = metrics.text();
        drop(waits);
        for wanted in [
            "tillcode_hub_notifications_total{outcome=\"stored\"} 1",
            "tillcode_hub_notifications_total{outcome=\"known\"} 1",
            "tillcode_hub_notifications_total{outcome=\"failed\"} 1",
            "tillcode_hub_strikes_total 1",
            "tillcode_hub_feeds_total 2",
            "tillcode_hub_feeds_open 1",
            "tillcode_hub_acknowledge_seconds_bucket{le=\"0.001\"} 0",
            "tillcode_hub_acknowledge_seconds_bucket{le=\"0.002\"} 1",
            "tillcode_hub_acknowledge_seconds_bucket{le=\"0.050\"} 2",
            "tillcode_hub_acknowledge_seconds_bucket{le=\"1.000\"} 2",
            "tillcode_hub_acknowledge_seconds_bucket{le=\"+Inf\"} 3",
            "tillcode_hub_acknowledge_seconds_sum 2.031500",
            "tillcode_hub_acknowledge_seconds_count 3",
        ] {
            assert!(text.lines().any(|line| line == wanted), "{wanted}: {text}");
        }
        assert!(metrics.text().contains("tillcode_hub_feeds_open 0"));
    }
}
