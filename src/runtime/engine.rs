//! The loop that owns the terminal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

use super::effects::Executor;
use super::handle::{Message, StatusQuestion, Wakers};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::io::clock::Clock;
use crate::io::store::{CommitError, StoreHandle};
use crate::terminal::step::Entry;
use crate::terminal::{
    Actor, Answer, Effect, Event, Notice, PaperQuery, Query, Reply, RequestId, Rows, Setup,
    Snapshot, Step, Terminal, Write,
};

/// Counters in the status bar change with every code that is made in the background; the screen
/// follows at this pace, so that making 10,000 of them does not redraw it 10,000 times.
const QUIET_PUBLISH_MS: u64 = 250;
/// How long answers that are under way are waited for at the end.
const ANSWERS_END: Duration = Duration::from_secs(2);
/// How long a sheet that its printer goes on with is waited for at the end.
const SHEET_END: Duration = Duration::from_secs(8);
/// How often time goes on while the till ends.
const CLOSING_TICK: Duration = Duration::from_millis(50);
/// How long a disk that failed is left alone before it is tried again, in milliseconds.
const REOPEN_PAUSE_MS: u64 = 2_000;

/// What the engine listens to.
pub(super) struct Inputs {
    pub(super) taps: mpsc::Receiver<Message>,
    pub(super) scripts: mpsc::Receiver<Message>,
    pub(super) status: mpsc::Receiver<StatusQuestion>,
    pub(super) events: mpsc::Receiver<Event>,
    pub(super) stop: oneshot::Receiver<()>,
}

/// The engine: the terminal and everything it needs to act.
pub(super) struct Engine {
    pub(super) terminal: Terminal,
    pub(super) setup: Setup,
    pub(super) store: StoreHandle,
    pub(super) clock: Arc<Clock>,
    pub(super) entropy: fn() -> std::io::Result<Entropy>,
    pub(super) executor: Executor,
    pub(super) snapshots: watch::Sender<Arc<Snapshot>>,
    pub(super) wakers: Wakers,
    pub(super) replies: BTreeMap<RequestId, oneshot::Sender<Reply>>,
    pub(super) next_request: u64,
    /// When a snapshot that nobody waits for is to be published.
    pub(super) publish_at_mono: Option<u64>,
}

/// What woke the engine.
enum Woken {
    Message(Message),
    Status(StatusQuestion),
    Event(Event),
    Stop,
}

/// What the first screen says after a commit that failed.
const fn why(error: &CommitError) -> Notice {
    match error {
        CommitError::Full => Notice::DiskFull,
        CommitError::Unknown(_)
        | CommitError::ReadOnly
        | CommitError::Busy
        | CommitError::Refused(_)
        | CommitError::Stopped => Notice::StoreReopened,
    }
}

impl Engine {
    /// Runs until it is told to stop or nobody is left to listen to.
    pub(super) async fn run(mut self, first: Step, mut inputs: Inputs) {
        let mut done = self.finish(first).await;
        loop {
            if let Err(error) = done {
                // A disk that never comes back must not keep the window from being closed.
                tokio::select! {
                    biased;
                    _ = &mut inputs.stop => return,
                    () = self.start_over(&error) => {}
                }
            }
            done = match self.wait(&mut inputs).await {
                Woken::Message(message) => self.obey(message).await,
                Woken::Event(event) => self.step(event).await,
                Woken::Status((query, reply)) => {
                    // Whoever asked may have hung up.
                    drop(reply.send(self.live_answer(&query)));
                    Ok(())
                }
                Woken::Stop => return self.wind_down(&mut inputs).await,
            }
        }
    }

    /// Sends nothing more, and takes in what is under way: an answer that nobody hears leaves a link
    /// behind that nobody knows.
    async fn wind_down(&mut self, inputs: &mut Inputs) {
        self.terminal.send_nothing_more();
        let answers = self.go_on_while(inputs, Terminal::awaits_answers);
        if timeout(ANSWERS_END, answers).await.is_err() {
            tracing::warn!("the till ends although answers are under way");
        }
        let sheet = self.go_on_while(inputs, Terminal::is_printing);
        if timeout(SHEET_END, sheet).await.is_err() {
            tracing::warn!("the till ends although a sheet is under way");
        }
    }

    async fn go_on_while(&mut self, inputs: &mut Inputs, is_needed: fn(&Terminal) -> bool) {
        while is_needed(&self.terminal) {
            let event = match timeout(CLOSING_TICK, inputs.events.recv()).await {
                Ok(Some(event)) => event,
                Ok(None) => return,
                Err(_passed) => Event::Woke,
            };
            if let Err(error) = self.step(event).await {
                tracing::error!(%error, "an answer could not be kept");
                return;
            }
        }
    }

    /// What only the running till knows.
    fn live_answer(&self, query: &Query) -> Answer {
        let now = self.clock.now();
        if *query == Query::Sync {
            let sync = Box::new(self.terminal.sync_report(now));
            return Answer::Sync { sync };
        }
        if let Query::Pool { until } = query {
            let pool = Box::new(self.terminal.pool_report(now, *until));
            return Answer::Pool { pool };
        }
        if *query == Query::ToCheck {
            let sales = self.terminal.to_check_report();
            return Answer::Sales { sales };
        }
        if let Query::Paper(PaperQuery::StickerPaper { of, printer }) = query {
            let paper = self.terminal.sticker_paper(of, printer.as_deref(), now);
            return match paper.map(Box::new) {
                Ok(paper) => Answer::Paper { paper },
                Err(notice) => Answer::Refused { notice },
            };
        }
        if *query == Query::Paper(PaperQuery::Printers) {
            return self.terminal.printers_report();
        }
        let status = Box::new(self.terminal.status_report());
        Answer::Status { status }
    }

    async fn wait(&self, inputs: &mut Inputs) -> Woken {
        let now = self.clock.now().mono_ms;
        let timer = self.terminal.poll_timeout().map(|(at, _why)| at);
        let due = [timer, self.publish_at_mono].into_iter().flatten().min();
        let pause = due.map(|due| Duration::from_millis(due.saturating_sub(now)));
        let sleep = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // A finger goes first, whatever else has come.
            biased;
            _ = &mut inputs.stop => Woken::Stop,
            Some(message) = inputs.taps.recv() => Woken::Message(message),
            Some(reply) = inputs.status.recv() => Woken::Status(reply),
            Some(event) = inputs.events.recv() => Woken::Event(event),
            Some(message) = inputs.scripts.recv() => Woken::Message(message),
            () = sleep => Woken::Event(Event::Woke),
        }
    }

    async fn obey(&mut self, message: Message) -> Result<(), CommitError> {
        let reply_to = message.reply.map(|reply| {
            self.next_request = self.next_request.saturating_add(1);
            let id = RequestId(self.next_request);
            self.replies.insert(id, reply);
            id
        });
        let Message {
            command,
            actor,
            seen,
            reply: _,
        } = message;
        self.step(Event::Command {
            command,
            actor,
            seen,
            reply_to,
        })
        .await
    }

    async fn step(&mut self, event: Event) -> Result<(), CommitError> {
        let by_finger = matches!(
            event,
            Event::Command {
                actor: Actor::Cashier,
                ..
            }
        );
        let keys = self.terminal.needs(&event);
        let rows = if keys.is_empty() {
            Rows::default()
        } else {
            match self.store.rows(keys).await {
                Ok(rows) => rows,
                Err(error) => {
                    tracing::error!(%error, "rows could not be read");
                    Rows::default()
                }
            }
        };
        let step = self.terminal.handle(event, rows, self.clock.now());
        self.finish(step).await?;
        self.publish(by_finger);
        Ok(())
    }

    /// Commit, then act. What could not be committed is neither done nor shown.
    async fn finish(&mut self, step: Step) -> Result<(), CommitError> {
        if !step.writes.is_empty() {
            self.store.commit(step.writes).await?;
        }
        for effect in step.effects {
            if let Effect::Reply { to, reply } = effect {
                if let Some(waiting) = self.replies.remove(&to) {
                    // Whoever asked may have hung up.
                    drop(waiting.send(reply));
                }
            } else {
                self.executor.run(effect);
            }
        }
        Ok(())
    }

    /// A commit that failed is unknown, not failed: what is in memory is thrown away, the database is
    /// opened anew, and the till goes on from what is really there.
    async fn start_over(&mut self, error: &CommitError) {
        tracing::error!(%error, "a commit failed; everything is read again");
        let why = why(error);
        let replies = std::mem::take(&mut self.replies);
        // Otherwise whoever waits is told that the till is gone: what came of it, rows will tell.
        if why == Notice::DiskFull {
            for waiting in replies.into_values() {
                let notice = why.clone();
                drop(waiting.send(Reply::Refused { notice }));
            }
        }
        let mut reason = error.to_string();
        while let Err(again) = self.try_again(&reason, &why).await {
            tracing::error!(%again, "the storage cannot be used");
            reason = again;
            self.publish_fault(&reason);
            tokio::time::sleep(Duration::from_millis(REOPEN_PAUSE_MS)).await;
        }
        tracing::info!(%reason, "the storage works again");
        self.publish(true);
    }

    async fn try_again(&mut self, reason: &str, why: &Notice) -> Result<(), String> {
        let rows = self
            .store
            .reopen(self.day_start())
            .await
            .map_err(|error| error.to_string())?;
        let entropy = (self.entropy)().map_err(|error| error.to_string())?;
        let (mut terminal, first) =
            Terminal::recover(self.setup.clone(), rows, entropy, self.clock.now());
        // A disk that is still full fails here, before the cashier is let on: there always is this
        // row to write.
        let mut writes = first.writes;
        writes.push(self.reopened(reason));
        self.store
            .commit(writes)
            .await
            .map_err(|error| error.to_string())?;
        terminal.take_over_from(&self.terminal, why.clone());
        self.terminal = terminal;
        for effect in first.effects {
            self.executor.run(effect);
        }
        Ok(())
    }

    /// For whoever asks later why a sale is not there.
    fn reopened(&self, reason: &str) -> Write {
        Write::Journal(Entry {
            at: self.clock.now().wall,
            actor: Actor::Till,
            what: "storage_reopened",
            subject: String::new(),
            detail: serde_json::json!({ "reason": reason }).to_string(),
        })
    }

    fn day_start(&self) -> Timestamp {
        self.setup.shop.day.start_of_day(self.clock.now().wall)
    }

    fn publish_fault(&mut self, reason: &str) {
        // What is in memory may not be on disk: the last thing that was shown is.
        let mut snapshot = Snapshot::clone(&self.snapshots.borrow());
        snapshot.revision = snapshot.revision.saturating_add(1);
        snapshot.screen = crate::terminal::Screen::Fault;
        snapshot.pay = None;
        snapshot.fault = Some(reason.to_owned());
        self.snapshots.send_replace(Arc::new(snapshot));
        self.wakers.wake();
    }

    fn publish(&mut self, at_once: bool) {
        let now = self.clock.now().mono_ms;
        let snapshot = self.terminal.snapshot();
        let urgent = at_once || !snapshot.differs_in_counters_only(&self.snapshots.borrow());
        if urgent || self.publish_at_mono.is_some_and(|at| at <= now) {
            self.publish_at_mono = None;
            self.snapshots.send_replace(Arc::new(snapshot));
            self.wakers.wake();
        } else if self.publish_at_mono.is_none() {
            self.publish_at_mono = Some(now.saturating_add(QUIET_PUBLISH_MS));
        }
    }
}
