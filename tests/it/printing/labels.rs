//! Label printers: what they say is asked for before, while and after a label, and used.

use super::LABEL;
use super::stall::{SKU, Stall};
use crate::support::printer::{Fault, PtyPrinter, Traits};

/// A label printer on a serial line, with what lies in it.
fn on_labels(profile: &str, printer: &PtyPrinter, more: &str) -> String {
    let path = printer.path().unwrap().display().to_string();
    format!(
        "\n[label]\nmedia = \"60x60\"\n\n[[printer]]\nname = \"labels\"\nprofile = {profile:?}\n\
         port = {path:?}\nbaud = 115200\n{more}\n"
    )
}

/// How often the address stands on labels that came out whole, one on each.
fn labels_with(printer: &PtyPrinter, text: &str) -> usize {
    let sheets = printer.look(|printer| printer.sheets().to_vec());
    for sheet in &sheets {
        assert!(sheet.whole(), "{sheet:?}");
        let bytes = sheet.bytes();
        let mut windows = bytes.windows(text.len());
        assert!(windows.any(|part| part == text.as_bytes()), "{sheet:?}");
    }
    sheets.len()
}

/// `said` is what a till says of it while there is no paper.
fn check(profile: &str, traits: Traits, said: &str) {
    let printer = PtyPrinter::start(traits);
    let stall = Stall::open(&[on_labels(profile, &printer, "")]);
    let print = stall.json(&LABEL);
    assert_eq!(print[0]["state"], "printed", "{print}");
    assert_eq!(print[0]["evidence"], "processed", "{print}");
    // Before the next one: nothing is sent until there is paper.
    printer.fault(Fault::PaperOut);
    let mut call = stall.start(&LABEL);
    call.until_said(said);
    assert!(call.runs(), "it waits");
    let url = stall.url();
    assert_eq!(labels_with(&printer, &url), 1);
    printer.fault(Fault::PaperIn);
    let ran = call.end();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("printed"), "{ran:?}");
    assert_eq!(labels_with(&printer, &url), 2);
    // Off in the middle: nobody knows, and a person is asked.
    let came = printer.look(|printer| printer.came());
    let call = stall.start(&LABEL);
    printer.wait(|printer| printer.came() >= came + 100);
    printer.fault(Fault::PowerCycle);
    let ran = call.end();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("nobody knows whether Tea"), "{ran:?}");
    // What was cut off does not swallow the next one, nor come out with it.
    let id = stall.json(&["printer", "queue"])[0]["id"].clone();
    let again = stall.ok(&["printer", "queue", "--again", id.as_str().unwrap()]);
    assert!(again.contains("printed"), "{again}");
    assert_eq!(labels_with(&printer, &url), 3);
    assert_eq!(stall.json(&["printer", "queue"]), serde_json::json!([]));
}

#[test]
fn a_label_printer_with_zpl_is_asked_and_its_silence_is_no_yes() {
    let traits = Traits {
        baud: 9_600,
        ..Traits::zpl()
    };
    check("zpl-203", traits, "labels: silent\n");
}

#[test]
fn a_label_printer_with_tspl_is_asked() {
    let traits = Traits {
        baud: 9_600,
        ..Traits::tspl()
    };
    check("tspl-203", traits, "labels: paper out\n");
}

#[test]
fn a_label_printer_that_is_not_to_be_asked_gets_its_label_and_nothing_is_claimed() {
    let printer = PtyPrinter::start(Traits::zpl());
    let stall = Stall::open(&[on_labels("zpl-203", &printer, "answers = false")]);
    let print = stall.json(&["label", "print", "--sku", SKU]);
    assert_eq!(print[0]["state"], "sent", "{print}");
    printer.wait(|printer| printer.sheets().len() == 1);
    assert_eq!(labels_with(&printer, &stall.url()), 1);
}
