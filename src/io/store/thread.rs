//! The two threads of the store: `store` writes, `reader` answers lists.
//!
//! Their queues are bounded. A commit waits behind other commits, never behind a list.

use std::path::PathBuf;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::error::{CommitError, StoreError};
use super::reader::Reader;
use super::{JournalHead, Store};
use crate::domain::time::Timestamp;
use crate::terminal::query::{Answer, Query};
use crate::terminal::step::{Keys, Recovered, Rows, Write};

/// Commits and reads that may wait for the writer. The till waits for each, so a few are many.
const WRITER_QUEUE: usize = 16;
/// Queries that may wait for the reader.
const READER_QUEUE: usize = 64;

/// Both threads. [`Self::stop`] ends and joins them.
#[derive(Debug)]
pub struct StoreThread {
    handle: StoreHandle,
    threads: Vec<JoinHandle<()>>,
}

/// Reaches both threads; cheap to clone.
#[derive(Clone, Debug)]
pub struct StoreHandle {
    writer: mpsc::Sender<Work>,
    reader: mpsc::Sender<Ask>,
}

#[derive(Debug)]
enum Work {
    Commit(Vec<Write>, oneshot::Sender<Result<(), CommitError>>),
    Rows(Keys, oneshot::Sender<Result<Rows, StoreError>>),
    Recover(Timestamp, oneshot::Sender<Result<Recovered, StoreError>>),
    Reopen(Timestamp, oneshot::Sender<Result<Recovered, StoreError>>),
    Backup(PathBuf, oneshot::Sender<Result<(), StoreError>>),
    VerifyJournal(oneshot::Sender<Result<JournalHead, StoreError>>),
    Stop,
}

#[derive(Debug)]
enum Ask {
    Query(Query, oneshot::Sender<Answer>),
    Stop,
}

impl StoreThread {
    /// Gives the store to a thread of its own, and starts a reader of the same file beside it.
    pub fn start(store: Store) -> Result<Self, StoreError> {
        let reader = Reader::open(store.path())?;
        let (writer_queue, work) = mpsc::channel(WRITER_QUEUE);
        let (reader_queue, asks) = mpsc::channel(READER_QUEUE);
        let handle = StoreHandle {
            writer: writer_queue,
            reader: reader_queue,
        };
        let mut this = Self {
            handle,
            threads: Vec::new(),
        };
        this.spawn("store", move || write_until_stopped(store, work))?;
        this.spawn("reader", move || read_until_stopped(reader, asks))?;
        Ok(this)
    }

    /// A handle for whoever commits or asks.
    pub fn handle(&self) -> StoreHandle {
        self.handle.clone()
    }

    /// Lets both threads finish what waits, then joins them. Blocks: not for an async task.
    pub fn stop(mut self) {
        self.end();
    }

    fn spawn(
        &mut self,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(work)
            .map_err(|error| {
                tracing::error!(%error, name, "a thread could not be started");
                StoreError::Stopped
            })?;
        self.threads.push(thread);
        Ok(())
    }

    fn end(&mut self) {
        // A thread that is gone already has dropped its queue, which is all that Stop asks for.
        drop(self.handle.writer.blocking_send(Work::Stop));
        drop(self.handle.reader.blocking_send(Ask::Stop));
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store ended by a defect");
            }
        }
    }
}

impl StoreHandle {
    /// Writes all rows in one transaction, or none; see [`Store::commit`].
    pub async fn commit(&self, writes: Vec<Write>) -> Result<(), CommitError> {
        let (reply, answer) = oneshot::channel();
        if self.writer.send(Work::Commit(writes, reply)).await.is_err() {
            return Err(CommitError::Stopped);
        }
        // A thread that took the rows and died says nothing of whether they are there.
        answer.await.unwrap_or_else(|_gone| {
            Err(CommitError::Unknown(
                "the storage thread ended in the middle".to_owned(),
            ))
        })
    }

    /// The rows that a step named.
    pub async fn rows(&self, keys: Keys) -> Result<Rows, StoreError> {
        self.ask_writer(|reply| Work::Rows(keys, reply)).await
    }

    /// Everything that a till needs to go on; see [`Store::recover`].
    pub async fn recover(&self, since: Timestamp) -> Result<Recovered, StoreError> {
        self.ask_writer(|reply| Work::Recover(since, reply)).await
    }

    /// Opens the database anew and reads everything again: the way on after
    /// [`CommitError::Unknown`]. Where that fails it may be tried again.
    pub async fn reopen(&self, since: Timestamp) -> Result<Recovered, StoreError> {
        self.ask_writer(|reply| Work::Reopen(since, reply)).await
    }

    /// Copies the database to another file.
    pub async fn backup_to(&self, target: PathBuf) -> Result<(), StoreError> {
        self.ask_writer(|reply| Work::Backup(target, reply)).await
    }

    /// Verifies the whole journal.
    pub async fn verify_journal(&self) -> Result<JournalHead, StoreError> {
        self.ask_writer(Work::VerifyJournal).await
    }

    /// Answers a query on the reader's thread.
    pub async fn query(&self, query: Query) -> Answer {
        let (reply, answer) = oneshot::channel();
        if self.reader.send(Ask::Query(query, reply)).await.is_err() {
            return stopped();
        }
        answer.await.unwrap_or_else(|_gone| stopped())
    }

    async fn ask_writer<T>(
        &self,
        work: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Work,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        if self.writer.send(work(reply)).await.is_err() {
            return Err(StoreError::Stopped);
        }
        answer.await.unwrap_or(Err(StoreError::Stopped))
    }
}

fn stopped() -> Answer {
    Answer::Failed {
        reason: StoreError::Stopped.to_string(),
    }
}

fn write_until_stopped(mut store: Store, mut queue: mpsc::Receiver<Work>) {
    while let Some(work) = queue.blocking_recv() {
        // Whoever asked may have gone away; the rows are written all the same.
        match work {
            Work::Commit(writes, reply) => drop(reply.send(store.commit(&writes))),
            Work::Rows(keys, reply) => drop(reply.send(store.rows(&keys))),
            Work::Recover(since, reply) => drop(reply.send(store.recover(since))),
            Work::Backup(target, reply) => drop(reply.send(store.backup_to(&target))),
            Work::VerifyJournal(reply) => drop(reply.send(store.verify_journal())),
            Work::Reopen(since, reply) => {
                let read_again = store.reopen().and_then(|()| store.recover(since));
                drop(reply.send(read_again));
            }
            Work::Stop => return,
        }
    }
}

fn read_until_stopped(mut reader: Reader, mut queue: mpsc::Receiver<Ask>) {
    while let Some(ask) = queue.blocking_recv() {
        match ask {
            Ask::Query(query, reply) => drop(reply.send(reader.answer(&query))),
            Ask::Stop => return,
        }
    }
}
