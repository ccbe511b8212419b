//! Notifications by 64 connections: as fast as they are acknowledged, or in an even stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::line::{Line, block_on};
use super::process::Hub;
use super::shop::Shop;
use super::spread::{Spread, millis};

pub(crate) const CONNECTIONS: usize = 64;

static ACKNOWLEDGED: AtomicU64 = AtomicU64::new(0);

/// How many were acknowledged since this was asked last.
pub(crate) fn acknowledged() -> u64 {
    ACKNOWLEDGED.swap(0, Ordering::Relaxed)
}

/// Counts one.
pub(crate) fn acknowledge() {
    ACKNOWLEDGED.fetch_add(1, Ordering::Relaxed);
}

/// What came of it.
pub(crate) struct Run {
    spread: Spread,
    took: Duration,
}

impl Run {
    pub(crate) const fn count(&self) -> usize {
        self.spread.count()
    }

    pub(crate) fn rate(&self) -> f64 {
        self.count() as f64 / self.took.as_secs_f64()
    }

    pub(crate) fn words(&self) -> String {
        format!(
            "{}, {}",
            millis(self.spread.at(50)),
            millis(self.spread.at(99))
        )
    }
}

/// Each connection posts again as soon as it is answered.
pub(crate) fn closed(hub: &Hub, shop: &Arc<Shop>, long: Duration) -> Run {
    run(hub, shop, long, None)
}

/// So many a second, whatever becomes of those before; each is timed from when it was due.
pub(crate) fn open(hub: &Hub, shop: &Arc<Shop>, rate: f64, long: Duration) -> Run {
    run(hub, shop, long, Some(Duration::from_secs_f64(1.0 / rate)))
}

fn run(hub: &Hub, shop: &Arc<Shop>, long: Duration, every: Option<Duration>) -> Run {
    block_on(async {
        let mut lines = Vec::new();
        for number in 0..CONNECTIONS {
            lines.push(Line::open(hub.address, number).await);
        }
        let began = Instant::now();
        let mut senders = JoinSet::new();
        for (number, line) in lines.into_iter().enumerate() {
            let sender = Sender {
                line,
                shop: Arc::clone(shop),
                number,
                request: Vec::new(),
                spread: Spread::default(),
            };
            senders.spawn(async move {
                match every {
                    Some(every) => sender.evenly(began, every, long).await,
                    None => sender.at_once(began, long).await,
                }
            });
        }
        let mut spread = Spread::default();
        while let Some(one) = senders.join_next().await {
            spread.join(one.unwrap());
        }
        Run {
            spread,
            took: began.elapsed(),
        }
    })
}

/// One of the connections.
struct Sender {
    line: Line,
    shop: Arc<Shop>,
    number: usize,
    request: Vec<u8>,
    spread: Spread,
}

impl Sender {
    async fn at_once(mut self, began: Instant, long: Duration) -> Spread {
        for turn in 0.. {
            let due = Instant::now();
            if due - began >= long {
                break;
            }
            self.post(turn, due).await;
        }
        self.spread
    }

    async fn evenly(mut self, began: Instant, every: Duration, long: Duration) -> Spread {
        for turn in 0.. {
            let place = turn * CONNECTIONS + self.number;
            let due = every.mul_f64(place as f64);
            if due >= long {
                break;
            }
            tokio::time::sleep_until((began + due).into()).await;
            self.post(turn, began + due).await;
        }
        self.spread
    }

    async fn post(&mut self, turn: usize, due: Instant) {
        let address = turn * CONNECTIONS + self.number;
        self.shop.template(address).write(&mut self.request);
        let status = self.line.ask(&self.request).await.status;
        assert_eq!(status, 200, "a notification was not acknowledged");
        self.spread.add(due.elapsed());
        acknowledge();
    }
}
