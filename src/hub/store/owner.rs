//! Whom an address belongs to, and what follows from that for what is posted there.

use uuid::Uuid;

use super::types::{Arrival, Stream};
use crate::proto::backend::{Posted, Verdict, codec};
use crate::proto::hub::Scope;

/// Whom an address belongs to.
#[derive(Clone)]
pub(super) struct Owner {
    pub(super) endpoint: Uuid,
    pub(super) kind: String,
    pub(super) shop_stream: Stream,
    /// None for an endpoint's own address.
    pub(super) own_stream: Option<Stream>,
}

impl Owner {
    /// Where it goes.
    pub(super) fn stream(&self, arrival: &Arrival) -> Stream {
        let own = arrival
            .link
            .as_ref()
            .filter(|address| address.scope == Scope::Own);
        own.and(self.own_stream).unwrap_or(self.shop_stream)
    }

    /// What the signature proves, with the endpoint's secrets.
    pub(super) fn verdict(&self, arrival: &Arrival, secrets: &[String]) -> Verdict {
        let Some(codec) = codec(&self.kind) else {
            return Verdict::Unsigned;
        };
        let posted = Posted {
            headers: &arrival.headers,
            body: &arrival.body,
            at: arrival.at,
        };
        codec.verify(&posted, secrets)
    }
}

/// As it is stored.
pub(super) const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Signed => "signed",
        Verdict::Stale => "stale",
        Verdict::Unsigned => "unsigned",
        Verdict::Forged => "forged",
    }
}

/// What was stored; none for a word of nobody's.
pub(super) fn verdict_of(word: &str) -> Option<Verdict> {
    [Verdict::Signed, Verdict::Stale, Verdict::Unsigned]
        .into_iter()
        .find(|verdict| verdict_word(*verdict) == word)
}
