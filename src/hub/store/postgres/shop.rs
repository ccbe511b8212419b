//! What the terminals of a shop tell: links, open sales, and who takes a payment.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::super::StoreError;
use super::super::owner::purpose_word;
use super::super::types::{Claiming, Stream, json};
use super::error::PostgresError;
use super::line::Deed;
use super::rows::unreadable;
use super::session::Rows;
use super::take;
use crate::domain::id::{Entropy, SaleId};
use crate::domain::time::Timestamp;
use crate::proto::hub::{Claim, Claimed, OpenSale, Published, TokenHash};

/// Who tells.
struct Teller {
    terminal: Uuid,
    shop: Uuid,
    shop_stream: Stream,
}

async fn teller(rows: &Rows<'_>, token: &TokenHash) -> Result<Option<Teller>, StoreError> {
    let found = rows
        .one(
            "SELECT terminal.id, shop.id, shop.stream
             FROM terminal JOIN shop ON shop.id = terminal.shop WHERE terminal.token_hash = $1",
            &[&token.as_str()],
        )
        .await?;
    let teller = found.map(|row| {
        Ok(Teller {
            terminal: row.try_get(0)?,
            shop: row.try_get(1)?,
            shop_stream: Stream(row.try_get(2)?),
        })
    });
    teller.transpose().map_err(unreadable)
}

/// Adds or replaces links of a terminal. False where nobody has the token.
pub(super) struct Publish {
    pub(super) token: TokenHash,
    pub(super) links: Vec<Published>,
    pub(super) now: Timestamp,
}

impl Deed for Publish {
    type Done = bool;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<bool, StoreError> {
        let Some(teller) = teller(rows, &self.token).await? else {
            return Ok(false);
        };
        // The last of several that are the same; in the order of their ids, like all who write several.
        let links = self.links.iter().map(|link| (link.link, link));
        let links: BTreeMap<_, _> = links.collect();
        let links: Vec<_> = links.into_values().collect();
        let text = |of: fn(&Published) -> &str| -> Vec<&str> {
            links.iter().map(|link| of(link)).collect()
        };
        let ids: Vec<_> = links.iter().map(|link| link.link.0).collect();
        let products = links.iter().map(|link| link.product.map(|id| id.0));
        let products: Vec<_> = products.collect();
        let told = links.iter().map(json);
        let told = told.collect::<Result<Vec<_>, _>>()?;
        // A link is the terminal's that told of it first: nobody redirects another one's payments.
        rows.change(
            "INSERT INTO link (shop, terminal, at, link, kind, remote, purpose, product, told)
             SELECT $1, $2, $3, new.link, new.kind, new.remote, new.purpose, new.product, new.told
             FROM unnest($4::UUID[], $5::TEXT[], $6::TEXT[], $7::TEXT[], $8::UUID[], $9::TEXT[])
                  AS new (link, kind, remote, purpose, product, told)
             ON CONFLICT (shop, link) DO UPDATE SET
                 kind = excluded.kind, remote = excluded.remote, purpose = excluded.purpose,
                 product = excluded.product, told = excluded.told, at = excluded.at
             WHERE link.terminal = excluded.terminal",
            &[
                &teller.shop,
                &teller.terminal,
                &self.now.millis(),
                &ids,
                &text(|link| &link.kind),
                &text(|link| &link.remote),
                &text(|link| purpose_word(link.purpose)),
                &products,
                &told,
            ],
        )
        .await?;
        Ok(true)
    }
}

/// The sales of a terminal that wait now, in place of those before. False where nobody has the token.
pub(super) struct TellOpenSales {
    pub(super) token: TokenHash,
    pub(super) sales: Vec<OpenSale>,
}

impl Deed for TellOpenSales {
    type Done = bool;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<bool, StoreError> {
        // Held until the commit: what it told a moment ago at another process is replaced, too.
        let found = rows
            .one(
                "SELECT id FROM terminal WHERE token_hash = $1 FOR UPDATE",
                &[&self.token.as_str()],
            )
            .await?;
        let Some(row) = found else {
            return Ok(false);
        };
        let terminal: Uuid = row.try_get(0).map_err(unreadable)?;
        rows.change("DELETE FROM open_sale WHERE terminal = $1", &[&terminal])
            .await?;
        let sales: Vec<_> = self.sales.iter().map(|open| open.sale.0).collect();
        let products: Vec<_> = self.sales.iter().map(|open| open.product.0).collect();
        rows.change(
            "INSERT INTO open_sale (terminal, sale, product)
             SELECT $1, new.sale, new.product
             FROM unnest($2::UUID[], $3::UUID[]) AS new (sale, product)
             ON CONFLICT DO NOTHING",
            &[&terminal, &sales, &products],
        )
        .await?;
        Ok(true)
    }
}

/// The first that claims a payment has it, and all of the shop hear of it. None where nobody has the
/// token.
pub(super) struct TakeClaim {
    pub(super) token: TokenHash,
    pub(super) claim: Claim,
    pub(super) now: Timestamp,
}

impl Deed for TakeClaim {
    type Done = Option<Claiming>;

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        let Some(teller) = teller(rows, &self.token).await? else {
            return Ok(None);
        };
        let stream = teller.shop_stream;
        // The stream before the claim: so whoever comes second is answered after the first one's commit.
        take::hold(rows, stream).await?;
        let claim = &self.claim;
        let added = rows
            .change(
                "INSERT INTO claim (shop, kind, link, payment, sale, terminal, at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                &[
                    &teller.shop,
                    &claim.kind,
                    &claim.link.0,
                    &claim.payment,
                    &claim.sale.0,
                    &teller.terminal,
                    &self.now.millis(),
                ],
            )
            .await?;
        let claimed = claimed(rows, teller.shop, claim).await?;
        let told = (added == 1).then_some(stream);
        if let Some(stream) = told {
            take::append_claim(rows, entropy, stream, &claimed, self.now).await?;
        }
        Ok(Some(Claiming { claimed, told }))
    }
}

/// Who has it.
async fn claimed(rows: &Rows<'_>, shop: Uuid, claim: &Claim) -> Result<Claimed, StoreError> {
    let found = rows
        .one(
            "SELECT claim.sale, terminal.id, terminal.name
             FROM claim JOIN terminal ON terminal.id = claim.terminal
             WHERE claim.shop = $1 AND claim.kind = $2 AND claim.link = $3 AND claim.payment = $4",
            &[&shop, &claim.kind, &claim.link.0, &claim.payment],
        )
        .await?;
    // It was there, and was forgotten a moment ago: next time this one is the first.
    let row = found.ok_or(PostgresError::Conflict)?;
    let claimed = || {
        Ok(Claimed {
            kind: claim.kind.clone(),
            payment: claim.payment.clone(),
            link: claim.link,
            sale: SaleId(row.try_get(0)?),
            terminal: row.try_get(1)?,
            till: row.try_get(2)?,
        })
    };
    claimed().map_err(unreadable)
}
