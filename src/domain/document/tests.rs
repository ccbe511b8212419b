//! Documents are kept and come back as they were, and what is no document is refused.

use proptest::prelude::*;

use super::*;

fn picture() -> impl Strategy<Value = Bitmap> {
    (0..70_usize, 0..30_usize, any::<u64>()).prop_map(|(width, height, seed)| {
        let mut picture = Bitmap::white(width, height);
        for place in 0..width * height {
            if seed.rotate_left(u32::try_from(place % 61).unwrap()) & 1 == 1 {
                picture.blacken(place % width, place / width);
            }
        }
        picture
    })
}

fn text() -> impl Strategy<Value = String> {
    let anything = proptest::collection::vec(any::<char>(), 0..60);
    prop_oneof![
        8 => anything.prop_map(String::from_iter),
        1 => (0..2 * TEXT_CHARS_MAX).prop_map(|count| "ø".repeat(count)),
    ]
}

fn paragraph() -> impl Strategy<Value = Paragraph> {
    let align = prop_oneof![Just(Align::Left), Just(Align::Center), Just(Align::Right)];
    (text(), align, any::<bool>(), any::<bool>()).prop_map(|(text, align, is_large, is_bold)| {
        Paragraph {
            text,
            align,
            is_large,
            is_bold,
        }
    })
}

fn block() -> impl Strategy<Value = Block> {
    let drawn_by = prop_oneof![Just(DrawnBy::Printer), Just(DrawnBy::Till)];
    let proof = (any::<u8>(), drawn_by);
    let size = prop_oneof![
        Just(CodeSize::Hand),
        Just(CodeSize::Full),
        proof.prop_map(|(dots, drawn_by)| CodeSize::Proof { dots, drawn_by }),
    ];
    let proof = prop_oneof![
        any::<u8>().prop_map(Proof::Columns),
        (any::<u8>(), text()).prop_map(|(number, text)| Proof::Page { number, text }),
        text().prop_map(Proof::Drawn),
        Just(Proof::Cut),
    ];
    prop_oneof![
        paragraph().prop_map(Block::Text),
        (text(), text(), any::<bool>()).prop_map(|(left, right, is_bold)| Block::Row {
            left,
            right,
            is_bold
        }),
        (text(), size).prop_map(|(text, size)| Block::Code { text, size }),
        picture().prop_map(Block::Picture),
        any::<u8>().prop_map(Block::Feed),
        proof.prop_map(Block::Proof),
        Just(Block::Rule),
        Just(Block::Cut),
        Just(Block::Drawer),
        Just(Block::Buzzer),
    ]
}

proptest! {
    #[test]
    fn whatever_was_put_together_comes_back_as_it_was(
        blocks in proptest::collection::vec(block(), 0..20)
    ) {
        let mut document = Document::default();
        for block in blocks {
            document.add(block);
        }
        let kept = serde_json::to_string(&document).unwrap();
        prop_assert_eq!(serde_json::from_str::<Document>(&kept).unwrap(), document);
    }

    #[test]
    fn no_text_makes_reading_fall_over(text in "[\\[\\]{}\":,a-z0-9=]{0,80}") {
        drop(serde_json::from_str::<Document>(&text));
    }
}

#[test]
fn a_document_is_kept_in_plain_words() {
    let mut document = Document::default();
    document.center("Café", true).add(Block::Row {
        left: "a".to_owned(),
        right: "b".to_owned(),
        is_bold: true,
    });
    document.add(Block::Feed(2)).add(Block::Cut);
    assert_eq!(
        serde_json::to_string(&document).unwrap(),
        r#"[{"text":{"text":"Café","align":"center","large":true,"bold":false}},{"row":{"left":"a","right":"b","bold":true}},{"feed":2},"cut"]"#
    );
}

fn refused(kept: &str) -> String {
    serde_json::from_str::<Document>(kept)
        .unwrap_err()
        .to_string()
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let list = |block: &str, count: usize| format!("[{}]", vec![block; count].join(","));
    assert!(serde_json::from_str::<Document>(&list("\"rule\"", BLOCKS_MAX)).is_ok());
    assert_eq!(
        refused(&list("\"rule\"", BLOCKS_MAX + 1)),
        "a document has at most 1000 blocks, this one has 1001"
    );
    for block in [
        r#"{"text":{"text":"TEXT"}}"#,
        r#"{"row":{"left":"TEXT","right":""}}"#,
        r#"{"row":{"left":"","right":"TEXT"}}"#,
        r#"{"code":{"text":"TEXT","size":"hand"}}"#,
    ] {
        let with = |count| {
            let block = block.replace("TEXT", &"ø".repeat(count));
            format!("[\"cut\",{block}]")
        };
        assert!(serde_json::from_str::<Document>(&with(TEXT_CHARS_MAX)).is_ok());
        assert_eq!(
            refused(&with(TEXT_CHARS_MAX + 1)),
            "a text in a document has at most 2000 characters, the one in block 2 has more"
        );
    }
    assert!(refused(r#"["cut","burn"]"#).contains("unknown variant `burn`"));
    assert!(refused(r#"[{"text":{"text":"","size":3}}]"#).contains("unknown field `size`"));
    assert!(refused(r#"[{"feed":256}]"#).contains("256"));
    let wide = r#"[{"picture":{"width":2001,"rows":""}}]"#;
    assert!(refused(wide).starts_with("a picture has at most 2000 dots of width"));
}

#[test]
fn pictures_have_a_bound_together() {
    let picture = Bitmap::white(2_000, 4_000);
    let mut document = Document::default();
    for _ in 0..3 {
        document.add(Block::Picture(picture.clone()));
    }
    assert_eq!(document.blocks().len(), 2);
    document.add(Block::Picture(Bitmap::white(1, 6_401)));
    assert_eq!(document.blocks().len(), 2);
    let blocks = vec![Block::Picture(picture); 3];
    assert_eq!(Document::try_from(blocks), Err(DocumentError::Dots));
}
