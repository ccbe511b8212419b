//! Recent: the last sales with their state; one tap leads back to any of them.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::domain::money::Amount;
use crate::domain::time::Timestamp;
use crate::terminal::{Command, SaleView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self, plain};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::View;
use crate::ui::widgets::chip::to_sort_ui;
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::tabs_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::{self, Style};

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
    if cx.snap.status.payments_to_sort > 0 {
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
    let palette = cx.palette;
    let response = ui.interact(rect, ui.scope_id().with(sale.id), Sense::click());
    let ground = if response.is_pointer_button_down_on() {
        palette.pressed
    } else {
        palette.card
    };
    surface(ui, cx, rect, ground, palette.line);
    let said = say::sale(cx, sale);
    let amount = cx.money(sale.total);
    let what = say::lines(cx.words, &sale.lines);
    let mut inner = rect.shrink2(egui::vec2(cx.mm(2.5), cx.mm(1.0)));
    let sum = inner.cut_right(cx.mm(27.0), cx.mm(2.0));
    let state = inner.cut_right(inner.width() * 0.38, cx.mm(2.0));
    let scale = cx.metrics.scale;
    let strong = Style::new(Letters::Strong, scale, palette.text);
    let quiet = Style::new(Letters::Small, scale, palette.quiet).align(Align2::LEFT_CENTER);
    text::paint(
        ui.painter(),
        sum,
        &amount,
        strong.align(Align2::RIGHT_CENTER),
    );
    let rule = cx.snap.shop.day;
    let time = if rule.day_of(sale.created_at) == rule.day_of(newest) {
        cx.clock(sale.created_at)
    } else {
        format!(
            "{} {}",
            rule.day_of(sale.created_at),
            cx.clock(sale.created_at)
        )
    };
    let first = format!("{} · {time}", sale.reference);
    text::paint(
        ui.painter(),
        inner.row(0, 2, 0.0),
        &first,
        strong.align(Align2::LEFT_CENTER),
    );
    text::paint(ui.painter(), inner.row(1, 2, 0.0), &what, quiet);
    let ink = palette.tone(said.tone);
    let (icon, words) = text::split_icon(state, cx.mm(5.0), cx.mm(1.5));
    said.icon.paint(ui.painter(), icon, ink);
    let toned = Style::new(Letters::Body, scale, ink)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    text::paint(ui.painter(), words, &said.words, toned);
    let name = plain(&format!("{}, {amount}, {}", sale.reference, said.words));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.clicked() {
        cx.commit(Command::OpenSale { sale: sale.id });
    }
}
