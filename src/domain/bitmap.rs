//! Black dots on white paper.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The widest picture that is read, in dots: the widest head has 2,000.
pub const WIDTH_MAX: usize = 2_000;
/// The highest picture that is read, in dots: 80 cm of paper at 203 dpi.
pub const HEIGHT_MAX: usize = 6_400;

/// The dots of a byte from left to right.
const BITS: [u8; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

/// A picture of dots that are printed or not.
///
/// Kept as its width and its packed rows in base64 (RFC 4648, with padding).
#[derive(Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub struct Bitmap {
    width: usize,
    dots: Vec<bool>,
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({} x {})", self.width, self.height())
    }
}

/// A picture as it is kept.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    width: usize,
    rows: String,
}

/// Why a picture that was kept is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BitmapError {
    /// No printer is so wide, or no paper so long.
    #[error("a picture has at most {WIDTH_MAX} dots of width and {HEIGHT_MAX} of height")]
    TooLarge,
    /// Its rows are not base64.
    #[error("the rows of a picture are not base64")]
    NoBase64,
    /// Its rows do not fill its width, or end within a row, or have dots beyond it.
    #[error("the rows of a picture do not fit its width of {0} dots")]
    Ragged(usize),
}

impl From<Bitmap> for Stored {
    fn from(picture: Bitmap) -> Self {
        Self {
            width: picture.width,
            rows: STANDARD.encode(picture.packed()),
        }
    }
}

impl TryFrom<Stored> for Bitmap {
    type Error = BitmapError;

    fn try_from(stored: Stored) -> Result<Self, BitmapError> {
        let row_bytes = stored.width.div_ceil(8);
        if stored.width > WIDTH_MAX {
            return Err(BitmapError::TooLarge);
        }
        // Four characters of base64 for three bytes.
        let most = row_bytes.saturating_mul(HEIGHT_MAX).div_ceil(3);
        if stored.rows.len() > most.saturating_mul(4) {
            return Err(BitmapError::TooLarge);
        }
        let Ok(bytes) = STANDARD.decode(&stored.rows) else {
            return Err(BitmapError::NoBase64);
        };
        let ragged = BitmapError::Ragged(stored.width);
        let height = bytes.len().checked_div(row_bytes).unwrap_or(0);
        if height > HEIGHT_MAX {
            return Err(BitmapError::TooLarge);
        }
        let mut picture = Self::white(stored.width, height);
        for (y, row) in bytes.chunks(row_bytes.max(1)).enumerate() {
            picture.set_row(y, row);
        }
        // What was left out by the above is missed here.
        if picture.packed() == bytes {
            Ok(picture)
        } else {
            Err(ragged)
        }
    }
}

impl Bitmap {
    /// Whether it is within the bounds of what is read.
    pub fn is_storable(&self) -> bool {
        self.width <= WIDTH_MAX && self.height() <= HEIGHT_MAX
    }

    /// White paper. In dots.
    pub fn white(width: usize, height: usize) -> Self {
        Self {
            width,
            dots: vec![false; width.saturating_mul(height)],
        }
    }

    /// In dots.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// In dots.
    pub fn height(&self) -> usize {
        self.dots.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether a dot is printed; none outside is.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        self.place(x, y)
            .and_then(|place| self.dots.get(place))
            .is_some_and(|dot| *dot)
    }

    /// Prints a dot; nothing outside.
    pub fn blacken(&mut self, x: usize, y: usize) {
        if let Some(dot) = self.place(x, y).and_then(|place| self.dots.get_mut(place)) {
            *dot = true;
        }
    }

    fn place(&self, x: usize, y: usize) -> Option<usize> {
        (x < self.width).then(|| y.checked_mul(self.width)?.checked_add(x))?
    }

    /// Draws another picture with its upper left corner here; what is outside is lost.
    pub fn draw(&mut self, picture: &Self, x: usize, y: usize) {
        let below = self.dots.chunks_mut(self.width.max(1)).skip(y);
        for (under, over) in below.zip(picture.dots.chunks(picture.width.max(1))) {
            let under = under.get_mut(x..).unwrap_or_default();
            for (dot, black) in under.iter_mut().zip(over) {
                *dot |= *black;
            }
        }
    }

    /// Each dot twice as wide and as high.
    #[must_use]
    pub fn doubled(&self) -> Self {
        self.enlarged(2)
    }

    /// Each dot so many times as wide and as high.
    #[must_use]
    pub fn enlarged(&self, times: usize) -> Self {
        let mut large = Self {
            width: self.width.saturating_mul(times),
            dots: Vec::new(),
        };
        for row in self.dots.chunks(self.width.max(1)) {
            let wide = row.iter().flat_map(|dot| std::iter::repeat_n(*dot, times));
            let wide: Vec<bool> = wide.collect();
            for _ in 0..times {
                large.dots.extend_from_slice(&wide);
            }
        }
        large
    }

    fn set_row(&mut self, y: usize, packed: &[u8]) {
        for x in 0..self.width {
            let byte = packed.get(x / 8).copied().unwrap_or(0);
            if BITS.get(x % 8).is_some_and(|bit| byte & bit != 0) {
                self.blacken(x, y);
            }
        }
    }

    /// Its rows, eight dots a byte, the leftmost in the highest bit, white where a row is no multiple of
    /// eight.
    pub fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.dots.len().div_ceil(8));
        for row in self.dots.chunks(self.width.max(1)) {
            for eight in row.chunks(8) {
                let bits = eight.iter().zip(BITS);
                bytes.push(bits.fold(0, |byte, (dot, bit)| if *dot { byte | bit } else { byte }));
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_where_they_were_put_and_nowhere_else() {
        let mut picture = Bitmap::white(10, 2);
        for (x, y) in [
            (0, 0),
            (9, 0),
            (3, 1),
            (10, 0),
            (0, 2),
            (usize::MAX, usize::MAX),
        ] {
            picture.blacken(x, y);
        }
        assert_eq!((picture.width(), picture.height()), (10, 2));
        assert!(picture.is_black(0, 0) && picture.is_black(9, 0) && picture.is_black(3, 1));
        assert!(!picture.is_black(10, 0) && !picture.is_black(0, 1));
        assert_eq!(picture.packed(), [0b1000_0000, 0b0100_0000, 0b0001_0000, 0]);
        assert_eq!(Bitmap::white(0, 0).packed(), [0; 0]);
    }

    #[test]
    fn a_picture_is_drawn_on_another_and_made_larger() {
        let mut dot = Bitmap::white(2, 1);
        dot.blacken(1, 0);
        let mut paper = Bitmap::white(5, 3);
        paper.draw(&dot.doubled(), 2, 1);
        assert_eq!(paper.packed(), [0, 0b0000_1000, 0b0000_1000]);
        assert_eq!(dot.doubled().packed(), [0b0011_0000; 2]);
        assert_eq!(dot.enlarged(3).packed(), [0b0001_1100; 3]);
        // What is outside is lost, wherever it is.
        for (x, y) in [(4, 0), (5, 0), (9, 9), (usize::MAX, usize::MAX)] {
            paper.draw(&dot.doubled(), x, y);
        }
        assert_eq!(paper.packed(), [0, 0b0000_1000, 0b0000_1000]);
    }

    #[test]
    fn a_picture_is_kept_in_few_characters_and_one_that_cannot_be_is_refused() {
        let mut picture = Bitmap::white(10, 2);
        picture.blacken(0, 0);
        picture.blacken(3, 1);
        let kept = serde_json::to_string(&picture).unwrap();
        assert_eq!(kept, r#"{"width":10,"rows":"gAAQAA=="}"#);
        assert_eq!(serde_json::from_str::<Bitmap>(&kept).unwrap(), picture);
        let read = |width, rows: &str| {
            Bitmap::try_from(Stored {
                width,
                rows: rows.to_owned(),
            })
        };
        assert_eq!(read(0, ""), Ok(Bitmap::default()));
        for (width, rows, refused) in [
            (10, "gAAQ", BitmapError::Ragged(10)),
            // A dot in the eleventh column of ten.
            (10, "ACA=", BitmapError::Ragged(10)),
            (0, "AAAA", BitmapError::TooLarge),
            (8, "???", BitmapError::NoBase64),
            (WIDTH_MAX + 1, "", BitmapError::TooLarge),
        ] {
            assert_eq!(read(width, rows), Err(refused), "{width} {rows}");
        }
        let rows = |rows: usize| read(8, &STANDARD.encode(vec![0xff; rows]));
        assert_eq!(rows(HEIGHT_MAX).unwrap().height(), HEIGHT_MAX);
        assert_eq!(rows(HEIGHT_MAX + 1), Err(BitmapError::TooLarge));
        assert!(rows(HEIGHT_MAX * 2).is_err());
    }
}
