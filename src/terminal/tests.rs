//! The till as a whole.
