//! Ways to printers, tried on real terminal lines, sockets and files.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serialport::{SerialPort as _, TTYPort};

use super::attached::tidy;
use super::*;
use crate::terminal::printing::{Deed, Happened};

/// Longer than anything here takes, so that a test waits for what happens and not for a time.
const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(1);

/// A terminal line: the printer's end, the till's end kept open, and its name.
fn line() -> (TTYPort, TTYPort, PathBuf) {
    let (mut printer, till) = TTYPort::pair().unwrap();
    printer.set_timeout(LONG).unwrap();
    let path = till.name().unwrap().into();
    (printer, till, path)
}

fn serial(place: SerialPlace, flow: Flow) -> Port {
    Port::Serial(SerialLine {
        place,
        baud: 19_200,
        parity: Parity::None,
        flow,
    })
}

fn at(path: &Path) -> Port {
    serial(SerialPlace::Path(path.into()), Flow::None)
}

fn opened(port: &Port) -> Box<dyn Transport> {
    open(port).unwrap()
}

fn heard(transport: &mut dyn Transport, count: usize) -> Vec<u8> {
    let (mut said, mut buffer) = (Vec::new(), [0; 64]);
    while said.len() < count {
        let count = transport.read(&mut buffer, LONG).unwrap();
        said.extend_from_slice(&buffer[..count]);
    }
    said
}

/// Writes until nothing goes any more; gives how many bytes went.
fn fill(transport: &mut dyn Transport) -> usize {
    let bytes = [b'x'; 9_000];
    let mut sum = 0;
    loop {
        let count = transport.write(&bytes).unwrap();
        sum += count;
        if count == 0 {
            return sum;
        }
    }
}

/// Uses a way until it says that the printer is gone.
fn until_gone(mut step: impl FnMut() -> io::Result<usize>) {
    loop {
        match step() {
            Ok(_still_there) => {}
            Err(error) => return assert_eq!(error.kind(), ErrorKind::BrokenPipe, "{error}"),
        }
    }
}

#[test]
fn a_serial_line_carries_every_byte_both_ways() {
    let (mut printer, _till, path) = line();
    let mut way = opened(&at(&path));
    let all: Vec<u8> = (0..=u8::MAX).collect();
    assert_eq!(way.write(&all).unwrap(), all.len());
    let mut got = [0; 256];
    printer.read_exact(&mut got).unwrap();
    assert_eq!(got.as_slice(), all);
    printer.write_all(&all).unwrap();
    assert_eq!(heard(&mut *way, all.len()), all);
    assert_eq!(way.read(&mut [0; 8], SHORT).unwrap(), 0, "nothing more");
    assert_eq!(way.read(&mut [], LONG).unwrap(), 0);
    assert_eq!(way.write(&[]).unwrap(), 0);
    assert_eq!(way.lines(), None, "a terminal line has no modem lines");
}

#[test]
fn a_write_goes_in_chunks_and_ends_where_nobody_reads() {
    let (_printer, _till, path) = line();
    let mut way = opened(&at(&path));
    assert_eq!(way.write(&[b'x'; 1_000]).unwrap(), 256);
    assert!(fill(&mut *way) > 256);
    assert_eq!(way.write(b"y").unwrap(), 0);
}

#[test]
fn a_printer_that_holds_back_gets_nothing_until_it_lets_go() {
    let (mut printer, till, path) = line();
    let mut way = opened(&serial(SerialPlace::Path(path), Flow::XonXoff));
    printer.write_all(b"\x13").unwrap();
    // The system takes a moment to hear it.
    let mut went = 0;
    while way.write(b".").unwrap() > 0 {
        went += 1;
    }
    assert!(
        went < 4_096,
        "{went} bytes went, as many as nobody needs to read"
    );
    printer.write_all(b"\x11").unwrap();
    assert!((0..40).any(|_try| way.write(b"!").unwrap() > 0));
    drop(till);
}

#[test]
fn what_is_abandoned_is_not_sent_and_closing_does_not_wait() {
    let (mut printer, _till, path) = line();
    let mut way = opened(&at(&path));
    let went = fill(&mut *way);
    way.abandon();
    drop(way);
    opened(&at(&path)).write(b"!").unwrap();
    // What the printer's end has taken in already is beyond recall.
    let (mut late, mut byte) = (0, [0]);
    while byte != *b"!" {
        printer.read_exact(&mut byte).unwrap();
        late += 1;
    }
    assert!(late < went, "{late} of {went}");
}

#[test]
fn an_unplugged_serial_printer_is_an_error_to_write_and_to_read() {
    let (printer, till, path) = line();
    let mut way = opened(&at(&path));
    drop((printer, till));
    until_gone(|| way.read(&mut [0; 8], LONG));
    until_gone(|| way.write(b"label"));
    way.abandon();
    let again = open(&at(&path)).unwrap_err();
    assert!(matches!(again, PortError::NotThere { .. }), "{again}");
}

#[test]
fn one_till_alone_has_a_port() {
    let (_printer, _till, path) = line();
    let first = opened(&at(&path));
    let second = open(&at(&path)).unwrap_err();
    assert!(matches!(second, PortError::InUse { .. }), "{second}");
    assert!(second.to_string().contains(path.to_str().unwrap()));
    drop(first);
    opened(&at(&path));
}

#[test]
fn answers_to_whoever_had_the_port_before_are_not_heard() {
    let (mut printer, till, path) = line();
    printer.write_all(b"\x37\x220001\0").unwrap();
    while till.bytes_to_read().unwrap() < 7 {}
    let mut way = opened(&at(&path));
    printer.write_all(b"\x12").unwrap();
    assert_eq!(heard(&mut *way, 1), b"\x12");
}

/// A list of the test's own, since no system lists terminal lines.
struct Listed(Vec<Found>);

impl Attached for Listed {
    fn list(&self) -> Vec<Found> {
        self.0.clone()
    }
}

fn plugged(path: &Path, serial: Option<&str>, location: &str) -> Found {
    Found {
        kind: Kind::Serial,
        path: path.into(),
        usb: Some(Usb {
            vendor: 0x1a86,
            product: 0x7523,
            serial: serial.map(Into::into),
            location: Some(location.into()),
            ..Usb::default()
        }),
    }
}

#[test]
fn a_printer_is_found_again_under_another_name() {
    let by_number = serial(SerialPlace::UsbSerial("A7".into()), Flow::None);
    let by_socket = serial(SerialPlace::UsbLocation("1-2.3".into()), Flow::None);
    let (printer, till, old) = line();
    let mut before = Listed(vec![plugged(&old, Some("A7"), "1-2.3")]);
    let way = open_among(&by_number, &before).unwrap();
    let (mut replugged, _till, new) = line();
    drop((printer, till, way));
    assert_ne!(old, new);
    before.0.clear();
    for port in [&by_number, &by_socket] {
        let nowhere = open_among(port, &before).unwrap_err();
        assert!(matches!(nowhere, PortError::NotThere { .. }), "{nowhere}");
    }
    let elsewhere = Listed(vec![plugged(&new, Some("A7"), "1-4")]);
    let same_socket = Listed(vec![plugged(&new, None, "1-2.3")]);
    for (port, list) in [(&by_number, &elsewhere), (&by_socket, &same_socket)] {
        let mut way = open_among(port, list).unwrap();
        way.write(b"here").unwrap();
        let mut got = [0; 4];
        replugged.read_exact(&mut got).unwrap();
        assert_eq!(&got, b"here");
    }
    assert!(open_among(&by_number, &same_socket).is_err());
    assert!(open_among(&by_socket, &elsewhere).is_err());
}

#[test]
fn a_mark_of_two_adapters_finds_neither() {
    let [one, two] = ["/dev/ttyUSB0", "/dev/ttyUSB1"].map(Path::new);
    let list = [
        plugged(one, Some("0001"), "1-1"),
        plugged(two, Some("0001"), "1-2"),
    ];
    let both = find(&SerialPlace::UsbSerial("0001".into()), &list).unwrap_err();
    assert!(matches!(both, PortError::Several { .. }), "{both}");
    let socket = SerialPlace::UsbLocation("1-2".into());
    assert_eq!(find(&socket, &list).unwrap(), two);
    let path = SerialPlace::Path("/dev/ttyS0".into());
    assert_eq!(find(&path, &list).unwrap(), Path::new("/dev/ttyS0"));
    // A printer's device file is no serial port, whatever its number.
    let printer = Found {
        kind: Kind::Printer,
        ..plugged(one, Some("0002"), "1-3")
    };
    assert!(find(&SerialPlace::UsbSerial("0002".into()), &[printer]).is_err());
}

fn network() -> (TcpListener, Port) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, Port::Tcp("127.0.0.1".into(), port))
}

fn accepted(listener: &TcpListener) -> TcpStream {
    let (printer, _till) = listener.accept().unwrap();
    printer.set_read_timeout(Some(LONG)).unwrap();
    printer
}

#[test]
fn a_network_printer_is_written_and_heard_until_it_closes() {
    let (listener, port) = network();
    let mut way = opened(&port);
    let mut printer = accepted(&listener);
    assert_eq!(way.write(b"label").unwrap(), 5);
    let mut got = [0; 5];
    printer.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"label");
    printer.write_all(b"\x12\x14").unwrap();
    assert_eq!(heard(&mut *way, 2), b"\x12\x14");
    assert_eq!(way.read(&mut [0; 8], Duration::ZERO).unwrap(), 0);
    drop(printer);
    until_gone(|| way.read(&mut [0; 8], LONG));
    until_gone(|| way.write(b"label"));
}

#[test]
fn a_network_printer_that_takes_nothing_ends_a_write_and_is_left_at_once() {
    let (listener, port) = network();
    let mut way = opened(&port);
    let mut printer = accepted(&listener);
    assert!(fill(&mut *way) > 4_096);
    way.abandon();
    until_gone(|| way.write(b"more"));
    until_gone(|| way.read(&mut [0; 8], LONG));
    let end = printer.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(end.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_network_printer_that_still_talks_gets_everything() {
    let (listener, port) = network();
    let mut way = opened(&port);
    let mut printer = accepted(&listener);
    let taken = fill(&mut *way);
    printer.write_all(&[0x12; 64]).unwrap();
    way.finish(LONG);
    drop(way);
    let mut got = Vec::new();
    printer.read_to_end(&mut got).unwrap();
    assert_eq!(got.len(), taken);
}

#[test]
fn a_network_printer_that_is_not_there_says_so() {
    let (listener, port) = network();
    drop(listener);
    let silent = open(&port).unwrap_err();
    assert!(matches!(silent, PortError::NoAnswer { .. }), "{silent}");
    assert!(silent.to_string().contains(&port.to_string()), "{silent}");
    assert_eq!(Port::Tcp("::1".into(), 9_100).to_string(), "[::1]:9100");
}

#[test]
fn a_network_printer_has_a_name() {
    let (listener, port) = network();
    let Port::Tcp(_, number) = port else { return };
    let mut way = opened(&Port::Tcp("localhost".into(), number));
    assert_eq!(way.write(b"label").unwrap(), 5);
    let mut got = [0; 5];
    accepted(&listener).read_exact(&mut got).unwrap();
    let nobody = open(&Port::Tcp("printer.invalid".into(), 9_100)).unwrap_err();
    assert!(matches!(nobody, PortError::NoAnswer { .. }), "{nobody}");
}

#[test]
fn a_device_file_is_written_and_read_until_it_is_pulled_out() {
    let (mut printer, till, path) = line();
    let mut way = opened(&Port::Device(path.clone()));
    assert_eq!(way.write(b"label").unwrap(), 5);
    let mut got = [0; 5];
    printer.read_exact(&mut got).unwrap();
    printer.write_all(b"\x12").unwrap();
    assert_eq!(heard(&mut *way, 1), b"\x12");
    fill(&mut *way);
    way.abandon();
    drop((printer, till));
    until_gone(|| way.write(b"label"));
    let missing = open(&Port::Device(path)).unwrap_err();
    assert!(matches!(missing, PortError::NotThere { .. }), "{missing}");
}

#[test]
fn a_device_that_has_nothing_to_say_ends_a_read() {
    // A device that gives its end at once, as some printers do.
    let mut way = opened(&Port::Device("/dev/null".into()));
    assert_eq!(way.read(&mut [0; 8], SHORT).unwrap(), 0);
    assert_eq!(way.write(b"label").unwrap(), 5);
    // One that is out of paper.
    let mut way = opened(&Port::Device("/dev/full".into()));
    assert_eq!(way.write(b"label").unwrap(), 0);
}

#[test]
fn every_job_is_appended_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jobs");
    for job in ["first", "second"] {
        let mut way = opened(&Port::File(path.clone()));
        assert_eq!(way.write(job.as_bytes()).unwrap(), job.len());
        assert_eq!(way.read(&mut [0; 8], LONG).unwrap(), 0);
        way.abandon();
    }
    assert_eq!(std::fs::read(&path).unwrap(), b"firstsecond");
    let missing = open(&Port::File(folder.path().join("no").join("jobs"))).unwrap_err();
    assert!(matches!(missing, PortError::NoFolder { .. }), "{missing}");
    assert!(matches!(open(&Port::None).unwrap_err(), PortError::None));
}

#[test]
fn a_refusal_has_its_place_and_its_remedy() {
    let errno = |number: rustix::io::Errno| io::Error::from(number);
    for (source, remedy) in [
        (errno(rustix::io::Errno::NOENT), "plug it in"),
        (errno(rustix::io::Errno::NODEV), "plug it in"),
        (errno(rustix::io::Errno::NXIO), "plug it in"),
        (errno(rustix::io::Errno::ACCESS), "to the group dialout"),
        (errno(rustix::io::Errno::BUSY), "end that program"),
        (
            errno(rustix::io::Errno::INVAL),
            "check the printer's settings",
        ),
    ] {
        let error = PortError::of_device(&"/dev/ttyUSB7", "dialout", source);
        let sentence = error.to_string();
        assert!(sentence.contains("/dev/ttyUSB7"), "{sentence}");
        assert!(sentence.contains(remedy), "{sentence}");
    }
    // What is no terminal line has no bits per second.
    let wrong = open(&at(Path::new("/dev/null"))).unwrap_err();
    assert!(matches!(wrong, PortError::Other { .. }), "{wrong}");
}

#[test]
fn printers_and_radio_lines_are_listed_with_what_they_say() {
    let root = tempfile::tempdir().unwrap();
    let device = root.path().join("usb1/1-2");
    let interface = device.join("1-2:1.0");
    for folder in ["dev/usb", "sys/lp0"] {
        std::fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    std::fs::create_dir_all(&interface).unwrap();
    std::os::unix::fs::symlink(&interface, root.path().join("sys/lp0/device")).unwrap();
    for (file, text) in [
        ("idVendor", "04b8\n"),
        ("idProduct", "0e15\n"),
        ("serial", "X3\n"),
        ("busnum", "1\n"),
        ("devpath", "2\n"),
        ("manufacturer", "EPSON\u{1b}\n"),
        ("product", "\n"),
    ] {
        std::fs::write(device.join(file), text).unwrap();
    }
    for file in [
        "usb/lp0",
        "usb/lp1",
        "usb/lpx",
        "usb/hiddev0",
        "rfcomm0",
        "tty",
    ] {
        std::fs::write(root.path().join("dev").join(file), "").unwrap();
    }
    let mut list = System::under(root.path()).device_files();
    list.sort_by(|a, b| a.path.cmp(&b.path));
    let says = Usb {
        vendor: 0x04b8,
        product: 0x0e15,
        serial: Some("X3".into()),
        location: Some("1-2".into()),
        maker: Some("EPSON".into()),
        name: None,
    };
    let found = |kind, file: &str, usb| Found {
        kind,
        path: root.path().join("dev").join(file),
        usb,
    };
    assert_eq!(
        list,
        [
            found(Kind::Bluetooth, "rfcomm0", None),
            found(Kind::Printer, "usb/lp0", Some(says)),
            found(Kind::Printer, "usb/lp1", None),
        ]
    );
    assert!(System::default().list().len() <= FOUND_MAX);
}

#[test]
fn a_devices_own_word_is_a_short_line() {
    assert_eq!(tidy("  A7\u{7}\n".into()).as_deref(), Some("A7"));
    assert_eq!(tidy(" \u{0}".into()), None);
    for (long, kept) in [(126, 126), (127, 126), (9_999, 126)] {
        assert_eq!(tidy("é".repeat(long)).unwrap().chars().count(), kept);
    }
}

#[test]
fn what_a_port_took_still_goes_out_when_it_is_let_go() {
    let (mut printer, _till, path) = line();
    let (listener, network) = network();
    for port in [at(&path), network] {
        let (told, heard) = std::sync::mpsc::sync_channel(8);
        let worker = Worker::start("test", port.clone(), move |told_now| {
            drop(told.send(told_now.happened));
        })
        .unwrap();
        assert!(worker.order(Deed::Open(1)));
        assert_eq!(heard.recv().unwrap(), Happened::Opened);
        // As much as it takes: nobody reads yet.
        let mut taken = 0;
        for _ in 0..100 {
            assert!(worker.order(Deed::Write(vec![b'a'; 256])));
            let Happened::Took(count) = heard.recv().unwrap() else {
                panic!("the port was lost");
            };
            if count == 0 {
                break;
            }
            taken += count;
        }
        // The program ends here.
        drop(worker);
        let mut got = vec![0; taken];
        match port {
            Port::Tcp(..) => accepted(&listener).read_exact(&mut got).unwrap(),
            Port::Serial(_) | Port::Device(_) | Port::File(_) | Port::None => {
                printer.read_exact(&mut got).unwrap();
            }
        }
        assert_eq!(got, vec![b'a'; taken], "{port}");
    }
}
