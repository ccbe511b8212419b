//! The journal's hash chain: who did what, when, and that nobody changed it since.
//!
//! Each row's hash covers the row before it, so a change anywhere shows at that row. The head is kept
//! in a setting, so a journal that was cut short shows too.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

use super::error::StoreError;
use super::value::Millis;
use crate::domain::id::hex;
use crate::domain::time::Timestamp;
use crate::terminal::query::JournalView;
use crate::terminal::step::{Actor, Entry};

const HEAD: &str = "store.journal_head";
const VERIFIED: &str = "store.journal_verified";
/// The most rows that one start verifies; the next start goes on from there.
const ROWS_PER_START: i64 = 500_000;

/// A place in the journal: the number of a row and its hash. Number zero is the empty journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalHead {
    /// From 1, without gaps.
    pub number: i64,
    /// SHA-256 over the previous hash and the row.
    pub hash: [u8; 32],
}

impl JournalHead {
    /// The head as it was stored last.
    pub(super) fn load(connection: &Connection) -> Result<Self, StoreError> {
        Self::load_setting(connection, HEAD)
    }

    /// Adds a row and moves the head in memory; [`Self::save`] goes into the same transaction.
    pub(super) fn append(
        &mut self,
        connection: &Connection,
        entry: &Entry,
    ) -> rusqlite::Result<()> {
        let number = self.number.saturating_add(1);
        let actor = match entry.actor {
            Actor::Cashier => "cashier",
            Actor::Script => "script",
            Actor::Till => "till",
        };
        let texts = [actor, entry.what, &entry.subject, &entry.detail];
        let hash = link(&self.hash, number, entry.at, texts);
        connection
            .prepare_cached(
                "INSERT INTO journal (number, at, actor, what, subject, detail, hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                number,
                Millis(entry.at),
                actor,
                entry.what,
                entry.subject,
                entry.detail,
                hash
            ])?;
        *self = Self { number, hash };
        Ok(())
    }

    /// Stores the head.
    pub(super) fn save(&self, connection: &Connection) -> rusqlite::Result<()> {
        self.save_setting(connection, HEAD)
    }

    fn load_setting(connection: &Connection, key: &str) -> Result<Self, StoreError> {
        let text: Option<String> = connection
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let Some(text) = text else {
            return Ok(Self::default());
        };
        Self::parse(&text).ok_or(StoreError::JournalAltered { number: 1 })
    }

    fn save_setting(&self, connection: &Connection, key: &str) -> rusqlite::Result<()> {
        connection
            .prepare_cached(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![key, format!("{} {}", self.number, hex(&self.hash))])?;
        Ok(())
    }

    fn parse(text: &str) -> Option<Self> {
        let (number, digits) = text.split_once(' ')?;
        let mut hash = [0; 32];
        let mut pairs = digits.as_bytes().chunks_exact(2);
        for (byte, pair) in hash.iter_mut().zip(&mut pairs) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        (digits.len() == 64).then_some(Self {
            number: number.parse().ok()?,
            hash,
        })
    }
}

/// Verifies what was added since the last start and stores how far that went.
pub(super) fn verify_new(connection: &Connection) -> Result<JournalHead, StoreError> {
    let verified = JournalHead::load_setting(connection, VERIFIED)?;
    check_row(connection, &verified)?;
    let reached = verify_from(connection, verified.clone(), ROWS_PER_START)?;
    if reached != verified {
        reached.save_setting(connection, VERIFIED)?;
    }
    let head = JournalHead::load(connection)?;
    check_end(connection, &head)?;
    Ok(head)
}

/// Verifies the whole journal; says where it ends.
pub(super) fn verify_all(connection: &Connection) -> Result<JournalHead, StoreError> {
    let reached = verify_from(connection, JournalHead::default(), i64::MAX)?;
    let head = JournalHead::load(connection)?;
    if reached == head {
        Ok(reached)
    } else {
        Err(StoreError::JournalAltered {
            number: reached.number.min(head.number).saturating_add(1),
        })
    }
}

/// A row of the journal for people.
pub(super) fn view(row: &Row<'_>) -> rusqlite::Result<JournalView> {
    let hash: [u8; 32] = row.get("hash")?;
    Ok(JournalView {
        number: row.get("number")?,
        at: row.get::<_, Millis>("at")?.0,
        actor: row.get("actor")?,
        what: row.get("what")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        hash: hex(&hash),
    })
}

fn verify_from(
    connection: &Connection,
    mut head: JournalHead,
    limit: i64,
) -> Result<JournalHead, StoreError> {
    let mut statement = connection.prepare(
        "SELECT number, at, actor, what, subject, detail, hash FROM journal
         WHERE number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let mut rows = statement.query([head.number, limit])?;
    while let Some(row) = rows.next()? {
        let expected = head.number.saturating_add(1);
        let number: i64 = row.get(0)?;
        let Millis(at) = row.get(1)?;
        let texts = [
            row.get_ref(2)?.as_str(),
            row.get_ref(3)?.as_str(),
            row.get_ref(4)?.as_str(),
            row.get_ref(5)?.as_str(),
        ];
        // A flipped bit may leave bytes that are no text any more.
        let [Ok(actor), Ok(what), Ok(subject), Ok(detail)] = texts else {
            return Err(StoreError::JournalAltered { number: expected });
        };
        let hash = link(&head.hash, expected, at, [actor, what, subject, detail]);
        if number != expected || row.get_ref(6)?.as_blob() != Ok(&hash) {
            return Err(StoreError::JournalAltered { number: expected });
        }
        head = JournalHead { number, hash };
    }
    Ok(head)
}

/// The last row must be the head that was stored with it.
fn check_end(connection: &Connection, head: &JournalHead) -> Result<(), StoreError> {
    let last: i64 =
        connection.query_row("SELECT coalesce(max(number), 0) FROM journal", [], |row| {
            row.get(0)
        })?;
    if last == head.number {
        check_row(connection, head)
    } else {
        Err(StoreError::JournalAltered {
            number: last.min(head.number).saturating_add(1),
        })
    }
}

fn check_row(connection: &Connection, head: &JournalHead) -> Result<(), StoreError> {
    let hash: Option<Vec<u8>> = connection
        .query_row(
            "SELECT hash FROM journal WHERE number = ?1",
            [head.number],
            |row| row.get(0),
        )
        .optional()?;
    if head.number == 0 || hash.is_some_and(|hash| hash == head.hash) {
        Ok(())
    } else {
        Err(StoreError::JournalAltered {
            number: head.number,
        })
    }
}

/// Hashes one row onto the chain. Every text is preceded by its length, so that no two rows read the
/// same.
fn link(previous: &[u8; 32], number: i64, at: Timestamp, texts: [&str; 4]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(number.to_be_bytes());
    hash.update(at.millis().to_be_bytes());
    for text in texts {
        // A text's length fits in 64 bits on every machine there is.
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}
