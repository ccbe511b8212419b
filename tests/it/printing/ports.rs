//! How printers are, in words; and ports that hang.

use serialport::{SerialPort as _, TTYPort};
use tillcode::terminal::query::PrintState;

use super::stall::{Stall, on_line, on_network, on_pty};
use super::{LABEL, SKU};
use crate::support::printer::{Fault, Flow, PtyPrinter, Talk, TcpPrinter, Traits};

const STATUS: [&str; 2] = ["printer", "status"];
const NO_WAIT: [&str; 5] = ["label", "print", "--sku", SKU, "--no-wait"];

#[test]
fn the_status_says_how_a_printer_is_and_fails_unless_it_could_print() {
    let printer = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    let ready = stall.ok(&STATUS);
    assert!(
        ready.starts_with("counter ") && ready.ends_with(" ready\n"),
        "{ready}"
    );
    assert_eq!(stall.json(&STATUS)[0]["state"], "ready");
    printer.fault(Fault::NearEnd(true));
    assert!(stall.ok(&STATUS).ends_with(" ready, paper low\n"));
    printer.fault(Fault::NearEnd(false));
    for (fault, end, words) in [
        (Fault::Cover(true), Fault::Cover(false), "cover open"),
        (Fault::PaperOut, Fault::PaperIn, "paper out"),
        (
            Fault::Overheated(true),
            Fault::Overheated(false),
            "overheated",
        ),
    ] {
        printer.fault(fault);
        let said = stall.fails(&STATUS);
        assert_eq!(
            said,
            format!("not every printer can print: counter ({words})")
        );
        printer.fault(end);
    }
    stall.ok(&STATUS);
    printer.fault(Fault::Unplug);
    let said = stall.fails(&STATUS);
    for part in [
        "counter (not there: there is no printer at /dev/",
        "plug it in",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn the_status_of_a_network_printer_is_known_although_nothing_is_to_be_printed() {
    let printer = TcpPrinter::start(Traits::default());
    let stall = Stall::open(&[on_network("counter", &printer, "")]);
    assert!(stall.ok(&STATUS).ends_with(" ready\n"));
    printer.fault(Fault::Cover(true));
    assert!(stall.fails(&STATUS).contains("counter (cover open)"));
    printer.fault(Fault::Unplug);
    let said = stall.fails(&STATUS);
    assert!(said.contains("no printer answers at 127.0.0.1"), "{said}");
}

#[test]
fn a_printer_that_says_nothing_is_silent_unless_it_never_does() {
    let printer = PtyPrinter::start(Traits {
        talk: Talk::Silent,
        ..Traits::default()
    });
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    assert!(stall.fails(&STATUS).ends_with("counter (silent)"));
    let mut call = stall.start(&LABEL);
    call.until_said("counter: silent\n");
    call.terminate();
    // The same for somebody who knows that.
    let knows = "answers = false\nconfirms = \"nothing\"";
    stall.configure(&[on_pty("counter", &printer, knows)]);
    assert!(stall.ok(&STATUS).ends_with(" ready\n"));
    stall.ok(&["printer", "test"]);
    printer.wait(|printer| printer.sheets().len() == 2);
    let states: Vec<PrintState> = stall.prints().iter().map(|print| print.state).collect();
    assert_eq!(states, [PrintState::Sent, PrintState::Sent]);
}

/// Whatever is asked, the program answers and ends, and what it was to print is kept.
fn check_ends(stall: &Stall, words: &str) {
    stall.fails(&STATUS);
    stall.ok(&NO_WAIT);
    let mut call = stall.start(&LABEL);
    call.until_said(words);
    let ran = call.terminate();
    assert_eq!((ran.code, ran.out.as_str()), (None, ""), "{ran:?}");
    let queue = stall.json(&["printer", "queue"]);
    let states: Vec<&str> = queue
        .as_array()
        .unwrap()
        .iter()
        .map(|print| print["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["waiting", "waiting"]);
}

#[test]
fn a_port_that_nobody_reads_holds_nobody_up() {
    let (_nobody, till) = TTYPort::pair().unwrap();
    let path = till.name().unwrap();
    let stall = Stall::open(&[on_line("counter", path.as_ref(), "")]);
    check_ends(&stall, "counter: silent\n");
}

#[test]
fn a_printer_that_takes_no_bytes_holds_nobody_up() {
    let printer = PtyPrinter::start_short(Traits {
        flow: Flow::Lines,
        buffer: 45,
        ..Traits::default()
    });
    printer.fault(Fault::Hang(true));
    let stall = Stall::open(&[on_pty("counter", &printer, "flow = \"xonxoff\"")]);
    check_ends(&stall, "counter: blocked\n");
    // Switched off and on it prints both.
    printer.fault(Fault::Hang(false));
    stall.print_label();
    let states: Vec<PrintState> = stall.prints().iter().map(|print| print.state).collect();
    assert_eq!(states, [PrintState::Printed; 3]);
}
