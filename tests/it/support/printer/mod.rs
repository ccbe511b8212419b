//! A printer that is not there: ESC/POS, ZPL and TSPL as real ones take them, with their faults.
//!
//! The model is pure and has its own time, so that thousands of faults run in a second; the shells put
//! it behind a terminal line or a port of the network, where time is the world's.

mod commands;
mod label;
mod model;
mod pty;
mod realtime;
mod shell;
mod status;
mod tcp;
mod values;

pub(crate) use model::VirtualPrinter;
pub(crate) use pty::PtyPrinter;
pub(crate) use tcp::TcpPrinter;
pub(crate) use values::{Event, Fault, Flow, Sheet, Talk, Traits};
