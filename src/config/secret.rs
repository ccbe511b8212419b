//! Where a secret is kept. The configuration never holds one itself.

use std::path::{Path, PathBuf};

/// The way to a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// The only line of a file that nobody else can read.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
    /// A credential that systemd hands over in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
}

/// What a configuration says where a secret should be named.
pub(super) const FORMS: &str = "write { file = \"…\" }, { env = \"…\" } or { credential = \"…\" }";

impl SecretRef {
    /// Takes a file's name that does not begin at the root as one beside the configuration: the till may
    /// be started from anywhere.
    pub(super) fn stands_in(&mut self, folder: &Path) {
        if let Self::File(path) = self {
            *path = folder.join(&*path);
        }
    }

    /// Reads the one key of an inline table.
    pub(super) fn of(key: &str, value: &str) -> Result<Self, String> {
        if value.is_empty() || value.chars().any(char::is_control) {
            return Err(format!(
                "the name of the secret is empty or has control characters; {FORMS}"
            ));
        }
        match key {
            "file" => Ok(Self::File(PathBuf::from(value))),
            "env" => Ok(Self::Env(value.to_owned())),
            // A path here would leave systemd's folder.
            "credential" if value.contains(['/', '\\']) || value.starts_with('.') => Err(
                "a credential is named without a path; write its name as in the unit file"
                    .to_owned(),
            ),
            "credential" => Ok(Self::Credential(value.to_owned())),
            other => Err(format!("{other:?} is not a way to keep a secret; {FORMS}")),
        }
    }
}
