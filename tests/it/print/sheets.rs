//! Sheets of stickers as a program draws them that others wrote, and their codes as two readers find them.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use tillcode::proto::print::sheet::{LAYOUTS, SheetLayout, SheetOptions, Sticker, pdf};

use crate::support::skipped::skip;

const DPI: f32 = 300.0;
/// What comes with these tests' programs.
const PROGRAMS: [(&str, &str); 2] = [("pdftoppm", "poppler-utils"), ("zbarimg", "zbar-tools")];

fn sticker(number: usize) -> Sticker {
    Sticker {
        title: "Żółte róże, Борщ, σοκολάτα".to_owned(),
        price: format!("{number},50 €"),
        link: format!("https://pay.example.com/l/7Kq2XmB9aZ/{number:03}"),
        host: "pay.example.com".to_owned(),
        serial: format!("A7K2-{number:03}"),
        valid_until: "Valid until 31.12.2026".to_owned(),
    }
}

/// Whether the programs are there; else the test is left out.
fn can_run(test: &str) -> bool {
    let is_missing =
        |(program, _): &&(&str, &str)| Command::new(program).arg("-h").output().is_err();
    let missing = PROGRAMS.iter().find(is_missing);
    if let Some((program, package)) = missing {
        skip(test, &format!("there is no {program}: install {package}"));
    }
    missing.is_none()
}

/// Gray values of a page.
struct Page {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

fn draw(file: &[u8], folder: &Path, page: usize) -> Page {
    let path = folder.join("sheet.pdf");
    std::fs::write(&path, file).unwrap();
    let number = page.to_string();
    let status = Command::new("pdftoppm")
        .args(["-r", "300", "-gray", "-singlefile", "-f", &number])
        .arg(&path)
        .arg(folder.join("sheet"))
        .status();
    assert!(status.unwrap().success());
    let bytes = std::fs::read(folder.join("sheet.pgm")).unwrap();
    // P5, width and height, the largest value, each in a line.
    let mut lines = bytes.splitn(4, |byte| *byte == b'\n');
    assert_eq!(lines.next(), Some(&b"P5"[..]));
    let size = std::str::from_utf8(lines.next().unwrap()).unwrap();
    let (width, height) = size.split_once(' ').unwrap();
    assert_eq!(lines.next(), Some(&b"255"[..]));
    Page {
        width: width.parse().unwrap(),
        height: height.parse().unwrap(),
        values: lines.next().unwrap().to_vec(),
    }
}

/// All codes of a page with their middles, in millimeters.
fn codes(page: &Page) -> BTreeMap<String, [f32; 2]> {
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(page.width, page.height, |x, y| {
            page.values[y * page.width + x]
        });
    let millimeters = |dots: f32| dots / DPI * 25.4;
    let grids = picture.detect_grids();
    let found = grids.iter().filter_map(|grid| {
        let (_, text) = grid.decode().ok()?;
        let middle = |of: fn(&rqrr::Point) -> i32| {
            let sum: i32 = grid.bounds.iter().map(of).sum();
            // Half a dot: corners are within the code.
            millimeters(sum as f32 / 4.0 + 0.5)
        };
        Some((text, [middle(|point| point.x), middle(|point| point.y)]))
    });
    found.collect()
}

/// The texts that the second reader finds.
fn second(folder: &Path) -> Vec<String> {
    let output = Command::new("zbarimg")
        .args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"])
        .arg(folder.join("sheet.pgm"))
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    let mut texts: Vec<String> = text.lines().map(str::to_owned).collect();
    texts.sort();
    texts
}

/// The middle of the code in a place, by hand from the layout: 1.5 mm of white at each edge, 4.5 mm at that
/// of the page; 2.4 mm below the code; at most 55 % of the width.
fn middle(layout: &SheetLayout, place: usize) -> [f32; 2] {
    let mm = |hundredths: u32| hundredths as f32 / 100.0;
    let white = |margin: u32| (4.5 - mm(margin)).max(1.5);
    let (across, down) = (white(layout.left), white(layout.top));
    let height = mm(layout.height) - 2.0 * down - 2.4;
    let side = height.min((mm(layout.width) - 2.0 * across) * 0.55);
    let columns = layout.columns as usize;
    let (column, row) = ((place % columns) as f32, (place / columns) as f32);
    [
        mm(layout.left) + column * mm(layout.pitch_x) + across + side / 2.0,
        mm(layout.top) + row * mm(layout.pitch_y) + down + side / 2.0,
    ]
}

#[track_caller]
fn assert_near(found: [f32; 2], wanted: [f32; 2], what: &str) {
    let off = (found[0] - wanted[0])
        .abs()
        .max((found[1] - wanted[1]).abs());
    assert!(off < 0.1, "{what}: {found:?} is {off} mm off {wanted:?}");
}

#[test]
fn every_code_of_every_layout_is_found_in_its_place() {
    if !can_run("every_code_of_every_layout_is_found_in_its_place") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, layout) in LAYOUTS {
        let start = 2;
        let count = layout.places() - start;
        let stickers: Vec<Sticker> = (0..count).map(sticker).collect();
        let options = SheetOptions {
            start,
            ..SheetOptions::default()
        };
        let printed = pdf(&stickers, &layout, &options).unwrap();
        assert_eq!(printed.pages, 1);
        let page = draw(&printed.bytes, folder.path(), 1);
        let found = codes(&page);
        let mut wanted: Vec<String> = stickers.iter().map(|one| one.link.clone()).collect();
        wanted.sort();
        assert_eq!(found.keys().cloned().collect::<Vec<_>>(), wanted, "{name}");
        assert_eq!(second(folder.path()), wanted, "{name}");
        for (place, sticker) in stickers.iter().enumerate() {
            let what = format!("{name} {place}");
            assert_near(found[&sticker.link], middle(&layout, place + start), &what);
        }
    }
}

#[test]
fn what_a_printer_is_off_by_is_made_good() {
    if !can_run("what_a_printer_is_off_by_is_made_good") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let layout = SheetLayout::named("Avery L7160").unwrap();
    let options = SheetOptions {
        right_tenths_mm: 13,
        down_tenths_mm: -7,
        scale_per_mille: 1_020,
        has_check_line: true,
        has_outlines: true,
        ..SheetOptions::default()
    };
    let stickers: Vec<Sticker> = (0..22).map(sticker).collect();
    let printed = pdf(&stickers, &layout, &options).unwrap();
    assert_eq!(printed.pages, 2);
    let page = draw(&printed.bytes, folder.path(), 1);
    let found = codes(&page);
    let wanted = |place| {
        let [x, y] = middle(&layout, place);
        [
            (x - 105.0) * 1.02 + 105.0 + 1.3,
            (y - 148.5) * 1.02 + 148.5 - 0.7,
        ]
    };
    for (place, sticker) in stickers[..21].iter().enumerate() {
        assert_near(found[&sticker.link], wanted(place), &format!("{place}"));
    }
    // The line of 100 mm, 102 mm here, 6 mm from above.
    let y = ((6.0 - 148.5) * 1.02 + 148.5 - 0.7) / 25.4 * DPI;
    let row = &page.values[page.width * y as usize..][..page.width];
    let dark = |value: &u8| *value < 128;
    // Behind it stands what it must measure.
    let first = row.iter().position(dark).unwrap();
    let length = row[first..].iter().take_while(|value| dark(value)).count() as f32 / DPI * 25.4;
    assert!((length - 102.0).abs() < 0.4, "{length}");
    let second = codes(&draw(&printed.bytes, folder.path(), 2));
    assert_near(second[&stickers[21].link], wanted(0), "second page");
}
