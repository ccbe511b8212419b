//! Who waits for which stream, so that a notification reaches a parked feed at once.
//!
//! A wake is only a hint: whoever is woken reads the database. Nothing is lost where one is missed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::store::{Reader, Stream};

/// All parked feeds of this process.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    parked: Mutex<HashMap<Stream, Vec<Arc<Notify>>>>,
}

/// One parked feed; it is forgotten when this is dropped.
pub(super) struct Parked<'a> {
    wakes: &'a Wakes,
    streams: [Stream; 2],
    bell: Arc<Notify>,
}

impl Wakes {
    /// Begins to listen. What is stored after this rings; so read the database after it.
    pub(super) fn park(&self, reader: Reader) -> Parked<'_> {
        let streams = [reader.own, reader.shop];
        let bell = Arc::new(Notify::new());
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in streams {
            parked.entry(stream).or_default().push(Arc::clone(&bell));
        }
        Parked {
            wakes: self,
            streams,
            bell,
        }
    }

    /// Something was stored in a stream.
    pub(super) fn ring(&self, stream: Stream) {
        let parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        for bell in parked.get(&stream).into_iter().flatten() {
            bell.notify_one();
        }
    }

    /// What is waited for now.
    #[cfg(feature = "postgres")]
    pub(super) fn streams(&self) -> Vec<Stream> {
        let parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        parked.keys().copied().collect()
    }

    /// Wakes everybody, at the end.
    pub(super) fn ring_all(&self) {
        let parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        for bell in parked.values().flatten() {
            bell.notify_one();
        }
    }
}

impl Parked<'_> {
    /// Until it rings; at once where it rang before.
    pub(super) async fn rung(&self) {
        self.bell.notified().await;
    }
}

impl Drop for Parked<'_> {
    fn drop(&mut self) {
        let mut parked = self
            .wakes
            .parked
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for stream in self.streams {
            if let Some(bells) = parked.get_mut(&stream) {
                bells.retain(|bell| !Arc::ptr_eq(bell, &self.bell));
                if bells.is_empty() {
                    parked.remove(&stream);
                }
            }
        }
    }
}
