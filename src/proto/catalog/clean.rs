//! Text from outside, made fit for a tile: no control characters, no endless strings.
//!
//! What is short enough to matter (a name, a SKU) is refused when it is too long; a description is
//! cut. Cleaning what is clean changes nothing, which the round trip of an export relies on.

use crate::domain::catalog::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX, SKU_CHARS_MAX};

/// The longest product name, in characters.
pub const NAME: usize = NAME_CHARS_MAX;
/// The longest group and category, in characters.
pub const LABEL: usize = NAME_CHARS_MAX;
/// The longest SKU and barcode, in characters.
pub const CODE: usize = SKU_CHARS_MAX;
/// The longest description, in characters.
pub const DESCRIPTION: usize = DESCRIPTION_CHARS_MAX;
/// The longest file name or address of a picture, in characters.
pub const PICTURE: usize = 2_000;

/// Why a text cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More characters than allowed.
    #[error("{found} characters are too many: shorten it to {max}")]
    TooLong {
        /// The bound.
        max: usize,
        /// What there is.
        found: usize,
    },
}

/// One line: control characters and runs of spaces become one space, what turns the direction of
/// writing around is dropped, both ends are trimmed. Refused beyond `max` characters.
pub fn one_line(text: &str, max: usize) -> Result<String, Fault> {
    let mut out = String::with_capacity(text.len());
    for word in text.split(is_gap).filter(|word| !word.is_empty()) {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let gap = out.len();
        out.extend(word.chars().filter(|character| !is_invisible(*character)));
        if out.len() == gap {
            out.truncate(before);
        }
    }
    let found = out.chars().count();
    if found > max {
        return Err(Fault::TooLong { max, found });
    }
    Ok(out)
}

/// Several lines: line breaks stay, at most one empty line in a row; cut at `max` characters.
pub fn plain_text(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    let mut empty_lines = 0_usize;
    for line in text.lines().flat_map(|line| line.split('\r')) {
        let kept: String = line
            .chars()
            .map(|character| if is_gap(character) { ' ' } else { character })
            .filter(|character| !is_invisible(*character))
            .collect();
        let kept = kept.trim();
        if kept.is_empty() {
            empty_lines = empty_lines.saturating_add(1);
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        empty_lines = 0;
        out.push_str(kept);
    }
    if let Some((end, _)) = out.char_indices().nth(max) {
        out.truncate(end);
        out.truncate(out.trim_end().len());
    }
    out
}

/// Whether a character separates words: white space of any kind, and control characters.
fn is_gap(character: char) -> bool {
    character.is_whitespace() || character.is_control()
}

/// Marks that a reader cannot see and that can make a name read as another one.
const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_one_line_without_control_characters() {
        for (text, clean) in [
            ("  Tea \t\r\n green ", "Tea green"),
            ("\u{feff}Te\u{202e}a\u{7}x", "Tea x"),
            ("a \u{feff} b", "a b"),
            ("\u{a0}x\u{a0}", "x"),
            ("", ""),
        ] {
            assert_eq!(one_line(text, 99).as_deref(), Ok(clean));
        }
        assert_eq!(one_line("äöü", 3).as_deref(), Ok("äöü"));
        assert_eq!(
            one_line("äöü!", 3),
            Err(Fault::TooLong { max: 3, found: 4 })
        );
    }

    #[test]
    fn descriptions_keep_their_paragraphs_and_are_cut() {
        let text = "One\r\ntwo \n\n\n\n three\u{0}four\n";
        assert_eq!(plain_text(text, 99), "One\ntwo\n\nthree four");
        assert_eq!(plain_text("äöü äöü", 4), "äöü");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>(), max in 1_usize..40) {
            if let Ok(once) = one_line(&text, max) {
                prop_assert_eq!(one_line(&once, max), Ok(once));
            }
            let once = plain_text(&text, max);
            prop_assert!(once.chars().count() <= max);
            prop_assert_eq!(plain_text(&once, max), once);
        }
    }
}
