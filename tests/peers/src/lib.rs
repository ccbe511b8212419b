//! Our printing beside other encoders: the same labels by all of them.
//!
//! The peers are python-escpos, the npm package receipt-printer-encoder and the crate `escpos`. A test
//! compares what comes out on paper; `main.rs` compares lengths and speed for `tests/bench.sh`.

pub mod commands;
pub mod crate_escpos;
pub mod label;
pub mod outside;

#[cfg(test)]
mod compared;
