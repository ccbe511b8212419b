//! Webhooks of an account: enough of them that a payment is heard of. Nothing is signed, because the
//! document does not say how; a secret is taken and forgotten.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::book::{Held, Payment, State};
use super::check::{self, decimal};
use super::{invalid, problem, window};
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::{Acknowledgment, Outgoing, Request, World, json_response};

/// Webhooks that are kept at most.
const HOOKS_MAX: usize = 1_000;

/// Where an account wants to hear of payments.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Hook {
    /// Fingerprint of the client key that made it.
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) url: String,
    pub(super) is_active: bool,
    pub(super) encrypted: bool,
    pub(super) created_at: Timestamp,
}

pub(super) fn create(
    state: &mut State,
    request: &Request,
    owner: &str,
    world: &mut World<'_>,
) -> Response {
    let hook = match check::new_hook(request, owner, world.now) {
        Ok(hook) => hook,
        Err(messages) => return invalid(&messages),
    };
    if state.hooks.len() >= HOOKS_MAX {
        return problem(413, "the sandbox is full: delete webhooks");
    }
    let id = world.entropy.uuid(world.now).to_string();
    let answer = json_response(201, &describe(&id, &hook));
    state.hooks.insert(id, hook);
    answer
}

pub(super) fn list(state: &State, request: &Request, owner: &str) -> Response {
    let (skip, take) = match window(&request.query) {
        Ok(window) => window,
        Err(response) => return response,
    };
    let mine = state.hooks.iter().filter(|(_, hook)| hook.owner == owner);
    let page: Vec<Value> = mine
        .skip(skip)
        .take(take)
        .map(|(id, hook)| describe(id, hook))
        .collect();
    json_response(200, &page)
}

pub(super) fn delete(state: &mut State, id: &str, owner: &str) -> Response {
    match state.hooks.get(id) {
        Some(hook) if hook.owner == owner => {
            let answer = json_response(200, &describe(id, hook));
            state.hooks.remove(id);
            answer
        }
        Some(_) | None => problem(404, "Webhook not found"),
    }
}

/// The secret is not among it, as in the published model.
fn describe(id: &str, hook: &Hook) -> Value {
    json!({
        "id": id,
        "name": hook.name,
        "url": hook.url,
        "isActive": hook.is_active,
        "encrypted": hook.encrypted,
        "created_at": hook.created_at.to_rfc3339(),
    })
}

/// What is posted about a payment. **Assumed**: no document says what it looks like.
pub(super) fn assumed(link: &str, held: &Held, payment: &Payment) -> String {
    #[derive(Serialize)]
    struct Posted<'a> {
        assumed: bool,
        event: &'a str,
        data: Data<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Data<'a> {
        id: &'a str,
        payment_link_id: &'a str,
        payment_for_id: Option<&'a str>,
        amount: Option<Box<serde_json::value::RawValue>>,
        currency: &'a str,
        status: &'a str,
    }
    let (event, status) = if payment.status == "charged" {
        ("payment.completed", "COMPLETED")
    } else {
        ("payment.failed", "FAILED")
    };
    let posted = Posted {
        assumed: true,
        event,
        data: Data {
            id: &payment.id,
            payment_link_id: link,
            payment_for_id: held.fields.payment_for_id.as_deref(),
            amount: decimal(payment.amount),
            currency: &held.fields.currency,
            status,
        },
    };
    // A value of this module always has a JSON form.
    serde_json::to_string(&posted).unwrap_or_default()
}

/// The same body for each active webhook of an account.
pub(super) fn outgoing(hooks: &BTreeMap<String, Hook>, owner: &str, body: &str) -> Vec<Outgoing> {
    let mine = hooks
        .values()
        .filter(|hook| hook.owner == owner && hook.is_active);
    mine.map(|hook| Outgoing {
        url: hook.url.clone(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
        wants: Acknowledgment::Ok,
    })
    .collect()
}
