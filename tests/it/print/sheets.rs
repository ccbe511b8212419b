//! Sheets of stickers as a program draws them that others wrote, and their codes as two readers find them.

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

/// A part of a page, in dots.
#[derive(Clone, Copy)]
struct Part {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Part {
    /// From millimeters.
    fn new(left: f32, top: f32, width: f32, height: f32) -> Self {
        let dots = |at: f32| (at.max(0.0) / 25.4 * DPI) as usize;
        Self {
            left: dots(left),
            top: dots(top),
            width: dots(width),
            height: dots(height),
        }
    }
}

impl Page {
    fn at(&self, part: Part, x: usize, y: usize) -> u8 {
        let (x, y) = (part.left + x, part.top + y);
        assert!(x < self.width && y < self.height);
        self.values[y * self.width + x]
    }

    /// What the one code of a part says.
    fn code(&self, part: Part) -> String {
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(part.width, part.height, |x, y| {
                self.at(part, x, y)
            });
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "codes");
        grids[0].decode().unwrap().1
    }

    /// The middle of what is dark in a part, in millimeters from the page's corner.
    fn middle(&self, part: Part) -> [f32; 2] {
        let dark = |x: usize, y: usize| self.at(part, x, y) < 128;
        let columns: Vec<usize> = (0..part.width)
            .filter(|x| (0..part.height).any(|y| dark(*x, y)))
            .collect();
        let rows: Vec<usize> = (0..part.height)
            .filter(|y| (0..part.width).any(|x| dark(x, *y)))
            .collect();
        let middle = |dots: &[usize], first: usize| {
            let (least, most) = (dots[0], dots[dots.len() - 1] + 1);
            (first as f32 + (least + most) as f32 / 2.0) / DPI * 25.4
        };
        [middle(&columns, part.left), middle(&rows, part.top)]
    }
}

/// The texts that the second reader finds on parts of a page, one after the other.
fn second(page: &Page, parts: &[Part], folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let mut file = format!("P5\n{} {}\n255\n", part.width, part.height).into_bytes();
        for y in 0..part.height {
            file.extend((0..part.width).map(|x| page.at(*part, x, y)));
        }
        files.push(folder.join(format!("part-{number:03}.pgm")));
        std::fs::write(&files[number], file).unwrap();
    }
    let output = Command::new("zbarimg")
        .args(["-q", "--raw", "-Sdisable", "-Sqrcode.enable"])
        .args(&files)
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// A place of a layout on the page.
fn cell(layout: &SheetLayout, place: usize) -> Part {
    let mm = |hundredths: u32| hundredths as f32 / 100.0;
    let columns = layout.columns as usize;
    let (column, row) = ((place % columns) as f32, (place / columns) as f32);
    Part::new(
        mm(layout.left) + column * mm(layout.pitch_x),
        mm(layout.top) + row * mm(layout.pitch_y),
        mm(layout.width),
        mm(layout.height),
    )
}

/// The middle of the code in a place and its side with its quiet zone, by hand from the layout: 1.5 mm of
/// white at each edge, 4.5 mm at that of the page; 2.4 mm below the code; at most 55 % of the width.
fn square(layout: &SheetLayout, place: usize) -> ([f32; 2], f32) {
    let mm = |hundredths: u32| hundredths as f32 / 100.0;
    let white = |margin: u32| (4.5 - mm(margin)).max(1.5);
    let (across, down) = (white(layout.left), white(layout.top));
    let height = mm(layout.height) - 2.0 * down - 2.4;
    let side = height.min((mm(layout.width) - 2.0 * across) * 0.55);
    let columns = layout.columns as usize;
    let (column, row) = ((place % columns) as f32, (place / columns) as f32);
    let middle = [
        mm(layout.left) + column * mm(layout.pitch_x) + across + side / 2.0,
        mm(layout.top) + row * mm(layout.pitch_y) + down + side / 2.0,
    ];
    (middle, side)
}

/// The code is here, and says this.
#[track_caller]
fn check(page: &Page, [x, y]: [f32; 2], side: f32, link: &str, what: &str) {
    let part = Part::new(x - side / 2.0, y - side / 2.0, side, side);
    assert_eq!(page.code(part), link, "{what}");
    assert_near(page.middle(part), [x, y], what);
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
        let places = start..layout.places();
        let parts: Vec<Part> = places.map(|place| cell(&layout, place)).collect();
        let wanted: Vec<String> = stickers.iter().map(|one| one.link.clone()).collect();
        assert_eq!(second(&page, &parts, folder.path()), wanted, "{name}");
        for (place, (part, link)) in parts.iter().zip(&wanted).enumerate() {
            let what = format!("{name} {place}");
            assert_eq!(&page.code(*part), link, "{what}");
            let (middle, side) = square(&layout, place + start);
            check(&page, middle, side, link, &what);
        }
        // What was used already stays white.
        for place in 0..start {
            let part = cell(&layout, place);
            let is_white = |y: usize| (0..part.width).all(|x| page.at(part, x, y) == 255);
            assert!((0..part.height).all(is_white), "{name} {place}");
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
    let check = |page: &Page, place: usize, sticker: &Sticker| {
        let ([x, y], side) = square(&layout, place);
        let middle = [
            (x - 105.0) * 1.02 + 105.0 + 1.3,
            (y - 148.5) * 1.02 + 148.5 - 0.7,
        ];
        check(
            page,
            middle,
            side * 1.02,
            &sticker.link,
            &format!("{place}"),
        );
    };
    for (place, sticker) in stickers[..21].iter().enumerate() {
        check(&page, place, sticker);
    }
    // The line of 100 mm, 102 mm here, 6 mm from above.
    let y = ((6.0 - 148.5) * 1.02 + 148.5 - 0.7) / 25.4 * DPI;
    let row = &page.values[page.width * y as usize..][..page.width];
    let dark = |value: &u8| *value < 128;
    // Behind it stands what it must measure.
    let first = row.iter().position(dark).unwrap();
    let length = row[first..].iter().take_while(|value| dark(value)).count() as f32 / DPI * 25.4;
    assert!((length - 102.0).abs() < 0.4, "{length}");
    check(&draw(&printed.bytes, folder.path(), 2), 0, &stickers[21]);
}
