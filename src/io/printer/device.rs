//! A printer's device file such as `/dev/usb/lp0`.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::io::clock::instant;

use super::line::Line;
use super::transport::{PortError, Transport, WRITE_WAIT};

/// The most that is handed over at once, in bytes.
const CHUNK_BYTES_MAX: usize = 4_096;
/// The group that Linux systems give printers to.
const GROUP: &str = "lp";
/// How long a printer that has just said "nothing" is left alone.
const PAUSE: Duration = Duration::from_millis(20);

/// A printer's device file that is open.
#[derive(Debug)]
pub(super) struct Device(Line);

impl Device {
    pub(super) fn open(path: &Path) -> Result<Self, PortError> {
        Line::open(path)
            .map(Self)
            .map_err(|source| PortError::of_device(&path.display(), GROUP, source))
    }
}

impl Transport for Device {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let chunk = bytes.get(..CHUNK_BYTES_MAX).unwrap_or(bytes);
        match self.0.write(chunk, WRITE_WAIT) {
            // So says the driver where the printer is out of paper.
            Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(0),
            went => went,
        }
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let start = instant();
        loop {
            let left = wait.saturating_sub(start.elapsed());
            match self.0.read(buffer, left) {
                // Some printers answer every question of the driver at once, with nothing.
                Ok(Some(0)) if !left.is_zero() => std::thread::sleep(PAUSE.min(left)),
                Ok(said) => return Ok(said.unwrap_or(0)),
                // A printer that only listens.
                Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Ok(0),
                Err(error) => return Err(error),
            }
        }
    }

    /// The driver keeps one write at most, and ends it when the file is closed.
    fn abandon(&mut self) {}
}
