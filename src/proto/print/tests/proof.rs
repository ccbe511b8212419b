//! What a test page shows, byte by byte, and what its answers change.

use super::*;
use crate::domain::document::{DrawnBy, Proof};

fn bytes(profile: &Profile, block: Block) -> Vec<u8> {
    let mut document = Document::default();
    document.add(block);
    let job = encode(&document, profile, 1).unwrap();
    behind_start(&job).to_vec()
}

fn proof(name: &str, proof: Proof) -> Vec<u8> {
    bytes(&profile(name), Block::Proof(proof))
}

fn code(dots: u8, drawn_by: DrawnBy) -> Block {
    Block::Code {
        text: LINK.to_owned(),
        size: CodeSize::Proof { dots, drawn_by },
    }
}

fn page(number: u8, text: &str) -> Proof {
    Proof::Page {
        number,
        text: text.to_owned(),
    }
}

#[test]
fn a_row_of_letters_is_broken_by_no_one_but_the_printer() {
    let row = b"48 ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRS\n";
    assert_eq!(row.len(), 48 + 1);
    assert_eq!(proof("generic-58", Proof::Columns(48)), row);
    assert_eq!(proof("epson-tm-t20", Proof::Columns(48)), row);
    assert_eq!(proof("epson-tm-t20", Proof::Columns(2)), b"2 \n");
}

#[test]
fn a_row_in_a_code_page_has_no_other_ones_letters() {
    let text = "€ä\x1bЖΩ-";
    assert_eq!(
        proof("epson-tm-t20", page(19, text)),
        b"\x1bt\x13\xd5\x84   -\n"
    );
    assert_eq!(
        proof("generic-58", page(16, text)),
        b"\x1c.\x1bt\x10\x80\xe4   -\n"
    );
    assert_eq!(proof("generic-58", page(99, text)), b"     -\n");
    // Two rows of two pages: each is chosen anew.
    let mut document = Document::default();
    for number in [0, 19, 0] {
        document.add(Block::Proof(page(number, "ä")));
    }
    let job = encode(&document, &profile("epson-tm-t20"), 1).unwrap();
    assert_eq!(
        behind_start(&job),
        b"\x1bt\x00\x84\n\x1bt\x13\x84\n\x1bt\x00\x84\n"
    );
}

#[test]
fn letters_that_are_meant_are_dots_and_end_with_the_paper() {
    let drawn = |text: &str| proof("generic-58", Proof::Drawn(text.to_owned()));
    assert!(drawn("abc").starts_with(b"\x1dv0\x00\x05\x00"));
    assert!(drawn(&"a".repeat(99)).starts_with(b"\x1dv0\x00\x30\x00"));
}

#[test]
fn the_cut_is_tried_where_no_cutter_is_known() {
    assert_eq!(proof("generic-58", Proof::Cut), b"\x1bd\x04\x1dVB\x00");
    assert_eq!(proof("epson-tm-t20", Proof::Cut), b"\x1dVB\x00");
}

/// A code of version 4, 33 modules.
#[test]
fn a_code_is_drawn_by_whom_the_page_says_at_the_size_that_it_says() {
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|it| it == part);
    // A printer of which nobody knows that it draws codes.
    let native = bytes(&profile("generic-58"), code(6, DrawnBy::Printer));
    assert!(has(&native, b"\x1d(k\x03\x001C\x06") && !has(&native, b"\x1dv0"));
    // One that does. 33 modules of 3 dots are 99, 13 bytes; of 4, half of that is printed doubled.
    let epson = profile("epson-tm-t20");
    let three = bytes(&epson, code(3, DrawnBy::Till));
    assert!(has(&three, b"\x1dv0\x00\x0d\x00\x63\x00") && !has(&three, b"\x1d(k"));
    let four = bytes(&epson, code(4, DrawnBy::Till));
    assert!(has(&four, b"\x1dv0\x03\x09\x00\x42\x00"), "{four:x?}");
    let mut document = Document::default();
    document.add(code(10, DrawnBy::Till));
    let refused = encode(&document, &profile("generic-58"), 1).unwrap_err();
    let narrow = CodeProblem::TooNarrow {
        needed_mm: 52,
        paper_mm: 48,
    };
    assert_eq!(refused, PrintError::Code(narrow));
}

#[test]
fn a_page_that_prints_other_letters_is_not_written_in() {
    let mut epson = profile("epson-tm-t20");
    let text = |text: &str| {
        Block::Text(Paragraph {
            text: text.to_owned(),
            ..Paragraph::default()
        })
    };
    assert_eq!(bytes(&epson, text("ä")), b"\x1bt\x00\x84\n");
    epson.letters = Letters::Page(16);
    assert_eq!(bytes(&epson, text("ä€")), b"\x1bt\x10\xe4\x80\n");
    assert!(bytes(&epson, text("Ж")).starts_with(b"\x1dv0"));
    epson.letters = Letters::None;
    assert!(bytes(&epson, text("ä")).starts_with(b"\x1dv0"));
    assert_eq!(bytes(&epson, text("a")), b"a\n");
    // The test page still shows all of them.
    assert_eq!(
        bytes(&epson, Block::Proof(page(19, "€"))),
        b"\x1bt\x13\xd5\n"
    );
}

#[test]
fn no_code_is_smaller_than_what_was_read() {
    let fitted = |least: u8, name: &str, size: CodeSize| {
        let mut profile = profile(name);
        profile.least_module = least;
        FittedCode::new(LINK, size, &profile).map(|code| code.module)
    };
    let on = |least| fitted(least, "epson-tm-t20", CodeSize::Hand);
    assert_eq!((on(4), on(7), on(8)), (Ok(6), Ok(7), Ok(8)));
    // Pictures have modules of an even number of dots.
    let raster = |least| fitted(least, "generic-58", CodeSize::Full);
    assert_eq!((raster(7), raster(8)), (Ok(8), Ok(8)));
    assert_eq!(raster(9), Ok(10), "at the lower level");
    assert!(raster(11).is_err());
}

#[test]
fn a_code_that_has_no_room_on_a_label_is_refused() {
    let media = Media {
        width_tenths_mm: 500,
        height_tenths_mm: Some(200),
    };
    let mut document = Document::default();
    document.add(code(8, DrawnBy::Till));
    for name in ["zpl-203", "tspl-203"] {
        let refused = super::super::encode(&document, &profile(name), Some(media), 1);
        assert!(
            matches!(refused, Err(PrintError::LabelTooLow { .. })),
            "{refused:?}"
        );
    }
}
