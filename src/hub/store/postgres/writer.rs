//! Group commit: one task takes all notifications that wait into one transaction, so that the disk is
//! asked to sync once for all of them. A lone one does not wait for company.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::super::StoreError;
use super::super::types::{Arrival, Taken};
use super::line::{Deed, Line};
use super::session::Rows;
use super::signal::News;
use super::{join, take};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::TokenHash;

/// The most pieces of work of one transaction.
const BATCH_MAX: usize = 500;
/// The most pieces of work that wait. Beyond it the hub says that it is busy.
const WAITING_MAX: usize = 10_000;

/// Who waits for an outcome.
type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// What is written together with other things.
pub(super) enum Work {
    /// A notification.
    Take(Arrival, Reply<Taken>),
    /// How far a terminal has read.
    Heard(TokenHash, Heard),
    /// Whether writing works, after all that was asked for before.
    Ready(Reply<()>),
}

/// Everything up to these numbers is on a terminal's disk.
#[derive(Clone, Copy)]
pub(super) struct Heard {
    pub(super) own: u64,
    pub(super) shop: u64,
    pub(super) at: Timestamp,
}

/// The queue of the task that writes. The task ends with the last of its senders.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Work>);

impl Writer {
    pub(super) fn start(line: Line, entropy: Entropy, news: Arc<News>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write(waiting, line, entropy, news));
        Self(queue)
    }

    pub(super) fn send(&self, work: Work) -> Result<(), StoreError> {
        self.0.try_send(work).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })
    }
}

async fn write(
    mut waiting: mpsc::Receiver<Work>,
    mut line: Line,
    mut entropy: Entropy,
    news: Arc<News>,
) {
    let mut works = Vec::new();
    while waiting.recv_many(&mut works, BATCH_MAX).await > 0 {
        let (batch, replies) = sorted(works.drain(..));
        let outcome = line.transact(&batch, &mut entropy).await;
        if let Err(error) = &outcome {
            tracing::error!(%error, "notifications were not stored; their senders will repeat them");
        }
        // Nobody is answered before the commit; where it fails nobody is told that it is stored.
        replies.answer(outcome.ok(), &news);
    }
}

/// What goes into one transaction.
#[derive(Default)]
struct Batch {
    arrivals: Vec<Arrival>,
    heard: BTreeMap<TokenHash, Heard>,
}

/// Who waits for it.
#[derive(Default)]
struct Replies {
    arrivals: Vec<Reply<Taken>>,
    ready: Vec<Reply<()>>,
}

fn sorted(works: impl Iterator<Item = Work>) -> (Batch, Replies) {
    let mut batch = Batch::default();
    let mut replies = Replies::default();
    for work in works {
        match work {
            Work::Take(arrival, reply) => {
                batch.arrivals.push(arrival);
                replies.arrivals.push(reply);
            }
            Work::Heard(token, heard) => {
                let noted = batch.heard.entry(token).or_insert(heard);
                *noted = Heard {
                    own: noted.own.max(heard.own),
                    shop: noted.shop.max(heard.shop),
                    at: heard.at,
                };
            }
            Work::Ready(reply) => replies.ready.push(reply),
        }
    }
    (batch, replies)
}

impl Replies {
    /// Of those who were taken, or to all that it is not known.
    fn answer(self, taken: Option<Vec<Taken>>, news: &News) {
        let ready = || taken.as_ref().map(|_| ()).ok_or(StoreError::NotStored);
        for reply in self.ready {
            drop(reply.send(ready()));
        }
        let Some(taken) = taken else {
            for reply in self.arrivals {
                drop(reply.send(Err(StoreError::NotStored)));
            }
            return;
        };
        news.tell(taken.iter().filter_map(|taken| match taken {
            Taken::Stored(stream) => Some(*stream),
            Taken::Known | Taken::Nobody | Taken::Forged => None,
        }));
        for (reply, taken) in self.arrivals.into_iter().zip(taken) {
            drop(reply.send(Ok(taken)));
        }
    }
}

impl Deed for Batch {
    type Done = Vec<Taken>;

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Vec<Taken>, StoreError> {
        let taken = take::all(rows, entropy, &self.arrivals).await?;
        join::heard(rows, &self.heard).await?;
        Ok(taken)
    }
}
