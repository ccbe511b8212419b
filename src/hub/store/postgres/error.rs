//! Why PostgreSQL did not do what was asked. Nothing of the address is ever in it: there may be a
//! password, and what is written wrongly may be a part of one.

use tokio_postgres::error::{Error, SqlState};

/// Why PostgreSQL did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// Not an address.
    #[error(
        "the database's address cannot be read: write postgres://USER:PASSWORD@HOST/DATABASE, with @ / : ? # and % in a password as %40 %2F %3A %3F %23 and %25"
    )]
    Address,
    /// The system's root certificates are missing.
    #[error("TLS to PostgreSQL cannot be prepared ({0}): install ca-certificates")]
    Tls(String),
    /// No connection.
    #[error(
        "PostgreSQL cannot be reached ({0}): see whether it runs, and whether [hub] database names it"
    )]
    Unreachable(String),
    /// A connection without TLS, or with one that is not believed.
    #[error(
        "PostgreSQL has no TLS that can be trusted ({0}): give it a certificate that this machine trusts, or add ?sslmode=disable where nobody else is on the network between"
    )]
    Untrusted(String),
    /// Wrong user or password.
    #[error(
        "PostgreSQL does not let the hub in ({0}): see the user and the password in [hub] database"
    )]
    Refused(String),
    /// The connection ended while something was under way.
    #[error("the connection to PostgreSQL was lost: ask again")]
    Lost,
    /// The connection had ended before anything was begun.
    #[error("the connection to PostgreSQL has ended: ask again")]
    Ended,
    /// It takes too long.
    #[error("PostgreSQL does not answer in time: see whether it has too much to do")]
    Slow,
    /// A statement failed; nothing of its transaction is there.
    #[error("PostgreSQL refused a statement ({message}, {code}): see its log")]
    Failed {
        /// SQLSTATE.
        code: String,
        /// PostgreSQL's own words.
        message: String,
    },
    /// Another transaction was in the way; the whole of this one can be tried again.
    #[error("others were in the way too often: ask again")]
    Conflict,
    /// Something is there already. Where it is known what, it is said otherwise.
    #[error("this is in the database already")]
    Twice,
    /// A later release's.
    #[error(
        "the database is of a newer release (version {found}, this hub knows {known}): start that release"
    )]
    Newer {
        /// The version of its tables.
        found: i64,
        /// The latest that is known here.
        known: i64,
    },
    /// Somebody else's.
    #[error("the database has tables of another program: give the hub a database of its own")]
    Foreign,
}

impl PostgresError {
    /// Why there is no connection.
    pub(super) fn unreachable(error: &Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            let reason = deepest(error);
            // The client has no name for it but this.
            return if error.to_string().contains("TLS") {
                Self::Untrusted(reason)
            } else {
                Self::Unreachable(reason)
            };
        };
        let code = refusal.code();
        match code.code() {
            // No such user, wrong password, not from this address.
            "28000" | "28P01" => Self::Refused(code.code().to_owned()),
            // Its words would name the database, which may be a part of a password.
            "3D000" => Self::Unreachable("it has no database of this name".to_owned()),
            "53300" => Self::Unreachable("it has no connection left".to_owned()),
            "57P03" => Self::Unreachable("it is starting or stopping".to_owned()),
            _ => Self::Unreachable(format!("SQLSTATE {}", code.code())),
        }
    }
}

impl From<Error> for PostgresError {
    fn from(error: Error) -> Self {
        let Some(failure) = error.as_db_error() else {
            return Self::Lost;
        };
        let code = failure.code();
        if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
        {
            return Self::Conflict;
        }
        if *code == SqlState::UNIQUE_VIOLATION {
            return Self::Twice;
        }
        Self::Failed {
            code: code.code().to_owned(),
            message: failure.message().to_owned(),
        }
    }
}

/// What is at the bottom of an error: the causes above it say less.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut at = error;
    while let Some(below) = at.source() {
        at = below;
    }
    at.to_string()
}
