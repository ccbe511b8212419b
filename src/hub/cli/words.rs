//! How the owner's commands answer.

use std::io::Write as _;

use serde::Serialize;

/// The longest name of a shop, endpoint or terminal, in characters.
const NAME_CHARS_MAX: usize = 60;

/// One JSON document on standard output.
pub(super) fn json(document: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(document)?;
    line(&text)
}

/// One line on standard output.
pub(super) fn line(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}

/// A name as it was typed, or why it is none.
pub(super) fn name(what: &str, typed: &str) -> anyhow::Result<String> {
    let name = typed.trim();
    let is_long = name.chars().count() > NAME_CHARS_MAX;
    if name.is_empty() || is_long || name.chars().any(char::is_control) {
        anyhow::bail!(
            "{what} {typed:?} cannot be used: give one to {NAME_CHARS_MAX} characters in one line"
        );
    }
    Ok(name.to_owned())
}
