//! What the payer's page says: title and description.

use super::super::Refusal;
use crate::domain::link::Link;

/// The longest and the shortest title, in characters.
pub(super) const TITLE_CHARS_MAX: usize = 100;
const TITLE_CHARS_MIN: usize = 3;
/// The longest description, in characters, escapes among them.
pub(super) const DESCRIPTION_CHARS_MAX: usize = 500;

/// The shop and what is bought, for instance `Kiosk: Tea`.
pub(super) fn title(link: &Link, shop: &str) -> Result<String, Refusal> {
    let shop = one_line(shop);
    let mut what = one_line(&link.title);
    if what.is_empty() {
        what = one_line(&link.word);
    }
    let whole = match (shop.is_empty(), what.is_empty()) {
        (true, _) => what,
        (false, true) => shop,
        (false, false) => format!("{shop}: {what}"),
    };
    let cut: String = whole.chars().take(TITLE_CHARS_MAX).collect();
    let cut = cut.trim_end().to_owned();
    if cut.chars().count() < TITLE_CHARS_MIN {
        return Err(Refusal::of(format!(
            "Devdraft wants a title of {TITLE_CHARS_MIN} characters or more, {cut:?} is shorter: give \
             the shop a longer name"
        )));
    }
    Ok(cut)
}

/// A text on one line as markdown that shows it as it is, at most [`DESCRIPTION_CHARS_MAX`] long.
/// `None` where there is nothing to say.
pub(super) fn description(text: &str) -> Option<String> {
    let text = one_line(text);
    let mut out = String::new();
    let mut length = 0_usize;
    // A number and a point begin a list, but only at the start of a line.
    let mut begins = true;
    for (index, character) in text.chars().enumerate() {
        let special = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => true,
            '#' | '+' | '-' | '=' => index == 0,
            '.' | ')' => begins,
            _ => false,
        };
        begins = begins && character.is_ascii_digit();
        let more = if special { 2 } else { 1 };
        length = length.saturating_add(more);
        // An escape is never cut in two.
        if length > DESCRIPTION_CHARS_MAX {
            break;
        }
        if special {
            out.push('\\');
        }
        out.push(character);
    }
    (!out.is_empty()).then_some(out)
}

/// Words with single blanks between them, without controls.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::sample;
    use super::*;

    fn titled(title: &str, word: &str, shop: &str) -> Option<String> {
        let mut link = sample::link(350, "EUR");
        title.clone_into(&mut link.title);
        word.clone_into(&mut link.word);
        self::title(&link, shop).ok()
    }

    #[test]
    fn a_title_has_three_to_a_hundred_characters() {
        let long = "ä".repeat(200);
        let rows = [
            ("Tea", "tulip", "Kiosk", Some("Kiosk: Tea".to_owned())),
            ("", "tulip", "Kiosk", Some("Kiosk: tulip".to_owned())),
            ("T", "", "K", Some("K: T".to_owned())),
            (" T\n\u{0}e a ", "", "K", Some("K: T e a".to_owned())),
            ("Tea", "", "", Some("Tea".to_owned())),
            ("Te", "", "", None),
            ("", "", "", None),
            (&long, "", "", Some("ä".repeat(100))),
            (&long[..198], "", "", Some("ä".repeat(99))),
            (&long[..200], "", "", Some("ä".repeat(100))),
            (&long[..202], "", "", Some("ä".repeat(100))),
        ];
        for (title, word, shop, expected) in rows {
            assert_eq!(titled(title, word, shop), expected, "{title} {word} {shop}");
        }
    }

    #[test]
    fn a_description_is_shown_as_it_is() {
        let rows = [
            ("", None),
            (" \n ", None),
            ("Payment for service", Some("Payment for service")),
            ("*Tea* [x](y) a_b", Some(r"\*Tea\* \[x\](y) a\_b")),
            ("# 1. not a heading", Some(r"\# 1. not a heading")),
            ("1. no list", Some(r"1\. no list")),
            ("12) no list", Some(r"12\) no list")),
            ("3.50 - 4.50", Some(r"3\.50 - 4.50")),
            ("a\r\nb", Some("a b")),
            ("<b>&amp;\\", Some(r"\<b\>\&amp;\\")),
        ];
        for (text, expected) in rows {
            assert_eq!(description(text).as_deref(), expected, "{text}");
        }
        assert_eq!(description("é").as_deref(), Some("é"));
        assert_eq!(description(&"é".repeat(499)).unwrap().chars().count(), 499);
        assert_eq!(description(&"é".repeat(500)).unwrap().chars().count(), 500);
        assert_eq!(description(&"é".repeat(501)).unwrap().chars().count(), 500);
        // 499 signs and an escape of two would be one too many.
        let odd = format!("{}*", "a".repeat(499));
        assert_eq!(description(&odd).unwrap().chars().count(), 499);
    }

    proptest! {
        #[test]
        fn no_description_is_too_long_or_ends_in_half_an_escape(text in "(.|[*_\\[\\\\]{3}|é){0,900}") {
            let text = description(&text).unwrap_or_default();
            prop_assert!(text.chars().count() <= DESCRIPTION_CHARS_MAX);
            let slashes = text.chars().rev().take_while(|c| *c == '\\').count();
            prop_assert!(slashes.is_multiple_of(2));
        }

        #[test]
        fn no_title_is_out_of_bounds(title in ".{0,150}", shop in ".{0,150}") {
            if let Some(title) = titled(&title, "", &shop) {
                prop_assert!((3..=100).contains(&title.chars().count()));
            }
        }
    }
}
