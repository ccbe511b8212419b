//! One harmless line to a port, to see which printer is behind it.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread::Builder;
use std::time::Duration;

use super::transport::{Port, PortError, Transport, open};
use crate::io::clock::instant;

/// The longest that anybody waits for a port.
const ALL_WAIT: Duration = Duration::from_secs(6);
/// The longest that the bytes may take; opening and closing come on top.
const BYTES_WAIT: Duration = Duration::from_secs(3);
/// So long bytes may still be on their way to the printer: a line at 1,200 bits per second.
const LEAVING: Duration = Duration::from_millis(600);
/// Characters of a name that are printed.
const NAME_CHARS_MAX: usize = 60;

/// Why nothing may have been printed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The port cannot be opened.
    #[error(transparent)]
    Port(#[from] PortError),
    /// It is open, and takes nothing.
    #[error("{place} takes nothing: no printer is there, it is switched off, or it has no paper")]
    Stuck {
        /// Where.
        place: String,
    },
    /// It was pulled out, or has no such settings.
    #[error("{place} failed ({source}): check its cable, and try again")]
    Failed {
        /// Where.
        place: String,
        /// Why.
        source: io::Error,
    },
}

/// What is sent: a clean printer, its port's name in ASCII, and three lines to tear off at.
pub fn line_of(name: &str) -> Vec<u8> {
    let letters = name.chars().filter(|letter| matches!(letter, ' '..='~'));
    let name: String = letters.take(NAME_CHARS_MAX).collect();
    [b"\x1b@", name.as_bytes(), b"\n\x1bd\x03"].concat()
}

/// Prints the port's name behind it. Takes at most six seconds: a port that hangs is left alone on a
/// thread of its own.
///
/// # Errors
/// Where nobody knows that the bytes went; that they went does not say that they were printed.
pub fn print_name(port: Port) -> Result<(), ProbeError> {
    let place = port.to_string();
    let stuck = || ProbeError::Stuck {
        place: place.clone(),
    };
    let (sender, told) = sync_channel(1);
    let probe = Builder::new().name("printer's port".to_owned());
    let spawned = probe.spawn(move || {
        // Whoever asked may have stopped waiting.
        drop(sender.send(try_port(&port)));
    });
    drop(spawned.map_err(|source| ProbeError::Failed {
        place: place.clone(),
        source,
    })?);
    told.recv_timeout(ALL_WAIT)
        .unwrap_or_else(|_late| Err(stuck()))
}

fn try_port(port: &Port) -> Result<(), ProbeError> {
    let place = port.to_string();
    let mut transport = open(port)?;
    let sent = send(&mut *transport, &line_of(&place));
    // What did not go would hold up the closing, and come out some day.
    transport.abandon();
    match sent {
        Ok(true) => Ok(()),
        Ok(false) => Err(ProbeError::Stuck { place }),
        Err(source) => Err(ProbeError::Failed { place, source }),
    }
}

/// Whether all went.
fn send(transport: &mut dyn Transport, mut bytes: &[u8]) -> io::Result<bool> {
    let start = instant();
    while !bytes.is_empty() {
        if start.elapsed() > BYTES_WAIT {
            return Ok(false);
        }
        match transport.write(bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    std::thread::sleep(LEAVING);
    Ok(true)
}
