//! Recent: the last sales with their state; one tap leads back to any of them.

use egui::{Rect, Ui};

use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::terminal::{Command, SaleView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::View;
use crate::ui::widgets::chip::{self, to_sort_ui};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::tabs_ui;
use crate::ui::widgets::text::Style;

/// Draws the screen.
pub(crate) fn recent_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    view.recent.refresh(cx.till, cx.snap, cx.now);
    let gap = cx.metrics.gap();
    let mut rect = rect;
    if cx.metrics.class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
        let display = rect.cut_top(rect.height() * 0.3, gap);
        super::sell::display_ui(ui, cx, display);
    }
    if chip::is_anything_to_sort(cx) {
        let strip = rect.cut_top(cx.metrics.touch(), gap);
        to_sort_ui(ui, cx, strip);
    }
    day_ui(ui, cx, &mut rect, view);
    view.recent.sales.read(|known| match known {
        None => empty_ui(ui, cx, rect, &cx.say("recent-loading")),
        Some(Err(reason)) => {
            empty_ui(
                ui,
                cx,
                rect,
                &cx.say_with("recent-failed", &[("reason", reason)]),
            );
        }
        Some(Ok(sales)) if sales.is_empty() => empty_ui(ui, cx, rect, &cx.say("recent-empty")),
        Some(Ok(sales)) => list_ui(ui, cx, rect, sales),
    });
}

/// What the newest sale's day brought, in one line; takes its strip off `rect`.
fn day_ui(ui: &Ui, cx: &Cx<'_>, rect: &mut Rect, view: &View) {
    let total = view.recent.day.read(|known| {
        let totals = known?.as_ref().ok()?;
        let currency = cx.snap.shop.currency;
        let mut totals = totals.iter();
        totals
            .find(|total| total.paid.currency == currency)
            .cloned()
    });
    let newest = view.recent.sales.read(|known| {
        let sales = known?.as_ref().ok()?;
        Some(sales.first()?.created_at)
    });
    let (Some(total), Some(newest)) = (total, newest) else {
        return;
    };
    let strip = rect.cut_top(cx.mm(9.0), cx.mm(1.5));
    let day = cx.snap.shop.day.day_of(newest).to_string();
    let parts = [
        (
            Icon::List,
            Tone::Plain,
            cx.say_with("day-of", &[("day", &day)]),
        ),
        sum_words(cx, Icon::Check, Tone::Good, "day-paid", total.paid),
        sum_words(cx, Icon::Cash, Tone::Good, "day-cash", total.cash),
        sum_words(cx, Icon::Clock, Tone::Waiting, "day-unknown", total.unknown),
    ];
    let count = parts.len();
    for (index, (icon, tone, words)) in parts.into_iter().enumerate() {
        let place = strip.column(index, count, cx.mm(2.0));
        toned_ui(ui, cx, place, Letters::Body, (icon, tone), &words);
    }
}

fn sum_words(
    cx: &Cx<'_>,
    icon: Icon,
    tone: Tone,
    key: &str,
    amount: Amount,
) -> (Icon, Tone, String) {
    let words = cx.say_with(key, &[("amount", &cx.money(amount))]);
    (icon, tone, words)
}

fn empty_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, words: &str) {
    let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
    label_ui(ui, rect, "recent-words", words, style);
}

fn list_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, sales: &[SaleView]) {
    let rows = Rows {
        count: sales.len(),
        columns: 1,
        height: cx.mm(14.0),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    // The window has no clock: the newest sale tells which day it is.
    let newest = sales.first().map(|sale| sale.created_at);
    rows_ui(ui, cx, rect, ("recent", ""), rows, |ui, index, rect| {
        if let (Some(sale), Some(newest)) = (sales.get(index), newest) {
            sale_ui(ui, cx, rect, sale, newest);
        }
    });
}

fn sale_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, sale: &SaleView, newest: Timestamp) {
    let said = say::sale(cx, sale);
    let amount = cx.money(sale.total);
    let what = say::lines(cx.words, &sale.lines);
    let (rule, at) = (cx.snap.shop.day, sale.created_at);
    let time = if rule.day_of(at) == rule.day_of(newest) {
        cx.clock(at)
    } else {
        format!("{} {}", rule.day_of(at), cx.clock(at))
    };
    let first = format!("{} · {time}", sale.reference);
    let name = format!("{}, {amount}, {}", sale.reference, said.words);
    let row = Row::beside(&said, 0.38, &first).below(&what).sum(&amount);
    if row.pressed(ui, cx, rect, sale.id, &name) {
        cx.commit(Command::OpenSale { sale: sale.id });
    }
}
