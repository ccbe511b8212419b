//! Floor 3: executors. They touch the world and decide nothing.

#[cfg(feature = "terminal")]
pub mod http;
pub mod secret;
