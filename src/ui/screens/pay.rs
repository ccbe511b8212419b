//! Pay: the code, what it is for in words, and what the cashier may do meanwhile.

use egui::{CornerRadius, Rect, Ui};

use super::pay_view::{code_ui, language_row_ui, words_ui};
use crate::domain::link::Purpose;
use crate::domain::sale::SaleState;
use crate::terminal::snapshot::{CodeView, PayView};
use crate::terminal::{Command, Screen};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{CODE_DARK, CODE_LIGHT, Letters, Tone};
use crate::ui::view::{CashFor, Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::toned_ui;
use crate::ui::widgets::notice::{notice_ui, sentence};
use crate::ui::widgets::text::Facing;

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

/// Rows of buttons above the main one.
fn action_rows(cx: &Cx<'_>) -> usize {
    match cx.metrics.class {
        // A sentence for the cashier takes the place of the customer's buttons.
        Class::Compact if sentence(cx).is_some() => 1,
        Class::Compact => 2,
        Class::Wide | Class::Portrait => 3,
    }
}

/// Height of the cashier's part: rows of buttons, the main one, and the state in words.
fn actions_height(cx: &Cx<'_>, pay: &PayView) -> f32 {
    let row = cx.metrics.touch() + cx.metrics.gap();
    let state = STATE_MM + 1.0 + if is_by_hand(pay) { BY_HAND_MM } else { 0.0 };
    row * action_rows(cx) as f32 + cx.metrics.primary() + cx.mm(state)
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
    let rows = action_rows(cx);
    let height = (cx.metrics.touch() + gap) * rows as f32 - gap;
    let grid = rect.cut_bottom(height, cx.mm(0.5));
    if is_by_hand(pay) {
        let hand = rect.cut_bottom(cx.mm(BY_HAND_MM), 0.0);
        let tone = (Icon::Hand, Tone::Waiting);
        toned_ui(ui, cx, hand, Letters::Small, tone, &cx.say("pay-by-hand"));
    }
    let said = say::sale(cx, &pay.sale);
    let state = rect.cut_bottom(cx.mm(STATE_MM), 0.0);
    toned_ui(
        ui,
        cx,
        state,
        Letters::Body,
        (said.icon, said.tone),
        &said.words,
    );
    let open = matches!(pay.sale.state, SaleState::Open | SaleState::Awaiting);
    for (action, place) in Action::places(cx, grid, rows) {
        let button = action.button(cx).ready_if(open || action.is_for_closed());
        if button.pressed(ui, cx, place) {
            action.act(pay, view);
        }
    }
}

/// What the cashier may do besides waiting and going back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Turn,
    Whole,
    Language,
    Claim,
    Cash,
    Cancel,
}

impl Action {
    fn places(cx: &Cx<'_>, grid: Rect, rows: usize) -> Vec<(Self, Rect)> {
        let gap = cx.metrics.gap();
        let row = |index: usize| grid.row(index, rows, gap);
        let below = |mut second: Rect| {
            let claim = second.cut_left(second.width() * 0.4, gap);
            [
                (Self::Claim, claim),
                (Self::Cash, second.column(0, 2, gap)),
                (Self::Cancel, second.column(1, 2, gap)),
            ]
        };
        if rows == 1 {
            return below(row(0)).to_vec();
        }
        if rows == 2 {
            let first = row(0);
            let above = [
                (Self::Turn, first.column(0, 3, gap)),
                (Self::Whole, first.column(1, 3, gap)),
                (Self::Language, first.column(2, 3, gap)),
            ];
            return above.into_iter().chain(below(row(1))).collect();
        }
        vec![
            (Self::Turn, row(0).column(0, 2, gap)),
            (Self::Whole, row(0).column(1, 2, gap)),
            (Self::Claim, row(1)),
            (Self::Cash, row(2).column(0, 2, gap)),
            (Self::Cancel, row(2).column(1, 2, gap)),
        ]
    }

    fn button(self, cx: &Cx<'_>) -> Button<'static> {
        let (key, icon) = match self {
            Self::Turn => ("pay-turn", Icon::Turn),
            Self::Whole => ("pay-whole", Icon::Expand),
            Self::Language => ("pay-language", Icon::Globe),
            Self::Claim => ("pay-claim", Icon::Hand),
            Self::Cash => ("cash", Icon::Cash),
            Self::Cancel => ("pay-cancel", Icon::Cross),
        };
        let kind = if self == Self::Cancel {
            Kind::Danger
        } else {
            Kind::Plain
        };
        let button = Button::new(cx, key).kind(kind);
        match cx.metrics.class {
            // Two or three words in 18 millimeters leave no room for a picture.
            Class::Compact => button.letters(Letters::Small),
            Class::Wide | Class::Portrait => button.letters(Letters::Body).icon(icon),
        }
    }

    /// Whether it is of use although the sale is closed.
    const fn is_for_closed(self) -> bool {
        match self {
            Self::Turn | Self::Whole | Self::Language => true,
            Self::Claim | Self::Cash | Self::Cancel => false,
        }
    }

    fn act(self, pay: &PayView, view: &mut View) {
        let sale = pay.sale.id;
        match self {
            Self::Turn => {
                view.facing = match view.facing {
                    Facing::Cashier => Facing::Customer,
                    Facing::Customer => Facing::Cashier,
                };
            }
            Self::Whole => view.sheet = Sheet::WholeCode,
            Self::Language => view.sheet = Sheet::Languages,
            Self::Claim => view.sheet = Sheet::Claim(sale),
            Self::Cash => {
                view.pad.set(0);
                view.sheet = Sheet::Cash(CashFor::Sale(sale));
            }
            Self::Cancel => view.sheet = Sheet::ConfirmCancel(sale),
        }
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
