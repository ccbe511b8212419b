//! Colors, strokes and letters: the only place that has any.

use egui::Color32;

use crate::terminal::Theme;

mod letters;

pub(crate) use letters::{Letters, Weight, font, set_fonts};

/// The payment code's dark modules, in every theme.
pub(crate) const CODE_DARK: Color32 = Color32::BLACK;
/// The payment code's light modules and what surrounds them, in every theme.
pub(crate) const CODE_LIGHT: Color32 = Color32::WHITE;

/// What a color says; an icon and a word always say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing in particular.
    Plain,
    /// Money is there.
    Good,
    /// Something is still to come.
    Waiting,
    /// Somebody has to look.
    Alarm,
}

/// All colors of a theme.
#[derive(Clone, Debug)]
pub(crate) struct Palette {
    /// Behind everything.
    pub(crate) ground: Color32,
    /// Bars, cards and tiles.
    pub(crate) card: Color32,
    /// Ordinary buttons.
    pub(crate) button: Color32,
    /// A button under the finger.
    pub(crate) pressed: Color32,
    /// Text.
    pub(crate) text: Color32,
    /// Text that matters less; still 4.5 to 1.
    pub(crate) quiet: Color32,
    /// Edges.
    pub(crate) line: Color32,
    /// The one main action, and what is chosen.
    pub(crate) primary: Color32,
    /// On the main action.
    pub(crate) on_primary: Color32,
    /// Money is there.
    pub(crate) good: Color32,
    /// Something is still to come.
    pub(crate) waiting: Color32,
    /// Somebody has to look.
    pub(crate) alarm: Color32,
    /// The frame of a demo or a test account.
    pub(crate) demo: Color32,
    /// On the frame of a demo.
    pub(crate) on_demo: Color32,
    /// Width of edges in points.
    pub(crate) edge: f32,
    /// Corners of tiles and buttons in millimeters.
    pub(crate) corner_mm: f32,
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is ui/theme.rs, where colors live"
)]
const fn rgb(red: u8, green: u8, blue: u8) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

const LIGHT: Palette = Palette {
    ground: rgb(238, 240, 243),
    card: rgb(255, 255, 255),
    button: rgb(255, 255, 255),
    pressed: rgb(214, 222, 232),
    text: rgb(22, 28, 36),
    quiet: rgb(84, 94, 108),
    line: rgb(208, 214, 222),
    primary: rgb(13, 92, 99),
    on_primary: rgb(255, 255, 255),
    good: rgb(16, 115, 62),
    waiting: rgb(140, 84, 0),
    alarm: rgb(178, 32, 37),
    demo: rgb(255, 190, 61),
    on_demo: rgb(43, 28, 0),
    edge: 1.0,
    corner_mm: 2.2,
};

const DARK: Palette = Palette {
    ground: rgb(17, 21, 27),
    card: rgb(30, 36, 45),
    button: rgb(42, 50, 62),
    pressed: rgb(66, 78, 95),
    text: rgb(240, 243, 247),
    quiet: rgb(168, 179, 193),
    line: rgb(60, 70, 84),
    primary: rgb(67, 196, 189),
    on_primary: rgb(4, 32, 33),
    good: rgb(98, 211, 145),
    waiting: rgb(250, 190, 88),
    alarm: rgb(255, 138, 134),
    demo: rgb(255, 190, 61),
    on_demo: rgb(43, 28, 0),
    edge: 1.0,
    corner_mm: 2.2,
};

const SUNLIGHT: Palette = Palette {
    ground: rgb(255, 255, 255),
    card: rgb(255, 255, 255),
    button: rgb(255, 255, 255),
    pressed: rgb(200, 200, 200),
    text: rgb(0, 0, 0),
    quiet: rgb(0, 0, 0),
    line: rgb(0, 0, 0),
    primary: rgb(0, 0, 0),
    on_primary: rgb(255, 255, 255),
    good: rgb(0, 70, 30),
    waiting: rgb(90, 45, 0),
    alarm: rgb(130, 0, 0),
    demo: rgb(0, 0, 0),
    on_demo: rgb(255, 255, 255),
    edge: 2.5,
    corner_mm: 1.4,
};

impl Palette {
    /// The colors of a theme.
    pub(crate) const fn of(theme: Theme) -> &'static Self {
        match theme {
            Theme::Light => &LIGHT,
            Theme::Dark => &DARK,
            Theme::Sunlight => &SUNLIGHT,
        }
    }

    /// The color of a tone, for text and icons on a card.
    pub(crate) const fn tone(&self, tone: Tone) -> Color32 {
        match tone {
            Tone::Plain => self.text,
            Tone::Good => self.good,
            Tone::Waiting => self.waiting,
            Tone::Alarm => self.alarm,
        }
    }
}

/// The ground of a tile without a picture, by the first letters of its category.
pub(crate) fn tint(theme: Theme, seed: &str) -> Color32 {
    const LIGHT_TINTS: [Color32; 6] = [
        rgb(222, 236, 246),
        rgb(226, 241, 226),
        rgb(250, 234, 214),
        rgb(246, 225, 230),
        rgb(233, 228, 246),
        rgb(243, 239, 212),
    ];
    const DARK_TINTS: [Color32; 6] = [
        rgb(31, 52, 68),
        rgb(32, 56, 42),
        rgb(66, 50, 28),
        rgb(66, 38, 47),
        rgb(49, 43, 70),
        rgb(58, 55, 28),
    ];
    let tints = match theme {
        Theme::Light => &LIGHT_TINTS,
        Theme::Dark => &DARK_TINTS,
        Theme::Sunlight => return SUNLIGHT.card,
    };
    let sum = seed.bytes().fold(7_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte))
    });
    sum.checked_rem(tints.len())
        .and_then(|index| tints.get(index))
        .copied()
        .unwrap_or(LIGHT.card)
}

/// Gives the toolkit's own widgets the theme's colors and switches off what a kiosk must not have.
pub(crate) fn apply(ctx: &egui::Context, theme: Theme) {
    let palette = Palette::of(theme);
    let base = match theme {
        Theme::Dark => egui::Visuals::dark(),
        Theme::Light | Theme::Sunlight => egui::Visuals::light(),
    };
    ctx.all_styles_mut(|style| {
        let mut visuals = base.clone();
        visuals.panel_fill = palette.ground;
        visuals.window_fill = palette.card;
        visuals.extreme_bg_color = palette.card;
        visuals.text_edit_bg_color = Some(palette.card);
        visuals.override_text_color = Some(palette.text);
        visuals.selection.bg_fill = palette.pressed;
        visuals.selection.stroke.color = palette.text;
        // A blinking cursor is a repaint for ever.
        visuals.text_cursor.blink = false;
        visuals.text_cursor.stroke.color = palette.primary;
        style.visuals = visuals;
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = f32::INFINITY;
        style.animation_time = 0.0;
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(color: Color32) -> f32 {
        let part = |value: u8| {
            let value = f32::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(color.r()) + 0.7152 * part(color.g()) + 0.0722 * part(color.b())
    }

    fn contrast(one: Color32, other: Color32) -> f32 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_text_has_a_contrast_of_at_least_four_and_a_half() {
        for theme in [Theme::Light, Theme::Dark, Theme::Sunlight] {
            let palette = Palette::of(theme);
            let mut pairs = vec![
                (palette.on_primary, palette.primary),
                (palette.on_demo, palette.demo),
            ];
            for ground in [palette.ground, palette.card, palette.button] {
                for text in [
                    palette.text,
                    palette.quiet,
                    palette.good,
                    palette.waiting,
                    palette.alarm,
                    palette.primary,
                ] {
                    pairs.push((text, ground));
                }
            }
            for seed in ["Drinks", "Bakery", "", "Fruit", "Flowers", "Other"] {
                pairs.push((palette.text, tint(theme, seed)));
            }
            for (text, ground) in pairs {
                let found = contrast(text, ground);
                assert!(found >= 4.5, "{theme:?}: {text:?} on {ground:?} is {found}");
            }
        }
    }
}
