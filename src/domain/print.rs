//! What is wanted on paper: one sheet, for one printer.

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::id::PrintId;
use super::time::Timestamp;

/// The most sheets that one command asks for.
pub const COPIES_MAX: u32 = 200;

/// What a printer is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrintKind {
    /// A product's code, to be stuck where it is sold.
    Sticker,
    /// What a customer bought.
    Receipt,
    /// To see what a printer can do.
    Test,
}

/// A sheet that somebody wanted. What became of it is said by facts beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// Ours, made before anything is sent.
    pub id: PrintId,
    /// The printer's name in the configuration.
    pub printer: String,
    /// What it is.
    pub kind: PrintKind,
    /// Which sale or sticker, by id; empty for a test.
    pub subject: String,
    /// What people call it: `K7-0042`, or the product's name.
    pub title: String,
    /// Zero for the first of its subject, then counted: the paper says so.
    pub copy: u32,
    /// What the printer repeats once it is printed, where it can; 1 to 9999.
    pub number: u32,
    /// What is on it.
    pub document: Document,
    /// When it was wanted, or wanted again after it had become old.
    pub wanted_at: Timestamp,
}
