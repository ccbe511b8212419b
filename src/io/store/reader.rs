//! Lists and single rows, on a connection that can only read and never holds the writer up.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::StoreError;
use super::value::{Millis, Word};
use super::{day, journal, paper, read, sold, stats};
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::{Link, Purpose};
use crate::domain::loose::LoosePayment;
use crate::domain::sale::SaleRecord;
use crate::domain::time::Timestamp;
use crate::io::sqlite;
use crate::terminal::query::{Answer, Query, ROWS_MAX, SaleDetail, SaleView, sale_view};

/// Answers queries.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

impl Reader {
    /// Opens the database that a [`super::Store`] made.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            connection: sqlite::open_reader(path)?,
        })
    }

    /// Answers every query that is not [live](Query::is_live).
    pub fn answer(&mut self, query: &Query) -> Answer {
        self.read(query).unwrap_or_else(|error| Answer::Failed {
            reason: format!("the database could not be read ({error}): try again, or restart"),
        })
    }

    /// One read transaction for each answer, so that its rows belong together.
    fn read(&mut self, query: &Query) -> rusqlite::Result<Answer> {
        let transaction = self.connection.transaction()?;
        Ok(match query {
            Query::Sales { since, limit } => Answer::Sales {
                sales: sales(&transaction, *since, *limit)?,
            },
            Query::Sale { id } => Answer::Sale {
                sale: detail(&transaction, *id)?,
            },
            Query::SaleByReference { reference } => Answer::Sale {
                sale: detail_by_reference(&transaction, reference)?,
            },
            Query::Products => Answer::Products {
                products: read::products(&transaction)?,
            },
            Query::Links { limit, purpose } => Answer::Links {
                links: links(&transaction, *limit, *purpose)?,
            },
            Query::Journal { limit } => Answer::Journal {
                entries: read::many(
                    &transaction,
                    "SELECT number, at, actor, what, subject, detail, hash FROM journal
                     ORDER BY number DESC LIMIT ?1",
                    [bounded(*limit)],
                    journal::view,
                )?,
            },
            Query::Payments { limit } => Answer::Payments {
                payments: read::payments(
                    &transaction,
                    " ORDER BY number DESC LIMIT ?1",
                    [bounded(*limit)],
                )?,
            },
            Query::Loose { all, limit } => Answer::Loose {
                payments: loose(&transaction, *all, *limit)?,
            },
            Query::Kept { limit } => Answer::Journal {
                entries: read::many(
                    &transaction,
                    "SELECT number, at, actor, what, subject, detail, hash FROM journal
                     WHERE what = 'payment_unmatched' AND json_extract(detail, '$.why') IS NOT NULL
                     ORDER BY number DESC LIMIT ?1",
                    [bounded(*limit)],
                    journal::view,
                )?,
            },
            Query::Day { since } => Answer::Day {
                totals: day::totals(&transaction, *since)?,
            },
            Query::Sold { days } => sold::sums(&transaction, days)?,
            Query::Link { id } => Answer::Links {
                links: read::link_by_id(&transaction, *id)?
                    .map(without_token)
                    .into_iter()
                    .collect(),
            },
            Query::LinkStats => Answer::LinkStats {
                stats: stats::of_links(&transaction)?,
            },
            Query::Paper(query) => paper::answer(&transaction, query)?,
            Query::Status | Query::Sync | Query::Pool { .. } | Query::ToCheck => only_the_till(),
        })
    }
}

/// Those with money in them that nobody has decided, or all.
fn loose(connection: &Connection, all: bool, limit: usize) -> rusqlite::Result<Vec<LoosePayment>> {
    let condition = if all {
        " ORDER BY heard_at DESC LIMIT ?1"
    } else {
        " WHERE state IN ('open', 'wanted') ORDER BY heard_at DESC LIMIT ?1"
    };
    let mut payments = read::loose(connection, condition, [bounded(limit)])?;
    payments.retain(|payment| all || payment.is_to_sort());
    Ok(payments)
}

fn sales(
    connection: &Connection,
    since: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<SaleView>> {
    let ids = read::sale_ids(
        connection,
        "SELECT id FROM sale WHERE created_at >= ?1 ORDER BY created_at DESC, id DESC LIMIT ?2",
        params![Millis(since), bounded(limit)],
    )?;
    let mut views = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(record) = read::sale(connection, id)? {
            views.push(view(connection, &record)?);
        }
    }
    Ok(views)
}

fn detail(connection: &Connection, id: SaleId) -> rusqlite::Result<Option<Box<SaleDetail>>> {
    let Some(record) = read::sale(connection, id)? else {
        return Ok(None);
    };
    Ok(Some(Box::new(SaleDetail {
        sale: view(connection, &record)?,
        facts: read::facts(connection, id)?,
    })))
}

/// A reference is for people and may come again after years; the newest is meant.
fn detail_by_reference(
    connection: &Connection,
    reference: &str,
) -> rusqlite::Result<Option<Box<SaleDetail>>> {
    let id = connection
        .prepare_cached(
            "SELECT id FROM sale WHERE reference = ?1 ORDER BY created_at DESC, id DESC LIMIT 1",
        )?
        .query_row([reference], |row| row.get(0).map(|Word(id)| id))
        .optional()?;
    id.map_or(Ok(None), |id| detail(connection, id))
}

fn view(connection: &Connection, record: &SaleRecord) -> rusqlite::Result<SaleView> {
    let shown: Option<LinkId> = record.last_shown();
    let link = shown.map_or(Ok(None), |id| read::link_by_id(connection, id))?;
    Ok(sale_view(record, link.as_ref()))
}

fn links(
    connection: &Connection,
    limit: usize,
    purpose: Option<Purpose>,
) -> rusqlite::Result<Vec<Link>> {
    let links = read::links(
        connection,
        " WHERE ?2 IS NULL OR purpose = ?2 ORDER BY created_at DESC, id DESC LIMIT ?1",
        params![bounded(limit), purpose.map(Word)],
    )?;
    Ok(links.into_iter().map(without_token).collect())
}

/// The token is the proof of a notification's sender; no list shows it.
fn without_token(link: Link) -> Link {
    Link {
        token: String::new(),
        ..link
    }
}

/// To a question that rows do not answer.
pub(super) fn only_the_till() -> Answer {
    Answer::Failed {
        reason: "only the running till knows its status: start it first".to_owned(),
    }
}

pub(super) fn bounded(limit: usize) -> i64 {
    i64::try_from(limit.min(ROWS_MAX)).unwrap_or(0)
}
