//! Why a database is not used, each time with the file and what helps.

use std::path::{Path, PathBuf};

/// Why a database is not used.
#[derive(Debug, thiserror::Error)]
pub enum SqliteError {
    /// The program was built with an old SQLite.
    #[error(
        "this program holds SQLite {found}, which can lose rows: build it with the bundled library, 3.51.3 or newer"
    )]
    OldLibrary {
        /// Its version.
        found: &'static str,
    },
    /// A setting did not take.
    #[error(
        "the database {path} runs with {setting}={found} instead of {wanted}: its disk or file system cannot keep sales safe, move the data folder to a local disk"
    )]
    Setting {
        /// Which file.
        path: PathBuf,
        /// Which pragma.
        setting: &'static str,
        /// What was read back.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The file is damaged.
    #[error(
        "the database {path} is damaged ({finding}): keep the file, and restore a backup with `restore`"
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What `quick_check` said first.
        finding: String,
    },
    /// The file belongs to another program.
    #[error("{path} is a database of another program: name another data folder")]
    Foreign {
        /// Which file.
        path: PathBuf,
    },
    /// The file was written by a newer release.
    #[error(
        "the database {path} has schema {found}, this program knows up to {known}: install the newer release that wrote it"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that is known here.
        known: i64,
    },
    /// A migration failed and was undone.
    #[error("the database {path} could not be brought to schema {version}, and stays as it was")]
    Migration {
        /// Which file.
        path: PathBuf,
        /// The step that failed.
        version: i64,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
    /// A file beside the database could not be written.
    #[error("{path} cannot be written: check the free space and the rights of its folder")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No room for what the database needs even to be opened.
    #[error("the disk is full: free some space where {path} is, then try again")]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// Anything else that SQLite says.
    #[error("the database {path} cannot be used: check that its folder exists and can be written")]
    Sqlite {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
}

impl SqliteError {
    pub(super) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_full(&source) {
            Self::Full { path }
        } else {
            Self::Sqlite { path, source }
        }
    }

    pub(super) fn file(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        if source.kind() == std::io::ErrorKind::StorageFull {
            Self::Full { path }
        } else {
            Self::File { path, source }
        }
    }
}

/// Whether SQLite found no room. The file that connections share is made longer by another call than
/// the others, whose failure it calls an error of input and output.
pub(in crate::io) fn is_full(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(found, _) = error else {
        return false;
    };
    found.code == rusqlite::ErrorCode::DiskFull
        || found.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        let path = Path::new("data/tillcode.sqlite3");
        let of = |code| {
            let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            SqliteError::sqlite(path, source).to_string()
        };
        for full in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_SHMSIZE] {
            let says = of(full);
            assert!(
                says.starts_with("the disk is full: free some space"),
                "{says}"
            );
        }
        for other in [
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_SHMMAP,
            ffi::SQLITE_CANTOPEN,
        ] {
            assert!(of(other).contains("can be written"), "{other}");
        }
        let no_room = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let says = SqliteError::file(path, no_room).to_string();
        assert!(
            says.contains("is full") && says.contains("tillcode.sqlite3"),
            "{says}"
        );
    }
}
