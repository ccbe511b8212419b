//! A payment code as a grid of modules. Drawing it is the caller's job, the quiet zone is ours.

use qrcode::{Color, EcLevel, QrCode};
use serde::{Deserialize, Serialize};

#[cfg(feature = "files")]
pub mod picture;

/// Modules of white that belong around every code (ISO/IEC 18004).
pub const QUIET_ZONE_MODULES: usize = 4;
/// The longest text that is made into a code, in bytes: denser ones do not scan across a counter.
pub const TEXT_BYTES_MAX: usize = 300;

/// Why a text has no code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum QrError {
    /// Too much for a code that a phone can read across a counter.
    #[error("the text has {0} bytes, a code that still scans holds at most {TEXT_BYTES_MAX}")]
    TooLong(usize),
    /// Nothing to encode.
    #[error("there is no text to encode")]
    Empty,
    /// The encoder gave up.
    #[error("the text does not fit a code: {0}")]
    Encoder(String),
}

/// A square of dark and light modules, without the quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct QrGrid {
    side: usize,
    dark: Vec<bool>,
}

impl std::fmt::Debug for QrGrid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QrGrid")
            .field("side", &self.side)
            .finish_non_exhaustive()
    }
}

/// How much of a code may be unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// 7 %.
    L,
    /// 15 %.
    M,
}

impl From<Level> for EcLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::L => Self::L,
            Level::M => Self::M,
        }
    }
}

const fn check(text: &str) -> Result<(), QrError> {
    match text.len() {
        0 => Err(QrError::Empty),
        length if length > TEXT_BYTES_MAX => Err(QrError::TooLong(length)),
        _ => Ok(()),
    }
}

/// Modules of a side of the code of `text`, without the quiet zone: a hundred times sooner than the code
/// itself, whose masks are tried one after the other.
///
/// # Errors
/// Where it has no code.
pub fn side_of(text: &str, level: Level) -> Result<usize, QrError> {
    check(text)?;
    let bits = qrcode::bits::encode_auto(text.as_bytes(), level.into())
        .map_err(|error| QrError::Encoder(error.to_string()))?;
    Ok(usize::try_from(bits.version().width()).unwrap_or(0))
}

impl QrGrid {
    /// Encodes `text` at error level M, in the smallest symbol that holds it.
    pub fn encode(text: &str) -> Result<Self, QrError> {
        Self::encode_at(text, Level::M)
    }

    /// Encodes `text` in the smallest symbol that holds it at this level.
    pub fn encode_at(text: &str, level: Level) -> Result<Self, QrError> {
        check(text)?;
        let code = QrCode::with_error_correction_level(text, level.into())
            .map_err(|error| QrError::Encoder(error.to_string()))?;
        let dark = code
            .to_colors()
            .into_iter()
            .map(|color| color == Color::Dark)
            .collect();
        Ok(Self {
            side: code.width(),
            dark,
        })
    }

    /// Modules along one side, without the quiet zone.
    pub const fn side(&self) -> usize {
        self.side
    }

    /// Modules along one side, with the quiet zone on both ends.
    pub const fn side_with_quiet_zone(&self) -> usize {
        self.side
            .saturating_add(QUIET_ZONE_MODULES.saturating_mul(2))
    }

    /// Whether the module is dark; light outside of the square.
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        if column >= self.side || row >= self.side {
            return false;
        }
        let index = row.saturating_mul(self.side).saturating_add(column);
        self.dark.get(index).copied().unwrap_or(false)
    }

    /// The largest whole number of pixels per module at which code and quiet zone fit into
    /// `pixels`; zero where not even one does.
    pub fn pixels_per_module(&self, pixels: usize) -> usize {
        pixels.checked_div(self.side_with_quiet_zone()).unwrap_or(0)
    }
}
