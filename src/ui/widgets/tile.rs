//! A product's tile: picture, name, price; the whole of it is the button.

use egui::{
    Align2, Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    emath::GuiRounding as _, epaint::RectShape, pos2, vec2,
};

use super::surface::{self, surface};
use super::text::{self, Style};
use crate::domain::catalog::Product;
use crate::ui::cx::Cx;
use crate::ui::icon::Icon;
use crate::ui::say::plain;
use crate::ui::size::Cut as _;
use crate::ui::theme::{Letters, tint};

/// What arranging the favorites makes of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing.
    None,
    /// It is a favorite.
    Favorite,
    /// It is the one that the arrows move.
    Chosen,
}

/// Draws a product's tile.
pub(crate) fn tile_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, product: &Product, mark: Mark) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(product.id), Sense::click());
    if ui.is_rect_visible(rect) {
        paint(ui, cx, rect, product, &response);
        paint_mark(ui, cx, rect, mark);
    }
    let name = plain(&format!("{}, {}", product.name, cx.money(product.price)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response
}

fn paint(ui: &Ui, cx: &Cx<'_>, rect: Rect, product: &Product, response: &Response) {
    let palette = cx.palette;
    let painter = ui.painter();
    let down = response.is_pointer_button_down_on();
    let words_height = cx.mm(11.2).min(rect.height() * 0.52);
    let mut picture = rect;
    let words = picture.cut_bottom(words_height, 0.0);
    // Grounds lie beside each other, never above each other: drawing in software costs by the pixel.
    if picture_ui(ui, cx, picture, product) {
        let ground = if down { palette.pressed } else { palette.card };
        let below = CornerRadius {
            nw: 0,
            ne: 0,
            ..cx.corner()
        };
        surface::paint(painter, words, below, ground, Stroke::NONE);
        let mut inner = words.shrink2(vec2(cx.mm(1.2), cx.mm(0.8)));
        let price = inner.cut_bottom(inner.height() * 0.5, 0.0);
        let style = Style::new(Letters::Body, cx.metrics.scale, palette.text);
        text::paint(painter, inner, &product.name, style);
        price_ui(ui, cx, price, product);
        surface(ui, cx, rect, Color32::TRANSPARENT, palette.line);
    } else {
        let category = product.category.as_deref().unwrap_or("");
        let ground = if down {
            palette.pressed
        } else {
            tint(cx.snap.theme, category)
        };
        surface(ui, cx, rect, ground, palette.line);
        let price = rect.shrink(cx.mm(1.2)).cut_bottom(cx.mm(5.0), 0.0);
        let mut name = rect.shrink(cx.mm(1.4));
        name.max.y -= cx.mm(5.0);
        let style = Style::new(Letters::Strong, cx.metrics.scale, palette.text).rows(6);
        text::paint(painter, name, &product.name, style);
        price_ui(ui, cx, price, product);
    }
}

fn price_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, product: &Product) {
    let style = Style::new(Letters::Strong, cx.metrics.scale * 0.95, cx.palette.primary)
        .align(Align2::CENTER_CENTER);
    text::paint(ui.painter(), rect, &cx.money(product.price), style);
}

/// Paints the whole picture on the color of its own corner; `false` where there is none (yet).
fn picture_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, product: &Product) -> bool {
    let Some(source) = product.picture.as_deref() else {
        return false;
    };
    let Some(shown) = cx.pictures.find(ui.ctx(), cx.till, source) else {
        return false;
    };
    let category = product.category.as_deref().unwrap_or("");
    let top = cx.corner();
    let corner = CornerRadius {
        nw: top.nw,
        ne: top.ne,
        sw: 0,
        se: 0,
    };
    let ground = shown
        .ground
        .unwrap_or_else(|| tint(cx.snap.theme, category));
    let size = shown.texture.size_vec2();
    let scale = (rect.width() / size.x.max(1.0)).min(rect.height() / size.y.max(1.0));
    let place = Rect::from_center_size(rect.center(), size * scale);
    let place = place.round_to_pixels(ui.pixels_per_point());
    // Where the picture reaches the tile's corners it is rounded like them.
    let fills = place.width() > rect.width() - f32::from(top.nw);
    let rounding = if fills { corner } else { CornerRadius::ZERO };
    if shown.ground.is_none() || fills || place.height() + 1.0 < rect.height() {
        surface::paint(ui.painter(), rect, corner, ground, Stroke::NONE);
    } else {
        let left = CornerRadius { ne: 0, ..corner };
        let right = CornerRadius { nw: 0, ..corner };
        let mut beside = rect;
        beside.max.x = place.min.x;
        surface::paint(ui.painter(), beside, left, ground, Stroke::NONE);
        beside = rect;
        beside.min.x = place.max.x;
        surface::paint(ui.painter(), beside, right, ground, Stroke::NONE);
    }
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().add(
        RectShape::filled(place, rounding, Color32::WHITE).with_texture(shown.texture.id(), whole),
    );
    true
}

fn paint_mark(ui: &Ui, cx: &Cx<'_>, rect: Rect, mark: Mark) {
    if mark == Mark::None {
        return;
    }
    let palette = cx.palette;
    if mark == Mark::Chosen {
        let stroke = Stroke::new(cx.mm(0.9), palette.primary);
        ui.painter()
            .rect_stroke(rect, cx.corner(), stroke, StrokeKind::Inside);
    }
    let side = cx.mm(6.0);
    let badge = Rect::from_min_size(
        pos2(rect.max.x - side - cx.mm(1.0), rect.min.y + cx.mm(1.0)),
        vec2(side, side),
    );
    ui.painter()
        .circle_filled(badge.center(), side / 2.0, palette.primary);
    Icon::Star.paint(ui.painter(), badge.shrink(cx.mm(1.2)), palette.on_primary);
}
