//! The keys of the keypad.

use egui::{Rect, Ui};

use super::button::Button;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::keypad::{Key, Keypad};
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;

/// Which keys there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// With a running sum.
    Sum,
    /// One amount.
    Single,
}

const DIGITS: [[u8; 3]; 3] = [[7, 8, 9], [4, 5, 6], [1, 2, 3]];

/// Draws the keys over all of `rect`.
pub(crate) fn keypad_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, layout: Layout, pad: &mut Keypad) {
    let gap = cx.metrics.gap();
    let columns = match layout {
        Layout::Sum => 4,
        Layout::Single => 3,
    };
    let cell = |column: usize, row: usize| rect.row(row, 4, gap).column(column, columns, gap);
    for (row, digits) in DIGITS.iter().enumerate() {
        for (column, digit) in digits.iter().enumerate() {
            digit_ui(ui, cx, cell(column, row), *digit, pad);
        }
    }
    let erase = Button::new(cx, "key-erase").icon_only(Icon::Erase);
    let (zero, zeros, erase_place) = match layout {
        Layout::Single => (cell(0, 3), cell(1, 3), cell(2, 3)),
        Layout::Sum => (cell(0, 3).union(cell(1, 3)), cell(2, 3), cell(3, 0)),
    };
    digit_ui(ui, cx, zero, 0, pad);
    let double = Button::saying("key-digit", "00".to_owned())
        .nth(10)
        .letters(Letters::Title);
    if double.pressed(ui, cx, zeros) {
        pad.press(Key::DoubleZero);
    }
    if erase.pressed(ui, cx, erase_place) {
        pad.press(Key::Erase);
    }
    if layout == Layout::Sum {
        let clear = Button::new(cx, "key-clear").icon_only(Icon::Cross);
        if clear.pressed(ui, cx, cell(3, 1)) {
            pad.press(Key::Clear);
        }
        let plus = Button::new(cx, "key-plus").icon_only(Icon::Plus);
        if plus.pressed(ui, cx, cell(3, 2).union(cell(3, 3))) {
            pad.press(Key::Plus);
        }
    }
}

fn digit_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, digit: u8, pad: &mut Keypad) {
    let key = Button::saying("key-digit", digit.to_string())
        .nth(usize::from(digit))
        .letters(Letters::Title);
    if key.pressed(ui, cx, rect) {
        pad.press(Key::Digit(digit));
    }
}
