//! Devdraft as its document and OpenAPI describe it: payment links, and as little of webhooks as a
//! payment needs.
//!
//! Where both are silent the sandbox is plain: 404 for a path that is not there, 409 for an address
//! that is taken. What it posts when somebody pays is **assumed**, because nothing says what Devdraft
//! posts; the body says so itself. A client key is an account: it sees its own links only.

use serde_json::{Value, json};

use super::{
    Outgoing, Pay, PayError, Place, Provider, Reply, Request, World, fingerprint, json_response,
};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use book::charge;
pub use book::{LINKS_MAX, PAYMENTS_MAX, State};

mod book;
mod check;
mod hooks;
mod links;
mod payer;
mod quota;
#[cfg(test)]
mod tests;

impl Provider for State {
    fn kind(&self) -> &'static str {
        "devdraft"
    }

    fn place(&self, path: &str) -> Option<Place> {
        if path.starts_with("/checkout/") {
            Some(Place::Page)
        } else {
            path.starts_with("/api/v0/").then_some(Place::Api)
        }
    }

    fn handle(&mut self, request: &Request, world: &mut World<'_>) -> Reply {
        if let Some(rest) = request.path.strip_prefix("/checkout/") {
            return payer::handle(self, request, rest, world);
        }
        api(self, request, world).into()
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
            json!({
                "kind": self.kind(),
                "id": id,
                "url": url(public_url, &held.fields.url),
                "amount": held.fields.amount,
                "currency": held.fields.currency,
                "description": held.fields.description,
                "reference": held.fields.payment_for_id,
                "expires_at": held.fields.expires_at.map(Timestamp::to_rfc3339),
                "state": held.state(now),
                "payments": held.payments,
            })
        });
        held.collect()
    }
}

fn api(state: &mut State, request: &Request, world: &mut World<'_>) -> Response {
    let path = request.path.strip_prefix("/api/v0/").unwrap_or("");
    if (path, request.method.as_str()) == ("health/public", "GET") {
        return json_response(200, &json!({ "status": "ok" }));
    }
    let given = |name| {
        request
            .header(name)
            .map(str::trim)
            .filter(|key| !key.is_empty())
    };
    let (Some(key), Some(_secret)) = (given("x-client-key"), given("x-client-secret")) else {
        return problem(401, "x-client-key and x-client-secret are required");
    };
    let owner = fingerprint(key);
    let taken = state.quota.take(&owner, world.now);
    let mut response = if taken.is_over {
        taken.refusal()
    } else {
        routed(state, request, path, &owner, world)
    };
    response.headers.extend(taken.headers());
    response
}

fn routed(
    state: &mut State,
    request: &Request,
    path: &str,
    owner: &str,
    world: &mut World<'_>,
) -> Response {
    let (place, id) = match path.split_once('/') {
        Some((place, id)) => (place, Some(id)),
        None => (path, None),
    };
    match (request.method.as_str(), place, id) {
        ("GET", "health", None) => json_response(200, &json!({ "status": "ok" })),
        ("POST", "payment-links", None) => links::create(state, request, owner, world),
        ("GET", "payment-links", None) => links::list(state, request, owner, world),
        ("GET", "payment-links", Some(id)) => links::one(state, id, owner, world),
        ("PUT", "payment-links", Some(id)) => links::change(state, request, id, owner, world),
        ("POST", "webhooks", None) => hooks::create(state, request, owner, world),
        ("GET", "webhooks", None) => hooks::list(state, request, owner),
        ("DELETE", "webhooks", Some(id)) => hooks::delete(state, id, owner),
        (method, _, _) => problem(404, &format!("Cannot {method} {}", request.path)),
    }
}

/// `skip` and `take` of a list, with their defaults.
fn window(query: &str) -> Result<(usize, usize), Response> {
    let (mut skip, mut take) = (0, 10);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let number = value.parse::<usize>().ok();
        match (name, number) {
            ("skip", Some(number)) => skip = number,
            ("take", Some(number)) if number >= 1 => take = number,
            ("skip", None) => return Err(invalid(&["skip must not be less than 0".to_owned()])),
            ("take", _) => return Err(invalid(&["take must not be less than 1".to_owned()])),
            (other, _) => {
                return Err(invalid(&[format!("property {other} should not exist")]));
            }
        }
    }
    Ok((skip, take))
}

fn url(public_url: &str, slug: &str) -> String {
    format!("{public_url}/checkout/{slug}")
}

/// An error as the Nest framework writes it.
fn problem(status: u16, message: &str) -> Response {
    let body = json!({ "statusCode": status, "message": message, "error": word(status) });
    json_response(status, &body)
}

/// A body that does not fit, with a sentence for each field.
fn invalid(messages: &[String]) -> Response {
    let body = json!({ "statusCode": 400, "message": messages, "error": word(400) });
    json_response(400, &body)
}

const fn word(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        409 => "Conflict",
        413 => "Payload Too Large",
        429 => "Too Many Requests",
        _ => "Error",
    }
}
