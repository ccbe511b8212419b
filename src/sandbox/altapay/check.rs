//! Reads the bodies that `AltaPay`'s pages describe, and nothing else: an unknown field, a float that
//! is none, lines that do not add up are errors that say what is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::money::{Amount, Currency};
use crate::proto::backend::altapay::ask::is_callable;

/// Digits after the point that an amount may have.
const PLACES: usize = 2;
/// The longest id of an order that a look-up takes, in characters.
const ORDER_ID_CHARS_MAX: usize = 100;

/// A session that may be made.
#[derive(Debug)]
pub(super) struct AskedSession<'a> {
    pub(super) order_id: String,
    pub(super) amount: Amount,
    pub(super) description: String,
    pub(super) notification: Option<String>,
    pub(super) captures: bool,
    /// As it came, to be repeated; so the next two.
    pub(super) order: &'a RawValue,
    pub(super) callbacks: Option<&'a RawValue>,
    pub(super) configuration: &'a RawValue,
}

/// A link that may be made: all that the document names.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AskedLink {
    url: Option<String>,
    /// In pixels.
    pub(super) size: Option<u32>,
    /// In minutes.
    pub(super) validity_time: Option<u32>,
    /// In minutes.
    pub(super) activation_time: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body<'a> {
    #[serde(borrow)]
    order: &'a RawValue,
    #[serde(borrow, default)]
    callbacks: Option<&'a RawValue>,
    #[serde(borrow)]
    configuration: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Order<'a> {
    #[serde(rename = "orderId")]
    id: String,
    #[serde(borrow)]
    amount: Sum<'a>,
    #[serde(rename = "orderLines", borrow)]
    lines: Vec<Line<'a>>,
    customer: Customer,
    #[serde(default)]
    transaction_info: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sum<'a> {
    #[serde(borrow)]
    value: &'a RawValue,
    currency: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line<'a> {
    item_id: String,
    description: String,
    quantity: u32,
    #[serde(borrow)]
    unit_price: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Customer {
    first_name: String,
    last_name: String,
    email: String,
    billing_address: Address,
    shipping_address: Option<Address>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Address {
    street: String,
    city: String,
    country: String,
    zip_code: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Callbacks {
    success: Option<Page>,
    failure: Option<Page>,
    redirect: Option<String>,
    notification: Option<String>,
    form_styling: Option<String>,
    body_format: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    r#type: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Configuration {
    payment_type: String,
    #[serde(default)]
    auto_capture: bool,
    country: Option<String>,
    language: Option<String>,
    payment_display_type: Option<String>,
}

/// A body that makes a session.
pub(super) fn new_session(body: &str) -> Result<AskedSession<'_>, String> {
    let body: Body<'_> = read(body, "the body")?;
    let order: Order<'_> = read(body.order.get(), "order")?;
    let callbacks = match body.callbacks {
        Some(callbacks) => read(callbacks.get(), "callbacks")?,
        None => Callbacks::default(),
    };
    let configuration: Configuration = read(body.configuration.get(), "configuration")?;
    let amount = order_amount(&order)?;
    check_customer(&order.customer)?;
    check_callbacks(&callbacks)?;
    check_configuration(&configuration)?;
    if order.transaction_info.keys().any(String::is_empty) {
        return Err("order.transactionInfo has a name that is empty".to_owned());
    }
    let lines = order.lines.into_iter();
    let descriptions: Vec<String> = lines.map(|line| line.description).collect();
    Ok(AskedSession {
        order_id: order.id,
        amount,
        description: descriptions.join(", "),
        notification: callbacks.notification,
        captures: configuration.auto_capture,
        order: body.order,
        callbacks: body.callbacks,
        configuration: body.configuration,
    })
}

/// A body that makes a link.
pub(super) fn new_link(body: &str) -> Result<AskedLink, String> {
    let asked: AskedLink = read(body, "the body")?;
    let numbers = [
        ("size", asked.size),
        ("validityTime", asked.validity_time),
        ("activationTime", asked.activation_time),
    ];
    for (name, number) in numbers {
        if number == Some(0) {
            return Err(format!("{name} must be at least 1"));
        }
    }
    if asked.url.as_deref().is_some_and(|url| !is_callable(url)) {
        return Err("url must be a URL".to_owned());
    }
    Ok(asked)
}

fn read<'a, T: Deserialize<'a>>(text: &'a str, place: &str) -> Result<T, String> {
    // A list would be read as the fields in their order.
    if !text.trim_start().starts_with('{') {
        return Err(format!("{place} must be an object"));
    }
    serde_json::from_str(text).map_err(|error| format!("{place}: {error}"))
}

fn order_amount(order: &Order<'_>) -> Result<Amount, String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let id = &order.id;
    if !(1..=ORDER_ID_CHARS_MAX).contains(&id.len()) || !id.bytes().all(allowed) {
        return Err("order.orderId must be 1 to 100 letters, digits and dashes".to_owned());
    }
    let code = &order.amount.currency;
    let currency = Currency::from_code(code)
        .filter(|_| code.len() == 3)
        .ok_or("order.amount.currency must be a currency of ISO 4217")?;
    let amount = decimal(order.amount.value, currency)
        .filter(|amount| amount.minor > 0)
        .ok_or("order.amount.value must be a number above 0 with at most 2 decimals")?;
    let mut sum = Amount::new(0, currency);
    for line in &order.lines {
        if line.item_id.is_empty() || line.description.is_empty() {
            return Err("order.orderLines need an itemId and a description".to_owned());
        }
        let price = decimal(line.unit_price, currency)
            .filter(|_| line.quantity > 0)
            .ok_or("order.orderLines need a quantity and a unitPrice with at most 2 decimals")?;
        sum = price
            .times(line.quantity)
            .and_then(|price| sum.plus(price))
            .map_err(|error| format!("order.orderLines: {error}"))?;
    }
    if sum == amount {
        Ok(amount)
    } else {
        Err("order.orderLines must add up to order.amount".to_owned())
    }
}

/// A JSON number, by its digits: no quotes, no sign, no exponent.
fn decimal(value: &RawValue, currency: Currency) -> Option<Amount> {
    let text = value.get();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > PLACES {
        return None;
    }
    Amount::parse_decimal(text, currency).ok()
}

fn check_customer(customer: &Customer) -> Result<(), String> {
    let filled = |text: &String| !text.trim().is_empty();
    let names = [&customer.first_name, &customer.last_name, &customer.email];
    if !names.into_iter().all(filled) || !customer.email.contains('@') {
        return Err("order.customer needs firstName, lastName and email".to_owned());
    }
    let addresses = [
        Some(&customer.billing_address),
        customer.shipping_address.as_ref(),
    ];
    for address in addresses.into_iter().flatten() {
        let parts = [&address.street, &address.city, &address.zip_code];
        if !parts.into_iter().all(filled) || !is_two_letters(&address.country) {
            return Err("an address needs street, city, country and zipCode".to_owned());
        }
    }
    Ok(())
}

fn check_callbacks(callbacks: &Callbacks) -> Result<(), String> {
    let pages = [&callbacks.success, &callbacks.failure];
    if pages.into_iter().flatten().any(|page| page.r#type != "URL") {
        return Err("callbacks: type must be URL".to_owned());
    }
    let pages = pages.into_iter().flatten().map(|page| &page.value);
    let urls = [
        &callbacks.redirect,
        &callbacks.notification,
        &callbacks.form_styling,
    ];
    let mut urls = pages.chain(urls.into_iter().flatten());
    if urls.any(|url| !is_callable(url)) {
        return Err("callbacks must be URLs at port 80 or 443".to_owned());
    }
    match callbacks.body_format.as_deref() {
        None | Some("XML" | "JSON") => Ok(()),
        Some(_) => Err("callbacks.bodyFormat must be XML or JSON".to_owned()),
    }
}

fn check_configuration(configuration: &Configuration) -> Result<(), String> {
    if configuration.payment_type != "PAYMENT" {
        return Err("configuration.paymentType must be PAYMENT".to_owned());
    }
    let display = configuration.payment_display_type.as_deref();
    if display.is_some_and(|display| display != "REDIRECT") {
        return Err("configuration.paymentDisplayType must be REDIRECT".to_owned());
    }
    let codes = [&configuration.country, &configuration.language];
    if codes.into_iter().flatten().all(|code| is_two_letters(code)) {
        Ok(())
    } else {
        Err("configuration: country and language have two letters".to_owned())
    }
}

fn is_two_letters(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
