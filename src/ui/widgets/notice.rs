//! The sentence for the cashier. It takes its own place, so it never covers an action.

use egui::{Align2, Rect, Ui};

use super::button::Button;
use super::label::label_ui;
use super::surface::surface;
use super::text::{self, Style};
use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};

/// What is to be said now, if anything.
pub(crate) fn sentence(cx: &Cx<'_>) -> Option<String> {
    if cx.desk.is_busy() {
        return Some(cx.say("till-busy"));
    }
    let (_, notice) = cx.snap.notice.as_ref()?;
    Some(say::notice(cx, notice))
}

/// Draws the sentence, with a button that takes it away; takes its strip off `rect`.
pub(crate) fn notice_ui(ui: &mut Ui, cx: &Cx<'_>, rect: &mut Rect) {
    let Some(sentence) = sentence(cx) else {
        return;
    };
    // A narrow column needs more lines.
    let narrow = rect.width() < cx.mm(90.0);
    let (height, rows) = if narrow {
        (cx.mm(17.0), 5)
    } else {
        (cx.metrics.touch(), 3)
    };
    // Where an arm reaches: at the bottom of a high panel.
    let strip = match cx.metrics.class {
        Class::Compact | Class::Wide => rect.cut_top(height, cx.metrics.gap()),
        Class::Portrait => rect.cut_bottom(height, cx.metrics.gap()),
    };
    let palette = cx.palette;
    let mut inner = strip;
    let close = inner.cut_right(cx.metrics.touch(), cx.metrics.gap());
    let news = cx.snap.notice.as_ref().map(|(_, notice)| notice);
    let is_good = !cx.desk.is_busy() && news.is_some_and(say::paper::is_good_news);
    let (sign, ink) = if is_good {
        (Icon::Check, palette.tone(Tone::Good))
    } else {
        (Icon::Warning, palette.waiting)
    };
    surface(ui, cx, inner, palette.card, ink);
    let inner = inner.shrink2(egui::vec2(cx.mm(2.0), cx.mm(0.6)));
    let (icon, words) = text::split_icon(inner, cx.mm(5.5), cx.mm(2.0));
    sign.paint(ui.painter(), icon, ink);
    let style = Style::new(Letters::Body, cx.metrics.scale, palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(rows);
    label_ui(ui, words, "notice", &sentence, style);
    let dismiss = Button::new(cx, "dismiss").icon_only(Icon::Cross);
    if dismiss.pressed(ui, cx, close) {
        cx.send(Command::DismissNotice);
    }
}
