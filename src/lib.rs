//! Tillcode: a till that takes payments by QR code and keeps working with no network.
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::string_slice,
        reason = "a test may fall over where the till may not"
    )
)]

#[cfg(feature = "terminal")]
pub mod cli;
pub mod config;
pub mod domain;
#[cfg(feature = "hub")]
pub mod hub;
#[cfg(feature = "store")]
pub mod io;
pub mod proto;
#[cfg(feature = "terminal")]
pub mod runtime;
#[cfg(feature = "terminal")]
pub mod sandbox;
pub mod terminal;
#[cfg(feature = "terminal")]
pub mod ui;
