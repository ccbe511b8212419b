//! Logs: to standard error, and to a file that never grows beyond its bound.
//!
//! Only this program's own level can be raised. What libraries tell at their finer levels may hold
//! headers, and headers hold keys.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::Level;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, fmt};

/// The log's name in the data folder; the one before it has `.1` behind its name.
pub const FILE_NAME: &str = "tillcode.log";
/// The largest log file, in bytes. There are at most two.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Why there are no logs.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is none.
    #[error("{0:?} is not a level of logs: write error, warn, info, debug or trace")]
    Level(String),
    /// The file cannot be made.
    #[error("the log {path} cannot be written: check the rights of the data folder")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It was done before.
    #[error("the logs were started twice: this is a defect of the program")]
    Twice(#[from] TryInitError),
}

/// Starts the logs of the whole process. `level` is `info` where none is given; without a `folder`
/// only standard error gets them.
pub fn start(folder: Option<&Path>, level: Option<&str>) -> Result<(), LogError> {
    let level = level.unwrap_or("info");
    let level: Level = level
        .parse()
        .map_err(|_unknown| LogError::Level(level.to_owned()))?;
    let filter = EnvFilter::new(format!("warn,tillcode={level},tillcode_hub={level}"));
    let file = match folder {
        None => None,
        Some(folder) => {
            let path = folder.join(FILE_NAME);
            let log = CappedFile::open(path.clone(), FILE_BYTES_MAX)
                .map_err(|source| LogError::File { path, source })?;
            Some(fmt::layer().with_ansi(false).with_writer(Mutex::new(log)))
        }
    };
    let to_stderr = fmt::layer().with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(filter)
        .with(to_stderr)
        .with(file)
        .try_init()?;
    Ok(())
}

/// A file that is put aside once it is full; the one put aside before goes.
#[derive(Debug)]
struct CappedFile {
    path: PathBuf,
    limit: u64,
    file: File,
    written: u64,
}

impl CappedFile {
    fn open(path: PathBuf, limit: u64) -> std::io::Result<Self> {
        let file = append(&path)?;
        let written = file.metadata()?.len();
        Ok(Self {
            path,
            limit,
            file,
            written,
        })
    }

    fn put_aside(&mut self) -> std::io::Result<()> {
        let mut aside = self.path.as_os_str().to_owned();
        aside.push(".1");
        std::fs::rename(&self.path, aside)?;
        self.file = append(&self.path)?;
        self.written = 0;
        Ok(())
    }
}

impl Write for CappedFile {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.written > 0 && self.written.saturating_add(length) > self.limit {
            self.put_aside()?;
        }
        let count = self.file.write(line)?;
        self.written = self
            .written
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn append(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_put_aside_before_it_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let mut log = CappedFile::open(path.clone(), 20).unwrap();
        for line in ["first line\n", "second\n", "third line\n", "fourth line\n"] {
            log.write_all(line.as_bytes()).unwrap();
        }
        drop(log);
        let mut log = CappedFile::open(path.clone(), 20).unwrap();
        log.write_all(b"fifth\n").unwrap();
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        assert_eq!(read(&path), "fourth line\nfifth\n");
        assert_eq!(read(&folder.path().join("tillcode.log.1")), "third line\n");
    }

    #[test]
    fn a_level_that_is_none_is_named() {
        let refused = start(None, Some("loud,hyper=trace")).unwrap_err();
        assert!(matches!(refused, LogError::Level(_)), "{refused}");
    }
}
