//! A printer on a serial line, which is one end of a terminal line here.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use serialport::{SerialPort as _, TTYPort};
use tillcode::io::printer::{Attached, Found, Kind, Usb};

use super::Traits;
use super::shell::{Cable, Shell};

/// The serial number of the adapter that the printer is said to be behind.
pub(crate) const SERIAL: &str = "VP0001";
/// The socket that it is said to be in.
pub(crate) const LOCATION: &str = "1-2.3";

/// Both ends of a terminal line. The till's is kept open too, so that the line lives without a till.
#[derive(Debug)]
struct Ends {
    printer: TTYPort,
    till: TTYPort,
}

impl Ends {
    fn new() -> Self {
        let (printer, till) = TTYPort::pair().unwrap();
        // Their copies are not handed on to programs that tests start, which would hold the line.
        let (mut printer, till) = (
            printer.try_clone_native().unwrap(),
            till.try_clone_native().unwrap(),
        );
        printer.set_timeout(Duration::ZERO).unwrap();
        Self { printer, till }
    }
}

/// "No more now" and "go on", to a till that is set to `flow = "xonxoff"`.
const HOLD: [u8; 1] = [0x13];
const GO_ON: [u8; 1] = [0x11];
/// How often a till is told to go on: while it opens the line, what is said is thrown away.
const GO_ON_TIMES: u8 = 200;

#[derive(Debug)]
pub(crate) struct Line {
    ends: Option<Ends>,
    /// Made before the old one goes, so that the system gives it another name.
    next: Option<Ends>,
    /// The till is held while anything is on its way, so that what it still has is not in the cable.
    is_short: bool,
    go_on: u8,
}

impl Cable for Line {
    fn read(&mut self, most: usize) -> Vec<u8> {
        let mut bytes = vec![0; most.min(4_096)];
        let ends = self.ends.as_mut();
        let count = ends.map_or(0, |ends| ends.printer.read(&mut bytes).unwrap_or(0));
        bytes.truncate(count);
        bytes
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(ends) = &mut self.ends {
            // Nobody may be listening.
            drop(ends.printer.write(bytes));
        }
    }

    fn pace(&mut self) {
        let Some(ends) = &mut self.ends else {
            return;
        };
        // A till that ends leaves its mark "mine alone" on a line that lives on; a copy that goes takes
        // the mark away.
        drop(ends.till.try_clone_native());
        if !self.is_short {
            return;
        }
        if ends.printer.bytes_to_read().unwrap_or(0) > 0 {
            self.go_on = GO_ON_TIMES;
            self.write(&HOLD);
        } else if self.go_on > 0 {
            self.go_on -= 1;
            self.write(&GO_ON);
        }
    }

    fn unplug(&mut self) {
        self.next = Some(Ends::new());
        self.ends = None;
    }

    fn plug(&mut self) {
        if self.ends.is_none() {
            self.ends = Some(self.next.take().unwrap_or_else(Ends::new));
        }
    }
}

/// A printer on a serial line.
pub(crate) type PtyPrinter = Shell<Line>;

impl PtyPrinter {
    pub(crate) fn start(traits: Traits) -> Self {
        Self::start_on(traits, false)
    }

    /// On a cable that keeps next to nothing, for a till that is set to `flow = "xonxoff"`.
    pub(crate) fn start_short(traits: Traits) -> Self {
        Self::start_on(traits, true)
    }

    fn start_on(traits: Traits, is_short: bool) -> Self {
        let line = Line {
            ends: Some(Ends::new()),
            next: None,
            is_short,
            go_on: 0,
        };
        Self::run(traits, line)
    }

    /// Where the till finds it; another name after each replug, and none while it is unplugged.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.cable(|cable| {
            let ends = cable.ends.as_ref()?;
            Some(ends.till.name().unwrap().into())
        })
    }
}

impl Attached for PtyPrinter {
    fn list(&self) -> Vec<Found> {
        let found = |path| Found {
            kind: Kind::Serial,
            path,
            usb: Some(Usb {
                vendor: 0x1a86,
                product: 0x7523,
                serial: Some(SERIAL.to_owned()),
                location: Some(LOCATION.to_owned()),
                ..Usb::default()
            }),
        };
        self.path().map(found).into_iter().collect()
    }
}
