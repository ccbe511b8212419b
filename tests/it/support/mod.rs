//! What several tests need: a till that records what it is told, sizes of real panels, a till that
//! really runs, its books, a provider, a network that harms, a program that sells until it is killed,
//! and a place for tests that cannot run.

pub(crate) mod books;
pub mod fake_till;
pub(crate) mod fault_proxy;
pub(crate) mod own_disk;
pub mod panels;
pub(crate) mod printer;
#[cfg(feature = "hub")]
#[expect(dead_code, reason = "the hub's own tests use the rest")]
#[path = "../../hub/support.rs"]
pub(crate) mod real_hub;
pub(crate) mod robot;
pub(crate) mod sandbox;
pub mod screen;
pub(crate) mod shop;
pub(crate) mod skipped;
pub(crate) mod stub_hub;
