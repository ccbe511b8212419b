//! Which published links a batch's notifications mean.

use tokio_postgres::Row;

use super::super::StoreError;
use super::super::owner::{Meant, purpose_word};
use super::super::types::Stream;
use super::rows::unreadable;
use super::session::Rows;
use super::take::{Candidate, Judged, number};
use crate::domain::id::LinkId;
use crate::domain::link::Purpose;

/// What is asked, as columns.
#[derive(Default)]
struct Asked<'a> {
    position: Vec<i64>,
    shop: Vec<uuid::Uuid>,
    kind: Vec<&'a str>,
    remote: Vec<Option<String>>,
    link: Vec<Option<uuid::Uuid>>,
}

impl<'a> Asked<'a> {
    fn push(&mut self, position: usize, candidate: &Candidate<'a>) {
        let names = candidate.owner.names(candidate.arrival);
        if names.remote.is_none() && names.link.is_none() {
            return;
        }
        self.position.push(number(position));
        self.shop.push(candidate.owner.shop);
        self.kind.push(&candidate.owner.kind);
        self.remote.push(names.remote);
        self.link.push(names.link.map(|link| link.0));
    }
}

/// Gives those another route that mean a link of which a terminal told.
///
/// The kind is compared last: inside, a server that has no statistics yet would rather look through
/// all links of a kind than take the one with this id.
pub(super) async fn find(rows: &Rows<'_>, judged: &mut [Judged<'_>]) -> Result<(), StoreError> {
    let mut asked = Asked::default();
    for (position, judged) in judged.iter().enumerate() {
        if let Ok(candidate) = judged {
            asked.push(position, candidate);
        }
    }
    if asked.position.is_empty() {
        return Ok(());
    }
    let found = rows
        .all(
            "SELECT asked.position, meant.link, meant.purpose, terminal.stream,
                    (SELECT count(*) FROM open_sale
                     JOIN terminal AS other ON other.id = open_sale.terminal
                     WHERE other.shop = meant.shop AND open_sale.product = meant.product)
             FROM unnest($1::BIGINT[], $2::UUID[], $3::TEXT[], $4::TEXT[], $5::UUID[])
                  AS asked (position, shop, kind, remote, link)
             CROSS JOIN LATERAL (
                 (SELECT 1 AS place, shop, link, kind, purpose, product, terminal FROM link
                  WHERE link.shop = asked.shop AND link.kind = asked.kind
                    AND link.remote = asked.remote
                  ORDER BY link.link LIMIT 1)
                 UNION ALL
                 (SELECT 2, shop, link, kind, purpose, product, terminal FROM link
                  WHERE link.shop = asked.shop AND link.link = asked.link)
                 ORDER BY place LIMIT 1
             ) AS meant
             JOIN terminal ON terminal.id = meant.terminal
             WHERE meant.kind = asked.kind",
            &[
                &asked.position,
                &asked.shop,
                &asked.kind,
                &asked.remote,
                &asked.link,
            ],
        )
        .await?;
    for row in &found {
        let position: i64 = row.try_get(0).map_err(unreadable)?;
        let candidate = usize::try_from(position)
            .ok()
            .and_then(|position| judged.get_mut(position));
        if let Some(Ok(candidate)) = candidate {
            let meant = meant(row).map_err(unreadable)?;
            candidate.route = candidate.owner.route(candidate.arrival, Some(&meant));
        }
    }
    Ok(())
}

fn meant(row: &Row) -> Result<Meant, tokio_postgres::Error> {
    let open_sales: i64 = row.try_get(4)?;
    Ok(Meant {
        link: LinkId(row.try_get(1)?),
        is_single: row.try_get::<_, &str>(2)? == purpose_word(Purpose::Single),
        teller: Stream(row.try_get(3)?),
        open_sales: u32::try_from(open_sales).unwrap_or(u32::MAX),
    })
}
