//! How much of something is used up, as a bar; the words beside it say the same.

use egui::{CornerRadius, Rect, Stroke, Ui};

use super::surface::{self, surface};
use crate::ui::cx::Cx;
use crate::ui::theme::Tone;

/// The whole of a bar, in thousandths.
const WHOLE: u16 = 1_000;

/// A part of a whole in thousandths: nothing of nothing is all.
pub(crate) fn share(part: i64, whole: i64) -> u16 {
    let (part, whole) = (i128::from(part.max(0)), i128::from(whole.max(0)));
    let share = (part * i128::from(WHOLE)).checked_div(whole);
    share.map_or(WHOLE, |share| {
        u16::try_from(share).unwrap_or(WHOLE).min(WHOLE)
    })
}

/// Draws a bar that is filled to `used`, and from there to `soon` more palely: both in thousandths.
pub(crate) fn gauge_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, tone: Tone, used: u16, soon: u16) {
    let palette = cx.palette;
    surface(ui, cx, rect, palette.ground, palette.line);
    let inner = rect.shrink(palette.edge);
    let part = |share: u16| {
        let mut part = inner;
        part.max.x = inner.min.x + inner.width() * f32::from(share) / f32::from(WHOLE);
        part
    };
    let ink = palette.tone(tone);
    let corner = CornerRadius::same((inner.height() / 2.0).min(f32::from(cx.corner().nw)) as u8);
    if soon > used {
        surface::paint(
            ui.painter(),
            part(soon),
            corner,
            ink.gamma_multiply(0.45),
            Stroke::NONE,
        );
    }
    if used > 0 {
        surface::paint(ui.painter(), part(used), corner, ink, Stroke::NONE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_stays_within_the_bar() {
        for (part, whole, expected) in [
            (0, 100, 0),
            (1, 3, 333),
            (99, 100, 990),
            (100, 100, 1_000),
            (101, 100, 1_000),
            (-5, 100, 0),
            (0, 0, 1_000),
            (i64::MAX, 1, 1_000),
            (i64::MAX, i64::MAX, 1_000),
        ] {
            assert_eq!(share(part, whole), expected, "{part} of {whole}");
        }
    }
}
