//! What the parts do together, seen from outside.

mod support;
mod ui_code;
mod ui_pay;
mod ui_sell;
mod ui_sizes;
mod ui_words;
