//! A serial line.

use std::fmt::{self, Debug, Formatter};
use std::io;
use std::path::Path;
use std::time::Duration;

use serialport::{ClearBuffer, FlowControl, SerialPort};

use super::line::{Line, gone};
use super::transport::{Flow, Lines, Parity, PortError, SerialLine, Transport, WRITE_WAIT};
use crate::io::clock::instant;

/// The most that is handed over at once, in bytes: what is with the system cannot be counted, and not
/// be called back from every adapter.
const CHUNK_BYTES_MAX: usize = 256;
/// How often it is looked whether all has left.
const LOOK: Duration = Duration::from_millis(5);
/// The group that Linux systems give serial ports to.
const GROUP: &str = "dialout";

/// A serial line that is open and ours alone.
///
/// The port is opened twice. One handle has the settings and the lock; its writes, though, may wait
/// for ever once the system has room for a part of them. The other one never waits and has the bytes.
pub(super) struct Serial {
    settings: Box<dyn SerialPort>,
    bytes: Line,
}

impl Debug for Serial {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serial")
            .field("port", &self.settings.name())
            .finish_non_exhaustive()
    }
}

impl Serial {
    pub(super) fn open(path: &Path, line: &SerialLine) -> Result<Self, PortError> {
        let place = path.display();
        let failed = |source| PortError::of_device(&place, GROUP, source);
        let Some(name) = path.to_str() else {
            return Err(failed(io::ErrorKind::InvalidInput.into()));
        };
        // A port that another program has for itself is refused here or, to root, below.
        let bytes = Line::open(path).map_err(failed)?;
        let settings = serialport::new(name, line.baud)
            .parity(parity(line.parity))
            .flow_control(flow(line.flow))
            .timeout(WRITE_WAIT)
            .open()
            .map_err(|error| {
                if error.kind == serialport::ErrorKind::NoDevice {
                    PortError::InUse {
                        place: place.to_string(),
                    }
                } else {
                    failed(error.into())
                }
            })?;
        // Answers to whoever had the port before would be taken for answers to us.
        settings
            .clear(ClearBuffer::Input)
            .map_err(|error| failed(error.into()))?;
        Ok(Self { settings, bytes })
    }
}

impl Transport for Serial {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let chunk = bytes.get(..CHUNK_BYTES_MAX).unwrap_or(bytes);
        self.bytes.write(chunk, WRITE_WAIT)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        match self.bytes.read(buffer, wait)? {
            // A line has no end but this one.
            Some(0) => Err(gone()),
            said => Ok(said.unwrap_or(0)),
        }
    }

    fn abandon(&mut self) {
        if let Err(error) = self.settings.clear(ClearBuffer::Output) {
            // An unplugged port keeps nothing either.
            tracing::debug!(%error, "a printer's port had nothing to throw away");
        }
    }

    fn finish(&mut self, wait: Duration) {
        let start = instant();
        while self.settings.bytes_to_write().is_ok_and(|left| left > 0) {
            if start.elapsed() >= wait {
                self.abandon();
                return;
            }
            std::thread::sleep(LOOK);
        }
    }

    fn lines(&mut self) -> Option<Lines> {
        Some(Lines {
            clear_to_send: self.settings.read_clear_to_send().ok()?,
            data_set_ready: self.settings.read_data_set_ready().ok()?,
        })
    }
}

fn parity(parity: Parity) -> serialport::Parity {
    match parity {
        Parity::None => serialport::Parity::None,
        Parity::Even => serialport::Parity::Even,
        Parity::Odd => serialport::Parity::Odd,
    }
}

fn flow(flow: Flow) -> FlowControl {
    match flow {
        Flow::None => FlowControl::None,
        Flow::XonXoff => FlowControl::Software,
        Flow::RtsCts => FlowControl::Hardware,
    }
}
