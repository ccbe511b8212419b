//! Floor 3: the message server.
//!
//! Providers post to it what was paid; it puts each notification on disk before it says so, and hands
//! every terminal its own feed, in order and without gaps.

mod args;
mod cli;
mod server;
pub mod store;
mod wake;

pub use args::main;
