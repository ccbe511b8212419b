//! The two threads of an open file.

use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::super::StoreError;
use super::super::types::{Arrival, Taken};
use super::owners::Owners;
use super::{join, take};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::TokenHash;

/// The most notifications of one transaction.
const BATCH_MAX: usize = 500;
/// The most pieces of work that wait for a thread. Beyond it the hub says that it is busy.
const WAITING_MAX: usize = 10_000;

type Deed = Box<dyn FnOnce(&mut Connection, &mut Entropy) + Send>;
pub(super) type Question = Box<dyn FnOnce(&Connection) + Send>;

/// For the thread that writes.
pub(super) enum Work {
    /// A notification, with who waits for its outcome.
    Take(Arrival, oneshot::Sender<Result<Taken, StoreError>>),
    /// How far a terminal has read.
    Heard {
        token: TokenHash,
        own: u64,
        shop: u64,
        now: Timestamp,
    },
    /// Whether writing works, after all that was asked for before.
    Ready(oneshot::Sender<Result<(), StoreError>>),
    /// Anything else, in a transaction of its own.
    Deed(Deed),
}

/// A thread and what it waits for; both end together.
struct Thread<T> {
    queue: Option<mpsc::SyncSender<T>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Thread<T> {
    fn start(
        name: &str,
        work: impl FnOnce(&mpsc::Receiver<T>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::sync_channel(WAITING_MAX);
        let thread = Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&waiting))
            .map_err(StoreError::NoThread)?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    fn send(&self, item: T) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(item).map_err(|refused| match refused {
            mpsc::TrySendError::Full(_) => StoreError::Busy,
            mpsc::TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }
}

impl<T> Drop for Thread<T> {
    /// Waits until what was taken is on disk.
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The thread that writes.
pub(super) struct Writes(Thread<Work>);

impl Writes {
    pub(super) fn start(mut connection: Connection, entropy: Entropy) -> Result<Self, StoreError> {
        let work = move |waiting: &mpsc::Receiver<Work>| {
            let mut entropy = entropy;
            let mut owners = Owners::default();
            while let Ok(first) = waiting.recv() {
                work_off(&mut connection, &mut entropy, &mut owners, first, waiting);
            }
        };
        Thread::start("hub-writer", work).map(Self)
    }

    pub(super) fn send(&self, work: Work) -> Result<(), StoreError> {
        self.0.send(work)
    }
}

/// The thread that reads.
pub(super) struct Reads(Thread<Question>);

impl Reads {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let work = move |waiting: &mpsc::Receiver<Question>| {
            while let Ok(question) = waiting.recv() {
                question(&connection);
            }
        };
        Thread::start("hub-reader", work).map(Self)
    }

    pub(super) fn send(&self, question: Question) -> Result<(), StoreError> {
        self.0.send(question)
    }
}

/// Everything that waits now, in as few transactions as its order allows.
fn work_off(
    connection: &mut Connection,
    entropy: &mut Entropy,
    owners: &mut Owners,
    first: Work,
    waiting: &mpsc::Receiver<Work>,
) {
    let mut batch = Batch::default();
    let mut next = Some(first);
    while let Some(work) = next {
        match work {
            Work::Take(arrival, reply) => batch.arrivals.push((arrival, reply)),
            Work::Heard {
                token,
                own,
                shop,
                now,
            } => batch.heard.push((token, own, shop, now)),
            Work::Ready(reply) => batch.ready.push(reply),
            Work::Deed(deed) => {
                std::mem::take(&mut batch).commit(connection, entropy, owners);
                deed(connection, entropy);
                owners.forget();
            }
        }
        if batch.is_full() {
            break;
        }
        next = waiting.try_recv().ok();
    }
    batch.commit(connection, entropy, owners);
}

/// What goes into one transaction.
#[derive(Default)]
struct Batch {
    arrivals: Vec<(Arrival, oneshot::Sender<Result<Taken, StoreError>>)>,
    heard: Vec<(TokenHash, u64, u64, Timestamp)>,
    ready: Vec<oneshot::Sender<Result<(), StoreError>>>,
}

impl Batch {
    const fn is_full(&self) -> bool {
        self.arrivals.len() >= BATCH_MAX
            || self.heard.len() >= BATCH_MAX
            || self.ready.len() >= BATCH_MAX
    }

    const fn is_empty(&self) -> bool {
        self.arrivals.is_empty() && self.heard.is_empty() && self.ready.is_empty()
    }

    /// Nobody is answered before the commit; where it fails nobody is told that it is stored.
    fn commit(self, connection: &mut Connection, entropy: &mut Entropy, owners: &mut Owners) {
        if self.is_empty() {
            return;
        }
        let (arrivals, replies): (Vec<_>, Vec<_>) = self.arrivals.into_iter().unzip();
        let outcome = in_transaction(connection, |rows| {
            if !self.ready.is_empty() {
                write_something(rows)?;
            }
            for (token, own, shop, now) in &self.heard {
                join::heard(rows, token, *own, *shop, *now)?;
            }
            take::all(rows, entropy, owners, &arrivals)
        });
        match outcome {
            Ok(taken) => {
                for reply in self.ready {
                    drop(reply.send(Ok(())));
                }
                for (reply, taken) in replies.into_iter().zip(taken) {
                    drop(reply.send(Ok(taken)));
                }
            }
            Err(error) => {
                tracing::error!(%error, "notifications were not stored; their senders will repeat them");
                for reply in self.ready {
                    drop(reply.send(Err(StoreError::NotStored)));
                }
                for reply in replies {
                    drop(reply.send(Err(StoreError::NotStored)));
                }
            }
        }
    }
}

/// Changes nothing and is written all the same: who only begins a transaction does not hear that the
/// disk is full.
fn write_something(rows: &Connection) -> Result<(), StoreError> {
    let version: i64 = rows.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(rows.pragma_update(None, "user_version", version)?)
}

/// All of a deed or nothing of it.
pub(super) fn in_transaction<T>(
    connection: &mut Connection,
    deed: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let done = deed(&transaction)?;
    transaction.commit()?;
    Ok(done)
}
