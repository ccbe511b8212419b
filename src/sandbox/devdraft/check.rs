//! Reads the bodies that Devdraft's document describes, and nothing else: an unknown field, a wrong
//! type or a value out of bounds is an error that names the field. Amounts are read by their digits.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::hooks::Hook;
use crate::domain::money::{Amount, Currency};
use crate::domain::time::Timestamp;
use crate::proto::backend::devdraft::{slug, units};
use crate::proto::backend::url::host_of;
use crate::sandbox::Request;

/// The least that a link may ask for: 0.01, in millionths.
pub(super) const LEAST: i64 = 10_000;

/// A hundredth of a token, in millionths.
const CENT: i64 = 10_000;

/// A link's fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the fields of the document, one by one"
)]
pub(super) struct Fields {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) link_type: String,
    pub(super) allow_quantity_adjustment: bool,
    pub(super) allow_mobile_payment: bool,
    pub(super) currency: String,
    pub(super) collect_tax: bool,
    pub(super) collect_address: bool,
    pub(super) description: Option<String>,
    pub(super) cover_image: Option<String>,
    /// In millionths of the token.
    pub(super) amount: Option<i64>,
    pub(super) payment_for_id: Option<String>,
    pub(super) customer_id: Option<String>,
    pub(super) payment_link_products: Vec<Bundled>,
    pub(super) is_for_all_product: bool,
    pub(super) tax_id: Option<String>,
    pub(super) limit_payments: bool,
    pub(super) max_payments: Option<u64>,
    pub(super) custom: Option<Box<RawValue>>,
    pub(super) expires_at: Option<Timestamp>,
}

impl Fields {
    /// Whether the payer types the amount.
    pub(super) fn is_open(&self) -> bool {
        self.link_type == "DONATION"
    }
}

/// A product of a bundle.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Bundled {
    product_id: uuid::Uuid,
    #[serde(default = "one")]
    quantity: u64,
}

const fn one() -> u64 {
    1
}

/// An amount of a link as a JSON decimal.
pub(super) fn decimal(millionths: i64) -> Option<Box<RawValue>> {
    let token = Currency::from_code("USDC")?;
    units::to_wire(Amount::new(millionths, token)).ok()
}

/// A body that makes a link.
pub(super) fn new_link(request: &Request, now: Timestamp) -> Result<Fields, Vec<String>> {
    let mut form = Form::open(request)?;
    let mut fields = Fields::default();
    form.shared(&mut fields);
    form.text("url", &mut fields.url, |text| {
        slug::is_slug(text)
            .then_some(())
            .ok_or("must be a slug of letters, digits, - _ / and .")
    });
    form.text("linkType", &mut fields.link_type, |text| {
        one_of(text, &["PRODUCT", "DONATION", "SUBSCRIPTION"])
            .ok_or("must be one of PRODUCT, DONATION, SUBSCRIPTION")
    });
    form.text_or_none("paymentForId", &mut fields.payment_for_id, |_| Ok(()));
    form.text_or_none("customerId", &mut fields.customer_id, is_uuid);
    if let Some(bundle) = form.read("paymentLinkProducts", "must be a list of products") {
        fields.payment_link_products = bundle;
    }
    let mut counts = fields.payment_link_products.iter();
    if counts.any(|product| product.quantity < 1) {
        form.error("paymentLinkProducts", "quantity must not be less than 1");
    }
    form.switch("isForAllProduct", &mut fields.is_for_all_product);
    form.text_or_none("taxId", &mut fields.tax_id, is_uuid);
    form.switch("limitPayments", &mut fields.limit_payments);
    fields.max_payments = form.read("maxPayments", "must be a number");
    if fields.max_payments == Some(0) {
        form.error("maxPayments", "must not be less than 1");
    }
    if let Some(raw) = form.take("customFields") {
        if raw.get().starts_with('{') {
            fields.custom = Some(raw);
        } else {
            form.error("customFields", "must be an object");
        }
    }
    fields.expires_at = form.end(now);
    for name in [
        "title",
        "url",
        "linkType",
        "allowQuantityAdjustment",
        "allowMobilePayment",
        "currency",
        "collectTax",
        "collectAddress",
    ] {
        if !form.seen.contains(&name) {
            form.error(name, "should not be empty");
        }
    }
    form.close().map(|()| fields)
}

/// A body that changes some fields of a link.
pub(super) fn changed_link(request: &Request, fields: &mut Fields) -> Result<(), Vec<String>> {
    let mut form = Form::open(request)?;
    let mut changed = fields.clone();
    form.shared(&mut changed);
    form.close()?;
    *fields = changed;
    Ok(())
}

/// A body that makes a webhook.
pub(super) fn new_hook(
    request: &Request,
    owner: &str,
    now: Timestamp,
) -> Result<Hook, Vec<String>> {
    let mut form = Form::open(request)?;
    let mut hook = Hook {
        owner: owner.to_owned(),
        name: String::new(),
        url: String::new(),
        is_active: true,
        encrypted: false,
        created_at: now,
    };
    form.text("name", &mut hook.name, |text| length(text, 3, 100));
    form.text("url", &mut hook.url, |text| {
        is_reachable(text)
            .then_some(())
            .ok_or("must be an https address")
    });
    form.switch("isActive", &mut hook.is_active);
    form.switch("encrypted", &mut hook.encrypted);
    let mut secret = None;
    form.text_or_none("signing_secret", &mut secret, |text| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        (text.len() >= 32 && text.bytes().all(plain))
            .then_some(())
            .ok_or("must be 32 or more letters, digits, - and _")
    });
    for name in ["name", "url", "isActive", "encrypted"] {
        if !form.seen.contains(&name) {
            form.error(name, "should not be empty");
        }
    }
    form.close().map(|()| hook)
}

/// A merchant on this machine needs no encryption.
fn is_reachable(url: &str) -> bool {
    host_of(url).is_some_and(|host| {
        let address = host.parse::<std::net::IpAddr>();
        url.starts_with("https://")
            || host == "localhost"
            || address.is_ok_and(|address| address.is_loopback())
    })
}

fn one_of(text: &str, words: &[&str]) -> Option<()> {
    words.contains(&text).then_some(())
}

fn length(text: &str, from: usize, to: usize) -> Result<(), &'static str> {
    let length = text.chars().count();
    if length < from {
        Err("is too short")
    } else if length > to {
        Err("is too long")
    } else {
        Ok(())
    }
}

fn is_uuid(text: &str) -> Result<(), &'static str> {
    uuid::Uuid::try_parse(text)
        .map(|_id| ())
        .map_err(|_error| "must be a UUID")
}

/// One object and what was found wrong in it so far.
struct Form {
    body: BTreeMap<String, Box<RawValue>>,
    seen: Vec<&'static str>,
    errors: Vec<String>,
}

impl Form {
    fn open(request: &Request) -> Result<Self, Vec<String>> {
        if !request.is_json() {
            return Err(vec!["content-type must be application/json".to_owned()]);
        }
        let body = serde_json::from_str(&request.body)
            .map_err(|error| vec![format!("the body is no JSON object: {error}")])?;
        Ok(Self {
            body,
            seen: Vec::new(),
            errors: Vec::new(),
        })
    }

    /// Whatever was not taken is unknown.
    fn close(mut self) -> Result<(), Vec<String>> {
        for name in std::mem::take(&mut self.body).into_keys() {
            self.errors
                .push(format!("property {name} should not exist"));
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }

    /// The fields that a link is made with and that may be changed later.
    fn shared(&mut self, fields: &mut Fields) {
        self.text("title", &mut fields.title, |text| length(text, 3, 100));
        self.text_or_none("description", &mut fields.description, |text| {
            length(text, 0, 500)
        });
        self.text_or_none("coverImage", &mut fields.cover_image, |text| {
            host_of(text).map(|_host| ()).ok_or("must be a URL address")
        });
        self.text("currency", &mut fields.currency, |text| {
            one_of(text, &["usdc", "eurc"]).ok_or("must be one of usdc, eurc")
        });
        let adjustment = &mut fields.allow_quantity_adjustment;
        self.switch("allowQuantityAdjustment", adjustment);
        self.switch("allowMobilePayment", &mut fields.allow_mobile_payment);
        self.switch("collectTax", &mut fields.collect_tax);
        self.switch("collectAddress", &mut fields.collect_address);
        if let Some(raw) = self.take("amount") {
            match units::from_wire(&raw).filter(|_| !raw.get().starts_with('"')) {
                None => self.error("amount", "must be a number of at most two decimal places"),
                Some(amount) if amount.checked_rem(CENT) != Some(0) => {
                    self.error("amount", "must be a number of at most two decimal places");
                }
                Some(amount) if amount < LEAST => {
                    self.error("amount", "must not be less than 0.01");
                }
                Some(amount) => fields.amount = Some(amount),
            }
        }
    }

    fn error(&mut self, field: &str, said: &str) {
        self.errors.push(format!("{field} {said}"));
    }

    /// A field's value; none where it is missing or null.
    fn take(&mut self, field: &'static str) -> Option<Box<RawValue>> {
        let raw = self.body.remove(field)?;
        if raw.get() == "null" {
            return None;
        }
        self.seen.push(field);
        Some(raw)
    }

    fn read<T: DeserializeOwned>(&mut self, field: &'static str, said: &str) -> Option<T> {
        let raw = self.take(field)?;
        let value = serde_json::from_str(raw.get());
        if value.is_err() {
            self.error(field, said);
        }
        value.ok()
    }

    fn switch(&mut self, field: &'static str, into: &mut bool) {
        if let Some(value) = self.read(field, "must be a boolean value") {
            *into = value;
        }
    }

    fn text(
        &mut self,
        field: &'static str,
        into: &mut String,
        check: impl FnOnce(&str) -> Result<(), &'static str>,
    ) {
        let mut found = None;
        self.text_or_none(field, &mut found, check);
        if let Some(text) = found {
            *into = text;
        }
    }

    fn text_or_none(
        &mut self,
        field: &'static str,
        into: &mut Option<String>,
        check: impl FnOnce(&str) -> Result<(), &'static str>,
    ) {
        let Some(text) = self.read::<String>(field, "must be a string") else {
            return;
        };
        match check(&text) {
            Ok(()) => *into = Some(text),
            Err(said) => self.error(field, said),
        }
    }

    fn end(&mut self, now: Timestamp) -> Option<Timestamp> {
        let field = "expiration_date";
        let text: String = self.read(field, "must be a string")?;
        match Timestamp::parse_rfc3339(&text) {
            None => self.error(field, "must be a valid ISO 8601 date string"),
            Some(end) if end <= now => self.error(field, "must be in the future"),
            Some(end) => return Some(end),
        }
        None
    }
}
