//! What the terminals of a shop tell: links, open sales, and who takes a payment.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::super::StoreError;
use super::super::owner::purpose_word;
use super::super::types::{Claiming, Stream, json};
use super::rows::id;
use super::take;
use crate::domain::id::{Entropy, SaleId};
#[cfg(planted)]
use crate::domain::planted::{self, Bug};
use crate::domain::time::Timestamp;
use crate::proto::hub::{Claim, Claimed, OpenSale, Published, TokenHash};

/// Who tells.
struct Teller {
    terminal: String,
    shop: String,
    shop_stream: Stream,
}

fn teller(rows: &Connection, token: &TokenHash) -> Result<Option<Teller>, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT terminal.id, shop.id, shop.stream
         FROM terminal JOIN shop ON shop.id = terminal.shop WHERE terminal.token_hash = ?1",
    )?;
    let teller = found.query_row([token.as_str()], |row| {
        Ok(Teller {
            terminal: row.get(0)?,
            shop: row.get(1)?,
            shop_stream: Stream(row.get(2)?),
        })
    });
    Ok(teller.optional()?)
}

/// Adds or replaces links of a terminal. False where nobody has the token.
pub(super) fn publish(
    rows: &Connection,
    token: &TokenHash,
    links: &[Published],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(teller) = teller(rows, token)? else {
        return Ok(false);
    };
    // A link is the terminal's that told of it first: nobody redirects another one's payments.
    let mut put = rows.prepare_cached(
        "INSERT INTO link (shop, link, terminal, kind, remote, purpose, product, told, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (shop, link) DO UPDATE SET
             kind = excluded.kind, remote = excluded.remote, purpose = excluded.purpose,
             product = excluded.product, told = excluded.told, at = excluded.at
         WHERE link.terminal = excluded.terminal",
    )?;
    for link in links {
        put.execute(params![
            teller.shop,
            link.link.to_string(),
            teller.terminal,
            link.kind,
            link.remote,
            purpose_word(link.purpose),
            link.product.map(|product| product.to_string()),
            json(link)?,
            now.millis(),
        ])?;
    }
    Ok(true)
}

/// The sales of a terminal that wait now. False where nobody has the token.
pub(super) fn open_sales(
    rows: &Connection,
    token: &TokenHash,
    sales: &[OpenSale],
) -> Result<bool, StoreError> {
    let Some(teller) = teller(rows, token)? else {
        return Ok(false);
    };
    rows.prepare_cached("DELETE FROM open_sale WHERE terminal = ?1")?
        .execute([&teller.terminal])?;
    let mut add = rows.prepare_cached(
        "INSERT INTO open_sale (terminal, sale, product) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for open in sales {
        let (sale, product) = (open.sale.to_string(), open.product.to_string());
        add.execute(params![teller.terminal, sale, product])?;
    }
    Ok(true)
}

/// The first that claims a payment has it, and all of the shop hear of it. None where nobody has the
/// token.
pub(super) fn claim(
    rows: &Connection,
    entropy: &mut Entropy,
    token: &TokenHash,
    claim: &Claim,
    now: Timestamp,
) -> Result<Option<Claiming>, StoreError> {
    let Some(teller) = teller(rows, token)? else {
        return Ok(None);
    };
    let key = params![
        teller.shop,
        claim.kind,
        claim.link.to_string(),
        claim.payment,
        claim.sale.to_string(),
        teller.terminal,
        now.millis(),
    ];
    #[cfg(planted)]
    if planted::is(Bug::LastClaimWins) {
        rows.execute("DELETE FROM claim WHERE payment = ?1", [&claim.payment])?;
    }
    let is_first = rows
        .prepare_cached(
            "INSERT INTO claim (shop, kind, link, payment, sale, terminal, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        )?
        .execute(key)?
        == 1;
    let claimed = claimed(rows, &teller.shop, claim)?;
    if is_first {
        let stream = teller.shop_stream;
        take::append_claim(rows, entropy, stream, &claimed, now)?;
        return Ok(Some(Claiming {
            claimed,
            told: Some(stream),
        }));
    }
    Ok(Some(Claiming {
        claimed,
        told: None,
    }))
}

/// Who has it.
fn claimed(rows: &Connection, shop: &str, claim: &Claim) -> Result<Claimed, StoreError> {
    let mut found = rows.prepare_cached(
        "SELECT claim.sale, terminal.id, terminal.name
         FROM claim JOIN terminal ON terminal.id = claim.terminal
         WHERE claim.shop = ?1 AND claim.kind = ?2 AND claim.link = ?3 AND claim.payment = ?4",
    )?;
    let key = params![shop, claim.kind, claim.link.to_string(), claim.payment];
    Ok(found.query_row(key, |row| {
        Ok(Claimed {
            kind: claim.kind.clone(),
            payment: claim.payment.clone(),
            link: claim.link,
            sale: SaleId(id(row, 0)?),
            terminal: id(row, 1)?,
            till: row.get(2)?,
        })
    })?)
}
