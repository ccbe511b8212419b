//! What is sent to Devdraft, field by field as its OpenAPI names them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::super::{AccountView, HeaderValue, Method, Refusal, Request, read, write};
use super::{settings, text, units};
use crate::domain::link::{Asking, Link, Purpose};
use crate::domain::money::Amount;
use crate::domain::options::Options;
use crate::domain::time::Timestamp;

const LINKS: &str = "/api/v0/payment-links";
/// Links on one page of a list; more are not recommended.
pub(super) const PAGE: u64 = 100;

/// What the payer is asked for; an answer that says something else is not shown.
#[derive(Debug)]
pub(super) struct Terms {
    /// `PRODUCT`, `DONATION` or `SUBSCRIPTION`.
    pub(super) kind: &'static str,
    /// `usdc` or `eurc`.
    pub(super) currency: &'static str,
    /// None where the payer types it.
    pub(super) amount: Option<Amount>,
    /// Whether the payer may take several, which changes the total.
    pub(super) may_adjust: bool,
    /// After so many payments the link ends.
    pub(super) payments_max: Option<i64>,
}

/// The first eight are those that the OpenAPI requires.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the fields of the document, one by one"
)]
struct NewLink<'a> {
    title: String,
    url: &'a str,
    link_type: &'a str,
    allow_quantity_adjustment: bool,
    allow_mobile_payment: bool,
    currency: &'a str,
    collect_tax: bool,
    collect_address: bool,
    limit_payments: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_payments: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    payment_for_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_for_all_product: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_link_products: Option<Vec<Bundled<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_fields: Option<&'a BTreeMap<String, String>>,
    // The only name with an underscore.
    #[serde(rename = "expiration_date", skip_serializing_if = "Option::is_none")]
    expiration_date: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bundled<'a> {
    product_id: &'a str,
    quantity: u32,
}

/// An update names only what may have changed; the address stays.
#[derive(Serialize)]
struct Changed {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Box<RawValue>>,
}

/// What a link asks for. Refused where Devdraft could not ask for it.
pub(super) fn terms(link: &Link, account: AccountView<'_>) -> Result<Terms, Refusal> {
    let options = settings::checked(&link.options, account.options)?;
    let currency = units::token(link.amount.currency)?;
    let asks = match (link.asking, options.text("link_type")) {
        (Asking::Fixed, None | Some("PRODUCT")) => "PRODUCT",
        (Asking::Fixed | Asking::Open, Some("DONATION")) | (Asking::Open, None) => "DONATION",
        (Asking::Fixed, Some(_)) => {
            // The published OpenAPI knows no such link, so it is on the owner to have tried it.
            if account.options.switch("allow_subscriptions") != Some(true) {
                return Err(Refusal::of(
                    "Devdraft's own documents disagree on whether there are subscriptions: set \
                     allow_subscriptions = true for the account once one was tried",
                ));
            }
            "SUBSCRIPTION"
        }
        (Asking::Open, Some(other)) => {
            return Err(Refusal::of(format!(
                "at Devdraft the payer types the amount of a DONATION only, not of a {other}: take \
                 the option link_type away, or name the amount"
            )));
        }
    };
    let amount = match link.asking {
        Asking::Open if link.amount.minor == 0 => None,
        Asking::Fixed | Asking::Open => {
            units::to_wire(link.amount)?;
            Some(link.amount)
        }
    };
    let payments_max = match link.purpose {
        Purpose::Single => Some(1),
        Purpose::Permanent => options.whole("max_payments"),
    };
    Ok(Terms {
        kind: asks,
        currency,
        amount,
        may_adjust: options.switch("allow_quantity_adjustment") == Some(true),
        payments_max,
    })
}

/// Makes a link at `slug`. `key` is the same for every send of the same intent.
pub(super) fn create(
    link: &Link,
    account: AccountView<'_>,
    slug: &str,
    key: &uuid::Uuid,
    now: Timestamp,
) -> Result<Request, Refusal> {
    let terms = terms(link, account)?;
    let options = settings::checked(&link.options, account.options)?;
    if link.expires_at.is_some_and(|end| end <= now) {
        return Err(Refusal::of(
            "the end of this link is past already: make a new one",
        ));
    }
    let on = |name| options.switch(name) == Some(true);
    let body = NewLink {
        title: text::title(link, account.shop)?,
        url: slug,
        link_type: terms.kind,
        allow_quantity_adjustment: terms.may_adjust,
        allow_mobile_payment: on("allow_mobile_payment"),
        currency: terms.currency,
        collect_tax: on("collect_tax"),
        collect_address: on("collect_address"),
        limit_payments: terms.payments_max.is_some(),
        max_payments: terms.payments_max,
        amount: terms.amount.map(units::to_wire).transpose()?,
        description: text::description(&link.description),
        payment_for_id: link.id.to_string(),
        customer_id: options.text("customer_id"),
        cover_image: options.text("cover_image"),
        is_for_all_product: options.switch("is_for_all_product"),
        payment_link_products: bundled(&options)?,
        tax_id: options.text("tax_id"),
        custom_fields: options.table("custom_fields"),
        expiration_date: link.expires_at.map(Timestamp::to_rfc3339),
    };
    let mut request = plain(Method::Post, LINKS.to_owned()).with_json(&body)?;
    request
        .headers
        .push(("idempotency-key", HeaderValue::Text(key.to_string())));
    Ok(request)
}

/// The products of a bundle, each with how many of it.
fn bundled(options: &Options) -> Result<Option<Vec<Bundled<'_>>>, Refusal> {
    let Some(products) = options.table("products") else {
        return Ok(None);
    };
    let bundle = products.iter().map(|(product, quantity)| {
        if uuid::Uuid::try_parse(product).is_err() {
            return Err(Refusal::of(format!(
                "the option products names {}, which is no id of a product at Devdraft: write its \
                 UUID",
                read::clip(product)
            )));
        }
        let counted = quantity.parse::<u32>().ok().filter(|count| *count >= 1);
        let Some(quantity) = counted else {
            return Err(Refusal::of(format!(
                "the option products wants a whole number from 1 for {}, not {}",
                read::clip(product),
                read::clip(quantity)
            )));
        };
        Ok(Bundled {
            product_id: product,
            quantity,
        })
    });
    bundle.collect::<Result<Vec<_>, _>>().map(Some)
}

/// Changes title, description and amount.
pub(super) fn update(
    remote_id: &str,
    link: &Link,
    account: AccountView<'_>,
) -> Result<Request, Refusal> {
    let terms = terms(link, account)?;
    let body = Changed {
        title: text::title(link, account.shop)?,
        description: text::description(&link.description),
        amount: terms.amount.map(units::to_wire).transpose()?,
    };
    plain(Method::Put, one(remote_id)?).with_json(&body)
}

/// Reads one link.
pub(super) fn fetch(remote_id: &str) -> Result<Request, Refusal> {
    Ok(plain(Method::Get, one(remote_id)?))
}

/// Reads a page of the account's links.
pub(super) fn list(from: u64) -> Request {
    plain(Method::Get, format!("{LINKS}?skip={from}&take={PAGE}"))
}

fn one(remote_id: &str) -> Result<String, Refusal> {
    write::one("Devdraft", LINKS, remote_id)
}

fn plain(method: Method, path: String) -> Request {
    Request {
        method,
        path,
        headers: vec![
            write::accept(),
            ("x-client-key", HeaderValue::Credential("client_key")),
            ("x-client-secret", HeaderValue::Credential("client_secret")),
        ],
        body: None,
    }
}
