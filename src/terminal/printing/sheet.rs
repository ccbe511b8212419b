//! A sheet of paper on its way: facts, and what follows from them.

use serde::{Deserialize, Serialize};

use crate::domain::id::PrintId;
use crate::proto::print::Job;

/// Which time a sheet is tried, from 1.
pub type Attempt = u32;

/// A sheet that waits for its printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its id.
    pub id: PrintId,
    /// The bytes, made for this printer.
    pub job: Job,
    /// What the printer repeats once it is printed, where it can; 1 to 9999.
    pub number: u32,
    /// Which time it is tried.
    pub attempt: Attempt,
}

/// Something that happened to a sheet. Facts are only ever added; the same twice is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The sheet.
    pub sheet: PrintId,
    /// Which time.
    pub attempt: Attempt,
    /// What it was.
    pub what: What,
}

/// What happened to a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Its first byte is about to go out.
    Begun,
    /// It did not go out after all: the next attempt is as good as the first.
    NotSent,
    /// It could be seen by nobody whether it came out.
    Doubtful(Doubt),
    /// It was sent to a printer that says nothing.
    Sent,
    /// It came out.
    Printed(Evidence),
    /// Nobody wants it any more.
    Forgotten,
}

/// Why nobody knows whether a sheet came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The printer was gone in the middle.
    Lost,
    /// It took nothing more for a minute.
    Stuck,
    /// All was sent, and it never said that it was done.
    Unanswered,
    /// The till itself ended in the middle.
    Restarted,
    /// It stopped in the middle and went on: paper that was torn off there is in two pieces.
    Stopped,
}

/// How it is known that a sheet came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// A person saw it.
    Person,
    /// The printer answered a question that stood behind it.
    Processed,
    /// The printer repeated the sheet's number.
    Printer,
}

/// How a sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing of it was sent.
    Waiting,
    /// Something of it was sent.
    UnderWay,
    /// A person is asked.
    Doubtful(Doubt),
    /// It was sent to a printer that says nothing.
    Sent,
    /// It came out.
    Printed(Evidence),
    /// Nobody wants it any more.
    Forgotten,
}

impl Standing {
    /// Whether nothing more is expected to happen to it.
    pub const fn is_end(self) -> bool {
        match self {
            Self::Waiting | Self::UnderWay | Self::Doubtful(_) => false,
            Self::Sent | Self::Printed(_) | Self::Forgotten => true,
        }
    }

    /// From all facts of a sheet, in any order: its latest attempt, and of that what is known best. What
    /// was begun and has no end is in doubt after a restart.
    pub fn fold(facts: &[Fact]) -> Self {
        let last = facts
            .iter()
            .max_by_key(|fact| (fact.attempt, fact.what.rank(), fact.what));
        last.map_or(Self::Waiting, |fact| match fact.what {
            What::Begun => Self::UnderWay,
            What::NotSent => Self::Waiting,
            What::Doubtful(doubt) => Self::Doubtful(doubt),
            What::Sent => Self::Sent,
            What::Printed(evidence) => Self::Printed(evidence),
            What::Forgotten => Self::Forgotten,
        })
    }
}

/// Whether a sheet counts when the next one of its sale is marked as a copy: it is still wanted, or
/// something of it was sent. One that was forgotten while it waited was never on paper.
pub fn counts_as_copy(facts: &[Fact]) -> bool {
    let has = |attempt: Attempt, what: What| {
        let mut facts = facts.iter();
        facts.any(|fact| fact.attempt == attempt && fact.what == what)
    };
    let is_sent = |fact: &&Fact| fact.what == What::Begun && !has(fact.attempt, What::NotSent);
    Standing::fold(facts) != Standing::Forgotten || facts.iter().any(|fact| is_sent(&fact))
}

impl What {
    /// What is known better stands for all below it: a printer's late word ends a doubt.
    const fn rank(self) -> u8 {
        match self {
            Self::Begun => 0,
            Self::NotSent => 1,
            Self::Doubtful(_) => 2,
            Self::Sent => 3,
            Self::Forgotten => 4,
            Self::Printed(_) => 5,
        }
    }
}
