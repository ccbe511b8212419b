//! The ways to a printer: a serial line, the network, a device file, a plain file.
//!
//! Nothing here knows what the bytes mean. Every call ends within a deadline, since a printer that is
//! switched off, jammed or held back by flow control takes nothing for as long as it likes; still, the
//! caller is a thread of its own.

mod attached;
mod device;
mod file;
mod line;
mod probe;
mod serial;
mod tcp;
#[cfg(test)]
mod tests;
mod transport;
mod worker;

pub use attached::{Attached, FOUND_MAX, Found, Kind, System, Usb, find};
pub use probe::{ProbeError, line_of, print_name};
pub use transport::{
    Flow, Lines, Parity, Port, PortError, SerialLine, SerialPlace, Transport, open, open_among,
};
pub use worker::Worker;
