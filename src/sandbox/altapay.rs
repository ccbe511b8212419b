//! `AltaPay`'s Checkout API as its document and pages describe it, and the look-up of its Merchant
//! API: signing in, sessions, links, the payer's page and the callback, no more and no less.
//!
//! Where the pages are silent the sandbox is plain: 201 for what was made, `{"error": …}` for what
//! was not. A user with a password is an account: it sees its own orders only.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::{Outgoing, Pay, PayError, Place, Provider, Reply, Request, World, json_response};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use book::{Held, Session, charge};
pub use book::{SESSIONS_MAX, State};

mod access;
mod book;
mod check;
mod merchant;
mod payer;
#[cfg(test)]
mod tests;

const CHECKOUT: &str = "/checkout/v1/api/";
const MERCHANT: &str = "/merchant/API/";
const PAGE: &str = "/altapay/pay/";
/// The side of a picture that nobody gave a size, in pixels.
const USUAL_SIZE: u32 = 500;

impl Provider for State {
    fn kind(&self) -> &'static str {
        "altapay"
    }

    fn place(&self, path: &str) -> Option<Place> {
        if path.starts_with(PAGE) {
            Some(Place::Page)
        } else {
            let is_api = path.starts_with(CHECKOUT) || path.starts_with(MERCHANT);
            is_api.then_some(Place::Api)
        }
    }

    fn handle(&mut self, request: &Request, world: &mut World<'_>) -> Reply {
        if let Some(rest) = request.path.strip_prefix(PAGE) {
            return payer::handle(self, request, rest, world);
        }
        let mut response = match request.path.strip_prefix(CHECKOUT) {
            Some(path) => checkout(self, request, path, world),
            None => merchant::handle(self, request),
        };
        let id = world.entropy.uuid(world.now).to_string();
        response.headers.push(("x-request-id".to_owned(), id));
        response.into()
    }

    fn pay(
        &mut self,
        id: &str,
        how: Pay,
        world: &mut World<'_>,
    ) -> Result<Vec<Outgoing>, PayError> {
        charge(self, id, how, world).map(|(_, notifications)| notifications)
    }

    fn expire(&mut self, id: &str, world: &mut World<'_>) -> Result<(), PayError> {
        book::expire(self, id, world.now)
    }

    fn inspect(&self, public_url: &str, now: Timestamp) -> Value {
        let held = self.links.iter().map(|(id, held)| {
            let session = self.sessions.get(&held.session);
            json!({
                "kind": self.kind(),
                "id": id,
                "url": url(public_url, id),
                "session": held.session,
                "order": session.map(|session| &session.order_id),
                "amount": session.map(|session| session.amount),
                "description": session.map(|session| &session.description),
                "notify_url": session.and_then(|session| session.notification.as_ref()),
                "expires_at": held.end().to_rfc3339(),
                "state": self.state(held, now),
                "payments": session.map(|session| &session.transactions),
            })
        });
        held.collect()
    }
}

fn checkout(state: &mut State, request: &Request, path: &str, world: &mut World<'_>) -> Response {
    let parts: Vec<&str> = path.split('/').collect();
    let session_id = match parts.as_slice() {
        ["authenticate" | "session"] => None,
        ["session", id, "link"] => Some(*id),
        _ => return problem(404, "not found"),
    };
    if request.method != "POST" {
        return problem(405, "method not allowed");
    }
    if path == "authenticate" {
        return access::authenticate(state, request, world);
    }
    let Some(owner) = access::bearer(state, request, world.now) else {
        return problem(401, "unauthorized");
    };
    if !request.is_json() {
        return problem(415, "content-type must be application/json");
    }
    let made = match session_id {
        None => new_session(state, owner, &request.body, world),
        Some(id) => new_link(state, &owner, id, &request.body, world),
    };
    made.unwrap_or_else(|response| response)
}

/// What was asked for, repeated letter by letter: no amount is read and written again.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionAnswer<'a> {
    session_id: &'a str,
    order: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    callbacks: Option<&'a RawValue>,
    configuration: &'a RawValue,
}

fn new_session(
    state: &mut State,
    owner: String,
    body: &str,
    world: &mut World<'_>,
) -> Result<Response, Response> {
    let asked = check::new_session(body).map_err(|said| problem(400, &said))?;
    if !state.has_room(world.now) {
        return Err(problem(429, "the sandbox is full: begin a new one"));
    }
    let id = world.entropy.uuid(world.now).to_string();
    let answer = SessionAnswer {
        session_id: &id,
        order: asked.order,
        callbacks: asked.callbacks,
        configuration: asked.configuration,
    };
    let answer = json_response(201, &answer);
    let session = Session {
        owner,
        order_id: asked.order_id,
        amount: asked.amount,
        description: asked.description,
        notification: asked.notification,
        captures: asked.captures,
        transactions: Vec::new(),
    };
    state.sessions.insert(id, session);
    Ok(answer)
}

fn new_link(
    state: &mut State,
    owner: &str,
    session_id: &str,
    body: &str,
    world: &mut World<'_>,
) -> Result<Response, Response> {
    let session = state.sessions.get(session_id);
    if session.is_none_or(|session| session.owner != owner) {
        return Err(problem(404, "session not found"));
    }
    let asked = check::new_link(body).map_err(|said| problem(400, &said))?;
    let id = world.entropy.uuid(world.now).to_string();
    let url = url(world.public_url, &id);
    let answer = json!({
        "id": id,
        "paymentLink": url,
        "qrCode": BASE64_STANDARD.encode(world.picture(&url, asked.size.unwrap_or(USUAL_SIZE))),
    });
    let held = Held::new(session_id, &asked, world.now);
    state.links.insert(id, held);
    Ok(json_response(201, &answer))
}

fn url(public_url: &str, id: &str) -> String {
    [public_url, PAGE, id].concat()
}

fn problem(status: u16, error: &str) -> Response {
    json_response(status, &json!({ "error": error }))
}
