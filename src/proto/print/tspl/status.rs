//! What a printer with TSC's language says (`ESC ! ?`, in the TSPL manual).

use crate::proto::print::LabelState;

/// Asks how the printer is; answered at once with one byte, whatever waits before.
pub const QUESTION: &[u8] = b"\x1b!?";
const LINE_END: &[u8] = b"\r\n";
/// From the answer to [`QUESTION`].
pub const fn state(answer: u8) -> LabelState {
    LabelState {
        is_open: answer & 0x41 != 0,
        is_jammed: answer & 0x02 != 0,
        is_paper_out: answer & 0x04 != 0,
        is_ribbon_out: answer & 0x08 != 0,
        is_paused: answer & 0x10 != 0,
        is_busy: answer & 0x20 != 0,
        is_overheated: answer & 0x80 != 0,
        is_partial: false,
    }
}

/// Ends a line or a picture of which at most `rest` bytes are missing, and throws away what was drawn (`CLS`).
/// A line without text is none.
pub fn ending(rest: usize) -> Vec<u8> {
    let lines = rest.div_ceil(LINE_END.len()).saturating_add(1);
    let mut bytes = LINE_END.repeat(lines);
    bytes.extend_from_slice(b"CLS\r\n");
    bytes
}
