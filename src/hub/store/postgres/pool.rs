//! The few connections that feeds, joining terminals and the owner's commands share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use super::super::StoreError;
use super::address::Address;
use super::line::{Deed, Line};
use crate::domain::id::Entropy;

/// Connections. More would not make a disk faster, and PostgreSQL pays for each.
const LINES: usize = 4;
/// Who waits for a connection at most. Beyond it the hub says that it is busy.
const WAITING_MAX: usize = 10_000;

pub(super) struct Pool {
    idle: Mutex<Vec<Line>>,
    places: Semaphore,
    waiting: AtomicUsize,
    entropy: Mutex<Entropy>,
    address: Arc<Address>,
}

impl Pool {
    pub(super) fn new(address: Arc<Address>, entropy: Entropy) -> Self {
        Self {
            idle: Mutex::default(),
            places: Semaphore::new(LINES),
            waiting: AtomicUsize::new(0),
            entropy: Mutex::new(entropy),
            address,
        }
    }

    /// Does a deed in a transaction of its own.
    pub(super) async fn transact<D: Deed>(&self, deed: &D) -> Result<D::Done, StoreError> {
        let waits = Waits::new(&self.waiting)?;
        let place = self.places.acquire().await;
        let _place = place.map_err(|_closed| StoreError::Closed)?;
        drop(waits);
        let mut lent = Lent {
            line: Some(self.line()),
            pool: self,
        };
        let mut entropy = self.entropy();
        match &mut lent.line {
            Some(line) => line.transact(deed, &mut entropy).await,
            None => Err(StoreError::Closed),
        }
    }

    /// A source of its own for one deed.
    pub(super) fn entropy(&self) -> Entropy {
        let mut entropy = self.entropy.lock().unwrap_or_else(PoisonError::into_inner);
        Entropy::new(entropy.bytes())
    }

    /// The one that was used last is the most likely to be open.
    fn line(&self) -> Line {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let line = idle.pop();
        line.unwrap_or_else(|| Line::new(Arc::clone(&self.address)))
    }
}

/// A connection that goes back whether its deed is done or given up.
struct Lent<'a> {
    line: Option<Line>,
    pool: &'a Pool,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut idle = self
            .pool
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.line.take());
    }
}

/// One of those who wait.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(count: &'a AtomicUsize) -> Result<Self, StoreError> {
        let others = count.fetch_add(1, Ordering::Relaxed);
        let waits = Self(count);
        if others < WAITING_MAX {
            Ok(waits)
        } else {
            Err(StoreError::Busy)
        }
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
