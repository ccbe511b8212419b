//! A chip for each sale that waits: one tap leads back to its code.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};

use super::button::Button;
use super::scroll::strip_ui;
use super::surface::surface;
use super::text::{self, Style};
use crate::terminal::{Command, SaleView, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self, plain};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;

/// Draws the chips of all sales that wait.
pub(crate) fn chips_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let waiting = &cx.snap.waiting;
    let width = if cx.metrics.class == Class::Compact {
        cx.mm(36.0)
    } else {
        cx.mm(44.0)
    };
    // Money that nobody knows the sale of comes first.
    let to_sort = usize::from(cx.snap.status.payments_to_sort > 0);
    let widths = vec![width; waiting.len().saturating_add(to_sort)];
    strip_ui(
        ui,
        cx,
        rect,
        "chips",
        &widths,
        |ui, index, rect| match index.checked_sub(to_sort) {
            None => to_sort_ui(ui, cx, rect),
            Some(index) => {
                if let Some(sale) = waiting.get(index) {
                    chip_ui(ui, cx, rect, sale);
                }
            }
        },
    );
}

/// Whether there is anything to draw a chip for.
pub(crate) fn has_chips(cx: &Cx<'_>) -> bool {
    !cx.snap.waiting.is_empty() || cx.snap.status.payments_to_sort > 0
}

/// Leads to the payments that a person has to sort out.
pub(crate) fn to_sort_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let count = cx.snap.status.payments_to_sort.to_string();
    let words = cx.say_with("payments-to-sort", &[("count", &count)]);
    let button = Button::saying("payments-to-sort", words)
        .icon(Icon::Warning)
        .letters(Letters::Small);
    if button.pressed(ui, cx, rect) {
        cx.send(Command::Go {
            screen: Screen::Payments,
        });
    }
}

fn chip_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, sale: &SaleView) {
    let said = say::sale(cx, sale);
    let amount = cx.money(sale.total);
    let response = ui.interact(rect, ui.scope_id().with(sale.id), Sense::click());
    let palette = cx.palette;
    let ground = if response.is_pointer_button_down_on() {
        palette.pressed
    } else {
        palette.card
    };
    surface(ui, cx, rect, ground, palette.tone(said.tone));
    let mut inner = rect.shrink2(egui::vec2(cx.mm(1.6), cx.mm(1.0)));
    let icon = inner.cut_left(cx.mm(5.0), cx.mm(1.4));
    said.icon.paint(ui.painter(), icon, palette.tone(said.tone));
    let strong =
        Style::new(Letters::Body, cx.metrics.scale, palette.text).align(Align2::LEFT_CENTER);
    let small = Style::new(Letters::Small, cx.metrics.scale, palette.tone(said.tone))
        .align(Align2::LEFT_CENTER);
    let first = format!("{} · {amount}", sale.reference);
    text::paint(ui.painter(), inner.row(0, 2, 0.0), &first, strong);
    text::paint(ui.painter(), inner.row(1, 2, 0.0), &said.words, small);
    let name = plain(&format!("{}, {amount}, {}", sale.reference, said.words));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.clicked() {
        cx.commit(Command::OpenSale { sale: sale.id });
    }
}
