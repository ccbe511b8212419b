//! Floor 3: executors. They touch the world and decide nothing.

pub mod sqlite;
#[cfg(feature = "terminal")]
pub mod store;
