//! What a printer with TSC's language says (`ESC ! ?`, in the TSPL manual).

use crate::proto::print::LabelState;

/// Asks how the printer is; answered at once with one byte, whatever waits before.
pub const QUESTION: &[u8] = b"\x1b!?";
/// Gives up what is printed.
pub const CANCEL: &[u8] = b"\x1b!.";

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
    }
}
