//! 4Geeks Payments as its document describes it: links are made and listed, no more and no less.
//!
//! Where the document is silent the sandbox is plain: the list is in the order of making, and a page
//! has at most [`PAGE_MAX`] links. Its links have no end, and its list shows inactive ones: a link is
//! made inactive by its page, as if the shop had done so in its console. It documents no notification of a payment, so none is sent. A key
//! is an account: it sees its own links only.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Outgoing, Pay, PayError, Place, Provider, Reply, Request, World, fingerprint, json_response,
};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use book::{Held, charge};
pub use book::{LINKS_MAX, PAYMENTS_MAX, State};
use check::Detail;
pub use check::PAGE_MAX;

mod book;
mod check;
mod payer;
#[cfg(test)]
mod tests;

/// A link as the document shows it, field by field.
#[derive(Serialize)]
struct Described<'a> {
    id: &'a str,
    object: &'static str,
    url: String,
    active: bool,
}

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<Described<'a>>,
    total_items: usize,
    limit: usize,
    offset: usize,
}

impl Provider for State {
    fn kind(&self) -> &'static str {
        "4geeks"
    }

    fn place(&self, path: &str) -> Option<Place> {
        if path.starts_with("/link/") {
            Some(Place::Page)
        } else {
            path.starts_with("/v1/").then_some(Place::Api)
        }
    }

    fn handle(&mut self, request: &Request, world: &mut World<'_>) -> Reply {
        match request.path.strip_prefix("/link/") {
            Some(rest) => payer::handle(self, request, rest, world),
            None => api(self, request, world).into(),
        }
    }

    fn pay(
        &mut self,
        id: &str,
        how: Pay,
        world: &mut World<'_>,
    ) -> Result<Vec<Outgoing>, PayError> {
        charge(self, id, how, world).map(|_amount| Vec::new())
    }

    fn expire(&mut self, id: &str, _world: &mut World<'_>) -> Result<(), PayError> {
        book::end(self, id)
    }

    fn inspect(&self, public_url: &str, _now: Timestamp) -> Value {
        let held = self.links.iter().map(|(id, held)| {
            json!({
                "kind": self.kind(),
                "id": id,
                "url": url(public_url, id),
                "amount": held.amount,
                "currency": held.currency,
                "description": held.description,
                "notify_url": null,
                "expires_at": null,
                "state": held.state(),
                "payments": held.payments,
            })
        });
        held.collect()
    }
}

fn api(state: &mut State, request: &Request, world: &mut World<'_>) -> Response {
    // Also with a slash at its end it is another address: an older API's.
    if request.path != "/v1/payment-links" {
        return problem(404, "Not Found");
    }
    let method = request.method.as_str();
    if !matches!(method, "GET" | "POST") {
        return problem(405, "Method Not Allowed");
    }
    let owner = match request.header("x-api-key").map(str::trim) {
        None | Some("") => return problem(401, "Invalid or missing API key"),
        Some(key) => fingerprint(key),
    };
    let answer = if method == "GET" {
        check::page(&request.query)
            .map(|(limit, offset)| list(state, &owner, limit, offset, world.public_url))
    } else {
        check::new_link(request).map(|fields| create(state, owner, fields, world))
    };
    answer.unwrap_or_else(|detail: Vec<Detail>| json_response(422, &json!({ "detail": detail })))
}

fn create(
    state: &mut State,
    owner: String,
    fields: check::Fields,
    world: &mut World<'_>,
) -> Response {
    if state.links.len() >= LINKS_MAX {
        return problem(429, "the sandbox is full: begin a new one");
    }
    let held = Held {
        owner,
        amount: fields.amount,
        currency: fields.currency,
        description: fields.description,
        is_over: false,
        payments: Vec::new(),
    };
    let id = format!("plink_{}", world.entropy.uuid(world.now).simple());
    let answer = json_response(200, &describe(&id, &held, world.public_url));
    state.links.insert(id, held);
    answer
}

fn list(state: &State, owner: &str, limit: usize, offset: usize, public_url: &str) -> Response {
    let mine = || state.links.iter().filter(|(_, held)| held.owner == owner);
    let page = mine().skip(offset).take(limit);
    json_response(
        200,
        &Page {
            items: page
                .map(|(id, held)| describe(id, held, public_url))
                .collect(),
            total_items: mine().count(),
            limit,
            offset,
        },
    )
}

fn describe<'a>(id: &'a str, held: &Held, public_url: &str) -> Described<'a> {
    Described {
        id,
        object: "payment_link",
        url: url(public_url, id),
        active: !held.is_over,
    }
}

fn url(public_url: &str, id: &str) -> String {
    format!("{public_url}/link/{id}")
}

fn problem(status: u16, detail: &str) -> Response {
    json_response(status, &json!({ "detail": detail }))
}
