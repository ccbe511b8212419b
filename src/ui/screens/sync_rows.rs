//! The list of what waits for a payment account; what was refused stands first.

use egui::{Align2, CornerRadius, Rect, Stroke, Ui};

use crate::terminal::Command;
use crate::terminal::query::{SyncReport, SyncRow};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::Sheet;
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::surface::{paint, surface};
use crate::ui::widgets::text::{self, Style};

/// What is known of the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Listed<'a> {
    /// The till has not answered yet.
    Unknown,
    /// It could not be read.
    Failed(&'a str),
    /// The rows.
    Rows(&'a SyncReport),
}

/// Draws the list; gives back the page that a button asked for.
pub(super) fn list_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, listed: Listed<'_>) -> Option<Sheet> {
    let words = match listed {
        Listed::Unknown => cx.say("sync-loading"),
        Listed::Failed(reason) => cx.say_with("sync-failed", &[("reason", reason)]),
        Listed::Rows(report) if report.rows.is_empty() => cx.say("sync-nothing-waits"),
        Listed::Rows(report) => return rows_of(ui, cx, rect, &report.rows),
    };
    let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
    label_ui(ui, rect, "sync-words", &words, style);
    None
}

/// What is drawn below each other: a refused row has its buttons in a cell of their own.
#[derive(Clone, Copy, Debug)]
enum Cell<'a> {
    Row(&'a SyncRow),
    Buttons(&'a SyncRow),
}

fn rows_of(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, rows: &[SyncRow]) -> Option<Sheet> {
    let refused = rows.iter().filter(|row| row.refusal.is_some());
    let others = rows.iter().filter(|row| row.refusal.is_none());
    let refused = refused.flat_map(|row| [Cell::Row(row), Cell::Buttons(row)]);
    let cells: Vec<Cell<'_>> = refused.chain(others.map(Cell::Row)).collect();
    // On a small panel a refused row and its buttons are seen at once.
    let height = if cx.metrics.class == Class::Compact {
        15.5
    } else {
        17.0
    };
    let shape = Rows {
        count: cells.len(),
        columns: 1,
        height: cx.mm(height),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    let mut asked = None;
    rows_ui(
        ui,
        cx,
        rect,
        ("sync", ""),
        shape,
        |ui, index, rect| match cells.get(index) {
            Some(Cell::Row(row)) => row_ui(ui, cx, rect, index, row),
            Some(Cell::Buttons(row)) => asked = asked.or(buttons_ui(ui, cx, rect, index, row)),
            None => {}
        },
    );
    asked
}

fn row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, index: usize, row: &SyncRow) {
    let palette = cx.palette;
    let refused = row.refusal.is_some();
    let (icon, tone) = if refused {
        (Icon::Warning, Tone::Alarm)
    } else if row.under_way {
        (Icon::Send, Tone::Plain)
    } else {
        (Icon::Clock, Tone::Waiting)
    };
    if refused {
        // Down to the buttons, which belong to it.
        let mut ground = rect;
        ground.max.y += cx.mm(1.5) + palette.edge;
        let corner = CornerRadius {
            sw: 0,
            se: 0,
            ..cx.corner()
        };
        half_ui(ui, cx, ground, corner);
    } else {
        surface(ui, cx, rect, palette.card, palette.line);
    }
    let inner = rect.shrink2(egui::vec2(cx.mm(2.0), cx.mm(1.0)));
    let (sign, mut words) = text::split_icon(inner, cx.mm(5.5), cx.mm(2.0));
    icon.paint(ui.painter(), sign, palette.tone(tone));
    let first = words.cut_top(cx.mm(5.4), 0.0);
    let strong =
        Style::new(Letters::Strong, cx.metrics.scale, palette.text).align(Align2::LEFT_CENTER);
    let id = format!("sync-what-{index}");
    label_ui(ui, first, &id, &what(cx, row), strong);
    let ink = if refused {
        palette.alarm
    } else {
        palette.quiet
    };
    let small = Style::new(Letters::Small, cx.metrics.scale, ink)
        .align(Align2::LEFT_TOP)
        .rows(3);
    let id = format!("sync-why-{index}");
    label_ui(ui, words, &id, &why(cx, row), small);
}

/// The upper or the lower part of a card.
fn half_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, corner: CornerRadius) {
    let edge = Stroke::new(cx.palette.edge, cx.palette.alarm);
    paint(ui.painter(), rect, corner, cx.palette.card, edge);
}

/// Try again, and give up.
fn buttons_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, index: usize, row: &SyncRow) -> Option<Sheet> {
    let corner = CornerRadius {
        nw: 0,
        ne: 0,
        ..cx.corner()
    };
    half_ui(ui, cx, rect, corner);
    let height = cx.metrics.touch();
    let size = egui::vec2(rect.width() - cx.mm(4.0), height);
    let strip = Rect::from_center_size(rect.center(), size);
    let name = what(cx, row);
    let gap = cx.metrics.gap();
    let retry = Button::new(cx, "sync-retry")
        .named(cx.say_with("sync-retry-of", &[("what", &name)]))
        .nth(index)
        .icon(Icon::Send);
    if retry.pressed(ui, cx, strip.column(0, 2, gap)) {
        cx.send(Command::RetryJob { job: row.job });
    }
    let give_up = Button::new(cx, "sync-give-up")
        .named(cx.say_with("sync-give-up-of", &[("what", &name)]))
        .nth(index)
        .icon(Icon::Bin)
        .kind(Kind::Danger);
    give_up
        .pressed(ui, cx, strip.column(1, 2, gap))
        .then_some(Sheet::GiveUp(row.job))
}

/// What is to be done, for what, and about how much money.
fn what(cx: &Cx<'_>, row: &SyncRow) -> String {
    let key = match row.what.as_str() {
        "create" => "job-create",
        "update" => "job-update",
        "withdraw" => "job-withdraw",
        "create_product" => "job-create-product",
        _look_up => "job-look-up",
    };
    let mut parts = vec![cx.say(key)];
    if let Some(sale) = &row.sale {
        parts.push(sale.clone());
    } else if !row.title.is_empty() {
        parts.push(row.title.clone());
    }
    if let Some(amount) = row.amount.filter(|amount| amount.minor > 0) {
        parts.push(cx.money(amount));
    }
    if cx.snap.accounts.len() > 1 {
        parts.push(row.backend.clone());
    }
    parts.join(" · ")
}

/// Since when it waits, why, and when it is tried next.
fn why(cx: &Cx<'_>, row: &SyncRow) -> String {
    // The window has no clock: the day is said too.
    let day = cx.snap.shop.day.day_of(row.since);
    let since = format!("{day} {}", cx.clock(row.since));
    let since = cx.say_with("job-since", &[("time", &since)]);
    if let Some(refusal) = &row.refusal {
        let refused = cx.say_with("job-refused", &[("reason", &refusal.reason)]);
        return format!("{refused} · {since}");
    }
    let mut parts = vec![since];
    if row.attempts > 0 {
        let count = row.attempts.to_string();
        parts.push(cx.say_with("job-attempts", &[("count", &count)]));
    }
    if row.under_way {
        parts.push(cx.say("job-under-way"));
    } else if let Some(next) = row.next_try_ms {
        let next = say::duration(cx, next.div_ceil(1_000));
        parts.push(cx.say_with("job-next", &[("in", &next)]));
    }
    if let Some(problem) = &row.problem {
        parts.push(problem.clone());
    }
    parts.join(" · ")
}
