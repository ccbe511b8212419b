//! 4pay.online as its document describes it: links, products and the webhook, no more and no less.
//!
//! Where the document is silent the sandbox is plain: 201 for what was made, 200 for what was
//! changed, 204 for what was deleted, a bare list. A key is an account: it sees its own links only.

use serde_json::{Value, json};

use super::{
    Outgoing, Pay, PayError, Place, Provider, Reply, Request, World, fingerprint, json_response,
};
use crate::domain::money::Currency;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use book::{Held, charge};
pub use book::{LINKS_MAX, PAYMENTS_MAX, State};
use check::{AmountType, Errors, Fields};

mod book;
mod check;
mod payer;
#[cfg(test)]
mod tests;

/// The currency of links that name none.
const TERMINAL_CURRENCY: &str = "EUR";

impl Provider for State {
    fn kind(&self) -> &'static str {
        "4pay"
    }

    fn place(&self, path: &str) -> Option<Place> {
        if path.starts_with("/pay/link/") && !path.ends_with("/qr") {
            Some(Place::Page)
        } else {
            let is_api = path.starts_with("/api/v1/") || path.starts_with("/pay/link/");
            is_api.then_some(Place::Api)
        }
    }

    fn handle(&mut self, request: &Request, world: &mut World<'_>) -> Reply {
        if let Some(rest) = request.path.strip_prefix("/pay/link/") {
            return payer::handle(self, request, rest, world);
        }
        let mut response = api(self, request, world);
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
            json!({
                "kind": self.kind(),
                "id": id,
                "url": url(public_url, id),
                "amount": held.amount,
                "currency": held.currency,
                "description": held.description,
                "notify_url": held.notify_url,
                "expires_at": held.expires_at.map(Timestamp::to_rfc3339),
                "state": held.state(now),
                "payments": held.payments,
            })
        });
        held.collect()
    }
}

fn api(state: &mut State, request: &Request, world: &mut World<'_>) -> Response {
    let Some(path) = request.path.strip_prefix("/api/v1/") else {
        return problem(404, "not found");
    };
    let method = request.method.as_str();
    if path == "health" {
        return match method {
            "GET" => json_response(200, &json!({ "core_status": "ok" })),
            _ => problem(405, "method not allowed"),
        };
    }
    let (place, id) = match path.split_once('/') {
        Some((place, id)) => (place, Some(id)),
        None => (path, None),
    };
    let route = match (place, id, method) {
        ("links" | "products", None, "POST") | ("links", Some(_), "PUT") => Route::Body,
        ("links", None | Some(_), "GET") | ("links", Some(_), "DELETE") => Route::Plain,
        ("links", None | Some(_), _) | ("products", None, _) => {
            return problem(405, "method not allowed");
        }
        _ => return problem(404, "not found"),
    };
    let owner = match request.header("x-api-key").map(str::trim) {
        None | Some("") => return problem(401, "unauthorized"),
        Some(key) => fingerprint(key),
    };
    let body = match (route, json_body(request)) {
        (Route::Plain, _) => Value::Null,
        (Route::Body, Ok(body)) => body,
        (Route::Body, Err(response)) => return response,
    };
    let result = match (place, id, method) {
        ("products", _, _) => check::new_product(&body)
            .map(|fields| create(state, &owner, fields, IsProduct::Yes, world)),
        (_, None, "POST") => check::new_link(&body, world.now)
            .map(|fields| create(state, &owner, fields, IsProduct::No, world)),
        (_, None, _) => Ok(list(state, &owner, world.public_url)),
        (_, Some(id), _) => return one(state, &owner, id, method, &body, world),
    };
    result.unwrap_or_else(|errors| invalid(&errors))
}

/// Whether a route reads a body.
#[derive(Clone, Copy)]
enum Route {
    Body,
    Plain,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsProduct {
    Yes,
    No,
}

fn json_body(request: &Request) -> Result<Value, Response> {
    if !request.is_json() {
        return Err(problem(415, "content-type must be application/json"));
    }
    serde_json::from_str(&request.body)
        .map_err(|error| problem(400, &format!("the body is not JSON: {error}")))
}

fn create(
    state: &mut State,
    owner: &str,
    fields: Fields,
    is_product: IsProduct,
    world: &mut World<'_>,
) -> Response {
    if !state.has_room(world.now) {
        return problem(429, "the sandbox is full: delete links");
    }
    let Some(currency) = fields
        .currency
        .or_else(|| Currency::from_code(TERMINAL_CURRENCY))
    else {
        return problem(500, "the sandbox has no currency");
    };
    let held = Held {
        owner: owner.to_owned(),
        amount: fields.amount,
        amount_type: fields.amount_type.unwrap_or(AmountType::Static),
        currency,
        description: fields.description.unwrap_or_default(),
        notify_url: fields.notify_url,
        created_at: world.now,
        expires_at: fields.expires_at,
        is_product: is_product == IsProduct::Yes,
        is_deleted: false,
        payments: Vec::new(),
    };
    let id = world.entropy.uuid(world.now).to_string();
    let answer = json_response(201, &describe(&id, &held, world.public_url));
    state.links.insert(id, held);
    answer
}

fn list(state: &State, owner: &str, public_url: &str) -> Response {
    let mine: Vec<Value> = state
        .links
        .iter()
        .filter(|(_, held)| held.owner == owner && !held.is_deleted && !held.is_product)
        .map(|(id, held)| describe(id, held, public_url))
        .collect();
    json_response(200, &mine)
}

fn one(
    state: &mut State,
    owner: &str,
    id: &str,
    method: &str,
    body: &Value,
    world: &World<'_>,
) -> Response {
    let Some(held) = state.owned(id, owner) else {
        return problem(404, "link not found");
    };
    match method {
        "PUT" => match check::changed_link(body, world.now) {
            Ok(fields) => change(held, fields),
            Err(errors) => return invalid(&errors),
        },
        "DELETE" => {
            held.is_deleted = true;
            return Response {
                status: 204,
                headers: Vec::new(),
                body: String::new(),
            };
        }
        _ => {}
    }
    json_response(200, &describe(id, held, world.public_url))
}

fn change(held: &mut Held, fields: Fields) {
    held.amount = fields.amount.or(held.amount);
    held.amount_type = fields.amount_type.unwrap_or(held.amount_type);
    held.currency = fields.currency.unwrap_or(held.currency);
    held.notify_url = fields.notify_url.or_else(|| held.notify_url.take());
    held.expires_at = fields.expires_at.or(held.expires_at);
    if let Some(description) = fields.description {
        held.description = description;
    }
}

/// The document's answer, field by field.
fn describe(id: &str, held: &Held, public_url: &str) -> Value {
    let url = url(public_url, id);
    let qr_url = format!("{url}/qr");
    let created_at = held.created_at.to_rfc3339();
    if held.is_product {
        return json!({
            "id": id,
            "url": url,
            "qr_url": qr_url,
            "name": held.description,
            "amount": held.amount,
            "currency": held.currency,
            "created_at": created_at,
        });
    }
    json!({
        "id": id,
        "url": url,
        "qr_url": qr_url,
        "amount": { "default": held.amount },
        "amount_type": held.amount_type.word(),
        "created_at": created_at,
    })
}

fn url(public_url: &str, id: &str) -> String {
    format!("{public_url}/pay/link/{id}")
}

fn problem(status: u16, error: &str) -> Response {
    json_response(status, &json!({ "error": error }))
}

fn invalid(errors: &Errors) -> Response {
    let body = json!({ "error": "validation failed", "details": errors });
    json_response(422, &body)
}
