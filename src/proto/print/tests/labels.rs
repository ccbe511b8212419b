//! Labels in both languages: bytes by hand, places, and what the printers say.

use super::label_reader::{self, Label, Mark, inflated};
use super::*;
use crate::domain::bitmap::Bitmap;
use crate::proto::print::status::Listener;

/// Labels of 50 x 40 mm: 399 x 319 dots.
const STOCK: Option<Media> = Some(Media {
    width_tenths_mm: 500,
    height_tenths_mm: Some(400),
});

fn on(name: &str, document: &Document, media: Option<Media>) -> Vec<u8> {
    super::super::encode(document, &profile(name), media, 0)
        .unwrap()
        .body
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// 7 dots of margin, 385 x 305 remain; four lines take 48, 24, 24 and 24 rows, the code 33 x 4 and its
/// quiet zones 16 each. Modules of 5 dots would take 325 rows.
#[test]
fn a_label_has_just_this_zpl() {
    let wanted = format!(
        "^XA^CI28^PW399^LL319^LH0,0\
         ^FO91,13^ADN,36,20^FH^FDCafe Rosa^FS\
         ^FO73,58^ADN,18,10^FH^FDTable 12 - lunch menu^FS\
         ^FO145,82^ADN,18,10^FH^FDEUR 24.50^FS\
         ^FO133,109^BQN,2,4^FH^FDMA,{LINK}^FS\
         ^FO73,270^ADN,18,10^FH^FDRef A7K2QX 20.11.2026^FS^PQ1^XZ\n"
    );
    assert_eq!(text(&on("zpl-203", &label(), STOCK)), wanted);
}

#[test]
fn a_label_has_just_this_tspl() {
    let wanted = format!(
        "SIZE 50.0 mm,40.0 mm\r\nGAP 2 mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n\
         TEXT 91,11,\"2\",0,2,2,\"Cafe Rosa\"\r\n\
         TEXT 73,57,\"2\",0,1,1,\"Table 12 - lunch menu\"\r\n\
         TEXT 145,81,\"2\",0,1,1,\"EUR 24.50\"\r\n\
         QRCODE 133,119,M,4,A,0,M2,S7,\"{LINK}\"\r\n\
         TEXT 73,269,\"2\",0,1,1,\"Ref A7K2QX 20.11.2026\"\r\nPRINT 1,1\r\n"
    );
    assert_eq!(text(&on("tspl-203", &label(), STOCK)), wanted);
}

#[test]
fn every_block_has_its_zpl() {
    let mut dots = Bitmap::white(12, 3);
    for x in 0..12 {
        dots.blacken(x, 0);
        dots.blacken(x, 1);
    }
    let mut document = Document::default();
    document
        .add(Block::Row {
            left: "Tea".to_owned(),
            right: "1.50".to_owned(),
            is_bold: true,
        })
        .add(Block::Rule)
        .add(Block::Picture(dots))
        .add(Block::Feed(2))
        .center("é^~_,\\", false)
        .add(Block::Drawer)
        .add(Block::Buzzer)
        .add(Block::Cut)
        .center("2", false);
    let narrow = Some(Media {
        width_tenths_mm: 200,
        height_tenths_mm: None,
    });
    // 159 dots less 7 at each side: 12 columns.
    assert_eq!(
        text(&on("zpl-203", &document, narrow)),
        "^XA^CI28^MNN^PW159^LL137^LH0,0\
         ^FO7,10^ADN,18,10^FH^FDTea     1.50^FS^FO8,10^ADN,18,10^FH^FDTea     1.50^FS\
         ^FO7,34^ADN,18,10^FH^FD------------^FS\
         ^FO73,55^GFA,6,6,2,IF,:,^FS\
         ^FO43,109^ADN,18,10^FH^FD_C3_A9_5E_7E_5F_2C_5C^FS^PQ1^XZ\n\
         ^XA^CI28^MNN^PW159^LL38^LH0,0^FO73,10^ADN,18,10^FH^FD2^FS^PQ1^XZ\n"
    );
}

#[test]
fn dots_are_told_in_few_letters() {
    let mut picture = Bitmap::white(8 * 210, 4);
    for x in 0..8 * 205 {
        picture.blacken(x, 1);
        picture.blacken(x, 2);
    }
    let mut document = Document::default();
    document.add(Block::Picture(picture.clone()));
    let mut wide = profile("zpl-203");
    wide.dots = 1_990;
    let job = super::super::encode(&document, &wide, None, 0).unwrap();
    let found = text(&job.body);
    // 410 times F is 400 and 10 times.
    assert!(found.contains("^GFA,840,840,210,,zPF,:,^FS"), "{found}");
    assert_eq!(inflated(",zPF,:,", 210), picture.packed());
}

#[test]
fn dots_in_tspl_are_zeros_and_hide_no_command() {
    let mut picture = Bitmap::white(18, 1);
    // Inverted: 1Bh 21h.
    for x in [0, 1, 2, 5, 8, 9, 11, 12, 13, 14] {
        picture.blacken(x, 0);
    }
    let mut document = Document::default();
    document.add(Block::Picture(picture));
    let body = on("tspl-203", &document, STOCK);
    let wanted = b"BITMAP 190,7,3,1,0,\x1b\x23\xff\r\n";
    let found = body.windows(wanted.len()).any(|part| part == wanted);
    assert!(found, "{}", body.escape_ascii());
}

#[test]
fn a_code_becomes_smaller_until_the_label_is_high_enough() {
    let module = |height| {
        let media = Media {
            width_tenths_mm: 500,
            height_tenths_mm: Some(height),
        };
        let job = super::super::encode(&label(), &profile("zpl-203"), Some(media), 0);
        job.map(|job| {
            let labels = label_reader::zpl(&job.body);
            let marks = labels[0].marks.iter();
            let mut modules = marks.filter_map(|(_, _, mark)| match mark {
                Mark::Code { module, .. } => Some(*module),
                Mark::Text { .. } | Mark::Dots { .. } => None,
            });
            modules.next().unwrap()
        })
    };
    assert_eq!(module(600), Ok(6));
    assert_eq!(module(430), Ok(5));
    assert_eq!(module(380), Ok(4));
    assert_eq!(
        module(250).unwrap_err().to_string(),
        "this needs labels of 38 mm of height, these have 25 mm: take higher ones, or print less on them"
    );
    assert_eq!(module(90), Err(PrintError::LabelSize(9)));
}

/// What the printer would make larger than laid out, or not understand, is sent as dots.
#[test]
fn only_plain_codes_are_left_to_the_printer() {
    let marks = |name: &str, text: &str| {
        let mut document = Document::default();
        document.add(Block::Code {
            text: text.to_owned(),
            size: CodeSize::Hand,
        });
        let body = on(name, &document, None);
        let labels: Vec<Label> = if name == "zpl-203" {
            label_reader::zpl(&body)
        } else {
            label_reader::tspl(&body)
        };
        matches!(labels[0].marks[0].2, Mark::Code { .. })
    };
    for (text, zpl, tspl) in [
        (LINK, true, true),
        ("a^XZ~JA_,", true, false),
        ("say \"hello\"", true, false),
        (r"\[L]CLS", true, false),
        ("smørrebrød", false, false),
        // Capitals need less room than bytes.
        ("HTTPS://PAY.EXAMPLE.COM/1234567890", false, false),
    ] {
        assert_eq!(
            (marks("zpl-203", text), marks("tspl-203", text)),
            (zpl, tspl),
            "{text}"
        );
    }
}

#[test]
fn a_preview_of_a_label_is_as_large_as_the_label() {
    for name in ["zpl-203", "tspl-203"] {
        let sheet = preview(&label(), &profile(name), STOCK).unwrap();
        assert_eq!((sheet.width(), sheet.height()), (399, 319 + 10));
        #[cfg(feature = "files")]
        assert_eq!(drawn::code(&sheet).as_deref(), Some(LINK));
    }
}

#[test]
fn what_a_label_printer_says_is_read() {
    let answer = |first: &str, second: &str| {
        format!("\u{2}{first}\u{3}\r\n\u{2}{second}\u{3}\r\n\u{2}1234,0\u{3}\r\n")
    };
    let (idle, none) = (
        "030,0,0,1245,000,0,0,0,000,0,0,0",
        "000,0,0,0,0,2,4,0,00000000,1,000",
    );
    let read = |first: &str, second: &str| zpl::status::state(answer(first, second).as_bytes());
    let well = LabelState::default();
    assert_eq!(read(idle, none), Some(well));
    assert!(well.is_well());
    let state = read(
        "030,1,1,1245,002,0,0,0,000,0,0,1",
        "000,0,1,1,0,2,4,0,00000003,1,000",
    );
    let all = LabelState {
        is_open: true,
        is_paper_out: true,
        is_ribbon_out: true,
        is_jammed: false,
        is_paused: true,
        is_overheated: true,
        is_busy: true,
        is_partial: false,
    };
    assert_eq!(state, Some(all));
    let busy = read(idle, "000,0,0,0,0,2,4,0,00000001,1,000").unwrap();
    assert!(busy.is_busy && busy.is_well());
    let whole = answer(idle, none);
    for end in 0..whole.len() - 3 {
        assert_eq!(zpl::status::state(&whole.as_bytes()[..end]), None, "{end}");
    }
    let partial = read("030,0,0,1245,000,0,0,1,000,0,0,0", none).unwrap();
    assert!(partial.is_partial && !partial.is_busy);
    // Of an answer of which lines were lost nothing is mixed with the next one.
    let mut listener = Listener::new(Language::Zpl);
    let cut = whole.find('\n').unwrap() + 1;
    let heard = listener.hear([&whole[..cut], &whole].concat().as_bytes());
    assert_eq!(heard, [Said::Noise, Said::Label(well)]);
    assert_eq!(listener.hear(&[2; 1_000])[0], Said::Noise);
    assert_eq!(read("030,0,0", none), None);
    assert_eq!(read(idle, "a,b,c"), None);
    assert_eq!(zpl::status::state(&vec![b'1'; 1_000_000]), None);
    let mut listener = Listener::new(Language::Tspl);
    let busy = tspl::status::state(0x20);
    assert_eq!(
        listener.hear(&[0x20, 0]),
        [Said::Label(busy), Said::Label(well)]
    );
    let said = tspl::status::state;
    assert_eq!(said(0), well);
    assert!(said(0x01).is_open && said(0x40).is_open && said(0x02).is_jammed);
    assert!(said(0x04).is_paper_out && said(0x08).is_ribbon_out && said(0x10).is_paused);
    assert!(said(0x20).is_busy && said(0x20).is_well() && said(0x80).is_overheated);
}
