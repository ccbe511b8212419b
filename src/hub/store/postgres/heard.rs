//! How far terminals have read: notes of many in one transaction, beside the notifications, which must
//! not wait for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::super::{StoreError, page};
use super::line::Deed;
use super::pool::Pool;
use super::queue::{self, Queue, Reply, Waiting};
use super::session::Rows;
use crate::domain::id::Entropy;
use crate::domain::time::Timestamp;
use crate::proto::hub::TokenHash;

/// Everything up to these numbers is on a terminal's disk.
#[derive(Clone, Copy)]
pub(super) struct Heard {
    pub(super) own: u64,
    pub(super) shop: u64,
    pub(super) at: Timestamp,
}

impl Heard {
    /// Both, in whichever order they came.
    fn and(self, other: Self) -> Self {
        Self {
            own: self.own.max(other.own),
            shop: self.shop.max(other.shop),
            at: self.at.max(other.at),
        }
    }
}

/// Notes on their way to the disk. Its task ends with the last clone.
#[derive(Clone)]
pub(super) struct Notes(Queue<Note>);

enum Note {
    Heard(TokenHash, Heard),
    /// Whether all notes before are stored.
    Ready(Reply<()>),
}

impl Notes {
    pub(super) fn start(pool: Arc<Pool>) -> Self {
        let (queue, waiting) = queue::open();
        tokio::spawn(write(waiting, pool));
        Self(queue)
    }

    /// Only a note: where it fails the next question makes it again.
    pub(super) fn heard(&self, token: TokenHash, heard: Heard) {
        if let Err(error) = self.0.send(Note::Heard(token, heard)) {
            tracing::debug!(%error, "how far a terminal has read is not noted");
        }
    }

    pub(super) async fn ready(&self) -> Result<(), StoreError> {
        let (reply, ready) = oneshot::channel();
        self.0.send(Note::Ready(reply))?;
        ready.await.map_err(|_gone| StoreError::Closed)?
    }
}

async fn write(mut waiting: Waiting<Note>, pool: Arc<Pool>) {
    while let Some(notes) = waiting.next().await {
        let mut batch = Batch::default();
        let mut replies = Vec::new();
        for note in notes {
            match note {
                Note::Heard(token, heard) => batch.note(token, heard),
                Note::Ready(reply) => replies.push(reply),
            }
        }
        let outcome = pool.transact(&batch).await;
        if let Err(error) = &outcome {
            tracing::debug!(%error, "how far terminals have read is not noted");
        }
        for reply in replies {
            let stored = outcome.as_ref().copied();
            drop(reply.send(stored.map_err(|_said| StoreError::NotStored)));
        }
    }
}

/// By their tokens: another machine that took a terminal's place since then has read nothing.
#[derive(Default)]
struct Batch(BTreeMap<TokenHash, Heard>);

impl Batch {
    fn note(&mut self, token: TokenHash, heard: Heard) {
        let noted = self.0.entry(token).or_insert(heard);
        *noted = noted.and(heard);
    }
}

impl Deed for Batch {
    type Done = ();

    /// In the order of their ids, like all who write several.
    async fn run(&self, rows: &Rows<'_>, _: &mut Entropy) -> Result<(), StoreError> {
        let heard = &self.0;
        let tokens: Vec<_> = heard.keys().map(TokenHash::as_str).collect();
        let number = |read: fn(&Heard) -> u64| -> Vec<i64> {
            let numbers = heard.values().map(|heard| page::number(read(heard)));
            numbers.collect()
        };
        let (own, shop) = (number(|heard| heard.own), number(|heard| heard.shop));
        let at: Vec<_> = heard.values().map(|heard| heard.at.millis()).collect();
        rows.all(
            "SELECT id FROM terminal WHERE token_hash = ANY($1) ORDER BY id FOR UPDATE",
            &[&tokens],
        )
        .await?;
        rows.change(
            "UPDATE terminal SET own_acked = greatest(own_acked, heard.own),
                    shop_acked = greatest(shop_acked, heard.shop), seen_at = heard.at
             FROM unnest($1::TEXT[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[])
                  AS heard (token, own, shop, at)
             WHERE terminal.token_hash = heard.token",
            &[&tokens, &own, &shop, &at],
        )
        .await?;
        Ok(())
    }
}
