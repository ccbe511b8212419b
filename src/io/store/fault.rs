//! Faults on demand, so that a test can fail the k-th commit of a scenario.

/// What goes wrong at which commit. Commits are counted from 1, from the start of the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing, as in every release.
    #[default]
    None,
    /// The commit reports an error of the disk, and its rows are there all the same.
    UnknownKept {
        /// Which commit.
        commit: u64,
    },
    /// The commit reports an error of the disk, and its rows are not there.
    UnknownLost {
        /// Which commit.
        commit: u64,
    },
    /// The power fails after this commit: every later one is answered with
    /// [`super::CommitError::Stopped`] and writes nothing.
    StopAfter {
        /// The last commit that works.
        commit: u64,
    },
}
