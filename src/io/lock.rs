//! One process for each data folder, and for each of a hub's files: the second one learns who the first
//! is.
//!
//! The lock is the operating system's, so it goes with its process, however that ends. The file
//! stays; removing it would let two processes hold two files of one name.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// The lock's name in the data folder.
pub const FILE_NAME: &str = "tillcode.lock";
/// More than a process id and a program's name need.
const NOTE_BYTES_MAX: u64 = 256;

/// Held as long as this value lives.
#[derive(Debug)]
pub struct ProcessLock {
    _file: File,
}

/// Why the data folder is not ours.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{holder}: use its window, or stop it first")]
    Held {
        /// What it wrote about itself.
        holder: Holder,
    },
    /// No room even for the lock.
    #[error("the disk is full: free some space where {path} is, then try again")]
    Full {
        /// The lock file.
        path: PathBuf,
    },
    /// The lock file cannot be made.
    #[error("{path} cannot be locked: check that its folder exists and can be written to")]
    File {
        /// The lock file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The process that holds a data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its process id; none where it has not written it yet.
    pub process: Option<u32>,
    /// Its program's name; may be empty.
    pub program: String,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let program = match self.program.as_str() {
            "" => "Another program",
            program => program,
        };
        write!(f, "{program} already runs on this data folder")?;
        match self.process {
            Some(process) => write!(f, " (process {process})"),
            None => Ok(()),
        }
    }
}

impl ProcessLock {
    /// Takes the folder for `program`, a name for people. Makes the folder where there is none, for
    /// its owner only.
    pub fn of_folder(folder: &Path, program: &str) -> Result<Self, LockError> {
        Self::take(&folder.join(FILE_NAME), program)
    }

    /// The same with a file of any name.
    pub fn take(path: &Path, program: &str) -> Result<Self, LockError> {
        let failed = |source: std::io::Error| {
            let path = path.to_owned();
            if source.kind() == std::io::ErrorKind::StorageFull {
                LockError::Full { path }
            } else {
                LockError::File { path, source }
            }
        };
        if let Some(folder) = path.parent() {
            make_private(folder).map_err(failed)?;
        }
        let mut options = File::options();
        // What is in it belongs to the holder: it is cut only once the lock is ours.
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held {
                    holder: read_holder(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        write_holder(&mut file, program).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_holder(file: &mut File, program: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{} {program}", std::process::id())
}

fn read_holder(file: &mut File) -> Holder {
    let mut note = String::new();
    // An unreadable note only makes the sentence shorter.
    if file.take(NOTE_BYTES_MAX).read_to_string(&mut note).is_err() {
        note.clear();
    }
    let (process, program) = note.trim().split_once(' ').unwrap_or_default();
    Holder {
        process: process.parse().ok(),
        program: program.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_one_learns_who_the_first_is() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("new");
        let first = ProcessLock::of_folder(&folder, "Tillcode").unwrap();
        let refused = ProcessLock::of_folder(&folder, "Tillcode").unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!(
                "Tillcode already runs on this data folder (process {}): use its window, or stop it first",
                std::process::id()
            )
        );
        drop(first);
        ProcessLock::of_folder(&folder, "Tillcode").unwrap();
    }
}
