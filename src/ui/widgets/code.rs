//! The payment code: pure black on pure white, whole pixels for each module, in every theme.

use egui::{Mesh, Rect, Shape, Ui, pos2, vec2};

use super::text::Facing;
use crate::proto::qr::{QUIET_ZONE_MODULES, QrGrid};
use crate::ui::theme::{CODE_DARK, CODE_LIGHT};

/// The part of the window's shorter side that the dark square takes at least.
pub(crate) const SHARE_MIN: f32 = 0.62;

/// Where a code lies, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fitted {
    /// Pixels for each module.
    pub(crate) module: usize,
    /// Left edge of the quiet zone.
    pub(crate) left: i64,
    /// Top edge of the quiet zone.
    pub(crate) top: i64,
    /// Side with the quiet zone.
    pub(crate) side: usize,
}

/// A run of dark modules, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// Left edge.
    pub(crate) left: i64,
    /// Top edge.
    pub(crate) top: i64,
    /// How wide; it is one module high.
    pub(crate) width: i64,
}

/// Fits a code into the middle of `rect` (in points). Keeps four more modules of white around the
/// quiet zone where the dark square still takes [`SHARE_MIN`] of `shorter`, the window's shorter
/// side in pixels.
pub(crate) fn fit(grid: &QrGrid, rect: Rect, pixels_per_point: f32, shorter: f32) -> Fitted {
    let room = (rect.width().min(rect.height()) * pixels_per_point)
        .floor()
        .max(0.0) as usize;
    let surround = grid.side_with_quiet_zone() + 2 * QUIET_ZONE_MODULES;
    let roomy = room / surround.max(1);
    let module = if (roomy * grid.side()) as f32 >= SHARE_MIN * shorter {
        roomy
    } else {
        grid.pixels_per_module(room)
    };
    let side = module * grid.side_with_quiet_zone();
    let center = rect.center() * pixels_per_point;
    let half = side as f32 / 2.0;
    Fitted {
        module,
        left: (center.x - half).round() as i64,
        top: (center.y - half).round() as i64,
        side,
    }
}

/// The dark modules as runs, for somebody on the given side of the counter.
pub(crate) fn runs(grid: &QrGrid, fitted: Fitted, facing: Facing) -> Vec<Run> {
    let side = grid.side();
    let module = fitted.module as i64;
    let quiet = QUIET_ZONE_MODULES as i64;
    let is_dark = |column: usize, row: usize| match facing {
        Facing::Cashier => grid.is_dark(column, row),
        Facing::Customer => {
            side > column && side > row && grid.is_dark(side - 1 - column, side - 1 - row)
        }
    };
    let mut runs = Vec::new();
    for row in 0..side {
        let mut from = None;
        for column in 0..=side {
            match (is_dark(column, row), from) {
                (true, None) => from = Some(column),
                (false, Some(start)) => {
                    runs.push(Run {
                        left: fitted.left + (quiet + start as i64) * module,
                        top: fitted.top + (quiet + row as i64) * module,
                        width: (column - start) as i64 * module,
                    });
                    from = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
    }
    runs
}

/// What lies around the place of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Around {
    /// Something of another color: white is kept around the quiet zone.
    Colors,
    /// White anyway.
    White,
}

/// The rectangle that covers every pixel that `rect` touches.
fn whole_pixels(rect: Rect, scale: f32) -> Rect {
    Rect::from_min_max(
        (rect.min * scale).floor() / scale,
        (rect.max * scale).ceil() / scale,
    )
}

/// Paints white over `rect` and the code into its middle.
pub(crate) fn paint(ui: &Ui, rect: Rect, grid: &QrGrid, facing: Facing, around: Around) {
    let scale = ui.pixels_per_point();
    let window = ui.ctx().content_rect();
    let shorter = match around {
        Around::Colors => window.width().min(window.height()) * scale,
        // No square is large enough to give white away.
        Around::White => f32::INFINITY,
    };
    let fitted = fit(grid, rect, scale, shorter);
    // A mesh has no soft edges, and its corners lie on whole pixels.
    let mut mesh = Mesh::default();
    let at = |left: i64, top: i64, width: i64, height: i64| {
        Rect::from_min_size(
            pos2(left as f32 / scale, top as f32 / scale),
            vec2(width as f32 / scale, height as f32 / scale),
        )
    };
    let side = fitted.side as i64;
    let light = at(fitted.left, fitted.top, side, side);
    mesh.add_colored_rect(whole_pixels(rect.union(light), scale), CODE_LIGHT);
    for run in runs(grid, fitted, facing) {
        let module = fitted.module as i64;
        mesh.add_colored_rect(at(run.left, run.top, run.width, module), CODE_DARK);
    }
    ui.painter().add(Shape::mesh(mesh));
}
