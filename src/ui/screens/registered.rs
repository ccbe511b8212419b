//! One printed sticker: how it stands, where it hangs, and what can be done with it.

use egui::{Align2, Rect, Ui};

use super::register::{facts, refresh, title};
use crate::domain::id::StickerId;
use crate::domain::sticker::Sticker;
use crate::terminal::printing::{StickerChange, StickerOf};
use crate::terminal::query::StickerView;
use crate::terminal::{Command, PaperCommand};
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say;
use crate::ui::size::Cut as _;
use crate::ui::theme::Letters;
use crate::ui::view::{Sheet, View};
use crate::ui::widgets::button::{Button, Kind};
use crate::ui::widgets::keyboard::{self, Told, keyboard_ui};
use crate::ui::widgets::label::{label_ui, toned_ui};
use crate::ui::widgets::status_bar::heading_ui;
use crate::ui::widgets::surface::surface;
use crate::ui::widgets::text::Style;

/// Draws the page of a sticker.
pub(crate) fn registered_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, id: StickerId) {
    refresh(ui, cx, view);
    let Some(found) = find(view, id) else {
        view.sheet = Sheet::Register;
        return;
    };
    let gap = cx.metrics.gap();
    let mut page = super::page(cx, rect, 144.0, 78.0);
    let heading = title(cx, &found);
    heading_ui(ui, cx, page.cut_top(cx.mm(9.0), cx.mm(1.0)), &heading);
    let below = page.cut_bottom(cx.metrics.primary(), gap);
    let above = page.cut_bottom(cx.metrics.primary(), gap);
    let back = Button::new(cx, "back").icon(Icon::Left);
    if back.pressed(ui, cx, below.column(0, 2, gap)) {
        view.sheet = Sheet::Register;
    }
    down_ui(ui, cx, above.column(0, 2, gap), view, &found.sticker);
    place_button_ui(ui, cx, above.column(1, 2, gap), view, &found.sticker);
    again_ui(ui, cx, below.column(1, 2, gap), view, &found.sticker);
    let body = Style::new(Letters::Body, cx.metrics.scale, cx.palette.text)
        .align(Align2::LEFT_CENTER)
        .rows(2);
    let line = page.cut_top(cx.mm(9.0), cx.mm(1.0));
    label_ui(ui, line, "register-facts", &facts(cx, &found), body);
    let said = say::paper::registered(cx, &found);
    let tone = (said.icon, said.tone);
    toned_ui(ui, cx, page, Letters::Strong, tone, &said.words);
}

fn find(view: &View, id: StickerId) -> Option<StickerView> {
    view.register.read(|known| {
        let stickers = known?.as_ref().ok()?;
        stickers.iter().find(|view| view.sticker.id == id).cloned()
    })
}

fn down_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sticker: &Sticker) {
    let down = Button::new(cx, "register-take-down")
        .icon(Icon::Cross)
        .letters(Letters::Body)
        .ready_if(sticker.hangs());
    if down.pressed(ui, cx, rect) {
        set(cx, sticker, StickerChange::Retire);
        view.sheet = Sheet::Register;
    }
}

fn place_button_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sticker: &Sticker) {
    let place = Button::new(cx, "register-place")
        .icon(Icon::Hand)
        .letters(Letters::Body)
        .ready_if(sticker.hangs());
    if place.pressed(ui, cx, rect) {
        view.sticker_place.clone_from(&sticker.place);
        view.sheet = Sheet::StickerPlace(sticker.id);
    }
}

/// Another one of the same product, with what it costs now, for the same place.
fn again_ui(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, view: &mut View, sticker: &Sticker) {
    let again = Button::new(cx, "register-print-new")
        .icon(Icon::Paper)
        .kind(Kind::Primary)
        .ready_if(sticker.product.is_some() && cx.prints_stickers());
    if again.pressed(ui, cx, rect)
        && let Some(product) = sticker.product
    {
        cx.send(Command::Paper(PaperCommand::Stickers {
            of: StickerOf::Product { product },
            copies: 1,
            place: sticker.place.clone(),
            printer: None,
        }));
        view.sheet = Sheet::Register;
    }
}

fn set(cx: &Cx<'_>, sticker: &Sticker, change: StickerChange) {
    cx.send(Command::Paper(PaperCommand::SetSticker {
        sticker: sticker.id,
        change,
    }));
}

/// Asks where a sticker hangs.
pub(crate) fn place_ui(ui: &mut Ui, cx: &Cx<'_>, mut rect: Rect, view: &mut View, id: StickerId) {
    let Some(found) = find(view, id) else {
        view.sheet = Sheet::Register;
        return;
    };
    let gap = cx.metrics.gap();
    let keys = rect.cut_bottom(keyboard::height(cx), gap);
    let keep = "register-place-keep";
    let told = keyboard_ui(ui, cx, keys, &mut view.sticker_place, keep);
    let mut line = rect.cut_bottom(cx.metrics.primary(), gap);
    let back = Button::new(cx, "back").icon(Icon::Left);
    if back.pressed(ui, cx, line.cut_left(cx.mm(30.0), gap)) {
        view.sheet = Sheet::Registered(id);
    }
    surface(ui, cx, line, cx.palette.card, cx.palette.line);
    let typed = Style::new(Letters::Strong, cx.metrics.scale, cx.palette.text);
    let typed = typed.align(Align2::LEFT_CENTER);
    let words = line.shrink2(egui::vec2(cx.mm(2.5), 0.0));
    label_ui(
        ui,
        words,
        "register-place-typed",
        &view.sticker_place,
        typed,
    );
    let heading = rect.cut_bottom(cx.mm(9.0), gap);
    heading_ui(ui, cx, heading, &cx.say("register-place-title"));
    if told == Told::Close {
        let place = view.sticker_place.trim().to_owned();
        set(cx, &found.sticker, StickerChange::Place { place });
        view.sheet = Sheet::Registered(id);
    }
}
