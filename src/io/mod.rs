//! Floor 3: executors. They touch the world and decide nothing.

pub mod clock;
pub mod config_file;
#[cfg(all(feature = "terminal", unix))]
pub mod control;
#[cfg(feature = "terminal")]
pub mod download;
pub mod entropy;
#[cfg(feature = "terminal")]
pub mod http;
#[cfg(feature = "terminal")]
pub mod hub;
#[cfg(feature = "terminal")]
pub mod hub_file;
#[cfg(feature = "terminal")]
pub mod libraries;
pub mod lock;
pub mod logs;
#[cfg(feature = "terminal")]
pub mod panel;
#[cfg(feature = "terminal")]
pub mod pictures;
#[cfg(all(feature = "terminal", unix))]
pub mod printer;
#[cfg(feature = "terminal")]
pub mod scanner;
#[cfg(feature = "terminal")]
pub mod secret;
#[cfg(feature = "terminal")]
pub mod sound;
#[cfg(feature = "terminal")]
pub mod space;
pub mod sqlite;
#[cfg(feature = "terminal")]
pub mod store;
