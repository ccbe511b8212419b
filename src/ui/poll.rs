//! Lists that are asked from the till and never part of the snapshot: asked for anew when the till
//! has something new, or when a while has passed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Till;
use crate::terminal::{Answer, Query};

/// The rows, or why they could not be read.
pub(crate) type Known<T> = Result<T, String>;

/// When a list is asked for again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Due {
    /// The snapshot's revision: another one is news.
    pub(crate) revision: u64,
    /// Seconds since the window opened.
    pub(crate) now: f64,
    /// Seconds between two questions at least.
    pub(crate) pause: f64,
    /// Seconds after which the answer is old although nothing is new; none for never.
    pub(crate) every: Option<f64>,
}

impl Due {
    /// As soon as there is a newer revision.
    pub(crate) const fn at_news(revision: u64, now: f64) -> Self {
        Self {
            revision,
            now,
            pause: 0.0,
            every: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Asked {
    revision: u64,
    query: Query,
    at: f64,
}

/// One list.
#[derive(Debug)]
pub(crate) struct Poll<T> {
    asked: Option<Asked>,
    answered: Arc<Mutex<Option<Known<T>>>>,
    waiting: Arc<AtomicBool>,
}

impl<T> Default for Poll<T> {
    fn default() -> Self {
        Self {
            asked: None,
            answered: Arc::default(),
            waiting: Arc::default(),
        }
    }
}

impl<T: Send + 'static> Poll<T> {
    /// Asks where what is known is old and no answer is under way. Tells in how many seconds it is
    /// worth while to call again although nothing was heard.
    pub(crate) fn refresh(
        &mut self,
        till: &dyn Till,
        query: Query,
        due: Due,
        pick: fn(Answer) -> Option<T>,
    ) -> Option<f64> {
        let wait = self.asked.as_ref().map_or(0.0, |asked| {
            let passed = due.now - asked.at;
            if asked.query != query {
                0.0
            } else if asked.revision != due.revision {
                due.pause - passed
            } else {
                due.every.map_or(f64::INFINITY, |every| every - passed)
            }
        });
        if wait > 0.0 {
            return wait.is_finite().then_some(wait);
        }
        if !self.waiting.swap(true, Ordering::AcqRel) {
            self.asked = Some(Asked {
                revision: due.revision,
                query: query.clone(),
                at: due.now,
            });
            self.ask(till, query, pick);
        }
        due.every
    }

    fn ask(&self, till: &dyn Till, query: Query, pick: fn(Answer) -> Option<T>) {
        let answered = Arc::clone(&self.answered);
        let waiting = Arc::clone(&self.waiting);
        till.ask(
            query,
            Box::new(move |answer| {
                let found = if let Answer::Failed { reason } = answer {
                    Some(Err(reason))
                } else {
                    pick(answer).map(Ok)
                };
                if let Some(found) = found {
                    *answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
                }
                waiting.store(false, Ordering::Release);
            }),
        );
    }

    /// Gives what is known to `read`; none before the first answer.
    pub(crate) fn read<R>(&self, read: impl FnOnce(Option<&Known<T>>) -> R) -> R {
        let answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        read(answered.as_ref())
    }
}
