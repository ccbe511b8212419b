//! How far somebody has come with choosing a printer.

use crate::terminal::Answer;
use crate::terminal::query::{PortView, PrinterKind};
use crate::ui::poll::Poll;

/// A question about a printer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SetUpStep {
    /// Which printer it is about.
    #[default]
    Which,
    /// Where it is plugged in.
    Where,
    /// Whether it is this port.
    Try,
    /// What kind it is.
    Kind,
    /// What it is used for.
    Use,
}

/// What printers may be behind, and which kinds there are.
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    pub(crate) ports: Vec<PortView>,
    pub(crate) kinds: Vec<PrinterKind>,
}

/// What was said so far.
#[derive(Debug, Default)]
pub(crate) struct SetUpDesk {
    pub(crate) step: SetUpStep,
    /// Since when that is asked, in seconds of the window's clock.
    pub(crate) since: f64,
    /// The printer; none for a new one.
    pub(crate) printer: Option<String>,
    /// Where it is; none where that stays.
    pub(crate) port: Option<PortView>,
    /// Bits a second, where that is a serial line.
    pub(crate) baud: u32,
    /// The name of its kind.
    pub(crate) profile: String,
    /// What is plugged in.
    pub(crate) ports: Poll<Ports>,
    /// A line that was sent to the port, and why it was not.
    pub(crate) tried: Option<Poll<Result<(), String>>>,
}

/// What most serial printers are set to.
const USUAL_BAUD: u32 = 9_600;
/// Speeds of serial printers, the most usual first.
pub(crate) const BAUDS: [u32; 4] = [USUAL_BAUD, 19_200, 38_400, 115_200];
/// So long after a question came nothing answers it: that was the second tap on what stood there before.
const DEAF_SECS: f64 = 0.4;

impl SetUpDesk {
    /// From the beginning.
    pub(crate) fn begin(&mut self, has_printers: bool, now: f64) {
        *self = Self {
            baud: USUAL_BAUD,
            ..Self::default()
        };
        self.ask(
            if has_printers {
                SetUpStep::Which
            } else {
                SetUpStep::Where
            },
            now,
        );
    }

    /// Comes to a question.
    pub(crate) const fn ask(&mut self, step: SetUpStep, now: f64) {
        self.step = step;
        self.since = now;
    }

    /// What the till is told of the port; none where it stays.
    pub(crate) fn port_text(&self) -> Option<String> {
        let port = self.port.as_ref()?;
        Some(if port.is_serial {
            format!("{}@{}", port.port, self.baud)
        } else {
            port.port.clone()
        })
    }

    /// Whether a tap can be meant for it.
    pub(crate) fn hears(&self, now: f64) -> bool {
        now - self.since >= DEAF_SECS
    }

    /// The question before this one; none before the first.
    pub(crate) const fn before(&self, has_printers: bool) -> Option<SetUpStep> {
        match self.step {
            SetUpStep::Where if has_printers => Some(SetUpStep::Which),
            SetUpStep::Which | SetUpStep::Where => None,
            SetUpStep::Kind if self.port.is_some() => Some(SetUpStep::Try),
            SetUpStep::Try | SetUpStep::Kind => Some(SetUpStep::Where),
            SetUpStep::Use => Some(SetUpStep::Kind),
        }
    }
}

/// The answer to what is plugged in.
pub(crate) fn pick_ports(answer: Answer) -> Option<Ports> {
    if let Answer::Ports { ports, kinds } = answer {
        Some(Ports { ports, kinds })
    } else {
        None
    }
}

/// What came of a line.
pub(crate) fn pick_tried(answer: Answer) -> Option<Result<(), String>> {
    if let Answer::Tried { problem } = answer {
        Some(problem.map_or(Ok(()), Err))
    } else {
        None
    }
}
