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

/// Dark modules beside each other; columns and rows are counted without the quiet zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) column: usize,
    pub(super) row: usize,
    pub(super) modules: usize,
}

impl Code {
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let side = self.grid.side();
        for row in 0..side {
            let mut column = 0_usize;
            while column < side {
                let is_dark = |at: &usize| self.grid.is_dark(*at, row);
                let modules = (column..side).take_while(is_dark).count();
                if modules > 0 {
                    runs.push(Run {
                        column,
                        row,
                        modules,
                    });
                }
                column = column.saturating_add(modules).saturating_add(1);
            }
        }
        runs
    }

    /// Its dark modules, those beside each other as one.
    pub(super) fn bars(&self) -> Vec<Bar> {
        let [left, top] = self.corner();
        let bar = |run: Run| Bar {
            x: left + count(run.column) * self.module,
            y: top + count(run.row) * self.module,
            width: count(run.modules) * self.module,
            height: self.module,
        };
        self.runs().into_iter().map(bar).collect()
    }

    /// The upper left one of its own, within the quiet zone.
    pub(super) fn corner(&self) -> [f32; 2] {
        let quiet = count(QUIET_ZONE_MODULES) * self.module;
        [self.x + quiet, self.y + quiet]
    }
}

/// Modules as a factor.
#[expect(
    clippy::cast_precision_loss,
    reason = "a code has less than 200 modules at a side"
)]
pub(super) const fn count(modules: usize) -> f32 {
    modules as f32
}
