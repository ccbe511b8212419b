//! A document as a job.

use super::super::glyphs::Glyphs;
use super::super::layout::{self, Layout, Line, Piece};
use super::super::profile::TEAR_OFF_LINES;
use super::super::{Confirms, FittedCode, Job, PrintError, Profile};
use super::encoder::{ESC, Encoder, GS};
use super::raster::{self, Scale};
use super::status::IS_KEPT;
use crate::domain::bitmap::Bitmap;
use crate::domain::document::{Align, Document};
use crate::proto::qr::Level;

/// What a printer keeps of a sheet without a code.
const NEVER_DRAWN: &str = "0";
/// Form B moves the paper from head to knife by itself; printers without a cutter do nothing.
const CUT: [u8; 4] = [GS, b'V', 0x42, 0];

/// A document as a printer of this profile is told it; `number` is what the printer repeats once it is
/// printed, where it can.
///
/// # Errors
/// Where something of it could not be used on this paper.
pub fn encode(document: &Document, profile: &Profile, number: u32) -> Result<Job, PrintError> {
    let layout = layout::lay_out(document, profile)?;
    let glyphs = Glyphs::new();
    let mut encoder = Encoder::new(profile);
    let kept = kept(&layout, profile);
    if let Some(text) = kept {
        store(&mut encoder, text);
    }
    for piece in &layout.pieces {
        match piece {
            Piece::Line(line) if line.is_drawn => add_drawn(&mut encoder, line, profile, &glyphs),
            Piece::Line(line) => encoder.line(line),
            Piece::Code(code) => add_code(&mut encoder, code, profile, kept.is_some()),
            Piece::Picture(picture) => {
                encoder.align(Align::Center);
                add_picture(&mut encoder, picture, Scale::Plain, profile);
            }
            Piece::Feed(lines) => encoder.feed(*lines),
            Piece::Cut if profile.cutter => encoder.command(&CUT),
            Piece::ProofCut => {
                if !profile.cutter {
                    encoder.feed(TEAR_OFF_LINES);
                }
                encoder.command(&CUT);
            }
            Piece::Cut => encoder.feed(TEAR_OFF_LINES),
            Piece::Drawer => encoder.command(&[ESC, b'p', 0, 25, 250]),
            Piece::Buzzer if profile.buzzer => encoder.command(&[ESC, b'B', 2, 2]),
            Piece::Buzzer => {}
        }
    }
    let mut job = encoder.job;
    if kept.is_some() {
        job.check = IS_KEPT.to_vec();
    }
    job.confirm = confirm(profile, number);
    job.replaced = layout.replaced;
    Ok(job)
}

/// The text of the code, which stands before all else, so that the printer can be asked afterwards whether it
/// was off in the middle: whatever it was given before that it has forgotten, with the text. A sheet without
/// a code begins with a text that is never drawn. Where there are more codes, the next one's text would take
/// its place.
fn kept<'a>(layout: &'a Layout, profile: &Profile) -> Option<&'a str> {
    let can_tell = profile.confirms == Confirms::ProcessId && profile.native_code.is_some();
    let mut codes = layout.codes().filter(|code| code.is_native);
    let first = codes.next().map_or(NEVER_DRAWN, |code| &code.text);
    (can_tell && codes.next().is_none()).then_some(first)
}

/// Asks a printer to say that all before is printed, by this number where it can; empty where it cannot.
pub fn confirm(profile: &Profile, number: u32) -> Vec<u8> {
    match profile.confirms {
        Confirms::ProcessId => {
            let mut bytes = vec![GS, b'(', b'H', 6, 0, 0x30, 0x30];
            bytes.extend(process_id(number));
            bytes
        }
        Confirms::QueuedStatus => vec![GS, b'r', 1],
        Confirms::Nothing => Vec::new(),
    }
}

/// A job's number as the printer repeats it: four digits.
pub fn process_id(number: u32) -> [u8; 4] {
    let digit = |place: u32| {
        let digit = number.checked_div(place).unwrap_or(0) % 10;
        b'0'.saturating_add(u8::try_from(digit).unwrap_or(0))
    };
    [digit(1_000), digit(100), digit(10), digit(1)]
}

/// White above and below, and the code in the middle.
fn add_code(encoder: &mut Encoder<'_>, code: &FittedCode, profile: &Profile, is_stored: bool) {
    encoder.align(Align::Center);
    let quiet = code.quiet_rows(profile).checked_div(profile.line_dots());
    let quiet = quiet.and_then(|lines| u8::try_from(lines).ok());
    let quiet = quiet.unwrap_or(u8::MAX);
    encoder.feed(quiet);
    if code.is_native {
        native(encoder, code, is_stored);
        encoder.paper(code.dots());
    } else {
        // Only test pages have modules of an odd number of dots.
        let (dots, scale) = match code.module.checked_rem(2) {
            Some(0) => (code.module / 2, Scale::Double),
            _ => (code.module, Scale::Plain),
        };
        add_picture(encoder, &code.picture(dots), scale, profile);
    }
    encoder.feed(quiet);
}

/// The printer draws it: model 2, the module's size, the level, the text where it is not there yet, and
/// print.
fn native(encoder: &mut Encoder<'_>, code: &FittedCode, is_stored: bool) {
    let level = match code.level {
        Level::L => 0x30,
        Level::M => 0x31,
    };
    encoder.symbol(0x41, &[0x32, 0]);
    encoder.symbol(0x43, &[u8::try_from(code.module).unwrap_or(u8::MAX)]);
    encoder.symbol(0x45, &[level]);
    if !is_stored {
        store(encoder, &code.text);
    }
    encoder.symbol(0x51, &[0x30]);
}

/// A code's text, into the printer's memory.
fn store(encoder: &mut Encoder<'_>, text: &str) {
    encoder.symbol(0x50, &[&[0x30], text.as_bytes()].concat());
}

/// A line as dots, as far from the next as lines of text are. Large letters are drawn once and printed
/// twice as large, as the printer does with its own.
fn add_drawn(encoder: &mut Encoder<'_>, line: &Line, profile: &Profile, glyphs: &Glyphs) {
    encoder.align(line.align);
    let letters = glyphs.line(&line.text, line.is_bold);
    let scale = if line.is_large {
        Scale::Double
    } else {
        Scale::Plain
    };
    let rows = profile.text_rows(line.is_large).checked_div(scale.rows());
    let rows = rows.unwrap_or(0).max(letters.height());
    // Rows are sent in whole bytes: what is too much is where no edge is.
    let width = letters.width().next_multiple_of(8);
    let free = width.saturating_sub(letters.width());
    let left = match line.align {
        Align::Left => 0,
        Align::Center => free / 2,
        Align::Right => free,
    };
    let mut picture = Bitmap::white(width, rows);
    picture.draw(&letters, left, 0);
    add_picture(encoder, &picture, scale, profile);
}

fn add_picture(encoder: &mut Encoder<'_>, picture: &Bitmap, scale: Scale, profile: &Profile) {
    for command in raster::commands(picture, scale) {
        encoder.command(&command);
    }
    encoder.paper(picture.height().saturating_mul(scale.rows()));
    if profile.eats_a_feed {
        encoder.command(b"\n");
    }
}
