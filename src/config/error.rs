//! What is wrong with a configuration: one sentence that says where, what and what helps.

/// A configuration that cannot be used. Reads `terminal.toml line 7, backend.base_url: …; …`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{}{field}: {problem}", if field.is_empty() { "" } else { ", " })]
pub struct ConfigError {
    /// Where it was written.
    pub place: Place,
    /// The key with its section, such as `shop.currency`; empty where there is no one key.
    pub field: String,
    /// What is wrong, and after a semicolon the remedy.
    pub problem: String,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file.
    Line {
        /// Its name, as it was given.
        file: String,
        /// From 1.
        line: usize,
    },
    /// In the environment.
    Variable {
        /// Its name.
        name: String,
    },
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Line { file, line } => write!(f, "{file} line {line}"),
            Self::Variable { name } => write!(f, "environment variable {name}"),
        }
    }
}
