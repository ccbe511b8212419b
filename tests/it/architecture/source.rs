//! Reads Rust text as far as floors need it: the paths that a file mentions, and on which line.

/// A path as it stands in the text, its groups spelled out, or a word that is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// `["crate", "terminal", "Command"]`.
    pub(super) segments: Vec<String>,
    /// From 1.
    pub(super) line: usize,
}

impl Mention {
    /// Whether the path contains the segments of `words`, one after the other.
    pub(super) fn says(&self, words: &str) -> bool {
        let words: Vec<&str> = words.split("::").collect();
        self.segments
            .windows(words.len())
            .any(|window| window == words)
    }

    /// Whether the path contains one of the words.
    pub(super) fn says_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.says(word))
    }
}

/// A word or a sign, and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    text: String,
    line: usize,
}

/// All paths of a file's code, without those of its tests.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let tokens = without_tests(&tokens(text));
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_visibility(&tokens, at) {
            at += 3;
        } else if is_word(&tokens[at].text) {
            at = path(&tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// `pub(crate)` and `pub(super)` lead nowhere.
fn is_visibility(tokens: &[Token], at: usize) -> bool {
    tokens[at].text == "pub"
        && tokens.get(at + 1).is_some_and(|token| token.text == "(")
        && tokens.get(at + 3).is_some_and(|token| token.text == ")")
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Reads a path from `at` on, after `prefix`; gives back where it ends.
fn path(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<Mention>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut segments = prefix.to_vec();
    let line = tokens[at].line;
    loop {
        segments.push(text(at).to_owned());
        at += 1;
        if text(at) != "::" {
            break;
        }
        match text(at + 1) {
            "{" => return group(tokens, at + 2, &segments, found),
            next if is_word(next) || next == "*" => at += 1,
            // A turbofish: what is between its brackets are paths of their own.
            _ => break,
        }
    }
    found.push(Mention { segments, line });
    at
}

/// Reads `a, b::{c, d}, self}` after an opening brace; gives back where it ends.
fn group(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<Mention>) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "}" => return at + 1,
            word if is_word(word) || word == "*" => at = path(tokens, at, prefix, found),
            _ => at += 1,
        }
    }
    at
}

/// Leaves out what stands under `#[cfg(test)]`: up to its closing brace, or to its semicolon.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let begins = |at: usize, words: &[&str]| {
        words.iter().enumerate().all(|(offset, word)| {
            tokens
                .get(at + offset)
                .is_some_and(|token| token.text == *word)
        })
    };
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if begins(at, &["#", "[", "cfg", "(", "test", ")", "]"])
            || begins(at, &["#", "[", "cfg", "(", "all", "(", "test"])
        {
            at = end_of_item(tokens, at + 7);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

fn end_of_item(tokens: &[Token], from: usize) -> usize {
    let mut open = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.text.as_str() {
            "{" => open += 1,
            "}" if open == 1 => return at + 1,
            "}" => open = open.saturating_sub(1),
            ";" if open == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Words, numbers and signs; comments and texts are gone. A float is the word `f64`.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<Token> = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let (length, token) = next(&chars[at..], found.last().map(|token| token.text.as_str()));
        if let Some(text) = token {
            found.push(Token { text, line });
        }
        let end = (at + length.max(1)).min(chars.len());
        line += chars[at..end].iter().filter(|sign| **sign == '\n').count();
        at = end;
    }
    found
}

/// The next token with its length in characters; none for what does not count.
fn next(chars: &[char], before: Option<&str>) -> (usize, Option<String>) {
    let second = chars.get(1).copied();
    match chars[0] {
        '/' if second == Some('/') => (run(chars, |sign| sign != '\n'), None),
        '/' if second == Some('*') => (block_comment(chars), None),
        '"' => (quoted(chars, 0), None),
        'b' | 'c' if second == Some('"') => (quoted(chars, 1), None),
        'r' | 'b' | 'c' if raw_text(chars).is_some() => (raw_text(chars).unwrap_or(1), None),
        '\'' => (char_or_lifetime(chars), None),
        ':' if second == Some(':') => (2, Some("::".to_owned())),
        sign if sign.is_ascii_digit() => number(chars, before),
        sign if sign.is_alphabetic() || sign == '_' => {
            let length = run(chars, |sign| sign.is_alphanumeric() || sign == '_');
            (length, Some(chars[..length].iter().collect()))
        }
        sign if sign.is_whitespace() => (1, None),
        sign => (1, Some(sign.to_string())),
    }
}

fn run(chars: &[char], holds: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|sign| holds(**sign)).count()
}

fn block_comment(chars: &[char]) -> usize {
    let mut open = 0_usize;
    let mut at = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => {
                open += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                open -= 1;
                at += 2;
                if open == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// A text in quotes that begin at `from`, with its escapes.
fn quoted(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of `r"…"`, `r#"…"#`, `br"…"`; none where there is no raw text.
fn raw_text(chars: &[char]) -> Option<usize> {
    let mut at = run(chars, |sign| sign == 'b' || sign == 'c');
    if at > 1 || chars.get(at) != Some(&'r') {
        return None;
    }
    at += 1;
    let marks = run(&chars[at..], |sign| sign == '#');
    at += marks;
    if chars.get(at) != Some(&'"') {
        return None;
    }
    at += 1;
    while at < chars.len() {
        if chars[at] == '"' && run(&chars[at + 1..], |sign| sign == '#') >= marks {
            return Some(at + 1 + marks);
        }
        at += 1;
    }
    Some(at)
}

/// `'x'`, `'\n'` and `'a`: only the last has no quote at its end.
fn char_or_lifetime(chars: &[char]) -> usize {
    if chars.get(1) == Some(&'\\') {
        return 3 + run(&chars[3.min(chars.len())..], |sign| sign != '\'') + 1;
    }
    if chars.get(2) == Some(&'\'') {
        3
    } else {
        1 + run(&chars[1..], char::is_alphanumeric)
    }
}

/// A number; `1.5`, `1e3` and `2_f32` are floats, `pair.0.1`, `0..9` and `0xe5` are not.
fn number(chars: &[char], before: Option<&str>) -> (usize, Option<String>) {
    let in_number = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let mut length = run(chars, in_number);
    let whole: String = chars[..length].iter().collect();
    let is_decimal =
        !whole.starts_with("0x") && !whole.starts_with("0b") && !whole.starts_with("0o");
    let follows = chars.get(length + 1).copied();
    let has_point = chars.get(length) == Some(&'.')
        && before != Some(".")
        && follows.is_some_and(|sign| sign.is_ascii_digit());
    if has_point {
        length += 1 + run(&chars[length + 1..], in_number);
    }
    let has_suffix = whole.ends_with("f32") || whole.ends_with("f64");
    // `1usize` has an e as well, but only an exponent stands right after the digits.
    let digits = run(chars, |sign| sign.is_ascii_digit() || sign == '_');
    let has_exponent = whole[digits..].starts_with(['e', 'E']);
    let is_float = is_decimal && (has_point || has_suffix || has_exponent);
    let text = if is_float { "f64" } else { "0" };
    (length, Some(text.to_owned()))
}
