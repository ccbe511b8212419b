//! Paid: as large as it gets, and by itself gone again.

use egui::{Rect, Ui, Vec2};

use crate::terminal::{Command, PaperCommand, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::Cut as _;
use crate::ui::theme::{Letters, Tone};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::notice::notice_ui;
use crate::ui::widgets::text::Style;

/// Draws the screen.
pub(crate) fn paid_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let mut rect = rect.shrink(cx.metrics.gap());
    notice_ui(ui, cx, &mut rect);
    let mut next = rect.cut_bottom(cx.metrics.primary() * 1.2, cx.metrics.gap());
    let sale = cx.snap.pay.as_ref().map(|pay| pay.sale.id);
    if let Some(sale) = sale.filter(|_| cx.prints_receipts()) {
        let receipt = next.cut_left(next.width() * 0.28, cx.metrics.gap());
        let button = Button::new(cx, "paid-receipt").icon(Icon::Paper);
        if button.pressed(ui, cx, receipt) {
            cx.commit(Command::Paper(PaperCommand::Receipt {
                sale,
                printer: None,
            }));
        }
    }
    let button = Button::new(cx, "paid-next")
        .icon(Icon::Right)
        .kind(Kind::Primary)
        .letters(Letters::Title);
    if button.pressed(ui, cx, super::page(cx, next, 120.0, 40.0)) {
        cx.send(Command::Go {
            screen: Screen::Sell,
        });
    }
    let Some(pay) = cx.snap.pay.as_ref() else {
        return;
    };
    let said = say::sale(cx, &pay.sale);
    let ink = cx.palette.tone(said.tone);
    let row = rect.height() * 0.46 / 3.0;
    let scale = cx.metrics.scale * (row / cx.mm(13.0)).clamp(1.0, 2.2);
    let mut top = rect;
    let words = top.cut_bottom(rect.height() * 0.46, 0.0);
    let side = top.height().min(top.width()) * 0.92;
    let sign = Rect::from_center_size(top.center(), Vec2::splat(side));
    if said.tone == Tone::Good {
        ui.painter().circle_filled(sign.center(), side / 2.0, ink);
        said.icon
            .paint(ui.painter(), sign.shrink(side * 0.2), cx.palette.card);
    } else {
        said.icon.paint(ui.painter(), sign, ink);
    }
    let huge = Style::new(Letters::Huge, scale * 1.1, ink);
    label_ui(ui, words.row(0, 3, 0.0), "paid-word", &said.words, huge);
    let plain = Style::new(Letters::Huge, scale * 0.85, cx.palette.text);
    label_ui(
        ui,
        words.row(1, 3, 0.0),
        "paid-amount",
        &cx.money(pay.sale.total),
        plain,
    );
    let below = words.row(2, 3, 0.0);
    let quiet = Style::new(Letters::Strong, scale, cx.palette.quiet);
    match pay.sale.change.filter(|change| change.minor > 0) {
        Some(change) => {
            let words = cx.say_with("cash-change", &[("amount", &cx.money(change))]);
            let large = Style::new(Letters::Title, scale * 1.3, cx.palette.text);
            label_ui(ui, below.row(0, 2, 0.0), "paid-change", &words, large);
            label_ui(
                ui,
                below.row(1, 2, 0.0),
                "paid-reference",
                &pay.sale.reference,
                quiet,
            );
        }
        None => {
            label_ui(ui, below, "paid-reference", &pay.sale.reference, quiet);
        }
    }
}
