//! One row into its table, for every kind of [`Write`].
//!
//! Sales, lines and facts are only ever added, and a second copy is passed over; the rest is added or
//! replaced as a whole. What is allowed was decided above.

use rusqlite::{Connection, params};

use super::journal::JournalHead;
use super::value::{Json, Millis, Word};
use super::{paper, read};
use crate::domain::catalog::Product;
use crate::domain::id::SaleId;
use crate::domain::link::Link;
use crate::domain::loose::LoosePayment;
use crate::domain::payment::PaymentRow;
use crate::domain::sale::{Fact, Line, Sale};
use crate::terminal::step::{Cart, Job, Write};

/// Writes one row.
pub(super) fn apply(
    connection: &Connection,
    journal: &mut JournalHead,
    write: &Write,
) -> rusqlite::Result<()> {
    match write {
        Write::Product(product) => put_product(connection, product),
        Write::Sale(sale) => add_sale(connection, sale),
        Write::Fact { sale, fact } => add_fact(connection, *sale, fact),
        Write::Payment(payment) => add_payment(connection, payment),
        Write::Loose(loose) => put_loose(connection, loose),
        Write::Link(link) => put_link(connection, link),
        Write::Job(job) => put_job(connection, job),
        Write::JobDone(id) => run(
            connection,
            "DELETE FROM job WHERE id = ?1",
            params![Word(id)],
        ),
        Write::Cart(cart) => put_cart(connection, cart),
        Write::CartDone(id) => run(
            connection,
            "DELETE FROM cart WHERE id = ?1",
            params![Word(id)],
        ),
        Write::Print(print) => paper::put_print(connection, print),
        Write::PrintFact { fact, at } => paper::add_fact(connection, fact, *at),
        Write::Sticker { sticker, is_untold } => {
            paper::put_sticker(connection, sticker, *is_untold)
        }
        Write::StickersTold(ids) => paper::stickers_told(connection, ids),
        Write::Setting { key, value } => run(
            connection,
            "INSERT INTO setting (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            params![key, value],
        ),
        Write::Journal(entry) => journal.append(connection, entry),
    }
}

/// Repeats in a sale's row whether its facts leave it open, once all rows of a step are there.
pub(super) fn refresh_waiting(connection: &Connection, sale: SaleId) -> rusqlite::Result<()> {
    let Some(record) = read::sale(connection, sale)? else {
        return Ok(());
    };
    run(
        connection,
        "UPDATE sale SET waiting = ?2 WHERE id = ?1 AND waiting <> ?2",
        params![Word(sale), read::is_waiting(&record)],
    )
}

fn put_product(connection: &Connection, product: &Product) -> rusqlite::Result<()> {
    run(
        connection,
        "INSERT INTO product (id, sku, name, group_name, category, description, minor, currency,
                              barcodes, picture, visibility, asking, options)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET
             sku = excluded.sku, name = excluded.name, group_name = excluded.group_name,
             category = excluded.category, description = excluded.description,
             minor = excluded.minor, currency = excluded.currency, barcodes = excluded.barcodes,
             picture = excluded.picture, visibility = excluded.visibility,
             asking = excluded.asking, options = excluded.options",
        params![
            Word(product.id),
            product.sku,
            product.name,
            product.group,
            product.category,
            product.description,
            product.price.minor,
            Word(product.price.currency),
            Json(&product.barcodes),
            product.picture,
            Word(product.visibility),
            Word(product.asking),
            Json(&product.options),
        ],
    )
}

fn add_sale(connection: &Connection, sale: &Sale) -> rusqlite::Result<()> {
    let added = connection
        .prepare_cached(
            "INSERT INTO sale (id, reference, created_at, minor, currency, backend, waiting)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            Word(sale.id),
            sale.reference,
            Millis(sale.created_at),
            sale.total.minor,
            Word(sale.total.currency),
            sale.backend,
        ])?;
    if added == 0 {
        return Ok(());
    }
    for (position, line) in (0..).zip(&sale.lines) {
        add_line(connection, sale.id, position, line)?;
    }
    Ok(())
}

fn add_line(
    connection: &Connection,
    sale: SaleId,
    position: i64,
    line: &Line,
) -> rusqlite::Result<()> {
    run(
        connection,
        "INSERT INTO sale_line (sale, position, product, sku, name, unit_minor, unit_currency, quantity)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            Word(sale),
            position,
            line.product.map(Word),
            line.sku,
            line.name,
            line.unit.minor,
            Word(line.unit.currency),
            line.quantity,
        ],
    )
}

fn add_fact(connection: &Connection, sale: SaleId, fact: &Fact) -> rusqlite::Result<()> {
    run(
        connection,
        "INSERT INTO sale_fact (sale, key, at, fact) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sale, key) DO NOTHING",
        params![Word(sale), fact.key(), Millis(fact.at()), Json(fact)],
    )
}

fn add_payment(connection: &Connection, row: &PaymentRow) -> rusqlite::Result<()> {
    let report = &row.report;
    run(
        connection,
        "INSERT INTO payment (backend, payment, status, minor, currency, link, sale, account, proof,
                              heard_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (backend, payment, status, minor, currency) DO NOTHING",
        params![
            report.backend,
            report.payment,
            Word(report.status),
            report.amount.minor,
            Word(report.amount.currency),
            Word(report.link),
            row.sale.map(Word),
            row.account,
            Word(report.proof),
            Millis(report.heard_at),
        ],
    )
}

fn put_loose(connection: &Connection, loose: &LoosePayment) -> rusqlite::Result<()> {
    let report = &loose.report;
    run(
        connection,
        "INSERT INTO loose (backend, payment, state, heard_at, row) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (backend, payment) DO UPDATE SET state = excluded.state, row = excluded.row",
        params![
            report.backend,
            report.payment,
            loose.state.word(),
            Millis(report.heard_at),
            Json(loose),
        ],
    )?;
    let Some(sale) = loose.state.sale() else {
        return Ok(());
    };
    run(
        connection,
        "UPDATE payment SET sale = ?3 WHERE backend = ?1 AND payment = ?2 AND sale IS NULL",
        params![report.backend, report.payment, Word(sale)],
    )
}

fn put_link(connection: &Connection, link: &Link) -> rusqlite::Result<()> {
    run(
        connection,
        "INSERT INTO link (id, backend, account, purpose, product, minor, currency, word, description,
                           token, state, remote_id, remote_url, sale, created_at, expires_at,
                           asking, title, options, custom, reports_to)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                 ?21)
         ON CONFLICT (id) DO UPDATE SET
             backend = excluded.backend, account = excluded.account, purpose = excluded.purpose,
             product = excluded.product, minor = excluded.minor, currency = excluded.currency,
             word = excluded.word, description = excluded.description, token = excluded.token,
             state = excluded.state, remote_id = excluded.remote_id,
             remote_url = excluded.remote_url, sale = excluded.sale,
             created_at = excluded.created_at, expires_at = excluded.expires_at,
             asking = excluded.asking, title = excluded.title, options = excluded.options,
             custom = excluded.custom, reports_to = excluded.reports_to",
        params![
            Word(link.id),
            link.backend,
            link.account,
            Word(link.purpose),
            link.product.map(Word),
            link.amount.minor,
            Word(link.amount.currency),
            link.word,
            link.description,
            link.token,
            Word(link.state),
            link.remote.as_ref().map(|remote| &remote.id),
            link.remote.as_ref().map(|remote| &remote.url),
            link.sale.map(Word),
            Millis(link.created_at),
            link.expires_at.map(Millis),
            Word(link.asking),
            link.title,
            Json(&link.options),
            link.is_custom,
            link.reports_to,
        ],
    )
}

fn put_job(connection: &Connection, job: &Job) -> rusqlite::Result<()> {
    run(
        connection,
        "INSERT INTO job (id, backend, link, action, answers, attempts, created_at, problem, first_sent,
                          refusal)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET
             backend = excluded.backend, link = excluded.link, action = excluded.action,
             answers = excluded.answers, attempts = excluded.attempts,
             created_at = excluded.created_at, problem = excluded.problem,
             first_sent = excluded.first_sent, refusal = excluded.refusal",
        params![
            Word(job.id),
            job.backend,
            job.link.map(Word),
            Json(&job.action),
            Json(&job.answers),
            job.attempts,
            Millis(job.created_at),
            job.problem,
            job.first_sent.map(Millis),
            job.refusal.as_ref().map(Json),
        ],
    )
}

fn put_cart(connection: &Connection, cart: &Cart) -> rusqlite::Result<()> {
    run(
        connection,
        "INSERT INTO cart (id, held, at, lines) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET
             held = excluded.held, at = excluded.at, lines = excluded.lines",
        params![Word(cart.id), cart.held, Millis(cart.at), Json(&cart.lines)],
    )
}

fn run(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
    connection
        .prepare_cached(sql)?
        .execute(values)
        .map(|_rows| ())
}
