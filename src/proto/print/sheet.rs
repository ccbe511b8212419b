//! Stickers for office printers: on sheets of labels as PDF, and one alone as SVG or PNG.
//!
//! Letters are drawn as outlines of Open Sans, so that Latin, Greek and Cyrillic come out alike on every
//! printer and nothing has to be installed; the text in such a file can neither be searched nor be a
//! command. Lengths are in hundredths of a millimeter.

mod drawing;
mod outline;
mod pdf;
mod picture;
mod sticker;

pub use pdf::{Printed, pdf};
pub use picture::{png, svg};

#[cfg(test)]
mod tests;

use super::CodeProblem;
use crate::proto::qr::QrError;

/// Stickers of one file.
pub const STICKERS_MAX: usize = 2_000;
/// The most that a paper measures, in hundredths of a millimeter.
const PAGE_MAX: u32 = 50_000;
/// The least that a sticker measures at a side: less has no room for a code.
const STICKER_MIN: u32 = 1_500;

/// What stands on a sticker, ready to read; what is empty is left out. Characters that the font has not
/// become question marks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sticker {
    /// What is sold.
    pub title: String,
    /// With its currency.
    pub price: String,
    /// What the code says: 1 to 300 bytes without controls.
    pub link: String,
    /// Whose page the code opens.
    pub host: String,
    /// Stands below the code.
    pub serial: String,
    /// Such as "Valid until 31.12.2026".
    pub valid_until: String,
}

/// Where stickers lie on a page, in hundredths of a millimeter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetLayout {
    /// The page's; 21,000 is A4.
    pub page_width: u32,
    /// The page's; 29,700 is A4.
    pub page_height: u32,
    /// Stickers beside each other.
    pub columns: u32,
    /// Stickers below each other.
    pub rows: u32,
    /// From the left edge of the page to the first sticker.
    pub left: u32,
    /// From the upper edge of the page to the first sticker.
    pub top: u32,
    /// From the left edge of a sticker to that of the next.
    pub pitch_x: u32,
    /// From the upper edge of a sticker to that of the next.
    pub pitch_y: u32,
    /// A sticker's.
    pub width: u32,
    /// A sticker's.
    pub height: u32,
}

/// How a file is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetOptions {
    /// Places on the first page that are empty already.
    pub start: usize,
    /// By how much everything is moved to the right, in tenths of a millimeter, at most 200 either way.
    pub right_tenths_mm: i16,
    /// By how much everything is moved down, in tenths of a millimeter, at most 200 either way.
    pub down_tenths_mm: i16,
    /// How large everything is, from the middle of the page: 1,000 is right, 900 to 1,100.
    pub scale_per_mille: u16,
    /// Whether the first page has a line that must measure 100.0 mm.
    pub has_check_line: bool,
    /// Whether the edges of stickers are drawn: to hold a page against the sheet of labels.
    pub has_outlines: bool,
}

impl Default for SheetOptions {
    fn default() -> Self {
        Self {
            start: 0,
            right_tenths_mm: 0,
            down_tenths_mm: 0,
            scale_per_mille: 1_000,
            has_check_line: false,
            has_outlines: false,
        }
    }
}

/// Why there is no sheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The stickers would not lie on the page.
    #[error(
        "this layout does not fit its page: {0} x {1} stickers of {2} x {3} hundredths of a millimeter; measure again"
    )]
    Layout(u32, u32, u32, u32),
    /// No place left, or too many pages.
    #[error("a file has at most {STICKERS_MAX} stickers, these are {0}: print them in parts")]
    TooMany(usize),
    /// There is no such place.
    #[error(
        "a sheet of these labels has {places} places, so the first one cannot be number {start}"
    )]
    Start {
        /// The number asked for, from one.
        start: usize,
        /// The sheet's.
        places: usize,
    },
    /// Beyond what a printer is off.
    #[error(
        "sheets are moved by at most 20 mm and scaled by 900 to 1100 per mille: check how the printer scales"
    )]
    Adjustment,
    /// A code that nobody could scan.
    #[error(
        "the code of sticker {place} would have modules of {module} hundredths of a millimeter, at least {least} can be scanned: take larger labels, or a shorter link"
    )]
    TooSmall {
        /// Which one, from one.
        place: usize,
        /// How large they would be.
        module: u32,
        /// How large they must be.
        least: u32,
    },
    /// There is no code of its text.
    #[error("sticker {0}: {1}")]
    Code(usize, CodeProblem),
}

const A4: SheetLayout = SheetLayout {
    page_width: 21_000,
    page_height: 29_700,
    columns: 0,
    rows: 0,
    left: 0,
    top: 0,
    pitch_x: 0,
    pitch_y: 0,
    width: 0,
    height: 0,
};

/// The usual layouts, by the names that are printed on the packets.
pub const LAYOUTS: [(&str, SheetLayout); 7] = [
    (
        "Avery L7160",
        grid([3, 7], [720, 1_515], [6_604, 3_810], [6_350, 3_810]),
    ),
    (
        "Avery L7159",
        grid([3, 8], [646, 1_306], [6_654, 3_386], [6_400, 3_386]),
    ),
    (
        "Avery L7163",
        grid([2, 7], [467, 1_515], [10_160, 3_810], [9_906, 3_810]),
    ),
    (
        "Avery L7161",
        grid([3, 6], [721, 882], [6_604, 4_656], [6_350, 4_656]),
    ),
    (
        "Avery L7651",
        grid([5, 13], [467, 1_090], [4_064, 2_117], [3_810, 2_117]),
    ),
    (
        "Zweckform 3475",
        grid([3, 8], [0, 450], [7_000, 3_600], [7_000, 3_600]),
    ),
    (
        // Of inches: 2 5/8 x 1, on 8 1/2 x 11.
        "Avery 5160",
        SheetLayout {
            page_width: 21_590,
            page_height: 27_940,
            ..grid([3, 10], [476, 1_270], [6_985, 2_540], [6_668, 2_540])
        },
    ),
];

/// On A4: columns and rows, the first corner, the pitch and the size.
const fn grid(count: [u32; 2], first: [u32; 2], pitch: [u32; 2], size: [u32; 2]) -> SheetLayout {
    let ([columns, rows], [left, top]) = (count, first);
    let ([pitch_x, pitch_y], [width, height]) = (pitch, size);
    SheetLayout {
        columns,
        rows,
        left,
        top,
        pitch_x,
        pitch_y,
        width,
        height,
        ..A4
    }
}

impl SheetLayout {
    /// One of [`LAYOUTS`].
    pub fn named(name: &str) -> Option<Self> {
        let mut layouts = LAYOUTS.into_iter();
        layouts.find_map(|(known, layout)| (known == name).then_some(layout))
    }

    /// Places of a page.
    pub fn places(&self) -> usize {
        let places = self.columns.saturating_mul(self.rows);
        usize::try_from(places).unwrap_or(usize::MAX)
    }

    /// What remains at the right and below, where everything fits.
    pub fn rest(&self) -> Option<(u32, u32)> {
        let end = |first: u32, count: u32, pitch: u32, size: u32| {
            let steps = count.checked_sub(1)?.checked_mul(pitch)?;
            first.checked_add(steps)?.checked_add(size)
        };
        let right = end(self.left, self.columns, self.pitch_x, self.width)?;
        let bottom = end(self.top, self.rows, self.pitch_y, self.height)?;
        Some((
            self.page_width.checked_sub(right)?,
            self.page_height.checked_sub(bottom)?,
        ))
    }

    /// Whether stickers lie on the page and beside each other.
    ///
    /// # Errors
    /// Where they do not.
    pub fn check(&self) -> Result<(), SheetError> {
        let is_page = self.page_width <= PAGE_MAX && self.page_height <= PAGE_MAX;
        let is_size = self.width >= STICKER_MIN && self.height >= STICKER_MIN;
        let is_apart = (self.columns == 1 || self.pitch_x >= self.width)
            && (self.rows == 1 || self.pitch_y >= self.height);
        if is_page && is_size && is_apart && self.rest().is_some() {
            return Ok(());
        }
        let (columns, rows) = (self.columns, self.rows);
        Err(SheetError::Layout(columns, rows, self.width, self.height))
    }

    /// The upper left corner of a place, row by row.
    fn corner(&self, place: usize) -> (u32, u32) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let column = place.checked_rem(self.columns).unwrap_or(0);
        let row = place.checked_div(self.columns).unwrap_or(0);
        (
            self.left
                .saturating_add(column.saturating_mul(self.pitch_x)),
            self.top.saturating_add(row.saturating_mul(self.pitch_y)),
        )
    }
}

impl SheetOptions {
    fn check(&self, layout: &SheetLayout) -> Result<(), SheetError> {
        let places = layout.places();
        if self.start >= places {
            let start = self.start.saturating_add(1);
            return Err(SheetError::Start { start, places });
        }
        let is_near = |tenths: i16| (-200..=200).contains(&tenths);
        let is_scale = (900..=1_100).contains(&self.scale_per_mille);
        if is_scale && is_near(self.right_tenths_mm) && is_near(self.down_tenths_mm) {
            Ok(())
        } else {
            Err(SheetError::Adjustment)
        }
    }
}

impl SheetError {
    fn code(place: usize, error: QrError) -> Self {
        Self::Code(place, CodeProblem::Unencodable(error))
    }
}

/// In millimeters.
#[expect(
    clippy::cast_precision_loss,
    reason = "a page has at most 50,000 hundredths"
)]
fn millimeters(hundredths: u32) -> f32 {
    hundredths as f32 / 100.0
}
