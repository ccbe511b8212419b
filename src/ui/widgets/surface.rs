//! Grounds of buttons, cards and tiles: rectangles with round corners and an edge.
//!
//! Drawing in software costs by the pixel, and a triangle that is long and thin costs far more than
//! its pixels. So a ground is made of whole-pixel rectangles, with small triangles at the corners
//! only, and no pixel is painted twice.

use egui::emath::GuiRounding as _;
use egui::{Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2, vec2};

use crate::ui::cx::Cx;

/// Parts that a quarter of a circle is drawn with.
const PARTS: u16 = 7;

/// A rounded surface with an edge.
pub(crate) fn surface(ui: &Ui, cx: &Cx<'_>, rect: Rect, ground: Color32, line: Color32) {
    let edge = Stroke::new(cx.palette.edge, line);
    paint(ui.painter(), rect, cx.corner(), ground, edge);
}

/// Paints a ground with the edge inside of `rect`; an edge of no width is none.
pub(crate) fn paint(
    painter: &Painter,
    rect: Rect,
    corner: CornerRadius,
    ground: Color32,
    edge: Stroke,
) {
    let scale = painter.pixels_per_point();
    let rect = rect.round_to_pixels(scale);
    if !rect.is_positive() || !painter.clip_rect().intersects(rect) {
        return;
    }
    let width = if edge.width > 0.0 {
        (edge.width * scale).round().max(1.0) / scale
    } else {
        0.0
    };
    let most = rect.width().min(rect.height()) / 2.0;
    let radius = |points: u8| (f32::from(points) * scale).round().min(most * scale) / scale;
    let round = Round {
        width,
        soft: 0.5 / scale,
        ground,
        line: if width > 0.0 { edge.color } else { ground },
    };
    let mut mesh = Mesh::default();
    let (nw, ne) = (radius(corner.nw), radius(corner.ne));
    let (sw, se) = (radius(corner.sw), radius(corner.se));
    round.band(&mut mesh, rect, nw.max(ne), sw.max(se));
    round.end(&mut mesh, rect.left_top(), vec2(rect.width(), 1.0), nw, ne);
    round.end(
        &mut mesh,
        rect.left_bottom(),
        vec2(rect.width(), -1.0),
        sw,
        se,
    );
    painter.add(Shape::mesh(mesh));
}

/// What all parts of one ground have in common; lengths in points.
struct Round {
    width: f32,
    /// Half of the soft edge of a round corner.
    soft: f32,
    ground: Color32,
    line: Color32,
}

impl Round {
    /// The part between the upper and the lower corners, with its edges at the left and the right.
    fn band(&self, mesh: &mut Mesh, rect: Rect, above: f32, below: f32) {
        let mut inner = rect;
        inner.min.y += above;
        inner.max.y -= below;
        if self.width > 0.0 {
            let mut side = inner;
            side.max.x = rect.min.x + self.width;
            add(mesh, side, self.line);
            side.max.x = rect.max.x;
            side.min.x = rect.max.x - self.width;
            add(mesh, side, self.line);
        }
        inner.min.x += self.width;
        inner.max.x -= self.width;
        add(mesh, inner, self.ground);
    }

    /// The strip with two corners at one end. `across.y` leads inward: 1 from the top, -1 from the
    /// bottom.
    fn end(&self, mesh: &mut Mesh, corner: Pos2, across: Vec2, left: f32, right: f32) {
        let high = left.max(right);
        let inward = across.y;
        let middle = |from: f32, to: f32, color, mesh: &mut Mesh| {
            let rect = Rect::from_two_pos(
                corner + vec2(left, from * inward),
                corner + vec2(across.x - right, to * inward),
            );
            add(mesh, rect, color);
        };
        if self.width > 0.0 {
            middle(0.0, self.width, self.line, mesh);
        }
        middle(self.width, high.max(self.width), self.ground, mesh);
        if left > 0.0 {
            let center = corner + vec2(left, left * inward);
            self.quarter(mesh, center, vec2(-1.0, -inward), left);
        }
        if right > 0.0 {
            let center = corner + vec2(across.x - right, right * inward);
            self.quarter(mesh, center, vec2(1.0, -inward), right);
        }
    }

    /// A quarter of a disc around `center`, in the direction of the corner.
    fn quarter(&self, mesh: &mut Mesh, center: Pos2, toward: Vec2, radius: f32) {
        let inner = (radius - self.width).max(0.0);
        // From the middle outward: ground, the soft change to the edge, edge, the soft end.
        let rings = [
            ((inner - self.soft).max(0.0), self.ground),
            (inner + self.soft, self.line),
            ((radius - self.soft).max(inner + self.soft), self.line),
            (radius + self.soft, Color32::TRANSPARENT),
        ];
        let middle = mesh.vertices.len() as u32;
        mesh.colored_vertex(center, self.ground);
        for part in 0..=PARTS {
            let angle = std::f32::consts::FRAC_PI_2 * f32::from(part) / f32::from(PARTS);
            let (sine, cosine) = angle.sin_cos();
            let way = vec2(toward.x * cosine, toward.y * sine);
            for (length, color) in rings {
                mesh.colored_vertex(center + way * length, color);
            }
        }
        let count = rings.len() as u32;
        for part in 0..u32::from(PARTS) {
            let here = middle + 1 + part * count;
            let next = here + count;
            mesh.add_triangle(middle, here, next);
            for ring in 0..count - 1 {
                mesh.add_triangle(here + ring, here + ring + 1, next + ring);
                mesh.add_triangle(next + ring, here + ring + 1, next + ring + 1);
            }
        }
    }
}

fn add(mesh: &mut Mesh, rect: Rect, color: Color32) {
    if rect.is_positive() && color != Color32::TRANSPARENT {
        mesh.add_colored_rect(rect, color);
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    /// How much of the plane the triangles cover, each counted as often as it is painted.
    fn area(mesh: &Mesh) -> f32 {
        let at = |index: u32| mesh.vertices[index as usize].pos;
        mesh.indices
            .chunks(3)
            .map(|three| {
                let (one, two) = (at(three[1]) - at(three[0]), at(three[2]) - at(three[0]));
                (one.x * two.y - one.y * two.x).abs() / 2.0
            })
            .sum()
    }

    #[test]
    fn no_pixel_is_painted_twice() {
        let round = Round {
            width: 1.0,
            soft: 0.5,
            ground: Color32::WHITE,
            line: Color32::BLACK,
        };
        let rect = Rect::from_min_size(pos2(10.0, 20.0), vec2(200.0, 80.0));
        let mut mesh = Mesh::default();
        round.band(&mut mesh, rect, 12.0, 12.0);
        round.end(&mut mesh, rect.left_top(), vec2(200.0, 1.0), 12.0, 12.0);
        round.end(&mut mesh, rect.left_bottom(), vec2(200.0, -1.0), 12.0, 12.0);
        assert!(mesh.is_valid());
        let whole = 200.0 * 80.0;
        assert!(area(&mesh) <= whole + 1.0, "{}", area(&mesh));
        assert!(area(&mesh) >= whole - 4.0 * 12.0 * 12.0, "{}", area(&mesh));
    }
}
