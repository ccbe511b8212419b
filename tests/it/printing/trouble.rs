//! Paper that is out, and a cable that is pulled in the middle of a sheet.

use serde_json::Value;
use tillcode::terminal::printing::Evidence;
use tillcode::terminal::query::PrintState;

use super::LABEL;
use super::paper::{all, codes, count, jobs, says};
use super::stall::{Stall, on_pty};
use crate::support::printer::{Fault, PtyPrinter, Traits, VirtualPrinter};

/// The middle of a sticker and of the questions before it, in bytes.
const MIDDLE: usize = 200;

#[test]
fn a_sticker_waits_for_paper_and_comes_out_once_it_is_in() {
    let printer = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    printer.fault(Fault::PaperOut);
    let mut call = stall.start(&LABEL);
    call.until_said("counter: paper out\n");
    assert!(call.runs(), "it waits");
    assert_eq!(printer.look(|printer| jobs(&all(printer))), 0);
    printer.fault(Fault::PaperIn);
    let ran = call.end();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("printed"), "{ran:?}");
    let sheets = printer.look(|printer| printer.sheets().to_vec());
    assert_eq!(sheets.len(), 1);
    assert_eq!(codes(&sheets[0]), [stall.url()]);
    assert_eq!(stall.json(&["printer", "queue"]), serde_json::json!([]));
}

/// A sticker whose printer was unplugged in its middle; it is plugged in again, under another name as
/// real ones are. Gives its id.
fn lose_one(stall: &Stall, printer: &PtyPrinter) -> String {
    let came = printer.look(|printer| printer.came());
    let call = stall.start(&LABEL);
    printer.wait(|printer| printer.came() >= came + MIDDLE);
    printer.fault(Fault::Unplug);
    let ran = call.end();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.err.contains("nobody knows whether Tea"),
        "{ran:?}: not the sentence"
    );
    assert!(ran.err.contains("tillcode printer queue"), "{ran:?}");
    printer.fault(Fault::Plug);
    stall.configure(&[on_pty("counter", printer, "")]);
    // Somebody tears off what hangs out.
    printer.look(VirtualPrinter::tear);
    let queue = stall.json(&["printer", "queue"]);
    let [print] = &queue.as_array().unwrap()[..] else {
        panic!("{queue}");
    };
    assert_eq!(print["state"], "unconfirmed");
    assert_eq!(print["why"], "lost");
    print["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_sticker_whose_cable_was_pulled_is_not_printed_again_unless_a_person_says_so() {
    let printer = PtyPrinter::start(Traits {
        baud: 9_600,
        ..Traits::default()
    });
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    let nothing = Value::Array(Vec::new());
    let paper = || printer.look(all);

    let id = lose_one(&stall, &printer);
    let serial = stall.json(&["sticker", "list"])[0]["serial"].clone();
    let serial = serial.as_str().unwrap();
    assert_eq!(jobs(&paper()), 1);
    // All that waits for the printer goes before this.
    stall.ok(&["printer", "test"]);
    assert_eq!(jobs(&paper()), 2, "the sticker does not come out by itself");
    let here = count(&paper(), serial);
    assert!(here <= 1);
    let again = stall.ok(&["printer", "queue", "--again", &id]);
    assert!(again.contains("copy 1"), "{again}");
    assert_eq!((jobs(&paper()), count(&paper(), serial)), (3, here + 1));
    let sheets = printer.look(|printer| printer.sheets().to_vec());
    let copy = sheets.last().unwrap();
    assert!(says(copy, "COPY 1"));
    assert_eq!(codes(copy), [stall.url()]);
    assert_eq!(stall.json(&["printer", "queue"]), nothing);

    let here = lose_one(&stall, &printer);
    stall.ok(&["printer", "queue", "--here", &here]);
    assert_eq!(stall.json(&["printer", "queue"]), nothing);
    let forgotten = lose_one(&stall, &printer);
    stall.ok(&["printer", "queue", "--forget", &forgotten]);
    assert_eq!(stall.json(&["printer", "queue"]), nothing);
    let begun = jobs(&paper());
    stall.ok(&["printer", "test"]);
    assert_eq!(jobs(&paper()), begun + 1);

    let state = |id: &str| {
        let prints = stall.prints();
        let print = prints.iter().find(|print| print.id.to_string() == id);
        print.map(|print| (print.state, print.evidence)).unwrap()
    };
    assert_eq!(state(&id), (PrintState::Forgotten, None));
    assert_eq!(state(&here), (PrintState::Printed, Some(Evidence::Person)));
    assert_eq!(state(&forgotten), (PrintState::Forgotten, None));
}
