//! The window's content: reads the newest snapshot, draws its screen, passes scans on.

use std::num::NonZeroUsize;
use std::rc::Rc;

use egui::{Context, CornerRadius, Event, Key, Ui};

use super::Till;
use super::cx::{Cx, Desk};
use super::pictures::Pictures;
use super::scanner::{Heard, Scanner, Typed};
use super::screens;
use super::size::Metrics;
use super::theme::{self, Palette};
use super::view::View;
use crate::proto::translation::Words;
use crate::terminal::{Command, Snapshot, Theme};

/// Passes of layout that follow one in which something was heard.
const PASSES_AFTER_INPUT: usize = 2;
/// Passes of layout of one frame at most.
const PASSES_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(PASSES_AFTER_INPUT);

/// The kiosk, without its window: tests drive the same one.
pub struct App {
    till: Rc<dyn Till>,
    words: Words,
    theme: Option<Theme>,
    /// The frame in which the theme changed: the window was cleared to the ground of the one before.
    dressed_in: Option<u64>,
    desk: Desk,
    pictures: Pictures,
    scanner: Scanner,
    view: View,
    awake: bool,
    /// The revision that a finger acted on in the pass before, whose result is to be drawn in this
    /// one.
    acted_on: Option<u64>,
    /// How often the present frame is laid out again before it is drawn.
    passes_to_come: usize,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("view", &self.view)
            .finish_non_exhaustive()
    }
}

impl App {
    /// An app that shows `till`.
    pub fn new(till: Rc<dyn Till>) -> Self {
        let words = Words::of(till.snapshot().language);
        Self {
            till,
            words,
            theme: None,
            dressed_in: None,
            desk: Desk::default(),
            pictures: Pictures::default(),
            scanner: Scanner::default(),
            view: View::default(),
            awake: false,
            acted_on: None,
            passes_to_come: PASSES_AFTER_INPUT,
        }
    }

    /// For a scanner that sends `prefix` before each code.
    #[must_use]
    pub fn with_scanner_prefix(mut self, prefix: &str) -> Self {
        self.scanner = Scanner::with_prefix(prefix);
        self
    }

    /// For a window that is cleared to the ground of its theme: dressed before its first frame.
    #[must_use]
    pub fn dressed(mut self, ctx: &Context) -> Self {
        self.wear(ctx, self.till.snapshot().theme);
        self
    }

    /// Draws everything into `ui`, which fills the window.
    pub fn ui(&mut self, ui: &mut Ui) {
        if !self.awake {
            self.awake = true;
            let ctx = ui.ctx().clone();
            ctx.options_mut(|options| {
                // A kiosk that Ctrl+Q ends, or that Ctrl+Plus makes unusable, is none.
                options.quit_shortcuts.clear();
                options.zoom_with_keyboard = false;
                options.max_passes = PASSES_MAX;
            });
            self.till.wake_with(Box::new(move || ctx.request_repaint()));
        }
        let till = Rc::clone(&self.till);
        if let Some(revision) = self.acted_on.take() {
            till.settle(revision);
        }
        let snapshot = till.snapshot();
        self.dress(ui, &snapshot);
        self.view.follow(&snapshot);
        self.listen(ui, &snapshot);
        let cx = Cx {
            snap: &snapshot,
            till: till.as_ref(),
            words: &self.words,
            palette: Palette::of(snapshot.theme),
            metrics: Metrics::of(ui.max_rect().size()),
            now: ui.input(|input| input.time),
            desk: &self.desk,
            pictures: &self.pictures,
        };
        screens::window_ui(ui, &cx, &mut self.view);
        if self.desk.take_asked() {
            self.acted_on = Some(snapshot.revision);
        }
        self.settle_before_drawing(ui);
    }

    /// Lays a frame that heard something out again before it is drawn, so that a tap and its result
    /// are one frame. The toolkit would draw two more frames after each event, all alike; its
    /// requests for them are used up here, where a pass costs a thirtieth of a drawn frame.
    fn settle_before_drawing(&mut self, ui: &Ui) {
        if ui.input(|input| !input.events.is_empty()) || self.acted_on.is_some() {
            self.passes_to_come = PASSES_AFTER_INPUT;
        }
        if self.passes_to_come > 0 {
            self.passes_to_come -= 1;
            ui.ctx().request_discard("settle-before-drawing");
        }
    }

    fn dress(&mut self, ui: &Ui, snapshot: &Snapshot) {
        if self.theme != Some(snapshot.theme) {
            self.dressed_in = Some(ui.ctx().cumulative_frame_nr());
            self.wear(ui.ctx(), snapshot.theme);
        }
        if self.dressed_in == Some(ui.ctx().cumulative_frame_nr()) {
            let ground = Palette::of(snapshot.theme).ground;
            ui.painter()
                .rect_filled(ui.max_rect(), CornerRadius::ZERO, ground);
        }
        if self.words.language() != snapshot.language {
            self.words = Words::of(snapshot.language);
        }
    }

    fn wear(&mut self, ctx: &Context, theme: Theme) {
        if self.theme.is_none() {
            theme::set_fonts(ctx);
        }
        self.theme = Some(theme);
        theme::apply(ctx, theme);
    }

    /// Takes a scanner's bursts out of the keyboard's stream.
    fn listen(&mut self, ui: &Ui, snapshot: &Snapshot) {
        let (now, events) = ui.input(|input| (input.time, input.events.clone()));
        let mut ended = false;
        for event in &events {
            if let Event::Text(text) = event {
                for character in text.chars() {
                    self.hear_char(character, now);
                }
            } else if is_end(event) {
                ended |= self.hear_end(now, snapshot);
            }
        }
        if ended {
            ui.input_mut(|input| {
                input
                    .events
                    .retain(|event| !matches!(event, Event::Text(_) | Event::Key { .. }));
            });
            // Tab has moved the focus already, and Enter would press what has it.
            ui.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
    }

    fn hear_char(&mut self, character: char, now: f64) {
        if self.scanner.hear(Typed::Char(character), now) == Heard::Begin {
            self.view.search_before = self.view.search.clone();
        }
    }

    /// Whether the end mark ended a scan.
    fn hear_end(&mut self, now: f64, snapshot: &Snapshot) -> bool {
        let heard = self.scanner.hear(Typed::End, now);
        match heard {
            Heard::Begin | Heard::More | Heard::Nothing => false,
            Heard::Stutter => {
                self.view.search = std::mem::take(&mut self.view.search_before);
                true
            }
            Heard::Scan(text) => {
                self.view.search = std::mem::take(&mut self.view.search_before);
                self.till.send(Command::Scan { text }, snapshot.screen_seq);
                true
            }
        }
    }
}

/// Whether a scanner could end a code with it.
fn is_end(event: &Event) -> bool {
    matches!(
        event,
        Event::Key {
            key: Key::Enter | Key::Tab,
            pressed: true,
            ..
        }
    )
}
