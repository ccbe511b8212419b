//! What every way to a printer can do, and how one is opened.

use std::fmt::{self, Debug, Display, Formatter};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rustix::io::Errno;

use super::attached::{Attached, System, find};
use super::device::Device;
use super::file::PlainFile;
use super::serial::Serial;
use super::tcp::Tcp;

/// The longest that one [`Transport::write`] waits for a printer that takes nothing.
pub(super) const WRITE_WAIT: Duration = Duration::from_millis(500);
/// The longest wait for a printer on the network to take the connection, names included.
pub(super) const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// A way to a printer that is open.
///
/// An error other than [`io::ErrorKind::Interrupted`] means that the way is closed for good. Where the
/// printer went away (unplugged, connection closed) its kind is [`io::ErrorKind::BrokenPipe`].
pub trait Transport: Send + Debug {
    /// Hands some of the bytes to the system and says how many; 0 where nothing went within 500 ms.
    /// That they went says nothing about the printer: systems and cables keep tens of kilobytes.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// What the printer said, waiting at most `wait` for it; 0 where it said nothing.
    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize>;

    /// Throws away what was written and has not left this machine, so that closing never waits.
    /// Nothing may be written afterwards.
    fn abandon(&mut self);

    /// Lets what was written leave this machine, for at most so long; what did not by then is thrown away.
    /// Nothing may be written afterwards.
    fn finish(&mut self, _wait: Duration) {
        self.abandon();
    }

    /// What the printer says by its lines; none where there are no such lines to be read.
    fn lines(&mut self) -> Option<Lines> {
        None
    }
}

/// The two lines by which a printer says that it takes bytes. A cable of three wires has neither, and
/// then both read as off: only a change says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// The line that a printer's RTS, or with some cables its DTR, is on.
    pub clear_to_send: bool,
    /// The line that a printer's DTR is on by the usual cable.
    pub data_set_ready: bool,
}

/// Where a printer is, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Port {
    /// A serial line, or a USB or Bluetooth adapter that acts as one.
    Serial(SerialLine),
    /// A host on the network and its port, most often 9100.
    Tcp(String, u16),
    /// A printer's device file such as `/dev/usb/lp0`, which is read as well.
    Device(PathBuf),
    /// A file that every job is appended to.
    File(PathBuf),
    /// No printer at all.
    None,
}

/// A serial line with its settings; always 8 data bits and 1 stop bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialLine {
    /// Which one.
    pub place: SerialPlace,
    /// Bits per second, as the printer is set: most often 9600, 19200, 38400 or 115200.
    pub baud: u32,
    /// As the printer is set.
    pub parity: Parity,
    /// How the printer says that it is full.
    pub flow: Flow,
}

/// Which serial port. Names such as `/dev/ttyUSB0` change with the order of plugging in, the other two
/// do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SerialPlace {
    /// By its name.
    Path(PathBuf),
    /// By the serial number of its USB adapter, wherever that is plugged in.
    UsbSerial(String),
    /// By the USB socket, for adapters without a serial number: `1-2.3` is bus 1, socket 2, socket 3.
    UsbLocation(String),
}

/// The bit that checks a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Parity {
    /// There is none.
    #[default]
    None,
    /// An even number of ones.
    Even,
    /// An odd number of ones.
    Odd,
}

/// How a printer says that it is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// It does not.
    #[default]
    None,
    /// By the bytes 13h and 11h.
    XonXoff,
    /// By the line CTS.
    RtsCts,
}

impl Display for Port {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(line) => write!(f, "{}", line.place),
            Self::Tcp(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp(host, port) => write!(f, "{host}:{port}"),
            Self::Device(path) | Self::File(path) => write!(f, "{}", path.display()),
            Self::None => f.write_str("none"),
        }
    }
}

impl Display for SerialPlace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::UsbSerial(number) => write!(f, "USB serial number {number}"),
            Self::UsbLocation(location) => write!(f, "USB socket {location}"),
        }
    }
}

/// Why a way to a printer cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Nothing is plugged in there.
    #[error(
        "there is no printer at {place}: plug it in and switch it on, or choose its port again"
    )]
    NotThere {
        /// Where.
        place: String,
    },
    /// The user is not in the group that may use it.
    #[error(
        "this user may not use {place}: add the user to the group {group}, then log out and in again"
    )]
    NoRight {
        /// Where.
        place: String,
        /// The group that the system gives such ports to.
        group: &'static str,
    },
    /// The user may not write that file.
    #[error("this user may not write {place}: change the rights of the file or its folder")]
    NoRightToFile {
        /// Where.
        place: String,
    },
    /// The folder of that file is missing.
    #[error("{place} cannot be made: make its folder, or choose another file")]
    NoFolder {
        /// Where.
        place: String,
    },
    /// Somebody else has it.
    #[error(
        "{place} is in use by another program: end that program, or choose the printer's port again"
    )]
    InUse {
        /// Where.
        place: String,
    },
    /// Nobody took the connection in time, or it was refused.
    #[error(
        "no printer answers at {place}: switch it on, and check its network cable and its address"
    )]
    NoAnswer {
        /// Where.
        place: String,
    },
    /// More than one adapter has that mark.
    #[error(
        "several ports have the {place}: choose the printer by its USB socket, or by the port's name"
    )]
    Several {
        /// Which mark.
        place: String,
    },
    /// `transport = "none"`.
    #[error("this printer has no port: choose one on the Printer screen")]
    None,
    /// Anything else, with the system's reason.
    #[error("{place} cannot be used as a printer's port ({source}): check the printer's settings")]
    Other {
        /// Where.
        place: String,
        /// Why.
        source: io::Error,
    },
}

impl PortError {
    /// What a failed opening of a device means.
    pub(super) fn of_device(place: &dyn Display, group: &'static str, source: io::Error) -> Self {
        const NO_SUCH_DEVICE: [Errno; 3] = [Errno::NOENT, Errno::NODEV, Errno::NXIO];
        let place = place.to_string();
        let no_such =
            Errno::from_io_error(&source).is_some_and(|number| NO_SUCH_DEVICE.contains(&number));
        let kind = source.kind();
        if no_such {
            Self::NotThere { place }
        } else if kind == io::ErrorKind::PermissionDenied {
            Self::NoRight { place, group }
        } else if kind == io::ErrorKind::ResourceBusy {
            Self::InUse { place }
        } else {
            Self::Other { place, source }
        }
    }
}

/// Opens a way to a printer; takes at most five seconds, and those only for [`Port::Tcp`].
///
/// # Errors
/// A sentence with the place, the reason and the remedy.
pub fn open(port: &Port) -> Result<Box<dyn Transport>, PortError> {
    open_among(port, &System::default())
}

/// [`open`] with the caller's list of what is plugged in, which serial numbers and sockets are looked
/// up in.
///
/// # Errors
/// As of [`open`].
pub fn open_among(port: &Port, attached: &dyn Attached) -> Result<Box<dyn Transport>, PortError> {
    Ok(match port {
        Port::Serial(line) => {
            let path = if let SerialPlace::Path(path) = &line.place {
                path.clone()
            } else {
                find(&line.place, &attached.list())?
            };
            Box::new(Serial::open(&path, line)?)
        }
        Port::Tcp(host, number) => Box::new(Tcp::open(host, *number)?),
        Port::Device(path) => Box::new(Device::open(path)?),
        Port::File(path) => Box::new(PlainFile::open(path)?),
        Port::None => return Err(PortError::None),
    })
}
