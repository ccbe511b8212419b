//! Needs help: why the till cannot go on, and what a person can do.

use egui::{Align2, Rect, Ui};

use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::text::Style;

/// Draws the screen.
pub(crate) fn fault_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect) {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect.shrink(gap * 2.0), 150.0, 90.0);
    let sign = page.cut_top(cx.mm(24.0), gap);
    Icon::Warning.paint(ui.painter(), sign, cx.palette.alarm);
    let title = Style::new(Letters::Title, cx.metrics.scale * 1.2, cx.palette.alarm);
    label_ui(
        ui,
        page.cut_top(cx.mm(10.0), gap),
        "fault-title",
        &cx.say("fault-title"),
        title,
    );
    let reason = cx
        .snap
        .fault
        .clone()
        .unwrap_or_else(|| cx.say("fault-unknown"));
    let strong = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text)
        .align(Align2::CENTER_TOP)
        .rows(5);
    let remedy = page.cut_bottom(cx.mm(22.0), gap);
    label_ui(ui, page, "fault-reason", &reason, strong);
    let body = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text).rows(5);
    label_ui(ui, remedy, "fault-remedy", &cx.say("fault-remedy"), body);
}
