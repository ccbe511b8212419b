//! From a document to a printer's bytes, and from its bytes to how it is. Pure: ports are elsewhere.
//!
//! A [`document`](crate::domain::document) is laid out for a [`Profile`] in dots of the real head and
//! then written in the printer's language. What comes out is a [`Job`].

mod code;
mod code_page;
pub mod escpos;
mod glyphs;
mod label;
mod layout;
mod place;
pub mod png;
mod preview;
mod profile;
pub mod sheet;
pub mod status;
pub mod tspl;
mod words;
pub mod zpl;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::domain::document::Document;
pub use code::{CodeProblem, FittedCode};
pub use code_page::CodePage;
pub use label::{LabelState, Media};
pub use preview::{PREVIEW_ROWS_MAX, preview};
pub use profile::{Confirms, Language, Letters, Profile, ProfileError, Profiles};

/// Why a document cannot be printed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PrintError {
    /// A code that nobody could scan.
    #[error(transparent)]
    Code(#[from] CodeProblem),
    /// A picture that is wider than the paper.
    #[error("a picture is {dots} dots wide, the paper {paper}: print it smaller")]
    PictureTooWide {
        /// Its width.
        dots: usize,
        /// The paper's.
        paper: usize,
    },
    /// More than there is room for on one label.
    #[error(
        "this needs labels of {needed_mm} mm of height, these have {label_mm} mm: take higher ones, or print less on them"
    )]
    LabelTooLow {
        /// The lowest label on which there is room.
        needed_mm: usize,
        /// These.
        label_mm: usize,
    },
    /// No label is so small or so large; in millimeters.
    #[error(
        "a label with a side of {0} mm cannot be printed: measure again, sides have 10 to 500 mm"
    )]
    LabelSize(usize),
}

/// What is sent for one sheet, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The sheet.
    pub body: Vec<u8>,
    /// Asks the printer to say that the sheet has come out; empty where it cannot.
    pub confirm: Vec<u8>,
    /// Asks, once it has said so, whether what the sheet began with is still in its memory: else it was off
    /// in the middle. Empty where it cannot tell.
    pub check: Vec<u8>,
    /// Where commands end: only there may something else be sent in between.
    pub boundaries: Vec<usize>,
    /// Bytes of the longest command: so many the printer may wait for after a job that was cut off.
    pub longest: usize,
    /// How long the paper is, in tenths of a millimeter; about.
    pub paper_tenths_mm: usize,
    /// Characters that the printer has not, with what is printed for them.
    pub replaced: Vec<(char, String)>,
}

/// A document as a printer of this profile is told it, in its language. `media` is what lies in a label
/// printer, a whole roll where nothing is said; receipts are as wide as the head. `number` is what the
/// printer repeats once it is printed, where it can.
///
/// # Errors
/// Where something of it could not be used on this paper.
pub fn encode(
    document: &Document,
    profile: &Profile,
    media: Option<Media>,
    number: u32,
) -> Result<Job, PrintError> {
    match profile.language {
        Language::EscPos => escpos::encode(document, profile, number),
        Language::Zpl => zpl::encode(document, profile, media),
        Language::Tspl => tspl::encode(document, profile, media),
    }
}
