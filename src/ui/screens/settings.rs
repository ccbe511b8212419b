//! Settings: words, light, favorites, and how the demo becomes a shop.

use egui::{Rect, Ui};

use crate::terminal::{Command, Screen, Theme};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::tr::{CASHIER_LANGUAGES, native_name};
use crate::ui::view::{Arranging, Tab, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{line_ui, paragraph_ui};
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::tabs_ui;

const THEMES: [(Theme, &str); 3] = [
    (Theme::Light, "theme-light"),
    (Theme::Dark, "theme-dark"),
    (Theme::Sunlight, "theme-sunlight"),
];

/// Draws the screen.
pub(crate) fn settings_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let mut rect = rect;
    if cx.metrics.class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
        let display = rect.cut_top(rect.height() * 0.3, gap);
        super::sell::display_ui(ui, cx, display);
    }
    let rows = Rows {
        count: 4,
        columns: 1,
        height: cx.mm(24.0),
        gap,
        moves: Moves::Buttons,
    };
    rows_ui(ui, cx, rect, ("settings", ""), rows, |ui, index, rect| {
        let mut rect = rect;
        let title = rect.cut_top(cx.mm(6.0), 0.0);
        match index {
            0 => {
                line_ui(ui, cx, title, Letters::Body, &cx.say("settings-language"));
                languages_ui(ui, cx, rect);
            }
            1 => {
                line_ui(ui, cx, title, Letters::Body, &cx.say("settings-theme"));
                themes_ui(ui, cx, rect);
            }
            2 => {
                line_ui(ui, cx, title, Letters::Body, &cx.say("settings-favorites"));
                favorites_ui(ui, cx, rect, view);
            }
            _last => {
                let key = if cx.snap.shop.demo {
                    "settings-demo"
                } else {
                    "settings-about"
                };
                line_ui(ui, cx, title, Letters::Body, &cx.say(key));
                let key = if cx.snap.shop.demo {
                    "settings-demo-how"
                } else {
                    "settings-about-how"
                };
                paragraph_ui(ui, cx, rect, &cx.say(key));
            }
        }
    });
}

fn languages_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    let count = CASHIER_LANGUAGES.len();
    for (index, language) in CASHIER_LANGUAGES.into_iter().enumerate() {
        let kind = Kind::Choice {
            chosen: (cx.snap.language == language).into(),
        };
        let button = Button::saying("language", native_name(language).to_owned())
            .nth(index)
            .kind(kind);
        if button.pressed(ui, cx, slot(cx, rect, index, count)) {
            cx.send(Command::SetLanguage { language });
        }
    }
}

fn themes_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
    for (index, (theme, key)) in THEMES.into_iter().enumerate() {
        let kind = Kind::Choice {
            chosen: (cx.snap.theme == theme).into(),
        };
        if Button::new(cx, key)
            .kind(kind)
            .pressed(ui, cx, slot(cx, rect, index, THEMES.len()))
        {
            cx.send(Command::SetTheme { theme });
        }
    }
}

fn favorites_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let button = Button::new(cx, "settings-arrange").icon(Icon::Star);
    if button.pressed(ui, cx, slot(cx, rect, 0, 2)) {
        view.arranging = Some(Arranging::default());
        view.tab = Tab::Favorites;
        cx.send(Command::Go {
            screen: Screen::Sell,
        });
    }
}

fn slot(cx: &Cx<'_>, rect: Rect, index: usize, count: usize) -> Rect {
    let mut rect = rect;
    let strip = rect.cut_top(cx.metrics.touch(), 0.0);
    strip.column(index, count, cx.metrics.gap())
}
