//! Random documents with hostile texts, drawn by another renderer: on every sheet the code is read.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use tillcode::domain::document::{Align, Block, CodeSize, Document, Paragraph};
use tillcode::proto::print::escpos;

use super::{PRINTERS, profile, sheets};

/// Documents that are drawn.
const DOCUMENTS: usize = 300;

/// Letters of many languages, signs, and bytes that are commands to printers.
fn text() -> impl Strategy<Value = String> {
    let signs = prop_oneof![
        4 => "[ -~]",
        1 => "[\u{0}-\u{1f}\u{7f}]",
        2 => "[äøÆßéñçłŻœЖщΩλ€£¥“”–]",
        1 => Just("\u{1b}@".to_owned()),
        1 => Just("\u{1d}V\u{0}".to_owned()),
        1 => Just("\u{10}\u{14}\u{1}\u{0}\u{1}".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(signs, 0..40).prop_map(|signs| signs.concat())
}

fn block() -> impl Strategy<Value = Block> {
    let align = prop::sample::select(vec![Align::Left, Align::Center, Align::Right]);
    prop_oneof![
        4 => (text(), align, any::<bool>(), any::<bool>()).prop_map(
            |(text, align, is_large, is_bold)| Block::Text(Paragraph {
                text,
                align,
                is_large,
                is_bold,
            })
        ),
        2 => (text(), text(), any::<bool>()).prop_map(|(left, right, is_bold)| Block::Row {
            left,
            right,
            is_bold,
        }),
        1 => Just(Block::Rule),
        1 => (1_u8..4).prop_map(Block::Feed),
    ]
}

/// A document with one code, and what that says.
fn document() -> impl Strategy<Value = (Document, String)> {
    let blocks = || prop::collection::vec(block(), 0..5);
    let size = prop::sample::select(vec![CodeSize::Hand, CodeSize::Full]);
    let link = "https://pay\\.example\\.com/[a-zA-Z0-9/?=&%_.-]{1,120}";
    (blocks(), link, size, blocks()).prop_map(|(above, text, size, below)| {
        let mut document = Document::default();
        let code = Block::Code {
            text: text.clone(),
            size,
        };
        for block in above.into_iter().chain([code]).chain(below) {
            document.add(block);
        }
        document.add(Block::Cut);
        (document, text)
    })
}

#[test]
fn the_code_of_every_random_document_is_read_and_nothing_is_a_command() {
    let mut runner = TestRunner::deterministic();
    let profiles = PRINTERS.map(|(ours, theirs)| (profile(ours), theirs));
    for number in 0..DOCUMENTS {
        let (document, link) = document().new_tree(&mut runner).unwrap().current();
        let (profile, theirs) = &profiles[number % profiles.len()];
        let job = escpos::encode(&document, profile, 1).unwrap();
        // The renderer refuses what it does not know, and a sheet more would be a cut out of a text.
        assert_eq!(sheets(&job.body, theirs), [[link]], "{theirs} {document:?}");
    }
}
