//! What a printer is like, what happens to it, and what comes out of it.

/// How a printer is built and set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traits {
    /// What it understands.
    pub speaks: Speaks,
    /// Milliseconds from the switch until it hears anything.
    pub boot_ms: u64,
    /// The receive buffer in bytes: 4,096, or 45 by a switch.
    pub buffer: usize,
    /// How it says that the buffer is full.
    pub flow: Flow,
    /// What it answers.
    pub talk: Talk,
    /// It draws codes by itself. One that does not prints the commands as text.
    pub codes: bool,
    /// It says when a job has come out, by the job's number.
    pub process_ids: bool,
    /// It cuts. What one without prints hangs out until it is torn off.
    pub cutter: bool,
    /// Paper speed.
    pub mm_per_s: u64,
    /// Bits per second of the shells' line; 0 for 64 bytes each millisecond.
    pub baud: u64,
}

impl Default for Traits {
    fn default() -> Self {
        Self {
            speaks: Speaks::EscPos,
            boot_ms: 0,
            buffer: 4_096,
            flow: Flow::Lines,
            talk: Talk::Full,
            codes: true,
            process_ids: true,
            cutter: true,
            mm_per_s: 150,
            baud: 115_200,
        }
    }
}

impl Traits {
    /// A label printer of Zebra.
    pub(crate) fn zpl() -> Self {
        Self {
            speaks: Speaks::Zpl,
            talk: Talk::WhileWell,
            boot_ms: 3_000,
            ..Self::default()
        }
    }

    /// A label printer of TSC.
    pub(crate) fn tspl() -> Self {
        Self {
            speaks: Speaks::Tspl,
            boot_ms: 3_000,
            ..Self::default()
        }
    }
}

/// A printer's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    EscPos,
    Zpl,
    Tspl,
}

/// How a full buffer is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Not at all: what comes nevertheless is thrown away.
    None,
    /// By a line; a shell does not read then.
    Lines,
    /// By the bytes 13h and 11h.
    XonXoff,
}

/// What a printer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Talk {
    /// All that it is asked.
    Full,
    /// The same, and nothing while it cannot print, as label printers of Zebra.
    WhileWell,
    /// "All is well" to every real-time question, whatever is the matter, and nothing else.
    Constant,
    /// Nothing.
    Silent,
}

/// What happens to a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The paper ends now.
    PaperOut,
    /// The paper ends with this many more lines of 3.75 mm.
    PaperOutAfter(u64),
    /// A new roll.
    PaperIn,
    /// The roll is nearly used up, or not.
    NearEnd(bool),
    /// The cover is open, or not.
    Cover(bool),
    /// The cutter is jammed. Freed, it waits for `DLE ENQ`.
    CutterJam(bool),
    /// The head is too hot. It goes on by itself once it is not.
    Overheated(bool),
    /// It does nothing and answers nothing; what comes is still buffered.
    Hang(bool),
    /// The cable is pulled.
    Unplug,
    /// The cable is back.
    Plug,
    /// Off and on: buffers and settings are gone, the paper hangs where it was.
    PowerCycle,
    /// This many bytes of noise to whoever listens.
    Garbage(u32),
    /// The next so many bytes arrive changed.
    Garble(u32),
    /// Every nth byte from now on is lost on the way; 0 for none.
    DropEvery(u32),
}

/// What happened besides printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A pulse for a drawer: 0 is pin 2, 1 is pin 5.
    Drawer(u8),
    /// A sound.
    Buzzer,
}

/// A strip of paper from one cut to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    /// What was done on it, command by command, a character of text being one. Real-time commands,
    /// questions, pulses and sounds are not among them.
    pub commands: Vec<Vec<u8>>,
    /// It ended by a cut.
    pub cut: bool,
    /// How many rolls were put in while it came out: 0 for a label in one piece.
    pub new_rolls: u32,
    /// Something is visible on it.
    pub(super) marked: bool,
    /// Something on it was printed after a loss, or is half of something.
    pub(super) broken: bool,
}

impl Sheet {
    /// The bytes that were printed.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.commands.concat()
    }

    /// One label from its beginning to its cut, with nothing lost on the way, as far as a printer can
    /// know. That it is the right one is said by [`Self::copies`].
    pub(crate) fn whole(&self) -> bool {
        self.cut && self.marked && !self.broken
    }

    /// How often these commands stand on it one after another.
    pub(crate) fn copies(&self, label: &[Vec<u8>]) -> usize {
        if label.is_empty() {
            return 0;
        }
        let (mut count, mut rest) = (0, self.commands.as_slice());
        while let Some(at) = rest.windows(label.len()).position(|part| part == label) {
            count += 1;
            rest = &rest[at + label.len()..];
        }
        count
    }
}
