//! The printers' ports, each on a thread of its own.

use std::collections::BTreeMap;

use tokio::sync::mpsc;

use crate::config::{
    Config, FlowConfig, LabelConfig, ParityConfig, PrinterConfig, PrinterPort, SerialPort,
};
use crate::io::printer::{Flow, Parity, Port, SerialLine, SerialPlace, Worker};
use crate::proto::print::{Confirms, Profile};
use crate::proto::translation::Words;
use crate::terminal::printing::{Deed, Happened, Opening, PortTold};
use crate::terminal::{Event, PaperSetup, PaperWords, PrinterSetup};

/// What the owner wrote about printers, as the till decides by it.
pub(super) fn setups(printers: &[PrinterConfig], label: &LabelConfig) -> Vec<PrinterSetup> {
    let setups = printers.iter().map(|printer| PrinterSetup {
        name: printer.name.clone(),
        uses: printer.uses.clone(),
        profile: profile(printer),
        media: label.media.filter(|_| printer.profile.is_for_labels()),
        place: port(&printer.port).to_string(),
        is_shared: matches!(printer.port, PrinterPort::Tcp { .. }),
        has_drawer: printer.has_drawer,
    });
    setups.collect()
}

/// A file says nothing, whatever printer its bytes are for.
fn profile(printer: &PrinterConfig) -> Profile {
    let mut profile = printer.profile.clone();
    if matches!(printer.port, PrinterPort::File(_)) {
        profile.answers = false;
        profile.confirms = Confirms::Nothing;
    }
    profile
}

/// What stands on paper.
pub(super) fn paper(config: &Config) -> PaperSetup {
    let words = Words::of(config.shop.language);
    PaperSetup {
        words: PaperWords::new(move |key, values| words.say(key, values)),
        taxes: config.taxes.clone(),
        sticker_size: config.label.size,
        hides_price: config.label.hides_price,
    }
}

/// All ports, by the printers' names.
pub(super) struct Ports(BTreeMap<String, Way>);

/// One port, and which time it was last to be opened.
struct Way {
    worker: Worker,
    opening: Opening,
}

impl Ports {
    pub(super) fn start(
        printers: &[PrinterConfig],
        events: &mpsc::Sender<Event>,
    ) -> std::io::Result<Self> {
        let mut ports = BTreeMap::new();
        for printer in printers {
            let (name, events) = (printer.name.clone(), events.clone());
            let tell = move |told| {
                let printer = name.clone();
                let event = Event::Printer { printer, told };
                // The engine that asked is the one that listens; it is gone only at the end.
                drop(events.blocking_send(event));
            };
            let worker = Worker::start(&printer.name, port(&printer.port), tell)?;
            let way = Way { worker, opening: 0 };
            ports.insert(printer.name.clone(), way);
        }
        Ok(Self(ports))
    }

    /// Hands a deed over; what comes of it comes as an event.
    pub(super) fn order(&mut self, printer: &str, deed: Deed, events: &mpsc::Sender<Event>) {
        let Some(way) = self.0.get_mut(printer) else {
            return;
        };
        if let Deed::Open(opening) = deed {
            way.opening = opening;
        }
        if !way.worker.order(deed) {
            tracing::warn!(printer, "the printer's port hangs");
            let told = PortTold {
                opening: way.opening,
                happened: Happened::Lost,
                problem: Some("the system does not let go of its port: unplug it".to_owned()),
            };
            let printer = printer.to_owned();
            drop(events.try_send(Event::Printer { printer, told }));
        }
    }
}

fn port(port: &PrinterPort) -> Port {
    match port {
        PrinterPort::Serial(serial) => Port::Serial(line(serial)),
        PrinterPort::Tcp { host, port } => Port::Tcp(host.clone(), *port),
        PrinterPort::Device(path) => Port::Device(path.clone()),
        PrinterPort::File(path) => Port::File(path.clone()),
        PrinterPort::None => Port::None,
    }
}

fn line(serial: &SerialPort) -> SerialLine {
    let place = match serial.place.split_once(':') {
        Some(("usb", number)) => SerialPlace::UsbSerial(number.to_owned()),
        Some(("socket", location)) => SerialPlace::UsbLocation(location.to_owned()),
        _ => SerialPlace::Path(serial.place.clone().into()),
    };
    SerialLine {
        place,
        baud: serial.baud,
        parity: match serial.parity {
            ParityConfig::None => Parity::None,
            ParityConfig::Even => Parity::Even,
            ParityConfig::Odd => Parity::Odd,
        },
        flow: match serial.flow {
            FlowConfig::None => Flow::None,
            FlowConfig::XonXoff => Flow::XonXoff,
            FlowConfig::RtsCts => Flow::RtsCts,
        },
    }
}
