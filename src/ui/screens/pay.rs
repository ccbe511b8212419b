//! Pay: the code, what it is for in words, and what the cashier may do meanwhile.

use egui::{CornerRadius, Rect, Ui};

use super::pay_view::{code_ui, language_row_ui, words_ui};
use crate::domain::sale::SaleState;
use crate::terminal::snapshot::PayView;
use crate::terminal::{Command, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{CODE_DARK, CODE_LIGHT, Letters};
use crate::ui::view::{CashFor, Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::toned_ui;
use crate::ui::widgets::notice::notice_ui;
use crate::ui::widgets::text::Facing;

/// Draws the screen.
pub(super) fn pay_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
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
            let square = rest.cut_left(side, 0.0);
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
    let height = actions_height(cx);
    let actions = rect.cut_bottom(height, gap);
    actions_ui(ui, cx, actions, pay, view);
    if cx.metrics.class == Class::Wide {
        let languages = rect.cut_bottom(cx.metrics.touch() * 2.0 + gap, gap);
        language_row_ui(ui, cx, languages, view);
    }
    words_ui(ui, cx, rect, pay, view, cx.palette.text);
}

/// Height of the cashier's part: three rows of buttons, the main one, and the state in words.
fn actions_height(cx: &Cx<'_>) -> f32 {
    cx.metrics.touch() * 3.0 + cx.metrics.primary() + cx.metrics.gap() * 3.0 + cx.mm(5.5)
}

fn actions_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, pay: &PayView, view: &mut View) {
    let gap = cx.metrics.gap();
    let main = rect.cut_bottom(cx.metrics.primary(), gap);
    main_ui(ui, cx, main, pay);
    let grid = rect.cut_bottom(cx.metrics.touch() * 3.0 + gap * 2.0, cx.mm(0.5));
    let said = say::sale(cx, &pay.sale);
    let state = rect.cut_bottom(cx.mm(5.0), 0.0);
    toned_ui(
        ui,
        cx,
        state,
        Letters::Body,
        (said.icon, said.tone),
        &said.words,
    );
    let cell = |row: usize, column: usize| grid.row(row, 3, gap).column(column, 2, gap);
    let plain =
        |key: &'static str, icon: Icon| Button::new(cx, key).icon(icon).letters(Letters::Body);
    if plain("pay-turn", Icon::Turn).pressed(ui, cx, cell(0, 0)) {
        view.facing = match view.facing {
            Facing::Cashier => Facing::Customer,
            Facing::Customer => Facing::Cashier,
        };
    }
    if plain("pay-whole", Icon::Expand).pressed(ui, cx, cell(0, 1)) {
        view.sheet = Sheet::WholeCode;
    }
    let open = matches!(pay.sale.state, SaleState::Open | SaleState::Awaiting);
    let claim_place = if cx.metrics.class == Class::Compact {
        if plain("pay-language", Icon::Globe).pressed(ui, cx, cell(1, 0)) {
            view.sheet = Sheet::Languages;
        }
        cell(1, 1)
    } else {
        cell(1, 0).union(cell(1, 1))
    };
    if plain("pay-claim", Icon::Hand)
        .ready_if(open)
        .pressed(ui, cx, claim_place)
    {
        view.sheet = Sheet::Claim(pay.sale.id);
    }
    if plain("cash", Icon::Cash)
        .ready_if(open)
        .pressed(ui, cx, cell(2, 0))
    {
        view.pad.set(0);
        view.sheet = Sheet::Cash(CashFor::Sale(pay.sale.id));
    }
    let cancel = plain("pay-cancel", Icon::Cross)
        .kind(Kind::Danger)
        .ready_if(open);
    if cancel.pressed(ui, cx, cell(2, 1)) {
        view.sheet = Sheet::ConfirmCancel(pay.sale.id);
    }
}

fn main_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, pay: &PayView) {
    if cx.snap.shop.demo {
        let half = rect.cut_right((rect.width() - cx.metrics.gap()) * 0.56, cx.metrics.gap());
        let button = Button::new(cx, "pay-demo")
            .kind(Kind::Demo)
            .icon(Icon::Check);
        if button.pressed(ui, cx, half) {
            cx.commit(Command::CustomerPays { sale: pay.sale.id });
        }
    }
    let back = Button::new(cx, "back").icon(Icon::Left).kind(Kind::Primary);
    if back.pressed(ui, cx, rect) {
        cx.send(Command::Go {
            screen: Screen::Sell,
        });
    }
}

/// The code on the whole screen: white in every theme.
pub(super) fn whole_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
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
