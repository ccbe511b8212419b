//! Floor 4: the loop. Receive, handle, commit, run effects, publish; in no other order.
//!
//! The engine owns the [`crate::terminal::Terminal`] on a thread of its own. Everybody else holds a
//! [`Handle`]: the window, the local socket and the subcommands.

mod accounts;
mod album;
mod assemble;
pub mod demo;
mod effects;
mod engine;
mod handle;
mod hub;
mod printers;
mod socket;

pub use album::Album;
pub use assemble::{Running, Shop, StartError, start, start_with_fault};
pub use handle::{Busy, Handle};
pub use socket::{Ask, SocketAnswer, SocketClient};
