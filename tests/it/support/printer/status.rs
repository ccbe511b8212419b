//! What a printer says about itself.

use std::collections::BTreeSet;

/// Something that is the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    PaperOut,
    NearEnd,
    CoverOpen,
    /// The knife is stuck.
    Jam,
    /// It was stuck, and nobody has said yet that it is free.
    CutterError,
    Hot,
    Hung,
    /// Its cable is; it prints on.
    Unplugged,
}

/// All that is the matter.
#[derive(Debug, Clone, Default)]
pub(super) struct Troubles(BTreeSet<Trouble>);

impl Troubles {
    pub(super) fn set(&mut self, trouble: Trouble, is_so: bool) {
        if is_so {
            self.0.insert(trouble);
        } else {
            self.0.remove(&trouble);
        }
    }

    pub(super) fn has(&self, trouble: Trouble) -> bool {
        self.0.contains(&trouble)
    }

    /// It does not print.
    pub(super) fn offline(&self) -> bool {
        [
            Trouble::PaperOut,
            Trouble::CoverOpen,
            Trouble::CutterError,
            Trouble::Hot,
        ]
        .iter()
        .any(|trouble| self.has(*trouble))
    }

    fn bit(&self, trouble: Trouble, bits: u8) -> u8 {
        if self.has(trouble) { bits } else { 0 }
    }

    fn paper(&self, near: u8, end: u8) -> u8 {
        // Who is at the end is near it, too.
        self.bit(Trouble::NearEnd, near) | self.bit(Trouble::PaperOut, near | end)
    }

    /// The answer to `DLE EOT n`.
    pub(super) fn real_time(&self, n: u8) -> u8 {
        0x12 | match n {
            1 if self.offline() => 0x08,
            2 => {
                self.bit(Trouble::CoverOpen, 0x04)
                    | self.bit(Trouble::PaperOut, 0x20)
                    | self.bit(Trouble::CutterError, 0x40)
                    | self.bit(Trouble::Hot, 0x40)
            }
            3 => self.bit(Trouble::CutterError, 0x08) | self.bit(Trouble::Hot, 0x40),
            4 => self.paper(0x0c, 0x60),
            _ => 0,
        }
    }

    /// What `GS a` asks to be told of every change.
    pub(super) fn automatic(&self) -> [u8; 4] {
        let offline = if self.offline() { 0x08 } else { 0 };
        [
            0x10 | offline | self.bit(Trouble::CoverOpen, 0x20),
            self.bit(Trouble::CutterError, 0x08) | self.bit(Trouble::Hot, 0x40),
            self.paper(0x03, 0x0c),
            0x0f,
        ]
    }

    /// The answer of a label printer with Zebra's language to `~HS`.
    pub(super) fn zpl(&self, formats: usize, labels: usize, is_within: bool) -> Vec<u8> {
        let flag = |trouble| u8::from(self.has(trouble));
        let (paper, open, hot) = (
            flag(Trouble::PaperOut),
            flag(Trouble::CoverOpen),
            flag(Trouble::Hot),
        );
        let within = u8::from(is_within);
        format!(
            "\u{2}030,{paper},0,0320,{formats:03},0,0,{within},000,0,0,{hot}\u{3}\r\n\
             \u{2}001,0,{open},0,0,2,6,0,{labels:08},1,000\u{3}\r\n\u{2}1234,0\u{3}\r\n"
        )
        .into_bytes()
    }

    /// The answer of one with TSC's to `ESC ! ?`.
    pub(super) fn tspl(&self, is_busy: bool) -> u8 {
        self.bit(Trouble::CoverOpen, 0x01)
            | self.bit(Trouble::PaperOut, 0x04)
            | self.bit(Trouble::Hot, 0x80)
            | if is_busy { 0x20 } else { 0 }
    }

    /// The answer to `GS r`, which is given in order; at the end of paper it is not.
    pub(super) fn in_order(&self, n: u8) -> Option<u8> {
        match n {
            1 | 49 => Some(self.paper(0x03, 0x0c)),
            2 | 50 => Some(0),
            _ => None,
        }
    }
}
