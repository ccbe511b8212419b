//! The painted code, read back by an independent reader.

use egui::{Color32, Shape, epaint::Mesh};
use tillcode::proto::qr::QrGrid;
use tillcode::terminal::{Screen as Which, Snapshot, Theme};

use crate::support::fake_till::{URL, pay, sale, snapshot};
use crate::support::panels::{PANELS, Panel};
use crate::support::screen::Screen;

fn paying(theme: Theme) -> Snapshot {
    let mut start = snapshot();
    start.screen = Which::Pay;
    start.theme = theme;
    start.pay = Some(pay(sale(42, 350)));
    start
}

/// The window in gray, as far as meshes without a picture paint it: 128 where none does.
struct Canvas {
    width: usize,
    height: usize,
    gray: Vec<u8>,
    /// Left, top, right and bottom of everything black.
    dark: [usize; 4],
}

impl Canvas {
    fn of(panel: Panel, screen: &Screen) -> Self {
        let (width, height) = (panel.pixels.0 as usize, panel.pixels.1 as usize);
        let mut canvas = Self {
            width,
            height,
            gray: vec![128; width * height],
            dark: [usize::MAX, usize::MAX, 0, 0],
        };
        let scale = panel.pixels_per_point();
        for clipped in &screen.harness.output().shapes {
            if let Shape::Mesh(mesh) = &clipped.shape {
                // No ground of a button has nearly as many corners as the code.
                if mesh.vertices.len() > 1_000 {
                    canvas.paint(mesh, scale);
                } else {
                    canvas.cover(mesh, scale);
                }
            }
        }
        canvas
    }

    /// What lies above the code hides it.
    fn cover(&mut self, mesh: &Mesh, scale: f32) {
        let bounds = mesh.calc_bounds() * scale;
        for y in bounds.min.y as usize..(bounds.max.y as usize).min(self.height) {
            let row = y * self.width;
            let end = (bounds.max.x as usize).min(self.width);
            self.gray[row + (bounds.min.x as usize).min(end)..row + end].fill(128);
        }
    }

    fn paint(&mut self, mesh: &Mesh, scale: f32) {
        for corners in mesh.vertices.chunks(4) {
            let color = corners[0].color;
            let dark = color == Color32::BLACK;
            assert!(
                dark || color == Color32::WHITE,
                "only black and white: {color:?}"
            );
            let xs: Vec<f32> = corners.iter().map(|corner| corner.pos.x * scale).collect();
            let ys: Vec<f32> = corners.iter().map(|corner| corner.pos.y * scale).collect();
            if dark {
                for value in xs.iter().chain(&ys) {
                    assert!(
                        (value - value.round()).abs() < 0.01,
                        "not on a pixel: {value}"
                    );
                }
            }
            let edge = |values: &[f32], most: usize| {
                let least = values
                    .iter()
                    .copied()
                    .fold(f32::MAX, f32::min)
                    .round()
                    .max(0.0);
                let end = values.iter().copied().fold(0.0, f32::max).round();
                (least as usize, (end as usize).min(most))
            };
            let (left, right) = edge(&xs, self.width);
            let (top, bottom) = edge(&ys, self.height);
            for y in top..bottom {
                self.gray[y * self.width + left..y * self.width + right].fill(if dark {
                    0
                } else {
                    255
                });
            }
            if dark {
                let [a, b, c, d] = self.dark;
                self.dark = [a.min(left), b.min(top), c.max(right), d.max(bottom)];
            }
        }
    }

    fn check(&self, name: &str) {
        let [left, top, right, bottom] = self.dark;
        let side = right - left;
        assert_eq!(side, bottom - top, "{name}: square");
        let shorter = self.width.min(self.height);
        assert!(side * 10 >= shorter * 6, "{name}: {side} of {shorter}");
        let modules = QrGrid::encode(URL).unwrap().side();
        assert_eq!(side % modules, 0, "{name}: whole pixels for each module");
        let quiet = side / modules * 4;
        for y in top - quiet..bottom + quiet {
            for x in left - quiet..right + quiet {
                let inside = (left..right).contains(&x) && (top..bottom).contains(&y);
                let gray = self.gray[y * self.width + x];
                assert!(inside || gray == 255, "{name}: quiet zone at {x}, {y}");
                assert!(gray == 0 || gray == 255, "{name}: pure at {x}, {y}");
            }
        }
        let (width, gray) = (self.width, &self.gray);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, self.height, |x, y| {
            gray[y * width + x]
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "{name}");
        assert_eq!(grids[0].decode().unwrap().1, URL, "{name}");
    }
}

#[test]
fn the_painted_code_is_read_on_every_panel_in_every_theme() {
    for panel in PANELS {
        for theme in [Theme::Light, Theme::Dark, Theme::Sunlight] {
            let mut screen = Screen::on(panel, paying(theme));
            let name = format!("{} {theme:?}", panel.name);
            Canvas::of(panel, &screen).check(&name);
            screen.press("Turn the picture");
            Canvas::of(panel, &screen).check(&format!("{name} turned"));
            screen.press_or_more("Whole screen");
            Canvas::of(panel, &screen).check(&format!("{name} whole"));
        }
    }
}

#[test]
fn a_demo_and_a_notice_leave_the_code_large_enough() {
    for panel in PANELS {
        let mut start = paying(Theme::Light);
        let mut shop = tillcode::terminal::snapshot::ShopView::clone(&start.shop);
        shop.demo = true;
        start.shop = std::sync::Arc::new(shop);
        start.notice = Some((1, tillcode::terminal::Notice::AlreadyPaid));
        let screen = Screen::on(panel, start);
        Canvas::of(panel, &screen).check(panel.name);
    }
}
