//! Words that are read, not pressed; with a name for those who cannot see them.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};

use super::text::{self, Style};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::plain;
use crate::ui::theme::{Letters, Tone};

/// Draws `words` into `rect`; gives back the height that they took.
pub(crate) fn label_ui(ui: &Ui, rect: Rect, key: &str, words: &str, style: Style) -> f32 {
    let response = ui.interact(rect, ui.scope_id().with((key, words)), Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, plain(words)));
    text::paint(ui.painter(), rect, words, style)
}

/// Draws words at the left end of `rect`.
pub(crate) fn line_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, letters: Letters, words: &str) -> f32 {
    let style = Style::new(letters, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    label_ui(ui, rect, words, words, style)
}

/// Draws an icon and words in the color of a tone: never the color alone.
pub(crate) fn toned_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    rect: Rect,
    letters: Letters,
    tone: (Icon, Tone),
    words: &str,
) {
    let ink = cx.palette.tone(tone.1);
    let style = Style::new(letters, cx.metrics.scale, ink)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    let (icon, rest) = text::split_icon(rect, style.points * 1.3, cx.mm(1.2));
    tone.0.paint(ui.painter(), icon, ink);
    label_ui(ui, rest, words, words, style);
}

/// Words of several lines from the top left.
pub(crate) fn paragraph_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, words: &str) -> f32 {
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_TOP)
        .rows(12);
    label_ui(ui, rect, words, words, style)
}
