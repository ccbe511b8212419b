//! Letters: how large, how heavy, from which font.
//!
//! Two cuts of one font, each drawn once: a thin font made heavier by drawing it twice looks bold or
//! light by how many pixels happen to lie between the two.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

const REGULAR: &str = "open-sans";
const STRONG: &str = "open-sans-semibold";

/// How large letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letters {
    /// Beside something larger.
    Small,
    /// Ordinary.
    Body,
    /// Buttons and names.
    Strong,
    /// Headings and sums.
    Title,
    /// What is to be read across the counter.
    Huge,
}

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// For reading.
    Regular,
    /// For what is pressed and for sums.
    Strong,
}

impl Letters {
    /// Height of a line's letters in millimeters on the smallest panel.
    pub(crate) const fn millimeters(self) -> f32 {
        match self {
            Self::Small => 2.9,
            Self::Body => 3.4,
            Self::Strong => 3.8,
            Self::Title => 5.3,
            Self::Huge => 9.4,
        }
    }

    /// How heavy they are.
    pub(crate) const fn weight(self) -> Weight {
        match self {
            Self::Small | Self::Body => Weight::Regular,
            Self::Strong | Self::Title | Self::Huge => Weight::Strong,
        }
    }
}

/// The font for letters of a height in points.
pub(crate) fn font(points: f32, weight: Weight) -> FontId {
    match weight {
        Weight::Regular => FontId::proportional(points),
        Weight::Strong => FontId::new(points, FontFamily::Name(STRONG.into())),
    }
}

/// Gives the toolkit the fonts; its own ones stay behind them for rare letters.
pub(crate) fn set_fonts(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::default();
    let cuts: [(&str, &'static [u8]); 2] = [
        (
            REGULAR,
            include_bytes!("../../../assets/fonts/OpenSans-Regular.ttf"),
        ),
        (
            STRONG,
            include_bytes!("../../../assets/fonts/OpenSans-Semibold.ttf"),
        ),
    ];
    for (name, data) in cuts {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(data)));
    }
    let others = fonts.families.entry(FontFamily::Proportional).or_default();
    let mut strong = vec![STRONG.to_owned()];
    strong.extend(others.iter().cloned());
    others.insert(0, REGULAR.to_owned());
    fonts
        .families
        .insert(FontFamily::Name(STRONG.into()), strong);
    ctx.set_fonts(fonts);
}
