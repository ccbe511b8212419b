//! TSC's language for label printers, which many cheap ones understand (TSPL/TSPL2 programming manual).
//!
//! Text stands in the font "2", of 12 x 20 dots. Only ASCII without `"`, `\` and `~` is sent as text, because
//! printers differ in what they make of anything else; a line with another character is sent as dots. Bold
//! is printed twice, a dot apart.

pub mod status;

use super::label::{self, Label, Media};
use super::place::{Item, Placed};
use super::{FittedCode, Job, PrintError, Profile};
use crate::domain::bitmap::Bitmap;
use crate::domain::document::Document;
use crate::proto::qr::Level;

/// Rows of white above the letters of font 2, of 20 dots, in a line of 24.
const ABOVE: usize = 2;
const ESC: u8 = 0x1b;

/// A document as labels.
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
        add(&mut job, label, profile);
        let tenths = profile.tenths_mm(label.height);
        job.paper_tenths_mm = job.paper_tenths_mm.saturating_add(tenths);
    }
    Ok(job)
}

/// Whether text with this character can be sent: none of those that end a text or begin something else.
pub(super) const fn is_sayable(character: char) -> bool {
    matches!(character, ' '..='}') && !matches!(character, '"' | '\\')
}

fn add(job: &mut Job, label: &Label, profile: &Profile) {
    let tenths = |tenths: usize| format!("{}.{} mm", tenths / 10, tenths % 10);
    let width = tenths(label.media.width_tenths_mm);
    // Labels are 2 mm apart on nearly every roll. A roll without is not a dot shorter than what is on it.
    let (height, gap) = if let Some(height) = label.media.height_tenths_mm {
        (tenths(height), "2 mm")
    } else {
        let height = profile.tenths_mm(label.height).saturating_add(1);
        (tenths(height), "0 mm")
    };
    for line in [
        format!("SIZE {width},{height}"),
        format!("GAP {gap},0 mm"),
        "DIRECTION 1".to_owned(),
        "REFERENCE 0,0".to_owned(),
        "CLS".to_owned(),
    ] {
        command(job, &line);
    }
    for placed in &label.sheet.items {
        field(job, placed);
    }
    command(job, "PRINT 1,1");
}

fn command(job: &mut Job, line: &str) {
    job.command(format!("{line}\r\n").as_bytes());
}

fn field(job: &mut Job, placed: &Placed) {
    let (x, y) = (placed.x, placed.y);
    match &placed.item {
        Item::Text {
            text,
            is_large,
            is_bold,
        } => {
            let times = if *is_large { 2 } else { 1 };
            let y = y.saturating_add(ABOVE.saturating_mul(times));
            for x in x..=x.saturating_add((*is_bold).into()) {
                let text = sayable(text);
                command(
                    job,
                    &format!("TEXT {x},{y},\"2\",0,{times},{times},\"{text}\""),
                );
            }
        }
        Item::Dots(picture) => dots(job, x, y, picture),
        Item::Code(code) if code.is_native => native(job, x, y, code),
        Item::Code(code) => dots(job, x, y, &code.picture(code.module)),
    }
}

/// The layout has drawn what cannot be sent.
fn sayable(text: &str) -> String {
    text.chars()
        .filter(|character| is_sayable(*character))
        .collect()
}

/// Model 2 must be asked for: by itself a printer draws model 1, which no phone reads.
fn native(job: &mut Job, x: usize, y: usize, code: &FittedCode) {
    let level = match code.level {
        Level::L => 'L',
        Level::M => 'M',
    };
    let (module, text) = (code.module, sayable(&code.text));
    command(
        job,
        &format!("QRCODE {x},{y},{level},{module},A,0,M2,S7,\"{text}\""),
    );
}

/// A dot that is printed is a zero.
fn dots(job: &mut Job, x: usize, y: usize, picture: &Bitmap) {
    let (row, rows) = (picture.width().div_ceil(8), picture.height());
    if row == 0 || rows == 0 {
        return;
    }
    let mut bytes = format!("BITMAP {x},{y},{row},{rows},0,").into_bytes();
    bytes.extend(harmless(picture.packed().iter().map(|byte| !byte)));
    bytes.extend(b"\r\n");
    job.command(&bytes);
}

/// One dot less where a printer would find one of the commands that it obeys at once: `ESC !` or `~!`.
fn harmless(dots: impl Iterator<Item = u8>) -> Vec<u8> {
    let mut before = 0;
    dots.map(|byte| {
        let is_command = matches!(before, ESC | b'~') && byte == b'!';
        before = byte;
        if is_command { byte | 0x02 } else { byte }
    })
    .collect()
}
