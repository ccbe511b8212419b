//! The simulated API of payment links: create, list, get and change.

use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::book::{Held, KeyUse, State};
use super::check::{self, Bundled, decimal};
use super::{invalid, problem, url, window};
use crate::domain::id::hex;
use crate::domain::time::Timestamp;
use crate::proto::backend::Response;
use crate::sandbox::{Request, World, json_response};

pub(super) fn create(
    state: &mut State,
    request: &Request,
    owner: &str,
    world: &mut World<'_>,
) -> Response {
    let key = request.header("idempotency-key");
    if let Some(key) = key
        && !is_key(key)
    {
        return invalid(&["idempotency-key must be a UUID".to_owned()]);
    }
    let hash = hex(&Sha256::digest(request.body.as_bytes()));
    if let Some(key) = key {
        match state.key_use(owner, key, &hash, world.now) {
            KeyUse::Fresh => {}
            KeyUse::Again(body) => return answer(201, body),
            KeyUse::Otherwise => {
                return problem(409, "The idempotency key was used with another request");
            }
        }
    }
    let fields = match check::new_link(request, world.now) {
        Ok(fields) => fields,
        Err(messages) => return invalid(&messages),
    };
    if state.is_taken(&fields.url, owner) {
        return problem(409, "A payment link with this url already exists");
    }
    if !state.has_room(world.now) {
        return problem(413, "the sandbox is full");
    }
    let held = Held {
        owner: owner.to_owned(),
        fields,
        created_at: world.now,
        updated_at: world.now,
        payments: Vec::new(),
    };
    let id = world.entropy.uuid(world.now).to_string();
    let response = json_response(201, &Described::of(&id, &held, world));
    if let Some(key) = key {
        state.remember(owner, key, hash, response.body.clone(), world.now);
    }
    state.links.insert(id, held);
    response
}

/// The oldest first; without a total.
pub(super) fn list(state: &State, request: &Request, owner: &str, world: &World<'_>) -> Response {
    let (skip, take) = match window(&request.query) {
        Ok(window) => window,
        Err(response) => return response,
    };
    let mine = state.links.iter().filter(|(_, held)| held.owner == owner);
    let page: Vec<Described<'_>> = mine
        .skip(skip)
        .take(take)
        .map(|(id, held)| Described::of(id, held, world))
        .collect();
    json_response(200, &page)
}

pub(super) fn one(state: &mut State, id: &str, owner: &str, world: &World<'_>) -> Response {
    match state.owned(id, owner) {
        Some(held) => json_response(200, &Described::of(id, held, world)),
        None => problem(404, "Payment link not found"),
    }
}

/// Changes the fields that are there; the address stays.
pub(super) fn change(
    state: &mut State,
    request: &Request,
    id: &str,
    owner: &str,
    world: &World<'_>,
) -> Response {
    let Some(held) = state.owned(id, owner) else {
        return problem(404, "Payment link not found");
    };
    if let Err(messages) = check::changed_link(request, &mut held.fields) {
        return invalid(&messages);
    }
    held.updated_at = world.now;
    json_response(200, &Described::of(id, held, world))
}

fn answer(status: u16, body: String) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body,
    }
}

fn is_key(text: &str) -> bool {
    uuid::Uuid::try_parse(text)
        .is_ok_and(|key| key.get_version_num() == 4 && key.get_variant() == uuid::Variant::RFC4122)
}

/// The document's answer, field by field.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the fields of the document, one by one"
)]
struct Described<'a> {
    id: &'a str,
    title: &'a str,
    url: String,
    description: Option<&'a str>,
    cover_image: Option<&'a str>,
    link_type: &'a str,
    status: &'static str,
    amount: Option<Box<RawValue>>,
    payment_for_id: Option<&'a str>,
    currency: &'a str,
    allow_quantity_adjustment: bool,
    allow_mobile_payment: bool,
    collect_tax: bool,
    collect_address: bool,
    limit_payments: bool,
    max_payments: Option<u64>,
    custom_fields: Option<&'a RawValue>,
    payment_link_products: &'a [Bundled],
    is_for_all_product: bool,
    app_id: &'a str,
    customer_id: Option<&'a str>,
    tax_id: Option<&'a str>,
    #[serde(rename = "expiration_date")]
    expiration_date: Option<String>,
    created_at: String,
    updated_at: String,
}

impl<'a> Described<'a> {
    fn of(id: &'a str, held: &'a Held, world: &World<'_>) -> Self {
        let fields = &held.fields;
        Self {
            id,
            title: &fields.title,
            url: url(world.public_url, &fields.url),
            description: fields.description.as_deref(),
            cover_image: fields.cover_image.as_deref(),
            link_type: &fields.link_type,
            status: held.status(world.now),
            amount: fields.amount.and_then(decimal),
            payment_for_id: fields.payment_for_id.as_deref(),
            currency: &fields.currency,
            allow_quantity_adjustment: fields.allow_quantity_adjustment,
            allow_mobile_payment: fields.allow_mobile_payment,
            collect_tax: fields.collect_tax,
            collect_address: fields.collect_address,
            limit_payments: fields.limit_payments,
            max_payments: fields.max_payments,
            custom_fields: fields.custom.as_deref(),
            payment_link_products: &fields.payment_link_products,
            is_for_all_product: fields.is_for_all_product,
            app_id: &held.owner,
            customer_id: fields.customer_id.as_deref(),
            tax_id: fields.tax_id.as_deref(),
            expiration_date: fields.expires_at.map(Timestamp::to_rfc3339),
            created_at: held.created_at.to_rfc3339(),
            updated_at: held.updated_at.to_rfc3339(),
        }
    }
}
