//! What a printer says: bytes of several kinds on one line, told apart by their bits.

use super::super::status::{PrinterState, Said};

/// Asks how the printer is; answered at once, whatever waits before, with one byte each. In the order of
/// [`PrinterState::from_answers`].
pub const QUESTIONS: [[u8; 3]; 4] = [
    [0x10, 0x04, 1],
    [0x10, 0x04, 2],
    [0x10, 0x04, 3],
    [0x10, 0x04, 4],
];

/// Lets a printer go on whose cutter was stuck, with the line at which it stopped (`DLE ENQ`); at once,
/// whatever waits before. Only once somebody has freed it: the knife moves.
pub const GO_ON: [u8; 3] = [0x10, 0x05, 1];

impl PrinterState {
    /// From the answers to [`QUESTIONS`].
    pub fn from_answers([printer, cause, error, paper]: [u8; 4]) -> Self {
        Self {
            is_offline: printer & 0x08 != 0,
            is_open: cause & 0x04 != 0,
            is_paper_out: cause & 0x20 != 0 || paper & 0x60 != 0,
            is_paper_low: paper & 0x0c != 0,
            is_cutter_stuck: error & 0x08 != 0,
            is_broken: error & 0x20 != 0,
            is_overheated: error & 0x40 != 0,
            ..Self::default()
        }
    }
}

/// Asks whether there is a code's text in the printer's memory (`GS ( k`, function 182: its size). What was
/// stored stays there after it is printed, until it is switched off or set up anew (function 180).
pub const IS_KEPT: [u8; 8] = [0x1d, b'(', b'k', 3, 0, 0x31, 0x52, 0x30];

/// The most bytes of an answer that is a block.
const BLOCK_BYTES_MAX: usize = 80;

/// Takes a printer's bytes as they come and tells what they mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listener {
    begun: Vec<u8>,
}

impl Listener {
    /// The next bytes.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<Said> {
        bytes.iter().filter_map(|byte| self.byte(*byte)).collect()
    }

    fn byte(&mut self, byte: u8) -> Option<Said> {
        let Some(first) = self.begun.first().copied() else {
            return self.first(byte);
        };
        self.begun.push(byte);
        if is_automatic(first) {
            return self.automatic();
        }
        if byte != 0 && self.begun.len() < BLOCK_BYTES_MAX {
            return None;
        }
        let block = std::mem::take(&mut self.begun);
        Some(match block.as_slice() {
            [0x37, 0x22, one, two, three, four, 0] => Said::Printed([*one, *two, *three, *four]),
            [0x37, 0x25, 0] => Said::Cleared,
            // Width, height, a one, and whether it could be printed. Citizen's begin with 2Fh.
            [0x37, 0x36 | 0x2f, .., 0x1f, could @ (0x30 | 0x31), 0] => Said::Kept(*could == 0x30),
            _ => Said::Noise,
        })
    }

    fn first(&mut self, byte: u8) -> Option<Said> {
        // Flow control, where the port leaves it to us.
        if matches!(byte, 0x11 | 0x13) {
            return None;
        }
        if is_answer(byte) {
            return Some(Said::Answer(byte));
        }
        if is_automatic(byte) || matches!(byte, 0x37 | 0x5f) {
            self.begun.push(byte);
            return None;
        }
        if byte & 0x90 == 0 {
            return Some(Said::Processed {
                is_paper_low: byte & 0x03 != 0,
            });
        }
        Some(Said::Noise)
    }

    /// Four bytes; one that cannot be their part ends it.
    fn automatic(&mut self) -> Option<Said> {
        let [one, rest @ ..] = self.begun.as_slice() else {
            return None;
        };
        if rest.iter().any(|byte| byte & 0x90 != 0) {
            self.begun.clear();
            return Some(Said::Noise);
        }
        let [two, three, _] = rest else {
            return None;
        };
        let state = PrinterState {
            is_offline: one & 0x08 != 0,
            is_open: one & 0x20 != 0,
            is_paper_out: three & 0x0c != 0,
            is_paper_low: three & 0x03 != 0,
            is_cutter_stuck: two & 0x08 != 0,
            is_broken: two & 0x20 != 0,
            is_overheated: two & 0x40 != 0,
            ..PrinterState::default()
        };
        self.begun.clear();
        Some(Said::State(state))
    }
}

/// `DLE EOT`: bits 1 and 4 are set, 0 and 7 are not.
const fn is_answer(byte: u8) -> bool {
    byte & 0x93 == 0x12
}

/// The first byte of a status that comes by itself.
const fn is_automatic(byte: u8) -> bool {
    byte & 0x93 == 0x10
}
