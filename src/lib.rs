//! Tillcode: a till that takes payments by QR code and keeps working with no network.
//!
//! A cashier taps a product, a payment link appears as a code that fills the screen, the customer
//! pays with their own phone, and the till says so.
//!
//! # Floors
//!
//! Everything that decides is a pure state machine, value in and value out; everything that touches
//! the world is a plain executor without decisions. A floor uses only floors below it, which
//! `tests/it/architecture.rs` guards.
//!
//! | floor | module | what is there |
//! |---|---|---|
//! | 0 | [`domain`] | nouns and rules: money, products, links, sales, payments |
//! | 1 | [`proto`], [`config`] | codecs without I/O: providers, QR, catalog files; the configuration |
//! | 2 | [`terminal`] | the till itself: an event in, rows to write and effects out |
//! | 3 | `io`, `hub`, `sandbox` | executors: clock, database, network; the message server; simulated providers |
//! | 4 | `runtime` | the loop: receive, handle, commit, run effects, publish |
//! | 5 | `ui`, `cli` | the window and the subcommands: they send commands and draw snapshots |
//!
//! # What always holds
//!
//! - **Persist before you show.** A step's rows are committed in one transaction before any of its
//!   effects runs and before its snapshot is published.
//! - **A commit that fails is unknown.** Memory is thrown away, the database opened anew, and the till
//!   goes on from what is there.
//! - **State is a fold over facts** that are only ever added, each under a key that makes a second
//!   copy harmless; so order and repetition change nothing.
//! - **A single link belongs to one sale**, and once shown it is never shown for another.
//! - **Money is integers** with a currency. No float comes near it.
//! - **The core reads no clock** and draws no randomness of its own: the same events at the same times
//!   with the same seed give the same rows.
//!
//! # Where to begin reading
//!
//! [`domain::sale`] for what a sale is, [`terminal::Terminal`] for what happens, [`terminal::step`] for
//! what a step may want, `runtime::start` for how it is put together, and `proto::backend` for how a
//! payment provider is added.

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
