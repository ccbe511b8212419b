//! Floor 3: the message server. So far it starts, holds its database and says whether it is well;
//! notifications, feeds and terminals are not part of this release.

mod args;
mod database;
mod server;

pub use args::main;
