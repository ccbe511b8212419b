//! Pages that ask before something is thrown away or given away.

use egui::{Align2, Rect, Ui};

use crate::domain::id::{JobId, LinkId, SaleId};
use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::text::Style;

/// Why something that was refused is not tried any more.
const GIVE_UP_REASONS: [&str; 3] = ["give-up-done", "give-up-needless", "give-up-wrong"];

/// Whether the cart is really to be emptied.
pub(crate) fn clear_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let sure = question_ui(
        ui,
        cx,
        rect,
        view,
        [
            "ask-clear",
            "ask-clear-why",
            "ask-clear-yes",
            "ask-keep-cart",
        ],
    );
    if sure {
        cx.send(Command::ClearCart);
        view.sheet = Sheet::None;
    }
}

/// Whether a sale is really to be ended.
pub(crate) fn cancel_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sale: SaleId) {
    let sure = question_ui(
        ui,
        cx,
        rect,
        view,
        [
            "ask-cancel",
            "ask-cancel-why",
            "ask-cancel-yes",
            "ask-keep-sale",
        ],
    );
    if sure {
        cx.commit(Command::CancelSale { sale });
    }
}

/// Whether the window is really to be closed. A kiosk can always be left.
pub(crate) fn close_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let sure = question_ui(
        ui,
        cx,
        rect,
        view,
        [
            "ask-close",
            "ask-close-why",
            "ask-close-yes",
            "ask-keep-open",
        ],
    );
    if sure {
        ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
    }
}

fn question_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, keys: [&str; 4]) -> bool {
    let [title, why, yes, no] = keys;
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 144.0, 66.0);
    heading_ui(ui, cx, page.cut_top(cx.mm(12.0), gap), title);
    let buttons = page.cut_bottom(cx.metrics.primary(), gap);
    let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text).rows(4);
    label_ui(ui, page, why, &cx.say(why), style);
    let keep = Button::new(cx, no).icon(Icon::Left).kind(Kind::Primary);
    if keep.pressed(ui, cx, buttons.column(0, 2, gap)) {
        view.sheet = Sheet::None;
    }
    let icon = if yes == "ask-clear-yes" {
        Icon::Bin
    } else {
        Icon::Cross
    };
    let sure = Button::new(cx, yes).icon(icon).kind(Kind::Danger);
    sure.pressed(ui, cx, buttons.column(1, 2, gap))
}

/// Whether a sticker's code is really to be switched off.
pub(crate) fn withdraw_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, link: LinkId) {
    let backend = view.stickers.read(|known| {
        let stickers = known?.as_ref().ok()?;
        let found = stickers.iter().find(|sticker| sticker.link == link)?;
        Some(found.backend.clone())
    });
    let mut accounts = cx.snap.accounts.iter();
    let account = accounts.find(|account| Some(&account.name) == backend.as_ref());
    // A provider that cannot switch codes off goes on taking money on it.
    let why = if account.is_some_and(|account| !account.can.withdraw) {
        "ask-withdraw-kept"
    } else {
        "ask-withdraw-why"
    };
    let keys = ["ask-withdraw", why, "ask-withdraw-yes", "ask-keep-code"];
    if question_ui(ui, cx, rect, view, keys) {
        cx.send(Command::WithdrawLink { link });
        view.sheet = Sheet::None;
    }
}

/// Whether something that was refused is really to be given up: the reason is the answer.
pub(crate) fn give_up_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, job: JobId) {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 144.0, 84.0);
    heading_ui(ui, cx, page.cut_top(cx.mm(10.0), gap), "ask-give-up");
    let back = page.cut_bottom(cx.metrics.primary(), gap);
    let reasons = page.cut_bottom(cx.metrics.touch() * 3.0 + gap * 2.0, gap);
    let style = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text).rows(3);
    label_ui(
        ui,
        page,
        "ask-give-up-why",
        &cx.say("ask-give-up-why"),
        style,
    );
    for (index, key) in GIVE_UP_REASONS.into_iter().enumerate() {
        let place = reasons.row(index, GIVE_UP_REASONS.len(), gap);
        let button = Button::new(cx, key).icon(Icon::Bin).kind(Kind::Danger);
        if button.pressed(ui, cx, place) {
            cx.send(Command::GiveUpJob {
                job,
                reason: cx.say(key),
            });
            view.sheet = Sheet::None;
        }
    }
    let keep = Button::new(cx, "ask-keep-trying")
        .icon(Icon::Left)
        .kind(Kind::Primary);
    if keep.pressed(ui, cx, back) {
        view.sheet = Sheet::None;
    }
}

fn heading_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, key: &str) {
    let style = Style::new(Letters::Title, cx.metrics.scale, cx.palette.text)
        .align(Align2::CENTER_CENTER)
        .rows(2);
    label_ui(ui, rect, key, &cx.say(key), style);
}
