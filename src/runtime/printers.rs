//! The printers' ports, each on a thread of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;

use crate::config::{
    Config, FlowConfig, LabelConfig, ParityConfig, PrinterConfig, PrinterPort, SerialPort,
};
use crate::io::printer::{
    Attached as _, Flow, Found, Kind, Parity, Port, SerialLine, SerialPlace, System, Worker,
    print_name,
};
use crate::proto::print::{Confirms, Profile, Profiles};
use crate::proto::translation::Words;
use crate::terminal::printing::{Deed, Happened, Opening, PortTold};
use crate::terminal::query::{PortView, PrinterKind};
use crate::terminal::{Answer, Event, PaperQuery, PaperSetup, PaperWords, PrinterSetup, Query};

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
        media: config.label.media,
        sticker_size: config.label.size,
        hides_price: config.label.hides_price,
    }
}

/// All ports, by the printers' names.
pub(super) struct Ports {
    ways: BTreeMap<String, Way>,
    /// Where the configuration says that printers are.
    configured: BTreeMap<String, Port>,
}

/// One port, and which time it was last to be opened.
struct Way {
    worker: Worker,
    opening: Opening,
    /// Whether somebody still wants to hear of it.
    is_wanted: Arc<AtomicBool>,
}

impl Ports {
    pub(super) fn start(
        printers: &[PrinterConfig],
        events: &mpsc::Sender<Event>,
    ) -> std::io::Result<Self> {
        let configured = printers.iter().map(|it| (it.name.clone(), port(&it.port)));
        let configured: BTreeMap<String, Port> = configured.collect();
        let mut ways = BTreeMap::new();
        for (name, port) in &configured {
            ways.insert(name.clone(), Way::start(name, port.clone(), events)?);
        }
        Ok(Self { ways, configured })
    }

    /// A printer is at another port from now on; without one, where the configuration says.
    pub(super) fn use_port(
        &mut self,
        printer: &str,
        chosen: Option<&str>,
        events: &mpsc::Sender<Event>,
    ) {
        if let Some(way) = self.ways.remove(printer) {
            way.leave();
        }
        let port = match chosen.map(PrinterPort::of_choice) {
            Some(Ok(chosen)) => port(&chosen),
            Some(Err(problem)) => {
                tracing::warn!(printer, problem, "a chosen port is none");
                Port::None
            }
            None => match self.configured.get(printer) {
                Some(port) => port.clone(),
                None => return,
            },
        };
        match Way::start(printer, port, events) {
            Ok(way) => drop(self.ways.insert(printer.to_owned(), way)),
            Err(error) => tracing::error!(printer, %error, "the system gives no thread"),
        }
    }

    /// Hands a deed over; what comes of it comes as an event.
    pub(super) fn order(&mut self, printer: &str, deed: Deed, events: &mpsc::Sender<Event>) {
        let Some(way) = self.ways.get_mut(printer) else {
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

impl Way {
    fn start(name: &str, port: Port, events: &mpsc::Sender<Event>) -> std::io::Result<Self> {
        let (printer, events) = (name.to_owned(), events.clone());
        let is_wanted = Arc::new(AtomicBool::new(true));
        let listens = Arc::clone(&is_wanted);
        let tell = move |told| {
            if !listens.load(Ordering::Acquire) {
                return;
            }
            let printer = printer.clone();
            let event = Event::Printer { printer, told };
            // The engine that asked is the one that listens; it is gone only at the end.
            drop(events.blocking_send(event));
        };
        let worker = Worker::start(name, port, tell)?;
        Ok(Self {
            worker,
            opening: 0,
            is_wanted,
        })
    }

    /// Nobody hears of it any more. A port takes its time to close, which nobody waits for.
    fn leave(self) {
        self.is_wanted.store(false, Ordering::Release);
        drop(tokio::task::spawn_blocking(move || drop(self)));
    }
}

/// What printers may be behind, or what came of a line on a port; none of another question. Both take their
/// time, and are done elsewhere.
pub(super) async fn answer(query: &Query) -> Option<Answer> {
    let Query::Paper(query) = query else {
        return None;
    };
    let work = match query {
        PaperQuery::Ports => tokio::task::spawn_blocking(all_ports),
        PaperQuery::TryPort { port } => {
            let port = port.clone();
            tokio::task::spawn_blocking(move || try_port(&port))
        }
        PaperQuery::Printers
        | PaperQuery::Sheets { .. }
        | PaperQuery::Stickers { .. }
        | PaperQuery::StickerPaper { .. } => return None,
    };
    let failed = |error: tokio::task::JoinError| Answer::Failed {
        reason: error.to_string(),
    };
    Some(work.await.unwrap_or_else(failed))
}

fn all_ports() -> Answer {
    let found = System::default().list();
    let profiles = Profiles::built_in().ok();
    let kinds = profiles.iter().flat_map(|profiles| {
        let named = profiles.names().filter_map(|name| {
            Some(PrinterKind {
                profile: name.to_owned(),
                title: profiles.get(name)?.title.clone(),
            })
        });
        named.collect::<Vec<_>>()
    });
    Answer::Ports {
        kinds: kinds.collect(),
        ports: found.iter().map(port_view).collect(),
    }
}

/// By what finds it again after a replug, where there is such a mark.
fn port_view(found: &Found) -> PortView {
    let path = found.path.display().to_string();
    let usb = found.usb.as_ref().filter(|_| found.kind == Kind::Serial);
    let serial = usb.and_then(|usb| usb.serial.clone());
    let socket = usb.and_then(|usb| usb.location.clone());
    let marks = [
        serial.map(|mark| (format!("usb:{mark}"), SerialPlace::UsbSerial(mark))),
        socket.map(|mark| (format!("socket:{mark}"), SerialPlace::UsbLocation(mark))),
    ];
    let marks: Vec<_> = marks.into_iter().flatten().collect();
    let first = marks.first().map(|(port, _)| port.clone());
    let places = marks
        .iter()
        .flat_map(|(port, place)| [port.clone(), place.to_string()]);
    let usb = found.usb.as_ref();
    let names = usb.map(|usb| [usb.maker.clone(), usb.name.clone()]);
    let names: Vec<_> = names.into_iter().flatten().flatten().collect();
    PortView {
        places: places.chain([path.clone()]).collect(),
        port: first.unwrap_or_else(|| path.clone()),
        path,
        title: names.join(" "),
        is_serial: found.kind != Kind::Printer,
    }
}

fn try_port(text: &str) -> Answer {
    let tried = PrinterPort::of_choice(text)
        .and_then(|chosen| print_name(port(&chosen)).map_err(|error| error.to_string()));
    Answer::Tried {
        problem: tried.err(),
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
