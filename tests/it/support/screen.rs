//! The window without a window, driven by accessible names.

use std::rc::Rc;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use tillcode::terminal::Snapshot;
use tillcode::ui::App;

use super::fake_till::FakeTill;
use super::panels::{PANELS, Panel};

/// A window on a panel, and the till behind it.
pub struct Screen {
    /// The till.
    pub till: Rc<FakeTill>,
    /// The window.
    pub harness: Harness<'static, App>,
}

impl Screen {
    /// Shows `snapshot` on the ten-inch panel.
    pub fn new(snapshot: Snapshot) -> Self {
        Self::on(PANELS[2], snapshot)
    }

    /// Shows `snapshot` on a panel.
    pub fn on(panel: Panel, snapshot: Snapshot) -> Self {
        Self::of(panel, FakeTill::new(snapshot))
    }

    /// Shows a till on a panel.
    pub fn of(panel: Panel, till: FakeTill) -> Self {
        let till = Rc::new(till);
        let app = App::new(Rc::clone(&till) as Rc<dyn tillcode::ui::Till>);
        let mut harness = Harness::builder()
            .with_size(panel.points())
            .with_pixels_per_point(panel.pixels_per_point())
            .with_max_steps(12)
            .with_step_dt(0.05)
            .build_ui_state(|ui, app: &mut App| app.ui(ui), app);
        harness.run();
        Self { till, harness }
    }

    /// Presses the button of a name.
    pub fn press(&mut self, name: &str) {
        self.harness.get_by_label(name).click();
        self.harness.run();
    }

    /// Presses the first button with this within its name.
    pub fn press_part(&mut self, part: &str) {
        let found = self.harness.query_all_by_label_contains(part).next();
        found.expect("a button of this name").click();
        self.harness.run();
    }

    /// Whether something has this name.
    pub fn shows(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    /// Presses the button of a name; where there is no room for it, behind "More".
    pub fn press_or_more(&mut self, name: &str) {
        if !self.shows(name) {
            self.press("More…");
        }
        self.press(name);
    }

    /// Whether something has this within its name.
    pub fn shows_part(&self, part: &str) -> bool {
        let found = self.harness.query_all_by_label_contains(part).next();
        found.is_some()
    }

    /// How many have this name.
    pub fn count(&self, name: &str) -> usize {
        self.harness.query_all_by_label(name).count()
    }

    /// How high the one of this name is, in millimeters.
    pub fn height_mm(&self, name: &str) -> f32 {
        self.harness.get_by_label(name).rect().height() / (96.0 / 25.4)
    }

    /// Changes what the till shows, and draws it.
    pub fn change(&mut self, change: impl FnOnce(&mut Snapshot)) {
        self.till.change(change);
        self.harness.run();
    }
}
