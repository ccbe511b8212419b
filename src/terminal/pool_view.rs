//! The pool for people: how many spare codes there are for each sum, and how many there should be.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Terminal;
use super::accounts::Account;
use super::pace::background_share;
use super::sync_view::reach_words;
use super::trip::Trip;
use crate::domain::link::{Ask, Asking};
use crate::domain::money::Amount;
use crate::domain::time::{Now, Timestamp};

/// The most rows of one report.
const ROWS_MAX: usize = 1_000;

/// Spare codes of all accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolReport {
    /// When this was so: whoever has no clock learns it here.
    #[serde(default)]
    pub at: Timestamp,
    /// The accounts; the first is the default.
    pub accounts: Vec<PoolAccount>,
    /// By account, then in the order in which codes are got.
    pub rows: Vec<PoolRow>,
    /// The trip that more codes are kept for.
    pub trip: Option<Trip>,
}

/// How fast an account gets codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolAccount {
    /// Its name in the configuration.
    pub name: String,
    /// The provider's word: `4pay`.
    pub kind: String,
    /// `online`, `offline`, `refusing` or `unknown`.
    pub reach: String,
    /// How many codes it gets in a minute at most; none where only the network limits it.
    pub per_minute: Option<u32>,
    /// Requests that are under way at the same time.
    pub in_flight: u32,
    /// What it said last that a person should know.
    pub last_problem: Option<String>,
}

/// Spare codes that ask the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolRow {
    /// The account's name.
    pub backend: String,
    /// What they ask for; zero where the payer types it.
    pub amount: Amount,
    /// Who says how much.
    pub asking: Asking,
    /// How many can be shown now.
    pub there: usize,
    /// How many of these still can be shown at the instant that was asked for.
    pub lasting: usize,
    /// How many are being made.
    pub coming: usize,
    /// How many there should be; zero for those of an old price.
    pub wanted: usize,
    /// Fewer than this are few.
    pub low_water: usize,
    /// Whether there are fewer.
    pub is_low: bool,
    /// Whether the account does not make such codes.
    pub is_refused: bool,
    /// When the first of them ends.
    pub next_end: Option<Timestamp>,
}

impl Terminal {
    /// The spare codes as they are now. Those that end before `until` are counted apart.
    pub fn pool_report(&self, now: Now, until: Option<Timestamp>) -> PoolReport {
        let at = now.best();
        let rows = self
            .accounts
            .iter()
            .flat_map(|account| self.pool_rows(account, at, until.unwrap_or(at)));
        PoolReport {
            at,
            accounts: self
                .accounts
                .iter()
                .map(|each| self.pool_account(each))
                .collect(),
            rows: rows.take(ROWS_MAX).collect(),
            trip: self.trip.clone().filter(|trip| trip.until > at),
        }
    }

    fn pool_account(&self, account: &Account) -> PoolAccount {
        PoolAccount {
            name: account.name().to_owned(),
            kind: account.setup.kind.clone(),
            reach: reach_words(account.reach.reach()).0.to_owned(),
            per_minute: account.pace.per_minute().map(background_share),
            in_flight: self.mints_at_once(account),
            last_problem: account.last_problem.clone(),
        }
    }

    fn pool_rows(&self, account: &Account, at: Timestamp, until: Timestamp) -> Vec<PoolRow> {
        let name = account.name();
        let mut seen = BTreeSet::new();
        let wanted = account.targets.asks();
        let left_over = self.links.spare_asks(name);
        let asks = wanted.chain(left_over).filter(|ask| seen.insert(*ask));
        asks.map(|ask| self.pool_row(account, ask, at, until))
            .filter(|row| row.wanted > 0 || row.there > 0 || row.coming > 0)
            .collect()
    }

    fn pool_row(&self, account: &Account, ask: Ask, at: Timestamp, until: Timestamp) -> PoolRow {
        let name = account.name();
        let usual = self.usual_spares(name, ask);
        let usual = if self.is_pool_amount(name, ask) {
            usual
        } else {
            0
        };
        let trip = self
            .trip
            .as_ref()
            .map_or(0, |trip| trip.wanted(name, ask, at));
        let wanted = usual.max(trip);
        let low_water = wanted.div_ceil(2);
        let count = self.links.count_spares(name, ask, at, until);
        PoolRow {
            backend: name.to_owned(),
            amount: ask.amount,
            asking: ask.asking,
            there: count.there,
            lasting: count.lasting,
            coming: count.coming,
            wanted,
            low_water,
            is_low: count.there < low_water,
            is_refused: account.targets.is_refused(ask),
            next_end: count.next_end,
        }
    }
}
