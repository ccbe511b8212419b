//! The payment accounts in words: to choose another one for a sale, and to read what each can.

use egui::{Rect, Role, Sense, Ui, WidgetInfo};

use crate::domain::id::SaleId;
use crate::terminal::Command;
use crate::terminal::snapshot::{AccountView, CodeView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::plain;
use crate::ui::size::Cut as _;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::account::{self, account_ui};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::scroll::{Moves, Rows, rows_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::surface::surface;

/// The accounts that a sale's code does not belong to; a tap shows a code of that one.
pub(crate) fn other_way_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sale: SaleId) {
    let Some(pay) = cx.snap.pay.as_ref().filter(|pay| pay.sale.id == sale) else {
        view.sheet = Sheet::None;
        return;
    };
    let now = match &pay.code {
        CodeView::Ready { backend, .. } => backend,
        CodeView::Minting { .. } | CodeView::None { .. } => &pay.sale.backend,
    };
    let others: Vec<&AccountView> = cx
        .snap
        .accounts
        .iter()
        .filter(|account| account.name != *now)
        .collect();
    let page = page_ui(ui, cx, rect, view, "other-way-title");
    list_ui(ui, cx, page, others.len(), |ui, index, rect| {
        let Some(account) = others.get(index) else {
            return;
        };
        let id = ui.scope_id().with(("other-way", index));
        let response = ui.interact(rect, id, Sense::click());
        let ground = if response.is_pointer_button_down_on() {
            cx.palette.pressed
        } else {
            cx.palette.button
        };
        surface(ui, cx, rect, ground, cx.palette.primary);
        account_ui(ui, cx, rect, account);
        let name = plain(&cx.say_with("other-way-take", &[("name", &account.name)]));
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.clicked() {
            cx.commit(Command::PayOtherWay {
                sale,
                backend: account.name.clone(),
            });
            view.sheet = Sheet::None;
        }
    });
}

/// What each account can.
pub(crate) fn accounts_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let page = page_ui(ui, cx, rect, view, "accounts-title");
    let accounts = &cx.snap.accounts;
    list_ui(ui, cx, page, accounts.len(), |ui, index, rect| {
        if let Some(account) = accounts.get(index) {
            surface(ui, cx, rect, cx.palette.card, cx.palette.line);
            account_ui(ui, cx, rect, account);
        }
    });
}

/// Draws the way back and the title; gives back the room below.
fn page_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, title: &str) -> Rect {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 160.0, 120.0);
    let mut top = page.cut_top(cx.metrics.touch(), gap);
    let back = top.cut_left(cx.mm(30.0), cx.mm(4.0));
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    heading_ui(ui, cx, top, &cx.say(title));
    page
}

fn list_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rect: Rect,
    count: usize,
    cell_ui: impl FnMut(&mut Ui, usize, Rect),
) {
    let rows = Rows {
        count,
        columns: 1,
        height: account::height(cx),
        gap: cx.metrics.gap(),
        moves: Moves::Buttons,
    };
    rows_ui(ui, cx, rect, ("accounts", ""), rows, cell_ui);
}
