//! Group commit: one task takes all notifications that wait into one statement, so that the disk is
//! asked to sync once for all of them. A lone one does not wait for company.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::super::StoreError;
use super::super::types::{Arrival, Taken};
use super::line::{Deed, Line};
use super::queue::{self, Queue, Reply, Waiting};
use super::session::{Bond, Rows};
use super::signal::News;
use super::take;
use crate::domain::id::Entropy;

/// Notifications on their way to the disk. Its task ends with the last clone.
#[derive(Clone)]
pub(super) struct Writer(Queue<Work>);

enum Work {
    /// A notification.
    Take(Arrival, Reply<Taken>),
    /// Whether writing works, after all that was asked for before.
    Ready(Reply<()>),
}

impl Writer {
    pub(super) fn start(line: Line, entropy: Entropy, news: Arc<News>) -> Self {
        let (queue, waiting) = queue::open();
        tokio::spawn(write(waiting, line, entropy, news));
        Self(queue)
    }

    pub(super) async fn take(&self, arrival: Arrival) -> Result<Taken, StoreError> {
        let (reply, taken) = oneshot::channel();
        self.0.send(Work::Take(arrival, reply))?;
        taken.await.map_err(|_gone| StoreError::Closed)?
    }

    pub(super) async fn ready(&self) -> Result<(), StoreError> {
        let (reply, ready) = oneshot::channel();
        self.0.send(Work::Ready(reply))?;
        ready.await.map_err(|_gone| StoreError::Closed)?
    }
}

async fn write(mut waiting: Waiting<Work>, mut line: Line, mut entropy: Entropy, news: Arc<News>) {
    while let Some(works) = waiting.next().await {
        let (batch, replies) = sorted(works);
        let outcome = line.transact(&batch, &mut entropy).await;
        if let Err(error) = &outcome {
            tracing::error!(%error, "notifications were not stored; their senders will repeat them");
        }
        // Nobody is answered before the commit; where it fails nobody is told that it is stored.
        replies.answer(outcome.ok(), &news);
    }
}

/// What is stored together.
#[derive(Default)]
struct Batch {
    arrivals: Vec<Arrival>,
    /// Whether somebody asks if it can be.
    is_asked: bool,
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
            Work::Ready(reply) => {
                batch.is_asked = true;
                replies.ready.push(reply);
            }
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
    /// Done a second time it finds what it stored, and says that it is known; whoever waits for it hears
    /// of it when everybody looks the next time.
    const BOND: Bond = Bond::Each;

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Vec<Taken>, StoreError> {
        if self.is_asked {
            // Changes nothing and is written all the same.
            rows.change("UPDATE tillcode_hub SET version = version", &[])
                .await?;
        }
        take::all(rows, entropy, &self.arrivals).await
    }
}
