//! A sticker laid out: the code at the left with its serial below, what people read at the right.

use super::drawing::{Code, Drawing, Text};
use super::outline::Letters;
use super::{SheetError, SheetLayout, Sticker, millimeters};
use crate::proto::print::CodeProblem;
use crate::proto::qr::QrGrid;

/// White within the edge of a sticker, in hundredths of a millimeter.
const PADDING: u32 = 150;
/// What office printers leave white at the edge of a page, in hundredths of a millimeter.
const UNPRINTED: u32 = 450;
/// A module of less does not come out clean, in hundredths of a millimeter.
const MODULE_MIN: u32 = 33;
/// How much of the width a code may take.
const CODE_SHARE: f32 = 0.55;
/// The room below the code for the serial, and between code and texts.
const CAPTION: f32 = 2.4;
const GAP: f32 = 0.8;
/// From one line to the next, and from its top to where letters stand, in ems.
const LINE: f32 = 1.25;
const RISE: f32 = 1.0;
/// Lines of a title.
const TITLE_LINES_MAX: usize = 4;
/// A text is made narrower down to this share before it is cut.
const NARROW: f32 = 0.65;
/// Characters of a text that are looked at.
const CHARS_MAX: usize = 200;

/// The place of texts beside the code.
struct Column<'a> {
    letters: &'a Letters,
    x: f32,
    width: f32,
}

/// A sticker on a layout; `place` is its number, from one, for what is said of it.
pub(super) fn draw(
    sticker: &Sticker,
    place: usize,
    layout: &SheetLayout,
    letters: &Letters,
    missing: &mut Vec<char>,
) -> Result<Drawing, SheetError> {
    let padding = |margin: u32| millimeters(UNPRINTED.saturating_sub(margin).max(PADDING));
    let (width, height) = (millimeters(layout.width), millimeters(layout.height));
    let (left, top) = (padding(layout.left), padding(layout.top));
    let (inner_width, inner_height) = (width - 2.0 * left, height - 2.0 * top);
    let side = (inner_height - CAPTION).min(inner_width * CODE_SHARE);
    let code = code(sticker, place, side, left, top)?;
    let mut written = |text: &str| {
        let text: String = text.chars().take(CHARS_MAX).collect();
        letters.written(&text, missing)
    };
    let below = Column {
        letters,
        x: left,
        width: side,
    };
    let mut texts = Vec::new();
    let serial = written(&sticker.serial);
    texts.extend(below.line(&serial, CAPTION * 0.8, top + side, true));
    let beside = Column {
        letters,
        x: left + side + GAP,
        width: inner_width - side - GAP,
    };
    let texts_of = [
        written(&sticker.title),
        written(&sticker.price),
        written(&sticker.valid_until),
        written(&sticker.host),
    ];
    texts.extend(beside.texts(&texts_of, top, inner_height));
    Ok(Drawing {
        width,
        height,
        code,
        texts,
    })
}

fn code(sticker: &Sticker, place: usize, side: f32, x: f32, y: f32) -> Result<Code, SheetError> {
    if sticker.link.chars().any(char::is_control) {
        return Err(SheetError::Code(place, CodeProblem::Controls));
    }
    let grid = QrGrid::encode(&sticker.link).map_err(|error| SheetError::code(place, error))?;
    let modules = u16::try_from(grid.side_with_quiet_zone()).unwrap_or(u16::MAX);
    let module = side / f32::from(modules);
    if module < millimeters(MODULE_MIN) {
        return Err(SheetError::TooSmall {
            place,
            module: hundredths(module),
            least: MODULE_MIN,
        });
    }
    Ok(Code { x, y, module, grid })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "less than one module, or nothing"
)]
fn hundredths(millimeters: f32) -> u32 {
    (millimeters * 100.0) as u32
}

impl Column<'_> {
    /// The title and the price from above, the rest from below.
    fn texts(&self, [title, price, valid, host]: &[String; 4], top: f32, height: f32) -> Vec<Text> {
        let em = (height / 9.0).clamp(2.0, 4.0);
        let small = (em * 0.7).max(1.8);
        let mut bottom = top + height;
        let mut texts = Vec::new();
        for text in [host, valid].into_iter().filter(|text| !text.is_empty()) {
            bottom -= small * LINE;
            texts.extend(self.line(text, small, bottom, false));
        }
        let large = if price.is_empty() { 0.0 } else { em * 1.5 };
        let mut y = top;
        let mut lines = self.wrapped(title, em);
        let room = bottom - top - large * LINE;
        let mut most = TITLE_LINES_MAX;
        while most > 1 && em * LINE * f32::from(u8::try_from(most).unwrap_or(1)) > room {
            most = most.saturating_sub(1);
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(rest);
        }
        for line in &lines {
            texts.extend(self.line(line, em, y, false));
            y += em * LINE;
        }
        texts.extend(self.line(price, large, y, false));
        texts
    }

    /// One line below `top`, made smaller where it is too wide, and cut where that does not help.
    fn line(&self, text: &str, em: f32, top: f32, is_centered: bool) -> Option<Text> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let wide = self.letters.width(text, em);
        let share = (self.width / wide.max(0.1)).clamp(NARROW, 1.0);
        let (text, em_drawn) = (self.cut(text, em * share), em * share);
        let free = self.width - self.letters.width(&text, em_drawn);
        let x = if is_centered {
            self.x + free.max(0.0) / 2.0
        } else {
            self.x
        };
        Some(Text {
            x,
            baseline: top + em * RISE,
            em: em_drawn,
            line: text,
        })
    }

    fn cut(&self, text: &str, em: f32) -> String {
        let mut text = text.to_owned();
        if self.letters.width(&text, em) <= self.width + 0.01 {
            return text;
        }
        while text.pop().is_some() {
            let cut = format!("{}…", text.trim_end());
            if self.letters.width(&cut, em) <= self.width {
                return cut;
            }
        }
        text
    }

    /// Lines of whole words.
    fn wrapped(&self, text: &str, em: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            let longer = longer.filter(|line| self.letters.width(line, em) <= self.width);
            match (lines.last_mut(), longer) {
                (Some(line), Some(longer)) => *line = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}
