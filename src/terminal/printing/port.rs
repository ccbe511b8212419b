//! What a lane is told, what it wants done, and what is shown of its printer.

use super::sheet::Fact;
#[cfg(doc)]
use super::sheet::What;
use crate::proto::print::status::PrinterState;
use crate::proto::print::{Confirms, Language, Profile};

/// What a printer can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// What it is asked in.
    pub language: Language,
    /// Whether it says how it is.
    pub answers: bool,
    /// How it says that a sheet has come out.
    pub confirms: Confirms,
    /// Whether others send to it too: it is let go once nothing waits for it.
    pub is_shared: bool,
}

impl From<&Profile> for Abilities {
    fn from(profile: &Profile) -> Self {
        // A label printer has no other way than to be asked.
        let is_mute = profile.is_for_labels() && !profile.answers;
        Self {
            language: profile.language,
            answers: profile.answers,
            confirms: if is_mute {
                Confirms::Nothing
            } else {
                profile.confirms
            },
            is_shared: false,
        }
    }
}

/// Which time a port was opened, counted by its lane.
pub type Opening = u64;

/// What happened at the port, on the disk, or on the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The port is open.
    Opened,
    /// The port is not there, or no longer. What it took before was told before.
    Lost,
    /// The fact that was to be noted is on disk.
    Noted,
    /// The port took so many bytes of what it was given.
    Took(usize),
    /// The printer said this.
    Heard(Vec<u8>),
    /// Time has passed.
    Tick,
}

/// What a port tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortTold {
    /// Which time it had been opened, or was to be, when that happened.
    pub opening: Opening,
    /// What.
    pub happened: Happened,
    /// Why it is not there, where it is not, in one sentence.
    pub problem: Option<String>,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Open the port; answered by [`Happened::Opened`] or [`Happened::Lost`].
    Open(Opening),
    /// Give the port these bytes; answered by [`Happened::Took`], also where it is lost after some of
    /// them: then that is told next.
    Write(Vec<u8>),
    /// Throw away what was not sent, and close the port.
    Close,
    /// Close the port, once what it took has left: a sheet may be in that of which nobody will ever hear.
    LetGo,
    /// Write a fact to the disk; answered by [`Happened::Noted`] where it is [`What::Begun`].
    Note(Fact),
}

/// What is shown of a printer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lamp {
    /// It could print.
    Ready,
    /// It prints.
    Printing,
    /// It is not there.
    NotThere,
    /// It is there and says nothing.
    Silent,
    /// It said why it does not print.
    Trouble(PrinterState),
    /// It takes no bytes.
    Blocked,
}
