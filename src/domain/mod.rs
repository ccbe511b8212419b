//! Floor 0: the nouns of a till and their rules.
//!
//! Holds no clocks, no files, no sockets and no floats for money; what is here is true without a
//! computer.

pub mod bitmap;
pub mod catalog;
pub mod day;
pub mod document;
pub mod fold;
pub mod id;
pub mod link;
pub mod locale;
pub mod loose;
pub mod money;
pub mod options;
pub mod payment;
pub mod picture;
#[cfg(planted)]
pub mod planted;
pub mod print;
pub mod sale;
pub mod search;
pub mod sticker;
pub mod tax;
pub mod time;
pub mod words;
