//! Letters as dots, for lines that a printer's own characters cannot say, and for previews.
//!
//! Every character has a cell of 12 x 24 dots, as in the printers' own font, so that columns stay columns;
//! a letter that is wider is drawn narrower. The font (Open Sans) has Latin, Greek and Cyrillic letters. It
//! has none that are joined or written from the right, and no Chinese, Japanese or Korean ones.

use ab_glyph::{Font as _, FontRef, OutlinedGlyph, PxScale, point};

use super::profile::CHARACTER_DOTS;
use crate::domain::bitmap::Bitmap;

pub(super) const FONT: &[u8] = include_bytes!("../../../assets/fonts/OpenSans-Regular.ttf");
/// A cell's height in dots.
pub(super) const CHARACTER_ROWS: usize = 24;
/// A cell's width in dots.
const WIDTH: f32 = 12.0;
/// The font's em in dots: a capital with an accent is 19 dots high.
const EM: f32 = 20.0;
/// Where letters stand, in dots from the top.
const BASELINE: f32 = 19.0;
/// How much of a dot a letter covers that is printed. Less than half, or thin strokes would break.
const INK: f32 = 0.42;

/// The font, ready to draw with.
#[derive(Debug)]
pub(super) struct Glyphs {
    font: Option<FontRef<'static>>,
}

impl Glyphs {
    pub(super) fn new() -> Self {
        Self {
            font: FontRef::try_from_slice(FONT).ok(),
        }
    }

    /// Whether the font has this character.
    pub(super) fn has(&self, character: char) -> bool {
        let font = self.font.as_ref();
        font.is_some_and(|font| font.glyph_id(character).0 != 0)
    }

    /// A line of text, one cell a character.
    pub(super) fn line(&self, text: &str, is_bold: bool) -> Bitmap {
        let width = text.chars().count().saturating_mul(CHARACTER_DOTS);
        let mut line = Bitmap::white(width, CHARACTER_ROWS);
        for (place, character) in text.chars().enumerate() {
            let cell = self.cell(character);
            let x = place.saturating_mul(CHARACTER_DOTS);
            line.draw(&cell, x, 0);
            if is_bold {
                line.draw(&cell, x.saturating_add(1), 0);
            }
        }
        line
    }

    fn cell(&self, character: char) -> Bitmap {
        let mut cell = Bitmap::white(CHARACTER_DOTS, CHARACTER_ROWS);
        let Some(font) = &self.font else {
            return cell;
        };
        let id = font.glyph_id(character);
        let em = EM / font.units_per_em().unwrap_or(1.0);
        let advance = font.h_advance_unscaled(id) * em;
        let narrower = (WIDTH / advance.max(1.0)).min(1.0);
        let left = (WIDTH - advance * narrower) / 2.0;
        let height = font.height_unscaled() * em;
        let scale = PxScale {
            x: height * narrower,
            y: height,
        };
        let glyph = id.with_scale_and_position(scale, point(left, BASELINE));
        if let Some(outline) = font.outline_glyph(glyph) {
            ink(&mut cell, &outline, INK);
        }
        cell
    }
}

/// Blackens the dots of which a letter covers at least so much, 1 being all.
pub(super) fn ink(paper: &mut Bitmap, outline: &OutlinedGlyph, least: f32) {
    let corner = outline.px_bounds().min;
    let (left, top) = (dots(corner.x), dots(corner.y));
    outline.draw(|x, y, cover| {
        let dot = (left.checked_add_unsigned(x), top.checked_add_unsigned(y));
        if let ((Some(x), Some(y)), true) = (dot, cover >= least) {
            blacken(paper, x, y);
        }
    });
}

/// Nothing left of the paper or above it.
fn blacken(paper: &mut Bitmap, x: i32, y: i32) {
    if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) {
        paper.blacken(x, y);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a place within a letter, or at the bound of the type where a font lies"
)]
const fn dots(at: f32) -> i32 {
    at as i32
}
