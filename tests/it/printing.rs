//! The real program prints on printers that are not there: a serial line, the network, paper that runs
//! out, cables that are pulled, ports that hang, and `kill -9` in the middle.
//!
//! `kill -9` comes 12 times beside the other tests, at instants spread over a job; by command as often
//! as wanted: `PRINT_KILLS=50 cargo test --all-features --test it printing::kills`.

use tillcode::terminal::Command;

use crate::support::printer::{Event, PtyPrinter, TcpPrinter, Traits, VirtualPrinter};
use crate::support::shop::eur;
use paper::{codes, count, says};
use stall::{SKU, Stall, on_network, on_pty};

mod day;
mod kills;
mod labels;
mod paper;
mod ports;
mod stall;
mod test_page;
mod trouble;

const TWO_LABELS: [&str; 6] = ["label", "print", "--sku", SKU, "--copies", "2"];
const LABEL: [&str; 4] = ["label", "print", "--sku", SKU];

/// Two stickers came out, are known to be there, and hold the code.
fn check_two(stall: &Stall, look: impl Fn(&mut dyn FnMut(&mut VirtualPrinter))) {
    let printed = stall.json(&TWO_LABELS);
    let printed = printed.as_array().unwrap();
    assert_eq!(printed.len(), 2, "{printed:?}");
    for print in printed {
        assert_eq!(print["state"], "printed");
        assert_eq!(print["evidence"], "printer");
    }
    let stickers = stall.json(&["sticker", "list"]);
    let serials: Vec<&str> = stickers
        .as_array()
        .unwrap()
        .iter()
        .map(|sticker| sticker["serial"].as_str().unwrap())
        .collect();
    assert_eq!(serials.len(), 2);
    assert_ne!(serials[0], serials[1]);
    let url = stall.url();
    look(&mut |printer| {
        assert_eq!(printer.sheets().len(), 2);
        for sheet in printer.sheets() {
            assert_eq!(codes(sheet), [url.as_str()]);
        }
        for serial in &serials {
            assert_eq!(count(printer.sheets(), serial), 1, "{serial}");
        }
        assert!(printer.strip().commands.is_empty());
    });
    assert_eq!(stall.json(&["printer", "queue"]), serde_json::json!([]));
}

#[test]
fn two_stickers_come_out_of_a_serial_printer_and_are_known_to_be_there() {
    let printer = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    check_two(&stall, |look| printer.look(look));
}

#[test]
fn two_stickers_come_out_of_a_network_printer_and_are_known_to_be_there() {
    let printer = TcpPrinter::start(Traits::default());
    let stall = Stall::open(&[on_network("counter", &printer, "")]);
    check_two(&stall, |look| printer.look(look));
}

#[test]
fn each_of_two_printers_gets_only_what_it_is_used_for() {
    let receipts = PtyPrinter::start(Traits::default());
    let stickers = TcpPrinter::start(Traits::default());
    let stall = Stall::open(&[
        on_pty("receipts", &receipts, "use = [\"receipt\"]"),
        on_network("stickers", &stickers, "use = [\"sticker\"]"),
    ]);
    stall.ok(&LABEL);
    let sale = stall.json(&["sale", "new", "--sku", SKU]);
    let reference = sale["reference"].as_str().unwrap();
    stall.ok(&["sale", "receipt", reference]);
    let of_receipts = receipts.look(|printer| printer.sheets().to_vec());
    let of_stickers = stickers.look(|printer| printer.sheets().to_vec());
    assert_eq!((of_receipts.len(), of_stickers.len()), (1, 1));
    assert_eq!(codes(&of_receipts[0]), [sale["url"].as_str().unwrap()]);
    assert_eq!(codes(&of_stickers[0]), [stall.url()]);
    let refused = stall.fails(&["label", "print", "--sku", SKU, "--printer", "other"]);
    assert!(refused.contains("other"), "{refused}");
}

#[test]
fn a_network_printer_is_let_go_for_another_till() {
    let printer = TcpPrinter::start(Traits::default());
    let first = Stall::open(&[on_network("counter", &printer, "")]);
    let second = Stall::open(&[on_network("counter", &printer, "")]);
    let (one, two) = (first.kiosk(), second.kiosk());
    for _turn in 0..2 {
        first.print_label();
        second.print_label();
    }
    // All four are known to be there, and the kiosks still run.
    one.stop();
    two.stop();
    let sheets = printer.look(|printer| printer.sheets().to_vec());
    let prints = [first.prints(), second.prints()];
    assert_eq!(sheets.len(), 4, "{prints:#?} {sheets:?}");
    for (number, sheet) in sheets.iter().enumerate() {
        let stall = if number % 2 == 0 { &first } else { &second };
        assert_eq!(codes(sheet), [stall.url()]);
    }
}

#[test]
fn a_receipt_says_how_far_it_is_paid_and_a_second_one_is_a_copy() {
    let printer = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "drawer = true")]);
    let new = || {
        let sale = stall.json(&["sale", "new", "--sku", SKU]);
        let text = |field: &str| sale[field].as_str().unwrap().to_owned();
        (text("id"), text("reference"), text("url"))
    };
    let (open, paid) = (new(), new());
    let kiosk = stall.kiosk();
    let sale = paid.0.parse().unwrap();
    let given = eur(500);
    kiosk.command(Command::PayInCash { sale, given }).unwrap();
    kiosk.stop();
    for reference in [&open.1, &open.1, &paid.1, &paid.1] {
        stall.ok(&["sale", "receipt", reference]);
    }
    let (sheets, events) =
        printer.look(|printer| (printer.sheets().to_vec(), printer.events().to_vec()));
    assert_eq!(sheets.len(), 4);
    for (number, sheet) in sheets.iter().enumerate() {
        let (sale, is_paid) = if number < 2 {
            (&open, false)
        } else {
            (&paid, true)
        };
        let code: &[&str] = if is_paid { &[] } else { &[&sale.2] };
        assert_eq!(codes(sheet), code);
        assert!(says(sheet, &sale.1), "{number}: its reference");
        assert_eq!(says(sheet, "COPY 1"), number % 2 == 1, "{number}");
        assert_eq!(says(sheet, "Waiting for payment"), !is_paid, "{number}");
        assert_eq!(says(sheet, "PAID"), is_paid, "{number}");
        assert_eq!(says(sheet, "PAID in cash"), is_paid, "{number}");
        assert_eq!(says(sheet, "Change"), is_paid, "{number}");
    }
    assert_eq!(events, [Event::Drawer(0)], "it opens once, for the cash");
}
