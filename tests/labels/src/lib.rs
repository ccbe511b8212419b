//! Our labels as a renderer draws them that others wrote, and their codes as a reader finds them.
#![cfg(test)]

use labelize::{Language, RenderOptions};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use tillcode::domain::bitmap::Bitmap;
use tillcode::domain::document::{Block, CodeSize, Document};
use tillcode::proto::print::{Media, Profile, Profiles, encode, preview};

/// 70 x 60 mm.
const STOCK: Media = Media {
    width_tenths_mm: 700,
    height_tenths_mm: Some(600),
};
/// Texts that would be commands if they were not told as texts.
const HOSTILE: [&str; 9] = [
    "^XZ^XA^FO0,0^GB700,700,700^FS",
    "~JA",
    "_5E_7E _ \\",
    "a\"\r\nCLS\r\nPRINT 9\r\n\"b",
    "\\[\"]\\[L]CLS\\[R]",
    "\u{1b}!R\u{1b}!?",
    "~!T",
    "100 % \"wool\", 3,50",
    "Żółć € Борщ “Tea” ^FS",
];

fn languages() -> [(Profile, Language); 2] {
    let profiles = Profiles::built_in().unwrap();
    [("zpl-203", "zpl"), ("tspl-203", "tspl")].map(|(ours, theirs)| {
        let profile = profiles.get(ours).unwrap().clone();
        (profile, Language::from_name(theirs).unwrap())
    })
}

fn link(bytes: usize) -> String {
    let path: String = ('a'..='z')
        .chain('0'..='9')
        .cycle()
        .take(bytes - 24)
        .collect();
    format!("https://pay.example.com/{path}")
}

fn label(title: &str, code: &str) -> Document {
    let mut document = Document::default();
    document
        .center(title, true)
        .add(Block::Row {
            left: title.to_owned(),
            right: "3.50".to_owned(),
            is_bold: true,
        })
        .add(Block::Code {
            text: code.to_owned(),
            size: CodeSize::Full,
        })
        .center("Ref A7K2QX", false);
    document
}

struct Found {
    text: String,
    /// The corners of the code, in dots.
    corners: [(i32, i32); 4],
}

/// White around, as a table is around a label.
const BORDER: usize = 24;

fn codes(width: usize, height: usize, is_black: impl Fn(usize, usize) -> bool) -> Vec<Found> {
    let side = |dots: usize| dots + 2 * BORDER;
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(side(width), side(height), |x, y| {
            let place = |at: usize, most: usize| at.checked_sub(BORDER).filter(|at| *at < most);
            match (place(x, width), place(y, height)) {
                (Some(x), Some(y)) if is_black(x, y) => 0,
                _ => 255,
            }
        });
    let grids = picture.detect_grids();
    let found = grids.iter().map(|grid| Found {
        text: grid.decode().unwrap().1,
        corners: grid.bounds.map(|point| (point.x, point.y)),
    });
    found.collect()
}

fn rendered(body: &[u8], language: Language) -> Vec<Found> {
    let options = RenderOptions {
        language: Some(language),
        width_mm: Some(70.0),
        height_mm: Some(60.0),
        ..RenderOptions::default()
    };
    let drawn = labelize::render_png(body, options).unwrap();
    assert_eq!(drawn.labels, 1);
    let picture = image::load_from_memory(&drawn.bytes).unwrap().into_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    codes(width, height, |x, y| {
        picture.get_pixel(x as u32, y as u32).0[0] < 128
    })
}

fn previewed(sheet: &Bitmap) -> Vec<Found> {
    codes(sheet.width(), sheet.height(), |x, y| sheet.is_black(x, y))
}

/// The one code of a label says this, and is where the preview has it.
fn check(document: &Document, wanted: &str) {
    for (profile, language) in languages() {
        let name = profile.title.clone();
        let job = encode(document, &profile, Some(STOCK), 1).unwrap();
        let found = rendered(&job.body, language);
        let shown = previewed(&preview(document, &profile, Some(STOCK)).unwrap());
        let texts: Vec<_> = found.iter().map(|code| code.text.as_str()).collect();
        assert_eq!(texts, [wanted], "{name}");
        assert_eq!(shown[0].text, wanted);
        for (one, other) in found[0].corners.iter().zip(shown[0].corners) {
            let off = (one.0 - other.0).abs().max((one.1 - other.1).abs());
            assert!(off <= 1, "{name}: {one:?} {other:?}");
        }
    }
}

#[test]
fn codes_of_every_length_are_read_where_the_preview_has_them() {
    for bytes in (25..=250).step_by(15) {
        let link = link(bytes);
        check(&label("Cafe Rosa", &link), &link);
    }
}

#[test]
fn no_text_is_a_command() {
    let link = link(60);
    for title in HOSTILE {
        check(&label(title, &link), &link);
    }
}

/// Labels of which each language draws one.
const LABELS: usize = 300;

/// Letters of many languages, signs, and what is a command in one language or the other.
fn text() -> impl Strategy<Value = String> {
    let signs = prop_oneof![
        4 => "[ -~]",
        1 => "[\u{0}-\u{1f}\u{7f}]",
        2 => "[äøÆßéñçłŻœЖщΩλ€£¥“”–]",
        1 => prop::sample::select(HOSTILE.to_vec()).prop_map(str::to_owned),
    ];
    prop::collection::vec(signs, 0..12).prop_map(|signs| signs.concat())
}

#[test]
fn the_code_of_every_random_label_is_read() {
    let mut runner = TestRunner::deterministic();
    let link = "https://pay\\.example\\.com/[a-zA-Z0-9/?=&%_.~^\"\\\\-]{1,80}";
    let label = (text(), text(), link);
    let mut drawn = 0;
    for _ in 0..LABELS {
        let (above, below, link) = label.new_tree(&mut runner).unwrap().current();
        let mut document = Document::default();
        document.center(&above, false);
        document.add(Block::Code {
            text: link.clone(),
            size: CodeSize::Hand,
        });
        document.center(&below, true);
        for (profile, language) in languages() {
            // Long texts need a higher label than this.
            let Ok(job) = encode(&document, &profile, Some(STOCK), 1) else {
                continue;
            };
            let found = rendered(&job.body, language);
            let texts: Vec<_> = found.iter().map(|code| code.text.as_str()).collect();
            assert_eq!(texts, [link.as_str()], "{}: {document:?}", profile.title);
            drawn += 1;
        }
    }
    assert!(drawn > LABELS, "{drawn}");
}

#[test]
fn a_code_says_whatever_it_is_told() {
    for text in HOSTILE {
        if text.chars().any(char::is_control) {
            continue;
        }
        let text = format!("https://pay.example.com/?q={text}");
        check(&label("Cafe Rosa", &text), &text);
    }
    let capitals = "HTTPS://PAY.EXAMPLE.COM/1234567890";
    check(&label("Cafe Rosa", capitals), capitals);
}

#[test]
fn each_sheet_is_a_label_of_its_own() {
    let mut document = label("one", &link(40));
    document.add(Block::Cut).center("two", true);
    for (profile, language) in languages() {
        let job = encode(&document, &profile, Some(STOCK), 1).unwrap();
        let options = RenderOptions {
            language: Some(language),
            ..RenderOptions::default()
        };
        assert_eq!(labelize::render_png(&job.body, options).unwrap().labels, 2);
    }
}
