//! The virtual printer is like a real one: what it does with bytes, with time and with faults.

mod faults;
mod shells;

use crate::support::printer::{Event, Flow, Talk, Traits, VirtualPrinter};

/// The start of the label that is printed here: set up, a title, a price.
const TEXT: &[u8] = b"\x1b@\x1ba\x01\x1d!\x11Cafe Rosa\n\x1d!\x00EUR 24.50\n";
/// A code of 21 bytes, then a line, then the cut.
const CODE: &[u8] =
    b"\x1d(k\x18\x001P0https://pay.example/x\x1d(k\x03\x001Q0Ref A7K2QX\n\x1dVB\x00";

/// The whole of it.
fn label() -> Vec<u8> {
    [TEXT, CODE].concat()
}

/// Asks to be told when all before it has come out.
fn ask(id: [u8; 4]) -> Vec<u8> {
    [b"\x1d(H\x06\x0000".as_slice(), &id].concat()
}

/// The answer to it.
fn done(id: [u8; 4]) -> Vec<u8> {
    [b"\x37\x22".as_slice(), &id, b"\0"].concat()
}

/// Sends all at once.
fn send(printer: &mut VirtualPrinter, bytes: &[u8], now_us: u64) {
    for byte in bytes {
        printer.receive(*byte, now_us);
    }
}

/// Sends at 9600 baud, as far as the printer lets it; gives the time then.
fn send_paced(printer: &mut VirtualPrinter, bytes: &[u8], now_us: u64) -> u64 {
    let mut now = now_us;
    for byte in bytes {
        while printer.is_busy() {
            now += 1_000;
            printer.tick(now);
        }
        printer.receive(*byte, now);
        now += 1_042;
    }
    now
}

/// What a printer says to a question.
fn asked(printer: &mut VirtualPrinter, question: &[u8], now_us: u64) -> Vec<u8> {
    printer.answers();
    send(printer, question, now_us);
    printer.finish(now_us);
    printer.answers()
}

/// A picture of this many rows of 48 bytes.
fn picture(rows: u16) -> Vec<u8> {
    let [low, high] = rows.to_le_bytes();
    let mut bytes = vec![0x1d, b'v', b'0', 0, 48, 0, low, high];
    bytes.extend((0..usize::from(rows) * 48).map(|n| (n % 7) as u8 | 0x80));
    bytes
}

#[test]
fn a_label_is_one_whole_sheet_and_is_confirmed_once_it_has_come_out() {
    let mut printer = VirtualPrinter::new(Traits::default());
    send(&mut printer, &[label(), ask(*b"0001")].concat(), 0);
    assert!(printer.answers().is_empty(), "the motor still runs");
    let end = printer.finish(0);
    // Three lines and a code at 150 mm/s, and the knife.
    assert_eq!(end, (3 * 25_000) + 166_666 + 150_000);
    assert_eq!(printer.answers(), done(*b"0001"));
    let [sheet] = printer.sheets() else {
        panic!("{:?}", printer.sheets())
    };
    assert!(sheet.whole() && sheet.cut && sheet.new_rolls == 0);
    assert_eq!(sheet.bytes(), label());
    assert_eq!(printer.copies(&label()), 1);
    assert!(printer.strip().commands.is_empty());
    send(&mut printer, &label(), end);
    printer.finish(end);
    assert_eq!(printer.copies(&label()), 2);
    assert_eq!(printer.copies(&[TEXT, b"\x1dVB\x00"].concat()), 0);
    assert_eq!(printer.copies(b""), 0);
}

#[test]
fn real_time_commands_act_on_receipt_and_are_no_print_data() {
    let mut printer = VirtualPrinter::new(Traits::default());
    let plain = label();
    let mut bytes = plain.clone();
    bytes.splice(TEXT.len()..TEXT.len(), *b"\x10\x04\x01\x10\x14\x01\x01\x02");
    send(&mut printer, &bytes, 0);
    assert_eq!(printer.answers(), b"\x12");
    assert_eq!(printer.events(), [Event::Drawer(1)]);
    printer.finish(0);
    assert_eq!(printer.sheets()[0].bytes(), plain);
    assert!(printer.sheets()[0].whole());
}

#[test]
fn a_real_time_command_within_a_picture_acts_and_stays_in_the_picture() {
    let mut printer = VirtualPrinter::new(Traits::default());
    let mut bytes = [b"\x1b@".as_slice(), &picture(4), b"\x1dV\x01"].concat();
    bytes.splice(20..23, *b"\x10\x04\x04");
    send_paced(&mut printer, &bytes, 0);
    assert_eq!(printer.answers(), b"\x12");
    printer.finish(1_000_000);
    assert_eq!(printer.sheets()[0].bytes(), bytes);
}

#[test]
fn a_picture_larger_than_the_buffer_comes_out_in_rows() {
    for buffer in [4_096, 45] {
        let mut printer = VirtualPrinter::new(Traits {
            buffer,
            ..Traits::default()
        });
        let bytes = [b"\x1b@".as_slice(), &picture(200), b"\x1dV\x00"].concat();
        let now = send_paced(&mut printer, &bytes, 0);
        printer.finish(now);
        assert_eq!((printer.copies(&bytes), printer.lost()), (1, 0));
        assert!(printer.sheets()[0].whole());
    }
}

#[test]
fn a_buffer_that_is_nearly_full_holds_and_lets_go() {
    for (buffer, low, high) in [(4_096, 128, 256), (45, 16, 26)] {
        let mut printer = VirtualPrinter::new(Traits {
            buffer,
            flow: Flow::XonXoff,
            ..Traits::default()
        });
        // A line that keeps the motor running, so that nothing more is taken.
        send(&mut printer, b"\x1bd\xff", 0);
        send(&mut printer, &vec![b'\n'; buffer - low - 1], 0);
        assert!(!printer.is_busy() && printer.answers().is_empty());
        send(&mut printer, b"\n", 0);
        assert!(printer.is_busy());
        assert_eq!(printer.answers(), b"\x13");
        send(&mut printer, &vec![b'\n'; low], 0);
        assert_eq!(printer.lost(), 0);
        send(&mut printer, b"\n", 0);
        assert_eq!(printer.lost(), 1, "what comes to a full buffer is gone");
        // A line takes 25 ms.
        let start = 255 * 25_000;
        printer.tick(start + (high as u64 - 2) * 25_000);
        assert!(printer.is_busy() && printer.answers().is_empty());
        printer.tick(start + (high as u64 - 1) * 25_000);
        assert!(!printer.is_busy());
        assert_eq!(printer.answers(), b"\x11");
    }
}

#[test]
fn an_unfinished_command_eats_the_next_job_unless_nuls_come_first() {
    let begun = &label()[..TEXT.len() + 20];
    let mut printer = VirtualPrinter::new(Traits::default());
    send(&mut printer, &[begun, &label()].concat(), 0);
    let now = printer.finish(0);
    assert_eq!(printer.copies(&label()), 0, "its beginning was eaten");
    assert!(!printer.sheets()[0].whole());
    send(&mut printer, &label(), now);
    let now = printer.finish(now);
    assert!(printer.sheets()[1].whole());
    send(&mut printer, &[begun, &[0; 24], &label()].concat(), now);
    printer.finish(now);
    assert_eq!(printer.copies(&label()), 2);
    assert!(!printer.sheets()[2].whole(), "half a label is above it");
}

#[test]
fn a_printer_without_codes_prints_their_commands() {
    let mut printer = VirtualPrinter::new(Traits {
        codes: false,
        process_ids: false,
        ..Traits::default()
    });
    send(&mut printer, b"\x1b@\x1d(k\x04\x001A2\x00\n\x1dV\x00", 0);
    printer.finish(0);
    assert_eq!(printer.sheets()[0].bytes(), b"\x1b@k1A2\n\x1dV\x00");
    assert!(asked(&mut printer, &ask(*b"0001"), 1_000_000).is_empty());
    assert_eq!(asked(&mut printer, b"\n\x10\x04\x01", 2_000_000), b"\x12");
}

#[test]
fn printers_answer_all_or_always_the_same_or_nothing() {
    let questions: [(&[u8], &[u8]); 7] = [
        (b"\x10\x04\x02", b"\x12"),
        (b"\x1dr\x01", b"\0"),
        (b"\x1dr1", b"\0"),
        (b"\x1dI\x42", b"_EPSON\0"),
        (b"\x1dI\x43", b"_VPRN-1\0"),
        (b"\x1da\xff", b"\x10\0\0\x0f"),
        (b"\x1d(H\x06\x00000001", b"\x37\x220001\0"),
    ];
    for talk in [Talk::Full, Talk::Constant, Talk::Silent] {
        let mut printer = VirtualPrinter::new(Traits {
            talk,
            ..Traits::default()
        });
        for (question, answer) in questions {
            let expected: &[u8] = match talk {
                Talk::Constant if question.starts_with(b"\x10\x04") => b"\x12",
                Talk::Full => answer,
                _ => b"",
            };
            assert_eq!(asked(&mut printer, question, 0), expected, "{talk:?}");
        }
    }
}

#[test]
fn a_printer_without_a_knife_is_torn_off() {
    let mut printer = VirtualPrinter::new(Traits {
        cutter: false,
        ..Traits::default()
    });
    send(&mut printer, &label(), 0);
    printer.finish(0);
    assert!(printer.sheets().is_empty());
    assert_eq!(printer.copies(&label()), 1);
    printer.tear();
    assert_eq!(printer.copies(&label()), 1);
    let [sheet] = printer.sheets() else {
        panic!("{:?}", printer.sheets())
    };
    assert!(!sheet.cut && !sheet.whole());
}

#[test]
fn drawers_and_sounds_are_events_and_leave_no_print() {
    let mut printer = VirtualPrinter::new(Traits::default());
    let all =
        b"\x1b@\x1bp\x00\x19\xfa\x1bp1\x19\xfa\x1bB\x02\x02\x1b(A\x02\x00\x30\x01A\n\x1dV\x00";
    send(&mut printer, all, 0);
    printer.finish(0);
    assert_eq!(
        printer.events(),
        [
            Event::Drawer(0),
            Event::Drawer(1),
            Event::Buzzer,
            Event::Buzzer
        ]
    );
    assert_eq!(printer.sheets()[0].bytes(), b"\x1b@A\n\x1dV\x00");
}

#[test]
fn a_cut_within_a_line_and_a_code_without_its_text_do_nothing() {
    let mut printer = VirtualPrinter::new(Traits::default());
    send(&mut printer, b"\x1b@A\x1dV\x00", 0);
    printer.finish(0);
    assert!(printer.sheets().is_empty());
    let mut printer = VirtualPrinter::new(Traits::default());
    send(&mut printer, b"\x1b@\x1d(k\x03\x001Q0\x1dV\x00", 0);
    printer.finish(0);
    assert!(!printer.sheets()[0].whole(), "there is nothing on it");
}
