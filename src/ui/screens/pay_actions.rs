//! What the cashier may do on Pay besides waiting and going back: the likely things as buttons, the
//! rare ones on a page.

use egui::{Rect, Ui};

use super::pay::{has_ended, is_open};
use crate::domain::id::SaleId;
use crate::domain::sale::Part;
use crate::terminal::snapshot::{CodeView, PayView};
use crate::terminal::{Command, PaperCommand};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;
use crate::ui::view::{CashFor, PinPad, Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::notice::sentence;
use crate::ui::widgets::text::Facing;

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    NewCode,
    Cash,
    Claim,
    Previous,
    Next,
    OtherWay,
    Turn,
    Language,
    Whole,
    Receipt,
    Cancel,
    More,
}

/// Which of several codes is on the screen.
pub(super) const fn part(pay: &PayView) -> Option<Part> {
    match &pay.code {
        CodeView::Ready { part, .. } => *part,
        CodeView::Minting { .. } | CodeView::None { .. } => None,
    }
}

/// All that can be done, the likely first.
fn all(cx: &Cx<'_>, pay: &PayView) -> Vec<Action> {
    let compact = cx.metrics.class == Class::Compact;
    let mut all = Vec::new();
    // Where the code has ended it is the main action.
    if !has_ended(pay) {
        all.push(Action::NewCode);
    }
    all.extend([Action::Cash, Action::Claim]);
    if part(pay).is_some() {
        // Beside each other in rows of two and in rows of three.
        let place = if compact { all.len() } else { 0 };
        all.splice(place..place, [Action::Previous, Action::Next]);
    }
    if cx.snap.accounts.len() > 1 {
        all.push(Action::OtherWay);
    }
    all.push(Action::Turn);
    if compact {
        all.push(Action::Language);
    }
    if cx.prints_receipts() {
        all.push(Action::Receipt);
    }
    all.extend([Action::Whole, Action::Cancel]);
    all
}

const fn columns(cx: &Cx<'_>) -> usize {
    match cx.metrics.class {
        Class::Compact => 3,
        Class::Wide | Class::Portrait => 2,
    }
}

/// Rows of buttons above the main one. A sentence for the cashier takes one row's place.
pub(super) fn rows(cx: &Cx<'_>, pay: &PayView) -> usize {
    let most = match cx.metrics.class {
        Class::Compact => 2,
        Class::Wide | Class::Portrait => 4,
    };
    let most = most - usize::from(sentence(cx).is_some());
    all(cx, pay).len().div_ceil(columns(cx)).min(most)
}

/// Those with a button of their own, and those on the page behind "More".
fn split(cx: &Cx<'_>, pay: &PayView) -> (Vec<Action>, Vec<Action>) {
    let mut shown = all(cx, pay);
    let room = rows(cx, pay) * columns(cx);
    if shown.len() <= room {
        return (shown, Vec::new());
    }
    let hidden = shown.split_off(room.saturating_sub(1));
    shown.push(Action::More);
    (shown, hidden)
}

/// Draws the buttons over all of `rect`.
pub(super) fn grid_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, pay: &PayView, view: &mut View) {
    let (shown, _hidden) = split(cx, pay);
    let gap = cx.metrics.gap();
    let rows = rows(cx, pay);
    // An odd one is the first: it is the likeliest, and the last is not to be hit by mistake.
    let odd = shown.len().checked_rem(columns(cx)).unwrap_or(0);
    let (first, others) = shown.split_at(odd.min(shown.len()));
    let strips = std::iter::once(first).filter(|first| !first.is_empty());
    for (row, actions) in strips.chain(others.chunks(columns(cx))).enumerate() {
        let strip = rect.row(row, rows, gap);
        for (column, action) in actions.iter().enumerate() {
            let place = strip.column(column, actions.len(), gap);
            let button = match cx.metrics.class {
                // Two or three words in 18 millimeters leave no room for a picture.
                Class::Compact => action.button(cx).letters(Letters::Small),
                Class::Wide | Class::Portrait => {
                    action.button(cx).letters(Letters::Body).icon(action.icon())
                }
            };
            if button
                .ready_if(action.is_of_use(pay))
                .pressed(ui, cx, place)
            {
                action.act(cx, pay, view);
            }
        }
    }
}

/// The rest of what can be done, on a page of its own.
pub(super) fn more_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sale: SaleId) {
    let Some(pay) = cx.snap.pay.as_ref().filter(|pay| pay.sale.id == sale) else {
        view.sheet = Sheet::None;
        return;
    };
    let (_shown, hidden) = split(cx, pay);
    let gap = cx.metrics.gap();
    let rows = hidden.len().div_ceil(2).max(1);
    let height = cx.metrics.primary() + gap;
    let mut page = super::page(cx, rect, 140.0, (15.0 + 2.0) * (rows + 1) as f32);
    let back = page.cut_bottom(cx.metrics.primary(), gap);
    for (row, actions) in hidden.chunks(2).enumerate() {
        let strip = page.cut_top(height - gap, gap);
        for (column, action) in actions.iter().enumerate() {
            let button = action.button(cx).nth(row).icon(action.icon());
            let place = strip.column(column, actions.len(), gap);
            if button
                .ready_if(action.is_of_use(pay))
                .pressed(ui, cx, place)
            {
                view.sheet = Sheet::None;
                action.act(cx, pay, view);
            }
        }
    }
    let back_button = Button::new(cx, "back").icon(Icon::Left).kind(Kind::Primary);
    if back_button.pressed(ui, cx, back) {
        view.sheet = Sheet::None;
    }
}

impl Action {
    fn button(self, cx: &Cx<'_>) -> Button<'static> {
        let key = match self {
            Self::NewCode => "pay-new-code",
            Self::Cash => "cash",
            Self::Claim => "pay-claim",
            Self::Previous => "pay-previous",
            Self::Next => "pay-next",
            Self::OtherWay => "pay-other-way",
            Self::Turn => "pay-turn",
            Self::Language => "pay-language",
            Self::Whole => "pay-whole",
            Self::Receipt => "pay-receipt",
            Self::Cancel => "pay-cancel",
            Self::More => "pay-more",
        };
        let kind = if self == Self::Cancel {
            Kind::Danger
        } else {
            Kind::Plain
        };
        if self == Self::Claim && cx.metrics.class == Class::Compact {
            let short = Button::new(cx, "pay-claim-short").kind(kind);
            return short.named(cx.say(key));
        }
        Button::new(cx, key).kind(kind)
    }

    const fn icon(self) -> Icon {
        match self {
            Self::NewCode => Icon::Code,
            Self::Cash => Icon::Cash,
            Self::Claim => Icon::Hand,
            Self::Previous => Icon::Left,
            Self::Next => Icon::Right,
            Self::OtherWay => Icon::Swap,
            Self::Turn => Icon::Turn,
            Self::Language => Icon::Globe,
            Self::Whole => Icon::Expand,
            Self::Receipt => Icon::Paper,
            Self::Cancel => Icon::Cross,
            Self::More => Icon::More,
        }
    }

    /// Whether it is of use now.
    fn is_of_use(self, pay: &PayView) -> bool {
        match self {
            Self::Turn | Self::Whole | Self::Receipt | Self::Language | Self::More => true,
            Self::NewCode => is_open(pay) && !matches!(pay.code, CodeView::Minting { .. }),
            Self::Claim | Self::Cash | Self::Cancel | Self::OtherWay => is_open(pay),
            Self::Previous => part(pay).is_some_and(|part| part.number > 1),
            Self::Next => part(pay).is_some_and(|part| part.number < part.of),
        }
    }

    fn act(self, cx: &Cx<'_>, pay: &PayView, view: &mut View) {
        let sale = pay.sale.id;
        let number = part(pay).map_or(1, |part| part.number);
        match self {
            Self::NewCode => cx.commit(Command::NewCode { sale }),
            Self::Previous => cx.send(Command::ShowPart {
                sale,
                number: number.saturating_sub(1),
            }),
            Self::Next => cx.send(Command::ShowPart {
                sale,
                number: number.saturating_add(1),
            }),
            Self::Turn => {
                view.facing = match view.facing {
                    Facing::Cashier => Facing::Customer,
                    Facing::Customer => Facing::Cashier,
                };
            }
            Self::Whole => view.sheet = Sheet::WholeCode,
            Self::Receipt => cx.commit(Command::Paper(PaperCommand::Receipt {
                sale,
                printer: None,
            })),
            Self::Language => view.sheet = Sheet::Languages,
            Self::OtherWay => view.sheet = Sheet::OtherWay(sale),
            Self::More => view.sheet = Sheet::More(sale),
            Self::Claim => {
                view.pin = PinPad::default();
                view.claim_reason = None;
                view.sheet = Sheet::Claim(sale);
            }
            Self::Cash => {
                view.pad.set(0);
                view.sheet = Sheet::Cash(CashFor::Sale(sale));
            }
            Self::Cancel => view.sheet = Sheet::ConfirmCancel(sale),
        }
    }
}
