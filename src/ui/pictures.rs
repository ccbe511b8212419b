//! Pictures of products as textures, a bounded number of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use egui::{
    Color32, ColorImage, Context, CornerRadius, Rect, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, pos2,
};

use super::Till;
use crate::domain::bitmap::Bitmap;

/// The most textures that are kept: a few screens full. At 256 KB each that is 64 MB.
const TEXTURES_MAX: usize = 256;

/// A picture that can be painted.
#[derive(Clone)]
pub(crate) struct Shown {
    /// Its texture.
    pub(crate) texture: TextureHandle,
    /// The color of its corner, to go on around it; none where it is transparent.
    pub(crate) ground: Option<Color32>,
}

/// The textures that were painted lately.
#[derive(Default)]
pub(crate) struct Pictures {
    kept: RefCell<Kept>,
}

#[derive(Default)]
struct Kept {
    by_source: BTreeMap<String, (u64, Shown)>,
    used: u64,
}

impl Pictures {
    /// The picture of a source, where the till has it by now.
    pub(crate) fn find(&self, ctx: &Context, till: &dyn Till, source: &str) -> Option<Shown> {
        let mut kept = self.kept.borrow_mut();
        kept.used = kept.used.saturating_add(1);
        let used = kept.used;
        if let Some((last, shown)) = kept.by_source.get_mut(source) {
            *last = used;
            return Some(shown.clone());
        }
        let picture = till.picture(source)?;
        if picture.rgba.len() != picture.width.checked_mul(picture.height)?.checked_mul(4)?
            || picture.rgba.is_empty()
        {
            return None;
        }
        let image =
            ColorImage::from_rgba_unmultiplied([picture.width, picture.height], &picture.rgba);
        let ground = image.pixels.first().copied().filter(Color32::is_opaque);
        let texture = ctx.load_texture(source, image, TextureOptions::LINEAR);
        let shown = Shown { texture, ground };
        kept.by_source
            .insert(source.to_owned(), (used, shown.clone()));
        kept.forget_oldest();
        Some(shown)
    }
}

impl Kept {
    fn forget_oldest(&mut self) {
        if self.by_source.len() <= TEXTURES_MAX {
            return;
        }
        let oldest = self
            .by_source
            .iter()
            .min_by_key(|(_, (used, _))| *used)
            .map(|(source, _)| source.clone());
        if let Some(source) = oldest {
            self.by_source.remove(&source);
        }
    }
}

/// Paper before it is printed: its dots as a texture.
#[derive(Clone)]
pub(crate) struct Drawn(TextureHandle);

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Drawn(…)")
    }
}

impl Drawn {
    /// From black dots on white.
    pub(crate) fn new(ctx: &Context, dots: &Bitmap) -> Self {
        let (width, height) = (dots.width(), dots.height());
        let pixel = |y: usize| {
            (0..width).map(move |x| {
                if dots.is_black(x, y) {
                    Color32::BLACK
                } else {
                    Color32::WHITE
                }
            })
        };
        let pixels = (0..height).flat_map(pixel).collect();
        let image = ColorImage::new([width, height], pixels);
        Self(ctx.load_texture("paper", image, TextureOptions::LINEAR))
    }

    /// Paints all of it in the middle of `rect`, as large as fits, with the edge of the paper.
    pub(crate) fn paint(&self, ui: &Ui, rect: Rect, edge: Stroke) -> Rect {
        let size = self.0.size_vec2();
        let scale = (rect.width() / size.x).min(rect.height() / size.y);
        let place = Rect::from_center_size(rect.center(), size * scale);
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter()
            .image(self.0.id(), place, whole, Color32::WHITE);
        ui.painter()
            .rect_stroke(place, CornerRadius::ZERO, edge, StrokeKind::Outside);
        place
    }
}
