//! One sticker as a picture: SVG to print at any size, PNG for programs that take no SVG.

use super::drawing::{Bar, Drawing};
use super::outline::{Letters, Step};
use super::{SheetError, SheetLayout, Sticker, sticker};
use crate::domain::bitmap::Bitmap;
use crate::proto::print::png;

/// Dots of an inch that a picture has at least and at most.
const DPI: std::ops::RangeInclusive<u16> = 100..=600;
/// Dots that the longer side of a picture has at most.
const SIDE_DOTS_MAX: f32 = 6_000.0;
const INCH: f32 = 25.4;

/// One sticker of a layout as SVG, in its size on paper. Letters are outlines: no text of a sticker is
/// in the file.
///
/// # Errors
/// Where the layout cannot be, or the code would not scan.
pub fn svg(sticker: &Sticker, layout: &SheetLayout) -> Result<String, SheetError> {
    let letters = Letters::new();
    let drawing = drawing(sticker, layout, &letters)?;
    let (width, height) = (drawing.width, drawing.height);
    let mut path = String::new();
    for bar in drawing.code.bars() {
        let (x, y, across, down) = (bar.x, bar.y, bar.width, bar.height);
        let bar = format!("M{x:.3} {y:.3}h{across:.3}v{down:.3}h-{across:.3}z");
        path.push_str(&bar);
    }
    for step in outlines(&drawing, &letters) {
        let step = match step {
            Step::Move([x, y]) => format!("M{x:.3} {y:.3}"),
            Step::Line([x, y]) => format!("L{x:.3} {y:.3}"),
            Step::Curve([one, two, end]) => format!(
                "C{:.3} {:.3} {:.3} {:.3} {:.3} {:.3}",
                one[0], one[1], two[0], two[1], end[0], end[1]
            ),
        };
        path.push_str(&step);
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\"><rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\
         <path d=\"{path}\"/></svg>\n"
    ))
}

fn drawing(
    sticker: &Sticker,
    layout: &SheetLayout,
    letters: &Letters,
) -> Result<Drawing, SheetError> {
    layout.check()?;
    sticker::draw(sticker, 1, layout, letters, &mut Vec::new())
}

fn outlines(drawing: &Drawing, letters: &Letters) -> Vec<Step> {
    let texts = drawing.texts.iter();
    texts.flat_map(|text| text.outline(letters)).collect()
}

/// One sticker of a layout as PNG, in black and white, with so many dots of an inch: 100 to 600, and fewer
/// for a sticker that would have more than 6,000 at a side.
///
/// # Errors
/// Where the layout cannot be, or the code would not scan.
pub fn png(sticker: &Sticker, layout: &SheetLayout, dpi: u16) -> Result<Vec<u8>, SheetError> {
    let letters = Letters::new();
    let drawing = drawing(sticker, layout, &letters)?;
    let longest = drawing.width.max(drawing.height);
    let dpi = f32::from(dpi.clamp(*DPI.start(), *DPI.end()));
    let dots = (dpi / INCH).min(SIDE_DOTS_MAX / longest);
    let mut paper = Bitmap::white(whole(drawing.width * dots), whole(drawing.height * dots));
    for bar in drawing.code.bars() {
        fill(&mut paper, bar, dots);
    }
    for text in &drawing.texts {
        let (x, baseline) = (text.x * dots, text.baseline * dots);
        letters.print(&text.line, text.em * dots, x, baseline, &mut paper);
    }
    Ok(png::file(&paper, whole(dots * 1_000.0)))
}

fn fill(paper: &mut Bitmap, bar: Bar, dots: f32) {
    let (left, right) = (whole(bar.x * dots), whole((bar.x + bar.width) * dots));
    for y in whole(bar.y * dots)..whole((bar.y + bar.height) * dots) {
        for x in left..right {
            paper.blacken(x, y);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place on a picture of some thousand dots; less than none is none"
)]
fn whole(dots: f32) -> usize {
    dots.round() as usize
}
