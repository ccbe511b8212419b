//! What the parts do together, seen from outside; in one program that links once.
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
    reason = "a test may fall over where the till may not"
)]

mod architecture;
mod cli;
mod crash;
mod hub_feed;
#[cfg(feature = "hub")]
mod hub_market;
mod kill;
mod print;
mod print_faults;
mod printing;
mod proxy;
mod shop;
mod support;
mod ui_account;
mod ui_code;
mod ui_input;
mod ui_leave;
mod ui_pay;
mod ui_payments;
mod ui_printer;
mod ui_sell;
mod ui_sizes;
mod ui_sync;
mod ui_trip;
mod ui_words;
mod virtual_printer;
