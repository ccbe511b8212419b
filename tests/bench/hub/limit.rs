//! What the stores do by themselves: the rows that the hub wrote, written again straight.

mod pgbench;
mod postgres;
mod sqlite;

use super::load::CONNECTIONS;

pub(crate) use self::pgbench::pgbench;
pub(crate) use self::postgres::postgres;
pub(crate) use self::sqlite::sqlite;

/// Rows that are written again at most.
const ROWS_MAX: i64 = 50_000;
/// Rows of a transaction: as many as 64 connections can have waiting, which the hub reaches at best.
const BATCH: usize = CONNECTIONS;
