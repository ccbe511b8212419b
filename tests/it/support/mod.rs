//! What several tests need: a till that records what it is told, and sizes of real panels.

pub mod fake_till;
pub mod panels;
pub mod screen;
