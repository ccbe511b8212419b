//! A code as a picture of so many pixels.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};

use crate::proto::qr::{QUIET_ZONE_MODULES, QrGrid};

/// The longest side that is drawn, in pixels: whoever asks for more gets this.
const SIDE_MAX: u32 = 2_000;

/// A PNG file of `side` pixels, white where the code leaves room; one pixel for each module where
/// `side` is too small. Nothing for a text that has no code.
pub(in crate::sandbox) fn png(text: &str, side: u32) -> Vec<u8> {
    QrGrid::encode(text)
        .ok()
        .and_then(|grid| draw(&grid, side))
        .unwrap_or_default()
}

fn draw(grid: &QrGrid, side: u32) -> Option<Vec<u8>> {
    let modules = u32::try_from(grid.side_with_quiet_zone()).ok()?;
    let side = side.min(SIDE_MAX).max(modules);
    let scale = side.checked_div(modules)?;
    let margin = side.checked_sub(modules.checked_mul(scale)?)? / 2;
    let module = |pixel: u32| {
        let module = pixel.checked_sub(margin)?.checked_div(scale)?;
        usize::try_from(module)
            .ok()?
            .checked_sub(QUIET_ZONE_MODULES)
    };
    let image = GrayImage::from_fn(side, side, |x, y| {
        let dark = matches!((module(x), module(y)), (Some(column), Some(row)) if grid.is_dark(column, row));
        Luma([if dark { 0 } else { 255 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::qr::picture::read;

    const TEXT: &str = "http://127.0.0.1:1234/altapay/pay/01990000-0000-7000-8000-000000000000";

    #[test]
    fn a_picture_has_the_side_that_was_asked_for_and_can_be_read() {
        let least = u32::try_from(QrGrid::encode(TEXT).unwrap().side_with_quiet_zone()).unwrap();
        let rows = [
            (0, least, false),
            (1, least, false),
            (least, least, false),
            (least + 1, least + 1, false),
            (3 * least, 3 * least, true),
            (450, 450, true),
            (500, 500, true),
            (2_000, 2_000, true),
            (2_001, 2_000, true),
            (u32::MAX, 2_000, true),
        ];
        for (asked, side, is_readable) in rows {
            let bytes = png(TEXT, asked);
            let image = image::load_from_memory(&bytes).unwrap();
            assert_eq!((image.width(), image.height()), (side, side), "{asked}");
            if is_readable {
                assert_eq!(read(&bytes).as_deref(), Ok(TEXT), "{asked}");
            }
        }
        assert!(png("", 500).is_empty());
    }
}
