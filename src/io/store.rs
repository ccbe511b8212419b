//! The till's database: every row that must outlive a power cut.
//!
//! One connection writes, in one transaction for each step of the till; a [`Reader`] answers lists on
//! its own. The store decides nothing: what a row may become was settled before it came here.

mod beside;
mod day;
mod error;
mod fault;
mod journal;
mod paper;
mod read;
mod reader;
mod recover;
mod sold;
mod stats;
#[cfg(test)]
mod tests;
mod thread;
mod value;
mod write;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread::Builder;

use rusqlite::{Connection, TransactionBehavior};

pub use error::{CommitError, StoreError};
pub use fault::Fault;
pub use journal::JournalHead;
pub use reader::Reader;
pub use thread::{StoreHandle, StoreThread};

use crate::domain::time::Timestamp;
use crate::io::sqlite::{self, Schema};
use crate::terminal::step::{Keys, Recovered, Rows, Write};

/// The database's name in the data folder.
pub const FILE_NAME: &str = "tillcode.sqlite3";

/// `Till` in ASCII.
const SCHEMA: Schema = Schema {
    application_id: 0x5469_6c6c,
    migrations: &[
        include_str!("store/migrations/0001_first.sql"),
        include_str!("store/migrations/0002_accounts.sql"),
        include_str!("store/migrations/0003_kept.sql"),
        include_str!("store/migrations/0004_loose.sql"),
        include_str!("store/migrations/0005_taken_by.sql"),
        include_str!("store/migrations/0006_reports_to.sql"),
        include_str!("store/migrations/0007_prints.sql"),
        include_str!("store/migrations/0008_hanging.sql"),
        include_str!("store/migrations/0009_untold.sql"),
    ],
};

/// The only writer.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    journal: JournalHead,
    fault: Fault,
    commits: u64,
    /// Set once the disk failed in the middle: what is on it must be read again first.
    unknown: Option<String>,
}

impl Store {
    /// Opens the database, makes it where there is none, and checks settings, pages and journal.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = sqlite::open_writer(path, &SCHEMA)?;
        let journal = journal::verify_new(&connection)?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            journal,
            fault: Fault::None,
            commits: 0,
            unknown: None,
        })
    }

    /// [`Self::open`] and [`Self::recover`] in less time, because a cashier waits: while the file is
    /// checked, rows are read and `make` makes something of them, which changes nothing outside. It is
    /// given back, and so believed, only where the file was found whole.
    pub fn open_and_recover<T>(
        path: &Path,
        since: Timestamp,
        make: impl Fn(Recovered) -> T,
    ) -> Result<(Self, T), StoreError> {
        let (store, ahead) = beside::both(
            Builder::new().name("check".to_owned()),
            || Self::open(path),
            || recover::ahead(path, since).map(&make),
        );
        let store = store?;
        let result = match ahead {
            Some(result) => result,
            None => make(store.recover(since)?),
        };
        Ok((store, result))
    }

    /// For tests: the same store with a fault to come.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.fault = fault;
        self
    }

    /// Writes all rows in one transaction, or none.
    ///
    /// After [`CommitError::Unknown`] nothing is written any more until [`Self::reopen`]: rows that
    /// were decided on what is perhaps not there would make it worse.
    pub fn commit(&mut self, writes: &[Write]) -> Result<(), CommitError> {
        if let Some(reason) = &self.unknown {
            return Err(CommitError::Unknown(reason.clone()));
        }
        self.commits = self.commits.saturating_add(1);
        let result = match self.fault {
            Fault::StopAfter { commit } if self.commits > commit => Err(CommitError::Stopped),
            Fault::UnknownLost { commit } if self.commits == commit => Err(planned()),
            Fault::UnknownKept { commit } if self.commits == commit => {
                self.write(writes).and_then(|()| Err(planned()))
            }
            Fault::None
            | Fault::StopAfter { .. }
            | Fault::UnknownLost { .. }
            | Fault::UnknownKept { .. } => self.write(writes),
        };
        if let Err(CommitError::Unknown(reason)) = &result {
            self.unknown = Some(reason.clone());
        }
        result
    }

    /// Drops the connection and opens the database anew, with all checks: the way on after
    /// [`CommitError::Unknown`]. Where that fails nothing can be read or written until it is tried
    /// again with success.
    pub fn reopen(&mut self) -> Result<(), StoreError> {
        let nowhere = Connection::open_in_memory()?;
        drop(std::mem::replace(&mut self.connection, nowhere));
        self.unknown = Some("the database could not be opened again".to_owned());
        let Self {
            connection,
            journal,
            ..
        } = Self::open(&self.path)?;
        self.connection = connection;
        self.journal = journal;
        self.unknown = None;
        Ok(())
    }

    /// Everything that a till needs to go on: all products, carts, jobs and settings; links that are
    /// not at their end; sales that are not closed or began at `since` or later, each with its links.
    pub fn recover(&self, since: Timestamp) -> Result<Recovered, StoreError> {
        recover::recover(&self.connection, &self.path, since)
    }

    /// The rows that a step named.
    pub fn rows(&self, keys: &Keys) -> Result<Rows, StoreError> {
        Ok(recover::rows(&self.connection, keys)?)
    }

    /// Verifies the whole journal, from its first row.
    pub fn verify_journal(&self) -> Result<JournalHead, StoreError> {
        journal::verify_all(&self.connection)
    }

    /// Copies the database to another file, which appears whole or not at all.
    pub fn backup_to(&self, target: &Path) -> Result<(), StoreError> {
        Ok(sqlite::backup(&self.connection, target)?)
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&mut self, writes: &[Write]) -> Result<(), CommitError> {
        let mut journal = self.journal.clone();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut touched = BTreeSet::new();
        for write in writes {
            write::apply(&transaction, &mut journal, write)?;
            if let Write::Fact { sale, .. } = write {
                touched.insert(*sale);
            }
        }
        for sale in touched {
            write::refresh_waiting(&transaction, sale)?;
        }
        if journal != self.journal {
            journal.save(&transaction)?;
        }
        transaction.commit()?;
        self.journal = journal;
        Ok(())
    }
}

fn planned() -> CommitError {
    CommitError::Unknown("a fault that a test asked for".to_owned())
}
