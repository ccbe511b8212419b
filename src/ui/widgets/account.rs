//! A payment account in words: its name, whether it can be reached, and what it can.

use egui::{Align2, Rect, Ui};

use super::label::{label_ui, toned_ui};
use super::text::{self, Style};
use crate::terminal::snapshot::AccountView;
use crate::ui::cx::Cx;
use crate::ui::say;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::Letters;

/// How high its words are, in points.
pub(crate) fn height(cx: &Cx<'_>) -> f32 {
    match cx.metrics.class {
        Class::Compact => cx.mm(33.0),
        Class::Wide | Class::Portrait => cx.mm(31.0),
    }
}

/// Draws the words over all of `rect`.
pub(crate) fn account_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, account: &AccountView) {
    let mut inner = rect.shrink(cx.mm(2.0));
    let said = say::account(cx, &account.name, account.reach);
    let mut top = inner.cut_top(cx.mm(6.5), cx.mm(0.8));
    let kind = if account.live {
        account.kind.to_owned()
    } else {
        cx.say_with("account-test", &[("kind", account.kind)])
    };
    let quiet =
        Style::new(Letters::Body, cx.metrics.scale, cx.palette.quiet).align(Align2::RIGHT_CENTER);
    let wide = text::width(ui.painter(), &kind, quiet) + cx.mm(1.0);
    let right = top.cut_right(wide.min(top.width() * 0.4), cx.mm(2.0));
    label_ui(ui, right, "account-kind", &kind, quiet);
    let tone = (said.icon, said.tone);
    toned_ui(ui, cx, top, Letters::Strong, tone, &said.words);
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_TOP)
        .rows(5);
    label_ui(
        ui,
        inner,
        "account-can",
        &say::abilities(cx, account),
        style,
    );
}
