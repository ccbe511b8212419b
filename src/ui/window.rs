//! The native window around [`App`].

use std::cell::Cell;
use std::rc::Rc;

use winit::event_loop::EventLoop;

use super::app::App;
use super::finger::Finger;
use super::size::POINTS_PER_MM;
use super::{Till, WindowOptions};

/// The window could not be opened or was lost.
#[derive(Debug, thiserror::Error)]
#[error("the window did not open: {0}; check DISPLAY or WAYLAND_DISPLAY and the graphics driver")]
pub struct WindowError(String);

/// Opens the window and returns when it is closed. `till` is called when the window is there, so that
/// both can come up at the same time; where it gives none, the window does not appear.
pub fn run(
    till: impl FnOnce() -> Option<Rc<dyn Till>> + 'static,
    options: WindowOptions,
) -> Result<(), WindowError> {
    let (width, height) = options.size;
    let mut viewport = egui::ViewportBuilder::default()
        .with_title(crate::ui::TITLE)
        .with_app_id(crate::ui::APP_ID)
        .with_inner_size([width as f32, height as f32]);
    if options.fullscreen {
        viewport = viewport.with_fullscreen(true).with_decorations(false);
    }
    let native = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        persist_window: false,
        // The code is pure black on pure white.
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    let is_closed = Rc::new(Cell::new(false));
    let closed = Rc::clone(&is_closed);
    let create: eframe::AppCreator<'_> = Box::new(move |context| {
        let monitor = context
            .winit_window()
            .and_then(|window| window.current_monitor())
            .map(|monitor| monitor.size().width as f32);
        let till = till().ok_or("there is no till to show")?;
        Ok(Box::new(Window {
            app: App::new(till)
                .with_scanner_prefix(&options.scanner_prefix)
                .dressed(&context.egui_ctx),
            options,
            monitor,
            closed,
        }))
    });
    let said =
        |error: winit::error::EventLoopError| WindowError(cause(&error.to_string()).to_owned());
    let events = EventLoop::with_user_event().build().map_err(said)?;
    let toolkit = eframe::create_native(crate::ui::APP_ID, native, create, &events);
    events.run_app(&mut Finger::before(toolkit)).map_err(said)?;
    // The toolkit also ends when it has nothing to draw with, and keeps that to itself.
    if is_closed.get() {
        Ok(())
    } else {
        Err(WindowError("there is nothing to draw with".to_owned()))
    }
}

/// Without the place in the window library's source that its errors begin with.
fn cause(said: &str) -> &str {
    said.split_once("os error at ")
        .and_then(|(_, place_and_cause)| place_and_cause.split_once(": "))
        .map_or(said, |(_, cause)| cause)
        .trim_end_matches('.')
}

struct Window {
    app: App,
    options: WindowOptions,
    /// Pixels of the monitor's width, where the system says it.
    monitor: Option<f32>,
    /// Set when the window is about to close because somebody wants it to.
    closed: Rc<Cell<bool>>,
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if ctx.input(|input| input.viewport().close_requested()) {
            self.closed.set(true);
        }
        let panel = if self.options.fullscreen {
            Some(ctx.content_rect().width() * ctx.pixels_per_point())
        } else {
            self.monitor
        };
        let wanted = pixels_per_point(&self.options, panel);
        if (wanted - ctx.pixels_per_point()).abs() > 0.001 {
            ctx.set_pixels_per_point(wanted);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

/// Pixels for 1/96 inch: from the panel's width in pixels and millimeters, else 96 dots per inch.
fn pixels_per_point(options: &WindowOptions, panel_pixels: Option<f32>) -> f32 {
    let per_mm = match (options.width_mm, panel_pixels) {
        (Some(width), Some(pixels)) if width > 10.0 && pixels > 0.0 => pixels / width,
        (Some(_) | None, Some(_) | None) => POINTS_PER_MM,
    };
    (per_mm / POINTS_PER_MM).clamp(0.4, 6.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_names_no_source_file() {
        let said = "winit EventLoopError: os error at src/linux/mod.rs:765: DISPLAY is not set.";
        assert_eq!(cause(said), "DISPLAY is not set");
        assert_eq!(
            cause("no configuration: nothing"),
            "no configuration: nothing"
        );
    }

    #[test]
    fn a_point_is_as_large_as_the_panel_says() {
        let options = |width_mm| WindowOptions {
            fullscreen: true,
            size: (800, 480),
            scanner_prefix: String::new(),
            width_mm,
        };
        for (width_mm, pixels, expected) in [
            (Some(152.0), Some(800.0), 1.392),
            (Some(345.0), Some(1920.0), 1.472),
            (None, Some(1920.0), 1.0),
            (Some(152.0), None, 1.0),
            (Some(0.0), Some(800.0), 1.0),
        ] {
            let found = pixels_per_point(&options(width_mm), pixels);
            assert!((found - expected).abs() < 0.01, "{width_mm:?}: {found}");
        }
    }
}
