//! What screens are made of. Each widget sizes, interacts, paints and says its name.

pub mod button;
pub mod cart;
pub mod chip;
pub mod code;
pub mod keyboard;
pub mod keypad;
pub mod label;
pub mod notice;
pub mod scroll;
pub mod status_bar;
pub mod text;
pub mod tile;
