//! What can go wrong at the database, sorted by what the till must do next.

use rusqlite::ErrorCode;

use crate::io::sqlite::{SqliteError, is_full};

/// Why the store cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is not usable.
    #[error(transparent)]
    Open(#[from] SqliteError),
    /// A row of the journal was changed or removed behind the till's back.
    #[error(
        "row {number} of the journal was changed or removed from outside: keep the database for the inquiry, and restore a backup with `tillcode restore`"
    )]
    JournalAltered {
        /// The first row that does not fit; one past the last where rows are missing at the end.
        number: i64,
    },
    /// Even reading needs some room.
    #[error("the disk is full: free some space, then try again; nothing is lost")]
    Full,
    /// A row could not be read.
    #[error("the database could not be read: restart, and if it comes again restore a backup")]
    Read(#[source] rusqlite::Error),
    /// The thread of the store is gone.
    #[error("the storage has stopped: restart the till")]
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        if is_full(&error) {
            Self::Full
        } else {
            Self::Read(error)
        }
    }
}

/// Why a commit did not end well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The disk failed in the middle: the rows are there or not, and only reading again tells.
    #[error("the disk failed while rows were written ({0}): everything must be read again")]
    Unknown(String),
    /// No room; nothing was written.
    #[error("the disk is full: free some space, nothing was written")]
    Full,
    /// The file or its disk cannot be written; nothing was.
    #[error("the database is read-only: make its folder writable, nothing was written")]
    ReadOnly,
    /// Another program held the database for too long; nothing was written.
    #[error("another program holds the database: close it, nothing was written")]
    Busy,
    /// The rows break a rule of the database: our own defect. Nothing was written.
    #[error("the database refused the rows ({0}): this is a defect of the till, please report it")]
    Refused(String),
    /// The thread of the store is gone; nothing was written.
    #[error("the storage has stopped: restart the till, nothing was written")]
    Stopped,
}

impl From<rusqlite::Error> for CommitError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what a newer SQLite adds must count as unknown"
    )]
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else {
            return Self::Refused(error.to_string());
        };
        match code {
            _ if is_full(&error) => Self::Full,
            ErrorCode::ReadOnly => Self::ReadOnly,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::ConstraintViolation
            | ErrorCode::TypeMismatch
            | ErrorCode::TooBig
            | ErrorCode::ParameterOutOfRange
            | ErrorCode::ApiMisuse => Self::Refused(error.to_string()),
            // Input and output, a damaged file, no memory, and what no release of SQLite has yet:
            // none of these says whether the rows are there.
            _ => Self::Unknown(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_disk_is_not_taken_for_a_refusal() {
        use rusqlite::ffi;
        let of =
            |code| CommitError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for unknown in [
            ffi::SQLITE_IOERR,
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_NOMEM,
        ] {
            assert!(matches!(of(unknown), CommitError::Unknown(_)), "{unknown}");
        }
        assert_eq!(of(ffi::SQLITE_FULL), CommitError::Full);
        assert_eq!(of(ffi::SQLITE_IOERR_SHMSIZE), CommitError::Full);
        assert_eq!(of(ffi::SQLITE_READONLY_DBMOVED), CommitError::ReadOnly);
        assert_eq!(of(ffi::SQLITE_BUSY_SNAPSHOT), CommitError::Busy);
        assert!(matches!(
            of(ffi::SQLITE_CONSTRAINT_FOREIGNKEY),
            CommitError::Refused(_)
        ));
    }
}
