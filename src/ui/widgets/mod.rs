//! What screens are made of. Each widget sizes, interacts, paints and says its name.

pub(crate) mod account;
pub(crate) mod button;
pub(crate) mod cart;
pub(crate) mod chip;
pub(crate) mod code;
pub(crate) mod gauge;
pub(crate) mod keyboard;
pub(crate) mod keypad;
pub(crate) mod label;
pub(crate) mod notice;
pub(crate) mod pin_pad;
pub(crate) mod row;
pub(crate) mod scroll;
pub(crate) mod status_bar;
pub(crate) mod surface;
pub(crate) mod text;
pub(crate) mod tile;
