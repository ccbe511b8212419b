//! A row of a list that opens something: what it is, how much, and how it stands.

use egui::{Align2, AsIdSalt, Rect, Role, Sense, Ui, WidgetInfo};

use super::surface::surface;
use super::text::{self, Style};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{Said, plain};
use crate::ui::size::Cut as _;
use crate::ui::theme::{Letters, Tone};

/// What a row shows.
pub(crate) struct Row<'a> {
    title: &'a str,
    below: &'a str,
    sum: &'a str,
    state: State<'a>,
    asks: bool,
    leads_on: bool,
}

enum State<'a> {
    /// An icon before all, and its words are told below.
    Before(Icon, Tone),
    /// Icon and words at the right, with this share of the width.
    Beside(&'a Said, f32),
}

impl<'a> Row<'a> {
    /// A row that begins with an icon.
    pub(crate) const fn before(icon: Icon, tone: Tone, title: &'a str) -> Self {
        Self::new(State::Before(icon, tone), title)
    }

    /// A row that says at its right how it stands, in this share of its width.
    pub(crate) const fn beside(said: &'a Said, share: f32, title: &'a str) -> Self {
        Self::new(State::Beside(said, share), title)
    }

    const fn new(state: State<'a>, title: &'a str) -> Self {
        Self {
            title,
            below: "",
            sum: "",
            state,
            asks: false,
            leads_on: false,
        }
    }

    /// Small words below the title.
    pub(crate) const fn below(self, below: &'a str) -> Self {
        Self { below, ..self }
    }

    /// How much it is, at its right end.
    pub(crate) const fn sum(self, sum: &'a str) -> Self {
        Self { sum, ..self }
    }

    /// Its edge says that somebody has to do something.
    pub(crate) const fn asks_if(self, asks: bool) -> Self {
        Self { asks, ..self }
    }

    /// An arrow says that a page follows.
    pub(crate) const fn leads_on(self) -> Self {
        Self {
            leads_on: true,
            ..self
        }
    }

    /// Draws it; tells whether it was pressed. `name` is what assistive technology says.
    pub(crate) fn pressed(
        &self,
        ui: &Ui,
        cx: &Cx<'_>,
        rect: Rect,
        id: impl AsIdSalt,
        name: &str,
    ) -> bool {
        let palette = cx.palette;
        let response = ui.interact(rect, ui.scope_id().with(id), Sense::click());
        let ground = if response.is_pointer_button_down_on() {
            palette.pressed
        } else {
            palette.card
        };
        let edge = if self.asks {
            palette.tone(self.tone())
        } else {
            palette.line
        };
        surface(ui, cx, rect, ground, edge);
        let mut inner = rect.shrink2(egui::vec2(cx.mm(2.5), cx.mm(1.0)));
        if self.leads_on {
            let go = inner.cut_right(cx.mm(6.0), cx.mm(2.0));
            Icon::Right.paint(ui.painter(), go, palette.quiet);
        }
        if !self.sum.is_empty() {
            let sum = inner.cut_right(cx.mm(27.0), cx.mm(2.0));
            let right = strong(cx).align(Align2::RIGHT_CENTER).rows(2);
            text::paint(ui.painter(), sum, self.sum, right);
        }
        let words = self.state_ui(ui, cx, inner);
        self.words_ui(ui, cx, words);
        let name = plain(name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        response.clicked()
    }

    const fn tone(&self) -> Tone {
        match self.state {
            State::Before(_, tone) => tone,
            State::Beside(said, _) => said.tone,
        }
    }

    /// Draws how it stands; gives back what is left for the words.
    fn state_ui(&self, ui: &Ui, cx: &Cx<'_>, mut rect: Rect) -> Rect {
        let ink = cx.palette.tone(self.tone());
        match self.state {
            State::Before(icon, _) => {
                let (place, words) = text::split_icon(rect, cx.mm(6.0), cx.mm(2.0));
                icon.paint(ui.painter(), place, ink);
                words
            }
            State::Beside(said, share) => {
                let state = rect.cut_right(rect.width() * share, cx.mm(2.0));
                let (place, words) = text::split_icon(state, cx.mm(5.0), cx.mm(1.5));
                said.icon.paint(ui.painter(), place, ink);
                let toned = Style::new(Letters::Body, cx.metrics.scale, ink)
                    .align(Align2::LEFT_CENTER)
                    .rows(2);
                text::paint(ui.painter(), words, &said.words, toned);
                rect
            }
        }
    }

    fn words_ui(&self, ui: &Ui, cx: &Cx<'_>, rect: Rect) {
        let left = strong(cx).align(Align2::LEFT_CENTER);
        if self.below.is_empty() {
            text::paint(ui.painter(), rect, self.title, left.rows(2));
            return;
        }
        text::paint(ui.painter(), rect.row(0, 2, 0.0), self.title, left);
        let quiet = Style::new(Letters::Small, cx.metrics.scale, cx.palette.quiet)
            .align(Align2::LEFT_CENTER)
            .rows(2);
        text::paint(ui.painter(), rect.row(1, 2, 0.0), self.below, quiet);
    }
}

fn strong(cx: &Cx<'_>) -> Style {
    Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text)
}
