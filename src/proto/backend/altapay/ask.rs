//! What is sent to `AltaPay`. The link's fields are those of its document; the session's are those
//! of its pages on order details and of its own client libraries.

use serde::Serialize;
use serde_json::value::RawValue;

use super::super::url::host_of;
use super::super::write::JSON;
use super::super::{HeaderValue, LinkJob, Method, Refusal, Request, decimal, read};
use super::settings;
use crate::domain::link::Link;
use crate::domain::money::Amount;
use crate::domain::options::Options;

const AUTHENTICATE: &str = "/checkout/v1/api/authenticate";
const SESSION: &str = "/checkout/v1/api/session";
const PAYMENTS: &str = "/merchant/API/payments";

/// Digits after the point that an amount may have.
const PLACES: usize = 2;

#[derive(Serialize)]
struct NewSession<'a> {
    order: Order<'a>,
    #[serde(skip_serializing_if = "Callbacks::is_empty")]
    callbacks: Callbacks<'a>,
    configuration: Configuration<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order<'a> {
    #[serde(rename = "orderId")]
    id: String,
    amount: Sum<'a>,
    #[serde(rename = "orderLines")]
    lines: [Line<'a>; 1],
    customer: Customer<'a>,
    transaction_info: Info<'a>,
}

#[derive(Serialize)]
struct Sum<'a> {
    value: &'a RawValue,
    currency: &'static str,
}

/// The order is one line, so that the lines always add up to it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    item_id: String,
    description: String,
    quantity: u32,
    unit_price: &'a RawValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Customer<'a> {
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    billing_address: Address<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Address<'a> {
    street: &'a str,
    city: &'a str,
    country: &'a str,
    zip_code: &'a str,
}

/// Comes back with callbacks and stands in the provider's console.
#[derive(Serialize)]
struct Info<'a> {
    word: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
}

#[derive(Serialize)]
struct Callbacks<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    success: Option<Page<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Page<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<&'a str>,
}

impl Callbacks<'_> {
    const fn is_empty(&self) -> bool {
        self.success.is_none()
            && self.failure.is_none()
            && self.redirect.is_none()
            && self.notification.is_none()
    }
}

#[derive(Serialize)]
struct Page<'a> {
    r#type: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
    payment_type: &'static str,
    /// Without it the money would be reserved, and somebody would have to fetch it.
    auto_capture: bool,
    country: &'a str,
    language: &'a str,
    payment_display_type: &'static str,
}

/// All fields of the document; the provider has a default for each.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewLink<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validity_time: Option<i64>,
    activation_time: i64,
}

/// The order's id: the link's own, fresh for each link and within `[A-Za-z0-9-]{1,100}`, which is
/// all that a look-up takes.
pub(super) fn order_id(link: &Link) -> String {
    link.id.to_string()
}

/// Brings a token.
pub(super) fn sign_in() -> Request {
    let mut request = plain(Method::Post, AUTHENTICATE.to_owned(), BASIC, JSON);
    request.body = Some(String::new());
    request
}

/// The payments of an order, newest first.
pub(super) fn look_up(order_id: &str, limit: usize) -> Request {
    let path = format!("{PAYMENTS}?shop_orderid={order_id}&sort=desc&limit={limit}");
    plain(Method::Get, path, BASIC, "application/xml")
}

/// Makes the session of a link's order.
pub(super) fn session(
    job: &LinkJob<'_>,
    link: &Link,
    notify_url: Option<&str>,
) -> Result<Request, Refusal> {
    let options = settings::of(job, link)?;
    let value = value(link.amount)?;
    let country = settings::two_letters(&options, "country", "DK")?;
    let body = NewSession {
        order: Order {
            id: order_id(link),
            amount: Sum {
                value: &value,
                currency: link.amount.currency.code(),
            },
            lines: [line(link, &value)],
            customer: customer(&options, country)?,
            transaction_info: Info {
                word: &link.word,
                description: &link.description,
            },
        },
        callbacks: callbacks(&options, notify_url)?,
        configuration: Configuration {
            payment_type: "PAYMENT",
            auto_capture: true,
            country,
            language: settings::two_letters(&options, "language", "en")?,
            payment_display_type: "REDIRECT",
        },
    };
    with_body(SESSION.to_owned(), &body)
}

/// Makes a link of a session.
pub(super) fn link(job: &LinkJob<'_>, link: &Link, session_id: &str) -> Result<Request, Refusal> {
    let options = settings::of(job, link)?;
    let minutes = settings::minutes(job, link, &options)?;
    let body = NewLink {
        url: options.text("landing_url"),
        size: options.whole("size"),
        validity_time: minutes.validity,
        activation_time: minutes.activation,
    };
    with_body(format!("{SESSION}/{session_id}/link"), &body)
}

fn value(amount: Amount) -> Result<Box<RawValue>, Refusal> {
    if amount.minor < 1 {
        return Err(Refusal::of(
            "AltaPay takes no payment of nothing: the amount must be more than zero",
        ));
    }
    let code = amount.currency.code();
    if code.len() != 3 {
        return Err(Refusal::of(format!(
            "AltaPay takes currencies of countries only, not {code}: sell in another currency or \
             use another payment account"
        )));
    }
    decimal::to_wire(amount, PLACES)
}

fn line<'a>(link: &Link, value: &'a RawValue) -> Line<'a> {
    let product = link.product.map(|product| product.to_string());
    let what = if link.title.is_empty() {
        &link.description
    } else {
        &link.title
    };
    Line {
        item_id: product.unwrap_or_else(|| "sale".to_owned()),
        description: read::clip(what),
        quantity: 1,
        unit_price: value,
    }
}

fn customer<'a>(options: &'a Options, country: &'a str) -> Result<Customer<'a>, Refusal> {
    let text = |name: &str, usual: &'static str| options.text(name).unwrap_or(usual);
    Ok(Customer {
        first_name: text("customer_first_name", "Walk-in"),
        last_name: text("customer_last_name", "Customer"),
        // Reserved by RFC 2606: mail to it reaches nobody.
        email: text("customer_email", "walk-in@example.com"),
        billing_address: Address {
            street: text("customer_street", "Counter sale"),
            city: text("customer_city", "Counter sale"),
            country: settings::two_letters(options, "customer_country", country)?,
            zip_code: text("customer_zip_code", "0000"),
        },
    })
}

fn callbacks<'a>(
    options: &'a Options,
    notify_url: Option<&'a str>,
) -> Result<Callbacks<'a>, Refusal> {
    let set = |name: &str| {
        let url = options.text(name);
        url.map(|url| reachable(name, url)).transpose()
    };
    let page = |value| Page {
        r#type: "URL",
        value,
    };
    Ok(Callbacks {
        success: set("success_url")?.map(page),
        failure: set("failure_url")?.map(page),
        redirect: set("redirect_url")?,
        notification: notify_url
            .map(|url| reachable("the message server's address", url))
            .transpose()?,
    })
}

/// An address that callbacks can go to; `name` says where it was set.
fn reachable<'a>(name: &str, url: &'a str) -> Result<&'a str, Refusal> {
    if host_of(url).is_none() {
        return Err(Refusal::of(format!(
            "{name} is not an address of the web: correct it"
        )));
    }
    if is_callable(url) {
        Ok(url)
    } else {
        Err(Refusal::of(format!(
            "AltaPay calls ports 80 and 443 only, and {name} has another one: put it behind a \
             proxy at https:// without a port"
        )))
    }
}

/// Whether callbacks go there: ports 80 and 443 only. A simulator on this machine has any port.
pub(crate) fn is_callable(url: &str) -> bool {
    match host_of(url) {
        Some(host) if host == "127.0.0.1" && url.starts_with("http://") => true,
        Some(_) => matches!(port_of(url), None | Some("80" | "443")),
        None => false,
    }
}

/// The port that an address names; it was found to be one by [`host_of`].
fn port_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (_, port) = authority.rsplit_once(':')?;
    // The colons within [::1] part no port.
    port.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(port)
}

const BASIC: HeaderValue = HeaderValue::Basic {
    user: "username",
    password: "password",
};

fn plain(method: Method, path: String, access: HeaderValue, accept: &str) -> Request {
    Request {
        method,
        path,
        headers: vec![
            ("accept", HeaderValue::Text(accept.to_owned())),
            ("authorization", access),
        ],
        body: None,
    }
}

fn with_body(path: String, body: &impl Serialize) -> Result<Request, Refusal> {
    plain(Method::Post, path, HeaderValue::Bearer, JSON).with_json(body)
}
