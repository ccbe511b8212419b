//! Floor 5: subcommands. The same commands and queries as the window's, in words.

pub mod catalog;
pub mod product;

use crate::terminal::{Answer, Command, Query, Reply};

/// The till, as a script knows it: the running kiosk over its socket, or the database opened here.
pub trait Desk {
    /// Does one thing and waits until it is on disk.
    fn command(&mut self, command: Command) -> anyhow::Result<Reply>;
    /// Reads a list.
    fn query(&mut self, query: Query) -> anyhow::Result<Answer>;
}
