//! Label printers: what they make of bytes that they were given one by one, written from the manuals.

mod tspl;
mod zpl;

pub(super) use tspl::Tspl;
pub(super) use zpl::Zpl;

/// What a label printer does next.
#[derive(Debug, Default)]
pub(super) enum Step {
    /// It waits for more.
    #[default]
    Nothing,
    /// A label begins.
    Begin,
    /// A label is to be printed: its commands.
    Print(Vec<Vec<u8>>),
}

/// A label printer's reader.
#[derive(Debug)]
pub(super) enum Reader {
    Zpl(Zpl),
    Tspl(Tspl),
}

impl Reader {
    /// Takes a byte out of the buffer.
    pub(super) fn take(&mut self, byte: u8) -> Step {
        match self {
            Self::Zpl(zpl) => zpl.take(byte),
            Self::Tspl(tspl) => tspl.take(byte),
        }
    }

    /// Switched off and on.
    pub(super) fn forget(&mut self) {
        match self {
            Self::Zpl(zpl) => *zpl = Zpl::default(),
            Self::Tspl(tspl) => *tspl = Tspl::default(),
        }
    }

    /// The question how it is.
    pub(super) const fn question(&self) -> &'static [u8] {
        match self {
            Self::Zpl(_) => b"~HS",
            Self::Tspl(_) => b"\x1b!?",
        }
    }

    /// Whether a label was begun and has no end.
    pub(super) const fn is_within(&self) -> bool {
        match self {
            Self::Zpl(zpl) => zpl.is_within(),
            Self::Tspl(_) => false,
        }
    }
}
