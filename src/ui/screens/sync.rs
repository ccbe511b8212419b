//! Codes and network: whether each account can be reached, what is kept, what waits and why.

use egui::{Rect, Ui};

use super::sync_rows::{Listed, list_ui};
use crate::terminal::query::SyncReport;
use crate::terminal::{Answer, Command, Query, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::poll::Due;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::View;
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::toned_ui;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::{heading_ui, tabs_ui};
use crate::ui::widgets::surface::surface;

/// Seconds after which the list is read again although the till says nothing.
const EVERY_SECS: f64 = 2.0;

/// Draws the screen.
pub(crate) fn sync_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    refresh(ui, cx, view);
    let gap = cx.metrics.gap();
    let mut rect = rect;
    let class = cx.metrics.class;
    if class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
        let above = rect.height() * 0.28;
        super::sell::display_ui(ui, cx, rect.cut_top(above, gap));
    }
    let bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    buttons_ui(ui, cx, bottom);
    let (facts_part, columns) = match class {
        Class::Compact => (rect.cut_top(cx.mm(19.4), gap), 2),
        Class::Portrait => (rect.cut_top(cx.mm(42.0), gap), 2),
        Class::Wide => (rect.cut_left(rect.width() * 0.36, cx.mm(3.0)), 1),
    };
    let facts = view.sync.read(|known| {
        let report = known.and_then(|known| known.as_ref().ok());
        facts(cx, report)
    });
    facts_ui(ui, cx, facts_part, columns, &facts);
    let mut asked = None;
    view.sync.read(|known| {
        let listed = match known {
            None => Listed::Unknown,
            Some(Err(reason)) => Listed::Failed(reason),
            Some(Ok(report)) => Listed::Rows(report),
        };
        if class != Class::Compact {
            let title = rect.cut_top(cx.mm(9.0), cx.mm(1.0));
            heading_ui(ui, cx, title, &cx.say("sync-waiting"));
        }
        asked = list_ui(ui, cx, rect, listed);
    });
    if let Some(sheet) = asked {
        view.sheet = sheet;
    }
}

fn refresh(ui: &Ui, cx: &Cx<'_>, view: &mut View) {
    let due = Due {
        every: Some(EVERY_SECS),
        ..Due::at_news(cx.snap.revision, cx.now)
    };
    let again = view.sync.refresh(cx.till, Query::Sync, due, |answer| {
        if let Answer::Sync { sync } = answer {
            Some(*sync)
        } else {
            None
        }
    });
    if let Some(secs) = again {
        let after = std::time::Duration::from_secs_f64(secs.max(0.1));
        ui.ctx().request_repaint_after(after);
    }
}

fn buttons_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect) {
    let gap = cx.metrics.gap();
    let has_printer = !cx.snap.printers.is_empty();
    let count = if has_printer { 3.0 } else { 2.0 };
    let part = (rect.width() - gap * count) * (0.6 / count);
    let stickers = rect.cut_left(part, gap);
    let icon = match cx.snap.status.stickers_wrong {
        0 => Icon::Tiles,
        _ => Icon::Warning,
    };
    let button = Button::new(cx, "sync-stickers").icon(icon);
    if button.pressed(ui, cx, stickers) {
        cx.send(Command::Go {
            screen: Screen::Stickers,
        });
    }
    let button = Button::new(cx, "trip-title")
        .icon(Icon::List)
        .ready_if(cx.snap.shop.has_backend);
    if button.pressed(ui, cx, rect.cut_left(part, gap)) {
        cx.send(Command::Go {
            screen: Screen::Trip,
        });
    }
    if has_printer {
        let asked = cx.snap.status.prints_to_settle;
        let words = match asked {
            0 => cx.say("printer-title"),
            asked => cx.say_with("printer-asks", &[("count", &asked.to_string())]),
        };
        let button = Button::saying("printer-title", words).icon(Icon::Paper);
        if button.pressed(ui, cx, rect.cut_left(part, gap)) {
            cx.send(Command::Go {
                screen: Screen::Printer,
            });
        }
    }
    let send = Button::new(cx, "sync-send-now")
        .icon(Icon::Send)
        .kind(Kind::Primary)
        .ready_if(cx.snap.shop.has_backend);
    if send.pressed(ui, cx, rect) {
        cx.send(Command::SendNow);
    }
}

type Fact = (Icon, Tone, String);

fn facts_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, columns: usize, facts: &[Fact]) {
    surface(ui, cx, rect, cx.palette.card, cx.palette.line);
    let height = match cx.metrics.class {
        Class::Compact => 8.0,
        Class::Wide | Class::Portrait => 9.0,
    };
    let rows = Rows {
        count: facts.len(),
        columns,
        height: cx.mm(height),
        gap: cx.mm(0.8),
        moves: Moves::Bar,
    };
    let inner = rect.shrink(cx.mm(1.2));
    rows_ui(ui, cx, inner, ("facts", ""), rows, |ui, index, rect| {
        if let Some((icon, tone, words)) = facts.get(index) {
            toned_ui(ui, cx, rect, Letters::Body, (*icon, *tone), words);
        }
    });
}

/// What is to be known, in the order in which it matters.
fn facts(cx: &Cx<'_>, report: Option<&SyncReport>) -> Vec<Fact> {
    let status = &cx.snap.status;
    let mut facts = Vec::new();
    if cx.snap.accounts.is_empty() {
        let said = say::reach(cx);
        facts.push((said.icon, said.tone, said.words));
    }
    for account in cx.snap.accounts.iter() {
        let said = say::account(cx, &account.name, account.reach);
        facts.push((said.icon, said.tone, said.words));
    }
    let count = |key: &str, count: u32| cx.say_with(key, &[("count", &count.to_string())]);
    let spares = status.spare_codes.to_string();
    let wanted = status.spare_codes_wanted.to_string();
    let values = [("count", spares.as_str()), ("wanted", wanted.as_str())];
    facts.push(if status.has_few_spares() {
        let words = cx.say_with("sync-spare-few", &values);
        (Icon::Code, Tone::Waiting, words)
    } else {
        let words = cx.say_with("sync-spare", &values);
        (Icon::Code, Tone::Plain, words)
    });
    if let Some(off) = report.and_then(|report| report.clock_off_secs) {
        let key = if off > 0 {
            "clock-ahead"
        } else {
            "clock-behind"
        };
        let by = say::duration(cx, off.unsigned_abs());
        let words = cx.say_with(key, &[("by", &by)]);
        facts.push((Icon::Clock, Tone::Alarm, words));
    }
    if let Some(problem) = &status.last_problem {
        let words = cx.say_with("sync-problem", &[("problem", problem)]);
        facts.push((Icon::Warning, Tone::Alarm, words));
    }
    // With an account that has no codes for stickers there is nothing to count.
    if status.products > 0 {
        let (with, of) = (status.products_with_code, status.products);
        let values = [("count", with.to_string()), ("total", of.to_string())];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        let words = cx.say_with("sync-products", &values);
        facts.push((Icon::Tiles, Tone::Plain, words));
    }
    if status.pictures_to_fetch > 0 {
        let words = count("sync-pictures", status.pictures_to_fetch);
        facts.push((Icon::Clock, Tone::Plain, words));
    }
    facts
}
