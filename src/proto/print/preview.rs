//! What will come out, dot by dot, before anything is printed.
//!
//! Widths and places are the printer's; its own letters look a little different.

use super::glyphs::Glyphs;
use super::label::{self, Media};
use super::layout;
use super::place::{self, Item, Placed, Sheet};
use super::{PrintError, Profile};
use crate::domain::bitmap::Bitmap;
use crate::domain::document::Document;

/// Rows that are shown: two and a half meters of paper at 203 dpi. What follows is left out.
pub const PREVIEW_ROWS_MAX: usize = 20_000;
/// Dots of a dash and of the gap after it, where paper is cut or torn.
const DASH_DOTS: usize = 8;
/// Rows of white, dashes and white at the end of a sheet.
const CUT_ROWS: usize = 10;

/// The sheets of a document below each other, as wide as the head; each ends with a dashed line where it
/// is cut or torn off. Labels are as large as they are; on receipts `media` says nothing.
///
/// # Errors
/// Where the document could not be printed either.
pub fn preview(
    document: &Document,
    profile: &Profile,
    media: Option<Media>,
) -> Result<Bitmap, PrintError> {
    if profile.is_for_labels() {
        let labels = label::labels(document, profile, media)?.labels;
        let width = labels.first().map_or(profile.dots, |label| label.width);
        let sheets = labels.into_iter().map(|label| Sheet {
            is_cut: true,
            ..label.sheet
        });
        return Ok(drawn(&sheets.collect::<Vec<_>>(), width, profile));
    }
    let layout = layout::lay_out(document, profile)?;
    let sheets = place::place(&layout, profile);
    Ok(drawn(&sheets, profile.dots, profile))
}

/// Sheets below each other.
fn drawn(sheets: &[Sheet], width: usize, profile: &Profile) -> Bitmap {
    let rows = sheets.iter().map(|sheet| rows(sheet, profile));
    let rows = rows.fold(0, usize::saturating_add).min(PREVIEW_ROWS_MAX);
    let mut paper = Bitmap::white(width, rows);
    let glyphs = Glyphs::new();
    let mut top = 0_usize;
    for sheet in sheets {
        for placed in &sheet.items {
            draw(&mut paper, placed, top, &glyphs);
        }
        top = top.saturating_add(self::rows(sheet, profile));
        if sheet.is_cut {
            dashes(&mut paper, top.saturating_sub(CUT_ROWS / 2));
        }
    }
    paper
}

/// From the top of a sheet to the top of the next.
fn rows(sheet: &Sheet, profile: &Profile) -> usize {
    let end = if sheet.is_cut {
        profile.end_rows().saturating_add(CUT_ROWS)
    } else {
        0
    };
    sheet.height.saturating_add(end)
}

fn draw(paper: &mut Bitmap, placed: &Placed, top: usize, glyphs: &Glyphs) {
    let y = top.saturating_add(placed.y);
    if y >= paper.height() {
        return;
    }
    match &placed.item {
        Item::Text {
            text,
            is_large,
            is_bold,
        } => {
            let line = glyphs.line(text, *is_bold);
            let line = if *is_large { line.doubled() } else { line };
            paper.draw(&line, placed.x, y);
        }
        Item::Dots(picture) => paper.draw(picture, placed.x, y),
        Item::Code(code) => paper.draw(&code.picture(code.module), placed.x, y),
    }
}

fn dashes(paper: &mut Bitmap, y: usize) {
    let starts = (0..paper.width()).step_by(DASH_DOTS.saturating_mul(2));
    for x in starts.flat_map(|start| start..start.saturating_add(DASH_DOTS)) {
        paper.blacken(x, y);
    }
}
