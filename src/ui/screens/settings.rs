//! Settings: words, light, favorites, and how the demo becomes a shop, and the way out.

use egui::{Rect, Ui};

use crate::proto::translation::{CASHIER_LANGUAGES, native_name};
use crate::terminal::{Command, Screen, Theme};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::{Arranging, Sheet, Tab, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{line_ui, paragraph_ui};
use crate::ui::widgets::status_bar::tabs_ui;
use crate::ui::widgets::surface::surface;

const THEMES: [(Theme, &str); 3] = [
    (Theme::Light, "theme-light"),
    (Theme::Dark, "theme-dark"),
    (Theme::Sunlight, "theme-sunlight"),
];

/// How the demo becomes a shop of one's own.
const DEMO_STEPS: [&str; 4] = [
    "settings-demo-how",
    "settings-demo-file",
    "settings-demo-import",
    "settings-demo-start",
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
    let mut rest = rect;
    let portrait = cx.metrics.class == Class::Portrait;
    let count = if portrait { 1 } else { 2 };
    let first = rest.cut_top(cx.metrics.touch() + cx.mm(11.0), gap);
    let second = if portrait {
        rest.cut_top(cx.metrics.touch() + cx.mm(11.0), gap)
    } else {
        first
    };
    let inner = card_ui(ui, cx, first.column(0, count, gap), "settings-language");
    languages_ui(ui, cx, inner);
    let inner = card_ui(
        ui,
        cx,
        second.column(count - 1, count, gap),
        "settings-theme",
    );
    themes_ui(ui, cx, inner);
    let third = if portrait {
        rest.cut_top(cx.metrics.touch() + cx.mm(11.0), gap)
    } else {
        rest.cut_left(rest.width() * 0.36, gap)
    };
    let (favorites, accounts) = if portrait {
        (third.column(0, 2, gap), third.column(1, 2, gap))
    } else {
        let height = third.height().min((cx.metrics.touch() + cx.mm(13.0)) * 2.0);
        let mut third = third;
        let third = third.cut_top(height, 0.0);
        (third.row(0, 2, gap), third.row(1, 2, gap))
    };
    let inner = card_ui(ui, cx, favorites, "settings-favorites");
    favorites_ui(ui, cx, inner, view);
    let inner = card_ui(ui, cx, accounts, "settings-accounts");
    let button = Button::new(cx, "settings-accounts-open")
        .icon(Icon::Cash)
        .ready_if(!cx.snap.accounts.is_empty());
    if button.pressed(ui, cx, slot(cx, inner, 0, 1)) {
        view.sheet = Sheet::Accounts;
    }
    leave_ui(ui, cx, rest, view);
}

/// Draws the ground and the title of a section; gives back the room below.
fn card_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, key: &str) -> Rect {
    surface(ui, cx, rect, cx.palette.card, cx.palette.line);
    let mut inner = rect.shrink2(egui::vec2(cx.mm(2.0), cx.mm(1.6)));
    let title = inner.cut_top(cx.mm(5.5), cx.mm(1.0));
    line_ui(ui, cx, title, Letters::Body, &cx.say(key));
    inner
}

/// What this is, how the demo becomes a shop, and the way out.
fn leave_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let (title, how): (_, &[&str]) = if cx.snap.shop.demo {
        ("settings-demo", &DEMO_STEPS)
    } else {
        ("settings-about", &["settings-about-how"])
    };
    let mut inner = card_ui(ui, cx, rect, title);
    let mut bottom = inner.cut_bottom(cx.metrics.touch(), cx.metrics.gap());
    let close = bottom.cut_right(cx.mm(62.0), 0.0);
    let button = Button::new(cx, "settings-close").icon(Icon::Cross);
    if button.pressed(ui, cx, close) {
        view.sheet = Sheet::ConfirmClose;
    }
    let hub = cx.snap.status.hub.as_ref();
    let hub = match hub {
        Some(hub) => Some(crate::ui::say::hub(cx, hub).words),
        None => unheard(cx),
    };
    let how = how.iter().map(|key| cx.say(key));
    let lines: Vec<String> = hub.into_iter().chain(how).collect();
    paragraph_ui(ui, cx, inner, &lines.join("\n"));
}

/// What is lost without a message server.
fn unheard(cx: &Cx<'_>) -> Option<String> {
    let accounts = cx.snap.accounts.iter();
    let silent = accounts.filter(|account| crate::ui::say::needs_hub(cx, account));
    let names: Vec<_> = silent.map(|account| account.name.as_str()).collect();
    let names = names.join(", ");
    (!names.is_empty()).then(|| cx.say_with("hub-none", &[("names", &names)]))
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
    if button.pressed(ui, cx, slot(cx, rect, 0, 1)) {
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
