//! Rows back into the nouns of the domain. Used by the writer's connection and by the reader's.

use rusqlite::{Connection, OptionalExtension as _, Params, Row};

use super::value::{Json, Millis, Word};
use crate::domain::catalog::Product;
use crate::domain::id::{LinkId, SaleId};
use crate::domain::link::{Link, RemoteLink};
use crate::domain::loose::LoosePayment;
use crate::domain::money::Amount;
use crate::domain::payment::{PaymentReport, PaymentRow};
use crate::domain::sale::{Fact, Line, Sale, SaleRecord, SaleState};
use crate::terminal::step::{Cart, Job};

/// The columns of a link, in the order that [`link`] reads.
const LINK: &str =
    "SELECT id, backend, account, purpose, product, minor, currency, word, description,
    token, state, remote_id, remote_url, sale, created_at, expires_at, asking, title, options,
    custom, reports_to FROM link";
const PRODUCT: &str = "SELECT id, sku, name, group_name, category, description, minor, currency,
    barcodes, picture, visibility, asking, options FROM product";

/// Whether the facts leave a sale open: such sales are loaded at every start.
pub(super) fn is_waiting(record: &SaleRecord) -> bool {
    let standing = record.standing();
    match standing.state {
        SaleState::Open | SaleState::Awaiting => true,
        SaleState::Expired => standing.is_claimed(),
        SaleState::Paid | SaleState::Cancelled => false,
    }
}

/// All products, by SKU.
pub(super) fn products(connection: &Connection) -> rusqlite::Result<Vec<Product>> {
    many(connection, &format!("{PRODUCT} ORDER BY sku"), [], product)
}

/// Products by the rest of a query, a text beginning with a space.
pub(super) fn products_by(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Product>> {
    many(
        connection,
        &format!("{PRODUCT}{condition}"),
        values,
        product,
    )
}

/// A sale with its facts.
pub(super) fn sale(connection: &Connection, id: SaleId) -> rusqlite::Result<Option<SaleRecord>> {
    let head = connection
        .prepare_cached(
            "SELECT id, reference, created_at, minor, currency, backend FROM sale WHERE id = ?1",
        )?
        .query_row([Word(id)], sale_head)
        .optional()?;
    let Some(mut sale) = head else {
        return Ok(None);
    };
    sale.lines = many(
        connection,
        "SELECT product, sku, name, unit_minor, unit_currency, quantity FROM sale_line
         WHERE sale = ?1 ORDER BY position",
        [Word(id)],
        line,
    )?;
    Ok(Some(SaleRecord::new(sale, facts(connection, id)?)))
}

/// The facts of a sale in the order in which this till learned of them.
pub(super) fn facts(connection: &Connection, sale: SaleId) -> rusqlite::Result<Vec<Fact>> {
    many(
        connection,
        "SELECT fact FROM sale_fact WHERE sale = ?1 ORDER BY number",
        [Word(sale)],
        |row| row.get(0).map(|Json(fact)| fact),
    )
}

/// The ids that a query for sales gives.
pub(super) fn sale_ids(
    connection: &Connection,
    sql: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<SaleId>> {
    many(connection, sql, values, |row| row.get(0).map(|Word(id)| id))
}

/// One link.
pub(super) fn link_by_id(connection: &Connection, id: LinkId) -> rusqlite::Result<Option<Link>> {
    connection
        .prepare_cached(&format!("{LINK} WHERE id = ?1"))?
        .query_row([Word(id)], link)
        .optional()
}

/// Links by the rest of a query, a text beginning with a space.
pub(super) fn links(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Link>> {
    many(connection, &format!("{LINK}{condition}"), values, link)
}

/// Payments by the rest of a query, a text beginning with a space.
pub(super) fn payments(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<PaymentRow>> {
    let sql = format!(
        "SELECT backend, payment, link, status, minor, currency, proof, heard_at, account, sale
         FROM payment{condition}"
    );
    many(connection, &sql, values, |row| {
        Ok(PaymentRow {
            report: PaymentReport {
                backend: row.get(0)?,
                payment: row.get(1)?,
                link: row.get::<_, Word<_>>(2)?.0,
                status: row.get::<_, Word<_>>(3)?.0,
                amount: amount(row, 4, 5)?,
                proof: row.get::<_, Word<_>>(6)?.0,
                heard_at: row.get::<_, Millis>(7)?.0,
            },
            account: row.get(8)?,
            sale: row.get::<_, Option<Word<_>>>(9)?.map(|Word(id)| id),
        })
    })
}

/// Payments to sort out, by the rest of a query, a text beginning with a space.
pub(super) fn loose(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<LoosePayment>> {
    let sql = format!("SELECT row FROM loose{condition}");
    many(connection, &sql, values, |row| {
        row.get::<_, Json<_>>(0).map(|Json(loose)| loose)
    })
}

/// All jobs in the order in which they were decided. That is the order of their rows; a date may be of
/// a clock that was wrong.
pub(super) fn jobs(connection: &Connection) -> rusqlite::Result<Vec<Job>> {
    many(
        connection,
        "SELECT id, backend, link, action, answers, attempts, created_at, problem, first_sent,
                refusal FROM job
         ORDER BY rowid",
        [],
        job,
    )
}

/// All carts, oldest first.
pub(super) fn carts(connection: &Connection) -> rusqlite::Result<Vec<Cart>> {
    many(
        connection,
        "SELECT id, held, at, lines FROM cart ORDER BY at, id",
        [],
        |row| {
            Ok(Cart {
                id: row.get::<_, Word<_>>(0)?.0,
                held: row.get(1)?,
                at: row.get::<_, Millis>(2)?.0,
                lines: row.get::<_, Json<_>>(3)?.0,
            })
        },
    )
}

/// All rows that a query gives.
pub(super) fn many<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    decode: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection
        .prepare_cached(sql)?
        .query_map(values, decode)?
        .collect()
}

fn product(row: &Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product {
        id: row.get::<_, Word<_>>(0)?.0,
        sku: row.get(1)?,
        name: row.get(2)?,
        group: row.get(3)?,
        category: row.get(4)?,
        description: row.get(5)?,
        price: amount(row, 6, 7)?,
        barcodes: row.get::<_, Json<_>>(8)?.0,
        picture: row.get(9)?,
        visibility: row.get::<_, Word<_>>(10)?.0,
        asking: row.get::<_, Word<_>>(11)?.0,
        options: row.get::<_, Json<_>>(12)?.0,
    })
}

fn sale_head(row: &Row<'_>) -> rusqlite::Result<Sale> {
    Ok(Sale {
        id: row.get::<_, Word<_>>(0)?.0,
        reference: row.get(1)?,
        created_at: row.get::<_, Millis>(2)?.0,
        lines: Vec::new(),
        total: amount(row, 3, 4)?,
        backend: row.get(5)?,
    })
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        product: row.get::<_, Option<Word<_>>>(0)?.map(|Word(id)| id),
        sku: row.get(1)?,
        name: row.get(2)?,
        unit: amount(row, 3, 4)?,
        quantity: row.get(5)?,
    })
}

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let remote: (Option<String>, Option<String>) = (row.get(11)?, row.get(12)?);
    Ok(Link {
        id: row.get::<_, Word<_>>(0)?.0,
        backend: row.get(1)?,
        account: row.get(2)?,
        purpose: row.get::<_, Word<_>>(3)?.0,
        product: row.get::<_, Option<Word<_>>>(4)?.map(|Word(id)| id),
        amount: amount(row, 5, 6)?,
        word: row.get(7)?,
        description: row.get(8)?,
        token: row.get(9)?,
        state: row.get::<_, Word<_>>(10)?.0,
        remote: remote
            .0
            .zip(remote.1)
            .map(|(id, url)| RemoteLink { id, url }),
        sale: row.get::<_, Option<Word<_>>>(13)?.map(|Word(id)| id),
        created_at: row.get::<_, Millis>(14)?.0,
        expires_at: row.get::<_, Option<Millis>>(15)?.map(|Millis(at)| at),
        asking: row.get::<_, Word<_>>(16)?.0,
        title: row.get(17)?,
        options: row.get::<_, Json<_>>(18)?.0,
        is_custom: row.get(19)?,
        reports_to: row.get(20)?,
    })
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        id: row.get::<_, Word<_>>(0)?.0,
        backend: row.get(1)?,
        link: row.get::<_, Option<Word<_>>>(2)?.map(|Word(id)| id),
        action: row.get::<_, Json<_>>(3)?.0,
        answers: row.get::<_, Json<_>>(4)?.0,
        attempts: row.get(5)?,
        created_at: row.get::<_, Millis>(6)?.0,
        problem: row.get(7)?,
        first_sent: row.get::<_, Option<Millis>>(8)?.map(|Millis(at)| at),
        refusal: row
            .get::<_, Option<Json<_>>>(9)?
            .map(|Json(refusal)| refusal),
    })
}

fn amount(row: &Row<'_>, minor: usize, currency: usize) -> rusqlite::Result<Amount> {
    Ok(Amount::new(
        row.get(minor)?,
        row.get::<_, Word<_>>(currency)?.0,
    ))
}
