//! What one process stores wakes the feeds that are parked at the others.
//!
//! A signal is only a hint: a lost one costs a moment, not an item, since everybody looks by himself
//! every other second as well. So a store without signals is as good, only slower.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;

use super::super::StoreError;
use super::super::types::Stream;
use super::address::Address;
use super::error::PostgresError;
use super::line::Deed;
use super::pool::Pool;
use super::rows::unreadable;
use super::session::{Bond, OnNotification, Rows, Session};
use crate::domain::id::Entropy;
use crate::hub::wake::Wakes;

/// How often everybody looks by himself: so long a notification may take where a signal is lost.
const LOOK_EVERY: Duration = Duration::from_millis(1_500);
/// Between two attempts to listen: this, doubled each time that it fails, up to the second.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_mins(1);
/// Streams of one signal. Their numbers fit a payload, which has at most 8000 bytes.
const STREAMS_MAX: usize = 300;
/// The payload that means any stream.
const ANY: &str = "*";

/// What was stored here and is not known at the others yet. Waiting here, the streams of several
/// transactions become one signal.
#[derive(Default)]
pub(super) struct News {
    streams: Mutex<BTreeSet<Stream>>,
    bell: Notify,
}

impl News {
    pub(super) fn tell(&self, streams: impl IntoIterator<Item = Stream>) {
        let mut waiting = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        // One more than a signal names stands for all.
        let free = STREAMS_MAX.saturating_add(1).saturating_sub(waiting.len());
        let before = waiting.len();
        waiting.extend(streams.into_iter().take(free));
        if waiting.len() > before {
            self.bell.notify_one();
        }
    }

    /// The payload of the next signal.
    fn payload(&self) -> Option<String> {
        let streams = {
            let mut waiting = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *waiting)
        };
        if streams.len() > STREAMS_MAX {
            return Some(ANY.to_owned());
        }
        let numbers: Vec<_> = streams.iter().map(|stream| stream.0.to_string()).collect();
        let payload = numbers.join(" ");
        (!payload.is_empty()).then_some(payload)
    }
}

/// Wakes whom a signal means.
fn ring(wakes: &Wakes, payload: &str) {
    let streams: Result<Vec<i64>, _> = payload.split_whitespace().map(str::parse).collect();
    match streams {
        Ok(streams) => streams
            .into_iter()
            .map(Stream)
            .for_each(|stream| wakes.ring(stream)),
        // Any, or a later release's word.
        Err(_) => wakes.ring_all(),
    }
}

/// Sends and hears signals as long as the store is open. Its own connection: whoever listens gets
/// signals only between transactions, and a signal takes a lock of the whole database until its
/// commit, which must not wait for the disk as that of a notification does.
pub(super) async fn exchange(address: Arc<Address>, news: Arc<News>, wakes: Weak<Wakes>) {
    let mut pause = PAUSE_MIN;
    while wakes.strong_count() > 0 {
        match converse(&address, &news, &wakes).await {
            Ok(()) => pause = PAUSE_MIN,
            Err(error) => {
                tracing::warn!(%error, "other hub processes are heard every other second, not at once");
                pause = pause.saturating_mul(2).min(PAUSE_MAX);
            }
        }
        tokio::time::sleep(pause).await;
    }
}

/// Rings for the others' signals. For what this process stored it has rung already.
fn hears(wakes: Weak<Wakes>, own: Arc<OnceLock<i32>>) -> OnNotification {
    Box::new(move |signal| {
        if own.get() == Some(&signal.process_id()) {
            return;
        }
        if let Some(wakes) = wakes.upgrade() {
            ring(&wakes, signal.payload());
        }
    })
}

/// Until the connection is over.
async fn converse(
    address: &Address,
    news: &News,
    wakes: &Weak<Wakes>,
) -> Result<(), PostgresError> {
    let own = Arc::new(OnceLock::new());
    let heard = hears(Weak::clone(wakes), Arc::clone(&own));
    let mut session = Session::open(address, Some(heard)).await?;
    let found = session.say("SELECT pg_backend_pid()", &[]).await?;
    if let Some(row) = found.first() {
        own.get_or_init(|| row.get(0));
    }
    session.tell("LISTEN tillcode_hub").await?;
    loop {
        tokio::select! {
            () = session.over() => return Ok(()),
            () = news.bell.notified() => {}
        }
        if let Some(payload) = news.payload() {
            session
                .say("SELECT pg_notify('tillcode_hub', $1)", &[&payload])
                .await?;
        }
    }
}

/// Looks whether anything was stored in the streams that are waited for, again and again.
pub(super) async fn look(pool: Weak<Pool>, wakes: Weak<Wakes>) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = BTreeMap::new();
    loop {
        ticks.tick().await;
        let (Some(pool), Some(wakes)) = (pool.upgrade(), wakes.upgrade()) else {
            return;
        };
        let streams = wakes.streams();
        if streams.is_empty() {
            continue;
        }
        match pool.transact(&Ends(streams)).await {
            Ok(ends) => {
                for (stream, end) in &ends {
                    // Of one that is new here nobody knows since when.
                    if known.get(stream) != Some(end) {
                        wakes.ring(*stream);
                    }
                }
                known = ends;
            }
            Err(error) => tracing::warn!(%error, "the database could not be looked at"),
        }
    }
}

/// The last numbers of these streams.
struct Ends(Vec<Stream>);

impl Deed for Ends {
    type Done = BTreeMap<Stream, i64>;
    const BOND: Bond = Bond::Reads;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Self::Done, StoreError> {
        let streams: Vec<_> = self.0.iter().map(|stream| stream.0).collect();
        let found = rows
            .all(
                "SELECT id, last_seq FROM stream WHERE id = ANY($1)",
                &[&streams],
            )
            .await?;
        let ends = found
            .iter()
            .map(|row| Ok((Stream(row.try_get(0)?), row.try_get(1)?)));
        ends.collect::<Result<_, _>>().map_err(unreadable)
    }
}
