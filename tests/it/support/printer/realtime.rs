//! Commands that act when they arrive, wherever they stand: printers look for them in the raw stream,
//! in pictures too.

/// A command in real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RealTime {
    /// `DLE EOT n`: the status 1 to 4.
    Status(u8),
    /// `DLE ENQ n`: 1 go on, 2 forget what is left and go on.
    Recover(u8),
    /// `DLE DC4 1`: a pulse on this pin.
    Pulse(u8),
    /// `DLE DC4 8`: forget what is left.
    Clear,
}

const CLEAR: [u8; 10] = [0x10, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8];

/// The last bytes that came.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    tail: Vec<u8>,
}

impl Scanner {
    /// Takes a byte; gives the command that it ended.
    pub(super) fn push(&mut self, byte: u8) -> Option<RealTime> {
        if self.tail.len() == CLEAR.len() {
            self.tail.remove(0);
        }
        self.tail.push(byte);
        let found = match self.tail.as_slice() {
            [.., 0x10, 0x04, n @ 1..=4] => RealTime::Status(*n),
            [.., 0x10, 0x05, n @ 1..=2] => RealTime::Recover(*n),
            [.., 0x10, 0x14, 1, pin @ 0..=1, 1..=8] => RealTime::Pulse(*pin),
            tail if *tail == CLEAR => RealTime::Clear,
            _ => return None,
        };
        self.tail.clear();
        Some(found)
    }
}
