//! Reading what strangers wrote: numbers, ids and sentences, each with a bound.

use serde_json::Value;

use super::Response;

/// The longest id that is believed, in characters. A UUID has 36.
pub(super) const ID_CHARS_MAX: usize = 128;
/// The longest sentence of a provider that is kept, in characters.
pub(super) const TEXT_CHARS_MAX: usize = 300;
/// The longest wait that a provider may ask for, in seconds.
const RETRY_AFTER_SECS_MAX: u32 = 3_600;
/// Digits of the longest number that is believed: more do not fit an `i64`.
const DIGITS_MAX: usize = 18;

/// A whole number that is not negative, as a JSON integer or as a string of digits. Never a float:
/// `10.0` is refused, because whoever writes it may mean ten units or ten cents.
pub(super) fn whole(value: &Value) -> Option<i64> {
    if let Some(text) = value.as_str() {
        let digits = text.len() <= DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit());
        return if digits { text.parse().ok() } else { None };
    }
    value.as_i64().filter(|number| *number >= 0)
}

/// Whether a text may stand in a path as one segment: letters, digits, `-`, `_`, `.`, `~`, and not
/// only dots.
pub(super) fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.len() <= ID_CHARS_MAX
        && text.bytes().all(allowed)
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// A text on one line and of bounded length, for people.
pub(super) fn clip(text: &str) -> String {
    let mut out = String::new();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.chars().count() > TEXT_CHARS_MAX {
        out = out.chars().take(TEXT_CHARS_MAX).collect();
        out.push('…');
    }
    out
}

/// Whether a body can be a JSON API's: an object, a list, or nothing at all.
pub(super) fn is_json_or_empty(response: &Response) -> bool {
    let body = response.body.trim();
    body.is_empty()
        || serde_json::from_str::<Value>(body)
            .is_ok_and(|value| value.is_object() || value.is_array())
}

/// `Retry-After` in seconds, between 1 and 3,600. A date there is not read: nothing here has a
/// clock.
pub(super) fn retry_after_secs(response: &Response) -> Option<u32> {
    let text = response.header("retry-after")?.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Digits that overflow mean "very long".
    let secs = text.parse().unwrap_or(RETRY_AFTER_SECS_MAX);
    Some(secs.clamp(1, RETRY_AFTER_SECS_MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_whole_or_it_is_not_believed() {
        let rows = [
            (json!(1000), Some(1000)),
            (json!(0), Some(0)),
            (json!("1000"), Some(1000)),
            (json!(10.0), None),
            (json!(1e3), None),
            (json!(-1), None),
            (json!("-1"), None),
            (json!("10.00"), None),
            (json!(""), None),
            (json!(" 1"), None),
            (json!("9999999999999999999999"), None),
            (json!(u64::MAX), None),
            (json!(null), None),
            (json!([1]), None),
        ];
        for (value, expected) in rows {
            assert_eq!(whole(&value), expected, "{value}");
        }
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_a_path() {
        for good in ["abc12345-...", "550e8400-e29b-41d4-a716-446655440000", "a"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "..", ".", "a/b", "a?b", "a b", "a\n", "ä", "a%2f"] {
            assert!(!is_id(bad), "{bad}");
        }
        assert!(is_id(&"a".repeat(ID_CHARS_MAX)));
        assert!(!is_id(&"a".repeat(ID_CHARS_MAX + 1)));
    }

    #[test]
    fn a_wait_has_bounds() {
        let rows = [
            ("7", Some(7)),
            ("0", Some(1)),
            ("1", Some(1)),
            ("3600", Some(3_600)),
            ("3601", Some(3_600)),
            ("99999999999999", Some(3_600)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", None),
            ("-5", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let response = Response {
                status: 429,
                headers: vec![("retry-after".to_owned(), text.to_owned())],
                body: String::new(),
            };
            assert_eq!(retry_after_secs(&response), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_is_one_bounded_line() {
        assert_eq!(clip(" a\r\n\tb\u{0} c "), "a b c");
        let whole = "é".repeat(TEXT_CHARS_MAX);
        assert_eq!(clip(&whole), whole);
        assert_eq!(clip(&"é".repeat(1_000)).chars().count(), TEXT_CHARS_MAX + 1);
    }
}
