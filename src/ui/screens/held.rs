//! Carts that were put aside.

use egui::{Rect, Ui};

use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::Cut as _;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::heading_ui;

/// Draws the page.
pub(crate) fn held_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 140.0, 120.0);
    let mut top = page.cut_top(cx.metrics.touch(), gap);
    let back = top.cut_left(cx.mm(30.0), cx.mm(4.0));
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    heading_ui(ui, cx, top, &cx.say("held-title"));
    let rows = Rows {
        count: cx.snap.held.len(),
        columns: 1,
        height: cx.metrics.primary(),
        gap,
        moves: Moves::Buttons,
    };
    rows_ui(ui, cx, page, ("held", ""), rows, |ui, index, rect| {
        let Some(held) = cx.snap.held.get(index) else {
            return;
        };
        let words = cx.say_with(
            "held-cart",
            &[
                ("time", &cx.clock(held.at)),
                ("count", &held.pieces.to_string()),
                ("amount", &cx.money(held.total)),
            ],
        );
        let button = Button::saying("held-cart", words)
            .nth(index)
            .icon(Icon::Cart);
        if button.pressed(ui, cx, rect) {
            cx.send(Command::RecallCart { cart: held.id });
            view.sheet = Sheet::None;
        }
    });
}
