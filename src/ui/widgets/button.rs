//! Buttons: an icon and a word, at least as large as a finger.

use egui::{Align2, Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo};

use super::surface::surface;
use super::text::{self, Style};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::plain;
use crate::ui::theme::Letters;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The one main action of a screen.
    Primary,
    /// An ordinary action.
    Plain,
    /// Ends something.
    Danger,
    /// A tab or one of several choices; tells whether it is the chosen one.
    Choice {
        /// Whether it is.
        chosen: Chosen,
    },
    /// Exists in the demo only.
    Demo,
}

/// Whether a choice is the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// It is.
    Yes,
    /// It is not.
    No,
}

impl From<bool> for Chosen {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// A button before it is drawn.
#[derive(Clone, Debug)]
pub(crate) struct Button<'a> {
    id: (&'a str, usize),
    words: String,
    name: Option<String>,
    icon: Option<Icon>,
    kind: Kind,
    letters: Letters,
    rows: usize,
    words_shown: bool,
    ready: bool,
}

impl<'a> Button<'a> {
    /// A button that says the translation of `key`.
    pub(crate) fn new(cx: &Cx<'_>, key: &'a str) -> Self {
        Self::saying(key, cx.say(key))
    }

    /// A button that says `words`; `key` tells it apart from others.
    pub(crate) fn saying(key: &'a str, words: String) -> Self {
        Self {
            id: (key, 0),
            words,
            name: None,
            icon: None,
            kind: Kind::Plain,
            letters: Letters::Strong,
            rows: 2,
            words_shown: true,
            ready: true,
        }
    }

    /// One of several with the same key.
    #[must_use]
    pub(crate) const fn nth(mut self, index: usize) -> Self {
        self.id.1 = index;
        self
    }

    /// Says more to those who cannot see beside what it stands.
    #[must_use]
    pub(crate) fn named(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// A picture before the words.
    #[must_use]
    pub(crate) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// How much it asks for attention.
    #[must_use]
    pub(crate) const fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Other letters than [`Letters::Strong`].
    #[must_use]
    pub(crate) const fn letters(mut self, letters: Letters) -> Self {
        self.letters = letters;
        self
    }

    /// Shows the icon only; the words are its accessible name.
    #[must_use]
    pub(crate) const fn icon_only(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self.words_shown = false;
        self
    }

    /// Whether it can be pressed now.
    #[must_use]
    pub(crate) const fn ready_if(mut self, ready: bool) -> Self {
        self.ready = ready;
        self
    }

    /// Draws it into `rect`.
    pub(crate) fn ui(self, ui: &mut Ui, cx: &Cx<'_>, rect: Rect) -> Response {
        let id = ui.scope_id().with(self.id);
        let sense = if self.ready {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.interact(rect, id, sense);
        if ui.is_rect_visible(rect) {
            self.paint(ui, cx, rect, &response);
        }
        let name = plain(self.name.as_ref().unwrap_or(&self.words));
        response.widget_info(|| match self.kind {
            Kind::Choice { chosen } => {
                WidgetInfo::selected(Role::Button, self.ready, chosen == Chosen::Yes, &name)
            }
            Kind::Primary | Kind::Plain | Kind::Danger | Kind::Demo => {
                WidgetInfo::labeled(Role::Button, self.ready, &name)
            }
        });
        response
    }

    /// Draws it and tells whether it was pressed.
    pub(crate) fn pressed(self, ui: &mut Ui, cx: &Cx<'_>, rect: Rect) -> bool {
        self.ui(ui, cx, rect).clicked()
    }

    fn paint(&self, ui: &Ui, cx: &Cx<'_>, rect: Rect, response: &Response) {
        let palette = cx.palette;
        let (ground, ink, line) = match self.kind {
            Kind::Primary
            | Kind::Choice {
                chosen: Chosen::Yes,
            } => (palette.primary, palette.on_primary, palette.primary),
            Kind::Plain | Kind::Choice { chosen: Chosen::No } => {
                (palette.button, palette.text, palette.line)
            }
            Kind::Danger => (palette.button, palette.alarm, palette.line),
            Kind::Demo => (palette.demo, palette.on_demo, palette.demo),
        };
        let down = response.is_pointer_button_down_on();
        let (ground, ink) = match (self.ready, down) {
            (false, _) => (palette.ground, palette.quiet),
            (true, true) => (palette.pressed, palette.text),
            (true, false) => (ground, ink),
        };
        surface(ui, cx, rect, ground, line);
        if response.has_focus() {
            let stroke = Stroke::new(palette.edge * 2.5, palette.primary);
            ui.painter()
                .rect_stroke(rect, cx.corner(), stroke, StrokeKind::Outside);
        }
        self.content(
            ui,
            cx,
            rect.shrink2(egui::vec2(cx.mm(1.2), cx.mm(0.6))),
            ink,
        );
    }

    fn content(&self, ui: &Ui, cx: &Cx<'_>, rect: Rect, ink: Color32) {
        let painter = ui.painter();
        let style = Style::new(self.letters, cx.metrics.scale, ink).rows(self.rows);
        let Some(icon) = self.icon else {
            text::paint(painter, rect, &self.words, style);
            return;
        };
        let side = (style.points * 1.45).min(rect.height() * 0.8);
        if !self.words_shown {
            icon.paint(
                painter,
                Rect::from_center_size(rect.center(), egui::Vec2::splat(side * 1.15)),
                ink,
            );
            return;
        }
        let gap = cx.mm(1.4);
        let wide = text::width(painter, &self.words, style).min(rect.width() - side - gap);
        let used = side + gap + wide.max(1.0);
        let mut row = rect;
        row.min.x = rect.center().x - used / 2.0;
        let (icon_rect, words_rect) = text::split_icon(row, side, gap);
        icon.paint(painter, icon_rect, ink);
        text::paint(
            painter,
            words_rect,
            &self.words,
            style.align(Align2::LEFT_CENTER),
        );
    }
}
