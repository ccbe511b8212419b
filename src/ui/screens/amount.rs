//! An amount without a product, typed on the keypad with a running sum.

use egui::{Align2, Rect, Ui};

use crate::domain::money::Amount;
use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::{CashFor, Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::keypad::{Layout, keypad_ui};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::Style;

/// Draws the page.
pub(crate) fn amount_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 168.0, 96.0);
    let keys = if cx.metrics.class == Class::Portrait {
        page = super::page(cx, rect, 150.0, 170.0);
        page.cut_bottom(cx.mm(92.0), gap)
    } else {
        page.cut_left(page.width() * 0.55, cx.mm(3.0))
    };
    keypad_ui(ui, cx, keys, Layout::Sum, &mut view.pad);
    let mut rest = page;
    let back = rest.cut_bottom(cx.metrics.touch(), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    let total = view.pad.total(cx.snap.shop.currency);
    let ready = total.minor > 0;
    let second = rest.cut_bottom(cx.metrics.touch(), gap);
    let cash = Button::new(cx, "cash").icon(Icon::Cash).ready_if(ready);
    if cash.pressed(ui, cx, second.column(1, 2, gap)) {
        cx.send(Command::AddAmount { amount: total });
        view.pad.set(0);
        view.sheet = Sheet::Cash(CashFor::Cart);
    }
    let add = Button::new(cx, "amount-add")
        .icon(Icon::Cart)
        .ready_if(ready);
    if add.pressed(ui, cx, second.column(0, 2, gap)) {
        cx.send(Command::AddAmount { amount: total });
        view.sheet = Sheet::None;
    }
    let main = rest.cut_bottom(cx.metrics.primary(), gap);
    let show = Button::new(cx, "amount-show")
        .icon(Icon::Code)
        .kind(Kind::Primary)
        .ready_if(ready);
    if show.pressed(ui, cx, main) {
        cx.commit(Command::PayAmount { amount: total });
    }
    sum_ui(ui, cx, rest, view, total);
}

fn sum_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, view: &View, total: Amount) {
    surface(ui, cx, rect, cx.palette.card, cx.palette.line);
    let mut inner = rect.shrink(cx.mm(2.0));
    let currency = cx.snap.shop.currency;
    let locale = cx.snap.shop.locale;
    let mut terms: Vec<String> = view
        .pad
        .terms()
        .iter()
        .map(|minor| Amount::new(*minor, currency).format_plain(locale))
        .collect();
    if !terms.is_empty() {
        terms.push(view.pad.typed(currency).format_plain(locale));
        let above = inner.cut_top(inner.height() * 0.4, 0.0);
        let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet)
            .align(Align2::RIGHT_CENTER)
            .rows(2);
        label_ui(ui, above, "amount-terms", &terms.join(" + "), style);
    }
    let style =
        Style::new(Letters::Huge, cx.metrics.scale, cx.palette.text).align(Align2::RIGHT_CENTER);
    label_ui(ui, inner, "amount-total", &cx.money(total), style);
}
