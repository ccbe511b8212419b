//! What a printer with Zebra's language says (`~HS`, host status return, in the ZPL II guide).
//!
//! Zebra's own do not answer while labels or ribbon are out, the head is open or too hot: silence is an
//! answer, too.

use crate::proto::print::LabelState;
use crate::proto::print::status::Said;

/// Asks how the printer is; answered at once, whatever waits before.
pub const QUESTION: &[u8] = b"~HS";
/// Gives up a label that was begun and not ended (`~JX`); those that are whole are not touched, nor is what
/// comes after. Twice, since a command that was cut off takes the first for its rest.
pub const ENDING: &[u8] = b"~JX~JX";
/// The longest answer that is read, in bytes; a usual one has 82.
pub const ANSWER_BYTES_MAX: usize = 256;

/// Lines of an answer.
const LINES: usize = 3;
const STX: u8 = 2;
const ETX: u8 = 3;

/// From the three lines of an answer to [`QUESTION`], each between `STX` and `ETX`; none where they are
/// not all there, or say something else.
pub fn state(answer: &[u8]) -> Option<LabelState> {
    if answer.len() > ANSWER_BYTES_MAX {
        return None;
    }
    let mut lines = answer.split(|byte| *byte == ETX).map(numbers);
    let (first, second) = (lines.next()??, lines.next()??);
    lines.next()??;
    // Behind the end of the third line.
    lines.next().map(drop)?;
    let [_, paper, pause, _, formats, _, _, partial, _, _, cold, hot] = *first.as_slice() else {
        return None;
    };
    let [_, _, head, ribbon, _, _, _, _, labels, _, _] = *second.as_slice() else {
        return None;
    };
    Some(LabelState {
        is_open: head != 0,
        is_paper_out: paper != 0,
        is_ribbon_out: ribbon != 0,
        is_jammed: false,
        is_paused: pause != 0,
        is_overheated: hot != 0 || cold != 0,
        is_busy: formats != 0 || labels != 0,
        is_partial: partial != 0,
    })
}

/// The numbers of a line, behind its `STX`.
fn numbers(line: &[u8]) -> Option<Vec<u32>> {
    let start = line.iter().position(|byte| *byte == STX)?;
    let text = std::str::from_utf8(line.get(start.checked_add(1)?..)?).ok()?;
    let numbers = text.split(',').map(|number| number.parse().ok());
    numbers.collect()
}

/// Takes a printer's bytes as they come: three lines are an answer.
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
        if self.begun.is_empty() && byte != STX {
            return None;
        }
        self.begun.push(byte);
        if self.begun.len() > ANSWER_BYTES_MAX {
            self.begun.clear();
            return Some(Said::Noise);
        }
        let lines = self.begun.split(|byte| *byte == ETX).count();
        // Behind the end of the last one nothing has come.
        if byte != ETX || lines <= LINES {
            return None;
        }
        if let Some(state) = state(&self.begun) {
            self.begun.clear();
            return Some(Said::Label(state));
        }
        // Lines were lost: what follows the first one may be the beginning of the next answer.
        let mut behind = self.begun.iter().skip(1);
        let next = behind.position(|byte| *byte == STX);
        self.begun
            .drain(..next.map_or(self.begun.len(), |at| at.saturating_add(1)));
        Some(Said::Noise)
    }
}
