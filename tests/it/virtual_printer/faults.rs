//! Faults, one by one and at every byte.

use super::{TEXT, ask, asked, done, label, picture, send, send_paced};
use crate::support::printer::{Event, Fault, Sheet, Traits, VirtualPrinter};

/// A second, in microseconds.
const SECOND: u64 = 1_000_000;

/// A printer that printed nothing yet.
fn fresh() -> VirtualPrinter {
    VirtualPrinter::new(Traits::default())
}

/// The four answers to `DLE EOT`.
fn status(printer: &mut VirtualPrinter, now_us: u64) -> [u8; 4] {
    [1, 2, 3, 4].map(|n| asked(printer, &[0x10, 0x04, n], now_us)[0])
}

/// A job with its number at its end.
fn job(id: [u8; 4]) -> Vec<u8> {
    [label(), ask(id)].concat()
}

#[test]
fn each_trouble_has_its_bits() {
    for (fault, real_time, automatic) in [
        (Fault::NearEnd(false), [0x12; 4], [0x10, 0, 0, 0x0f]),
        (
            Fault::NearEnd(true),
            [0x12, 0x12, 0x12, 0x1e],
            [0x10, 0, 3, 0x0f],
        ),
        (
            Fault::PaperOut,
            [0x1a, 0x32, 0x12, 0x7e],
            [0x18, 0, 0x0f, 0x0f],
        ),
        (
            Fault::Cover(true),
            [0x1a, 0x16, 0x12, 0x12],
            [0x38, 0, 0, 0x0f],
        ),
        (
            Fault::CutterJam(true),
            [0x1a, 0x52, 0x1a, 0x12],
            [0x18, 8, 0, 0x0f],
        ),
        (
            Fault::Overheated(true),
            [0x1a, 0x52, 0x52, 0x12],
            [0x18, 0x40, 0, 0x0f],
        ),
    ] {
        let mut printer = fresh();
        send(&mut printer, b"\x1da\xff", 0);
        printer.answers();
        printer.fault(fault, 0);
        let told = printer.answers();
        let changed = automatic != [0x10, 0, 0, 0x0f];
        assert_eq!(told, &automatic[..if changed { 4 } else { 0 }], "{fault:?}");
        assert_eq!(status(&mut printer, 0), real_time, "{fault:?}");
    }
}

#[test]
fn the_transcript_of_a_day_with_faults() {
    let mut printer = fresh();
    assert_eq!(status(&mut printer, 0), [0x12; 4]);
    assert_eq!(asked(&mut printer, b"\x1dI\x43", 0), b"_VPRN-1\0");
    assert_eq!(asked(&mut printer, &job(*b"0001"), 0), done(*b"0001"));
    // The second job waits for the cover.
    printer.fault(Fault::Cover(true), SECOND);
    assert!(asked(&mut printer, &job(*b"0002"), SECOND).is_empty());
    printer.fault(Fault::Cover(false), 2 * SECOND);
    printer.finish(2 * SECOND);
    assert_eq!(printer.answers(), done(*b"0002"));
    // The third one for paper; it comes out on two rolls.
    printer.fault(Fault::PaperOutAfter(1), 3 * SECOND);
    assert!(asked(&mut printer, &job(*b"0003"), 3 * SECOND).is_empty());
    assert_eq!(printer.sheets().len(), 2);
    assert_eq!(status(&mut printer, 3 * SECOND), [0x1a, 0x32, 0x12, 0x7e]);
    printer.answers();
    printer.fault(Fault::PaperIn, 4 * SECOND);
    printer.finish(4 * SECOND);
    assert_eq!(printer.answers(), done(*b"0003"));
    assert_eq!(printer.sheets()[2].new_rolls, 1);
    // Every change is told.
    assert_eq!(
        asked(&mut printer, b"\x1da\xff", 5 * SECOND),
        b"\x10\0\0\x0f"
    );
    printer.fault(Fault::Cover(true), 5 * SECOND);
    printer.fault(Fault::Cover(true), 5 * SECOND);
    assert_eq!(printer.answers(), b"\x38\0\0\x0f");
    printer.fault(Fault::Cover(false), 5 * SECOND);
    assert_eq!(printer.answers(), b"\x10\0\0\x0f");
    // The fourth one is gone with the power, and so is the wish to be told.
    printer.fault(Fault::PaperOutAfter(2), 6 * SECOND);
    send(&mut printer, &job(*b"0004"), 6 * SECOND);
    printer.finish(6 * SECOND);
    printer.fault(Fault::PowerCycle, 7 * SECOND);
    printer.answers();
    printer.fault(Fault::PaperIn, 7 * SECOND);
    printer.finish(7 * SECOND);
    assert!(printer.answers().is_empty());
    assert_eq!(printer.sheets().len(), 3);
    // The fifth one comes out below what hung out.
    assert_eq!(
        asked(&mut printer, &job(*b"0005"), 8 * SECOND),
        done(*b"0005")
    );
    let whole: Vec<bool> = printer.sheets().iter().map(Sheet::whole).collect();
    assert_eq!(whole, [true, true, true, false]);
    assert_eq!(printer.copies(&label()), 4);
}

#[test]
fn a_jammed_knife_waits_for_a_hand_and_a_word() {
    for (word, comes_out) in [(b"\x10\x05\x01", true), (b"\x10\x05\x02", false)] {
        let mut printer = fresh();
        printer.fault(Fault::CutterJam(true), 0);
        send(&mut printer, &job(*b"0001"), 0);
        send(&mut printer, word, 0);
        assert_eq!(printer.finish(0), 0, "it is still stuck");
        printer.fault(Fault::CutterJam(false), SECOND);
        printer.finish(SECOND);
        assert!(printer.sheets().is_empty(), "nobody said that it is free");
        assert_eq!(!asked(&mut printer, word, SECOND).is_empty(), comes_out);
        assert_eq!(printer.copies(&label()), usize::from(comes_out));
        assert_eq!(status(&mut printer, 2 * SECOND), [0x12; 4]);
    }
}

#[test]
fn a_job_that_is_called_off_says_so_and_does_not_come_out() {
    let mut printer = fresh();
    printer.fault(Fault::PaperOut, 0);
    send(&mut printer, &job(*b"0001"), 0);
    let clear = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08";
    assert_eq!(asked(&mut printer, clear, 0), b"\x37\x25\0");
    printer.fault(Fault::PaperIn, SECOND);
    printer.finish(SECOND);
    assert!(printer.answers().is_empty());
    assert_eq!(printer.copies(&label()), 0);
    assert_eq!(asked(&mut printer, &job(*b"0002"), SECOND), done(*b"0002"));
    assert!(printer.sheets()[0].whole());
}

#[test]
fn a_hung_printer_says_and_does_nothing_and_then_goes_on() {
    let mut printer = fresh();
    printer.fault(Fault::Hang(true), 0);
    assert!(asked(&mut printer, b"\x10\x04\x01", 0).is_empty());
    send(&mut printer, b"\x10\x14\x01\x00\x01", 0);
    assert!(asked(&mut printer, &job(*b"0001"), 0).is_empty());
    send(&mut printer, &vec![b' '; 4_096], 0);
    assert!(printer.lost() > 0, "its buffer still fills");
    printer.fault(Fault::Hang(false), SECOND);
    printer.finish(SECOND);
    assert_eq!(printer.answers(), done(*b"0001"));
    assert_ne!(printer.events(), [Event::Drawer(0)]);
}

#[test]
fn nothing_passes_a_pulled_cable() {
    let mut printer = fresh();
    send(&mut printer, &job(*b"0001"), 0);
    printer.fault(Fault::Unplug, 0);
    assert!(!printer.is_plugged());
    send(&mut printer, &job(*b"0002"), 0);
    let now = printer.finish(0);
    assert!(printer.answers().is_empty());
    printer.fault(Fault::Plug, now);
    assert!(printer.is_plugged());
    assert_eq!(asked(&mut printer, b"\x10\x04\x01", now), b"\x12");
    assert_eq!(printer.copies(&label()), 1, "what had arrived came out");
}

#[test]
fn noise_is_heard_and_lost_or_changed_bytes_make_no_whole_label() {
    let mut printer = fresh();
    printer.fault(Fault::Garbage(9), 0);
    let noise = printer.answers();
    assert_eq!(noise.len(), 9);
    assert!(noise.windows(2).any(|two| two[0] != two[1]));
    for fault in [Fault::DropEvery(7), Fault::Garble(1), Fault::Garble(40)] {
        let mut printer = fresh();
        send(&mut printer, TEXT, 0);
        printer.fault(fault, 0);
        send(&mut printer, &label()[TEXT.len()..], 0);
        send(&mut printer, b"\n\x1dV\x00", 0);
        printer.finish(0);
        assert_eq!(printer.copies(&label()), 0, "{fault:?}");
        assert!(printer.sheets().iter().all(|sheet| !sheet.whole()));
    }
    // 13 of 99 bytes, at both sides of the seventh.
    let mut printer = fresh();
    printer.fault(Fault::DropEvery(7), 0);
    for (count, lost) in [(6, 0), (1, 1), (6, 1), (1, 2)] {
        send(&mut printer, &vec![0; count], 0);
        assert_eq!(printer.lost(), lost);
    }
    printer.fault(Fault::DropEvery(0), 0);
    send(&mut printer, &[0; 50], 0);
    assert_eq!(printer.lost(), 2);
}

#[test]
fn at_every_byte_a_fault_leaves_at_most_one_label_and_confirms_none_that_is_not_there() {
    let faults = [
        (Fault::Unplug, Fault::Plug),
        (Fault::PowerCycle, Fault::NearEnd(false)),
        (Fault::PaperOut, Fault::PaperIn),
        (Fault::PaperOutAfter(1), Fault::PaperIn),
        (Fault::Cover(true), Fault::Cover(false)),
        (Fault::Overheated(true), Fault::Overheated(false)),
        (Fault::Hang(true), Fault::Hang(false)),
        (Fault::Garble(1), Fault::Garble(0)),
        (Fault::DropEvery(5), Fault::DropEvery(0)),
    ];
    let native = label();
    let drawn = [TEXT, &picture(20), b"Ref\n\x1dVB\x00"].concat();
    for label in [native, drawn] {
        let job = [label.clone(), ask(*b"0001")].concat();
        // Pictures are alike from row to row: some offsets in them do.
        let offsets = (0..=job.len()).filter(|k| *k < 200 || k % 31 == 0 || job.len() - k < 40);
        for at in offsets {
            for (fault, mended) in faults {
                let mut printer = fresh();
                let now = send_paced(&mut printer, &job[..at], 0);
                printer.fault(fault, now);
                for byte in &job[at..] {
                    printer.receive(*byte, now);
                }
                let now = printer.finish(now) + SECOND;
                printer.fault(mended, now);
                let now = printer.finish(now) + SECOND;
                let copies = printer.copies(&label);
                let confirmed = printer.answers() == done(*b"0001");
                let here = format!("{fault:?} at byte {at}: {copies} copies");
                assert!(copies <= 1, "{here}");
                // A changed or lost byte is noticed by nobody but the reader.
                let seen = !matches!(fault, Fault::Garble(_) | Fault::DropEvery(_));
                // Who goes on sending after the power came back is told that the rest came out.
                let rest = fault == Fault::PowerCycle && !printer.sheets().iter().any(Sheet::whole);
                assert!(!(confirmed && seen) || copies == 1 || rest, "{here}");
                // What was left unfinished is ended by as many NULs as it may still want; what was
                // changed may want any number of them.
                let now = if seen {
                    let nuls = send_paced(&mut printer, &vec![0; label.len()], now);
                    printer.finish(nuls)
                } else {
                    printer.fault(Fault::PowerCycle, now);
                    now
                };
                // A cut that wanted one more byte is ended by the first NUL: the label is out then.
                let copies = printer.copies(&label);
                assert!(copies <= 1, "{here}");
                let now = send_paced(&mut printer, &label, now);
                printer.finish(now);
                assert_eq!(printer.copies(&label), copies + 1, "{here}");
            }
        }
    }
}
