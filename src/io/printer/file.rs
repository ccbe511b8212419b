//! A plain file that every job is appended to.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use super::line::Line;
use super::transport::{PortError, Transport, WRITE_WAIT};

/// The most that is handed over at once, in bytes.
const CHUNK_BYTES_MAX: usize = 4_096;

/// A file that is written at its end. It may be a device, or a pipe that nobody reads.
#[derive(Debug)]
pub(super) struct PlainFile(Line);

impl PlainFile {
    pub(super) fn open(path: &Path) -> Result<Self, PortError> {
        let place = || path.display().to_string();
        Line::append(path).map(Self).map_err(|source| {
            let kind = source.kind();
            if kind == ErrorKind::PermissionDenied {
                PortError::NoRightToFile { place: place() }
            } else if kind == ErrorKind::NotFound {
                PortError::NoFolder { place: place() }
            } else {
                PortError::Other {
                    place: place(),
                    source,
                }
            }
        })
    }
}

impl Transport for PlainFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let chunk = bytes.get(..CHUNK_BYTES_MAX).unwrap_or(bytes);
        self.0.write(chunk, WRITE_WAIT)
    }

    fn read(&mut self, _buffer: &mut [u8], _wait: Duration) -> io::Result<usize> {
        Ok(0)
    }

    fn abandon(&mut self) {}
}
