//! What one address may cost the hub: connections, guesses, notifications.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use super::peer::Peer;
use crate::proto::hub::TokenHash;

/// Connections of one address at a time.
const CONNECTIONS_MAX: u32 = 256;
/// Notifications a second to one address of an endpoint, and as many at once.
const NOTIFICATIONS: Rate = Rate {
    per_second: 50,
    at_once: 100,
};
/// Wrong tokens, codes and signatures of one address.
const STRIKES: Rate = Rate {
    per_second: 1,
    at_once: 20,
};
/// Addresses that are remembered. Beyond it those are forgotten that have their whole allowance.
const REMEMBERED_MAX: usize = 10_000;

/// An allowance that grows again with time.
#[derive(Clone, Copy)]
struct Rate {
    per_second: u32,
    at_once: u32,
}

/// Thousandths of one that are left, and as of when, by the clock that only goes forward.
#[derive(Clone, Copy)]
struct Bucket {
    left: u64,
    at_ms: u64,
}

struct Buckets<K> {
    rate: Rate,
    by: HashMap<K, Bucket>,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    fn new(rate: Rate) -> Self {
        Self {
            rate,
            by: HashMap::new(),
        }
    }

    fn left(&self, key: &K, now_ms: u64) -> u64 {
        let full = u64::from(self.rate.at_once).saturating_mul(1_000);
        let Some(bucket) = self.by.get(key) else {
            return full;
        };
        let passed_ms = now_ms.saturating_sub(bucket.at_ms);
        let grown = passed_ms.saturating_mul(u64::from(self.rate.per_second));
        bucket.left.saturating_add(grown).min(full)
    }

    /// Uses one up; false where none is left.
    fn take(&mut self, key: &K, now_ms: u64) -> bool {
        let left = self.left(key, now_ms);
        let rest = left.checked_sub(1_000);
        self.make_room(now_ms);
        self.by.insert(
            key.clone(),
            Bucket {
                left: rest.unwrap_or(left),
                at_ms: now_ms,
            },
        );
        rest.is_some()
    }

    fn make_room(&mut self, now_ms: u64) {
        if self.by.len() < REMEMBERED_MAX {
            return;
        }
        let full = u64::from(self.rate.at_once).saturating_mul(1_000);
        let keys: Vec<_> = self.by.keys().cloned().collect();
        for key in keys {
            if self.left(&key, now_ms) >= full {
                self.by.remove(&key);
            }
        }
        // Somebody with many addresses: begin anew rather than grow.
        if self.by.len() >= REMEMBERED_MAX {
            self.by.clear();
        }
    }
}

/// What is counted.
pub(super) struct Limits {
    connections: Arc<Mutex<HashMap<Peer, u32>>>,
    notifications: Mutex<Buckets<TokenHash>>,
    strikes: Mutex<Buckets<Peer>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: Arc::default(),
            notifications: Mutex::new(Buckets::new(NOTIFICATIONS)),
            strikes: Mutex::new(Buckets::new(STRIKES)),
        }
    }
}

/// One connection that counts until it is dropped.
pub(super) struct Connected {
    connections: Arc<Mutex<HashMap<Peer, u32>>>,
    peer: Peer,
}

impl Limits {
    /// Counts a connection; none where the address has enough.
    pub(super) fn connect(&self, peer: Peer) -> Option<Connected> {
        let mut connections = self
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = connections.entry(peer).or_default();
        if *count >= CONNECTIONS_MAX {
            return None;
        }
        *count = count.saturating_add(1);
        Some(Connected {
            connections: Arc::clone(&self.connections),
            peer,
        })
    }

    /// Whether an address of an endpoint has not had too many.
    pub(super) fn admits(&self, hook: &TokenHash, now_ms: u64) -> bool {
        let mut notifications = self
            .notifications
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        notifications.take(hook, now_ms)
    }

    /// Whether somebody has not guessed too often.
    pub(super) fn listens_to(&self, peer: Peer, now_ms: u64) -> bool {
        let strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        strikes.left(&peer, now_ms) >= 1_000
    }

    /// A wrong token, code or signature.
    pub(super) fn strike(&self, peer: Peer, now_ms: u64) {
        let mut strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        strikes.take(&peer, now_ms);
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        let mut connections = self
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = connections.get_mut(&self.peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                connections.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn an_allowance_is_used_up_and_grows_again() {
        let mut buckets = Buckets::new(Rate {
            per_second: 2,
            at_once: 3,
        });
        let start = 1_000;
        let taken: Vec<_> = (0..4).map(|_| buckets.take(&"a", start)).collect();
        assert_eq!(taken, [true, true, true, false]);
        assert!(buckets.take(&"b", start));
        let later = start + 499;
        assert!(!buckets.take(&"a", later));
        let later = start + 500;
        assert!(buckets.take(&"a", later));
        assert!(!buckets.take(&"a", later));
        let much_later = start + 3_600_000;
        let taken: Vec<_> = (0..4).map(|_| buckets.take(&"a", much_later)).collect();
        assert_eq!(taken, [true, true, true, false]);
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut buckets = Buckets::new(STRIKES);
        let start = 1_000;
        for number in 0..=REMEMBERED_MAX {
            buckets.take(&number, start);
        }
        assert!(buckets.by.len() <= REMEMBERED_MAX);
    }

    #[test]
    fn a_connection_counts_until_it_ends() {
        let limits = Limits::default();
        let peer = Peer::from(IpAddr::from([192, 0, 2, 1]));
        let mut open: Vec<_> = (0..CONNECTIONS_MAX).map(|_| limits.connect(peer)).collect();
        assert!(open.iter().all(Option::is_some));
        assert!(limits.connect(peer).is_none());
        assert!(
            limits
                .connect(Peer::from(IpAddr::from([192, 0, 2, 2])))
                .is_some()
        );
        open.pop();
        assert!(limits.connect(peer).is_some());
        drop(open);
        assert!(limits.connections.lock().unwrap().is_empty());
    }
}
