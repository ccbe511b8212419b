//! What a printer with Zebra's language says (`~HS`, host status return, in the ZPL II guide).
//!
//! Zebra's own do not answer while labels or ribbon are out, the head is open or too hot: silence is an
//! answer, too.

use crate::proto::print::LabelState;

/// Asks how the printer is; answered at once, whatever waits before.
pub const QUESTION: &[u8] = b"~HS";
/// Gives up all that waits and is printed.
pub const CANCEL: &[u8] = b"~JA";
/// The longest answer that is read, in bytes; a usual one has 82.
pub const ANSWER_BYTES_MAX: usize = 256;

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
    let [_, paper, pause, _, formats, _, _, _, _, _, cold, hot] = *first.as_slice() else {
        return None;
    };
    let [_, _, head, ribbon, _, _, _, _, labels, ..] = *second.as_slice() else {
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
    })
}

/// The numbers of a line, behind its `STX`.
fn numbers(line: &[u8]) -> Option<Vec<u32>> {
    let start = line.iter().position(|byte| *byte == STX)?;
    let text = std::str::from_utf8(line.get(start.checked_add(1)?..)?).ok()?;
    let numbers = text.split(',').map(|number| number.parse().ok());
    numbers.collect()
}
