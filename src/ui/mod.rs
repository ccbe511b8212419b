//! Floor 5: the window. Draws a [`Snapshot`], sends [`Command`]s, owns only what the eye needs.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    clippy::arithmetic_side_effects,
    clippy::similar_names,
    reason = "points and pixels of one window are small numbers, cut from a rect and its rest; money is calculated in domain"
)]

mod app;
mod cx;
mod finger;
mod icon;
mod keypad;
mod pictures;
mod poll;
mod say;
mod scanner;
mod screens;
mod set_up;
mod size;
mod stickers;
mod test_page;
mod theme;
mod trip;
mod view;
mod widgets;
mod window;

use std::sync::Arc;

pub use app::App;
pub use window::{WindowError, run};

pub use crate::domain::picture::Picture;
use crate::terminal::{Answer, Command, Query, Snapshot};

/// The window's title.
pub const TITLE: &str = "Tillcode";
/// What window systems know the program by.
pub const APP_ID: &str = "tillcode";

/// The till, as the window knows it. No call waits for network or disk.
pub trait Till {
    /// The newest snapshot.
    fn snapshot(&self) -> Arc<Snapshot>;
    /// Hands a command over. `seen` is the `screen_seq` of the snapshot that the finger saw.
    /// `false` when the till is too busy to take it: say so, and let the finger try again.
    fn send(&self, command: Command, seen: u64) -> bool;
    /// Gives the till a moment to answer a finger: returns as soon as there is a snapshot newer than
    /// `revision`, and in any case within a fraction of a frame.
    fn settle(&self, revision: u64) {
        let _: u64 = revision;
    }
    /// Asks for a list; the answer is given to `answer` on another thread, followed by a wake-up.
    fn ask(&self, query: Query, answer: Box<dyn FnOnce(Answer) + Send>);
    /// The decoded picture of a product, where it is there; else begins to load it and wakes later.
    fn picture(&self, source: &str) -> Option<Arc<Picture>>;
    /// Registers what to call when there is something new to draw.
    fn wake_with(&self, wake: Box<dyn Fn() + Send + Sync>);
}

/// How the window is opened.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// Fills the screen, without frame and cursor keys of the toolkit.
    pub fullscreen: bool,
    /// Size of a window that does not fill the screen, in pixels.
    pub size: (u32, u32),
    /// What the scanner types before each code; empty for nothing.
    pub scanner_prefix: String,
    /// The panel's width in millimeters, from the configuration or from what it reports.
    pub width_mm: Option<f32>,
}
