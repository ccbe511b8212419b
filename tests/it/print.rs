//! What others make of our bytes: a renderer that knows printers dot by dot and refuses what it does not
//! know, and a reader of codes that shares nothing with ours.

mod random;
mod sheets;

use escpost_profiles::resolver;
use escpost_render::render;
use tillcode::domain::document::{Block, CodeSize, Document};
use tillcode::proto::print::{Profile, Profiles, escpos};

/// Ours, and the renderer's of the same printer.
const PRINTERS: [(&str, &str); 4] = [
    ("epson-tm-t88", "TM-T88V"),
    ("head-180", "TM-T88V"),
    ("epson-tm-t20", "TM-T20II"),
    ("nt-5890k", "NT-5890K"),
];
/// White around the sheet, as a table is around paper.
const BORDER: usize = 24;

fn profile(name: &str) -> Profile {
    Profiles::built_in().unwrap().get(name).unwrap().clone()
}

fn label(link: &str, size: CodeSize) -> Document {
    let mut document = Document::default();
    document
        .center("Café Rosa", true)
        .center("Smørbrød mit Käse 3,50 €", false)
        .add(Block::Code {
            text: link.to_owned(),
            size,
        })
        // Of printers with neither Greek nor Polish, as dots.
        .center("Μουσακάς Żurek", true)
        .center("Μουσακάς και κρασί", false)
        .center("pay.example.com", false)
        .add(Block::Row {
            left: "No. 17".to_owned(),
            right: "20.11.2026".to_owned(),
            is_bold: true,
        })
        .add(Block::Cut);
    document
}

/// Without what the renderer knows of no printer: that two bytes are not one character, said before the
/// first code page.
fn known(bytes: &[u8]) -> Vec<u8> {
    let unknown = b"\x1c.\x1bt";
    let Some(at) = bytes.windows(4).position(|four| four == unknown) else {
        return bytes.to_vec();
    };
    [&bytes[..at], &bytes[at + 2..]].concat()
}

/// The texts of all codes on each sheet.
pub(crate) fn sheets(bytes: &[u8], printer: &str) -> Vec<Vec<String>> {
    let profile = resolver::resolve(printer).unwrap();
    let rendered =
        render(&known(bytes), profile).unwrap_or_else(|refused| panic!("{printer}: {refused:?}"));
    let sheets = rendered.sheets.iter().map(|sheet| {
        let (width, height) = (sheet.surface.width(), sheet.surface.height());
        let border = u32::try_from(BORDER).unwrap();
        let is_black = |x: usize, y: usize| {
            let place = |at: usize| u32::try_from(at).unwrap().checked_sub(border);
            let (Some(x), Some(y)) = (place(x), place(y)) else {
                return false;
            };
            x < width && y < height && sheet.surface.is_printed(x, y)
        };
        let side = |dots: u32| usize::try_from(dots).unwrap() + 2 * BORDER;
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(side(width), side(height), |x, y| {
                if is_black(x, y) { 0 } else { 255 }
            });
        let grids = picture.detect_grids();
        grids.iter().map(|grid| grid.decode().unwrap().1).collect()
    });
    sheets.collect()
}

#[test]
fn a_label_is_one_sheet_on_which_the_code_is_read() {
    let link = "https://pay.example.com/l/7Kq2XmB9aZ?a=2450&c=EUR";
    for (ours, theirs) in PRINTERS {
        for size in [CodeSize::Hand, CodeSize::Full] {
            let job = escpos::encode(&label(link, size), &profile(ours), 1).unwrap();
            assert_eq!(sheets(&job.body, theirs), [[link]], "{ours} {size:?}");
        }
    }
}

#[test]
fn codes_of_every_length_are_read_from_paper() {
    for (ours, theirs) in PRINTERS {
        let profile = profile(ours);
        for bytes in (25..=250).step_by(15) {
            let path: String = ('a'..='z')
                .chain('0'..='9')
                .cycle()
                .take(bytes - 24)
                .collect();
            let link = format!("https://pay.example.com/{path}");
            let job = escpos::encode(&label(&link, CodeSize::Hand), &profile, 1);
            let Ok(job) = job else {
                // What is refused would have been too small.
                assert!(bytes > 200, "{ours}: {job:?}");
                continue;
            };
            assert_eq!(sheets(&job.body, theirs), [[link]], "{ours}, {bytes} bytes");
        }
    }
}
