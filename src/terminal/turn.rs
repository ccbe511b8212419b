//! One step in the making: the time, who acts, and what is to be written and done.

use serde_json::Value;

use super::step::{Actor, Effect, Entry, Step, Write};
use crate::domain::time::{Now, Timestamp};

/// Collects the writes and effects of one event.
#[derive(Debug)]
pub(super) struct Turn {
    /// The time at which the event is handled.
    pub(super) now: Now,
    /// Who acts.
    pub(super) actor: Actor,
    /// What has come together so far.
    pub(super) step: Step,
}

impl Turn {
    /// An empty one.
    pub(super) fn new(now: Now, actor: Actor) -> Self {
        Self {
            now,
            actor,
            step: Step::default(),
        }
    }

    /// The date that rows are stamped with.
    pub(super) const fn at(&self) -> Timestamp {
        self.now.wall
    }

    /// A row to be committed.
    pub(super) fn write(&mut self, write: Write) {
        self.step.writes.push(write);
    }

    /// A deed for after the commit.
    pub(super) fn effect(&mut self, effect: Effect) {
        self.step.effects.push(effect);
    }

    /// A row for the journal.
    pub(super) fn journal(
        &mut self,
        what: &'static str,
        subject: impl std::fmt::Display,
        detail: &Value,
    ) {
        let entry = Entry {
            at: self.at(),
            actor: self.actor,
            what,
            subject: subject.to_string(),
            detail: detail.to_string(),
        };
        self.write(Write::Journal(entry));
    }
}
