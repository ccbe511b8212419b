//! Letters as outlines, in millimeters.

use ab_glyph::{Font as _, FontRef, OutlineCurve, Point, PxScale, point};
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::bitmap::Bitmap;
use crate::proto::print::glyphs::{FONT, ink};

/// A part of an outline; points are from the left and from above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    Move([f32; 2]),
    Line([f32; 2]),
    /// Two points that pull, and the end.
    Curve([[f32; 2]; 3]),
}

/// The font, ready to draw with.
#[derive(Debug)]
pub(super) struct Letters {
    font: Option<FontRef<'static>>,
}

impl Letters {
    pub(super) fn new() -> Self {
        Self {
            font: FontRef::try_from_slice(FONT).ok(),
        }
    }

    /// In characters that the font has, without controls; notes those that it has not.
    pub(super) fn written(&self, text: &str, missing: &mut Vec<char>) -> String {
        let has = |character| {
            let font = self.font.as_ref();
            font.is_some_and(|font| font.glyph_id(character).0 != 0)
        };
        let mut written = String::new();
        for character in text.nfc().filter(|character| *character != '\u{ad}') {
            if character.is_whitespace() {
                written.push(' ');
            } else if character.is_control() {
            } else if has(character) {
                written.push(character);
            } else {
                written.push('?');
                if !missing.contains(&character) {
                    missing.push(character);
                }
            }
        }
        written
    }

    /// How wide a text is whose em is so high; in millimeters.
    pub(super) fn width(&self, text: &str, em: f32) -> f32 {
        let Some(font) = &self.font else {
            return 0.0;
        };
        let advance = |letter| font.h_advance_unscaled(font.glyph_id(letter));
        let units: f32 = text.chars().map(advance).sum();
        units * em / font.units_per_em().unwrap_or(1.0)
    }

    /// A text that begins here and stands on this line.
    pub(super) fn outline(&self, text: &str, em: f32, left: f32, baseline: f32) -> Vec<Step> {
        let mut steps = Vec::new();
        let Some(font) = &self.font else {
            return steps;
        };
        let scale = em / font.units_per_em().unwrap_or(1.0);
        let mut x = left;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            if let Some(outline) = font.outline(id) {
                let place = |point: Point| [x + point.x * scale, baseline - point.y * scale];
                add(&mut steps, &outline.curves, place);
            }
            x += font.h_advance_unscaled(id) * scale;
        }
        steps
    }
}

impl Letters {
    /// A text as dots, in lengths of dots.
    pub(super) fn print(&self, text: &str, em: f32, left: f32, baseline: f32, paper: &mut Bitmap) {
        let Some(font) = &self.font else {
            return;
        };
        let unit = em / font.units_per_em().unwrap_or(1.0);
        let scale = PxScale::from(font.height_unscaled() * unit);
        let mut x = left;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            let glyph = id.with_scale_and_position(scale, point(x, baseline));
            if let Some(outline) = font.outline_glyph(glyph) {
                ink(paper, &outline, 0.5);
            }
            x += font.h_advance_unscaled(id) * unit;
        }
    }
}

/// Contours follow each other; where a curve does not begin where the last one ended, a new one begins.
fn add(steps: &mut Vec<Step>, curves: &[OutlineCurve], place: impl Fn(Point) -> [f32; 2]) {
    let mut end = None;
    for curve in curves {
        let (start, step, last) = match curve {
            OutlineCurve::Line(start, last) => (start, Step::Line(place(*last)), last),
            OutlineCurve::Quad(start, pull, last) => {
                // Two thirds of the way to the one point that pulls.
                let third = |from: &Point| {
                    let toward = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
                    place(Point {
                        x: toward(from.x, pull.x),
                        y: toward(from.y, pull.y),
                    })
                };
                let curve = [third(start), third(last), place(*last)];
                (start, Step::Curve(curve), last)
            }
            OutlineCurve::Cubic(start, one, two, last) => {
                let curve = [place(*one), place(*two), place(*last)];
                (start, Step::Curve(curve), last)
            }
        };
        if end != Some(*start) {
            steps.push(Step::Move(place(*start)));
        }
        steps.push(step);
        end = Some(*last);
    }
}
