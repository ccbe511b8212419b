//! The list of what waits for a payment account; what was refused stands first.

use egui::{Align2, Rect, Ui};

use crate::terminal::Command;
use crate::terminal::query::{SyncReport, SyncRow};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::Cut as _;
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::Sheet;
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::surface::surface;
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

fn rows_of(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, rows: &[SyncRow]) -> Option<Sheet> {
    let (refused, others): (Vec<&SyncRow>, Vec<&SyncRow>) =
        rows.iter().partition(|row| row.refusal.is_some());
    // What a provider says to a refusal takes some lines.
    let height = if refused.is_empty() { 15.0 } else { 22.0 };
    let sorted: Vec<&SyncRow> = refused.into_iter().chain(others).collect();
    let shape = Rows {
        count: sorted.len(),
        columns: 1,
        height: cx.mm(height),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    let mut asked = None;
    rows_ui(ui, cx, rect, ("sync", ""), shape, |ui, index, rect| {
        if let Some(row) = sorted.get(index) {
            asked = asked.or(row_ui(ui, cx, rect, index, row));
        }
    });
    asked
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, index: usize, row: &SyncRow) -> Option<Sheet> {
    let palette = cx.palette;
    let refused = row.refusal.is_some();
    let (icon, tone, line) = if refused {
        (Icon::Warning, Tone::Alarm, palette.alarm)
    } else if row.under_way {
        (Icon::Send, Tone::Plain, palette.line)
    } else {
        (Icon::Clock, Tone::Waiting, palette.line)
    };
    surface(ui, cx, rect, palette.card, line);
    let mut inner = rect.shrink2(egui::vec2(cx.mm(2.0), cx.mm(1.2)));
    let mut asked = None;
    if refused {
        asked = buttons_ui(ui, cx, &mut inner, rect, index, row);
    }
    let (sign, mut words) = text::split_icon(inner, cx.mm(5.5), cx.mm(2.0));
    icon.paint(ui.painter(), sign, palette.tone(tone));
    let first = words.cut_top(cx.mm(5.6), 0.0);
    let strong =
        Style::new(Letters::Strong, cx.metrics.scale, palette.text).align(Align2::LEFT_CENTER);
    label_ui(
        ui,
        first,
        &format!("sync-what-{index}"),
        &what(cx, row),
        strong,
    );
    let ink = if refused {
        palette.alarm
    } else {
        palette.quiet
    };
    let small = Style::new(Letters::Small, cx.metrics.scale, ink)
        .align(Align2::LEFT_TOP)
        .rows(4);
    label_ui(
        ui,
        words,
        &format!("sync-why-{index}"),
        &why(cx, row),
        small,
    );
    asked
}

/// Try again, and give up; takes their room off `inner`.
fn buttons_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    inner: &mut Rect,
    row_rect: Rect,
    index: usize,
    row: &SyncRow,
) -> Option<Sheet> {
    let height = cx.metrics.touch();
    let mut place = |width: f32| {
        let part = inner.cut_right(cx.mm(width), cx.metrics.gap());
        let center = egui::pos2(part.center().x, row_rect.center().y);
        Rect::from_center_size(center, egui::vec2(part.width(), height))
    };
    let (give_up_place, retry_place) = (place(21.0), place(23.0));
    let name = what(cx, row);
    let give_up = Button::new(cx, "sync-give-up")
        .named(cx.say_with("sync-give-up-of", &[("what", &name)]))
        .nth(index)
        .letters(Letters::Body)
        .kind(Kind::Danger);
    let mut asked = None;
    if give_up.pressed(ui, cx, give_up_place) {
        asked = Some(Sheet::GiveUp(row.job));
    }
    let retry = Button::new(cx, "sync-retry")
        .named(cx.say_with("sync-retry-of", &[("what", &name)]))
        .nth(index)
        .letters(Letters::Body);
    if retry.pressed(ui, cx, retry_place) {
        cx.send(Command::RetryJob { job: row.job });
    }
    asked
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
