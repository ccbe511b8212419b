//! Sizes on the glass: everything is laid out in millimeters, never in pixels.
//!
//! One point of the toolkit is 1/96 inch on the panel; [`crate::ui::window`] sees to that.

use egui::{Rect, Vec2};

/// Points in one millimeter.
pub(crate) const POINTS_PER_MM: f32 = 96.0 / 25.4;

/// Smallest side of anything that is touched, in millimeters.
pub(crate) const TOUCH_MM: f32 = 12.0;
/// Height of the one main button.
pub(crate) const PRIMARY_MM: f32 = 15.0;
/// Smallest side of a product's tile.
pub(crate) const TILE_MM: f32 = 20.0;
/// Between two things that are touched.
pub(crate) const GAP_MM: f32 = 2.0;

/// Points for millimeters.
pub(crate) fn mm(millimeters: f32) -> f32 {
    millimeters * POINTS_PER_MM
}

/// How the window is divided up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A seven-inch panel: sheets instead of side panels.
    Compact,
    /// Wider than high, with room for the cart at the side.
    Wide,
    /// Higher than wide: everything that is touched is in the lower two thirds.
    Portrait,
}

/// The window's division and the sizes that grow with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Metrics {
    /// Which division.
    pub(crate) class: Class,
    /// How much larger than on the smallest panel text and buttons are; 1 to 1.35.
    pub(crate) scale: f32,
}

impl Metrics {
    /// For a window of `size` points.
    pub(crate) fn of(size: Vec2) -> Self {
        let width = size.x / POINTS_PER_MM;
        let height = size.y / POINTS_PER_MM;
        let class = if height > width * 1.05 {
            Class::Portrait
        } else if width < 190.0 {
            Class::Compact
        } else {
            Class::Wide
        };
        let scale = (width.min(height) / 120.0).clamp(1.0, 1.35);
        Self { class, scale }
    }

    /// Points for millimeters that grow with the panel.
    pub(crate) fn mm(self, millimeters: f32) -> f32 {
        mm(millimeters * self.scale)
    }

    /// The space between two things.
    pub(crate) fn gap(self) -> f32 {
        self.mm(GAP_MM)
    }

    /// Height of an ordinary button.
    pub(crate) fn touch(self) -> f32 {
        self.mm(TOUCH_MM)
    }

    /// Height of the main button.
    pub(crate) fn primary(self) -> f32 {
        self.mm(PRIMARY_MM)
    }
}

/// Takes a strip off a rectangle's side, and the gap after it.
pub(crate) trait Cut {
    /// Off the top.
    fn cut_top(&mut self, height: f32, gap: f32) -> Rect;
    /// Off the bottom.
    fn cut_bottom(&mut self, height: f32, gap: f32) -> Rect;
    /// Off the left.
    fn cut_left(&mut self, width: f32, gap: f32) -> Rect;
    /// Off the right.
    fn cut_right(&mut self, width: f32, gap: f32) -> Rect;
    /// The part at `index` of `count` equal columns.
    fn column(&self, index: usize, count: usize, gap: f32) -> Rect;
    /// The part at `index` of `count` equal rows.
    fn row(&self, index: usize, count: usize, gap: f32) -> Rect;
}

impl Cut for Rect {
    fn cut_top(&mut self, height: f32, gap: f32) -> Rect {
        let height = height.min(self.height()).max(0.0);
        let part = Self::from_min_size(self.min, Vec2::new(self.width(), height));
        self.min.y = (self.min.y + height + gap).min(self.max.y);
        part
    }

    fn cut_bottom(&mut self, height: f32, gap: f32) -> Rect {
        let height = height.min(self.height()).max(0.0);
        let mut part = *self;
        part.min.y = self.max.y - height;
        self.max.y = (self.max.y - height - gap).max(self.min.y);
        part
    }

    fn cut_left(&mut self, width: f32, gap: f32) -> Rect {
        let width = width.min(self.width()).max(0.0);
        let part = Self::from_min_size(self.min, Vec2::new(width, self.height()));
        self.min.x = (self.min.x + width + gap).min(self.max.x);
        part
    }

    fn cut_right(&mut self, width: f32, gap: f32) -> Rect {
        let width = width.min(self.width()).max(0.0);
        let mut part = *self;
        part.min.x = self.max.x - width;
        self.max.x = (self.max.x - width - gap).max(self.min.x);
        part
    }

    fn column(&self, index: usize, count: usize, gap: f32) -> Rect {
        let count = count.max(1) as f32;
        let width = ((self.width() - gap * (count - 1.0)) / count).max(0.0);
        let left = self.min.x + (width + gap) * index as f32;
        Self::from_min_size(
            egui::pos2(left, self.min.y),
            Vec2::new(width, self.height()),
        )
    }

    fn row(&self, index: usize, count: usize, gap: f32) -> Rect {
        let count = count.max(1) as f32;
        let height = ((self.height() - gap * (count - 1.0)) / count).max(0.0);
        let top = self.min.y + (height + gap) * index as f32;
        Self::from_min_size(egui::pos2(self.min.x, top), Vec2::new(self.width(), height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_are_divided_by_their_real_size() {
        for (width, height, class) in [
            (152.0, 91.0, Class::Compact),
            (154.0, 90.0, Class::Compact),
            (217.0, 135.0, Class::Wide),
            (345.0, 194.0, Class::Wide),
            (268.0, 476.0, Class::Portrait),
        ] {
            let metrics = Metrics::of(Vec2::new(mm(width), mm(height)));
            assert_eq!(metrics.class, class, "{width} x {height}");
        }
    }
}
