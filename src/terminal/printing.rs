//! Printing, decided: what is sent to a printer, when, and what is known of it afterwards.
//!
//! A [`Lane`] is one printer with the sheets that wait for it. It is given what happened and gives back
//! deeds; it opens no port and waits for nothing.
//!
//! **A sheet is never printed a second time unless a person says so.** That its first byte goes out is
//! on disk before it goes. What failed before is tried again by itself; of what failed after it nobody
//! knows, and a person says whether it is there.

mod answers;
pub(in crate::terminal) mod book;
mod chosen;
mod command;
mod desk;
pub(in crate::terminal) mod hanging;
mod lane;
mod notice;
mod paper;
mod patrol;
mod port;
mod printer;
mod queue;
mod register;
mod setup;
pub(in crate::terminal) mod sharing;
mod sheet;
mod tune;
mod view;

#[cfg(test)]
mod tests;

pub use answers::{PrinterAnswers, TestQuestions};
pub use chosen::{ChosenPrinter, PrinterChoice};
pub use command::{
    LEARN_MAX, PaperCommand, PaperQuery, Patrol, PrintDecision, StickerChange, StickerOf,
    StickerText,
};
pub use hanging::HANGING_MAX;
pub use lane::Lane;
pub use notice::{PaperNotice, said_of};
pub use port::{Abilities, Deed, Happened, Lamp, Opening, PortTold};
pub use setup::{PaperSetup, PaperWords, PrinterSetup};
pub use sheet::{Attempt, Doubt, Evidence, Fact, Sheet, Standing, What, counts_as_copy};
