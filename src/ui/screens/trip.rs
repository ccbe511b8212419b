//! Plan a trip: until when, how much of what, and whether everything is there.

use egui::{Align2, Rect, Ui};

use super::trip_facts::{self, Shown};
use crate::domain::time::Timestamp;
use crate::terminal::trip::plan::{Expected, TripPlan};
use crate::terminal::{Command, Query, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::poll::{Due, Known};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::trip::{LOOK_BACK_DAYS, Sold, TripDesk, pick_pool, pick_sold};
use crate::ui::view::View;
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::{heading_ui, tabs_ui};
use crate::ui::widgets::text::Style;

/// Seconds after which the codes are counted again although the till says nothing.
const EVERY_SECS: f64 = 2.0;
/// Seconds between two counts while codes come in.
const PAUSE_SECS: f64 = 0.4;

/// Draws the screen.
pub(crate) fn trip_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let trip = &mut view.trip;
    refresh(ui, cx, trip);
    let gap = cx.metrics.gap();
    let class = cx.metrics.class;
    let mut rect = rect;
    if class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
        let above = rect.height() * 0.28;
        super::sell::display_ui(ui, cx, rect.cut_top(above, gap));
    }
    let bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    if class != Class::Compact {
        let title = rect.cut_top(cx.mm(9.0), cx.mm(1.0));
        heading_ui(ui, cx, title, &cx.say("trip-title"));
    }
    let shown = shown(cx, trip);
    buttons_ui(ui, cx, bottom, shown.as_ref().ok());
    let shown = match shown {
        Ok(shown) => shown,
        Err(words) => {
            let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
            label_ui(ui, rect, "trip-words", &words, style);
            return;
        }
    };
    let (mut side, columns) = if class == Class::Portrait {
        (rect.cut_top(cx.mm(74.0), gap), 2)
    } else {
        let share = if class == Class::Compact { 0.43 } else { 0.47 };
        (rect.cut_left(rect.width() * share, gap), 1)
    };
    days_ui(ui, cx, side.cut_top(cx.metrics.touch(), gap), trip, &shown);
    if shown.accounts > 1 {
        let strip = side.cut_top(cx.metrics.touch(), gap);
        account_ui(ui, cx, strip, trip, &shown);
    }
    trip_facts::facts_ui(ui, cx, side, &shown);
    list_ui(ui, cx, rect, columns, trip, &shown);
}

fn refresh(ui: &Ui, cx: &Cx<'_>, trip: &mut TripDesk) {
    let rule = cx.snap.shop.day;
    // The window has no clock: the first answer tells what day it is.
    let known = trip.pool.read(|known| {
        let report = known?.as_ref().ok()?;
        let (_, _, until) = trip.draft.end(report, rule)?;
        Some((report.at, until))
    });
    let until = known.map(|(_, until)| until);
    let due = Due {
        every: Some(EVERY_SECS),
        pause: PAUSE_SECS,
        ..Due::at_news(cx.snap.revision, cx.now)
    };
    let again = trip
        .pool
        .refresh(cx.till, Query::Pool { until }, due, pick_pool);
    if let Some(secs) = again {
        let after = std::time::Duration::from_secs_f64(secs.max(0.1));
        ui.ctx().request_repaint_after(after);
    }
    let Some((at, _)) = known else { return };
    let days = rule.last_days(at, LOOK_BACK_DAYS);
    // What is sold while this is looked at changes no plan.
    let due = Due::at_news(cx.snap.screen_seq, cx.now);
    trip.sold
        .refresh(cx.till, Query::Sold { days }, due, pick_sold);
}

/// What there is to be drawn, or why there is nothing.
fn shown(cx: &Cx<'_>, trip: &mut TripDesk) -> Result<Shown, String> {
    let TripDesk {
        draft, pool, sold, ..
    } = trip;
    let shop = &cx.snap.shop;
    let failed = |reason: &str| cx.say_with("trip-failed", &[("reason", reason)]);
    sold.read(|sold| {
        let sold = match sold {
            None => return Err(cx.say("trip-loading")),
            Some(Err(reason)) => return Err(failed(reason)),
            Some(Ok(sold)) => sold,
        };
        pool.read(|report: Option<&Known<_>>| {
            let report = match report {
                None => return Err(cx.say("trip-loading")),
                Some(Err(reason)) => return Err(failed(reason)),
                Some(Ok(report)) => report,
            };
            let sold: &Sold = sold;
            let filled = draft.fill(report, sold, shop.day, shop.currency);
            let filled = filled.ok_or_else(|| cx.say("notice-no-backend"))?;
            let shown = Shown::of(report, filled, shop.currency);
            if let Ok(plan) = &shown.plan {
                draft.settle(&shown.filled, plan, report.trip.as_ref());
            }
            Ok(shown)
        })
    })
}

fn days_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, trip: &mut TripDesk, shown: &Shown) {
    let (day, days) = (shown.filled.last_day.to_string(), shown.filled.days);
    let until = cx.say_with("trip-until", &[("day", &day)]);
    let count = cx.say_with("trip-days", &[("days", &days.to_string())]);
    let names = [cx.say("trip-day-less"), cx.say("trip-day-more")];
    let mut middle = rect;
    let pressed = steps_ui(ui, cx, &mut middle, ("trip-day", 0), names);
    let strong = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text);
    label_ui(ui, middle.row(0, 2, 0.0), "trip-until", &until, strong);
    let body = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet);
    label_ui(ui, middle.row(1, 2, 0.0), "trip-days", &count, body);
    match pressed {
        Some(Step::Less) => trip.draft.move_days(days, -1),
        Some(Step::More) => trip.draft.move_days(days, 1),
        None => {}
    }
}

/// Which of two buttons was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Less,
    More,
}

/// Minus at the left end and plus at the right; takes them off `rect`.
fn steps_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: &mut Rect,
    key: (&str, usize),
    [less, more]: [String; 2],
) -> Option<Step> {
    let (touch, gap) = (cx.metrics.touch(), cx.mm(1.0));
    let (key, index) = key;
    let left = rect.cut_left(touch, gap);
    let right = rect.cut_right(touch, gap);
    let mut pressed = None;
    let minus = Button::saying(key, less).nth(index.saturating_mul(2));
    if minus.icon_only(Icon::Minus).pressed(ui, cx, left) {
        pressed = Some(Step::Less);
    }
    let plus = Button::saying(key, more).nth(index.saturating_mul(2).saturating_add(1));
    if plus.icon_only(Icon::Plus).pressed(ui, cx, right) {
        pressed = Some(Step::More);
    }
    pressed
}

fn account_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, trip: &mut TripDesk, shown: &Shown) {
    let name = &shown.filled.account;
    let words = cx.say_with("trip-account", &[("name", name)]);
    let button = Button::saying("trip-account", words).icon(Icon::Swap);
    if !button.pressed(ui, cx, rect) {
        return;
    }
    let TripDesk { draft, pool, .. } = trip;
    pool.read(|known| {
        if let Some(Ok(report)) = known {
            draft.next_account(report, name);
        }
    });
}

fn list_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: Rect,
    columns: usize,
    trip: &mut TripDesk,
    shown: &Shown,
) {
    let expected = &shown.filled.expected;
    let rows = Rows {
        count: expected.len(),
        columns,
        height: cx.metrics.touch(),
        gap: cx.metrics.gap(),
        moves: Moves::Buttons,
    };
    let plan = shown.plan.as_ref().ok();
    rows_ui(ui, cx, rect, ("trip", ""), rows, |ui, index, rect| {
        if let Some(expected) = expected.get(index) {
            row_ui(ui, cx, rect, (index, *expected), trip, plan);
        }
    });
}

/// A sum, what is sold at it, how many codes of it are there, and how many sales are expected.
fn row_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    mut rect: Rect,
    (index, expected): (usize, Expected),
    trip: &mut TripDesk,
    plan: Option<&TripPlan>,
) {
    let amount = cx.money(expected.amount);
    let named = |key: &str| cx.say_with(key, &[("amount", &amount)]);
    let names = [named("trip-less"), named("trip-more")];
    let mut numbers = rect.cut_right(cx.metrics.touch() * 2.0 + cx.mm(11.0), cx.mm(2.0));
    let pressed = steps_ui(ui, cx, &mut numbers, ("trip-sales", index), names);
    let ink = if expected.sales > 0 {
        cx.palette.text
    } else {
        cx.palette.quiet
    };
    let strong = Style::new(Letters::Strong, cx.metrics.scale, ink);
    let count = expected.sales.to_string();
    let values = [("amount", amount.as_str()), ("count", count.as_str())];
    let spoken = cx.say_with("trip-sales", &values);
    trip_facts::spoken_ui(ui, numbers, &spoken, &count, strong);
    let small = Style::new(Letters::Small, cx.metrics.scale, cx.palette.quiet);
    let left = rect.cut_top(rect.height() * 0.5, 0.0);
    let key = format!("trip-amount-{index}");
    label_ui(ui, left, &key, &amount, strong.align(Align2::LEFT_CENTER));
    let mut words = Vec::new();
    let row = plan.and_then(|plan| plan.rows.iter().find(|row| row.amount == expected.amount));
    if let Some(row) = row {
        let (there, needed) = (row.there.min(row.needed), row.needed);
        let (there, needed) = (there.to_string(), needed.to_string());
        words.push(cx.say_with("trip-row", &[("there", &there), ("needed", &needed)]));
    }
    let names = trip.names.of(&cx.snap.catalog, expected.amount);
    if !names.is_empty() {
        words.push(names.to_owned());
    }
    if !words.is_empty() {
        let key = format!("trip-names-{index}");
        let small = small.align(Align2::LEFT_CENTER).cut();
        label_ui(ui, rect, &key, &words.join(" · "), small);
    }
    match pressed {
        Some(Step::Less) => trip.draft.move_sales(expected, false),
        Some(Step::More) => trip.draft.move_sales(expected, true),
        None => {}
    }
}

fn buttons_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, shown: Option<&Shown>) {
    let gap = cx.metrics.gap();
    let back = rect.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        cx.send(Command::Go {
            screen: Screen::Sync,
        });
    }
    if shown.is_some_and(|shown| shown.is_on) {
        let end = rect.cut_left(rect.width() * 0.42, gap);
        let button = Button::new(cx, "trip-end")
            .icon(Icon::Cross)
            .kind(Kind::Danger);
        if button.pressed(ui, cx, end) {
            cx.commit(Command::PlanTrip {
                backend: None,
                targets: Vec::new(),
                until: Timestamp::default(),
            });
        }
    }
    let plan = shown.and_then(|shown| shown.plan.as_ref().ok());
    let ready = shown.is_some_and(Shown::can_prepare);
    let prepare = Button::new(cx, "trip-prepare")
        .icon(Icon::Code)
        .kind(Kind::Primary)
        .ready_if(ready);
    if prepare.pressed(ui, cx, rect)
        && let Some(plan) = plan
    {
        cx.commit(Command::PlanTrip {
            backend: Some(plan.backend.clone()),
            targets: plan.targets(),
            until: plan.until,
        });
        // What the account refused is tried again, and the network at once.
        cx.send(Command::MintLinks);
    }
}
