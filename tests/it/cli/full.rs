//! A disk that is really full: one of a few megabytes, filled up while the till sells.

use std::fs::File;
use std::path::Path;

use tillcode::io::store::{FILE_NAME, Store};
use tillcode::terminal::{Command, Notice, Screen};

use super::check::says;
use super::home::{Home, Stall};
use crate::support::books::Books;
use crate::support::own_disk::{fill, on_own_disk};
use crate::support::shop::{Cut, LiveTill, code_on};

const NAME: &str = "cli::full::a_full_disk_loses_nothing_and_says_what_helps";
/// What a full disk is called, everywhere.
const SENTENCE: &str = "the disk is full: free some space";
/// A disk of four megabytes takes fewer sales.
const SALES_MAX: usize = 2_000;

#[test]
fn a_full_disk_loses_nothing_and_says_what_helps() {
    let Some(disk) = on_own_disk(NAME, 4) else {
        return;
    };
    let stall = Stall::with_products_at(Home::within(&disk));
    let shown = sell_until_full(&stall, &disk);
    subcommands_say_so(&stall, &disk);
    println!("TOLD {shown} codes shown before the disk was full, and none lost");
}

/// One sale until its code is on the screen.
fn sell(till: &LiveTill) -> Result<(), Cut> {
    till.press(
        Command::Go {
            screen: Screen::Sell,
        },
        |snapshot| snapshot.screen == Screen::Sell,
    )?;
    let product = till.now().catalog.products()[0].id;
    till.press(Command::Tap { product }, |snapshot| {
        code_on(snapshot).is_some()
    })?;
    Ok(())
}

/// Gives back how many codes customers could have scanned.
fn sell_until_full(stall: &Stall, disk: &Path) -> usize {
    let till = stall.kiosk();
    sell(&till).unwrap();
    let ballast = fill(disk);
    let mut dead = false;
    for _ in 0..SALES_MAX {
        match sell(&till) {
            Ok(()) => {}
            // A little room was left: the sentence stands above the tiles.
            Err(Cut::Reopened) => {
                let notice = till.now().notice.clone().map(|(_, notice)| notice);
                assert_eq!(notice, Some(Notice::DiskFull));
            }
            Err(Cut::Dead) => {
                dead = true;
                break;
            }
        }
    }
    assert!(dead, "the disk never was full");
    let fault = till.now().fault.clone().unwrap();
    assert!(fault.starts_with(SENTENCE), "{fault}");
    std::fs::remove_file(ballast).unwrap();
    till.until_alive();
    sell(&till).unwrap();
    let seen = till.stop();
    let books = Books::open(&stall.home.data());
    books.check();
    for (url, sales) in &seen.codes {
        for sale in sales {
            books.check_shown(*sale, url);
        }
    }
    assert!(seen.codes.len() > 1);
    seen.codes.len()
}

/// Each way to begin, and a list that does not fit.
fn subcommands_say_so(stall: &Stall, disk: &Path) {
    let long = "x".repeat(1_500);
    let row = |number: usize| format!("S{number:03},Thing {number:03},2.50,EUR,{long}\n");
    let rows: String = (0..500).map(row).collect();
    let file = stall.home.path("list.csv");
    std::fs::write(
        &file,
        format!("sku,name,price,currency,description\n{rows}"),
    )
    .unwrap();
    let import = ["catalog", "import", file.to_str().unwrap()];
    let products = stall.json(&["product", "list", "--json"]);
    // Whoever closes it last takes the files beside it away, which a till needs room for.
    drop(Store::open(&stall.home.data().join(FILE_NAME)).unwrap());

    let ballast = fill(disk);
    for args in [
        &["run"][..],
        &["check"],
        &import,
        &[
            "product", "add", "--sku", "SOUP", "--name", "Soup", "--price", "1",
        ],
        &["sale", "new", "--sku", "TEA"],
    ] {
        let said = stall.fails(args);
        assert!(said.starts_with(SENTENCE), "{args:?}: {said}");
    }
    let fresh = Home::within(disk).run(&["product", "list"]);
    assert_eq!(fresh.code, Some(1));
    let sentence = format!("tillcode: {SENTENCE}");
    assert!(fresh.err.starts_with(&sentence), "{}", fresh.err);

    // Room to begin, not to end.
    File::options()
        .write(true)
        .open(&ballast)
        .unwrap()
        .set_len(0)
        .unwrap();
    let free = 200 * 1_024;
    let room = fill(disk).metadata().unwrap().len() - free;
    File::options()
        .write(true)
        .open(&ballast)
        .unwrap()
        .set_len(room)
        .unwrap();
    let ran = stall.run(&import);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    let said = ran.err.lines().last().unwrap();
    assert!(said.contains("the disk is full"), "{}", ran.err);

    std::fs::remove_file(ballast).unwrap();
    assert_eq!(
        stall.json(&["product", "list", "--json"]),
        products,
        "all or nothing"
    );
    let ran = stall.run(&["check", "--json"]);
    let found = serde_json::from_str(&ran.out).unwrap();
    let [(false, room)] = &says(&found, "disk")[..] else {
        panic!("{found}")
    };
    assert!(room.contains("MB are free: free some space"), "{room}");
    stall.ok(&import);
}
