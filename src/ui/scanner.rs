//! A barcode scanner that types like a keyboard: told apart from a person by its speed.
//!
//! Works with no field focused, and with one: what a scan typed into a field is taken out again by
//! whoever owns the field.

/// A longer pause between two characters ends a burst, in seconds.
const PAUSE_SECS: f64 = 0.15;
/// The slowest burst that still counts as a scanner, in seconds for each character on average.
const AVERAGE_SECS: f64 = 0.035;
/// The shortest code.
const CHARS_MIN: usize = 4;
/// The longest code: one of our own stickers is an address.
const CHARS_MAX: usize = 300;
/// The same code within this time is the scanner's stutter, in seconds.
const STUTTER_SECS: f64 = 0.3;

/// What the keyboard said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A character.
    Char(char),
    /// Enter or Tab.
    End,
}

/// What it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The first character after a pause: a field remembers its text now.
    Begin,
    /// Another character.
    More,
    /// A scan: the field takes its old text back, and the end mark goes nowhere.
    Scan(String),
    /// The scanner's second copy of a scan: the same, but nothing is to be done.
    Stutter,
    /// An end mark that a person typed.
    Nothing,
}

/// Listens to the keyboard.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scanner {
    prefix: String,
    typed: String,
    began: f64,
    last: f64,
    scanned: Option<(String, f64)>,
}

impl Scanner {
    /// For a scanner that sends `prefix` before each code; it is taken off.
    pub(crate) fn with_prefix(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            ..Self::default()
        }
    }

    /// Takes what was typed at `now`, in seconds.
    pub(crate) fn hear(&mut self, typed: Typed, now: f64) -> Heard {
        let paused = self.typed.is_empty() || now - self.last > PAUSE_SECS;
        match typed {
            Typed::Char(character) => {
                if paused {
                    self.typed.clear();
                    self.began = now;
                }
                self.last = now;
                if self.typed.chars().count() < CHARS_MAX {
                    self.typed.push(character);
                }
                if paused { Heard::Begin } else { Heard::More }
            }
            Typed::End => {
                let text = std::mem::take(&mut self.typed);
                if paused {
                    Heard::Nothing
                } else {
                    self.end(&text, now)
                }
            }
        }
    }

    fn end(&mut self, text: &str, now: f64) -> Heard {
        let steps = text.chars().count().saturating_sub(1).max(1);
        let average = (self.last - self.began) / steps as f64;
        let code = text
            .strip_prefix(self.prefix.as_str())
            .unwrap_or(text)
            .trim();
        if code.chars().count() < CHARS_MIN || average > AVERAGE_SECS {
            return Heard::Nothing;
        }
        let stutters = self
            .scanned
            .as_ref()
            .is_some_and(|(last, at)| last == code && now - at < STUTTER_SECS);
        self.scanned = Some((code.to_owned(), now));
        if stutters {
            Heard::Stutter
        } else {
            Heard::Scan(code.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types `text` with `step` seconds between characters, then Enter; `|` is a pause of a second.
    fn scans(scanner: &mut Scanner, text: &str, step: f64, start: f64) -> Vec<Heard> {
        let mut now = start;
        let mut heard = Vec::new();
        for character in text.chars().chain(['\n']) {
            match character {
                '|' => now += 1.0,
                '\n' => heard.push(scanner.hear(Typed::End, now)),
                character => heard.push(scanner.hear(Typed::Char(character), now)),
            }
            now += step;
        }
        heard.retain(|heard| !matches!(heard, Heard::Begin | Heard::More));
        heard
    }

    #[test]
    fn a_burst_is_a_scan_and_a_person_is_not() {
        let scan = |text: &str| vec![Heard::Scan(text.to_owned())];
        for (text, step, expected) in [
            ("4006381333931", 0.005, scan("4006381333931")),
            ("4006381333931", 0.030, scan("4006381333931")),
            ("4006381333931", 0.0, scan("4006381333931")),
            ("4006381333931", 0.080, vec![Heard::Nothing]),
            ("espresso", 0.120, vec![Heard::Nothing]),
            ("123", 0.005, vec![Heard::Nothing]),
            ("1234", 0.005, scan("1234")),
            ("a|4006381333931", 0.005, scan("4006381333931")),
            ("", 0.005, vec![Heard::Nothing]),
            ("4006381333931|", 0.005, vec![Heard::Nothing]),
            (
                "https://pay.example/l/abc-1",
                0.008,
                scan("https://pay.example/l/abc-1"),
            ),
        ] {
            assert_eq!(
                scans(&mut Scanner::default(), text, step, 10.0),
                expected,
                "{text:?} {step}"
            );
        }
    }

    #[test]
    fn a_doubled_scan_counts_once_but_the_next_piece_counts() {
        let mut scanner = Scanner::default();
        let first = scans(&mut scanner, "40063813", 0.005, 1.0);
        let second = scans(&mut scanner, "40063813", 0.005, 1.1);
        let third = scans(&mut scanner, "40063813", 0.005, 2.5);
        assert_eq!(first, [Heard::Scan("40063813".to_owned())]);
        assert_eq!(second, [Heard::Stutter]);
        assert_eq!(third, [Heard::Scan("40063813".to_owned())]);
    }

    #[test]
    fn a_prefix_is_taken_off() {
        let mut scanner = Scanner::with_prefix("]C1");
        let heard = scans(&mut scanner, "]C140063813", 0.005, 1.0);
        assert_eq!(heard, [Heard::Scan("40063813".to_owned())]);
    }
}
