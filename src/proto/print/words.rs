//! Text in the characters that a printer has, or that can be drawn for it.
//!
//! A character that no code page of the printer has goes one of three ways. Quotes, dashes, spaces and
//! the like become a plain one that is read the same: the line stays text, which is a hundred times less to
//! send. Letters and signs of money stay what they are, and the whole line is drawn as dots: a name or a
//! price in other letters would be another one. What the font has not either becomes its letter without
//! accents, or a question mark.

use unicode_normalization::UnicodeNormalization as _;

use super::glyphs::Glyphs;
use super::{Language, Profile, tspl};

/// What stands for signs that few printers have, and means the same.
const REPLACEMENTS: &[(char, &str)] = &[
    ('\u{a0}', " "),
    ('\u{2002}', " "),
    ('\u{2003}', " "),
    ('\u{2009}', " "),
    ('\u{202f}', " "),
    ('‐', "-"),
    ('‑', "-"),
    ('‒', "-"),
    ('–', "-"),
    ('—', "-"),
    ('−', "-"),
    ('‘', "'"),
    ('’', "'"),
    ('‚', ","),
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('«', "\""),
    ('»', "\""),
    ('…', "..."),
    ('•', "*"),
    ('·', "."),
    ('×', "x"),
];

/// A text as this printer can write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Only characters of the printer's code pages and such as can be drawn.
    pub(super) text: String,
    /// What is not printed, with what stands for it.
    pub(super) replaced: Vec<(char, String)>,
}

/// Each character that can be printed stays, for others stands something else. Controls are gone: a name
/// must never be a command.
pub(super) fn write(text: &str, profile: &Profile, glyphs: &Glyphs) -> Written {
    let mut written = Written::default();
    for character in text.nfc() {
        if character == '\n' {
            written.text.push(character);
        } else if character == '\t' {
            written.text.push(' ');
        } else if character.is_control() || is_invisible(character) {
        } else if let Some(instead) = instead(character, profile, glyphs) {
            written.text.push_str(&instead);
            let mut known = written.replaced.iter();
            if !known.any(|(known, _)| *known == character) {
                written.replaced.push((character, instead));
            }
        } else {
            written.text.push(character);
        }
    }
    written
}

/// Whether the printer has all of these characters by itself.
pub(super) fn are_native(text: &str, profile: &Profile) -> bool {
    text.chars().all(|character| has(profile, character))
}

fn has(profile: &Profile, character: char) -> bool {
    if profile.language == Language::Tspl && !tspl::is_sayable(character) {
        return false;
    }
    profile
        .pages()
        .any(|(_, page)| page.byte(character).is_some())
}

/// Directions and joiners: nothing is printed for them.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What stands for a character; none where it can be printed.
fn instead(character: char, profile: &Profile, glyphs: &Glyphs) -> Option<String> {
    if has(profile, character) {
        return None;
    }
    if let Some((_, known)) = REPLACEMENTS.iter().find(|(known, _)| *known == character) {
        return Some((*known).to_owned());
    }
    if glyphs.has(character) {
        return None;
    }
    // Without its accents.
    let plain = std::iter::once(character).nfd().next();
    let plain = plain.filter(|plain| has(profile, *plain) || glyphs.has(*plain));
    Some(plain.unwrap_or('?').to_string())
}
