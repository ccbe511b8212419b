//! Black dots on white paper.

/// A picture of dots that are printed or not.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Bitmap {
    width: usize,
    dots: Vec<bool>,
}

impl std::fmt::Debug for Bitmap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bitmap({} x {})", self.width, self.height())
    }
}

impl Bitmap {
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

    /// Its rows, eight dots a byte, the leftmost in the highest bit, white where a row is no multiple of
    /// eight.
    pub fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.dots.len().div_ceil(8));
        for row in self.dots.chunks(self.width.max(1)) {
            for eight in row.chunks(8) {
                let bits = eight.iter().zip([128_u8, 64, 32, 16, 8, 4, 2, 1]);
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
}
