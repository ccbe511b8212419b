//! What is drawn of a sticker, for all kinds of file; in millimeters from the upper left corner.

use super::outline::{Letters, Step};
use crate::proto::qr::{QUIET_ZONE_MODULES, QrGrid};

/// A sticker with everything at its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Drawing {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) code: Code,
    pub(super) texts: Vec<Text>,
}

/// A code with its quiet zone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Code {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) module: f32,
    pub(super) grid: QrGrid,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) x: f32,
    pub(super) baseline: f32,
    pub(super) em: f32,
    pub(super) line: String,
}

/// Something black.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Text {
    pub(super) fn outline(&self, letters: &Letters) -> Vec<Step> {
        letters.outline(&self.line, self.em, self.x, self.baseline)
    }
}

impl Code {
    /// Its dark modules, those beside each other as one.
    pub(super) fn bars(&self) -> Vec<Bar> {
        let mut bars = Vec::new();
        for row in 0..self.grid.side() {
            let mut column = 0;
            while column < self.grid.side() {
                let dark = (column..self.grid.side())
                    .take_while(|at| self.grid.is_dark(*at, row))
                    .count();
                if dark > 0 {
                    bars.push(Bar {
                        x: self.x + self.place(column),
                        y: self.y + self.place(row),
                        width: self.length(dark),
                        height: self.module,
                    });
                }
                column = column.saturating_add(dark).saturating_add(1);
            }
        }
        bars
    }

    /// From the edge of the quiet zone to a module.
    fn place(&self, module: usize) -> f32 {
        self.length(module.saturating_add(QUIET_ZONE_MODULES))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a code has less than 200 modules at a side"
    )]
    fn length(&self, modules: usize) -> f32 {
        modules as f32 * self.module
    }
}
