//! A shop's first day with a printer, by command: stickers of three products, one verified, a new price,
//! paper that ends in the middle of a sheet, and in the end exactly the right labels.

use std::collections::BTreeMap;

use serde_json::Value;

use super::paper::{codes, count};
use super::stall::{SKU, Stall, on_pty};
use crate::support::printer::{Fault, PtyPrinter, Sheet, Traits};

/// Lines of paper that are left: the roll ends in the second sticker.
const LINES_LEFT: u64 = 25;

/// The serial numbers of the register by what each sticker is.
fn by_verdict(stall: &Stall) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for sticker in stall.json(&["sticker", "list"]).as_array().unwrap() {
        let text = |name: &str| sticker[name].as_str().unwrap().to_owned();
        found
            .entry(text("verdict"))
            .or_default()
            .push(text("serial"));
    }
    found
}

/// How often a sticker came out: its serial number ends a line.
fn times(sheets: &[Sheet], serial: &str) -> usize {
    count(sheets, &format!("{serial}\n"))
}

fn url_of(stall: &Stall, title: &str) -> String {
    let stickers = stall.json(&["sticker", "list"]);
    let newest = stickers.as_array().unwrap().iter();
    let mut of_it = newest.filter(|sticker| sticker["title"] == title);
    of_it.next().unwrap()["url"].as_str().unwrap().to_owned()
}

#[test]
fn a_day_by_command_ends_with_exactly_the_right_labels() {
    let printer = PtyPrinter::start(Traits::default());
    let stall = Stall::open(&[on_pty("counter", &printer, "")]);
    for (sku, name, price) in [("SOU", "Soup", "6.50"), ("CAK", "Cake", "3.20")] {
        stall.ok(&[
            "product", "add", "--sku", sku, "--name", name, "--price", price,
        ]);
    }
    stall.ok(&["link", "mint"]);
    let goods = stall.folder().join("came.csv");
    std::fs::write(&goods, format!("sku,count\n{SKU},4\nSOU,3\nCAK,3\n")).unwrap();
    let ran = stall.run(&["label", "print", "--stock", goods.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains(" cm of paper"), "{ran:?}");
    let sheets = printer.look(|printer| printer.sheets().to_vec());
    let tea = url_of(&stall, "Tea");
    assert_eq!(sheets.len(), 10);
    let of_tea = sheets.iter().filter(|sheet| codes(sheet) == [tea.as_str()]);
    assert_eq!(of_tea.count(), 4);
    let good = by_verdict(&stall).remove("good").unwrap();
    assert_eq!(good.len(), 10);
    for serial in &good {
        assert_eq!(times(&sheets, serial), 1, "{serial}");
    }
    let said = stall.ok(&["sticker", "verify", &tea]);
    assert!(said.contains("is right"), "{said}");
    let foreign = stall.fails(&["sticker", "verify", "https://evil.example/pay/1"]);
    assert!(foreign.contains("take it down"), "{foreign}");

    let told = stall.run(&["product", "set", SKU, "--price", "2.80"]);
    assert!(
        told.err.contains("printed stickers that are wrong now: 4;"),
        "{told:?}"
    );
    let wrong = stall.json(&["sticker", "list", "--wrong"]);
    assert_eq!(wrong.as_array().unwrap().len(), 4, "{wrong}");
    stall.ok(&["link", "mint"]);

    printer.fault(Fault::PaperOutAfter(LINES_LEFT));
    let mut call = stall.start(&["label", "print", "--sku", SKU, "--copies", "4"]);
    call.until_said("counter: paper out\n");
    assert!(call.runs(), "it waits");
    assert!(printer.look(|printer| printer.sheets().len()) < 14);
    printer.fault(Fault::PaperIn);
    // One of them was torn in two by that: the till asks, and goes on with the others.
    let ran = call.end();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("nobody knows whether Tea"), "{ran:?}");
    let queue = stall.json(&["printer", "queue"]);
    assert_eq!(queue[0]["why"], "stopped", "{queue}");
    stall.ok(&[
        "printer",
        "queue",
        "--again",
        queue[0]["id"].as_str().unwrap(),
    ]);
    for old in wrong.as_array().unwrap() {
        stall.ok(&["sticker", "retire", old["serial"].as_str().unwrap()]);
    }
    let found = by_verdict(&stall);
    assert_eq!((found["good"].len(), found["taken_down"].len()), (10, 4));
    let sheets = printer.look(|printer| printer.sheets().to_vec());
    let (torn, whole): (Vec<_>, Vec<_>) = sheets.into_iter().partition(|sheet| sheet.new_rolls > 0);
    assert_eq!((torn.len(), whole.len()), (1, 14));
    for serial in &found["good"] {
        assert_eq!(times(&whole, serial), 1, "{serial}");
    }
    let new = url_of(&stall, "Tea");
    let of_new = whole.iter().filter(|sheet| codes(sheet) == [new.as_str()]);
    assert_eq!(of_new.count(), if new == tea { 8 } else { 4 });
    assert_eq!(stall.json(&["printer", "queue"]), Value::Array(Vec::new()));
}
