//! Labels: sheets of a size that stands before anything is printed, and how label printers say they are.

use super::layout;
use super::place::{self, Sheet};
use super::{Job, PrintError, Profile};
use crate::domain::document::Document;

/// White at every edge, in tenths of a millimeter: labels never lie quite straight.
const MARGIN_TENTHS_MM: usize = 10;
/// Bounds of a label's width and height, in tenths of a millimeter.
const SIDES_TENTHS_MM: std::ops::RangeInclusive<usize> = 100..=5_000;

/// What lies in a label printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Media {
    /// In tenths of a millimeter, 100 to 5,000; what is wider than the head is not printed on.
    pub width_tenths_mm: usize,
    /// In tenths of a millimeter, 100 to 5,000; none for a roll without labels, which ends where the text
    /// does.
    #[serde(default)]
    pub height_tenths_mm: Option<usize>,
}

/// A sheet with its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// In tenths of a millimeter.
    pub(super) media: Media,
    /// In dots.
    pub(super) width: usize,
    /// In dots.
    pub(super) height: usize,
    pub(super) sheet: Sheet,
}

/// Labels, and the characters that are not on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Labels {
    pub(super) labels: Vec<Label>,
    pub(super) replaced: Vec<(char, String)>,
}

/// How a label printer is, as far as it said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one lamp of the printer; any may be on"
)]
pub struct LabelState {
    /// The head or the cover is open.
    pub is_open: bool,
    /// There are no labels.
    pub is_paper_out: bool,
    /// There is no ribbon.
    pub is_ribbon_out: bool,
    /// Labels are stuck.
    pub is_jammed: bool,
    /// Somebody pressed its key.
    pub is_paused: bool,
    /// It waits until it is cooler, or warmer.
    pub is_overheated: bool,
    /// Something is printed, or waits for it.
    pub is_busy: bool,
    /// A label was begun and has no end.
    pub is_partial: bool,
}

impl LabelState {
    /// Whether it would print.
    pub const fn is_well(self) -> bool {
        !(self.is_open
            || self.is_paper_out
            || self.is_ribbon_out
            || self.is_jammed
            || self.is_paused
            || self.is_overheated)
    }
}

/// A document as labels. Codes become smaller where a label is too low, down to what still scans.
pub(super) fn labels(
    document: &Document,
    profile: &Profile,
    media: Option<Media>,
) -> Result<Labels, PrintError> {
    let roll = Media {
        width_tenths_mm: profile.tenths_mm(profile.dots),
        height_tenths_mm: None,
    };
    let width = media.map_or(usize::MAX, |media| profile.dots_of(media.width_tenths_mm));
    let width = width.min(profile.dots);
    let media = media.unwrap_or(roll);
    media.check()?;
    let margin = profile.dots_of(MARGIN_TENTHS_MM);
    let inner = Profile {
        dots: width.saturating_sub(margin.saturating_mul(2)),
        ..profile.clone()
    };
    let mut module = usize::MAX;
    loop {
        let layout = layout::lay_out_within(document, &inner, module)?;
        let sheets = place::place(&layout, &inner);
        let rows = sheets.iter().map(|sheet| sheet.height).max().unwrap_or(0);
        let needed = rows.saturating_add(margin.saturating_mul(2));
        let Some(label) = media.height_tenths_mm else {
            return Ok(sized(sheets, layout.replaced, width, media, profile));
        };
        if needed <= profile.dots_of(label) {
            return Ok(sized(sheets, layout.replaced, width, media, profile));
        }
        let largest = layout.codes().map(|code| code.module).max().unwrap_or(0);
        // Codes of test pages do not become smaller.
        module = largest.min(module).saturating_sub(1);
        if module < usize::from(profile.least_module) {
            return Err(PrintError::LabelTooLow {
                needed_mm: profile.tenths_mm(needed).div_ceil(10),
                label_mm: label / 10,
            });
        }
    }
}

/// With the margins around.
fn sized(
    sheets: Vec<Sheet>,
    replaced: Vec<(char, String)>,
    width: usize,
    media: Media,
    profile: &Profile,
) -> Labels {
    let margin = profile.dots_of(MARGIN_TENTHS_MM);
    let label = |mut sheet: Sheet| {
        for placed in &mut sheet.items {
            placed.x = placed.x.saturating_add(margin);
            placed.y = placed.y.saturating_add(margin);
        }
        let needed = sheet.height.saturating_add(margin.saturating_mul(2));
        let height = media.height_tenths_mm.map(|rows| profile.dots_of(rows));
        let height = height.unwrap_or(needed);
        sheet.height = height;
        Label {
            media,
            width,
            height,
            sheet,
        }
    };
    Labels {
        labels: sheets.into_iter().map(label).collect(),
        replaced,
    }
}

impl Media {
    fn check(self) -> Result<(), PrintError> {
        let mut sides = std::iter::once(self.width_tenths_mm).chain(self.height_tenths_mm);
        match sides.find(|side| !SIDES_TENTHS_MM.contains(side)) {
            Some(side) => Err(PrintError::LabelSize(side / 10)),
            None => Ok(()),
        }
    }
}

impl Job {
    /// One command with all that belongs to it.
    pub(super) fn command(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
        self.boundaries.push(self.body.len());
        self.longest = self.longest.max(bytes.len());
    }
}
