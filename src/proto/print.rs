//! From a document to a printer's bytes, and from its bytes to how it is. Pure: ports are elsewhere.
//!
//! A [`document`](crate::domain::document) is laid out for a [`Profile`] in dots of the real head and
//! then written in the printer's language. What comes out is a [`Job`].

mod code;
mod code_page;
pub mod escpos;
mod glyphs;
mod layout;
mod place;
mod preview;
mod profile;
mod words;

#[cfg(test)]
mod tests;

pub use code::{CodeProblem, FittedCode};
pub use code_page::CodePage;
pub use preview::{PREVIEW_ROWS_MAX, preview};
pub use profile::{Confirms, Profile, ProfileError, Profiles};

/// Why a document cannot be printed here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
}

/// What is sent for one sheet, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The sheet.
    pub body: Vec<u8>,
    /// Asks the printer to say that the sheet has come out; empty where it cannot.
    pub confirm: Vec<u8>,
    /// Where commands end: only there may something else be sent in between.
    pub boundaries: Vec<usize>,
    /// Bytes of the longest command: so many the printer may wait for after a job that was cut off.
    pub longest: usize,
    /// How long the paper is, in tenths of a millimeter; about.
    pub paper_tenths_mm: usize,
    /// Characters that the printer has not, with what is printed for them.
    pub replaced: Vec<(char, String)>,
}
