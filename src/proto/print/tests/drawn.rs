//! Letters as dots, and previews.

use std::collections::HashMap;

use super::*;
use crate::domain::bitmap::Bitmap;
use crate::proto::print::glyphs::{CHARACTER_ROWS, Glyphs};

/// Letters that are written in Europe; those of one script are told apart.
const SCRIPTS: [&str; 3] = [
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ÄÅÆÇÉÑÖØÜßàâäåæçèéêëîïñôöøùûüÿ\
     ĄąĆćĘęŁłŃńŚśŹźŻżČčĎďĚěŇňŘřŠšŤťŮůŽžĞğİıŞşŐőŰűĂăȘșȚțĐđ€£¥½",
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέήίόύώαβγδεζηθικλμνξοπρςστυφχψω",
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяЄєІіЇїҐґЂђЉљЊњЋћЏџ",
];

fn ink(bitmap: &Bitmap) -> usize {
    let ones = |byte: &u8| usize::try_from(byte.count_ones()).unwrap();
    bitmap.packed().iter().map(ones).sum()
}

#[test]
fn every_letter_of_europe_can_be_told_from_the_others() {
    let glyphs = Glyphs::new();
    for script in SCRIPTS {
        let mut known: HashMap<Vec<u8>, char> = HashMap::new();
        for letter in script.chars() {
            assert!(glyphs.has(letter), "{letter}");
            let cell = glyphs.line(&letter.to_string(), false);
            assert_eq!((cell.width(), cell.height()), (12, CHARACTER_ROWS));
            assert!(ink(&cell) >= 12, "{letter}");
            if let Some(other) = known.insert(cell.packed(), letter) {
                panic!("{letter} looks like {other}");
            }
        }
    }
    assert_eq!(ink(&glyphs.line("   ", true)), 0);
    assert!(!glyphs.has('日') && !glyphs.has('ש') && !glyphs.has('\u{1b}'));
}

#[test]
fn letters_stay_in_their_columns() {
    let glyphs = Glyphs::new();
    let line = glyphs.line("i Щ i", false);
    for (place, letter) in ["i", " ", "Щ", " ", "i"].iter().enumerate() {
        let alone = glyphs.line(letter, false);
        for (x, y) in (0..12).flat_map(|x| (0..24).map(move |y| (x, y))) {
            assert_eq!(line.is_black(place * 12 + x, y), alone.is_black(x, y));
        }
    }
}

/// The code of a picture, by a reader that shares nothing with ours.
#[cfg(feature = "files")]
pub(super) fn code(picture: &Bitmap) -> Option<String> {
    let border = 20;
    let (width, height) = (picture.width() + 2 * border, picture.height() + 2 * border);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        let at = |place: usize| place.checked_sub(border).unwrap_or(usize::MAX);
        if picture.is_black(at(x), at(y)) {
            0
        } else {
            255
        }
    });
    let grids = image.detect_grids();
    grids.first().and_then(|grid| Some(grid.decode().ok()?.1))
}

#[cfg(feature = "files")]
#[test]
fn a_preview_is_as_wide_as_the_head_and_its_code_is_read() {
    let profiles = Profiles::built_in().unwrap();
    for name in profiles.names() {
        let profile = profiles.get(name).unwrap();
        let sheet = preview(&label(), profile, None).unwrap();
        assert_eq!(sheet.width(), profile.dots);
        assert_eq!(code(&sheet).as_deref(), Some(LINK), "{name}");
    }
}

#[test]
fn a_preview_has_each_part_where_it_is_printed() {
    let profile = profile("generic-58");
    let mut dots = Bitmap::white(4, 5);
    dots.blacken(0, 0);
    let mut document = Document::default();
    document
        .add(Block::Feed(2))
        .add(Block::Picture(dots))
        .add(Block::Rule)
        .center("Ж", true)
        .add(Block::Drawer)
        .add(Block::Cut);
    let sheet = preview(&document, &profile, None).unwrap();
    // Two lines, the picture, the rule, a large line, four to tear off at, and the dashes.
    assert_eq!(sheet.height(), 66 + 5 + 33 + 48 + 4 * 33 + 10);
    let row = |y: usize| {
        (0..384)
            .filter(|x| sheet.is_black(*x, y))
            .collect::<Vec<_>>()
    };
    assert!((0..66).all(|y| row(y).is_empty()));
    assert_eq!(row(66), [190]);
    let rule = (71..104).map(|y| row(y).len()).max().unwrap();
    assert!(rule > 100, "{rule}");
    for y in 104..152 {
        assert!(row(y).iter().all(|x| (180..204).contains(x)));
        assert!(
            row(y)
                .chunks(2)
                .all(|two| two[0] % 2 == 0 && two.len() == 2)
        );
    }
    assert!((104..152).any(|y| !row(y).is_empty()));
    assert_eq!(row(289).len(), 192);
    assert_eq!(row(288), row(290));
}

#[test]
fn a_preview_ends_where_nobody_would_look_any_further() {
    let mut document = Document::default();
    for _ in 0..900 {
        document.center(&"word ".repeat(300), true);
    }
    let sheet = preview(&document, &profile("generic-58"), None).unwrap();
    assert_eq!(sheet.height(), PREVIEW_ROWS_MAX);
}
