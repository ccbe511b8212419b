//! Floor 1: codecs. Values in, values out; no sockets and no files.

pub mod backend;
#[cfg(feature = "files")]
pub mod catalog;
pub mod hub;
pub mod print;
pub mod qr;
pub mod register;
#[cfg(feature = "terminal")]
pub mod translation;
