//! Pay: the code, what it is for in words, and what the cashier may do meanwhile.

use egui::{CornerRadius, Rect, Ui};

use super::pay_actions;
use super::pay_view::{code_ui, language_row_ui, words_ui};
use crate::domain::link::Purpose;
use crate::domain::money::Amount;
use crate::domain::payment::Proof;
use crate::domain::sale::SaleState;
use crate::terminal::snapshot::{CodeView, PayView};
use crate::terminal::{Command, Notice, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{CODE_DARK, CODE_LIGHT, Letters, Tone};
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::toned_ui;
use crate::ui::widgets::notice::notice_ui;

/// Height of the sale's state in words.
const STATE_MM: f32 = 5.0;
/// Height of the mark that a person has to match who paid.
const BY_HAND_MM: f32 = 8.0;

/// Draws the screen.
pub(crate) fn pay_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    if view.sheet == Sheet::WholeCode {
        return whole_ui(ui, cx, rect, view);
    }
    let gap = cx.metrics.gap();
    if view.sheet != Sheet::None {
        let mut rect = rect.shrink(gap);
        notice_ui(ui, cx, &mut rect);
        return super::sheet_ui(ui, cx, rect, view);
    }
    let Some(pay) = cx.snap.pay.as_ref() else {
        return;
    };
    let mut rest = rect;
    match cx.metrics.class {
        Class::Compact | Class::Wide => {
            let side = rest.height().min(rest.width() * 0.62);
            let mut square = rest.cut_left(side, 0.0);
            if cx.metrics.class == Class::Wide {
                let languages = square.cut_bottom(cx.metrics.touch() + gap * 2.0, 0.0);
                language_row_ui(ui, cx, languages.shrink(gap), view);
            }
            code_ui(ui, cx, square, pay, view);
            column_ui(ui, cx, rest.shrink(gap), pay, view);
        }
        Class::Portrait => {
            let words = rest.cut_top(rect.height() * 0.22, gap);
            words_ui(ui, cx, words.shrink(gap), pay, view, cx.palette.text);
            let side = rest.width().min(rest.height() * 0.62);
            let place = rest.cut_top(side, 0.0);
            code_ui(ui, cx, place, pay, view);
            let mut rest = rest.shrink(gap);
            notice_ui(ui, cx, &mut rest);
            language_row_ui(ui, cx, rest.cut_top(cx.metrics.touch(), gap), view);
            actions_ui(ui, cx, rest, pay, view);
        }
    }
}

fn column_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, pay: &PayView, view: &mut View) {
    let gap = cx.metrics.gap();
    notice_ui(ui, cx, &mut rect);
    let height = actions_height(cx, pay);
    let actions = rect.cut_bottom(height, gap);
    actions_ui(ui, cx, actions, pay, view);
    words_ui(ui, cx, rect, pay, view, cx.palette.text);
}

/// Height of the cashier's part: rows of buttons, the main one, and the state in words.
fn actions_height(cx: &Cx<'_>, pay: &PayView) -> f32 {
    let row = cx.metrics.touch() + cx.metrics.gap();
    let old_price = pay.total_now.is_some() && !is_tight(cx, pay);
    let remarks = f32::from(u8::from(is_by_hand(pay)) + u8::from(old_price));
    let state = STATE_MM + 1.0 + BY_HAND_MM * remarks;
    row * pay_actions::rows(cx, pay) as f32 + cx.metrics.primary() + cx.mm(state)
}

/// Whether the code names no customer, so that a person has to match who paid.
fn is_by_hand(pay: &PayView) -> bool {
    let permanent = match &pay.code {
        CodeView::Ready { purpose, .. } => *purpose == Purpose::Permanent,
        CodeView::Minting { .. } | CodeView::None { .. } => false,
    };
    permanent || pay.sale.by_hand
}

fn actions_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, pay: &PayView, view: &mut View) {
    let gap = cx.metrics.gap();
    let main = rect.cut_bottom(cx.metrics.primary(), gap);
    main_ui(ui, cx, main, pay);
    let rows = pay_actions::rows(cx, pay);
    let height = (cx.metrics.touch() + gap) * rows as f32 - gap;
    let grid = rect.cut_bottom(height, cx.mm(0.5));
    if is_by_hand(pay) {
        let hand = rect.cut_bottom(cx.mm(BY_HAND_MM), 0.0);
        let tone = (Icon::Hand, Tone::Waiting);
        toned_ui(ui, cx, hand, Letters::Small, tone, &cx.say("pay-by-hand"));
    }
    let state_part = match pay.total_now {
        Some(now) if is_tight(cx, pay) => {
            let remark = rect.cut_bottom(cx.mm(STATE_MM), 0.0);
            old_price_ui(ui, cx, remark, now);
            None
        }
        Some(now) => {
            let remark = rect.cut_bottom(cx.mm(BY_HAND_MM), 0.0);
            old_price_ui(ui, cx, remark, now);
            Some(rect.cut_bottom(cx.mm(STATE_MM), 0.0))
        }
        None => Some(rect.cut_bottom(cx.mm(STATE_MM), 0.0)),
    };
    if let Some(part) = state_part {
        state_ui(ui, cx, part, pay);
    }
    pay_actions::grid_ui(ui, cx, grid, pay, view);
}

/// Whether an old price takes the place of the state: on a small panel, while the sale only waits.
fn is_tight(cx: &Cx<'_>, pay: &PayView) -> bool {
    cx.metrics.class == Class::Compact && pay.sale.proof == Proof::Open && !pay.sale.failed
}

fn old_price_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, now: Amount) {
    let words = cx.say_with("pay-old-price", &[("amount", &cx.money(now))]);
    let tone = (Icon::Warning, Tone::Waiting);
    toned_ui(ui, cx, rect, Letters::Small, tone, &words);
}

/// Where the sale stands, and at which of several accounts.
fn state_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, pay: &PayView) {
    let said = say::sale(cx, &pay.sale);
    let words = match &pay.code {
        CodeView::Ready { backend, .. } if cx.snap.accounts.len() > 1 => {
            format!("{} · {backend}", said.words)
        }
        CodeView::Ready { .. } | CodeView::Minting { .. } | CodeView::None { .. } => said.words,
    };
    let tone = (said.icon, said.tone);
    toned_ui(ui, cx, rect, Letters::Body, tone, &words);
}

/// Whether the sale may still be paid.
pub(super) const fn is_open(pay: &PayView) -> bool {
    matches!(pay.sale.state, SaleState::Open | SaleState::Awaiting)
}

/// Whether the code on the screen is past its end: another one is what helps.
pub(super) fn has_ended(pay: &PayView) -> bool {
    let ended = match &pay.code {
        CodeView::None { notice } => *notice == Notice::CodeEnded,
        CodeView::Ready { .. } | CodeView::Minting { .. } => false,
    };
    ended && is_open(pay)
}

fn main_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, pay: &PayView) {
    let gap = cx.metrics.gap();
    let mut back = Button::new(cx, "back").icon(Icon::Left).kind(Kind::Primary);
    let ended = has_ended(pay);
    if ended {
        let part = rect.cut_right((rect.width() - gap) * 0.6, gap);
        let button = Button::new(cx, "pay-new-code")
            .icon(Icon::Code)
            .kind(Kind::Primary);
        if button.pressed(ui, cx, part) {
            cx.commit(Command::NewCode { sale: pay.sale.id });
        }
        back = back.kind(Kind::Plain);
    } else if let Some(offer) = &pay.offer {
        let part = rect.cut_right((rect.width() - gap) * 0.68, gap);
        let clock = cx.clock(offer.report.heard_at);
        let words = cx.say_with("pay-take-payment", &[("time", &clock)]);
        let button = Button::saying("pay-take-payment", words)
            .icon(Icon::Check)
            .kind(Kind::Primary);
        if button.pressed(ui, cx, part) {
            cx.send(Command::TakePayment {
                backend: offer.report.backend.clone(),
                payment: offer.report.payment.clone(),
                sale: Some(pay.sale.id),
            });
        }
        back = back.kind(Kind::Plain);
    } else if cx.snap.shop.demo {
        let part = rect.cut_right((rect.width() - gap) * 0.56, gap);
        let button = Button::new(cx, "pay-demo")
            .kind(Kind::Demo)
            .icon(Icon::Check);
        if button.pressed(ui, cx, part) {
            cx.commit(Command::CustomerPays { sale: pay.sale.id });
        }
    }
    if back.pressed(ui, cx, rect) {
        cx.send(Command::Go {
            screen: Screen::Sell,
        });
    }
}

/// The code on the whole screen: white in every theme.
pub(crate) fn whole_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let Some(pay) = cx.snap.pay.as_ref() else {
        return;
    };
    let gap = cx.metrics.gap();
    ui.painter()
        .rect_filled(rect, CornerRadius::ZERO, CODE_LIGHT);
    let mut rest = rect;
    if cx.metrics.class == Class::Portrait {
        let back = rest.cut_bottom(cx.metrics.primary(), gap);
        back_ui(ui, cx, back.shrink2(egui::vec2(gap, 0.0)), view);
        let words = rest.cut_top(rect.height() * 0.25, 0.0);
        words_ui(ui, cx, words.shrink(gap), pay, view, CODE_DARK);
        code_ui(ui, cx, rest, pay, view);
        return;
    }
    let side = ((rect.width() - rect.height()) / 2.0).max(cx.mm(27.0));
    let left = rest.cut_left(side, 0.0);
    let mut right = rest.cut_right(side, 0.0);
    words_ui(ui, cx, left.shrink(gap), pay, view, CODE_DARK);
    let back = right.cut_bottom(cx.metrics.primary() + gap, 0.0);
    back_ui(
        ui,
        cx,
        Rect::from_min_max(back.min, back.max - egui::vec2(gap, gap)),
        view,
    );
    code_ui(ui, cx, rest, pay, view);
}

fn back_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let back = Button::new(cx, "back").icon(Icon::Left).kind(Kind::Primary);
    if back.pressed(ui, cx, rect) {
        view.sheet = Sheet::None;
    }
}
