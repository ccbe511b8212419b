//! What the parts do together, seen from outside; in one program that links once.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may fall over where the till may not"
)]

mod architecture;
mod support;
mod ui_code;
mod ui_pay;
mod ui_sell;
mod ui_sizes;
mod ui_words;
