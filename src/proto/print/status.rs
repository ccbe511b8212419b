//! What printers say of themselves, whatever their language: how they are asked, what they answer, and
//! what ends a job that was cut off.

use super::{LabelState, Language, escpos, tspl, zpl};

/// How a printer is, as far as it said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one lamp of the printer; any may be on"
)]
pub struct PrinterState {
    /// It does not print now, or somebody has paused it.
    pub is_offline: bool,
    /// The cover or the head is open.
    pub is_open: bool,
    /// There is no paper.
    pub is_paper_out: bool,
    /// The roll ends soon.
    pub is_paper_low: bool,
    /// The cutter is stuck.
    pub is_cutter_stuck: bool,
    /// Something that only switching off and on, or repair, helps.
    pub is_broken: bool,
    /// Too hot, or too little voltage: it goes on by itself.
    pub is_overheated: bool,
    /// There is no ribbon.
    pub is_ribbon_out: bool,
    /// Labels are stuck.
    pub is_jammed: bool,
}

impl PrinterState {
    /// Whether paper is changed or torn before it goes on.
    pub const fn is_opened(self) -> bool {
        self.is_open || self.is_paper_out || self.is_cutter_stuck || self.is_jammed
    }

    /// Whether it would print. A roll that ends soon is no hindrance.
    pub const fn is_well(self) -> bool {
        !(self.is_offline
            || self.is_open
            || self.is_paper_out
            || self.is_cutter_stuck
            || self.is_broken
            || self.is_overheated
            || self.is_ribbon_out
            || self.is_jammed)
    }
}

impl From<LabelState> for PrinterState {
    fn from(label: LabelState) -> Self {
        Self {
            is_offline: label.is_paused,
            is_open: label.is_open,
            is_paper_out: label.is_paper_out,
            is_overheated: label.is_overheated,
            is_ribbon_out: label.is_ribbon_out,
            is_jammed: label.is_jammed,
            ..Self::default()
        }
    }
}

/// What a printer said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// One of the answers to a receipt printer's [`Language::question`].
    Answer(u8),
    /// The answer to a label printer's [`Language::question`].
    Label(LabelState),
    /// How it is, by itself: all of it.
    State(PrinterState),
    /// All before this number is printed.
    Printed([u8; 4]),
    /// All before the question is processed.
    Processed {
        /// The roll ends soon.
        is_paper_low: bool,
    },
    /// Whether what the sheet began with is still in its memory.
    Kept(bool),
    /// Its memory is empty: a job was given up.
    Cleared,
    /// Something that is no answer.
    Noise,
}

/// Takes a printer's bytes as they come and tells what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listener {
    /// Of a receipt printer.
    EscPos(escpos::status::Listener),
    /// Of a label printer with Zebra's language.
    Zpl(zpl::status::Listener),
    /// Of a label printer with TSC's language: each byte is an answer.
    Tspl,
}

impl Listener {
    /// Of a printer with this language that has said nothing yet.
    pub fn new(language: Language) -> Self {
        match language {
            Language::EscPos => Self::EscPos(escpos::status::Listener::default()),
            Language::Zpl => Self::Zpl(zpl::status::Listener::default()),
            Language::Tspl => Self::Tspl,
        }
    }

    /// The next bytes.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<Said> {
        match self {
            Self::EscPos(listener) => listener.hear(bytes),
            Self::Zpl(listener) => listener.hear(bytes),
            Self::Tspl => {
                let states = bytes.iter().map(|byte| tspl::status::state(*byte));
                states.map(Said::Label).collect()
            }
        }
    }
}

impl Language {
    /// Whether sheets have a size of their own.
    pub const fn is_for_labels(self) -> bool {
        match self {
            Self::EscPos => false,
            Self::Zpl | Self::Tspl => true,
        }
    }

    /// Asks how a printer is; answered at once, whatever waits before. Never within another command.
    pub const fn question(self) -> &'static [u8] {
        match self {
            Self::EscPos => escpos::status::QUESTIONS.as_flattened(),
            Self::Zpl => zpl::status::QUESTION,
            Self::Tspl => tspl::status::QUESTION,
        }
    }

    /// How many answers [`Self::question`] has.
    pub const fn answers(self) -> usize {
        match self {
            Self::EscPos => escpos::status::QUESTIONS.len(),
            Self::Zpl | Self::Tspl => 1,
        }
    }

    /// Ends a command that was cut off so that the next job is not taken for its rest, and prints nothing
    /// that the cut did not leave whole. `rest` is the most bytes that the printer may wait for.
    pub fn ending(self, rest: usize) -> Vec<u8> {
        match self {
            // A zero prints nothing.
            Self::EscPos => vec![0; rest],
            Self::Zpl => zpl::status::ENDING.to_vec(),
            Self::Tspl => tspl::status::ending(rest),
        }
    }
}
