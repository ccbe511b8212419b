//! Pictures of dots, in which a printer must find nothing that it would obey.

use super::encoder::GS;
use crate::domain::bitmap::Bitmap;

/// Rows that are sent at once: a printer that wants a whole picture in its memory would wait forever for
/// a larger one.
const BAND_ROWS: usize = 128;
/// `DLE`: with `EOT`, `ENQ` or `DC4` behind it printers obey it at once, also within pictures.
const DLE: u8 = 0x10;
/// A dot that none of the three has.
const DOT: u8 = 0x08;

/// How the printer draws a picture's dots.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// As they are.
    Plain,
    /// Each twice as wide and as high: a quarter of the bytes.
    Double,
}

impl Scale {
    const fn mode(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Double => 3,
        }
    }

    /// Rows of dots on paper for each row of the picture.
    pub(super) const fn rows(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Double => 2,
        }
    }
}

/// The commands that print a picture, one for each band.
pub(super) fn commands(picture: &Bitmap, scale: Scale) -> impl Iterator<Item = Vec<u8>> {
    let starts = (0..picture.height()).step_by(BAND_ROWS);
    starts.map(move |first| {
        let rows = picture.height().saturating_sub(first).min(BAND_ROWS);
        let mut band = Bitmap::white(picture.width(), rows);
        for y in 0..rows {
            for x in 0..picture.width() {
                if picture.is_black(x, first.saturating_add(y)) {
                    band.blacken(x, y);
                }
            }
        }
        command(&band, scale)
    })
}

/// `GS v 0`: old, and understood by nearly all.
fn command(picture: &Bitmap, scale: Scale) -> Vec<u8> {
    let size = |count: usize| u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
    let mut bytes = vec![GS, b'v', b'0', scale.mode()];
    bytes.extend(size(picture.width().div_ceil(8)));
    bytes.extend(size(picture.height()));
    bytes.extend(harmless(picture.packed()));
    bytes
}

/// One dot more where a printer would find something to obey.
fn harmless(mut dots: Vec<u8>) -> Vec<u8> {
    let mut before = 0;
    for byte in &mut dots {
        if before == DLE && matches!(*byte, 0x04 | 0x05 | 0x14) {
            *byte |= DOT;
        }
        before = *byte;
    }
    dots
}
