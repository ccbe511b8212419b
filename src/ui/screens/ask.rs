//! Pages that ask before something is thrown away or given away.

use egui::{Align2, Rect, Ui};

use crate::domain::id::SaleId;
use crate::terminal::Command;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::label::label_ui;
use crate::ui::widgets::text::Style;

const REASONS: [&str; 4] = [
    "claim-seen",
    "claim-regular",
    "claim-no-network",
    "claim-other",
];

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

/// Why goods are handed over without proof.
pub(crate) fn claim_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sale: SaleId) {
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 140.0, 86.0);
    heading_ui(ui, cx, page.cut_top(cx.mm(10.0), gap), "claim-title");
    let back = page.cut_bottom(cx.metrics.touch(), gap);
    let why = page.cut_top(cx.mm(12.0), gap);
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text).rows(3);
    label_ui(ui, why, "claim-why", &cx.say("claim-why"), style);
    for (index, key) in REASONS.into_iter().enumerate() {
        let place = page.row(index / 2, 2, gap).column(index % 2, 2, gap);
        let reason = cx.say(key);
        if Button::new(cx, key).icon(Icon::Hand).pressed(ui, cx, place) {
            cx.commit(Command::ClaimSale {
                sale,
                reason,
                pin: None,
            });
            view.sheet = Sheet::None;
        }
    }
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
}

fn heading_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, key: &str) {
    let style = Style::new(Letters::Title, cx.metrics.scale, cx.palette.text)
        .align(Align2::CENTER_CENTER)
        .rows(2);
    label_ui(ui, rect, key, &cx.say(key), style);
}
