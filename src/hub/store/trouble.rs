//! Notifications that could not be stored lately.
//!
//! A nearly full disk takes a small row and not a large one: that the one was written says little of the
//! other.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::StoreError;
use super::types::Taken;

/// How long one that was refused counts, where none was stored since: as long as its sender is told to
/// wait. Without an end a proxy would never try again.
const FRESH: Duration = Duration::from_secs(5);

/// When a notification was refused that none was stored after.
#[derive(Clone, Default)]
pub(super) struct Trouble(Arc<Mutex<Option<Instant>>>);

impl Trouble {
    pub(super) fn heard_of(&self, taken: &Result<Taken, StoreError>) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match taken {
            Ok(Taken::Stored(_)) => *since = None,
            // Nothing was written for these.
            Ok(Taken::Known | Taken::Nobody | Taken::Forged) => {}
            Err(_refused) => *since = Some(Instant::now()),
        }
    }

    pub(super) fn is_fresh(&self) -> bool {
        let since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.elapsed() < FRESH)
    }
}
