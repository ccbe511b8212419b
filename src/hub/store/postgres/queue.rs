//! What waits for a task, bounded; the task takes all that is there at once.

use tokio::sync::{mpsc, oneshot};

use super::super::StoreError;

/// The most that is taken at once.
const BATCH_MAX: usize = 500;
/// The most that wait. Beyond it the hub says that it is busy.
const WAITING_MAX: usize = 10_000;

/// Who waits for an outcome.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// The end where it goes in.
pub(super) struct Queue<T>(mpsc::Sender<T>);

/// The task's end.
pub(super) struct Waiting<T> {
    queue: mpsc::Receiver<T>,
    taken: Vec<T>,
}

pub(super) fn open<T>() -> (Queue<T>, Waiting<T>) {
    let (sender, queue) = mpsc::channel(WAITING_MAX);
    let taken = Vec::new();
    (Queue(sender), Waiting { queue, taken })
}

impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Queue<T> {
    pub(super) fn send(&self, work: T) -> Result<(), StoreError> {
        self.0.try_send(work).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })
    }
}

impl<T> Waiting<T> {
    /// All that waits, at least one; none after the end of the last queue.
    pub(super) async fn next(&mut self) -> Option<std::vec::Drain<'_, T>> {
        let count = self.queue.recv_many(&mut self.taken, BATCH_MAX).await;
        (count > 0).then(|| self.taken.drain(..))
    }
}
