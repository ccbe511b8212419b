//! What a screen gets to draw itself: the snapshot, the words, the sizes, and one way to act.

use std::cell::Cell;

use egui::CornerRadius;

use super::Till;
use super::pictures::Pictures;
use super::size::Metrics;
use super::theme::Palette;
use crate::domain::money::Amount;
use crate::domain::print::PrintKind;
use crate::domain::time::Timestamp;
use crate::proto::translation::Words;
use crate::terminal::{Command, Snapshot};

/// Seconds after which a committing button works again although nothing changed: the till may have
/// refused in a way that leaves the screen as it was.
const REARM_SECS: f64 = 2.0;

/// What a press was made on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pressed {
    screen: u64,
    notice: Option<u64>,
    at: f64,
}

/// Remembers the last committing press, so that a nervous finger commits once.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pressed: Cell<Option<Pressed>>,
    busy: Cell<bool>,
    asked: Cell<bool>,
}

impl Desk {
    /// Whether the till took no command the last time.
    pub(crate) const fn is_busy(&self) -> bool {
        self.busy.get()
    }

    /// Whether the till was asked for something since the last call.
    pub(crate) const fn take_asked(&self) -> bool {
        self.asked.replace(false)
    }
}

/// One frame's view of the till.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    /// What is shown.
    pub(crate) snap: &'a Snapshot,
    /// Whom commands go to.
    pub(crate) till: &'a dyn Till,
    /// The cashier's words.
    pub(crate) words: &'a Words,
    /// The theme's colors.
    pub(crate) palette: &'static Palette,
    /// The window's sizes.
    pub(crate) metrics: Metrics,
    /// Seconds since the window opened.
    pub(crate) now: f64,
    /// The last committing press.
    pub(crate) desk: &'a Desk,
    /// Pictures of products.
    pub(crate) pictures: &'a Pictures,
}

impl std::fmt::Debug for Cx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx")
            .field("screen", &self.snap.screen)
            .field("metrics", &self.metrics)
            .finish_non_exhaustive()
    }
}

impl Cx<'_> {
    /// Sends a command that may be repeated: one more piece, another theme.
    pub(crate) fn send(&self, command: Command) {
        self.hand_over(command);
    }

    fn hand_over(&self, command: Command) -> bool {
        let taken = self.till.send(command, self.snap.screen_seq);
        self.desk.busy.set(!taken);
        self.desk.asked.set(taken);
        taken
    }

    /// Sends a command that must not be repeated by a second tap on the same screen.
    pub(crate) fn commit(&self, command: Command) {
        let press = Pressed {
            screen: self.snap.screen_seq,
            notice: self.snap.notice.as_ref().map(|(number, _)| *number),
            at: self.now,
        };
        let again = self.desk.pressed.get().is_some_and(|last| {
            last.screen == press.screen
                && last.notice == press.notice
                && press.at - last.at < REARM_SECS
        });
        if again {
            return;
        }
        if self.hand_over(command) {
            self.desk.pressed.set(Some(press));
        }
    }

    /// The cashier's words for a key.
    pub(crate) fn say(&self, key: &str) -> String {
        self.words.say(key, &[])
    }

    /// The cashier's words for a key, with values in them.
    pub(crate) fn say_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.say(key, values)
    }

    /// Whether there is a printer for receipts.
    pub(crate) fn prints_receipts(&self) -> bool {
        let mut printers = self.snap.printers.iter();
        printers.any(|printer| printer.uses.contains(&PrintKind::Receipt))
    }

    /// Whether there is a printer for stickers.
    pub(crate) fn prints_stickers(&self) -> bool {
        let mut printers = self.snap.printers.iter();
        printers.any(|printer| printer.uses.contains(&PrintKind::Sticker))
    }

    /// An amount as the shop writes it.
    pub(crate) fn money(&self, amount: Amount) -> String {
        amount.format(self.snap.shop.locale)
    }

    /// Hours and minutes in the shop's zone.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        self.snap.shop.day.clock_time(at)
    }

    /// Points for millimeters that grow with the panel.
    pub(crate) fn mm(&self, millimeters: f32) -> f32 {
        self.metrics.mm(millimeters)
    }

    /// The corners of buttons and tiles.
    pub(crate) fn corner(&self) -> CornerRadius {
        CornerRadius::same(self.metrics.mm(self.palette.corner_mm) as u8)
    }
}
