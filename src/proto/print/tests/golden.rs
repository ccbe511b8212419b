//! Every block on every receipt printer, byte for byte, written down from the makers' manuals.

use super::*;
use crate::domain::bitmap::Bitmap;
use crate::proto::qr::QrGrid;

/// What differs between printers.
struct Printer {
    name: &'static str,
    /// Before the first character that is not ASCII: Chinese off, and the table 0.
    first: &'static [u8],
    /// The number of the table for Polish; none where the line is drawn.
    polish: Option<u8>,
    cut: &'static [u8],
    after_picture: &'static [u8],
    /// How the printer is told the code: the module's size, or the width in bytes and the rows of the
    /// picture, of which each dot is printed twice.
    code: Code,
    columns: usize,
    /// Rows from line to line.
    line: u8,
    confirm: &'static [u8],
}

enum Code {
    Native(u8),
    Raster(u8, u8),
}

const CHINESE: &[u8] = b"\x1c.\x1bt\x00";
const PLAIN: &[u8] = b"\x1bt\x00";
const KNIFE: &[u8] = b"\x1dVB\x00";
const TEAR: &[u8] = b"\x1bd\x04";
const NUMBERED: &[u8] = b"\x1d(H\x06\x00\x30\x301234";
const QUEUED: &[u8] = b"\x1dr\x01";

const fn printer(name: &'static str, columns: usize, code: Code) -> Printer {
    Printer {
        name,
        first: CHINESE,
        polish: Some(18),
        cut: KNIFE,
        after_picture: b"",
        code,
        columns,
        line: 33,
        confirm: b"",
    }
}

fn printers() -> [Printer; 7] {
    [
        Printer {
            cut: TEAR,
            ..printer("generic-58", 32, Code::Raster(13, 99))
        },
        Printer {
            confirm: QUEUED,
            ..printer("generic-80", 48, Code::Raster(13, 99))
        },
        Printer {
            first: PLAIN,
            confirm: NUMBERED,
            ..printer("epson-tm-t20", 48, Code::Native(6))
        },
        Printer {
            first: PLAIN,
            confirm: NUMBERED,
            line: 30,
            ..printer("epson-tm-t88", 42, Code::Native(5))
        },
        Printer {
            cut: TEAR,
            after_picture: b"\n",
            ..printer("nt-5890k", 32, Code::Raster(13, 99))
        },
        Printer {
            cut: TEAR,
            polish: None,
            ..printer("pos-5890", 32, Code::Raster(13, 99))
        },
        Printer {
            confirm: QUEUED,
            line: 30,
            ..printer("head-180", 42, Code::Raster(9, 66))
        },
    ]
}

fn bytes(profile: &Profile, block: Block) -> Vec<u8> {
    let mut document = Document::default();
    document.add(block);
    let job = encode(&document, profile, 1_234).unwrap();
    behind_start(&job).to_vec()
}

#[derive(Clone, Copy)]
enum Looks {
    Plain,
    Large,
    Bold,
}

fn paragraph(text: &str, align: Align, looks: Looks) -> Block {
    Block::Text(Paragraph {
        text: text.to_owned(),
        align,
        is_large: matches!(looks, Looks::Large),
        is_bold: matches!(looks, Looks::Bold),
    })
}

#[track_caller]
fn assert_bytes(found: &[u8], parts: &[&[u8]], name: &str) {
    let wanted = parts.concat().escape_ascii().to_string();
    assert_eq!(found.escape_ascii().to_string(), wanted, "{name}");
}

#[test]
fn texts() {
    for printer in printers() {
        let (profile, name) = (profile(printer.name), printer.name);
        let text = |text, align, looks| bytes(&profile, paragraph(text, align, looks));
        assert_bytes(&text("Tea", Align::Left, Looks::Plain), &[b"Tea\n"], name);
        assert_bytes(
            &text("a\nb", Align::Center, Looks::Plain),
            &[b"\x1ba\x01a\nb\n"],
            name,
        );
        assert_bytes(
            &text("Tea", Align::Right, Looks::Bold),
            &[b"\x1ba\x02\x1bE\x01Tea\n"],
            name,
        );
        assert_bytes(
            &text("Tea", Align::Left, Looks::Large),
            &[b"\x1d!\x11Tea\n"],
            name,
        );
        // é is 82h in code page 437, € 80h in Windows-1252.
        let found = text("Café 3 €", Align::Left, Looks::Plain);
        assert_bytes(
            &found,
            &[b"Caf", printer.first, b"\x82 3 \x1bt\x10\x80\n"],
            name,
        );
        // Ż is BDh in code page 852.
        let found = text("aŻ", Align::Left, Looks::Plain);
        let off = printer.first.strip_suffix(PLAIN).unwrap();
        match printer.polish {
            Some(page) => assert_bytes(&found, &[b"a", off, b"\x1bt", &[page], b"\xbd\n"], name),
            None => assert_bytes(
                &found[..8],
                &[b"\x1dv0\x00\x03\x00", &[printer.line, 0]],
                name,
            ),
        }
    }
}

#[test]
fn drawn_texts() {
    for printer in printers() {
        let (mut profile, name) = (profile(printer.name), printer.name);
        profile.code_pages.truncate(1);
        // Two letters are 24 dots, as wide as three bytes.
        let found = bytes(&profile, paragraph("Żź", Align::Center, Looks::Plain));
        let rows = usize::from(printer.line);
        let (head, dots) = found.split_at(3 + 8);
        assert_bytes(
            head,
            &[b"\x1ba\x01\x1dv0\x00\x03\x00", &[printer.line, 0]],
            name,
        );
        let (dots, after) = dots.split_at(3 * rows);
        assert!(dots[..3 * 24].iter().any(|byte| *byte != 0));
        assert!(
            dots[3 * 24..].iter().all(|byte| *byte == 0),
            "white up to the next line"
        );
        assert_bytes(after, &[printer.after_picture], name);
        let found = bytes(&profile, paragraph("Żź", Align::Left, Looks::Large));
        assert_bytes(&found[..8], &[b"\x1dv0\x03\x03\x00\x18\x00"], name);
        assert_bytes(&found[8 + 72..], &[printer.after_picture], name);
    }
}

#[test]
fn rows_and_rules() {
    for printer in printers() {
        let (profile, name) = (profile(printer.name), printer.name);
        let row = |is_bold| Block::Row {
            left: "Tea".to_owned(),
            right: "1.50".to_owned(),
            is_bold,
        };
        let blanks = " ".repeat(printer.columns - 7);
        let line: [&[u8]; 4] = [b"Tea", blanks.as_bytes(), b"1.50", b"\n"];
        assert_bytes(&bytes(&profile, row(false)), &line, name);
        assert_bytes(
            &bytes(&profile, row(true)),
            &[b"\x1bE\x01", &line.concat()],
            name,
        );
        let dashes = "-".repeat(printer.columns);
        assert_bytes(
            &bytes(&profile, Block::Rule),
            &[dashes.as_bytes(), b"\n"],
            name,
        );
    }
}

/// The dots of a code as they are sent, from its modules.
fn raster(dots: usize, row_bytes: usize) -> Vec<u8> {
    let grid = QrGrid::encode(LINK).unwrap();
    let mut bytes = Vec::new();
    for y in 0..33 * dots {
        let mut row = vec![0_u8; row_bytes];
        for x in (0..33 * dots).filter(|x| grid.is_dark(x / dots, y / dots)) {
            row[x / 8] |= 0x80 >> (x % 8);
        }
        bytes.extend(row);
    }
    bytes
}

#[test]
fn codes() {
    for printer in printers() {
        let (profile, name) = (profile(printer.name), printer.name);
        let found = bytes(
            &profile,
            Block::Code {
                text: LINK.to_owned(),
                size: CodeSize::Hand,
            },
        );
        // In the middle, with a line of white above and below. A text that is drawn by the printer is there
        // before all else.
        match printer.code {
            Code::Native(module) => assert_bytes(
                &found,
                &[
                    b"\x1d(k\x34\x00\x31\x50\x30",
                    LINK.as_bytes(),
                    b"\x1ba\x01\n\x1d(k\x04\x00\x31\x41\x32\x00\x1d(k\x03\x00\x31\x43",
                    &[module],
                    b"\x1d(k\x03\x00\x31\x45\x31\x1d(k\x03\x00\x31\x51\x30\n",
                ],
                name,
            ),
            Code::Raster(row, rows) => assert_bytes(
                &found,
                &[
                    b"\x1ba\x01\n\x1dv0\x03",
                    &[row, 0, rows, 0],
                    &raster(usize::from(rows) / 33, row.into()),
                    printer.after_picture,
                    b"\n",
                ],
                name,
            ),
        }
    }
}

#[test]
fn pictures() {
    let mut dots = Bitmap::white(10, 2);
    dots.blacken(0, 0);
    dots.blacken(9, 1);
    // What a printer would obey at once has one dot more: 10h 04h is 10h 0Ch.
    let mut told = Bitmap::white(16, 1);
    told.blacken(3, 0);
    told.blacken(13, 0);
    for printer in printers() {
        let (profile, name) = (profile(printer.name), printer.name);
        let found = bytes(&profile, Block::Picture(dots.clone()));
        let head = b"\x1ba\x01\x1dv0\x00\x02\x00\x02\x00";
        assert_bytes(
            &found,
            &[head, b"\x80\x00\x00\x40", printer.after_picture],
            name,
        );
        let found = bytes(&profile, Block::Picture(told.clone()));
        let head = b"\x1ba\x01\x1dv0\x00\x02\x00\x01\x00";
        assert_bytes(&found, &[head, b"\x10\x0c", printer.after_picture], name);
    }
}

#[test]
fn paper_drawer_and_sound() {
    for printer in printers() {
        let (mut profile, name) = (profile(printer.name), printer.name);
        assert_bytes(&bytes(&profile, Block::Feed(0)), &[b""], name);
        assert_bytes(&bytes(&profile, Block::Feed(1)), &[b"\n"], name);
        assert_bytes(&bytes(&profile, Block::Feed(3)), &[b"\x1bd\x03"], name);
        assert_bytes(&bytes(&profile, Block::Cut), &[printer.cut], name);
        assert_bytes(
            &bytes(&profile, Block::Drawer),
            &[b"\x1bp\x00\x19\xfa"],
            name,
        );
        assert_bytes(&bytes(&profile, Block::Buzzer), &[b""], name);
        profile.buzzer = true;
        assert_bytes(&bytes(&profile, Block::Buzzer), &[b"\x1bB\x02\x02"], name);
        let job = encode(&Document::default(), &profile, 1_234).unwrap();
        // Only one that repeats numbers says afterwards whether it was off.
        let is_numbered = printer.confirm == NUMBERED;
        let kept = if is_numbered { NEVER_DRAWN } else { b"" };
        assert_bytes(&job.body, &[b"\x1b@", kept], name);
        assert_bytes(&job.confirm, &[printer.confirm], name);
    }
}
