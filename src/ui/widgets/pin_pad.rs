//! The keys for the owner's PIN. What was typed is shown as dots.

use egui::{Rect, Ui};

use super::button::Button;
use super::label::label_ui;
use super::surface::surface;
use super::text::Style;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::PinPad;

const DIGITS: [[u8; 3]; 3] = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];

/// Cuts a place for the keys from a page and draws them there: beneath it on a screen that stands
/// upright, else beside it.
pub(crate) fn pin_pad_beside_ui(ui: &mut Ui, cx: &Cx<'_>, page: &mut Rect, pad: &mut PinPad) {
    let keys = if cx.metrics.class == Class::Portrait {
        page.cut_bottom(cx.mm(86.0), cx.metrics.gap())
    } else {
        page.cut_right(page.width() * 0.36, cx.mm(3.0))
    };
    pin_pad_ui(ui, cx, keys, pad);
}

/// Draws the dots and the keys over all of `rect`.
fn pin_pad_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, pad: &mut PinPad) {
    let gap = cx.metrics.gap();
    let dots = rect.cut_top(cx.mm(9.0), gap);
    surface(ui, cx, dots, cx.palette.card, cx.palette.line);
    let typed = pad.len();
    if typed == 0 {
        let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet);
        label_ui(ui, dots, "pin", &cx.say("pin"), style);
    } else {
        let style = Style::new(Letters::Title, cx.metrics.scale, cx.palette.text);
        label_ui(ui, dots, "pin-dots", &"•".repeat(typed), style);
    }
    for (row, digits) in DIGITS.iter().enumerate() {
        for (column, digit) in digits.iter().enumerate() {
            let place = rect.row(row, 4, gap).column(column, 3, gap);
            digit_ui(ui, cx, place, *digit, pad);
        }
    }
    let last = rect.row(3, 4, gap);
    digit_ui(ui, cx, last.column(1, 3, gap), 0, pad);
    let erase = Button::new(cx, "key-erase").icon_only(Icon::Erase);
    if erase.pressed(ui, cx, last.column(2, 3, gap)) {
        pad.erase();
    }
}

fn digit_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, digit: u8, pad: &mut PinPad) {
    let key = Button::saying("pin-digit", digit.to_string())
        .nth(usize::from(digit))
        .letters(Letters::Title);
    if key.pressed(ui, cx, rect) {
        pad.press(digit);
    }
}
