//! Sticker codes: which products have one, and each code to look at and to switch off.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Ui, WidgetInfo};

use crate::domain::id::LinkId;
use crate::domain::link::Purpose;
use crate::proto::qr::QrGrid;
use crate::terminal::{Command, Query, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::poll::Due;
use crate::ui::say::{self, plain};
use crate::ui::size::{Class, Cut as _};
use crate::ui::stickers::{LINKS_MAX, Sticker, pick};
use crate::ui::theme::{CODE_LIGHT, Letters, Tone};
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::code;
use crate::ui::widgets::gauge::{gauge_ui, share};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::{heading_ui, tabs_ui};
use crate::ui::widgets::text::{self, Facing, Style};

/// Seconds between two readings of a list that may be long.
const PAUSE_SECS: f64 = 1.0;

/// Draws the screen.
pub(crate) fn stickers_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    refresh(ui, cx, view);
    let gap = cx.metrics.gap();
    let mut rect = rect;
    if cx.metrics.class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
        let above = rect.height() * 0.28;
        super::sell::display_ui(ui, cx, rect.cut_top(above, gap));
    }
    let mut bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    let back = bottom.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        cx.send(Command::Go {
            screen: Screen::Sync,
        });
    }
    if cx.prints_stickers() || cx.snap.status.stickers_hanging > 0 {
        let register = bottom.cut_right(bottom.width() * 0.42, gap);
        let (icon, words) = register_words(cx);
        let button = Button::saying("register-title", words).icon(icon);
        if button.pressed(ui, cx, register) {
            view.sheet = Sheet::Register;
        }
    }
    let status = &cx.snap.status;
    let mint = Button::new(cx, "sync-mint")
        .icon(Icon::Code)
        .kind(Kind::Primary)
        .ready_if(cx.snap.shop.has_backend);
    if mint.pressed(ui, cx, bottom) {
        cx.send(Command::MintLinks);
    }
    let mut top = rect.cut_top(cx.mm(9.0), cx.mm(1.8));
    let title = top.cut_left(top.width() * 0.42, cx.mm(3.0));
    heading_ui(ui, cx, title, &cx.say("stickers-title"));
    let (with, of) = (status.products_with_code, status.products);
    let values = [("count", with.to_string()), ("total", of.to_string())];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let words =
        Style::new(Letters::Body, cx.metrics.scale, cx.palette.text).align(Align2::RIGHT_CENTER);
    let line = top.cut_top(cx.mm(5.0), cx.mm(0.6));
    label_ui(
        ui,
        line,
        "sync-products",
        &cx.say_with("sync-products", &values),
        words,
    );
    let done = share(i64::from(with), i64::from(of));
    gauge_ui(ui, cx, top, Tone::Good, done, done);
    let open = view.stickers.read(|known| {
        let words = match known {
            None => cx.say("stickers-loading"),
            Some(Err(reason)) => cx.say_with("stickers-failed", &[("reason", reason)]),
            Some(Ok(stickers)) if stickers.is_empty() => cx.say("stickers-empty"),
            Some(Ok(stickers)) => return list_ui(ui, cx, rect, stickers),
        };
        let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
        label_ui(ui, rect, "stickers-words", &words, style);
        None
    });
    if let Some(link) = open {
        view.sheet = Sheet::Sticker(link);
    }
}

/// What the register has to say: wrong stickers first.
fn register_words(cx: &Cx<'_>) -> (Icon, String) {
    let status = &cx.snap.status;
    let with = |key, count: u32| cx.say_with(key, &[("count", &count.to_string())]);
    match (status.stickers_wrong, status.stickers_fading) {
        (0, 0) => (Icon::List, cx.say("register-title")),
        (0, fading) => (Icon::Clock, with("register-old", fading)),
        (wrong, _) => (Icon::Warning, with("register-asks", wrong)),
    }
}

fn refresh(ui: &Ui, cx: &Cx<'_>, view: &mut View) {
    let due = Due {
        pause: PAUSE_SECS,
        ..Due::at_news(cx.snap.revision, cx.now)
    };
    let query = Query::Links {
        limit: LINKS_MAX,
        purpose: Some(Purpose::Permanent),
    };
    if let Some(secs) = view.stickers.refresh(cx.till, query, due, pick) {
        let after = std::time::Duration::from_secs_f64(secs.max(0.1));
        ui.ctx().request_repaint_after(after);
    }
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, stickers: &[Sticker]) -> Option<LinkId> {
    let rows = Rows {
        count: stickers.len(),
        columns: 1,
        height: cx.mm(13.0),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    let mut open = None;
    rows_ui(ui, cx, rect, ("stickers", ""), rows, |ui, index, rect| {
        if let Some(sticker) = stickers.get(index)
            && row_ui(ui, cx, rect, sticker)
        {
            open = Some(sticker.link);
        }
    });
    open
}

/// Draws a row; tells whether it was pressed.
fn row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, sticker: &Sticker) -> bool {
    let said = say::sticker(cx, sticker.state);
    let (title, price) = (title(cx, sticker), price(cx, sticker));
    let name = format!("{title}, {price}, {}", said.words);
    let row = Row::beside(&said, 0.42, &title).sum(&price);
    row.pressed(ui, cx, rect, sticker.link, &name)
}

/// What it sells, and at which of several accounts.
fn title(cx: &Cx<'_>, sticker: &Sticker) -> String {
    let named = || {
        let product = sticker.product.and_then(|id| cx.snap.catalog.product(id));
        product.map_or_else(|| cx.say("line-amount"), |product| product.name.clone())
    };
    let title = if sticker.title.is_empty() {
        named()
    } else {
        sticker.title.clone()
    };
    if cx.snap.accounts.len() > 1 {
        format!("{title} · {}", sticker.backend)
    } else {
        title
    }
}

fn price(cx: &Cx<'_>, sticker: &Sticker) -> String {
    match sticker.asks {
        Some(amount) => cx.money(amount),
        None => cx.say("sticker-open"),
    }
}

/// One sticker's code, large.
pub(crate) fn share_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, link: LinkId) {
    refresh(ui, cx, view);
    let found = view.stickers.read(|known| {
        let stickers = known?.as_ref().ok()?;
        let found = stickers.iter().find(|sticker| sticker.link == link)?;
        Some(found.clone())
    });
    let Some(sticker) = found else {
        view.sheet = Sheet::None;
        return;
    };
    if view.sticker_code.as_ref().map(|(made, _)| *made) != Some(link) {
        let url = sticker.url.as_deref();
        let grid = url.and_then(|url| QrGrid::encode(url).ok());
        view.sticker_code = Some((link, grid));
    }
    let gap = cx.metrics.gap();
    let mut rest = rect;
    let square = if cx.metrics.class == Class::Portrait {
        let mut part = rest.cut_top(rest.height() * 0.62, gap * 2.0);
        part.cut_bottom(part.width().min(part.height()), 0.0)
    } else {
        let side = rest.height().min(rest.width() * 0.6);
        rest.cut_left(side, gap * 2.0)
    };
    ui.painter()
        .rect_filled(square, CornerRadius::ZERO, CODE_LIGHT);
    let grid = view
        .sticker_code
        .as_ref()
        .and_then(|(_, grid)| grid.as_ref());
    if let Some(grid) = grid {
        code::paint(ui, square, grid, Facing::Cashier, code::Around::White);
        let id = ui.scope_id().with("sticker-code");
        let response = ui.interact(square, id, Sense::empty());
        let values = [
            ("title", title(cx, &sticker)),
            ("amount", price(cx, &sticker)),
        ];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let name = plain(&cx.say_with("sticker-code", &values));
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    }
    facts_ui(ui, cx, rest, view, &sticker);
}

/// What the code is for, its address, and what can be done with it.
fn facts_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View, sticker: &Sticker) {
    let gap = cx.metrics.gap();
    let buttons = rect.cut_bottom(cx.metrics.primary(), gap);
    let prints = cx.prints_stickers();
    let back = Button::new(cx, "back").icon(Icon::Left).kind(if prints {
        Kind::Plain
    } else {
        Kind::Primary
    });
    if back.pressed(ui, cx, buttons.column(0, 2, gap)) {
        view.sheet = Sheet::None;
    }
    if prints {
        let print = Button::new(cx, "sticker-print")
            .icon(Icon::Paper)
            .kind(Kind::Primary)
            .ready_if(sticker.is_live());
        if print.pressed(ui, cx, rect.cut_bottom(cx.metrics.primary(), gap)) {
            view.copies = 1;
            view.sheet = Sheet::PrintSticker(sticker.link);
        }
    }
    let off = Button::new(cx, "sticker-switch-off")
        .letters(Letters::Body)
        .kind(Kind::Danger)
        .ready_if(sticker.is_live());
    if off.pressed(ui, cx, buttons.column(1, 2, gap)) {
        view.sheet = Sheet::ConfirmWithdraw(sticker.link);
    }
    let scale = cx.metrics.scale;
    let title_style = Style::new(Letters::Title, scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    let top = rect.cut_top(cx.mm(13.0), 0.0);
    label_ui(ui, top, "sticker-title", &title(cx, sticker), title_style);
    let sum = rect.cut_top(cx.mm(8.0), cx.mm(1.0));
    let strong = title_style.rows(1);
    label_ui(ui, sum, "sticker-price", &price(cx, sticker), strong);
    let said = say::sticker(cx, sticker.state);
    let state = rect.cut_top(cx.mm(8.0), cx.mm(1.0));
    let tone = (said.icon, said.tone);
    toned_ui(ui, cx, state, Letters::Body, tone, &said.words);
    let url = sticker
        .url
        .clone()
        .unwrap_or_else(|| cx.say("sticker-no-url"));
    let used = url_ui(ui, cx, rect, &url);
    rect.cut_top(used, cx.mm(2.0));
    let small = Style::new(Letters::Small, scale, cx.palette.quiet)
        .align(Align2::LEFT_TOP)
        .rows(5);
    let id = sticker.link.to_string();
    let words = cx.say_with("sticker-picture", &[("id", &id)]);
    label_ui(ui, rect, "sticker-picture", &words, small);
}

/// An address in lines that fill the width, since it has no spaces to break at; gives back the
/// height that it took.
fn url_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, url: &str) -> f32 {
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_TOP)
        .rows(8);
    let id = ui.scope_id().with("sticker-url");
    let response = ui.interact(rect, id, Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, url));
    let mut lines = String::new();
    let mut line = String::new();
    for character in url.chars() {
        line.push(character);
        if text::width(ui.painter(), &line, style) > rect.width() {
            line.pop();
            lines.push_str(&line);
            lines.push('\n');
            line.clear();
            line.push(character);
        }
    }
    lines.push_str(&line);
    text::paint(ui.painter(), rect, &lines, style)
}
