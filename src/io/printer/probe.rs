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
    if matches!(sent, Ok(true)) {
        transport.finish(LEAVING);
    } else {
        // What did not go would hold up the closing, and come out some day.
        transport.abandon();
    }
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
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::path::Path;

    use rustix::fs::OFlags;
    use serialport::{SerialPort as _, TTYPort};

    use super::*;
    use crate::io::printer::{Flow, Parity, SerialLine, SerialPlace};

    fn at(path: &str) -> Port {
        Port::Serial(SerialLine {
            place: SerialPlace::Path(Path::new(path).into()),
            baud: 9_600,
            parity: Parity::None,
            flow: Flow::None,
        })
    }

    #[test]
    fn nothing_is_sent_but_the_name_on_a_clean_printer() {
        assert_eq!(line_of("/dev/ttyUSB0"), b"\x1b@/dev/ttyUSB0\n\x1bd\x03");
        // No name is a command, and none is a page long.
        assert_eq!(line_of("a\x1bp\x00é\n"), b"\x1b@ap\n\x1bd\x03");
        assert_eq!(line_of(&"x".repeat(999)).len(), 2 + 60 + 4);
    }

    #[test]
    fn a_printer_gets_the_name_of_its_port() {
        let (mut printer, till) = TTYPort::pair().unwrap();
        printer.set_timeout(Duration::from_secs(20)).unwrap();
        let path = till.name().unwrap();
        let probe = Builder::new().spawn({
            let path = path.clone();
            move || print_name(at(&path))
        });
        let mut heard = vec![0; line_of(&path).len()];
        printer.read_exact(&mut heard).unwrap();
        assert_eq!(heard, line_of(&path));
        probe.unwrap().join().unwrap().unwrap();
    }

    #[test]
    fn a_port_that_takes_nothing_holds_nobody_up() {
        let (_printer, till) = TTYPort::pair().unwrap();
        let path = till.name().unwrap();
        let mut options = OpenOptions::new();
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let mut full = options.write(true).custom_flags(flags).open(&path).unwrap();
        // The system makes room once or twice by itself.
        let mut refusals = 0;
        while refusals < 20 {
            if full.write(&[b'x'; 4_096]).is_err() {
                refusals += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        assert!(matches!(
            print_name(at(&path)),
            Err(ProbeError::Stuck { .. })
        ));
        assert!(matches!(
            print_name(at("/dev/there-is-no-such-port")),
            Err(ProbeError::Port(PortError::NotThere { .. }))
        ));
    }
}
