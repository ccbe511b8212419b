//! Payments to sort out: money that names no sale. A list, and for each payment a page that asks what
//! it is for. Sales to compare with the provider's list follow.

use egui::{Align2, Rect, Ui};

use super::compare;
use crate::domain::loose::{LoosePayment, LooseState};
use crate::domain::payment::Proof;
use crate::terminal::snapshot::LooseView;
use crate::terminal::{Command, SaleView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::{self};
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::{PinPad, Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::row::Row;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::{heading_ui, tabs_ui};
use crate::ui::widgets::text::Style;

/// The most sales that a page offers.
const fn suggestions_max(class: Class) -> usize {
    match class {
        Class::Compact => 2,
        Class::Wide | Class::Portrait => 3,
    }
}

/// Draws the list.
pub(crate) fn payments_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    if cx.metrics.class == Class::Portrait {
        tabs_ui(ui, cx, rect.cut_bottom(cx.metrics.touch(), gap));
    }
    heading_ui(
        ui,
        cx,
        rect.cut_top(cx.mm(9.0), gap),
        &cx.say("payments-title"),
    );
    let payments = &cx.snap.loose;
    let sales = &cx.snap.to_check;
    if payments.is_empty() && sales.is_empty() {
        let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.quiet).rows(3);
        label_ui(ui, rect, "payments-none", &cx.say("payments-none"), style);
        return;
    }
    let rows = Rows {
        count: payments.len().saturating_add(sales.len()),
        columns: 1,
        height: cx.mm(15.0),
        gap: cx.mm(1.5),
        moves: Moves::Buttons,
    };
    rows_ui(ui, cx, rect, ("payments", ""), rows, |ui, index, rect| {
        if let Some(loose) = payments.get(index)
            && row_ui(ui, cx, rect, &loose.payment)
        {
            view.payment = Some(key_of(&loose.payment));
            view.sheet = Sheet::Payment;
        }
        // Money that nobody knows the sale of comes before sales that nobody knows the money of.
        let sale = index.checked_sub(payments.len());
        if let Some(sale) = sale.and_then(|index| sales.get(index))
            && compare::row_ui(ui, cx, rect, sale)
        {
            view.pin = PinPad::default();
            view.sheet = Sheet::Compare(sale.id);
        }
    });
}

fn key_of(payment: &LoosePayment) -> (String, String) {
    let report = &payment.report;
    (report.backend.clone(), report.payment.clone())
}

/// One payment; says whether it was pressed.
fn row_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, payment: &LoosePayment) -> bool {
    let amount = cx.money(payment.report.amount);
    let (title, rest) = (title_of(cx, payment), how(cx, payment));
    let name = format!("{title}, {amount}, {rest}");
    let row = Row::before(Icon::Warning, Tone::Waiting, &title)
        .below(&rest)
        .sum(&amount)
        .asks_if(true)
        .leads_on();
    row.pressed(ui, cx, rect, key_of(payment), &name)
}

/// What was paid for, as far as the code says.
fn title_of(cx: &Cx<'_>, payment: &LoosePayment) -> String {
    if payment.title.is_empty() {
        cx.say("payments-untitled")
    } else {
        payment.title.clone()
    }
}

/// How and when it came, and how sure it is.
fn how(cx: &Cx<'_>, payment: &LoosePayment) -> String {
    let heard = payment.report.heard_at;
    let time = format!("{} {}", cx.snap.shop.day.day_of(heard), cx.clock(heard));
    let key = if payment.product.is_some() {
        "payments-by-sticker"
    } else {
        "payments-by-code"
    };
    let mut parts = vec![cx.say_with(key, &[("time", &time)])];
    if let Some(till) = &payment.till {
        parts.push(cx.say_with("payments-made-by", &[("till", till)]));
    }
    if payment.report.proof == Proof::Open {
        parts.push(cx.say("payments-hint"));
    }
    if matches!(payment.state, LooseState::Wanted { .. }) {
        parts.push(cx.say("payments-asking"));
    }
    parts.join(" · ")
}

/// Draws the page that asks what a payment is for.
pub(crate) fn payment_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let chosen = view.payment.as_ref();
    let mut all = cx.snap.loose.iter();
    let Some(loose) = all.find(|loose| Some(&key_of(&loose.payment)) == chosen) else {
        view.sheet = Sheet::None;
        return;
    };
    let gap = cx.metrics.gap();
    let payment = &loose.payment;
    let is_asking = matches!(payment.state, LooseState::Wanted { .. });
    let most = suggestions_max(cx.metrics.class);
    let offered = loose.suggestions.len().min(most);
    let rows = if is_asking { 0 } else { offered };
    let height = 66.0 + 13.0 * rows as f32;
    let mut page = super::page(cx, rect, 144.0, height);
    let title = format!(
        "{} · {}",
        cx.money(payment.report.amount),
        title_of(cx, payment)
    );
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), cx.mm(1.0)), &title);
    let quiet = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_TOP)
        .rows(2);
    let words = page.cut_top(cx.mm(9.0), gap);
    label_ui(ui, words, "payment-how", &how(cx, payment), quiet);
    let mut bottom = page.cut_bottom(cx.metrics.primary(), gap);
    let back = bottom.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    if is_asking {
        let tone = (Icon::Clock, Tone::Waiting);
        let words = cx.say("payments-asking-long");
        toned_ui(ui, cx, page, Letters::Strong, tone, &words);
        return;
    }
    let hand_over = Button::new(cx, "payment-handed-over")
        .icon(Icon::Hand)
        .kind(main_if(offered == 0));
    if hand_over.pressed(ui, cx, bottom) {
        take(cx, view, payment, None);
    }
    aside_ui(
        ui,
        cx,
        page.cut_bottom(cx.metrics.touch(), gap),
        view,
        payment,
    );
    suggestions_ui(ui, cx, page, view, loose);
}

const fn main_if(is_main: bool) -> Kind {
    if is_main { Kind::Primary } else { Kind::Plain }
}

/// The sales that it may be for; the likeliest is the main one.
fn suggestions_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, loose: &LooseView) {
    let gap = cx.metrics.gap();
    let count = loose
        .suggestions
        .len()
        .min(suggestions_max(cx.metrics.class));
    let sales = loose.suggestions.iter().take(count);
    if count == 0 {
        let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet).rows(3);
        label_ui(
            ui,
            rect,
            "payment-no-sale",
            &cx.say("payment-no-sale"),
            style,
        );
        return;
    }
    for (index, sale) in sales.enumerate() {
        let words = cx.say_with("payment-for-sale", &[("sale", &describe(cx, sale))]);
        let button = Button::saying("payment-for-sale", words)
            .nth(index)
            .icon(Icon::Check)
            .letters(Letters::Body)
            .kind(main_if(index == 0));
        if button.pressed(ui, cx, rect.row(index, count, gap)) {
            take(cx, view, &loose.payment, Some(sale));
        }
    }
}

fn describe(cx: &Cx<'_>, sale: &SaleView) -> String {
    let what = say::lines(cx.words, &sale.lines);
    format!(
        "{} · {} · {what}",
        sale.reference,
        cx.clock(sale.created_at)
    )
}

/// What it was where it is for no sale.
fn aside_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, payment: &LoosePayment) {
    let gap = cx.metrics.gap();
    let (backend, id) = key_of(payment);
    for (index, key) in ["payment-given-back", "payment-unexplained"]
        .into_iter()
        .enumerate()
    {
        let button = Button::new(cx, key)
            .icon(Icon::Cross)
            .letters(Letters::Body);
        if button.pressed(ui, cx, rect.column(index, 2, gap)) {
            cx.send(Command::SetPaymentAside {
                backend: backend.clone(),
                payment: id.clone(),
                reason: cx.say(key),
            });
            view.sheet = Sheet::None;
        }
    }
}

fn take(cx: &Cx<'_>, view: &mut View, payment: &LoosePayment, sale: Option<&SaleView>) {
    let (backend, payment) = key_of(payment);
    cx.send(Command::TakePayment {
        backend,
        payment,
        sale: sale.map(|sale| sale.id),
    });
    view.sheet = Sheet::None;
}
