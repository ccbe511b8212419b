//! What all encoders make of the same label, command by command and as a printer draws it.

use escpost_profiles::resolver;
use escpost_render::render;

use crate::commands::{Said, read};
use crate::label::{
    GENERIC_80, HEAD_180, Label, Line, Printer, T20, T88, line, reference, sticker,
};
use crate::{crate_escpos, outside};

/// White around the sheet, as a table is around paper.
const BORDER: usize = 24;

/// Labels whose code the printer draws.
fn labels() -> Vec<Label> {
    // The longest needs both bytes of its length.
    let links = [25, 49, 100, 150, 300].map(link);
    let mut labels = Vec::new();
    for (printer, module) in [(T88, 5), (T20, 6)] {
        labels.push(reference(printer, module));
        labels.push(accented(printer, module));
        labels.push(sticker(printer, module, 1));
        for link in &links {
            labels.push(Label {
                link: link.clone(),
                ..reference(printer, module)
            });
        }
    }
    labels
}

/// In two code pages, one after the other.
fn accented(printer: Printer, module: u8) -> Label {
    let within = |page, text: &str| Line {
        page: Some(page),
        ..line(text)
    };
    Label {
        above: vec![
            Line {
                large: true,
                ..within("cp437", "Café Rosa")
            },
            line("Käse mit Nüssen, Brötchen"),
            within("windows-1252", "Smørbrød 3,50 €"),
        ],
        below: vec![line("Grüße, à bientôt"), line("Ref A7K2QX")],
        ..reference(printer, module)
    }
}

fn link(bytes: usize) -> String {
    let path = ('a'..='z').chain('0'..='9').cycle();
    let path: String = path.take(bytes - 24).collect();
    format!("https://pay.example.com/{path}")
}

fn read_all(body: &[u8], label: &Label) -> (Vec<Said>, Vec<u8>) {
    read(body, label.printer.columns).unwrap()
}

/// The texts of all codes that are found where these bytes are printed.
fn rendered(body: &[u8], label: &Label) -> Vec<String> {
    let (_, body) = read_all(body, label);
    let profile = resolver::resolve(label.printer.python).unwrap();
    let rendered = render(&body, profile).unwrap();
    let surface = &rendered.sheets[0].surface;
    let [width, height] = [surface.width(), surface.height()].map(|side| side as usize);
    let is_black = |x: usize, y: usize| {
        let place = |at: usize, most: usize| at.checked_sub(BORDER).filter(|at| *at < most);
        match (place(x, width), place(y, height)) {
            (Some(x), Some(y)) => surface.is_printed(x as u32, y as u32),
            _ => false,
        }
    };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(
        width + 2 * BORDER,
        height + 2 * BORDER,
        |x, y| if is_black(x, y) { 0 } else { 255 },
    );
    let grids = picture.detect_grids();
    grids.iter().map(|grid| grid.decode().unwrap().1).collect()
}

/// Part by part, so that what differs is what is printed.
fn same(peer: &str, ours: &[Said], theirs: &[Said]) {
    for (place, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(ours, theirs, "{peer}, part {place}");
    }
    assert_eq!(ours.len(), theirs.len(), "{peer}");
}

/// The same on paper, and a code that is read.
fn compare(peer: &str, label: &Label, theirs: &[u8]) {
    let ours = label.ours().body;
    same(peer, &read_all(&ours, label).0, &read_all(theirs, label).0);
    assert_eq!(rendered(&ours, label), [label.link.as_str()], "{label:?}");
    assert_eq!(rendered(theirs, label), [label.link.as_str()], "{peer}");
}

#[test]
fn python_escpos_prints_the_same() {
    let labels = labels();
    let theirs = outside::python_escpos(&labels, 0).bodies;
    for (label, theirs) in labels.iter().zip(&theirs) {
        compare("python-escpos", label, theirs);
    }
}

#[test]
fn receipt_printer_encoder_prints_the_same() {
    let labels = labels();
    let theirs = outside::receipt_printer_encoder(&labels, 0).bodies;
    for (label, theirs) in labels.iter().zip(&theirs) {
        compare("receipt-printer-encoder", label, theirs);
    }
}

#[test]
fn the_crate_prints_the_same() {
    for label in labels() {
        compare("escpos", &label, &crate_escpos::encode(&label).unwrap());
    }
}

/// Encoders are free in the dots of a code: what is read there is compared.
#[test]
fn a_code_of_dots_says_the_same() {
    let labels = [(HEAD_180, 4), (GENERIC_80, 6)].map(|(printer, module)| Label {
        picture: true,
        ..reference(printer, module)
    });
    let theirs = outside::python_escpos(&labels, 0).bodies;
    for (label, theirs) in labels.iter().zip(&theirs) {
        let is_picture = |said: &Said| matches!(said, Said::Picture { is_centered: true });
        assert!(read_all(&label.ours().body, label).0.iter().any(is_picture));
        compare("python-escpos", label, theirs);
    }
}

/// Each of these would print something else.
#[test]
fn a_difference_is_found() {
    let label = accented(T88, 5);
    let right = label.ours().body;
    let changes: [(&[u8], &[u8]); 12] = [
        // Model, module, level, text of the code, and its print.
        (b"\x1d(k\x04\x001A2\0", b"\x1d(k\x04\x001A1\0"),
        (b"\x1d(k\x03\x001C\x05", b"\x1d(k\x03\x001C\x06"),
        (b"\x1d(k\x03\x001E1", b"\x1d(k\x03\x001E0"),
        (b"=2450&", b"=2451&"),
        (b"\x1d(k\x03\x001Q0", b""),
        // Letters, code page, size, weight, place, end of a line and of the sheet.
        (b"\x82 Rosa", b"\x83 Rosa"),
        (b"\x1bt\x10", b"\x1bt\x13"),
        (b"\x1d!\x11", b"\x1d!\x01"),
        (b"\x1d!\0", b"\x1d!\0\x1bE\x01"),
        (b"\x1ba\x01", b""),
        (b"Rosa\n", b"Rosa"),
        (b"\x1dVB\0", b""),
    ];
    for (from, to) in changes {
        let mut places = (0..right.len()).filter(|at| right[*at..].starts_with(from));
        let place = places.next().unwrap_or_else(|| panic!("no {from:x?}"));
        let changed = [&right[..place], to, &right[place + from.len()..]].concat();
        let found = read(&changed, label.printer.columns).map(|(said, _)| said);
        assert_ne!(found, Ok(read_all(&right, &label).0), "{from:x?}");
    }
}
