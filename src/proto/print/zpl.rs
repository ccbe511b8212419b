//! Zebra's language for label printers (ZPL II programming guide).
//!
//! Text stands in the font D, whose characters are 12 dots wide with their gap, so columns are those of
//! the layout; it is sent as UTF-8 (`^CI28`), and whatever is no letter, digit or blank as `_xx` (`^FH`): no
//! text can become a command. Bold is printed twice, a dot apart.

mod graphic;
pub mod status;

use super::label::{self, Label, Media};
use super::place::{Item, Placed};
use super::{FittedCode, Job, PrintError, Profile};
use crate::domain::bitmap::Bitmap;
use crate::domain::document::Document;
use crate::proto::qr::Level;

/// Rows by which a code is drawn lower than it is told to be.
const CODE_DROP: usize = 10;
/// Rows of white above the letters of font D, of 18 dots, in a line of 24.
const ABOVE: usize = 3;

/// A document as labels, each a format of its own.
///
/// # Errors
/// Where something of it could not be used on these labels.
pub fn encode(
    document: &Document,
    profile: &Profile,
    media: Option<Media>,
) -> Result<Job, PrintError> {
    let laid = label::labels(document, profile, media)?;
    let mut job = Job {
        replaced: laid.replaced,
        ..Job::default()
    };
    for label in &laid.labels {
        add(&mut job, label);
        let tenths = profile.tenths_mm(label.height);
        job.paper_tenths_mm = job.paper_tenths_mm.saturating_add(tenths);
    }
    Ok(job)
}

/// A whole format is one command: what comes within it would be printed or lost.
fn add(job: &mut Job, label: &Label) {
    // A roll without gaps; with gaps, the printer knows how it finds them.
    let gaps = match label.media.height_tenths_mm {
        Some(_) => "",
        None => "^MNN",
    };
    let (width, height) = (label.width, label.height);
    let mut format = format!("^XA^CI28{gaps}^PW{width}^LL{height}^LH0,0");
    for placed in &label.sheet.items {
        format.push_str(&field(placed));
    }
    format.push_str("^PQ1^XZ\n");
    job.command(format.as_bytes());
}

fn field(placed: &Placed) -> String {
    let (x, y) = (placed.x, placed.y);
    match &placed.item {
        Item::Text {
            text,
            is_large,
            is_bold,
        } => {
            let times = if *is_large { 2 } else { 1 };
            let y = y.saturating_add(ABOVE.saturating_mul(times));
            let once = text_field(x, y, text, *is_large);
            if *is_bold {
                let twice = text_field(x.saturating_add(1), y, text, *is_large);
                return format!("{once}{twice}");
            }
            once
        }
        Item::Dots(picture) => dots(x, y, picture),
        Item::Code(code) if code.is_native => native(x, y, code),
        Item::Code(code) => dots(x, y, &code.picture(code.module)),
    }
}

fn text_field(x: usize, y: usize, text: &str, is_large: bool) -> String {
    let size = if is_large { "36,20" } else { "18,10" };
    format!("^FO{x},{y}^ADN,{size}^FH^FD{}^FS", escaped(text))
}

/// Model 2; the level and automatic input stand before the text.
fn native(x: usize, y: usize, code: &FittedCode) -> String {
    let y = y.saturating_sub(CODE_DROP);
    let level = match code.level {
        Level::L => 'L',
        Level::M => 'M',
    };
    let (module, text) = (code.module, escaped(&code.text));
    format!("^FO{x},{y}^BQN,2,{module}^FH^FD{level}A,{text}^FS")
}

fn dots(x: usize, y: usize, picture: &Bitmap) -> String {
    let row = picture.width().div_ceil(8);
    let all = row.saturating_mul(picture.height());
    if all == 0 {
        return String::new();
    }
    let data = graphic::compressed(picture);
    format!("^FO{x},{y}^GFA,{all},{all},{row},{data}^FS")
}

/// Only letters, digits, blanks and what links are made of stand for themselves.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9'
            | b'A'..=b'Z'
            | b'a'..=b'z'
            | b' '
            | b'-'
            | b'.'
            | b':'
            | b'/'
            | b'?'
            | b'='
            | b'&' => escaped.push(char::from(byte)),
            _ => {
                escaped.push('_');
                escaped.extend(digits(byte));
            }
        }
    }
    escaped
}

/// A byte in hexadecimal.
fn digits(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 0x0f].map(|digit| match char::from_digit(digit.into(), 16) {
        Some(digit) => digit.to_ascii_uppercase(),
        None => '0',
    })
}
