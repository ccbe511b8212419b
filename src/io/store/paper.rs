//! Sheets, what happened to them, and stickers.

use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use super::read;
use super::reader::{bounded, only_the_till};
use super::value::{Json, Millis, Word};
use crate::domain::id::{PrintId, StickerId};
use crate::domain::print::Print;
use crate::domain::sticker::{CodeNow, Sticker, judge};
use crate::domain::time::Timestamp;
use crate::terminal::printing::{Fact, Standing, counts_as_copy};
use crate::terminal::query::{PrintView, StickerView};
use crate::terminal::{Answer, PaperQuery};

const PRINT: &str =
    "SELECT id, printer, kind, subject, title, copy, number, document, wanted_at FROM print";

/// The newest; the partial index `sticker_hanging` serves it.
pub(super) const HANGING: &str =
    " WHERE json_extract(row, '$.retired_at') IS NULL ORDER BY printed_at DESC LIMIT ?1";

/// Those that the hub is to be told; the partial index `sticker_untold` serves it.
pub(super) const UNTOLD: &str = " WHERE untold = 1 LIMIT ?1";

/// Adds a sheet, or the instant at which it was wanted again.
pub(super) fn put_print(connection: &Connection, print: &Print) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO print (id, printer, kind, subject, title, copy, number, document, wanted_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (id) DO UPDATE SET wanted_at = excluded.wanted_at",
        )?
        .execute(params![
            Word(print.id),
            print.printer,
            Word(print.kind),
            print.subject,
            print.title,
            print.copy,
            print.number,
            Json(&print.document),
            Millis(print.wanted_at),
        ])
        .map(|_rows| ())
}

/// Adds what happened to a sheet, and repeats in its row whether it is at its end.
pub(super) fn add_fact(
    connection: &Connection,
    fact: &Fact,
    at: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO print_fact (print, attempt, what, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (print, attempt, what) DO NOTHING",
        )?
        .execute(params![
            Word(fact.sheet),
            fact.attempt,
            Json(fact.what),
            Millis(at)
        ])?;
    let standing = Standing::fold(&facts(connection, fact.sheet)?);
    connection
        .prepare_cached("UPDATE print SET open = ?2 WHERE id = ?1 AND open <> ?2")?
        .execute(params![Word(fact.sheet), !standing.is_end()])
        .map(|_rows| ())
}

/// Adds or replaces what is known of a sticker.
pub(super) fn put_sticker(
    connection: &Connection,
    sticker: &Sticker,
    is_untold: bool,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO sticker (id, link, url, printed_at, row, untold)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (id) DO UPDATE SET
                 row = excluded.row, untold = max(untold, excluded.untold)",
        )?
        .execute(params![
            Word(sticker.id),
            Word(sticker.link),
            sticker.url,
            Millis(sticker.printed_at),
            Json(sticker),
            is_untold,
        ])
        .map(|_rows| ())
}

/// The hub knows all of these.
pub(super) fn stickers_told(connection: &Connection, ids: &[StickerId]) -> rusqlite::Result<()> {
    let mut told = connection.prepare_cached("UPDATE sticker SET untold = 0 WHERE id = ?1")?;
    for id in ids {
        told.execute([Word(id)])?;
    }
    Ok(())
}

/// The answer to a question about paper.
pub(super) fn answer(connection: &Connection, query: &PaperQuery) -> rusqlite::Result<Answer> {
    Ok(match query {
        PaperQuery::Sheets { limit } => Answer::Prints {
            prints: views(connection, bounded(*limit))?,
        },
        PaperQuery::Stickers { limit } => Answer::Stickers {
            stickers: sticker_views(connection, bounded(*limit))?,
        },
        PaperQuery::Printers
        | PaperQuery::StickerPaper { .. }
        | PaperQuery::Ports
        | PaperQuery::TryPort { .. } => only_the_till(),
    })
}

/// The sheets that are not at their end, oldest first.
pub(super) fn open(connection: &Connection) -> rusqlite::Result<Vec<(Print, Vec<Fact>)>> {
    let prints = prints(connection, " WHERE open = 1 ORDER BY wanted_at, number", [])?;
    let with_facts = prints.into_iter().map(|print| {
        let facts = facts(connection, print.id)?;
        Ok((print, facts))
    });
    with_facts.collect()
}

/// One sheet.
pub(super) fn print(connection: &Connection, id: PrintId) -> rusqlite::Result<Option<Print>> {
    connection
        .prepare_cached(&format!("{PRINT} WHERE id = ?1"))?
        .query_row([Word(id)], row_of_print)
        .optional()
}

/// How many sheets of a sale or a sticker are wanted or may be on paper.
pub(super) fn count(connection: &Connection, subject: &str) -> rusqlite::Result<u32> {
    let sql = "SELECT id FROM print WHERE subject = ?1 AND subject <> ''";
    let ids = read::many(connection, sql, [subject], |row| {
        row.get::<_, Word<_>>(0).map(|Word(id)| id)
    })?;
    let mut count: u32 = 0;
    for id in ids {
        count = count.saturating_add(counts_as_copy(&facts(connection, id)?).into());
    }
    Ok(count)
}

/// Stickers by the rest of a query, a text beginning with a space.
pub(super) fn stickers(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Sticker>> {
    let sql = format!("SELECT row FROM sticker{condition}");
    read::many(connection, &sql, values, |row| {
        row.get::<_, Json<_>>(0).map(|Json(sticker)| sticker)
    })
}

/// The newest sheets.
fn views(connection: &Connection, limit: i64) -> rusqlite::Result<Vec<PrintView>> {
    let prints = prints(connection, " ORDER BY id DESC LIMIT ?1", [limit])?;
    let views = prints.into_iter().map(|print| view(connection, &print));
    views.collect()
}

/// The newest stickers, each compared with its link and its product as they are now.
fn sticker_views(connection: &Connection, limit: i64) -> rusqlite::Result<Vec<StickerView>> {
    let stickers = stickers(connection, " ORDER BY rowid DESC LIMIT ?1", [limit])?;
    let views = stickers
        .into_iter()
        .map(|sticker| sticker_view(connection, sticker));
    views.collect()
}

fn sticker_view(connection: &Connection, sticker: Sticker) -> rusqlite::Result<StickerView> {
    let link = read::link_by_id(connection, sticker.link)?;
    let product = sticker.product.map_or(Ok(None), |id| {
        read::products_by(connection, " WHERE id = ?1", [Word(id)])
            .map(|products| products.into_iter().next())
    })?;
    let code = link.as_ref().map(CodeNow::from);
    let costs = product.map(|product| product.price);
    let (verdict, price_now) = judge(Some(&sticker), code, costs);
    Ok(StickerView {
        sticker,
        verdict,
        price_now,
    })
}

fn view(connection: &Connection, print: &Print) -> rusqlite::Result<PrintView> {
    let standing = Standing::fold(&facts(connection, print.id)?);
    Ok(PrintView::new(print, standing))
}

fn prints(
    connection: &Connection,
    condition: &str,
    values: impl Params,
) -> rusqlite::Result<Vec<Print>> {
    read::many(
        connection,
        &format!("{PRINT}{condition}"),
        values,
        row_of_print,
    )
}

fn facts(connection: &Connection, print: PrintId) -> rusqlite::Result<Vec<Fact>> {
    read::many(
        connection,
        "SELECT attempt, what FROM print_fact WHERE print = ?1",
        [Word(print)],
        |row| {
            Ok(Fact {
                sheet: print,
                attempt: row.get(0)?,
                what: row.get::<_, Json<_>>(1)?.0,
            })
        },
    )
}

fn row_of_print(row: &Row<'_>) -> rusqlite::Result<Print> {
    Ok(Print {
        id: row.get::<_, Word<_>>(0)?.0,
        printer: row.get(1)?,
        kind: row.get::<_, Word<_>>(2)?.0,
        subject: row.get(3)?,
        title: row.get(4)?,
        copy: row.get(5)?,
        number: row.get(6)?,
        document: row.get::<_, Json<_>>(7)?.0,
        wanted_at: row.get::<_, Millis>(8)?.0,
    })
}
