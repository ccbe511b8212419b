//! A connection that is opened anew when it is lost, and transactions that are tried again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::super::StoreError;
use super::address::Address;
use super::error::PostgresError;
use super::session::{Bond, Rows, Session};
use crate::domain::id::Entropy;

/// How long a transaction may take, with all its attempts.
const DEADLINE: Duration = Duration::from_secs(15);
/// How often a transaction is tried that others are in the way of.
const ATTEMPTS_MAX: u32 = 8;
/// Between two attempts: at most this, times the number of those that failed.
const ATTEMPT_PAUSE_MS: u64 = 10;
/// Between two failed connections: this, doubled each time, up to the second.
const PAUSE_MIN: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(2);

/// What is asked of the database; it may be done several times until one counts.
pub(super) trait Deed: Sync {
    /// What comes of it.
    type Done: Send;
    /// What its statements are together.
    const BOND: Bond = Bond::Writes;

    /// What it does between beginning and commit. Where each statement stands alone: it is done again
    /// as a whole where a connection is lost, whatever of it is there.
    fn run(
        &self,
        rows: &Rows<'_>,
        entropy: &mut Entropy,
    ) -> impl Future<Output = Result<Self::Done, StoreError>> + Send;
}

/// A connection, or the wait for one.
pub(super) struct Line {
    address: Arc<Address>,
    session: Option<Session>,
    pause: Pause,
}

impl Line {
    pub(super) fn new(address: Arc<Address>) -> Self {
        Self {
            address,
            session: None,
            pause: Pause::default(),
        }
    }

    /// Does a deed, and all of it; or nothing of it, except where it says that it is not known and
    /// where each of its statements stands alone.
    pub(super) async fn transact<D: Deed>(
        &mut self,
        deed: &D,
        entropy: &mut Entropy,
    ) -> Result<D::Done, StoreError> {
        let outcome = tokio::time::timeout(DEADLINE, self.attempts(deed, entropy)).await;
        let outcome = outcome.unwrap_or(Err(PostgresError::Slow.into()));
        if matches!(
            &outcome,
            Err(StoreError::Postgres(_) | StoreError::NotStored)
        ) {
            // Perhaps in the middle of something.
            self.session = None;
        }
        outcome
    }

    async fn attempts<D: Deed>(
        &mut self,
        deed: &D,
        entropy: &mut Entropy,
    ) -> Result<D::Done, StoreError> {
        let mut failed: u32 = 0;
        loop {
            let outcome = self.attempt(deed, entropy).await;
            failed = failed.saturating_add(1);
            match outcome {
                Err(StoreError::Postgres(PostgresError::Conflict)) if failed < ATTEMPTS_MAX => {
                    let most = ATTEMPT_PAUSE_MS.saturating_mul(failed.into());
                    tokio::time::sleep(Duration::from_millis(entropy.below(most))).await;
                }
                Err(StoreError::Postgres(error))
                    if failed < ATTEMPTS_MAX && may_be_repeated(D::BOND, &error) =>
                {
                    self.session = None;
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt<D: Deed>(
        &mut self,
        deed: &D,
        entropy: &mut Entropy,
    ) -> Result<D::Done, StoreError> {
        let rows = self.session().await?.begin(D::BOND).await?;
        let done = deed.run(&rows, entropy).await?;
        // What was only read need not be committed: the end of it is not waited for.
        if D::BOND == Bond::Reads || rows.commit().await? {
            Ok(done)
        } else {
            Err(StoreError::NotStored)
        }
    }

    async fn session(&mut self) -> Result<&mut Session, PostgresError> {
        let session = match self.session.take().filter(|session| !session.is_over()) {
            Some(session) => session,
            None => self.pause.open(&self.address).await?,
        };
        Ok(self.session.insert(session))
    }
}

/// Whether the next connection may do it: of nothing that was begun, or of what can be done twice.
fn may_be_repeated(bond: Bond, error: &PostgresError) -> bool {
    matches!(error, PostgresError::Ended)
        || (bond == Bond::Each && matches!(error, PostgresError::Lost))
}

/// After a failed connection the next one waits, longer each time.
#[derive(Default)]
struct Pause {
    length: Duration,
    until: Option<Instant>,
}

impl Pause {
    async fn open(&mut self, address: &Address) -> Result<Session, PostgresError> {
        if self.until.is_some_and(|until| Instant::now() < until) {
            let reason = "it could not a moment ago".to_owned();
            return Err(PostgresError::Unreachable(reason));
        }
        let opened = Session::open(address, None).await;
        if opened.is_ok() {
            *self = Self::default();
        } else {
            self.length = self.length.saturating_mul(2).clamp(PAUSE_MIN, PAUSE_MAX);
            self.until = Instant::now().checked_add(self.length);
        }
        opened
    }
}
