//! What a printer is doing, and what was seen of it meanwhile.

/// How far the sheet under way is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// No port.
    Closed { next: u64 },
    /// The port is being opened.
    Opening,
    /// The port is open, and nothing is under way.
    Open {
        /// When it is asked how it is, or, where others use it too, let go.
        next: u64,
    },
    /// It was asked how it is.
    Asked { until: u64 },
    /// What the sheet before left half-said is ended, and what is still said of it is listened to.
    Clearing {
        /// Bytes that the port has not taken.
        left: Vec<u8>,
        /// Whether an answer has to come before it is believed that there are no more.
        owes: bool,
        until: u64,
    },
    /// That the sheet begins is being written.
    Noting,
    /// Bytes go out.
    Sending { sent: usize, moved_at: u64 },
    /// All is out.
    Confirming {
        until: u64,
        /// When it is asked how it is.
        ask_at: u64,
        /// What a label printer was seen to do.
        work: Work,
    },
    /// It said that all is printed, and is asked whether it was off in between.
    Checking { until: u64, is_asked: bool },
    /// It cannot print now.
    Troubled { next: u64 },
}

/// What a label printer was seen to do since it has all of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing yet.
    Unseen,
    /// It prints.
    Busy,
    /// It has nothing to do, since then.
    Rests(u64),
    /// It left a question unanswered: it may have been off, and forgot the label.
    Mute,
}

/// How a sheet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Nobody had a hand in it.
    Smooth,
    /// The printer stopped amid it: its paper was changed, or its cover open.
    Opened,
}

/// What is known of the cutter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cutter {
    /// Nothing is wrong with it.
    Works,
    /// It is stuck.
    Stuck,
    /// The cover was opened since it is stuck.
    SeenTo,
}
