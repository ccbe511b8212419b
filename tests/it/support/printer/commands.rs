//! How long a command is. What is not known is taken the way that real printers take it.

use super::values::Traits;

/// What the bytes so far are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The beginning of a command.
    Unfinished,
    /// A command, or a character.
    Whole,
    /// No command: so many bytes are passed over, and the others stand for themselves.
    NotACommand(usize),
}

/// Judges bytes that were collected one by one.
pub(super) fn shape(bytes: &[u8], traits: &Traits) -> Shape {
    match bytes {
        [0x10, ..] => real_time(bytes),
        [0x1b, ..] => escape(bytes),
        [0x1d, ..] => group(bytes, traits),
        [0x1c, b'.' | b'&', ..] => Shape::Whole,
        [0x1c, b'(', ..] => counted(bytes),
        [0x1c, ..] => of(bytes, 3),
        _ => Shape::Whole,
    }
}

fn of(bytes: &[u8], length: usize) -> Shape {
    if bytes.len() >= length {
        Shape::Whole
    } else {
        Shape::Unfinished
    }
}

/// A command that says its own length in its fourth and fifth byte.
fn counted(bytes: &[u8]) -> Shape {
    match bytes {
        [_, _, _, low, high, ..] => of(bytes, 5 + word(*low, *high)),
        _ => Shape::Unfinished,
    }
}

/// A command that ends with a NUL, not before its third byte.
fn until_nul(bytes: &[u8], from: usize) -> Shape {
    match bytes.get(from..) {
        Some(rest) if rest.contains(&0) => Shape::Whole,
        _ => Shape::Unfinished,
    }
}

fn real_time(bytes: &[u8]) -> Shape {
    match bytes {
        [_] | [_, 0x14] => Shape::Unfinished,
        [_, 0x04 | 0x05, ..] => of(bytes, 3),
        [_, 0x14, 8, ..] => of(bytes, 10),
        [_, 0x14, ..] => of(bytes, 5),
        _ => Shape::NotACommand(1),
    }
}

fn escape(bytes: &[u8]) -> Shape {
    match bytes {
        [_] | [_, b'*'] | [_, b'*', _] | [_, b'*', _, _] => Shape::Unfinished,
        [_, b'@' | b'2' | b'L' | b'S' | b'<' | 0x0c, ..] => Shape::Whole,
        [_, b'*', mode, low, high, ..] => {
            let rows = if matches!(mode, 32 | 33) { 3 } else { 1 };
            of(bytes, 5 + word(*low, *high) * rows)
        }
        [_, b'(', ..] => counted(bytes),
        [_, b'W', ..] => of(bytes, 10),
        [_, b'p', ..] => of(bytes, 5),
        [_, b'$' | b'\\' | b'c' | b'B', ..] => of(bytes, 4),
        [_, b'D', ..] => until_nul(bytes, 2),
        _ => of(bytes, 3),
    }
}

fn group(bytes: &[u8], traits: &Traits) -> Shape {
    match bytes {
        [_] | [_, b'('] => Shape::Unfinished,
        // What a printer without codes makes of them: the well-known `k1A2`.
        [_, b'(', b'k', ..] if !traits.codes => Shape::NotACommand(2),
        [_, b'(', ..] if !traits.codes && !traits.process_ids => Shape::NotACommand(2),
        [_, b'(', ..] => counted(bytes),
        [_, b'8', _, a, b, c, d, ..] => {
            let length = u32::from_le_bytes([*a, *b, *c, *d]);
            of(bytes, 7 + usize::try_from(length).unwrap_or(usize::MAX - 7))
        }
        // The rows follow, and are taken one by one.
        [_, b'v', ..] => of(bytes, 8),
        [_, b'V', 65 | 66 | 97 | 98, ..] | [_, b'L' | b'W' | b'P' | b'$' | b'\\', ..] => {
            of(bytes, 4)
        }
        [_, 0x0c, ..] => Shape::Whole,
        [_, b'k', 0..=6, ..] => until_nul(bytes, 3),
        [_, b'k', _, length, ..] => of(bytes, 4 + usize::from(*length)),
        [_, b'8' | b'k', ..] => Shape::Unfinished,
        _ => of(bytes, 3),
    }
}

/// Two bytes, the low one first.
pub(super) fn word(low: u8, high: u8) -> usize {
    usize::from(u16::from_le_bytes([low, high]))
}
