//! Text in the characters that a printer has.

use unicode_normalization::UnicodeNormalization as _;

use super::Profile;

/// What stands for characters that few printers have.
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
    ('€', "EUR"),
    ('£', "GBP"),
    ('¥', "JPY"),
    ('ø', "o"),
    ('Ø', "O"),
    ('ł', "l"),
    ('Ł', "L"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('Æ', "AE"),
    ('œ', "oe"),
    ('Œ', "OE"),
    ('ı', "i"),
];

/// A text as this printer can write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Only characters of the printer's code pages.
    pub(super) text: String,
    /// What it has not, with what stands for it.
    pub(super) replaced: Vec<(char, String)>,
}

/// Each character that one of the printer's code pages has stays; for others stands what is read alike,
/// or a question mark. Controls are gone: a name must never be a command.
pub(super) fn write(text: &str, profile: &Profile) -> Written {
    let mut written = Written::default();
    for character in text.nfc() {
        if character == '\n' {
            written.text.push(character);
        } else if character == '\t' {
            written.text.push(' ');
        } else if character.is_control() || is_invisible(character) {
        } else if has(profile, character) {
            written.text.push(character);
        } else {
            let instead = instead(character, profile);
            written.text.push_str(&instead);
            if !written
                .replaced
                .iter()
                .any(|(known, _)| *known == character)
            {
                written.replaced.push((character, instead));
            }
        }
    }
    written
}

fn has(profile: &Profile, character: char) -> bool {
    let mut pages = profile.code_pages.iter();
    pages.any(|(_, page)| page.byte(character).is_some())
}

/// Directions and joiners: nothing is printed for them.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn instead(character: char, profile: &Profile) -> String {
    if let Some((_, known)) = REPLACEMENTS.iter().find(|(known, _)| *known == character) {
        return (*known).to_owned();
    }
    // Without its accents.
    let plain = std::iter::once(character).nfd().next();
    match plain {
        Some(plain) if plain != character && has(profile, plain) => plain.to_string(),
        _ => "?".to_owned(),
    }
}
