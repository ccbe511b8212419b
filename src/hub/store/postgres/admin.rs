//! What the owner does: endpoints and terminals.

use uuid::Uuid;

use super::super::StoreError;
use super::super::types::{EndpointRow, TerminalRow};
use super::error::PostgresError;
use super::line::Deed;
use super::rows::unreadable;
use super::session::Rows;
use super::{join, rows};
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::pairing::GOOD_SECS;
use crate::proto::hub::{PairingCode, Token};

pub(super) struct AddEndpoint {
    pub(super) shop: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) secret: Option<String>,
    pub(super) now: Timestamp,
}

impl Deed for AddEndpoint {
    type Done = (EndpointRow, Token);

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        let now = self.now;
        let shop = shop_of(rows, entropy, &self.shop, now).await?;
        let endpoint = entropy.uuid(now);
        rows.change(
            "INSERT INTO endpoint (id, shop, kind, name, created_at) VALUES ($1, $2, $3, $4, $5)",
            &[&endpoint, &shop, &self.kind, &self.name, &now.millis()],
        )
        .await
        .map_err(|error| name_taken(error, &self.shop, "an endpoint", &self.name))?;
        if let Some(secret) = &self.secret {
            rows.change(
                "INSERT INTO secret (endpoint, secret, created_at) VALUES ($1, $2, $3)",
                &[&endpoint, secret, &now.millis()],
            )
            .await?;
        }
        let token = join::add_hook(rows, entropy, endpoint, None, now).await?;
        let mut all = rows::endpoints(rows, Some(shop)).await?.into_iter();
        let row = all
            .find(|row| row.id == endpoint)
            .ok_or_else(|| StoreError::Unreadable("the new endpoint".to_owned()))?;
        Ok((row, token))
    }
}

pub(super) struct AddTerminal {
    pub(super) shop: String,
    pub(super) name: String,
    pub(super) now: Timestamp,
}

impl Deed for AddTerminal {
    type Done = (TerminalRow, PairingCode);

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        let now = self.now;
        let shop = shop_of(rows, entropy, &self.shop, now).await?;
        let terminal = entropy.uuid(now);
        let stream = add_stream(rows).await?;
        // It never saw what was there before it.
        rows.change(
            "INSERT INTO terminal (id, shop, name, stream, created_at, shop_acked)
             SELECT $1, shop.id, $3, $4, $5, stream.last_seq
             FROM shop JOIN stream ON stream.id = shop.stream WHERE shop.id = $2",
            &[&terminal, &shop, &self.name, &stream, &now.millis()],
        )
        .await
        .map_err(|error| name_taken(error, &self.shop, "a terminal", &self.name))?;
        invite(rows, entropy, terminal, now).await
    }
}

/// A fresh code for a terminal that is known.
pub(super) struct Invite {
    pub(super) terminal: Uuid,
    pub(super) now: Timestamp,
}

impl Deed for Invite {
    type Done = (TerminalRow, PairingCode);

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        invite(rows, entropy, self.terminal, self.now).await
    }
}

async fn invite(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    terminal: Uuid,
    now: Timestamp,
) -> Result<(TerminalRow, PairingCode), StoreError> {
    let code = PairingCode::draw(entropy);
    let until = now.plus_millis(GOOD_SECS.saturating_mul(1_000));
    rows.change(
        "UPDATE terminal SET pairing_hash = $2, pairing_until = $3, pairing_used_at = NULL
         WHERE id = $1",
        &[&terminal, &code.hash().as_str(), &until.millis()],
    )
    .await?;
    Ok((rows::terminal(rows, terminal).await?, code))
}

/// Another machine takes a terminal's place: what it never read, and what was read, is read anew.
pub(super) struct Replace {
    pub(super) terminal: Uuid,
    pub(super) now: Timestamp,
}

impl Deed for Replace {
    type Done = (TerminalRow, PairingCode);

    async fn run(&self, rows: &Rows<'_>, entropy: &mut Entropy) -> Result<Self::Done, StoreError> {
        rows.change(
            "UPDATE terminal SET token_hash = NULL, own_acked = 0, shop_acked = 0 WHERE id = $1",
            &[&self.terminal],
        )
        .await?;
        shows_no_sale(rows, self.terminal).await?;
        invite(rows, entropy, self.terminal, self.now).await
    }
}

/// Nobody stands at it any more. After a change of its row: so nobody tells of a sale in between.
async fn shows_no_sale(rows: &Rows<'_>, terminal: Uuid) -> Result<(), StoreError> {
    rows.change("DELETE FROM open_sale WHERE terminal = $1", &[&terminal])
        .await?;
    Ok(())
}

/// Takes a terminal's token away.
pub(super) struct Revoke {
    pub(super) terminal: Uuid,
    pub(super) now: Timestamp,
}

impl Deed for Revoke {
    type Done = TerminalRow;

    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<TerminalRow, StoreError> {
        rows.change(
            "UPDATE terminal SET token_hash = NULL, pairing_hash = NULL, pairing_until = NULL,
                    revoked_at = $2
             WHERE id = $1",
            &[&self.terminal, &self.now.millis()],
        )
        .await?;
        shows_no_sale(rows, self.terminal).await?;
        rows::terminal(rows, self.terminal).await
    }
}

/// The shop of this name, made where it is new.
async fn shop_of(
    rows: &Rows<'_>,
    entropy: &mut Entropy,
    name: &str,
    now: Timestamp,
) -> Result<Uuid, StoreError> {
    let known = rows
        .one("SELECT id FROM shop WHERE name = $1", &[&name])
        .await?;
    if let Some(row) = known {
        return row.try_get(0).map_err(unreadable);
    }
    let id = entropy.uuid(now);
    let stream = add_stream(rows).await?;
    let added = rows
        .change(
            "INSERT INTO shop (id, name, stream, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO NOTHING",
            &[&id, &name, &stream, &now.millis()],
        )
        .await?;
    if added == 0 {
        // Somebody else was quicker by a moment: next time it is found.
        return Err(PostgresError::Conflict.into());
    }
    Ok(id)
}

async fn add_stream(rows: &Rows<'_>) -> Result<i64, StoreError> {
    let added = rows
        .one("INSERT INTO stream DEFAULT VALUES RETURNING id", &[])
        .await?;
    let row = added.ok_or_else(|| StoreError::Unreadable("the new stream".to_owned()))?;
    row.try_get(0).map_err(unreadable)
}

fn name_taken(error: PostgresError, shop: &str, noun: &'static str, name: &str) -> StoreError {
    if matches!(error, PostgresError::Twice) {
        return StoreError::Taken {
            shop: shop.to_owned(),
            noun,
            name: name.to_owned(),
        };
    }
    error.into()
}
