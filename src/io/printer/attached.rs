//! What is plugged in, as values.

use std::fs;
use std::path::{Path, PathBuf};

use serialport::{SerialPortType, UsbPortInfo};

use super::transport::{PortError, SerialPlace};

/// The most that is listed.
pub const FOUND_MAX: usize = 64;
/// The longest name that a USB device may have here, in characters.
const NAME_CHARS_MAX: usize = 126;

/// Something that a printer may be behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// Its device file, which may be another one after a replug.
    pub path: PathBuf,
    /// What it says about itself, where it is on USB.
    pub usb: Option<Usb>,
}

/// What something plugged in is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A serial port, on board or behind USB.
    Serial,
    /// A USB printer's device file.
    Printer,
    /// A serial port over Bluetooth.
    Bluetooth,
}

/// A USB device. All of it is the device's word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usb {
    /// The vendor's number.
    pub vendor: u16,
    /// The vendor's number of the product.
    pub product: u16,
    /// The serial number; cheap adapters have none, or all the same one.
    pub serial: Option<String>,
    /// The socket, such as `1-2.3`.
    pub location: Option<String>,
    /// The maker's name.
    pub maker: Option<String>,
    /// The product's name.
    pub name: Option<String>,
}

/// Something that knows what is plugged in.
pub trait Attached {
    /// All of it, by path, at most [`FOUND_MAX`].
    fn list(&self) -> Vec<Found>;
}

/// The port at a place, by the list of what is plugged in. A path is its own answer.
///
/// # Errors
/// [`PortError::NotThere`], or [`PortError::Several`] where the mark is not one device's alone.
pub fn find(place: &SerialPlace, list: &[Found]) -> Result<PathBuf, PortError> {
    let is_it = |usb: &Usb| match place {
        SerialPlace::Path(_) => false,
        SerialPlace::UsbSerial(number) => usb.serial.as_deref() == Some(number),
        SerialPlace::UsbLocation(location) => usb.location.as_deref() == Some(location),
    };
    if let SerialPlace::Path(path) = place {
        return Ok(path.clone());
    }
    let mut matching = list
        .iter()
        .filter(|found| found.kind == Kind::Serial && found.usb.as_ref().is_some_and(is_it));
    let place = place.to_string();
    match (matching.next(), matching.next()) {
        (Some(found), None) => Ok(found.path.clone()),
        (Some(_), Some(_)) => Err(PortError::Several { place }),
        (None, _) => Err(PortError::NotThere { place }),
    }
}

/// What this machine has.
#[derive(Debug, Clone)]
pub struct System {
    /// Where device files are.
    devices: PathBuf,
    /// Where the kernel describes USB devices that have a driver of their own.
    described: PathBuf,
}

impl Default for System {
    fn default() -> Self {
        Self {
            devices: "/dev".into(),
            described: "/sys/class/usbmisc".into(),
        }
    }
}

impl Attached for System {
    fn list(&self) -> Vec<Found> {
        let mut list = serial_ports();
        list.extend(self.device_files());
        list.sort_by(|a, b| a.path.cmp(&b.path));
        list.dedup_by(|a, b| a.path == b.path);
        list.truncate(FOUND_MAX);
        list
    }
}

impl System {
    #[cfg(test)]
    pub(super) fn under(root: &Path) -> Self {
        Self {
            devices: root.join("dev"),
            described: root.join("sys"),
        }
    }

    /// The device files that are no serial ports, or that the system does not count among those.
    pub(super) fn device_files(&self) -> Vec<Found> {
        let printers = numbered(&self.devices.join("usb"), "lp").map(|path| Found {
            kind: Kind::Printer,
            usb: path.file_name().and_then(|name| self.describe(name)),
            path,
        });
        let radio = numbered(&self.devices, "rfcomm").map(|path| Found {
            kind: Kind::Bluetooth,
            usb: None,
            path,
        });
        printers.chain(radio).collect()
    }

    /// What a USB printer says about itself: its interface is a folder, the folder above its device.
    fn describe(&self, name: &std::ffi::OsStr) -> Option<Usb> {
        let interface = fs::canonicalize(self.described.join(name).join("device")).ok()?;
        let device = interface.parent()?;
        let text = |file: &str| fs::read_to_string(device.join(file)).ok().and_then(tidy);
        let number = |file: &str| u16::from_str_radix(&text(file)?, 16).ok();
        Some(Usb {
            vendor: number("idVendor")?,
            product: number("idProduct")?,
            serial: text("serial"),
            location: text("busnum")
                .zip(text("devpath"))
                .map(|(bus, sockets)| format!("{bus}-{sockets}")),
            maker: text("manufacturer"),
            name: text("product"),
        })
    }
}

/// The files of a folder that have this name and a number.
fn numbered(folder: &Path, name: &'static str) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(move |entry| {
            let file = entry.file_name();
            file.to_str()
                .and_then(|file| file.strip_prefix(name))
                .is_some_and(|number| number.parse::<u16>().is_ok())
        })
        .map(|entry| entry.path())
}

fn serial_ports() -> Vec<Found> {
    let ports = serialport::available_ports().unwrap_or_else(|error| {
        tracing::warn!(%error, "the serial ports cannot be listed");
        Vec::new()
    });
    ports
        .into_iter()
        .map(|port| {
            let (kind, usb) = match port.port_type {
                SerialPortType::UsbPort(usb) => (Kind::Serial, Some(described(usb))),
                SerialPortType::BluetoothPort => (Kind::Bluetooth, None),
                SerialPortType::PciPort | SerialPortType::Unknown => (Kind::Serial, None),
            };
            Found {
                kind,
                path: port.port_name.into(),
                usb,
            }
        })
        .collect()
}

fn described(usb: UsbPortInfo) -> Usb {
    Usb {
        vendor: usb.vid,
        product: usb.pid,
        serial: usb.serial_number.and_then(tidy),
        location: usb.location.map(|location| location.to_string()),
        maker: usb.manufacturer.and_then(tidy),
        name: usb.product.and_then(tidy),
    }
}

/// A device's word as a short line of text, if it is one.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is handed over by `and_then`"
)]
pub(super) fn tidy(text: String) -> Option<String> {
    let text = text.trim().chars().filter(|c| !c.is_control());
    let text: String = text.take(NAME_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}
