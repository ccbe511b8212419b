//! What is sent to 4pay, field by field as its document names them.

use serde::Serialize;

use super::super::url::host_of;
use super::super::{Action, HeaderValue, LinkJob, Method, Refusal, Request, write};
use super::decimals;
use super::settings::{Flavor, Settings};
use crate::domain::link::{Asking, Link};
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
    /// Left out where the payer types it and nothing is suggested.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<DefaultAmount>,
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
struct DefaultAmount {
    default: i64,
}

/// A link of flavor L2. Its page knows no description, end or notification address.
#[derive(Serialize)]
struct SecondLink<'a> {
    amount: SecondAmount,
    amount_type: &'static str,
    pay_config: PayConfig<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
}

#[derive(Serialize)]
struct SecondAmount {
    default: i64,
    currency: &'static str,
}

#[derive(Serialize)]
struct PayConfig<'a> {
    methods: Vec<&'a str>,
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

/// The first request of a job. Refused where 4pay could not do it anyway.
pub(super) fn request(job: &LinkJob<'_>) -> Result<Request, Refusal> {
    let settings = Settings::of(job.account.options);
    match job.action {
        Action::Create { link, notify_url } => {
            check(link, notify_url.as_deref(), job.now)?;
            if settings.is_product(link) {
                product(link, notify_url.as_deref())
            } else {
                create(link, notify_url.as_deref(), settings)
            }
        }
        Action::Fetch { remote_id } => fetch(remote_id),
        // Its document knows no pages.
        Action::List { .. } => Ok(plain(Method::Get, LINKS.to_owned())),
        Action::LookUp { .. } => Err(Refusal::of(super::NO_LOOK_UP)),
        Action::Update { remote_id, link } => update(remote_id, link, None, settings),
        Action::Subscribe {
            remote_id,
            link,
            notify_url,
        } => subscribe(remote_id, link, notify_url, settings, job.now),
        Action::Withdraw { remote_id } => Ok(plain(Method::Delete, one(remote_id)?)),
        Action::CreateProduct { link, notify_url } => {
            check(link, notify_url.as_deref(), job.now)?;
            product(link, notify_url.as_deref())
        }
    }
}

/// Reads one link.
pub(super) fn fetch(remote_id: &str) -> Result<Request, Refusal> {
    Ok(plain(Method::Get, one(remote_id)?))
}

/// What would be refused there, or worse: heard by strangers.
fn check(link: &Link, notify_url: Option<&str>, now: Timestamp) -> Result<(), Refusal> {
    if let Some(end) = link.expires_at.filter(|end| *end <= now) {
        return Err(Refusal::of(format!(
            "the link was to end at {}, which has passed: ask for a new one",
            end.to_rfc3339()
        )));
    }
    let Some(address) = notify_url else {
        return Ok(());
    };
    // Within one machine nobody listens in: tests and simulations.
    let is_here = || matches!(host_of(address).as_deref(), Some("127.0.0.1" | "localhost"));
    let is_encrypted = address.starts_with("https://") && host_of(address).is_some();
    if is_encrypted || is_here() {
        Ok(())
    } else {
        Err(Refusal::of(
            "4pay would report payments to an address that is not https: change the message \
             server's public address",
        ))
    }
}

fn create(
    link: &Link,
    notify_url: Option<&str>,
    settings: Settings<'_>,
) -> Result<Request, Refusal> {
    if settings.flavor() == Flavor::L2 {
        return plain(Method::Post, LINKS.to_owned()).with_json(&second(link, settings)?);
    }
    let body = NewLink {
        link: LinkFields {
            amount: default_amount(link)?,
            amount_type: Some(match link.asking {
                Asking::Fixed => "static",
                Asking::Open => "dynamic",
            }),
            notify_url,
            description: &link.description,
            // Always named: the account's default may be another one.
            currency: Some(link.amount.currency.code()),
            expires_at: link.expires_at.map(Timestamp::to_rfc3339),
        },
    };
    plain(Method::Post, LINKS.to_owned()).with_json(&body)
}

/// The document shows no change of the address, but no other way either; what is refused stays as it
/// was.
fn subscribe(
    remote_id: &str,
    link: &Link,
    notify_url: &str,
    settings: Settings<'_>,
    now: Timestamp,
) -> Result<Request, Refusal> {
    if settings.flavor() == Flavor::L2 {
        return Err(Refusal::of(
            "4pay's l2 links have no address of their own: have 4pay's operator report to the message \
             server's",
        ));
    }
    check(link, Some(notify_url), now)?;
    update(remote_id, link, Some(notify_url), settings)
}

fn update(
    remote_id: &str,
    link: &Link,
    notify_url: Option<&str>,
    settings: Settings<'_>,
) -> Result<Request, Refusal> {
    if settings.is_product(link) {
        return Err(Refusal::of(
            "4pay's document does not say how a product is changed: make a new code and replace the \
             sticker, or set use_products = false for codes that keep up with the price",
        ));
    }
    let path = one(remote_id)?;
    if settings.flavor() == Flavor::L2 {
        return plain(Method::Put, path).with_json(&second(link, settings)?);
    }
    let body = NewLink {
        link: LinkFields {
            amount: default_amount(link)?,
            amount_type: None,
            notify_url,
            description: &link.description,
            currency: None,
            expires_at: None,
        },
    };
    plain(Method::Put, path).with_json(&body)
}

/// Of flavor L2, for making and for changing: it wants each of its fields.
fn second<'a>(link: &'a Link, settings: Settings<'a>) -> Result<SecondLink<'a>, Refusal> {
    // A template that makes no address is found before there is a link without one.
    drop(settings.address("id")?);
    let default = default_amount(link)?.ok_or_else(|| {
        Refusal::of(
            "4pay's l2 links want an amount to suggest, also where the payer types it: suggest one, \
             or set link_flavor = \"l1\"",
        )
    })?;
    Ok(SecondLink {
        amount: SecondAmount {
            default: default.default,
            currency: link.amount.currency.code(),
        },
        amount_type: match link.asking {
            Asking::Fixed => "fixed",
            Asking::Open => "dynamic",
        },
        pay_config: PayConfig {
            methods: settings.methods()?,
        },
        image: settings.image(link),
    })
}

fn product(link: &Link, notify_url: Option<&str>) -> Result<Request, Refusal> {
    if link.asking == Asking::Open {
        return Err(Refusal::of(
            "a 4pay product has a price: make a link where the payer is to type the amount",
        ));
    }
    let body = NewProduct {
        product: ProductFields {
            name: &link.description,
            amount: decimals::to_wire(link.amount)?,
            currency: link.amount.currency.code(),
            notify_url,
        },
    };
    plain(Method::Post, PRODUCTS.to_owned()).with_json(&body)
}

/// The amount, or the suggestion where the payer types it; none where nothing is suggested.
fn default_amount(link: &Link) -> Result<Option<DefaultAmount>, Refusal> {
    if link.asking == Asking::Open && link.amount.minor == 0 {
        decimals::check(link.amount.currency)?;
        return Ok(None);
    }
    let default = decimals::to_wire(link.amount)?;
    Ok(Some(DefaultAmount { default }))
}

fn one(remote_id: &str) -> Result<String, Refusal> {
    write::one("4pay", LINKS, remote_id)
}

fn plain(method: Method, path: String) -> Request {
    Request {
        method,
        path,
        headers: vec![
            write::accept(),
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
