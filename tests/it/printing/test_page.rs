//! The test page on paper, the answers to it by command, and the line that tells printers apart.

use serialport::{SerialPort as _, TTYPort};

use super::LABEL;
use super::paper::{codes, says};
use super::stall::{Stall, on_line, on_pty};
use crate::support::printer::{Event, PtyPrinter, Traits};

/// What a test page's codes say, from top to bottom.
const CODES: [&str; 7] = ["native", "raster", "3", "4", "5", "6", "8"];

/// The first stored code of a sheet, and the first picture of one.
fn is_native(bytes: &[u8]) -> bool {
    let has = |part: &[u8]| bytes.windows(part.len()).any(|it| it == part);
    assert!(has(b"\x1d(k") != has(b"\x1dv0"), "one code, drawn by one");
    has(b"\x1d(k")
}

#[test]
fn every_code_of_the_page_is_read_from_paper_and_the_drawer_opens_by_request_only() {
    let printer = PtyPrinter::start(Traits::default());
    // The renderer knows the code pages of this one.
    let section = on_pty("counter", &printer, "drawer = true");
    let stall = Stall::open(&[section.replace("epson-tm-t20", "generic-80")]);
    stall.ok(&["printer", "test", "counter"]);
    let (sheets, events) =
        printer.look(|printer| (printer.sheets().to_vec(), printer.events().to_vec()));
    assert_eq!((sheets.len(), events.len()), (1, 0), "{events:?}");
    let wanted = CODES.map(|what| format!("https://example.com/tillcode/test/{what}"));
    let mut read = codes(&sheets[0]);
    read.sort();
    let mut sorted = wanted.to_vec();
    sorted.sort();
    assert_eq!(read, sorted);
    // What the printer draws it is told as text.
    assert!(says(&sheets[0], "test/native") && !says(&sheets[0], "test/raster"));
    for columns in ["32 ABC", "42 ABC", "48 ABC", "64 ABC"] {
        assert!(says(&sheets[0], columns), "{columns}");
    }
    let said = stall.run(&["printer", "test", "--drawer"]).err;
    assert!(said.contains("tillcode printer tune counter"), "{said}");
    let events = printer.look(|printer| printer.events().to_vec());
    assert_eq!(events, [Event::Drawer(0)]);
}

#[test]
fn answers_by_command_change_the_next_stickers_until_they_are_forgotten() {
    let printer = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    let print = || {
        stall.ok(&LABEL);
        let sheets = printer.look(|printer| printer.sheets().to_vec());
        let sheet = sheets.last().unwrap();
        assert_eq!(codes(sheet), [stall.url()]);
        is_native(&sheet.bytes())
    };
    let tune = |more: &[&str]| stall.ok(&[&["printer", "tune", "counter"], more].concat());
    assert!(print());
    let said = tune(&["--code", "raster", "--columns", "42"]);
    assert_eq!(
        said,
        "counter: columns 42, codes raster (by its test page)\n"
    );
    assert!(!print());
    let said = tune(&["--least-module", "5", "--cutter", "yes", "--letters", "16"]);
    let all = "columns 42, codes raster, least module 5, letters 16, cutter yes (by its test page)";
    assert_eq!(said, format!("counter: {all}\n"));
    for list in ["list", "status"] {
        assert!(stall.ok(&["printer", list]).contains(all), "{list}");
    }
    assert!(!print());
    let refused = stall.fails(&["printer", "tune", "counter", "--letters", "99"]);
    assert!(refused.contains("tillcode printer test"), "{refused}");
    tune(&["--forget"]);
    assert!(print());
}

#[test]
fn a_port_prints_its_name_unless_a_printer_of_the_configuration_is_there() {
    let printer = PtyPrinter::start(Traits::default());
    let other = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    let path = printer.path().unwrap().display().to_string();
    let refused = stall.fails(&["printer", "find", &path]);
    assert!(refused.contains("\"counter\""), "{refused}");
    let path = other.path().unwrap().display().to_string();
    let said = stall.ok(&["printer", "find", &path, "--baud", "115200"]);
    assert_eq!(said, format!("{path}: a line with its name was sent\n"));
    let wanted = format!("\x1b@{path}\n\x1bd\x03");
    // The port took it all; a printer takes its time.
    other.wait(|printer| printer.strip().bytes().len() >= wanted.len());
    let strip = other.look(|printer| printer.strip().bytes());
    assert_eq!(strip, wanted.as_bytes());
    // A link to the same port is the same port.
    let (_printer, till) = TTYPort::pair().unwrap();
    let link = tempfile::tempdir().unwrap();
    let link = link.path().join("receipts");
    std::os::unix::fs::symlink(till.name().unwrap(), &link).unwrap();
    stall.configure(&[on_line("linked", &link, "")]);
    let refused = stall.fails(&["printer", "find", &till.name().unwrap()]);
    assert!(refused.contains("\"linked\""), "{refused}");
}

#[test]
fn a_printer_that_is_chosen_by_command_prints_at_once_and_goes_before_the_configuration() {
    let printer = PtyPrinter::start(Traits::default());
    let other = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    let path = other.path().unwrap().display().to_string();
    let count = |printer: &PtyPrinter| printer.look(|printer| printer.sheets().len());
    assert!(stall.ok(&["printer", "kinds"]).contains("epson-tm-t88"));
    let refused = stall.fails(&["printer", "choose", "counter", "--kind", "typewriter"]);
    assert!(refused.contains("printer kinds"), "{refused}");
    let chosen = ["--port", &path, "--kind", "epson-tm-t88"];
    stall.ok(&[&["printer", "choose", "counter"], &chosen[..]].concat());
    stall.ok(&LABEL);
    assert_eq!((count(&printer), count(&other)), (0, 1));
    let listed = stall.ok(&["printer", "list"]);
    assert!(
        listed.contains("Epson TM-T88; chosen at the till"),
        "{listed}"
    );
    stall.ok(&["printer", "choose", "counter", "--forget"]);
    stall.ok(&LABEL);
    assert_eq!((count(&printer), count(&other)), (1, 1));
    // One more beside it.
    let more = [&["printer", "choose"], &chosen[..], &["--use", "receipt"]];
    stall.ok(&more.concat());
    assert_eq!(stall.json(&["printer", "status"])[1]["name"], "printer");
}
