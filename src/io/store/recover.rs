//! What a start and a step load: a bounded part of the rows, however many years lie behind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::thread::Builder;

use rusqlite::{Connection, params};

use super::reader::bounded;
use super::value::{Millis, Word};
use super::{SCHEMA, StoreError, beside, paper, read};
use crate::domain::catalog::Catalog;
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::Link;
use crate::domain::loose::LoosePayment;
use crate::domain::payment::PaymentRow;
use crate::domain::sale::SaleRecord;
use crate::domain::time::Timestamp;
use crate::io::sqlite;
use crate::terminal::printing::HANGING_MAX;
use crate::terminal::step::{Keys, Recovered, Rows};

/// Settings under this prefix are the store's own.
const OWN_SETTINGS: &str = "store.";
/// The partial index `link_alive` serves this condition only while both read the same.
const ALIVE: &str = " WHERE state IN ('wanted', 'requested', 'live', 'reserved', 'shown')";

/// The partial index `loose_undecided` serves it. The newest; the rest is listed by a command.
const UNDECIDED: &str =
    " WHERE state IN ('open', 'wanted') ORDER BY heard_at DESC, backend, payment LIMIT 1000";

/// What a job that was refused is about.
const OF_JOBS: &str = " WHERE id IN (SELECT link FROM job)";
/// A payer may still have the page of such a link open. A till whose clock jumped takes none of them
/// for old: the newest rows come back whatever the clocks said.
const LATELY_CLOSED: &str =
    " WHERE sale IS NOT NULL AND state IN ('burned', 'expired', 'withdrawn')
    AND (created_at >= ?1 OR rowid > (SELECT max(rowid) FROM link) - ?2)";
/// So many.
const NEWEST: i64 = 2_000;
/// The partial index `journal_kept` serves it.
pub(super) const KEPT: &str =
    "SELECT DISTINCT subject FROM journal WHERE what = 'payment_unmatched' AND subject = ?1";
/// How long a closed link is asked about, in milliseconds; see `terminal::watching`.
const WATCHED_MS: i64 = 3 * 24 * 3_600_000;

/// Everything that a till needs to go on. The catalog is read beside the rest: a cashier waits.
pub(super) fn recover(
    connection: &Connection,
    path: &Path,
    since: Timestamp,
) -> Result<Recovered, StoreError> {
    let (catalog, rest) = beside::both(
        Builder::new().name("catalog".to_owned()),
        || catalog(path),
        || all_but_catalog(connection, since),
    );
    Ok(Recovered {
        catalog: Arc::new(catalog?),
        ..rest?
    })
}

/// The same before the file was checked; none where that is not possible now: there is no file yet,
/// or an earlier release wrote it.
pub(super) fn ahead(path: &Path, since: Timestamp) -> Option<Recovered> {
    let connection = sqlite::open_reader(path).ok()?;
    let is_current = sqlite::is_current(&connection, &SCHEMA).ok()?;
    is_current
        .then(|| recover(&connection, path, since).ok())
        .flatten()
}

fn catalog(path: &Path) -> Result<Catalog, StoreError> {
    let products = read::products(&sqlite::open_reader(path)?)?;
    Ok(Catalog::index(
        1,
        products.into_iter().map(Arc::new).collect(),
    ))
}

fn all_but_catalog(connection: &Connection, since: Timestamp) -> rusqlite::Result<Recovered> {
    // By far the most rows; kept apart so that each is moved only once.
    let mut links = read::links(connection, ALIVE, [])?;
    let mut found = Found {
        elsewhere: links.iter().map(|link| link.id).collect(),
        ..Found::default()
    };
    found.add_links(read::links(connection, OF_JOBS, [])?);
    found.add_links(read::links(
        connection,
        LATELY_CLOSED,
        params![Millis(since.plus_millis(-WATCHED_MS)), NEWEST],
    )?);
    for id in read::sale_ids(
        connection,
        "SELECT id FROM sale WHERE waiting = 1 UNION SELECT id FROM sale WHERE created_at >= ?1",
        params![Millis(since)],
    )? {
        found.add_sale(connection, id)?;
    }
    let rows = found.into_rows();
    links.extend(rows.links);
    Ok(Recovered {
        catalog: Arc::default(),
        links,
        sales: rows.sales,
        carts: read::carts(connection)?,
        loose: read::loose(connection, UNDECIDED, [])?,
        jobs: read::jobs(connection)?,
        prints: paper::open(connection)?,
        stickers: paper::stickers(connection, paper::HANGING, [bounded(HANGING_MAX)])?,
        untold: paper::stickers(connection, paper::UNTOLD, [bounded(HANGING_MAX)])?,
        settings: settings(connection)?,
    })
}

/// The rows that a step named.
pub(super) fn rows(connection: &Connection, keys: &Keys) -> rusqlite::Result<Rows> {
    let mut found = Found::default();
    for (backend, remote) in &keys.remotes {
        let by_remote = " WHERE backend = ?1 AND remote_id = ?2";
        found.add_with_sales(
            connection,
            read::links(connection, by_remote, [backend, remote])?,
        )?;
    }
    for (backend, payment) in &keys.payments {
        found.payments.extend(read::payments(
            connection,
            " WHERE backend = ?1 AND payment = ?2",
            [backend, payment],
        )?);
        for loose in read::loose(
            connection,
            " WHERE backend = ?1 AND payment = ?2",
            [backend, payment],
        )? {
            if let Some(sale) = loose.state.sale() {
                found.add_sale(connection, sale)?;
            }
            found.loose.push(loose);
        }
    }
    for id in &keys.links {
        found.add_with_sales(connection, read::link_by_id(connection, *id)?)?;
    }
    for id in &keys.sales {
        found.add_sale(connection, *id)?;
    }
    let mut rows = found.into_rows();
    for subject in &keys.kept {
        let found: Vec<String> = read::many(connection, KEPT, [subject], |row| row.get(0))?;
        rows.kept.extend(found);
    }
    add_paper(connection, keys, &mut rows)?;
    Ok(rows)
}

fn add_paper(connection: &Connection, keys: &Keys, rows: &mut Rows) -> rusqlite::Result<()> {
    for id in &keys.prints {
        rows.prints.extend(paper::print(connection, *id)?);
    }
    let of_prints = rows.prints.iter().map(|print| print.subject.clone());
    let subjects: BTreeSet<String> = of_prints.chain(keys.printed.iter().cloned()).collect();
    for subject in subjects {
        let count = paper::count(connection, &subject)?;
        rows.copies.insert(subject, count);
    }
    for code in &keys.codes {
        rows.stickers.extend(paper::stickers(
            connection,
            " WHERE url = ?1 LIMIT 500",
            [code],
        )?);
        let by_url = " WHERE remote_url = ?1 AND purpose = 'permanent' LIMIT 10";
        rows.links.extend(read::links(connection, by_url, [code])?);
    }
    for id in &keys.stickers {
        let by_id = " WHERE id = ?1";
        rows.stickers
            .extend(paper::stickers(connection, by_id, [Word(id)])?);
    }
    Ok(())
}

/// Rows by id, so that none comes twice.
#[derive(Default)]
struct Found {
    /// Links that are there already, outside of `links`.
    elsewhere: BTreeSet<LinkId>,
    links: BTreeMap<LinkId, Link>,
    sales: BTreeMap<SaleId, SaleRecord>,
    payments: Vec<PaymentRow>,
    loose: Vec<LoosePayment>,
}

impl Found {
    fn add_links(&mut self, links: impl IntoIterator<Item = Link>) {
        for link in links {
            if !self.elsewhere.contains(&link.id) {
                self.links.insert(link.id, link);
            }
        }
    }

    fn add_with_sales(
        &mut self,
        connection: &Connection,
        links: impl IntoIterator<Item = Link>,
    ) -> rusqlite::Result<()> {
        for link in links {
            if let Some(sale) = link.sale {
                self.add_sale(connection, sale)?;
            }
            self.add_links([link]);
        }
        Ok(())
    }

    /// A sale comes with every link it was given and every link that was shown for it.
    fn add_sale(&mut self, connection: &Connection, id: SaleId) -> rusqlite::Result<()> {
        if self.sales.contains_key(&id) {
            return Ok(());
        }
        let Some(record) = read::sale(connection, id)? else {
            return Ok(());
        };
        self.add_links(read::links(connection, " WHERE sale = ?1", [Word(id)])?);
        for (shown, _) in record.shown_links() {
            if !self.elsewhere.contains(&shown) && !self.links.contains_key(&shown) {
                self.add_links(read::link_by_id(connection, shown)?);
            }
        }
        self.sales.insert(id, record);
        Ok(())
    }

    fn into_rows(self) -> Rows {
        Rows {
            links: self.links.into_values().collect(),
            sales: self.sales.into_values().collect(),
            payments: self.payments,
            loose: self.loose,
            ..Rows::default()
        }
    }
}

fn settings(connection: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let all: Vec<(String, String)> =
        read::many(connection, "SELECT key, value FROM setting", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(all
        .into_iter()
        .filter(|(key, _)| !key.starts_with(OWN_SETTINGS))
        .collect())
}
