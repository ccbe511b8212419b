//! Documents of all kinds for all printers: nothing falls over, and no text is a command.

use proptest::prelude::*;

use super::label_reader::Mark;
use super::*;
use crate::domain::bitmap::Bitmap;
use crate::domain::document::Proof;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,80}",
        "\\PC{0,60}",
        proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
        Just("żółć ø € Борщ\u{1b}@\u{10}\u{4}\u{1}".to_owned()),
        Just("^XZ^XA~JA^FS_5E_7E\u{1b}!R~!T".to_owned()),
        Just("a\"\r\nPRINT 9\r\nCLS\r\n\\[L]\"b".to_owned()),
    ]
}

/// More than one command of dots has.
const PICTURE_ROWS: usize = 150;

fn picture() -> impl Strategy<Value = Bitmap> {
    (
        1..=380_usize,
        proptest::collection::vec(any::<u8>(), 1..200),
    )
        .prop_map(|(width, bytes)| {
            let mut picture = Bitmap::white(width, PICTURE_ROWS);
            for dot in 0..width * PICTURE_ROWS {
                if bytes[dot / 8 % bytes.len()] >> (dot % 8) & 1 == 1 {
                    picture.blacken(dot % width, dot / width);
                }
            }
            picture
        })
}

fn block() -> impl Strategy<Value = Block> {
    let align = prop_oneof![Just(Align::Left), Just(Align::Center), Just(Align::Right)];
    prop_oneof![
        8 => (text(), align, any::<bool>(), any::<bool>()).prop_map(
            |(text, align, is_large, is_bold)| Block::Text(Paragraph { text, align, is_large, is_bold })
        ),
        4 => (text(), text(), any::<bool>())
            .prop_map(|(left, right, is_bold)| Block::Row { left, right, is_bold }),
        2 => Just(Block::Rule),
        2 => "[a-zA-Z0-9:/.?=&-]{1,120}"
            .prop_map(|text| Block::Code { text, size: CodeSize::Full }),
        1 => picture().prop_map(Block::Picture),
        1 => any::<u8>().prop_map(Block::Feed),
        1 => Just(Block::Cut),
        1 => Just(Block::Drawer),
        1 => Just(Block::Buzzer),
        1 => (0..=32_u8).prop_map(|columns| Block::Proof(Proof::Columns(columns))),
        1 => (any::<u8>(), text()).prop_map(|(number, text)| {
            let text = text.chars().take(32).collect();
            Block::Proof(Proof::Page { number: number % 20, text })
        }),
        1 => text().prop_map(|text| Block::Proof(Proof::Drawn(text))),
        1 => Just(Block::Proof(Proof::Cut)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn documents_become_jobs_of_known_commands_that_hold_the_same_text(
        blocks in proptest::collection::vec(block(), 0..12),
        printer in 0..7_usize,
    ) {
        let profile = PROFILES.names().map(|name| PROFILES.get(name).unwrap());
        let profile = profile.filter(|profile| !profile.is_for_labels()).nth(printer).unwrap();
        let document = document(&blocks);
        let job = encode(&document, profile, 9).unwrap();
        let found = read(&job.body, profile);
        prop_assert!(!job.body.windows(2).any(|two| matches!(two, [0x10, 4 | 5 | 0x14])));
        let count = |wanted: fn(&Block) -> bool| blocks.iter().filter(|block| wanted(block)).count();
        let read = |wanted: fn(&Read) -> bool| found.iter().filter(|read| wanted(read)).count();
        prop_assert_eq!(count(|b| matches!(b, Block::Drawer)), read(|r| matches!(r, Read::Drawer)));
        let cuts: fn(&Block) -> bool = if profile.cutter {
            |b| matches!(b, Block::Cut | Block::Proof(Proof::Cut))
        } else {
            |b| matches!(b, Block::Proof(Proof::Cut))
        };
        prop_assert_eq!(count(cuts), read(|r| matches!(r, Read::Cut)));
        let codes: Vec<_> = found.iter().filter_map(code_of).collect();
        let wanted: Vec<_> = blocks.iter().filter_map(wanted_of).collect();
        if profile.native_code.is_some() {
            prop_assert_eq!(codes, wanted);
        }
        for read in &found {
            if let Read::Line(line) = read {
                prop_assert!(line.chars().count() <= profile.columns());
            }
        }
        if is_shown(&blocks) {
            prop_assert_eq!(preview(&document, profile, None).unwrap().width(), profile.dots);
        }
    }

    #[test]
    fn labels_hold_the_same_text_as_receipts_and_nothing_lies_outside(
        blocks in proptest::collection::vec(block(), 0..12),
        is_zpl in any::<bool>(),
        width in 500..1_100_usize,
        height in proptest::option::of(100..5_000_usize),
    ) {
        let profile = profile(if is_zpl { "zpl-203" } else { "tspl-203" });
        let document = document(&blocks);
        let media = Media { width_tenths_mm: width, height_tenths_mm: height };
        let job = match super::super::encode(&document, &profile, Some(media), 9) {
            Ok(job) => job,
            Err(PrintError::LabelTooLow { .. }) => return Ok(()),
            Err(PrintError::Code(_) | PrintError::PictureTooWide { .. }) if width < 620 => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let labels = if is_zpl { label_reader::zpl(&job.body) } else { label_reader::tspl(&job.body) };
        for label in &labels {
            for mark in &label.marks {
                prop_assert!(is_within(label, mark), "{:?} {:?}", (label.width, label.height), mark);
            }
        }
        let dots = profile.dots_of(width).min(profile.dots) - 14;
        let receipt = Profile { language: Language::EscPos, dots, ..profile.clone() };
        let body = encode(&document, &receipt, 9).unwrap().body;
        let lines = read(&body, &receipt).into_iter().filter_map(lines_of);
        let unsaid = |line: &String| is_zpl || !line.contains(['"', '\\', '~']);
        let lines: Vec<_> = lines.filter(|line| !line.is_empty()).filter(unsaid).collect();
        prop_assert_eq!(texts(&labels), lines);
        if is_zpl && is_shown(&blocks) {
            let sheet = preview(&document, &profile, Some(media)).unwrap();
            let rows: usize = labels.iter().map(|label| label.height + 10).sum();
            prop_assert_eq!(sheet.height(), rows.min(PREVIEW_ROWS_MAX));
        }
    }
}

/// Whether it is previewed, too: to draw takes longer than all the rest.
const fn is_shown(blocks: &[Block]) -> bool {
    blocks.len().is_multiple_of(4)
}

fn document(blocks: &[Block]) -> Document {
    let mut document = Document::default();
    for block in blocks {
        document.add(block.clone());
    }
    document
}

fn is_within(label: &label_reader::Label, (x, y, mark): &label_reader::At) -> bool {
    let (width, height) = match mark {
        // Bold is a dot wider than its columns.
        Mark::Text { text, is_large } => {
            let times = if *is_large { 2 } else { 1 };
            (text.chars().count() * 12 * times, 20 * times)
        }
        Mark::Code { text, module } => {
            let side = side_of(text, Level::M).unwrap() * module;
            (side, side)
        }
        // In whole bytes.
        Mark::Dots { width, height } => (width - 7, *height),
    };
    *x >= 7 && *y >= 7 && x + width <= label.width - 6 && y + height <= label.height - 7
}

/// All texts; what is printed twice for bold is one.
fn texts(labels: &[label_reader::Label]) -> Vec<String> {
    let mut found = Vec::new();
    let mut before = None;
    for (x, y, mark) in labels.iter().flat_map(|label| &label.marks) {
        if let Mark::Text { text, is_large } = mark {
            if before != Some((*x - 1, *y, text)) {
                found.push(text.clone());
            }
            before = Some((*x, *y, text));
            assert!(*is_large || text.chars().count() <= 69);
        }
    }
    found
}

/// More where they are asked for: `PRINT_CASES=100000`.
fn cases() -> u32 {
    let asked = std::env::var("PRINT_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(1_000)
}

fn code_of(read: &Read) -> Option<String> {
    if let Read::Code(text) = read {
        Some(text.clone())
    } else {
        None
    }
}

fn wanted_of(block: &Block) -> Option<String> {
    if let Block::Code { text, .. } = block {
        Some(text.clone())
    } else {
        None
    }
}
