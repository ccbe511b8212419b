//! The five panels that the screens are drawn for.

use egui::{Vec2, vec2};

/// A panel: its pixels and its width in millimeters.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// Its name in messages.
    pub name: &'static str,
    /// Pixels.
    pub pixels: (u32, u32),
    /// Millimeters.
    pub width_mm: f32,
}

/// All five.
pub const PANELS: [Panel; 5] = [
    Panel {
        name: "7 inch",
        pixels: (800, 480),
        width_mm: 152.0,
    },
    Panel {
        name: "7 inch wide",
        pixels: (1024, 600),
        width_mm: 154.0,
    },
    Panel {
        name: "10 inch",
        pixels: (1280, 800),
        width_mm: 217.0,
    },
    Panel {
        name: "15 inch",
        pixels: (1920, 1080),
        width_mm: 345.0,
    },
    Panel {
        name: "portrait",
        pixels: (1080, 1920),
        width_mm: 268.0,
    },
];

impl Panel {
    /// Pixels for each point of 1/96 inch.
    pub fn pixels_per_point(self) -> f32 {
        self.pixels.0 as f32 / self.width_mm / (96.0 / 25.4)
    }

    /// Size in points.
    pub fn points(self) -> Vec2 {
        vec2(self.pixels.0 as f32, self.pixels.1 as f32) / self.pixels_per_point()
    }
}
