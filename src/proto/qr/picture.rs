//! What a picture of a code says: a provider's own, read once and compared with the link.
//!
//! Pictures come from outside, so bytes and pixels are bounded before anything is decoded.

use std::cell::Cell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, ImageReader, Limits};

/// The largest picture that is decoded, in bytes.
pub const PICTURE_BYTES_MAX: usize = 512 * 1024;
/// The longest side that is decoded, in pixels.
pub const PICTURE_SIDE_MAX: u32 = 2_048;
/// The most memory that decoding may take, in bytes: four for each pixel, and as much again.
const DECODE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// White, in an 8-bit gray.
const WHITE: u8 = 255;

/// Why a picture says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Not a PNG, JPEG or WebP file within the bounds.
    #[error("it is no PNG, JPEG or WebP picture of at most {PICTURE_SIDE_MAX} pixels a side")]
    NoPicture,
    /// No code on it, or one that is damaged or too small.
    #[error("no code on it can be read")]
    NoCode,
}

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// The text of the code on a picture; of several, that of the first one that can be read.
pub fn read(picture: &[u8]) -> Result<String, Unread> {
    let gray = decode(picture)?;
    // The reader checks its own work with assertions: a picture must not end the till.
    guarded(|| gray.text()).unwrap_or(Err(Unread::NoCode))
}

/// Whether a panic on this thread is taken for a picture that cannot be read. Whoever ends the program
/// at a panic lets it pass then: a hook runs before the panic is caught.
pub fn is_guarded() -> bool {
    IS_GUARDED.get()
}

/// What `work` gives back; none where it panics.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    IS_GUARDED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    IS_GUARDED.set(false);
    done
}

/// Gray values, row by row.
struct Gray {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

impl Gray {
    /// White outside of the picture.
    fn at(&self, x: usize, y: usize) -> u8 {
        if x >= self.width {
            return WHITE;
        }
        let index = y.saturating_mul(self.width).saturating_add(x);
        self.values.get(index).copied().unwrap_or(WHITE)
    }

    fn text(&self) -> Result<String, Unread> {
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, |x, y| {
                self.at(x, y)
            });
        let grids = prepared.detect_grids();
        let mut texts = grids.iter().filter_map(|grid| grid.decode().ok());
        texts.next().map(|(_, text)| text).ok_or(Unread::NoCode)
    }
}

fn decode(picture: &[u8]) -> Result<Gray, Unread> {
    if picture.len() > PICTURE_BYTES_MAX {
        return Err(Unread::NoPicture);
    }
    let decoded = decode_within_limits(picture).ok_or(Unread::NoPicture)?;
    let gray = decoded.into_luma_alpha8();
    let side = |pixels: u32| usize::try_from(pixels).unwrap_or(0);
    let (width, height) = (side(gray.width()), side(gray.height()));
    Ok(Gray {
        width,
        height,
        // Where nothing is drawn, the paper is white.
        values: gray
            .pixels()
            .map(|pixel| on_white(pixel.0[0], pixel.0[1]))
            .collect(),
    })
}

fn decode_within_limits(picture: &[u8]) -> Option<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(PICTURE_SIDE_MAX);
    limits.max_image_height = Some(PICTURE_SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::new(Cursor::new(picture))
        .with_guessed_format()
        .ok()?;
    reader.limits(limits);
    reader.decode().ok()
}

/// A gray of some opacity, laid on white.
fn on_white(gray: u8, opacity: u8) -> u8 {
    let (gray, opacity, white) = (u32::from(gray), u32::from(opacity), u32::from(WHITE));
    let mixed = gray
        .saturating_mul(opacity)
        .saturating_add(white.saturating_mul(white.saturating_sub(opacity)));
    mixed
        .checked_div(white)
        .and_then(|value| u8::try_from(value).ok())
        .unwrap_or(WHITE)
}

#[cfg(test)]
mod tests {
    use image::{GrayAlphaImage, GrayImage, ImageFormat, Luma, LumaA};
    use proptest::prelude::*;

    use super::super::QrGrid;
    use super::*;

    const TEXT: &str = "https://4pay.online/pay/link/01990000-0000-7000-8000-000000000000";

    fn dark(grid: &QrGrid, x: u32, y: u32, scale: u32, quiet: u32) -> bool {
        let module = |pixel: u32| (pixel / scale).checked_sub(quiet);
        match (module(x), module(y)) {
            (Some(column), Some(row)) => grid.is_dark(column as usize, row as usize),
            _ => false,
        }
    }

    fn side(grid: &QrGrid, scale: u32, quiet: u32) -> u32 {
        (u32::try_from(grid.side()).unwrap() + 2 * quiet) * scale
    }

    fn gray(text: &str, scale: u32, quiet: u32) -> DynamicImage {
        let grid = QrGrid::encode(text).unwrap();
        let side = side(&grid, scale, quiet);
        let value = |x, y| {
            Luma([if dark(&grid, x, y, scale, quiet) {
                0
            } else {
                255
            }])
        };
        GrayImage::from_fn(side, side, value).into()
    }

    fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_code_is_read_from_each_kind_of_picture_with_or_without_a_quiet_zone() {
        for quiet in [0, 1, 4] {
            for scale in [3, 7, 12] {
                for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
                    // The encoder of WebP knows colors only.
                    let image = gray(TEXT, scale, quiet).into_rgb8().into();
                    let found = read(&file(&image, format));
                    assert_eq!(found.as_deref(), Ok(TEXT), "{quiet} {scale} {format:?}");
                }
            }
        }
    }

    #[test]
    fn a_code_on_nothing_is_a_code_on_white() {
        let grid = QrGrid::encode(TEXT).unwrap();
        let side = side(&grid, 5, 4);
        let image = GrayAlphaImage::from_fn(side, side, |x, y| {
            LumaA([0, if dark(&grid, x, y, 5, 4) { 255 } else { 0 }])
        });
        let found = read(&file(&image.into(), ImageFormat::Png));
        assert_eq!(found.as_deref(), Ok(TEXT));
    }

    #[test]
    fn what_is_no_picture_and_what_shows_no_code_are_told_apart() {
        let blank = |side| {
            file(
                &GrayImage::from_pixel(side, 8, Luma([255])).into(),
                ImageFormat::Png,
            )
        };
        let code = file(&gray(TEXT, 7, 4), ImageFormat::Png);
        let long = |length: usize| {
            let mut padded = code.clone();
            padded.resize(length, 0);
            padded
        };
        let rows = [
            (Vec::new(), Err(Unread::NoPicture)),
            (b"<svg/>".to_vec(), Err(Unread::NoPicture)),
            (code[..code.len() / 2].to_vec(), Err(Unread::NoPicture)),
            (blank(PICTURE_SIDE_MAX), Err(Unread::NoCode)),
            (blank(PICTURE_SIDE_MAX + 1), Err(Unread::NoPicture)),
            (long(PICTURE_BYTES_MAX), Ok(TEXT.to_owned())),
            (long(PICTURE_BYTES_MAX + 1), Err(Unread::NoPicture)),
        ];
        for (bytes, expected) in rows {
            assert_eq!(read(&bytes), expected, "{} bytes", bytes.len());
        }
    }

    #[test]
    fn a_panic_is_caught_and_known_as_one_of_a_picture_while_it_lasts() {
        let broken = || -> u8 {
            assert!(is_guarded());
            panic!("the reader is wrong about its own work")
        };
        assert!(!is_guarded());
        assert_eq!(guarded(broken), None);
        assert!(!is_guarded());
        assert_eq!(guarded(|| 7), Some(7));
        assert!(!is_guarded());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_damaged_code_is_read_rightly_or_not_at_all(
            spots in proptest::collection::vec((0u32..400, 0u32..400, 1u32..90, any::<u8>()), 0..12)
        ) {
            let mut image = gray(TEXT, 8, 4).into_luma8();
            for (left, top, size, value) in spots {
                for (x, y) in (left..left + size).flat_map(|x| (top..top + size).map(move |y| (x, y))) {
                    if x < image.width() && y < image.height() {
                        image.put_pixel(x, y, Luma([value]));
                    }
                }
            }
            let found = read(&file(&image.into(), ImageFormat::Png));
            prop_assert!(matches!(found.as_deref(), Ok(TEXT) | Err(Unread::NoCode)), "{found:?}");
        }
    }
}
