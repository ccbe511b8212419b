//! A sale that no notification will confirm: somebody compares it with the provider's own list.

use egui::{Align2, Rect, Ui};

use crate::domain::id::SaleId;
use crate::terminal::{Command, SaleView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::pin_pad::pin_pad_beside_ui;
use crate::ui::widgets::row::Row;
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::text::Style;

/// One sale of the list; says whether it was pressed.
pub(super) fn row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, sale: &SaleView) -> bool {
    let said = say::sale(cx, sale);
    let amount = cx.money(sale.total);
    let (title, rest) = (when(cx, sale), rest(cx, sale, &said.words));
    let name = format!("{title}, {amount}, {rest}");
    let row = Row::before(said.icon, said.tone, &title)
        .below(&rest)
        .sum(&amount)
        .leads_on();
    row.pressed(ui, cx, rect, sale.id, &name)
}

/// Its number, day and time: what the provider's list is searched by, besides the sum.
fn when(cx: &Cx<'_>, sale: &SaleView) -> String {
    let at = sale.created_at;
    let day = cx.snap.shop.day.day_of(at);
    format!("{} · {day} {}", sale.reference, cx.clock(at))
}

/// What stands in the provider's list too, and where the sale stands here.
fn rest(cx: &Cx<'_>, sale: &SaleView, state: &str) -> String {
    let word = sale.word.iter().map(String::as_str);
    let what = say::lines(cx.words, &sale.lines);
    let parts = [sale.backend.as_str(), &what].into_iter().chain(word);
    let parts: Vec<_> = parts
        .chain([state])
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}

/// Draws the page that asks whether the payment is in the provider's list.
pub(crate) fn compare_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sale: SaleId) {
    let mut all = cx.snap.to_check.iter();
    let Some(sale) = all.find(|each| each.id == sale) else {
        view.sheet = Sheet::None;
        return;
    };
    let gap = cx.metrics.gap();
    let by_pin = cx.snap.risk.has_pin;
    let portrait = cx.metrics.class == Class::Portrait;
    let mut page = match (by_pin, portrait) {
        (true, true) => super::page(cx, rect, 144.0, 170.0),
        (true, false) => super::page(cx, rect, 176.0, 92.0),
        (false, _) => super::page(cx, rect, 144.0, 74.0),
    };
    if by_pin {
        pin_pad_beside_ui(ui, cx, &mut page, &mut view.pin);
    }
    let title = format!("{} · {}", cx.money(sale.total), when(cx, sale));
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), cx.mm(1.0)), &title);
    let answers = page.cut_bottom(cx.metrics.primary() + cx.metrics.touch() + gap, gap);
    answers_ui(ui, cx, answers, view, sale);
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_TOP)
        .rows(3);
    let what = page.cut_top(cx.mm(13.0).min(page.height()), cx.mm(1.0));
    let said = say::sale(cx, sale);
    label_ui(ui, what, "check-what", &rest(cx, sale, &said.words), style);
    let why = cx.say_with("check-why", &[("name", &sale.backend)]);
    label_ui(ui, page, "check-why", &why, style);
}

/// Draws the two answers and the way back.
fn answers_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View, sale: &SaleView) {
    let gap = cx.metrics.gap();
    let ready = !cx.snap.risk.has_pin || view.pin.len() > 0;
    let mut bottom = rect.cut_bottom(cx.metrics.primary(), gap);
    let back = bottom.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    let found = Button::new(cx, "check-found")
        .icon(Icon::Check)
        .kind(Kind::Primary)
        .ready_if(ready);
    let missing = Button::new(cx, "check-missing")
        .icon(Icon::Cross)
        .letters(Letters::Body)
        .ready_if(ready);
    let answers = [
        (found.pressed(ui, cx, bottom), true),
        (missing.pressed(ui, cx, rect), false),
    ];
    for (_, found) in answers.into_iter().filter(|(pressed, _)| *pressed) {
        let pin = cx.snap.risk.has_pin.then(|| view.pin.take());
        // Once it is taken the sale leaves the list, and this page with it; a wrong PIN leaves both.
        cx.send(Command::CheckSale {
            sale: sale.id,
            found,
            pin,
        });
    }
}
