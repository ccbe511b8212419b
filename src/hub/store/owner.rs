//! Whom an address belongs to, and what follows from that for what is posted there.

use uuid::Uuid;

use super::types::{Arrival, Stream};
use crate::domain::id::LinkId;
use crate::domain::link::Purpose;
use crate::proto::backend::{Posted, Verdict, codec};
use crate::proto::hub::Scope;

/// Whom an address belongs to.
#[derive(Clone)]
pub(super) struct Owner {
    pub(super) endpoint: Uuid,
    pub(super) kind: String,
    pub(super) shop: Uuid,
    pub(super) shop_stream: Stream,
    /// None for an endpoint's own address.
    pub(super) own_stream: Option<Stream>,
}

/// Where a notification goes.
#[derive(Clone, Copy)]
pub(super) struct Route {
    pub(super) stream: Stream,
    /// The published link that is meant, where all of the shop hear of it.
    pub(super) published: Option<LinkId>,
    /// For how many sales its product is shown.
    pub(super) open_sales: u32,
}

/// By what the published link that is meant is looked for among those of shop and kind: the
/// provider's id before ours.
#[derive(Default)]
pub(super) struct Names {
    pub(super) remote: Option<String>,
    pub(super) link: Option<LinkId>,
}

/// A published link.
pub(super) struct Meant {
    pub(super) link: LinkId,
    pub(super) is_single: bool,
    /// The stream of the terminal that told of it.
    pub(super) teller: Stream,
    pub(super) open_sales: u32,
}

impl Owner {
    /// By the link's address; to an account's own address by the link that the content names, as far
    /// as a terminal has told of it; else to all.
    pub(super) fn route(&self, arrival: &Arrival, meant: Option<&Meant>) -> Route {
        let to_one = |stream| Route {
            stream,
            published: None,
            open_sales: 0,
        };
        if let Some(stream) = self.own(arrival) {
            return to_one(stream);
        }
        match meant {
            Some(meant) if arrival.link.is_none() && meant.is_single => to_one(meant.teller),
            Some(meant) => Route {
                stream: self.shop_stream,
                published: Some(meant.link),
                open_sales: meant.open_sales,
            },
            None => to_one(self.shop_stream),
        }
    }

    /// What is to be known before its route; nothing where its address says it all.
    pub(super) fn names(&self, arrival: &Arrival) -> Names {
        if self.own(arrival).is_some() {
            return Names::default();
        }
        if let Some(address) = &arrival.link {
            return Names {
                remote: None,
                link: Some(address.link),
            };
        }
        let body = std::str::from_utf8(&arrival.body).ok();
        let reported = body
            .zip(codec(&self.kind))
            .and_then(|(body, codec)| codec.read_notification(body).ok());
        // An id: no codec reads anything else, so every database can look for it.
        let name = reported.and_then(|reported| reported.remote_link);
        Names {
            link: name.as_ref().and_then(|name| name.parse().ok()),
            remote: name,
        }
    }

    /// The stream of the terminal that the address is of.
    fn own(&self, arrival: &Arrival) -> Option<Stream> {
        let address = arrival.link.as_ref()?;
        self.own_stream.filter(|_| address.scope == Scope::Own)
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

/// As it is stored.
pub(super) const fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Permanent => "permanent",
        Purpose::Single => "single",
    }
}
