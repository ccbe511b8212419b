//! The local socket: subcommands are answered by the till that runs.
//!
//! A frame is its length in four bytes, big end first, and a JSON document. Only the user who runs
//! the till may connect. What is asked and answered is the caller's; nothing is understood here.

mod client;
mod server;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use client::ControlClient;
pub use server::ControlServer;

/// The socket's name in the data folder.
pub const FILE_NAME: &str = "tillcode.sock";
/// The largest frame, in bytes: a catalog of 50,000 products with room to spare.
pub const FRAME_BYTES_MAX: u32 = 64 * 1024 * 1024;

/// Why the socket does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// It cannot be made or reached.
    #[error(
        "the till's socket {path} cannot be used: check the rights of the data folder, and keep its path shorter than 100 characters"
    )]
    Socket {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The other side went away or took too long.
    #[error("the running till did not answer: look at its window, and try again")]
    Broken(#[from] std::io::Error),
    /// A frame that is larger than allowed.
    #[error("that is more than {FRAME_BYTES_MAX} bytes at once: ask for less")]
    TooLarge,
    /// A frame that is not what was expected.
    #[error("the running till speaks another version: restart it after an update")]
    Unreadable(#[from] serde_json::Error),
}

/// A value as a frame.
fn frame(value: &impl serde::Serialize) -> Result<Vec<u8>, ControlError> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, value)?;
    let length = u32::try_from(frame.len().saturating_sub(4)).unwrap_or(u32::MAX);
    if length > FRAME_BYTES_MAX {
        return Err(ControlError::TooLarge);
    }
    for (byte, digit) in frame.iter_mut().zip(length.to_be_bytes()) {
        *byte = digit;
    }
    Ok(frame)
}

/// The length that a frame's first bytes say.
fn frame_length(bytes: [u8; 4]) -> Result<u64, ControlError> {
    let length = u32::from_be_bytes(bytes);
    if length > FRAME_BYTES_MAX {
        return Err(ControlError::TooLarge);
    }
    Ok(u64::from(length))
}
