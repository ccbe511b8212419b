//! The configuration's file, the environment and the secrets that it names.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::config::{Config, ConfigError, HubConfig, SecretRef, TEXT_BYTES_MAX};

/// The longest secret, in bytes.
const SECRET_BYTES_MAX: u64 = 16 * 1024;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFileError {
    /// It cannot be read.
    #[error("the configuration {path} cannot be read: check its name and its rights")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It has a mistake in it.
    #[error(transparent)]
    Mistake(#[from] ConfigError),
}

/// Why there is no secret. Never holds a part of it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret file {path} cannot be read: check its name and its owner")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Others could have read it.
    #[error("the secret file {path} can be read by others: `chmod 600` it, and change the secret")]
    Open {
        /// Which file.
        path: PathBuf,
    },
    /// There is nothing in it, several lines, or far too much.
    #[error("{place} does not hold one line of text: put the secret there, and nothing else")]
    NotOneLine {
        /// Which file or variable.
        place: String,
    },
    /// The variable is not set.
    #[error("the environment variable {name} is not set: set it for this program")]
    NoVariable {
        /// Which.
        name: String,
    },
    /// The program was not started by systemd with credentials.
    #[error(
        "there is no credential {name:?}: start the till by systemd with LoadCredential={name}:…"
    )]
    NoCredential {
        /// Which.
        name: String,
    },
}

/// The environment, as far as it is text.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The till's configuration: the file's, or the defaults without one, with the environment over it.
pub fn load_terminal(
    path: Option<&Path>,
    env: &BTreeMap<String, String>,
) -> Result<Config, ConfigFileError> {
    let (text, name) = read(path)?;
    let mut config = Config::parse(&text, &name, env)?;
    if let Some(folder) = path.and_then(Path::parent) {
        config.stands_in(folder);
    }
    Ok(config)
}

/// The hub's configuration, likewise.
pub fn load_hub(
    path: Option<&Path>,
    env: &BTreeMap<String, String>,
) -> Result<HubConfig, ConfigFileError> {
    let (text, name) = read(path)?;
    Ok(HubConfig::parse(&text, &name, env)?)
}

/// The first of the usual places that has a configuration: `$XDG_CONFIG_HOME/tillcode/terminal.toml`
/// (else `~/.config/…`), then `/etc/tillcode/terminal.toml`.
pub fn usual_config(env: &BTreeMap<String, String>) -> Option<PathBuf> {
    let own = env
        .get("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env.get("HOME")?).join(".config")));
    let places = own.into_iter().chain([PathBuf::from("/etc")]);
    places
        .map(|place| place.join("tillcode/terminal.toml"))
        .find(|file| file.is_file())
}

/// The user's own data folder, where the configuration names none: `$XDG_DATA_HOME/tillcode`, else
/// `~/.local/share/tillcode`.
pub fn usual_data_dir(env: &BTreeMap<String, String>) -> Option<PathBuf> {
    let named = |name: &str| {
        let path = PathBuf::from(env.get(name)?);
        // A relative path would be another folder for each place that the till is started from.
        path.is_absolute().then_some(path)
    };
    let data = named("XDG_DATA_HOME").or_else(|| Some(named("HOME")?.join(".local/share")))?;
    Some(data.join("tillcode"))
}

/// Reads a secret where the configuration says that it is. A line break at its end is no part of it.
pub fn read_secret(
    secret: &SecretRef,
    env: &BTreeMap<String, String>,
) -> Result<String, SecretError> {
    match secret {
        SecretRef::Env(name) => match env.get(name) {
            Some(value) => one_line(value, || format!("the environment variable {name}")),
            None => Err(SecretError::NoVariable { name: name.clone() }),
        },
        SecretRef::File(path) => {
            refuse_open(path)?;
            read_secret_file(path)
        }
        // systemd itself sees to the rights of its folder.
        SecretRef::Credential(name) => match env.get("CREDENTIALS_DIRECTORY") {
            Some(folder) => read_secret_file(&Path::new(folder).join(name)),
            None => Err(SecretError::NoCredential { name: name.clone() }),
        },
    }
}

fn read(path: Option<&Path>) -> Result<(String, String), ConfigFileError> {
    let Some(path) = path else {
        return Ok((String::new(), "defaults".to_owned()));
    };
    // One byte over the bound, so that the parser sees that it is too much.
    let limit = u64::try_from(TEXT_BYTES_MAX)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let text = bounded(path, limit).map_err(|source| ConfigFileError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    Ok((text, name))
}

fn read_secret_file(path: &Path) -> Result<String, SecretError> {
    let text = bounded(path, SECRET_BYTES_MAX).map_err(|source| SecretError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    one_line(&text, || format!("the secret file {}", path.display()))
}

fn bounded(path: &Path, limit: u64) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?
        .take(limit)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(unix)]
pub(super) fn refuse_open(path: &Path) -> Result<(), SecretError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)
        .map_err(|source| SecretError::Unreadable {
            path: path.to_owned(),
            source,
        })?
        .permissions()
        .mode();
    let rights_of_others = mode & 0o077;
    if rights_of_others == 0 {
        Ok(())
    } else {
        Err(SecretError::Open {
            path: path.to_owned(),
        })
    }
}

/// Other systems keep rights elsewhere; nothing is claimed about them.
#[cfg(not(unix))]
pub(super) fn refuse_open(_path: &Path) -> Result<(), SecretError> {
    Ok(())
}

fn one_line(text: &str, place: impl FnOnce() -> String) -> Result<String, SecretError> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.trim().is_empty() || line.chars().any(char::is_control) {
        return Err(SecretError::NotOneLine { place: place() });
    }
    Ok(line.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_secrets_file_lies_beside_the_configuration_unless_its_path_begins_at_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("terminal.toml");
        let text = "[risk]\npin = { file = \"pin\" }\n[hub]\nurl = \"https://hub.example\"\n\
            token = { file = \"/etc/token\" }\n[[backend]]\nname = \"main\"\nkind = \"4pay\"\n\
            api_key = { file = \"keys/4pay\" }\n";
        std::fs::write(&file, text).unwrap();
        let config = load_terminal(Some(&file), &BTreeMap::new()).unwrap();
        let at = |path: &str| SecretRef::File(folder.path().join(path));
        assert_eq!(config.risk.pin, Some(at("pin")));
        let token = config.hub.unwrap().token;
        assert_eq!(token, Some(SecretRef::File("/etc/token".into())));
        let key = config.backends[0].secrets().next();
        assert_eq!(key, Some(&at("keys/4pay")));
    }

    #[test]
    fn a_secret_is_read_from_where_it_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("4pay.key");
        std::fs::write(&path, "sk_1\n").unwrap();
        let rights = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let mut env = BTreeMap::from([("KEY".to_owned(), "sk_2".to_owned())]);
        let file = SecretRef::File(path.clone());

        rights(0o600);
        assert_eq!(read_secret(&file, &env).unwrap(), "sk_1");
        rights(0o640);
        let refused = read_secret(&file, &env).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");

        assert_eq!(
            read_secret(&SecretRef::Env("KEY".to_owned()), &env).unwrap(),
            "sk_2"
        );
        let unset = read_secret(&SecretRef::Env("KEYS".to_owned()), &env).unwrap_err();
        assert!(matches!(unset, SecretError::NoVariable { .. }));

        let credential = SecretRef::Credential("4pay.key".to_owned());
        let none = read_secret(&credential, &env).unwrap_err();
        assert!(matches!(none, SecretError::NoCredential { .. }));
        env.insert(
            "CREDENTIALS_DIRECTORY".to_owned(),
            folder.path().display().to_string(),
        );
        assert_eq!(read_secret(&credential, &env).unwrap(), "sk_1");

        rights(0o600);
        for text in ["", "\n", "a\nb\n", "a\u{0}"] {
            std::fs::write(&path, text).unwrap();
            let refused = read_secret(&file, &env).unwrap_err();
            assert!(
                matches!(refused, SecretError::NotOneLine { .. }),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_file_is_named_in_its_mistakes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("till.toml");
        let env = BTreeMap::new();
        assert!(load_terminal(Some(&path), &env).is_err());
        std::fs::write(&path, "[shop]\nname = 1\n").unwrap();
        let refused = load_terminal(Some(&path), &env).unwrap_err().to_string();
        assert!(
            refused.starts_with("till.toml line 2, shop.name: "),
            "{refused}"
        );
        assert_eq!(load_terminal(None, &env).unwrap(), Config::default());
        assert_eq!(load_hub(None, &env).unwrap(), HubConfig::default());
    }

    #[test]
    fn the_data_folder_is_never_relative() {
        let with = |rows: &[(&str, &str)]| {
            let env = rows.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
            usual_data_dir(&env.collect())
        };
        assert_eq!(
            with(&[("HOME", "/h")]).unwrap(),
            Path::new("/h/.local/share/tillcode")
        );
        let xdg = with(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]).unwrap();
        assert_eq!(xdg, Path::new("/d/tillcode"));
        let relative = with(&[("HOME", "/h"), ("XDG_DATA_HOME", "d")]).unwrap();
        assert_eq!(relative, Path::new("/h/.local/share/tillcode"));
        assert_eq!(with(&[]), None);
    }
}
