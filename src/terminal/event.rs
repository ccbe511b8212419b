//! Everything that can wake the till.

use std::sync::Arc;

use super::command::Command;
use super::hub_test::TestState;
use super::printing::PortTold;
use super::query::SoldSum;
use super::step::{Actor, Question, RequestId, Told};
use crate::domain::catalog::Catalog;
use crate::proto::backend::Response;
use crate::proto::hub::feed::OtherHistory;
use crate::proto::hub::{Claimed, Feed, FeedRequest, HeardStickers, Hook, Item};

/// One thing that happened.
#[derive(Debug)]
pub enum Event {
    /// Somebody asked for something.
    Command {
        /// What.
        command: Command,
        /// Who.
        actor: Actor,
        /// The `screen_seq` that a finger saw; none for a script.
        seen: Option<u64>,
        /// Who waits for the reply, if anybody.
        reply_to: Option<RequestId>,
    },
    /// A backend answered, or could not be asked.
    Answered {
        /// What was asked; nothing for a probe.
        question: Option<Question>,
        /// The backend's name.
        backend: String,
        /// What came back.
        result: Result<Response, SendError>,
    },
    /// A provider's notification that no stream brought: the demo's. Its number counts for nothing.
    Notified(Box<Item>),
    /// The hub answered, or could not be asked.
    Fed {
        /// What was asked, as [`super::Effect::AskHub`] had it.
        asked: FeedRequest,
        /// What came back.
        answer: Result<Box<Feed>, HubProblem>,
    },
    /// The hub was told something, or could not be.
    HubTold {
        /// What, as [`super::Effect::TellHub`] had it.
        told: Told,
        /// What came back.
        answer: Result<HubSaid, HubProblem>,
    },
    /// What the hub's public address answered to [`super::Effect::TestHub`].
    HubTested(TestState),
    /// Where providers post to: the answer to [`super::Effect::AskHooks`].
    Hooked(Vec<Hook>),
    /// The catalog was sorted and indexed.
    Indexed(Arc<Catalog>),
    /// How often each sum was sold on the last days: the answer to
    /// [`super::Effect::CountSales`].
    SalesCounted(Vec<SoldSum>),
    /// Pictures still to be fetched.
    PicturesLeft(u32),
    /// Something happened at a printer's port.
    Printer {
        /// The printer's name.
        printer: String,
        /// What its port tells.
        told: PortTold,
    },
    /// The time that was asked for has come.
    Woke,
}

/// Why a request got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It surely did not arrive: no network, no such name, refused.
    #[error("not sent: {0}")]
    NotSent(String),
    /// It may have arrived: the answer was cut off or too late.
    #[error("sent, but no answer: {0}")]
    NoAnswer(String),
    /// The answer is larger than allowed, or not text.
    #[error("the answer cannot be read: {0}")]
    Unreadable(String),
}

/// Why the hub gave no feed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HubProblem {
    /// It was not reached, or broke off.
    #[error("the message server cannot be heard ({0})")]
    Silent(#[from] SendError),
    /// It does not know this till, or not any more.
    #[error("the message server does not know this till any more: pair it again")]
    Refused,
    /// Its history is not the one that was read here.
    #[error("the message server begins anew: what it has is read from the start")]
    OtherHistory(OtherHistory),
    /// Something between what was read and what it gave is missing; nothing of it is taken.
    #[error(
        "the message server left something out: nothing more is taken from it until that is there"
    )]
    Gap,
    /// Not now.
    #[error("the message server is not ready (status {status})")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// Seconds after which it wants to be asked again.
        retry_after_secs: Option<u32>,
    },
    /// What answered is no hub: a captive portal, or another program.
    #[error(
        "what answered (status {status}) is not a message server: check its address, or log in to this network"
    )]
    Foreign {
        /// The HTTP status.
        status: u16,
    },
}

impl HubProblem {
    /// How long the hub wants to be left alone, in seconds.
    pub(super) const fn retry_after_secs(&self) -> Option<u32> {
        match self {
            Self::Busy {
                retry_after_secs, ..
            } => *retry_after_secs,
            Self::Silent(_)
            | Self::Refused
            | Self::OtherHistory(_)
            | Self::Gap
            | Self::Foreign { .. } => None,
        }
    }
}

/// What a hub says to what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HubSaid {
    /// That it has it.
    Stored,
    /// Who has the payment that was claimed.
    Claimed(Claimed),
    /// What other tills know of stickers.
    Stickers(Box<HeardStickers>),
}
