//! What the parts do together, seen from outside.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    missing_debug_implementations,
    unreachable_pub,
    reason = "a test may fall over where the till may not"
)]

mod support;
mod ui_code;
mod ui_input;
mod ui_pay;
mod ui_sell;
mod ui_sizes;
mod ui_words;
