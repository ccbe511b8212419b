//! Bytes by hand, bounds, and what is read back.

use std::sync::LazyLock;

use super::escpos::encode;
use super::escpos::status::Listener;
use super::status::{PrinterState, Said};
use super::*;
use crate::domain::document::{Align, Block, CodeSize, Document, Paragraph};
use crate::proto::qr::{Level, QrError, QrGrid, side_of};

mod drawn;
mod golden;
mod label_reader;
mod labels;
mod proof;
mod random;
mod reader;

use reader::{Read, read};

/// Read once for all tests.
static PROFILES: LazyLock<Profiles> = LazyLock::new(|| Profiles::built_in().unwrap());

fn profile(name: &str) -> Profile {
    PROFILES.get(name).unwrap().clone()
}

const LINK: &str = "https://pay.example.com/l/7Kq2XmB9aZ?a=2450&c=EUR";

/// A text that is never drawn: a printer that was off amid a sheet has forgotten it.
const NEVER_DRAWN: &[u8] = b"\x1d(k\x04\x00\x31\x50\x30\x30";

/// What a job prints, behind what every job begins with.
fn behind_start(job: &Job) -> &[u8] {
    let body = job.body.strip_prefix(b"\x1b@").unwrap();
    body.strip_prefix(NEVER_DRAWN).unwrap_or(body)
}

/// The label by which printers and libraries are compared: four lines and a link of 49 bytes.
fn label() -> Document {
    let mut document = Document::default();
    document
        .center("Cafe Rosa", true)
        .center("Table 12 - lunch menu", false)
        .center("EUR 24.50", false)
        .add(Block::Code {
            text: LINK.to_owned(),
            size: CodeSize::Hand,
        })
        .center("Ref A7K2QX  20.11.2026", false)
        .add(Block::Cut);
    document
}

#[test]
fn all_built_in_profiles_are_read() {
    let profiles = Profiles::built_in().unwrap();
    let wanted = ["epson-tm-t20", "epson-tm-t88", "generic-58", "generic-80"];
    for name in wanted {
        assert!(profiles.get(name).is_some(), "{name}");
    }
    let columns: Vec<_> = profiles
        .names()
        .map(|name| (name, profiles.get(name).unwrap().columns()))
        .collect();
    assert_eq!(
        columns,
        [
            ("epson-tm-t20", 48),
            ("epson-tm-t88", 42),
            ("generic-58", 32),
            ("generic-80", 48),
            ("head-180", 42),
            ("nt-5890k", 32),
            ("pos-5890", 32),
            ("tspl-203", 69),
            ("zpl-203", 69)
        ]
    );
}

#[test]
fn a_label_has_just_these_bytes() {
    let job = encode(&label(), &profile("epson-tm-t88"), 7).unwrap();
    let mut wanted = b"\x1b@\x1d(k\x34\x001P0".to_vec();
    wanted.extend(LINK.as_bytes());
    wanted.extend(b"\x1ba\x01\x1d!\x11Cafe Rosa\n\x1d!\x00Table 12 - lunch menu\nEUR 24.50\n");
    wanted.extend(b"\n\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1");
    wanted.extend(b"\x1d(k\x03\x001Q0\nRef A7K2QX 20.11.2026\n\x1dVB\x00");
    assert_eq!(
        job.body.escape_ascii().to_string(),
        wanted.escape_ascii().to_string()
    );
    assert_eq!(job.confirm, b"\x1d(H\x06\x00000007");
    assert_eq!(job.check, b"\x1d(k\x03\x001R0");
    assert!(job.replaced.is_empty());
}

#[test]
fn a_label_is_small_enough_for_a_slow_line() {
    for (name, most) in [
        ("epson-tm-t88", 185),
        ("epson-tm-t20", 185),
        ("generic-58", 1_400),
        ("generic-80", 1_400),
        ("pos-5890", 1_400),
        ("nt-5890k", 1_400),
        ("head-180", 1_400),
    ] {
        let job = encode(&label(), &profile(name), 1).unwrap();
        let bytes = job.body.len() + job.confirm.len();
        assert!(bytes <= most, "{name}: {bytes}");
        assert_eq!(job.boundaries.last(), Some(&job.body.len()));
    }
}

fn lines_of(read: Read) -> Option<String> {
    if let Read::Line(text) = read {
        Some(text)
    } else {
        None
    }
}

fn job(profile: &Profile, text: &str) -> Job {
    let mut document = Document::default();
    document.add(Block::Text(Paragraph {
        text: text.to_owned(),
        ..Paragraph::default()
    }));
    encode(&document, profile, 0).unwrap()
}

fn written(name: &str, text: &str) -> (String, Vec<(char, String)>) {
    let mut document = Document::default();
    document.center(text, false);
    let profile = profile(name);
    let job = encode(&document, &profile, 0).unwrap();
    let texts = read(&job.body, &profile).into_iter().filter_map(lines_of);
    (texts.collect::<Vec<_>>().join("|"), job.replaced)
}

#[test]
fn each_printer_writes_what_it_can_and_says_what_it_cannot() {
    for (name, text) in [
        ("generic-58", "Café crème 3,50 €, smørbrød Ø"),
        ("generic-58", "Żurek, gołąbki, pierożki"),
        ("pos-5890", "Борщ и квас"),
        ("epson-tm-t20", "Μουσακάς, Żurek, Борщ, €5, ø, ß"),
        ("epson-tm-t88", "straße ½ £"),
    ] {
        assert_eq!(written(name, text), (text.to_owned(), Vec::new()), "{name}");
    }
}

#[test]
fn what_no_page_has_is_drawn_and_only_quotes_and_the_like_are_replaced() {
    let pair = |from, to: &str| (from, to.to_owned());
    let text = "“Zur” − 3\u{202f}×…";
    let replaced = [
        pair('“', "\""),
        pair('”', "\""),
        pair('−', "-"),
        pair('\u{202f}', " "),
        pair('×', "x"),
        pair('…', "..."),
    ];
    let mut printer = profile("pos-5890");
    printer.code_pages.truncate(1);
    let job = job(&printer, text);
    assert_eq!(job.body, b"\x1b@\"Zur\" - 3 x...\n");
    assert_eq!(job.replaced, replaced);
    for text in ["Żurek", "5 € ø ß", "Μουσακάς", "Борщ", "© ™"] {
        let job = self::job(&printer, text);
        let width = (text.chars().count() * 12).div_ceil(8);
        let raster = Read::Raster { width, height: 33 };
        assert_eq!(read(&job.body, &printer), [raster], "{text}");
        assert!(job.replaced.is_empty());
    }
    let job = self::job(&printer, "日 ǟ");
    assert_eq!(job.replaced, [pair('日', "?"), pair('ǟ', "a")]);
}

#[test]
fn a_drawn_line_stands_where_its_text_would_and_is_as_large() {
    let printer = profile("pos-5890");
    let line = |text: &str, align, is_large, is_bold| {
        let mut document = Document::default();
        document.add(Block::Text(Paragraph {
            text: text.to_owned(),
            align,
            is_large,
            is_bold,
        }));
        encode(&document, &printer, 0).unwrap().body
    };
    let drawn = |align, is_large, is_bold| line("Żółw", align, is_large, is_bold);
    // 36 dots in the 40 of whole bytes: at the edge, or in the middle.
    let first = |align| {
        let body = line("Żół", align, false, false);
        let rows = &body[body.len() - 5 * 33..];
        let row = |row: &[u8]| {
            row.iter()
                .fold(0, |bits, byte| bits << 8 | u64::from(*byte))
        };
        rows.chunks(5).map(row).collect::<Vec<_>>()
    };
    let shifted = |by: u32| {
        first(Align::Left)
            .iter()
            .map(|row| row >> by)
            .collect::<Vec<_>>()
    };
    assert_eq!(first(Align::Center), shifted(2));
    assert_eq!(first(Align::Right), shifted(4));
    let plain = drawn(Align::Left, false, false);
    assert!(plain.starts_with(b"\x1b@\x1dv0\x00\x06\x00\x21\x00"));
    assert_eq!(plain.len(), 2 + 8 + 6 * 33);
    let right = drawn(Align::Right, false, false);
    assert_eq!(right.strip_prefix(b"\x1b@\x1ba\x02"), plain.get(2..));
    // The printer makes the dots of large letters larger.
    let large = drawn(Align::Left, true, false);
    assert!(large.starts_with(b"\x1b@\x1dv0\x03\x06\x00\x18\x00"));
    assert_eq!(large.get(10..), plain.get(10..10 + 6 * 24));
    let ink = |body: &[u8]| -> u32 { body.iter().skip(10).map(|byte| byte.count_ones()).sum() };
    assert!(ink(&drawn(Align::Left, false, true)) > ink(&plain) * 5 / 4);
}

#[test]
fn names_are_never_commands() {
    let text = "a\u{1b}@b\u{10}\u{4}\u{1}c\u{1d}V\u{0}d\u{7f}\u{9b}e\r\nf\tg\u{202e}h\u{200b}i";
    assert_eq!(written("generic-80", text).0, "a@bcVde|f ghi");
}

#[test]
fn words_are_kept_together_and_rows_meet_both_edges() {
    let profile = profile("generic-58");
    let mut document = Document::default();
    let row = |left: &str, right: &str| Block::Row {
        left: left.to_owned(),
        right: right.to_owned(),
        is_bold: false,
    };
    document
        .add(row("Bread", "3.50"))
        .add(row("A very long name of a loaf of bread", "1,203.50"))
        .add(row("Name", "a right side that is too long for it"))
        .add(Block::Rule)
        .center("Donaudampfschifffahrtsgesellschaft und mehr", true);
    let job = encode(&document, &profile, 0).unwrap();
    let lines: Vec<_> = read(&job.body, &profile)
        .into_iter()
        .filter_map(lines_of)
        .collect();
    assert_eq!(
        lines,
        [
            "Bread                       3.50",
            "A very long name of a",
            "loaf of bread           1,203.50",
            "Name",
            "a right side that is too long",
            "for it",
            "--------------------------------",
            "Donaudampfschiff",
            "fahrtsgesellscha",
            "ft und mehr",
        ]
    );
}

#[test]
fn only_a_printer_that_can_sound_is_told_to() {
    let mut document = Document::default();
    document.add(Block::Buzzer);
    let mut printer = profile("generic-80");
    assert_eq!(encode(&document, &printer, 0).unwrap().body, b"\x1b@");
    printer.buzzer = true;
    let told = encode(&document, &printer, 0).unwrap();
    assert_eq!(read(&told.body, &printer), [Read::Buzzer]);
}

#[test]
fn a_code_that_nobody_could_scan_is_refused_with_what_would_help() {
    let link = |bytes: usize| format!("https://pay.example.com/{}", "x".repeat(bytes - 24));
    let code = |bytes| FittedCode::new(&link(bytes), CodeSize::Hand, &profile("generic-58"));
    let module = |bytes| {
        let code = code(bytes).unwrap();
        assert!((code.side + 8) * code.module <= 384);
        (code.module, code.level)
    };
    assert_eq!(module(49), (6, Level::M));
    assert_eq!(module(200), (4, Level::M));
    let mut narrow = profile("generic-58");
    narrow.dots = 200;
    let refused = FittedCode::new(&link(200), CodeSize::Full, &narrow).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "this code needs 31 mm of width to be scanned, this printer has 25 mm: take a wider roll, or a shorter link"
    );
    let refused = FittedCode::new("a\nb", CodeSize::Hand, &narrow).unwrap_err();
    assert_eq!(refused, CodeProblem::Controls);
}

#[test]
fn a_printers_words_are_told_apart() {
    let mut listener = Listener::default();
    let said = listener.hear(&[
        0x11, 0x12, 0x16, 0x37, 0x22, b'0', b'0', b'0', b'7', 0, 0x38, 0x08, 0x0c, 0x0f, 0x13,
        0x00, 0x03, 0x37, 0x25, 0x00, 0xff, 0x37, 0x36, b'9', 0x1f, b'9', 0x1f, b'1', 0x1f, b'0',
        0x00, 0x37, 0x2f, b'0', 0x1f, b'0', 0x1f, b'1', 0x1f, b'1', 0x00,
    ]);
    let state = PrinterState {
        is_offline: true,
        is_open: true,
        is_paper_out: true,
        is_cutter_stuck: true,
        ..PrinterState::default()
    };
    assert_eq!(
        said,
        [
            Said::Answer(0x12),
            Said::Answer(0x16),
            Said::Printed(*b"0007"),
            Said::State(state),
            Said::Processed {
                is_paper_low: false
            },
            Said::Processed { is_paper_low: true },
            Said::Cleared,
            Said::Noise,
            Said::Kept(true),
            Said::Kept(false),
        ]
    );
    let paper_out = PrinterState::from_answers([0x1a, 0x32, 0x12, 0x7e]);
    assert!(paper_out.is_offline && paper_out.is_paper_out && paper_out.is_paper_low);
    assert!(!paper_out.is_open && !paper_out.is_broken);
    assert_eq!(
        PrinterState::from_answers([0x12; 4]),
        PrinterState::default()
    );
}

#[test]
fn a_codes_side_is_known_before_the_code_is_made() {
    for bytes in 1..=300 {
        let texts = ["a".repeat(bytes), "7".repeat(bytes), "/".repeat(bytes)];
        for (text, level) in texts
            .iter()
            .flat_map(|text| [(text, Level::L), (text, Level::M)])
        {
            let made = QrGrid::encode_at(text, level).unwrap();
            assert_eq!(side_of(text, level), Ok(made.side()), "{text}");
        }
    }
    assert_eq!(side_of("", Level::M), Err(QrError::Empty));
    let long = "a".repeat(301);
    assert_eq!(side_of(&long, Level::M), Err(QrError::TooLong(301)));
}
