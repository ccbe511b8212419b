//! Text in a rectangle: shrinks before it is cut, and can stand upside down for the customer.

use std::sync::Arc;

use egui::epaint::TextShape;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Align2, Color32, Galley, Painter, Rect, Vec2, pos2, vec2};

use crate::ui::theme::{Letters, Weight, font};

/// Whom a view stands upright for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Facing {
    /// The cashier.
    #[default]
    Cashier,
    /// The customer on the other side of the counter: turned by 180 degrees.
    Customer,
}

impl Facing {
    /// Where `part` of `whole` lies, seen from this side.
    pub(crate) fn place(self, part: Rect, whole: Rect) -> Rect {
        match self {
            Self::Cashier => part,
            Self::Customer => {
                let twice = whole.center().to_vec2() * 2.0;
                Rect::from_min_max(
                    (twice - part.max.to_vec2()).to_pos2(),
                    (twice - part.min.to_vec2()).to_pos2(),
                )
            }
        }
    }
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Height of the letters in points.
    pub(crate) points: f32,
    /// How heavy the letters are.
    pub(crate) weight: Weight,
    /// Its color.
    pub(crate) color: Color32,
    /// Where in its rectangle.
    pub(crate) align: Align2,
    /// At most so many lines; then it shrinks, then it is cut.
    pub(crate) rows: usize,
    /// How far it may shrink before it is cut: a share of its size.
    pub(crate) least: f32,
    /// Whom it stands upright for.
    pub(crate) facing: Facing,
}

impl Style {
    /// Letters of a size in one line, in the middle.
    pub(crate) fn new(letters: Letters, scale: f32, color: Color32) -> Self {
        Self {
            points: crate::ui::size::mm(letters.millimeters() * scale),
            weight: letters.weight(),
            color,
            align: Align2::CENTER_CENTER,
            rows: 1,
            least: 0.62,
            facing: Facing::Cashier,
        }
    }

    /// At another place of the rectangle.
    #[must_use]
    pub(crate) const fn align(mut self, align: Align2) -> Self {
        self.align = align;
        self
    }

    /// In up to so many lines.
    #[must_use]
    pub(crate) const fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// Cut where it is too long, never smaller: its beginning says enough.
    #[must_use]
    pub(crate) const fn cut(mut self) -> Self {
        self.least = 1.0;
        self
    }

    /// For the other side of the counter.
    #[must_use]
    pub(crate) const fn facing(mut self, facing: Facing) -> Self {
        self.facing = facing;
        self
    }
}

/// Paints `text` into `rect`; gives back the height that it took.
pub(crate) fn paint(painter: &Painter, rect: Rect, text: &str, style: Style) -> f32 {
    if rect.width() < 1.0 || rect.height() < 1.0 || text.is_empty() {
        return 0.0;
    }
    let galley = fit(painter, rect.size(), text, style);
    let align = match style.facing {
        Facing::Cashier => style.align,
        Facing::Customer => Align2([flip(style.align.x()), flip(style.align.y())]),
    };
    let area = align.align_size_within_rect(galley.size(), rect);
    let (angle, top) = match style.facing {
        Facing::Cashier => (0.0, area.min.y),
        Facing::Customer => (std::f32::consts::PI, area.max.y),
    };
    let left = match align.x() {
        Align::Min => area.min.x,
        Align::Center => area.center().x,
        Align::Max => area.max.x,
    };
    let height = galley.size().y;
    // The toolkit puts text on whole pixels itself, but only text that stands upright.
    let scale = painter.pixels_per_point();
    let place = pos2((left * scale).round(), (top * scale).round()) / scale;
    painter.add(TextShape::new(place, galley, style.color).with_angle(angle));
    height
}

/// How wide `text` is in one line.
pub(crate) fn width(painter: &Painter, text: &str, style: Style) -> f32 {
    lay_out(painter, text, style, style.points, f32::INFINITY, 1)
        .size()
        .x
}

fn flip(align: Align) -> Align {
    match align {
        Align::Min => Align::Max,
        Align::Center => Align::Center,
        Align::Max => Align::Min,
    }
}

/// The largest letters at which the text fits, down to what its style allows. Each size is whole
/// pixels, so that labels of one style look alike.
fn fit(painter: &Painter, room: Vec2, text: &str, style: Style) -> Arc<Galley> {
    let scale = painter.pixels_per_point();
    let smallest = style.points * style.least;
    let mut pixels = (style.points * scale).round().max(1.0);
    loop {
        let points = pixels / scale;
        let galley = lay_out(painter, text, style, points, room.x, style.rows);
        let fits = !galley.elided
            && galley.size().y <= room.y + 0.5
            && (galley.rows.len() <= 1 || words_fit(painter, room.x, text, style, points));
        if fits || points <= smallest {
            return galley;
        }
        pixels = (pixels * 0.93).floor().max(1.0);
    }
}

/// Whether no word has to be torn apart.
fn words_fit(painter: &Painter, width: f32, text: &str, style: Style, points: f32) -> bool {
    text.split_whitespace().all(|word| {
        let galley = lay_out(painter, word, style, points, f32::INFINITY, 1);
        galley.size().x <= width
    })
}

fn lay_out(
    painter: &Painter,
    text: &str,
    style: Style,
    points: f32,
    width: f32,
    rows: usize,
) -> Arc<Galley> {
    let format = TextFormat {
        font_id: font(points, style.weight),
        color: style.color,
        ..TextFormat::default()
    };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap.max_width = width;
    job.wrap.max_rows = rows;
    job.wrap.break_anywhere = rows == 1 && width.is_finite();
    // Upside down the pivot is still the text's own corner, which then lies on the other side.
    job.halign = style.align.x();
    painter.layout_job(job)
}

/// The square at the left end of a rectangle, and what is left of it.
pub(crate) fn split_icon(rect: Rect, side: f32, gap: f32) -> (Rect, Rect) {
    let center = pos2(rect.min.x + side / 2.0, rect.center().y);
    let icon = Rect::from_center_size(center, vec2(side, side));
    let mut rest = rect;
    rest.min.x = (rest.min.x + side + gap).min(rest.max.x);
    (icon, rest)
}
