//! Floor 2: the till itself, as a pure state machine.
//!
//! [`Terminal::handle`] takes an event, the rows it named and the time, and gives back rows to commit
//! and effects to run. Nothing here waits, reads a clock or touches a file.

pub mod command;
pub mod event;
pub mod notice;
pub mod query;
pub mod setup;
pub mod snapshot;
pub mod step;

pub use command::{Command, NewLine, Reply};
pub use event::{Event, SendError};
pub use notice::Notice;
pub use query::{Answer, Query, SaleView};
pub use setup::{BackendSetup, PoolSetup, Setup};
pub use snapshot::{Screen, SellMode, Snapshot, Theme};
pub use step::{Actor, Effect, Keys, Recovered, RequestId, Rows, Step, Write};

/// The most favorites.
pub const FAVORITES_MAX: usize = 60;
