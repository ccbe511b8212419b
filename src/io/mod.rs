//! Floor 3: executors. They touch the world and decide nothing.

pub mod config_file;
#[cfg(feature = "terminal")]
pub mod http;
#[cfg(feature = "terminal")]
pub mod lock;
#[cfg(feature = "terminal")]
pub mod secret;
pub mod sqlite;
#[cfg(feature = "terminal")]
pub mod store;
