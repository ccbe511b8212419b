//! The printer in the world: the till's own ways lead to it.

use std::time::Duration;

use tillcode::io::printer::{
    Flow, Parity, Port, SerialLine, SerialPlace, Transport, open, open_among,
};

use super::{ask, done, label, picture};
use crate::support::printer::{Fault, PtyPrinter, TcpPrinter, Traits, VirtualPrinter};

const LONG: Duration = Duration::from_secs(20);

fn serial(place: SerialPlace) -> Port {
    Port::Serial(SerialLine {
        place,
        baud: 115_200,
        parity: Parity::None,
        flow: Flow::None,
    })
}

fn write_all(way: &mut dyn Transport, bytes: &[u8]) {
    let mut sent = 0;
    while sent < bytes.len() {
        sent += way.write(&bytes[sent..]).unwrap();
    }
}

fn heard(way: &mut dyn Transport, count: usize) -> Vec<u8> {
    let (mut said, mut buffer) = (Vec::new(), [0; 64]);
    while said.len() < count {
        let count = way.read(&mut buffer, LONG).unwrap();
        assert_ne!(count, 0, "it is silent after {said:?}");
        said.extend_from_slice(&buffer[..count]);
    }
    said
}

fn until_gone(way: &mut dyn Transport) {
    while way.write(b"\0").is_ok() && way.read(&mut [0; 8], LONG).is_ok() {}
}

#[test]
fn a_printer_on_a_serial_line_prints_and_is_found_again_after_a_replug() {
    let printer = PtyPrinter::start(Traits::default());
    let path = printer.path().unwrap();
    let port = serial(SerialPlace::UsbSerial("VP0001".into()));
    let mut way = open(&serial(SerialPlace::Path(path.clone()))).unwrap();
    write_all(&mut *way, &[label(), ask(*b"0001")].concat());
    assert_eq!(heard(&mut *way, 7), done(*b"0001"));
    assert_eq!(printer.look(|printer| printer.copies(&label())), 1);
    printer.fault(Fault::Unplug);
    assert_eq!(printer.path(), None);
    until_gone(&mut *way);
    drop(way);
    assert!(open_among(&port, &printer).is_err());
    printer.fault(Fault::Plug);
    assert_ne!(printer.path(), Some(path));
    for place in [
        SerialPlace::UsbSerial("VP0001".into()),
        SerialPlace::UsbLocation("1-2.3".into()),
    ] {
        let mut way = open_among(&serial(place), &printer).unwrap();
        write_all(&mut *way, b"\x10\x04\x01");
        assert_eq!(heard(&mut *way, 1), b"\x12");
    }
    let mut way = open_among(&port, &printer).unwrap();
    write_all(&mut *way, &label());
    printer.wait(|printer| printer.sheets().len() == 2);
}

#[test]
fn a_printer_on_the_network_waits_for_paper_and_takes_a_new_till() {
    // As fast as it goes, with the smaller buffer: it holds the till back by not reading.
    let printer = TcpPrinter::start(Traits {
        buffer: 45,
        baud: 0,
        mm_per_s: 2_000,
        ..Traits::default()
    });
    let address = printer.address();
    let port = Port::Tcp(address.ip().to_string(), address.port());
    let mut way = open(&port).unwrap();
    let drawn = [b"\x1b@".as_slice(), &picture(120), b"\x1dV\x00"].concat();
    printer.fault(Fault::PaperOut);
    write_all(&mut *way, &[drawn.as_slice(), &ask(*b"0001")].concat());
    printer.wait(VirtualPrinter::is_busy);
    printer.fault(Fault::PaperIn);
    assert_eq!(heard(&mut *way, 7), done(*b"0001"));
    printer.wait(|printer| printer.copies(&drawn) == 1);
    printer.fault(Fault::Unplug);
    until_gone(&mut *way);
    assert!(open(&port).is_err());
    printer.fault(Fault::Plug);
    assert_eq!(printer.address(), address);
    for _till in 0..2 {
        let mut way = open(&port).unwrap();
        write_all(&mut *way, b"\x10\x04\x04");
        assert_eq!(heard(&mut *way, 1), b"\x12");
    }
    assert_eq!(printer.look(|printer| printer.lost()), 0);
}
