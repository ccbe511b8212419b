//! How large a code is printed.

use serde::{Deserialize, Serialize};

use super::{Language, Profile, tspl};
use crate::domain::bitmap::Bitmap;
use crate::domain::document::{CodeSize, DrawnBy};
use crate::proto::qr::{Level, QUIET_ZONE_MODULES, QrError, QrGrid, side_of};

/// A module of fewer dots does not come out clean, unless a test page says so.
pub(super) const MODULE_DOTS_MIN: u8 = 4;
/// A module's size for a hand's distance, in tenths of a millimeter.
const HAND_MODULE_TENTHS_MM: usize = 8;

/// Why a code is not printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    /// It would not scan.
    #[error(
        "this code needs {needed_mm} mm of width to be scanned, this printer has {paper_mm} mm: take a wider roll, or a shorter link"
    )]
    TooNarrow {
        /// The narrowest paper on which it scans.
        needed_mm: usize,
        /// This one's.
        paper_mm: usize,
    },
    /// There is no code of this text.
    #[error(transparent)]
    Unencodable(#[from] QrError),
    /// A text with control characters, or none.
    #[error("a code holds letters, digits and signs, not what cannot be seen: write the link anew")]
    Controls,
}

/// A code for a printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FittedCode {
    /// What it says.
    pub text: String,
    /// Modules of a side, without the quiet zone.
    pub side: usize,
    /// How much of it may be damaged.
    pub level: Level,
    /// Dots of a module.
    pub module: usize,
    /// Whether the printer draws it.
    pub is_native: bool,
}

impl FittedCode {
    /// At level M, or at L where only that scans.
    ///
    /// # Errors
    /// Where no size scans here.
    pub fn new(text: &str, size: CodeSize, profile: &Profile) -> Result<Self, CodeProblem> {
        Self::new_within(text, size, profile, usize::MAX)
    }

    /// With modules of at most so many dots.
    pub(super) fn new_within(
        text: &str,
        size: CodeSize,
        profile: &Profile,
        module_max: usize,
    ) -> Result<Self, CodeProblem> {
        if text.chars().any(char::is_control) {
            return Err(CodeProblem::Controls);
        }
        if let CodeSize::Proof { dots, drawn_by } = size {
            return Self::proof(text, dots, drawn_by, profile);
        }
        let least = usize::from(profile.least_module);
        let mut narrowest = usize::MAX;
        for level in [Level::M, Level::L] {
            let modules = side_of(text, level)?;
            let with_quiet_zone = with_quiet_zone(modules);
            let most = module_max.min(wanted(size, profile));
            let most = most.min(profile.dots.checked_div(with_quiet_zone).unwrap_or(0));
            let native = native_modules(text, modules, level, profile);
            if let Some((module, is_native)) = module(most, native, least) {
                return Ok(Self {
                    text: text.to_owned(),
                    side: modules,
                    level,
                    module,
                    is_native,
                });
            }
            narrowest = narrowest.min(with_quiet_zone.saturating_mul(least));
        }
        Err(too_narrow(narrowest, profile))
    }

    /// Just so, where the paper is wide enough.
    fn proof(
        text: &str,
        dots: u8,
        drawn_by: DrawnBy,
        profile: &Profile,
    ) -> Result<Self, CodeProblem> {
        let module = usize::from(dots.max(1));
        let modules = side_of(text, Level::M)?;
        let needed = with_quiet_zone(modules).saturating_mul(module);
        if needed > profile.dots {
            return Err(too_narrow(needed, profile));
        }
        Ok(Self {
            text: text.to_owned(),
            side: modules,
            level: Level::M,
            module,
            is_native: drawn_by == DrawnBy::Printer,
        })
    }

    /// Its width and height on paper without the quiet zone, in dots.
    pub const fn dots(&self) -> usize {
        self.side.saturating_mul(self.module)
    }

    /// The white that belongs above and below it, in dots.
    pub const fn quiet_dots(&self) -> usize {
        self.module.saturating_mul(QUIET_ZONE_MODULES)
    }

    /// The white that it gets above and below, in dots; whole lines where paper is fed by lines.
    pub(super) const fn quiet_rows(&self, profile: &Profile) -> usize {
        let line = profile.text_rows(false);
        match self.quiet_dots().checked_next_multiple_of(line) {
            Some(rows) if !profile.is_for_labels() => rows,
            _ => self.quiet_dots(),
        }
    }

    /// As a picture with this many dots for each module.
    pub fn picture(&self, dots: usize) -> Bitmap {
        let mut modules = Bitmap::white(self.side, self.side);
        // Its side was found, so there is a code.
        if let Ok(grid) = QrGrid::encode_at(&self.text, self.level) {
            for y in 0..self.side {
                for x in (0..self.side).filter(|x| grid.is_dark(*x, y)) {
                    modules.blacken(x, y);
                }
            }
        }
        modules.enlarged(dots)
    }
}

const fn with_quiet_zone(side: usize) -> usize {
    side.saturating_add(QUIET_ZONE_MODULES.saturating_mul(2))
}

fn too_narrow(needed: usize, profile: &Profile) -> CodeProblem {
    CodeProblem::TooNarrow {
        needed_mm: profile.tenths_mm(needed).div_ceil(10),
        paper_mm: profile.tenths_mm(profile.dots) / 10,
    }
}

/// Dots of a module at most, as far as the reader's distance goes.
fn wanted(size: CodeSize, profile: &Profile) -> usize {
    match size {
        CodeSize::Hand => profile
            .dots_of(HAND_MODULE_TENTHS_MM)
            .max(profile.least_module.into()),
        CodeSize::Full => usize::MAX,
        CodeSize::Proof { dots, .. } => dots.into(),
    }
}

/// Dots of a module, and whether the printer draws the code. A picture is printed at twice its size, so
/// its modules are even.
fn module(most: usize, native: Option<(u8, u8)>, least_read: usize) -> Option<(usize, bool)> {
    if let Some((least, largest)) = native {
        let native = most.min(largest.into());
        if native >= least_read.max(least.into()) {
            return Some((native, true));
        }
    }
    let even = most.saturating_sub(most % 2);
    (even >= least_read).then_some((even, false))
}

/// Dots of a module, from and to, where the printer draws this code. On labels something stands beside
/// it, so it must not come out larger than it was laid out: only where the printer has no better and no
/// worse way to write the text.
fn native_modules(text: &str, side: usize, level: Level, profile: &Profile) -> Option<(u8, u8)> {
    let is_plain = match profile.language {
        Language::EscPos => return profile.native_code,
        Language::Zpl => text.is_ascii(),
        Language::Tspl => text.chars().all(tspl::is_sayable),
    };
    let is_alike = side >= side_of_bytes(text.len(), level);
    profile.native_code.filter(|_| is_plain && is_alike)
}

/// Modules of the smallest code that holds so many bytes, one by one (ISO/IEC 18004, table 7).
fn side_of_bytes(bytes: usize, level: Level) -> usize {
    let capacities: [usize; 14] = match level {
        Level::L => [
            17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458,
        ],
        Level::M => [
            14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362,
        ],
    };
    let version = capacities.iter().position(|capacity| bytes <= *capacity);
    version.map_or(usize::MAX, |place| {
        place.saturating_mul(4).saturating_add(21)
    })
}
