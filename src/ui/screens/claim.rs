//! Hand over: goods leave without proof. Why, how much is out already, and the owner's PIN where it
//! is more than the owner allows.

use egui::{Align2, Rect, Ui};

use crate::domain::id::SaleId;
use crate::domain::money::Amount;
use crate::domain::payment::Proof;
use crate::terminal::{Command, SaleView};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::size::{Class, Cut as _};
use crate::ui::theme::{Letters, Tone};
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::gauge::{gauge_ui, share};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::pin_pad::pin_pad_beside_ui;
use crate::ui::widgets::text::Style;

const REASONS: [&str; 4] = [
    "claim-seen",
    "claim-regular",
    "claim-no-network",
    "claim-other",
];

/// What the owner says to one more sale that is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    /// It may.
    Within,
    /// By PIN only.
    ByPin(Amount),
    /// Not at all.
    Above(Amount),
}

impl Limit {
    fn of(cx: &Cx<'_>, sale: &SaleView) -> Self {
        let risk = cx.snap.risk;
        // What is out already counts already.
        if sale.proof == Proof::Claimed {
            return Self::Within;
        }
        let above = |sum: Amount, cap: &Amount| sum.minor > cap.minor;
        let sum = risk.handed_over.plus(sale.total).unwrap_or(sale.total);
        let one = risk.per_sale.filter(|cap| above(sale.total, cap));
        let broken = one.or_else(|| risk.total.filter(|cap| above(sum, cap)));
        match broken {
            None => Self::Within,
            Some(cap) if risk.has_pin => Self::ByPin(cap),
            Some(cap) => Self::Above(cap),
        }
    }
}

/// Draws the page.
pub(crate) fn claim_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sale: SaleId) {
    let Some(pay) = cx.snap.pay.as_ref().filter(|pay| pay.sale.id == sale) else {
        view.sheet = Sheet::None;
        return;
    };
    let gap = cx.metrics.gap();
    let limit = Limit::of(cx, &pay.sale);
    let by_pin = matches!(limit, Limit::ByPin(_));
    let portrait = cx.metrics.class == Class::Portrait;
    let mut page = match (by_pin, portrait) {
        (true, true) => super::page(cx, rect, 140.0, 190.0),
        (true, false) => super::page(cx, rect, 176.0, 100.0),
        (false, _) => super::page(cx, rect, 140.0, 92.0),
    };
    if by_pin {
        pin_pad_beside_ui(ui, cx, &mut page, &mut view.pin);
    }
    let title = Style::new(Letters::Title, cx.metrics.scale, cx.palette.text).rows(2);
    let heading = page.cut_top(cx.mm(8.0), cx.mm(1.0));
    label_ui(ui, heading, "claim-title", &cx.say("claim-title"), title);
    let bottom = page.cut_bottom(cx.metrics.primary(), gap);
    let reasons = page.cut_bottom(cx.metrics.touch() * 2.0 + gap, gap);
    reasons_ui(ui, cx, reasons, view);
    let risk_height = cx.mm(13.0).min(page.height());
    risk_ui(
        ui,
        cx,
        page.cut_bottom(risk_height, cx.mm(1.0)),
        &pay.sale,
        limit,
    );
    // A sentence of the till may have taken its room; then that one is read.
    if page.height() > cx.mm(8.0) {
        why_ui(ui, cx, page, limit, pay.is_heard);
    }
    buttons_ui(ui, cx, bottom, view, sale, limit);
}

/// Why this asks; what helps where it is more than the owner allows.
fn why_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, limit: Limit, is_heard: bool) {
    let (key, cap) = match limit {
        Limit::Within => {
            let why = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text).rows(3);
            let key = if is_heard {
                "claim-why"
            } else {
                "claim-why-unheard"
            };
            label_ui(ui, rect, "claim-why", &cx.say(key), why);
            return;
        }
        Limit::ByPin(cap) => ("claim-by-pin", cap),
        Limit::Above(cap) => ("notice-above-cap", cap),
    };
    let words = cx.say_with(key, &[("amount", &cx.money(cap))]);
    let tone = (Icon::Warning, Tone::Alarm);
    toned_ui(ui, cx, rect, Letters::Body, tone, &words);
}

/// Draws the way back, and the one that hands over.
fn buttons_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    mut rect: Rect,
    view: &mut View,
    sale: SaleId,
    limit: Limit,
) {
    let gap = cx.metrics.gap();
    let back = rect.cut_left(cx.mm(30.0), gap);
    if Button::new(cx, "back")
        .icon(Icon::Left)
        .pressed(ui, cx, back)
    {
        view.sheet = Sheet::None;
    }
    let reason = view.claim_reason.and_then(|index| REASONS.get(index));
    let allowed = match limit {
        Limit::Within => true,
        Limit::ByPin(_) => view.pin.len() > 0,
        Limit::Above(_) => false,
    };
    let button = Button::new(cx, "claim-hand-over")
        .icon(Icon::Hand)
        .kind(Kind::Primary)
        .letters(Letters::Title)
        .ready_if(allowed && reason.is_some());
    if button.pressed(ui, cx, rect)
        && let Some(reason) = reason
    {
        let pin = matches!(limit, Limit::ByPin(_)).then(|| view.pin.take());
        // A refused PIN leaves the page: the next screen takes it away.
        cx.commit(Command::ClaimSale {
            sale,
            reason: cx.say(reason),
            pin,
        });
    }
}

fn reasons_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View) {
    let gap = cx.metrics.gap();
    for (index, key) in REASONS.into_iter().enumerate() {
        let place = rect.row(index / 2, 2, gap).column(index % 2, 2, gap);
        let chosen = (view.claim_reason == Some(index)).into();
        let button = Button::new(cx, key)
            .letters(Letters::Body)
            .kind(Kind::Choice { chosen });
        if button.pressed(ui, cx, place) {
            view.claim_reason = Some(index);
        }
    }
}

/// How much is out, and how much may be.
fn risk_ui(ui: &Ui, cx: &Cx<'_>, mut rect: Rect, sale: &SaleView, limit: Limit) {
    let risk = cx.snap.risk;
    let out = cx.money(risk.handed_over);
    if let Some(total) = risk.total {
        let bar = rect.cut_top(cx.mm(3.6), cx.mm(0.8));
        let counted = sale.proof == Proof::Claimed;
        let sum = risk.handed_over.plus(sale.total).unwrap_or(sale.total);
        let used = share(risk.handed_over.minor, total.minor);
        let soon = if counted {
            used
        } else {
            share(sum.minor, total.minor)
        };
        let tone = match limit {
            Limit::Within => Tone::Waiting,
            Limit::ByPin(_) | Limit::Above(_) => Tone::Alarm,
        };
        gauge_ui(ui, cx, bar, tone, used, soon);
    }
    let mut words = match risk.total {
        Some(total) => {
            let values = [("amount", out.as_str()), ("total", &cx.money(total))];
            cx.say_with("claim-out-of", &values)
        }
        None => cx.say_with("claim-out", &[("amount", &out)]),
    };
    if let Some(cap) = risk.per_sale {
        let most = cx.say_with("claim-per-sale", &[("amount", &cx.money(cap))]);
        words = format!("{words} · {most}");
    }
    let style = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    label_ui(ui, rect, "claim-risk", &words, style);
}
