//! The bar at the top: where one is, whether the network is there, what waits; all in words.

use egui::{Align2, CornerRadius, Rect, Stroke, StrokeKind, Ui, vec2};

use super::button::{Button, Kind};
use super::label::{label_ui, toned_ui};
use super::surface::surface;
use super::text::{self, Style};
use crate::terminal::{Command, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;

const TABS: [(Screen, &str, Icon); 4] = [
    (Screen::Sell, "tab-sell", Icon::Tiles),
    (Screen::Recent, "tab-recent", Icon::List),
    (Screen::Sync, "tab-codes", Icon::Code),
    (Screen::Settings, "tab-settings", Icon::Sliders),
];

/// Draws the tabs and the status; takes its strips off `rect`.
pub(crate) fn bar_ui(ui: &mut Ui, cx: &Cx<'_>, rect: &mut Rect) {
    let gap = cx.metrics.gap();
    if cx.metrics.class == Class::Portrait {
        let strip = rect.cut_top(cx.mm(11.0), gap);
        status_ui(ui, cx, strip);
        return;
    }
    let mut strip = rect.cut_top(cx.metrics.touch(), gap);
    let share = if cx.metrics.class == Class::Compact {
        0.605
    } else {
        0.655
    };
    let tabs = strip.cut_left(strip.width() * share, cx.mm(3.0));
    tabs_ui(ui, cx, tabs);
    status_ui(ui, cx, strip);
}

/// Draws the four tabs.
pub(crate) fn tabs_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    for (index, (screen, key, icon)) in TABS.into_iter().enumerate() {
        let within = screen == Screen::Sync
            && matches!(
                cx.snap.screen,
                Screen::Stickers | Screen::Printer | Screen::Trip
            );
        let within = within || screen == Screen::Recent && cx.snap.screen == Screen::Payments;
        let chosen = (cx.snap.screen == screen || within).into();
        let tab = Button::new(cx, key)
            .icon(icon)
            .letters(Letters::Body)
            .kind(Kind::Choice { chosen });
        if tab.pressed(ui, cx, rect.column(index, TABS.len(), cx.metrics.gap())) {
            cx.send(Command::Go { screen });
        }
    }
}

/// Draws the reach and what waits, in words.
pub(crate) fn status_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect) {
    let mut rect = rect;
    if let Some(key) = mark(cx) {
        let words = cx.say(key);
        let style = Style::new(Letters::Small, cx.metrics.scale, cx.palette.on_demo).rows(2);
        // In two lines, so that the state beside it keeps its words.
        let wide = text::width(ui.painter(), &words, style) * 0.62 + cx.mm(3.0);
        let right = rect.cut_right(wide, cx.mm(2.0));
        let badge =
            Rect::from_center_size(right.center(), vec2(wide, cx.mm(9.6).min(right.height())));
        surface(ui, cx, badge, cx.palette.demo, cx.palette.demo);
        label_ui(ui, badge, key, &words, style);
    }
    let said = say::network(cx);
    let waits = waits(cx);
    let rows = if waits.is_some() { 2 } else { 1 };
    let tone = (said.icon, said.tone);
    toned_ui(
        ui,
        cx,
        rect.row(0, rows, 0.0),
        Letters::Small,
        tone,
        &said.words,
    );
    if let Some(waits) = waits {
        let tone = (Icon::Clock, crate::ui::theme::Tone::Plain);
        toned_ui(ui, cx, rect.row(1, 2, 0.0), Letters::Small, tone, &waits);
    }
}

/// What a person is asked comes before what goes by itself.
fn waits(cx: &Cx<'_>) -> Option<String> {
    let asked = cx.snap.status.prints_to_settle;
    if asked > 0 {
        return Some(cx.say_with("status-prints", &[("count", &asked.to_string())]));
    }
    let count = cx.snap.status.waiting_to_send;
    (count > 0).then(|| cx.say_with("status-to-send", &[("count", &count.to_string())]))
}

/// The key of the mark that says that no real money moves.
pub(crate) fn mark(cx: &Cx<'_>) -> Option<&'static str> {
    match (cx.snap.shop.demo, cx.snap.shop.test_account) {
        (true, _) => Some("mark-demo"),
        (false, true) => Some("mark-test"),
        (false, false) => None,
    }
}

/// Draws the frame of a demo or a test account around the window; takes it off `rect`.
pub(crate) fn frame_ui(ui: &Ui, cx: &Cx<'_>, rect: &mut Rect) {
    if mark(cx).is_none() {
        return;
    }
    let width = cx.mm(0.9);
    let stroke = Stroke::new(width, cx.palette.demo);
    ui.painter()
        .rect_stroke(*rect, CornerRadius::ZERO, stroke, StrokeKind::Inside);
    *rect = rect.shrink(width);
}

/// A heading at the left of a strip.
pub(crate) fn heading_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, words: &str) {
    let style =
        Style::new(Letters::Title, cx.metrics.scale, cx.palette.text).align(Align2::LEFT_CENTER);
    label_ui(ui, rect, words, words, style);
}
