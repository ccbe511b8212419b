//! Sheets, what happened to them, and stickers.

use uuid::Uuid;

use super::super::*;
use super::open;
use super::sample::{at, sample};
use crate::domain::document::Document;
use crate::domain::id::{LinkId, PrintId, StickerId};
use crate::domain::print::{Print, PrintKind};
use crate::domain::sticker::{Sticker, Verdict};
use crate::terminal::PaperQuery;
use crate::terminal::printing::{Evidence, Fact as PrintFact, Standing, What};
use crate::terminal::query::{Answer, Query};
use crate::terminal::step::Keys;

fn print(number: u128, subject: &str) -> Print {
    Print {
        id: PrintId(Uuid::from_u128(number)),
        printer: "counter".to_owned(),
        kind: PrintKind::Receipt,
        subject: subject.to_owned(),
        title: "Receipt".to_owned(),
        copy: 0,
        number: 1,
        document: Document::default(),
        wanted_at: at(1),
    }
}

fn fact(print: &Print, what: What) -> Write {
    let fact = PrintFact {
        sheet: print.id,
        attempt: 1,
        what,
    };
    Write::PrintFact { fact, at: at(2) }
}

#[test]
fn a_start_reads_the_sheets_that_are_not_at_their_end_with_all_that_happened() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let sheets: Vec<_> = (1..=3).map(|number| print(number, "")).collect();
    let mut writes: Vec<_> = sheets.iter().cloned().map(Write::Print).collect();
    writes.extend([
        fact(&sheets[0], What::Begun),
        fact(&sheets[1], What::Begun),
        fact(&sheets[1], What::Printed(Evidence::Printer)),
        fact(&sheets[1], What::Printed(Evidence::Printer)),
    ]);
    store.commit(&writes).unwrap();
    drop(store);
    let found = open(folder.path()).recover(at(9)).unwrap().prints;
    let stands = |(print, facts): &(Print, Vec<PrintFact>)| (print.id, Standing::fold(facts));
    assert_eq!(
        found.iter().map(stands).collect::<Vec<_>>(),
        [
            (sheets[0].id, Standing::UnderWay),
            (sheets[2].id, Standing::Waiting),
        ]
    );
}

#[test]
fn sheets_of_a_sale_count_unless_nothing_of_them_was_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let sheets: Vec<_> = (1..=4).map(|number| print(number, "sale")).collect();
    let mut writes: Vec<_> = sheets.iter().cloned().map(Write::Print).collect();
    writes.extend([
        // On its way, or out: may be there.
        fact(&sheets[0], What::Begun),
        fact(&sheets[1], What::Begun),
        fact(&sheets[1], What::Forgotten),
        // Never sent, and never tried.
        fact(&sheets[2], What::Begun),
        fact(&sheets[2], What::NotSent),
        fact(&sheets[2], What::Forgotten),
        fact(&sheets[3], What::Forgotten),
        Write::Print(print(9, "another")),
    ]);
    store.commit(&writes).unwrap();
    let keys = Keys {
        printed: vec!["sale".to_owned(), "nothing".to_owned()],
        ..Keys::default()
    };
    let copies = store.rows(&keys).unwrap().copies;
    assert_eq!((copies["sale"], copies["nothing"]), (2, 0));
}

#[test]
fn a_sticker_is_found_by_what_its_code_holds_and_compared_with_its_link() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    let sample = sample();
    let sticker = |number: u128, link: LinkId| Sticker {
        id: StickerId(Uuid::from_u128(number)),
        serial: format!("K7-S{number}"),
        link,
        product: Some(sample.product.id),
        title: "Tea".to_owned(),
        price: Some(sample.product.price),
        url: format!("https://4pay.online/pay/{number}"),
        place: String::new(),
        printed_at: at(3),
        valid_until: None,
        placed_at: None,
        checked_at: None,
        retired_at: None,
        told: None,
        said: None,
        is_thermal: false,
    };
    let put = |sticker: Sticker, is_untold| Write::Sticker { sticker, is_untold };
    let mut down = sticker(3, sample.link.id);
    let mut writes = sample.writes();
    writes.extend([
        put(sticker(1, sample.link.id), false),
        put(sticker(2, LinkId(Uuid::nil())), false),
        put(down.clone(), true),
    ]);
    down.retired_at = Some(at(4));
    // It is to be told although this is not news.
    writes.push(put(down.clone(), false));
    store.commit(&writes).unwrap();
    let recovered = store.recover(at(0)).unwrap();
    assert_eq!(
        (recovered.stickers.len(), recovered.untold),
        (2, vec![down.clone()])
    );
    store.commit(&[Write::StickersTold(vec![down.id])]).unwrap();
    assert_eq!(store.recover(at(0)).unwrap().untold, []);
    let keys = Keys {
        codes: vec![down.url.clone()],
        ..Keys::default()
    };
    assert_eq!(store.rows(&keys).unwrap().stickers, [down]);

    let mut reader = Reader::open(&folder.path().join(FILE_NAME)).unwrap();
    let query = Query::Paper(PaperQuery::Stickers { limit: 10 });
    let Answer::Stickers { stickers } = reader.answer(&query) else {
        panic!("stickers")
    };
    let found: Vec<_> = stickers
        .iter()
        .map(|view| (view.sticker.serial.as_str(), view.verdict))
        .collect();
    assert_eq!(
        found,
        [
            ("K7-S3", Verdict::TakenDown),
            ("K7-S2", Verdict::Dead),
            ("K7-S1", Verdict::Good),
        ]
    );
}
