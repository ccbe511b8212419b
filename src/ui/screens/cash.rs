//! Cash: what the customer gives, and the change, large.

use egui::{Align2, Rect, Ui};

use crate::domain::money::Amount;
use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::keypad::likely_notes;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::{CashFor, Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::keypad::{Layout, keypad_ui};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::Style;

/// Draws the page.
pub(crate) fn cash_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, whom: CashFor) {
    let gap = cx.metrics.gap();
    let due = match whom {
        CashFor::Cart => cx.snap.cart.total,
        CashFor::Sale(id) => cx
            .snap
            .pay
            .as_ref()
            .filter(|pay| pay.sale.id == id)
            .map(|pay| pay.sale.total),
    };
    // A typed amount reaches the cart with the next snapshot.
    let due = due.unwrap_or_else(|| Amount::new(0, cx.snap.shop.currency));
    let mut page = super::page(cx, rect, 168.0, 96.0);
    let keys = if cx.metrics.class == Class::Portrait {
        page = super::page(cx, rect, 150.0, 190.0);
        page.cut_bottom(cx.mm(92.0), gap)
    } else {
        page.cut_left(page.width() * 0.45, cx.mm(3.0))
    };
    keypad_ui(ui, cx, keys, Layout::Single, &mut view.pad);
    let mut rest = page;
    let bottom = rest.cut_bottom(cx.metrics.primary(), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, bottom.column(0, 3, gap))
    {
        view.sheet = Sheet::None;
    }
    let given = view.pad.total(cx.snap.shop.currency);
    let enough = due.minor > 0 && given.minor >= due.minor;
    let confirm = bottom.column(1, 3, gap).union(bottom.column(2, 3, gap));
    let take = Button::new(cx, "cash-take")
        .icon(Icon::Check)
        .kind(Kind::Primary)
        .ready_if(enough);
    if take.pressed(ui, cx, confirm) {
        cx.commit(match whom {
            CashFor::Cart => Command::PayCartInCash { given },
            CashFor::Sale(sale) => Command::PayInCash { sale, given },
        });
    }
    let quick = rest.cut_bottom(cx.metrics.touch() * 2.0 + gap, gap);
    quick_ui(ui, cx, quick, view, due);
    sums_ui(ui, cx, rest, due, given);
}

fn quick_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, due: Amount) {
    let gap = cx.metrics.gap();
    let cell = |index: usize| rect.row(index / 2, 2, gap).column(index % 2, 2, gap);
    let exact = Button::new(cx, "cash-exact").ready_if(due.minor > 0);
    if exact.pressed(ui, cx, cell(0)) {
        view.pad.set(due.minor);
    }
    for (index, note) in likely_notes(due).into_iter().enumerate() {
        let button = Button::saying("cash-note", cx.money(note)).nth(index);
        if button.pressed(ui, cx, cell(index + 1)) {
            view.pad.set(note.minor);
        }
    }
}

fn sums_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, due: Amount, given: Amount) {
    surface(ui, cx, rect, cx.palette.card, cx.palette.line);
    let inner = rect.shrink(cx.mm(2.0));
    let small = inner.row(0, 2, 0.0);
    pair_ui(ui, cx, small.row(0, 2, 0.0), "cash-due", &cx.money(due));
    pair_ui(ui, cx, small.row(1, 2, 0.0), "cash-given", &cx.money(given));
    let Ok(change) = given.minus(due) else {
        return;
    };
    let large = inner.row(1, 2, 0.0);
    let (key, amount, tone) = if change.minor < 0 {
        (
            "cash-missing",
            due.minus(given).unwrap_or(due),
            Tone::Waiting,
        )
    } else {
        ("cash-change", change, Tone::Good)
    };
    let words = cx.say_with(key, &[("amount", &cx.money(amount))]);
    let style = Style::new(
        Letters::Title,
        cx.metrics.scale * 1.35,
        cx.palette.tone(tone),
    );
    label_ui(ui, large, key, &words, style);
}

fn pair_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, key: &str, amount: &str) {
    let left =
        Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet).align(Align2::LEFT_CENTER);
    let right =
        Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text).align(Align2::RIGHT_CENTER);
    label_ui(ui, rect.column(0, 2, 0.0), key, &cx.say(key), left);
    label_ui(ui, rect.column(1, 2, 0.0), "cash-sum", amount, right);
}
