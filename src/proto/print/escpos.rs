//! Epson's language, which most receipt printers understand some of. The bytes are those of the makers'
//! manuals; only such commands are used as old and cheap printers have, too.

mod encode;
mod encoder;
mod raster;
pub mod status;

pub use encode::{confirm, encode, process_id};
