//! The cart: lines with their quantity, the sum, and what can be done with it.

use egui::{Align2, Rect, Ui, vec2};

use super::button::{Button, Kind};
use super::label::label_ui;
use super::scroll::{Moves, Rows, rows_ui};
use super::surface::surface;
use super::text::Style;
use crate::domain::sale::{Line, QUANTITY_MAX};
use crate::terminal::{Command, SellMode};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::view::{CashFor, Sheet, View};

/// Draws the cart over all of `rect`.
pub(crate) fn cart_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let mut inner = rect;
    let second = inner.cut_bottom(cx.metrics.touch(), gap);
    let main = inner.cut_bottom(cx.metrics.primary(), gap);
    actions_ui(ui, cx, main, second, view);
    surface(ui, cx, inner, cx.palette.card, cx.palette.line);
    let inner = inner.shrink(cx.mm(2.0));
    if cx.snap.cart.lines.is_empty() {
        let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet).rows(4);
        let key = match cx.snap.mode {
            SellMode::OneItem => "cart-empty-one",
            SellMode::SeveralItems => "cart-empty",
        };
        label_ui(ui, inner, key, &cx.say(key), style);
        return;
    }
    let rows = Rows {
        count: cx.snap.cart.lines.len(),
        columns: 1,
        height: cx.metrics.touch() + cx.mm(1.0),
        gap: cx.mm(1.0),
        moves: Moves::Bar,
    };
    rows_ui(
        ui,
        cx,
        inner,
        ("cart-lines", ""),
        rows,
        |ui, index, rect| {
            if let Some(line) = cx.snap.cart.lines.get(index) {
                line_ui(ui, cx, rect, index, line);
            }
        },
    );
}

/// The label of the main button: `Pay 7.00 €`.
pub(crate) fn pay_words(cx: &Cx<'_>) -> String {
    match cx.snap.cart.total {
        Some(total) => cx.say_with("cart-pay", &[("amount", &cx.money(total))]),
        None => cx.say("cart-pay-nothing"),
    }
}

/// The main button.
pub(crate) fn pay_button_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let pay = Button::saying("cart-pay", pay_words(cx))
        .kind(Kind::Primary)
        .letters(Letters::Title)
        .ready_if(cx.snap.cart.total.is_some());
    if pay.pressed(ui, cx, rect) {
        cx.commit(Command::PayCart);
    }
}

fn actions_ui(ui: &mut Ui, cx: &Cx<'_>, main: Rect, second: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let filled = cx.snap.cart.total.is_some();
    pay_button_ui(ui, cx, main);
    let cash = Button::new(cx, "cash")
        .icon(Icon::Cash)
        .letters(Letters::Body)
        .ready_if(filled);
    if cash.pressed(ui, cx, second.column(0, 3, gap)) {
        view.pad.set(0);
        view.sheet = Sheet::Cash(CashFor::Cart);
    }
    let held = cx.snap.held.len();
    let middle = second.column(1, 3, gap);
    if filled || held == 0 {
        let hold = Button::new(cx, "cart-hold")
            .icon(Icon::Pause)
            .letters(Letters::Body)
            .ready_if(filled);
        if hold.pressed(ui, cx, middle) {
            cx.send(Command::HoldCart);
            view.sheet = Sheet::None;
        }
    } else if held_words(cx).pressed(ui, cx, middle) {
        view.sheet = Sheet::Held;
    }
    let clear = Button::new(cx, "cart-clear")
        .icon(Icon::Bin)
        .letters(Letters::Body)
        .kind(Kind::Danger)
        .ready_if(filled);
    if clear.pressed(ui, cx, second.column(2, 3, gap)) {
        view.sheet = Sheet::ConfirmClear;
    }
}

/// The button that leads to carts that were put aside.
pub(crate) fn held_button(cx: &Cx<'_>) -> Button<'static> {
    held_words(cx).icon(Icon::Pause)
}

fn held_words(cx: &Cx<'_>) -> Button<'static> {
    let count = cx.snap.held.len().to_string();
    Button::saying("cart-held", cx.say_with("cart-held", &[("count", &count)]))
        .letters(Letters::Body)
}

fn line_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, index: usize, line: &Line) {
    let gap = cx.mm(1.0);
    let mut rest = rect;
    let touch = cx.metrics.touch();
    let buttons = rest.cut_right(touch * 2.0 + cx.mm(8.0), gap);
    let minus = Rect::from_min_size(buttons.min, vec2(touch, buttons.height()));
    let plus = Rect::from_min_max(buttons.max - vec2(touch, buttons.height()), buttons.max);
    let mut number = buttons;
    number.min.x = minus.max.x;
    number.max.x = plus.min.x;
    let name = if line.name.is_empty() {
        cx.say("line-amount")
    } else {
        line.name.clone()
    };
    let (less, more) = ("cart-less", "cart-more");
    let fewer = Button::saying(less, cx.say_with(less, &[("name", &name)])).nth(index);
    if fewer.icon_only(Icon::Minus).pressed(ui, cx, minus) {
        let quantity = line.quantity.saturating_sub(1);
        cx.send(Command::SetQuantity {
            line: index,
            quantity,
        });
    }
    let another = Button::saying(more, cx.say_with(more, &[("name", &name)])).nth(index);
    let another = another.ready_if(line.quantity < QUANTITY_MAX);
    if another.icon_only(Icon::Plus).pressed(ui, cx, plus) {
        let quantity = line.quantity.saturating_add(1);
        cx.send(Command::SetQuantity {
            line: index,
            quantity,
        });
    }
    let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text);
    label_ui(ui, number, "cart-number", &line.quantity.to_string(), style);
    let above = rest.cut_top(rest.height() * 0.62, 0.0);
    let strong = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    label_ui(ui, above, "cart-name", &name, strong);
    let sum = line
        .total()
        .map_or_else(|_too_large| String::new(), |sum| cx.money(sum));
    let quiet =
        Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet).align(Align2::LEFT_CENTER);
    label_ui(ui, rest, "cart-sum", &sum, quiet);
}
