//! What is sent to 4pay, field by field as its document names them.

use serde::Serialize;

use super::super::{Action, HeaderValue, Method, Refusal, Request, read};
use super::{decimals, refusal};
use crate::domain::link::Link;
use crate::domain::money::Amount;
use crate::domain::time::Timestamp;

const LINKS: &str = "/api/v1/links";
const PRODUCTS: &str = "/api/v1/products";

#[derive(Serialize)]
struct NewLink<'a> {
    link: LinkFields<'a>,
}

/// The fields that a link is made with; an update names only amount and description.
#[derive(Serialize)]
struct LinkFields<'a> {
    amount: Fixed,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a str>,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

#[derive(Serialize)]
struct Fixed {
    default: i64,
}

#[derive(Serialize)]
struct NewProduct<'a> {
    product: ProductFields<'a>,
}

#[derive(Serialize)]
struct ProductFields<'a> {
    name: &'a str,
    amount: i64,
    currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify_url: Option<&'a str>,
}

/// The first request of an action. Refused where 4pay could not do it anyway.
pub(super) fn request(action: &Action) -> Result<Request, Refusal> {
    match action {
        Action::Create { link, notify_url } => create(link, notify_url.as_deref()),
        Action::Fetch { remote_id } => fetch(remote_id),
        // Its document knows no pages.
        Action::List { .. } => Ok(plain(Method::Get, LINKS.to_owned())),
        Action::LookUp { .. } => Err(refusal(super::NO_LOOK_UP)),
        Action::Update { remote_id, link } => update(remote_id, link),
        Action::Withdraw { remote_id } => Ok(plain(Method::Delete, one(remote_id)?)),
        Action::CreateProduct { link, notify_url } => product(link, notify_url.as_deref()),
    }
}

/// Reads one link.
pub(super) fn fetch(remote_id: &str) -> Result<Request, Refusal> {
    Ok(plain(Method::Get, one(remote_id)?))
}

fn create(link: &Link, notify_url: Option<&str>) -> Result<Request, Refusal> {
    let body = NewLink {
        link: LinkFields {
            amount: fixed(link.amount)?,
            amount_type: Some("static"),
            notify_url,
            description: &link.description,
            // Always named: the account's default may be another one.
            currency: Some(link.amount.currency.code()),
            expires_at: link.expires_at.map(Timestamp::to_rfc3339),
        },
    };
    with_body(Method::Post, LINKS.to_owned(), &body)
}

fn update(remote_id: &str, link: &Link) -> Result<Request, Refusal> {
    let body = NewLink {
        link: LinkFields {
            amount: fixed(link.amount)?,
            amount_type: None,
            notify_url: None,
            description: &link.description,
            currency: None,
            expires_at: None,
        },
    };
    with_body(Method::Put, one(remote_id)?, &body)
}

fn product(link: &Link, notify_url: Option<&str>) -> Result<Request, Refusal> {
    let body = NewProduct {
        product: ProductFields {
            name: &link.description,
            amount: decimals::to_wire(link.amount)?,
            currency: link.amount.currency.code(),
            notify_url,
        },
    };
    with_body(Method::Post, PRODUCTS.to_owned(), &body)
}

fn fixed(amount: Amount) -> Result<Fixed, Refusal> {
    let default = decimals::to_wire(amount)?;
    Ok(Fixed { default })
}

fn one(remote_id: &str) -> Result<String, Refusal> {
    if read::is_id(remote_id) {
        Ok(format!("{LINKS}/{remote_id}"))
    } else {
        Err(refusal(
            "the link's id at 4pay is damaged: make a new link instead",
        ))
    }
}

fn plain(method: Method, path: String) -> Request {
    Request {
        method,
        path,
        headers: vec![
            ("accept", HeaderValue::Text("application/json".to_owned())),
            ("x-api-key", HeaderValue::Credential("api_key")),
            // Issued together with some keys; the document does not mention it.
            (
                "x-organization-id",
                HeaderValue::OptionalCredential("organization_id"),
            ),
        ],
        body: None,
    }
}

fn with_body(method: Method, path: String, body: &impl Serialize) -> Result<Request, Refusal> {
    let body = serde_json::to_string(body)
        .map_err(|error| refusal(format!("the request cannot be written: {error}")))?;
    let mut request = plain(method, path);
    request.headers.push((
        "content-type",
        HeaderValue::Text("application/json".to_owned()),
    ));
    request.body = Some(body);
    Ok(request)
}
