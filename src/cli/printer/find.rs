//! `tillcode printer find`: one line on what is plugged in, to see which printer is which.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::super::{Desk, tell};
use super::{printers, title};
use crate::io::printer::{
    Attached as _, Flow, Found, Kind, Parity, Port, SerialLine, SerialPlace, System, print_name,
};
use crate::terminal::query::PrinterView;

/// So long somebody looks at the printers before the next one is tried.
const PAUSE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(in crate::cli) struct FindArgs {
    /// Such as /dev/ttyUSB0; without it all that is plugged in, one after the other.
    port: Option<PathBuf>,
    /// Bits per second of serial printers, as they are set.
    #[arg(long, default_value_t = 9_600, value_parser = clap::value_parser!(u32).range(1_200..=921_600))]
    baud: u32,
}

/// Sends the line; says of each port what came of it.
pub(super) fn run(desk: &mut dyn Desk, args: &FindArgs) -> anyhow::Result<String> {
    let (configured, _) = printers(desk)?;
    let attached = System::default().list();
    if let Some(path) = &args.port {
        let found = attached
            .into_iter()
            .find(|found| is_same(&found.path, path));
        let found = found.unwrap_or_else(|| Found {
            kind: kind_of(path),
            path: path.clone(),
            usb: None,
        });
        if let Some(printer) = user_of(&found, &configured) {
            anyhow::bail!(
                "{} is the printer {:?} of the configuration: `tillcode printer test` prints on it",
                path.display(),
                printer.name
            );
        }
        print_name(port_of(&found, args.baud))?;
        return Ok(format!(
            "{}: a line with its name was sent\n",
            path.display()
        ));
    }
    anyhow::ensure!(
        !attached.is_empty(),
        "no serial port and no printer is plugged in here: plug one in, or name its port"
    );
    let mut said = Vec::new();
    let mut is_first = true;
    for found in &attached {
        let name = found.path.display();
        if let Some(printer) = user_of(found, &configured) {
            said.push(format!(
                "{name}: not tried, it is the printer {:?}\n",
                printer.name
            ));
            continue;
        }
        if !std::mem::take(&mut is_first) {
            std::thread::sleep(PAUSE);
        }
        tell(&format!(
            "{name} {}: which printer moves now?",
            title(found.usb.as_ref())
        ));
        said.push(match print_name(port_of(found, args.baud)) {
            Ok(()) => format!("{name}: a line with its name was sent\n"),
            Err(error) => format!("{name}: {error}\n"),
        });
    }
    Ok(said.concat())
}

/// The printer of the configuration that is there, whatever name it is known by.
fn user_of<'a>(found: &Found, configured: &'a [PrinterView]) -> Option<&'a PrinterView> {
    let usb = found.usb.as_ref();
    let serial = usb.and_then(|usb| usb.serial.clone());
    let socket = usb.and_then(|usb| usb.location.clone());
    let marks = [
        serial.map(SerialPlace::UsbSerial),
        socket.map(SerialPlace::UsbLocation),
    ];
    let marks: Vec<String> = marks.iter().flatten().map(ToString::to_string).collect();
    configured.iter().find(|printer| {
        marks.contains(&printer.place) || is_same(Path::new(&printer.place), &found.path)
    })
}

/// Whether two names are of one port: some names are links.
fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_missing| path.into());
    real(one) == real(other)
}

/// What a port is that is not in the list.
fn kind_of(path: &Path) -> Kind {
    let name = path.file_name().and_then(|name| name.to_str());
    if name.is_some_and(|name| name.starts_with("lp")) {
        Kind::Printer
    } else {
        Kind::Serial
    }
}

fn port_of(found: &Found, baud: u32) -> Port {
    match found.kind {
        Kind::Printer => Port::Device(found.path.clone()),
        Kind::Serial | Kind::Bluetooth => Port::Serial(SerialLine {
            place: SerialPlace::Path(found.path.clone()),
            baud,
            parity: Parity::None,
            flow: Flow::None,
        }),
    }
}
