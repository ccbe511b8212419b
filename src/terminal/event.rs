//! Everything that can wake the till.

use std::sync::Arc;

use super::command::Command;
use super::query::SoldSum;
use super::step::{Actor, Question, RequestId};
use crate::domain::catalog::Catalog;
use crate::proto::backend::Response;

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
    /// A provider's notification arrived.
    Notified {
        /// The backend's name.
        backend: String,
        /// The token in the address that it was sent to.
        token: String,
        /// The raw body.
        body: String,
    },
    /// The catalog was sorted and indexed.
    Indexed(Arc<Catalog>),
    /// How often each sum was sold on the last days: the answer to
    /// [`super::Effect::CountSales`].
    SalesCounted(Vec<SoldSum>),
    /// Pictures still to be fetched.
    PicturesLeft(u32),
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
