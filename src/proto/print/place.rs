//! A layout as places on sheets, in dots from the upper left corner: for printers that are told where
//! things stand, and for previews.

use super::glyphs::Glyphs;
use super::layout::{Layout, Line, Piece};
use super::{FittedCode, Profile};
use crate::domain::bitmap::Bitmap;
use crate::domain::document::Align;

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// In dots.
    pub(super) height: usize,
    pub(super) items: Vec<Placed>,
    /// Whether a cut ended it.
    pub(super) is_cut: bool,
}

/// Something and where its upper left corner is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) item: Item,
}

/// What has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// In the printer's own characters.
    Text {
        text: String,
        is_large: bool,
        is_bold: bool,
    },
    /// A picture, or a line of text as one.
    Dots(Bitmap),
    Code(FittedCode),
}

/// The sheets of a layout; at least one.
pub(super) fn place(layout: &Layout, profile: &Profile) -> Vec<Sheet> {
    let glyphs = Glyphs::new();
    let mut sheets = Vec::new();
    let mut sheet = Sheet::default();
    for piece in &layout.pieces {
        match piece {
            Piece::Line(line) => sheet.line(line, profile, &glyphs),
            Piece::Code(code) => {
                let quiet = code.quiet_rows(profile);
                sheet.skip(quiet);
                let side = code.dots();
                sheet.center(Item::Code(code.clone()), side, side, profile);
                sheet.skip(quiet);
            }
            Piece::Picture(picture) => {
                let (width, height) = (picture.width(), picture.height());
                sheet.center(Item::Dots(picture.clone()), width, height, profile);
            }
            Piece::Feed(lines) => {
                let rows = profile.text_rows(false);
                sheet.skip(rows.saturating_mul((*lines).into()));
            }
            Piece::Cut | Piece::ProofCut => {
                sheet.is_cut = true;
                sheets.push(std::mem::take(&mut sheet));
            }
            Piece::Drawer | Piece::Buzzer => {}
        }
    }
    if sheets.is_empty() || sheet.height > 0 {
        sheets.push(sheet);
    }
    sheets
}

impl Sheet {
    const fn skip(&mut self, rows: usize) {
        self.height = self.height.saturating_add(rows);
    }

    fn center(&mut self, item: Item, width: usize, height: usize, profile: &Profile) {
        let x = profile.dots.saturating_sub(width) / 2;
        let y = self.height;
        self.items.push(Placed { x, y, item });
        self.skip(height);
    }

    fn line(&mut self, line: &Line, profile: &Profile, glyphs: &Glyphs) {
        let free = profile.dots.saturating_sub(line.dots());
        let x = match line.align {
            Align::Left => 0,
            Align::Center => free / 2,
            Align::Right => free,
        };
        let item = if line.is_drawn {
            Item::Dots(line.drawn(glyphs))
        } else {
            Item::Text {
                text: line.text.clone(),
                is_large: line.is_large,
                is_bold: line.is_bold,
            }
        };
        if !line.text.is_empty() {
            let y = self.height;
            self.items.push(Placed { x, y, item });
        }
        self.skip(profile.text_rows(line.is_large));
    }
}
