//! The message server as a program of its own: over HTTP, by its commands, and killed.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::panic_in_result_fn,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    missing_debug_implementations,
    unreachable_pub,
    reason = "a test may fall over where the hub may not"
)]

mod commands;
mod faults;
mod hostile;
mod kill;
mod notified;
#[path = "../it/support/own_disk.rs"]
mod own_disk;
mod places;
#[cfg(feature = "postgres")]
mod postgres;
mod shop;
#[path = "../it/support/skipped.rs"]
mod skipped;
mod stickers;
mod support;
#[cfg(feature = "postgres")]
mod together;
