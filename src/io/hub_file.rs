//! The file of the hub that this till is joined to, beside the database. It holds a token, so nobody
//! else may read it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::config_file::{SecretError, refuse_open};
use crate::proto::hub::HubFile;

/// Its name in the data folder.
pub const FILE_NAME: &str = "hub.json";
/// More than any that is written here, in bytes.
const BYTES_MAX: u64 = 512 * 1024;

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum HubFileError {
    /// Others could have read it.
    #[error(transparent)]
    Open(#[from] SecretError),
    /// It cannot be read.
    #[error("{path} cannot be read: check its owner and its rights")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is not what was written.
    #[error("{path} is damaged: remove it, and pair this till again")]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// It cannot be written.
    #[error(
        "{path} cannot be written: check that its folder can be written, and that there is room"
    )]
    Unwritable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What it says; nothing where there is none.
pub fn load(folder: &Path) -> Result<HubFile, HubFileError> {
    use std::io::Read as _;
    let path = folder.join(FILE_NAME);
    let unreadable = |source| HubFileError::Unreadable {
        path: path.clone(),
        source,
    };
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(HubFile::default());
        }
        Err(error) => return Err(unreadable(error)),
    };
    refuse_open(&path)?;
    let mut text = String::new();
    file.take(BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    serde_json::from_str(&text).map_err(|_shows_the_token| HubFileError::Damaged { path })
}

/// Writes it: on the disk, whole and readable by its owner only, before this returns.
pub fn save(folder: &Path, file: &HubFile) -> Result<(), HubFileError> {
    let path = folder.join(FILE_NAME);
    write(folder, &path, file).map_err(|source| HubFileError::Unwritable { path, source })
}

fn write(folder: &Path, path: &Path, file: &HubFile) -> std::io::Result<()> {
    let text = serde_json::to_vec_pretty(file).map_err(std::io::Error::other)?;
    let temporary = path.with_extension("tmp");
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut out = options.open(&temporary)?;
    out.write_all(&text)?;
    out.sync_all()?;
    std::fs::rename(&temporary, path)?;
    // The name is on the disk only once the folder is.
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::proto::hub::joined::Hooks;

    #[test]
    fn it_is_written_whole_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()).unwrap(), HubFile::default());
        let hooks = Hooks {
            hub: "https://hub.example".to_owned(),
            list: Vec::new(),
        };
        let file = HubFile {
            hooks,
            ..HubFile::default()
        };
        save(folder.path(), &file).unwrap();
        assert_eq!(load(folder.path()).unwrap(), file);
        let path = folder.path().join(FILE_NAME);
        let rights = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(rights & 0o777, 0o600);
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&path, open).unwrap();
        let refused = load(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
        save(folder.path(), &file).unwrap();
        std::fs::write(&path, "{").unwrap();
        let damaged = load(folder.path()).unwrap_err().to_string();
        assert!(damaged.contains("pair this till again"), "{damaged}");
        let nowhere = save(&folder.path().join("none"), &file).unwrap_err();
        assert!(nowhere.to_string().contains("hub.json"), "{nowhere}");
    }
}
