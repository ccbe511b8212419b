//! How everybody but the engine talks to the till.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use crate::io::store::StoreHandle;
use crate::terminal::{Actor, Answer, Command, Query, Reply, Snapshot};

/// Commands that may wait; a till that is further behind says that it is busy.
pub(super) const QUEUE: usize = 64;

/// A command on its way to the engine.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) command: Command,
    pub(super) actor: Actor,
    pub(super) seen: Option<u64>,
    pub(super) reply: Option<oneshot::Sender<Reply>>,
}

/// A status question, which only the engine can answer.
pub(super) type StatusQuestion = (Query, oneshot::Sender<Answer>);

type Wake = Box<dyn Fn() + Send + Sync>;

/// The till did not take the command: it is behind, or it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the till is busy or has ended: try again")]
pub struct Busy;

/// Reaches the engine; cheap to clone.
#[derive(Clone)]
pub struct Handle {
    /// Fingers: these go first.
    pub(super) taps: mpsc::Sender<Message>,
    /// Scripts: an import waits behind every tap.
    pub(super) scripts: mpsc::Sender<Message>,
    pub(super) status: mpsc::Sender<StatusQuestion>,
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) store: StoreHandle,
    pub(super) wakers: Wakers,
    /// Where answers are waited for, so that a window never does.
    pub(super) runtime: tokio::runtime::Handle,
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}

/// Who wants to know of a new snapshot.
#[derive(Clone, Default)]
pub(super) struct Wakers(Arc<Listeners>);

#[derive(Default)]
struct Listeners {
    wakes: Mutex<Vec<Wake>>,
    published: Condvar,
}

impl Wakers {
    pub(super) fn add(&self, wake: Wake) {
        self.lock().push(wake);
    }

    pub(super) fn wake(&self) {
        let wakes = self.lock();
        self.0.published.notify_all();
        for wake in wakes.iter() {
            wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Wake>> {
        self.0.wakes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handle {
    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshots.borrow())
    }

    /// Waits at most `time` for a snapshot newer than `revision`.
    pub fn wait_newer(&self, revision: u64, time: Duration) {
        let is_older = || self.snapshots.borrow().revision <= revision;
        let waited = self
            .wakers
            .0
            .published
            .wait_timeout_while(self.wakers.lock(), time, |_| is_older());
        drop(waited);
    }

    /// Hands over what a finger asked for, without waiting. `seen` is the `screen_seq` it saw.
    pub fn tap(&self, command: Command, seen: u64) -> Result<(), Busy> {
        let message = Message {
            command,
            actor: Actor::Cashier,
            seen: Some(seen),
            reply: None,
        };
        self.taps.try_send(message).map_err(|_full_or_closed| Busy)
    }

    /// Hands over what a scanner on a port of its own read. It means the screen that is there.
    pub fn scan(&self, text: String) -> Result<(), Busy> {
        let command = Command::Scan { text };
        let message = Message {
            command,
            actor: Actor::Cashier,
            seen: None,
            reply: None,
        };
        self.taps.try_send(message).map_err(|_full_or_closed| Busy)
    }

    /// Does what a script asked for; answers once it is on disk.
    pub async fn command(&self, command: Command) -> Result<Reply, Busy> {
        let (reply, answer) = oneshot::channel();
        let message = Message {
            command,
            actor: Actor::Script,
            seen: None,
            reply: Some(reply),
        };
        self.scripts.send(message).await.map_err(|_closed| Busy)?;
        answer.await.map_err(|_ended| Busy)
    }

    /// Reads a list, on the store's reading connection.
    pub async fn query(&self, query: Query) -> Answer {
        if let Some(answer) = super::printers::answer(&query).await {
            return answer;
        }
        if !query.is_live() {
            return self.store.query(query).await;
        }
        let (reply, answer) = oneshot::channel();
        let ended = || Answer::Failed {
            reason: Busy.to_string(),
        };
        if self.status.send((query, reply)).await.is_err() {
            return ended();
        }
        answer.await.unwrap_or_else(|_gone| ended())
    }

    /// Reads a list without waiting: `answer` is called on the engine's thread, then windows are woken.
    pub fn ask(&self, query: Query, answer: Box<dyn FnOnce(Answer) + Send>) {
        let this = self.clone();
        drop(self.runtime.spawn(async move {
            answer(this.query(query).await);
            this.wakers.wake();
        }));
    }

    /// Waits until there is a snapshot newer than the one last seen by this handle.
    pub async fn changed(&mut self) -> Result<(), Busy> {
        self.snapshots.changed().await.map_err(|_ended| Busy)
    }

    /// Registers what to call when there is a new snapshot.
    pub fn wake_with(&self, wake: Wake) {
        self.wakers.add(wake);
    }
}
