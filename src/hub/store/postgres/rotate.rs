//! An endpoint gets another address, and the older ones are taken away when nobody posts there.

use uuid::Uuid;

use super::super::StoreError;
use super::super::types::{EndpointRow, Retirement};
use super::line::Deed;
use super::rows::unreadable;
use super::session::Rows;
use super::{join, rows};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::Token;

/// The older addresses stay good: a provider knows them, and links carry them.
pub(super) struct Rotate {
    pub(super) endpoint: Uuid,
    pub(super) now: Timestamp,
}

impl Deed for Rotate {
    type Done = (EndpointRow, Token);

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        let row = hold(rows, self.endpoint).await?;
        rows.change(
            "UPDATE hook SET replaced_at = $2 WHERE endpoint = $1 AND replaced_at IS NULL",
            &[&self.endpoint, &self.now.millis()],
        )
        .await?;
        let token = join::add_hook(rows, entropy, self.endpoint, None, self.now).await?;
        Ok((row, token))
    }
}

/// Those of a terminal that has no newer one stay, for it puts them into new links.
pub(super) struct Retire {
    pub(super) endpoint: Uuid,
    pub(super) now: Timestamp,
}

impl Deed for Retire {
    type Done = Retirement;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<Retirement, StoreError> {
        let endpoint = hold(rows, self.endpoint).await?;
        let retired = rows
            .change(
                "UPDATE hook SET retired_at = $2
                 WHERE endpoint = $1 AND replaced_at IS NOT NULL AND retired_at IS NULL
                   AND (terminal IS NULL
                        OR terminal IN (SELECT id FROM terminal WHERE token_hash IS NULL)
                        OR terminal IN (SELECT terminal FROM hook
                                        WHERE endpoint = $1 AND replaced_at IS NULL
                                          AND retired_at IS NULL))",
                &[&self.endpoint, &self.now.millis()],
            )
            .await?;
        let waiting = rows
            .all(
                "SELECT name FROM terminal
                 WHERE id IN (SELECT terminal FROM hook
                              WHERE endpoint = $1 AND replaced_at IS NOT NULL AND retired_at IS NULL)
                 ORDER BY name",
                &[&self.endpoint],
            )
            .await?;
        let waiting_for = waiting.iter().map(|row| row.try_get(0));
        Ok(Retirement {
            endpoint,
            retired,
            waiting_for: waiting_for.collect::<Result<_, _>>().map_err(unreadable)?,
        })
    }
}

/// Two who do this to one endpoint wait for each other: otherwise it had two newest addresses.
async fn hold(rows: &Rows<'_>, endpoint: Uuid) -> Result<EndpointRow, StoreError> {
    let lock = "SELECT id FROM endpoint WHERE id = $1 FOR NO KEY UPDATE";
    rows.one(lock, &[&endpoint]).await?;
    rows::endpoint(rows, endpoint).await
}
