//! Letters on the glass: kiosk systems hide or lack their own keyboard.

use egui::{Rect, Ui};

use super::button::{Button, Kind};
use super::surface::surface;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Cut as _, TOUCH_MM, mm};
use crate::ui::theme::Letters;

const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// The longest text that is typed.
const CHARS_MAX: usize = 60;

/// What the keyboard was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Nothing that closes it.
    Stay,
    /// To go away.
    Close,
}

/// How high it is, in points.
pub(crate) fn height(cx: &Cx<'_>) -> f32 {
    mm(TOUCH_MM) * ROWS.len() as f32 + cx.mm(1.0) * 5.0
}

/// Draws the keys; each changes `text`. The last one, with the words for `close`, ends the typing.
pub(crate) fn keyboard_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: Rect,
    text: &mut String,
    close: &'static str,
) -> Told {
    surface(ui, cx, rect, cx.palette.ground, cx.palette.line);
    let gap = cx.mm(1.0);
    let inner = rect.shrink(gap);
    let side = (inner.width() - gap * 9.0) / 10.0;
    let mut told = Told::Stay;
    for (index, letters) in ROWS.iter().enumerate() {
        let mut rest = inner.row(index, ROWS.len(), gap);
        for (column, letter) in letters.chars().enumerate() {
            let place = rest.cut_left(side, gap);
            let key = Button::saying(letters, letter.to_string()).nth(column);
            if key.pressed(ui, cx, place) && text.chars().count() < CHARS_MAX {
                text.push(letter);
            }
        }
        match letters.chars().count() {
            9 => erase_ui(ui, cx, rest, text),
            7 => told = last_keys_ui(ui, cx, rest, text, close),
            _ten => {}
        }
    }
    told
}

fn erase_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, text: &mut String) {
    let erase = Button::new(cx, "key-erase").icon_only(Icon::Erase);
    if erase.pressed(ui, cx, rect) {
        text.pop();
    }
}

fn last_keys_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: Rect,
    text: &mut String,
    close: &'static str,
) -> Told {
    let gap = cx.mm(1.0);
    let space = Button::new(cx, "key-space").letters(Letters::Body);
    if space.pressed(ui, cx, rect.column(0, 2, gap)) && !text.is_empty() {
        text.push(' ');
    }
    let close = Button::new(cx, close)
        .letters(Letters::Body)
        .kind(Kind::Primary);
    if close.pressed(ui, cx, rect.column(1, 2, gap)) {
        Told::Close
    } else {
        Told::Stay
    }
}
