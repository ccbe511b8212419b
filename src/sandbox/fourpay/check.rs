//! Reads the bodies that 4pay's document describes, and nothing else: an unknown field, a float or
//! a wrong wrapper is an error that names its place.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::money::Currency;
use crate::domain::time::Timestamp;
use crate::proto::backend::url::host_of;

/// Fields and what is wrong with each.
pub(super) type Errors = BTreeMap<String, Vec<String>>;

/// Who names the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AmountType {
    /// The merchant.
    Static,
    /// The payer; the default is a suggestion.
    Dynamic,
}

impl AmountType {
    /// The word on the wire.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Dynamic => "dynamic",
        }
    }
}

/// The fields that were there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) amount: Option<i64>,
    pub(super) amount_type: Option<AmountType>,
    pub(super) notify_url: Option<String>,
    pub(super) description: Option<String>,
    pub(super) currency: Option<Currency>,
    pub(super) expires_at: Option<Timestamp>,
}

/// A body that makes a link.
pub(super) fn new_link(body: &Value, now: Timestamp) -> Result<Fields, Errors> {
    let mut form = Form::open(body, "link")?;
    let fields = form.link(now);
    if fields.amount_type.is_none() {
        form.missing("amount_type");
    }
    if fields.amount.is_none() && fields.amount_type != Some(AmountType::Dynamic) {
        form.missing("amount.default");
    }
    form.close(fields)
}

/// A body that changes a link.
pub(super) fn changed_link(body: &Value, now: Timestamp) -> Result<Fields, Errors> {
    let mut form = Form::open(body, "link")?;
    let fields = form.link(now);
    form.close(fields)
}

/// A body that makes a product.
pub(super) fn new_product(body: &Value) -> Result<Fields, Errors> {
    let mut form = Form::open(body, "product")?;
    form.only(&["name", "amount", "currency", "notify_url"]);
    let fields = Fields {
        amount: form
            .root
            .get("amount")
            .and_then(|value| form.units("amount", value)),
        amount_type: Some(AmountType::Static),
        notify_url: form.address("notify_url"),
        description: form.text("name"),
        currency: form.currency("currency"),
        expires_at: None,
    };
    if fields.amount.is_none() {
        form.missing("amount");
    }
    if fields
        .description
        .as_deref()
        .unwrap_or("")
        .trim()
        .is_empty()
    {
        form.missing("name");
    }
    form.close(fields)
}

/// One object and what was found wrong in it so far.
struct Form<'a> {
    wrapper: &'static str,
    root: &'a Map<String, Value>,
    errors: Errors,
}

impl<'a> Form<'a> {
    fn open(body: &'a Value, wrapper: &'static str) -> Result<Self, Errors> {
        let only = body.as_object().filter(|body| body.len() == 1);
        let root = only.and_then(|body| body.get(wrapper)?.as_object());
        let Some(root) = root else {
            let said = format!("the body must be one object in {wrapper:?}");
            return Err(Errors::from([(wrapper.to_owned(), vec![said])]));
        };
        Ok(Self {
            wrapper,
            root,
            errors: Errors::new(),
        })
    }

    fn close(self, fields: Fields) -> Result<Fields, Errors> {
        if self.errors.is_empty() {
            Ok(fields)
        } else {
            Err(self.errors)
        }
    }

    fn link(&mut self, now: Timestamp) -> Fields {
        self.only(&[
            "amount",
            "amount_type",
            "notify_url",
            "description",
            "currency",
            "expires_at",
        ]);
        Fields {
            amount: self.default_amount(),
            amount_type: self.amount_type(),
            notify_url: self.address("notify_url"),
            description: self.text("description"),
            currency: self.currency("currency"),
            expires_at: self.end(now),
        }
    }

    fn error(&mut self, field: &str, said: &str) {
        let place = format!("{}.{field}", self.wrapper);
        self.errors.entry(place).or_default().push(said.to_owned());
    }

    fn missing(&mut self, field: &str) {
        let place = format!("{}.{field}", self.wrapper);
        // What is there and wrong is not missing too.
        if !self.errors.contains_key(&place) {
            self.error(field, "can't be blank");
        }
    }

    fn only(&mut self, names: &[&str]) {
        let unknown: Vec<&String> = self
            .root
            .keys()
            .filter(|name| !names.contains(&name.as_str()))
            .collect();
        for name in unknown {
            self.error(name, "is not a known field");
        }
    }

    fn default_amount(&mut self) -> Option<i64> {
        let amount = self.root.get("amount")?;
        let Some(parts) = amount.as_object() else {
            self.error("amount", "must be an object with \"default\"");
            return None;
        };
        for name in parts.keys().filter(|name| *name != "default") {
            self.error(&format!("amount.{name}"), "is not a known field");
        }
        // Who has nothing to suggest leaves the whole field out.
        let Some(default) = parts.get("default") else {
            self.missing("amount.default");
            return None;
        };
        self.units("amount.default", default)
    }

    fn units(&mut self, field: &str, value: &Value) -> Option<i64> {
        match value.as_i64() {
            None => self.error(field, "must be an integer"),
            Some(..=0) => self.error(field, "must be greater than 0"),
            Some(units) => return Some(units),
        }
        None
    }

    fn amount_type(&mut self) -> Option<AmountType> {
        match self.text("amount_type")?.as_str() {
            "static" => Some(AmountType::Static),
            "dynamic" => Some(AmountType::Dynamic),
            _ => {
                self.error("amount_type", "must be static or dynamic");
                None
            }
        }
    }

    fn text(&mut self, field: &str) -> Option<String> {
        let value = self.root.get(field)?;
        if value.as_str().is_none() {
            self.error(field, "must be a string");
        }
        value.as_str().map(str::to_owned)
    }

    fn address(&mut self, field: &str) -> Option<String> {
        let url = self.text(field)?;
        if host_of(&url).is_none() {
            self.error(field, "must be a URL");
            return None;
        }
        Some(url)
    }

    fn currency(&mut self, field: &str) -> Option<Currency> {
        let code = self.text(field)?;
        // The codes of ISO 4217 are in capitals.
        let known = Currency::from_code(&code).filter(|known| known.code() == code);
        if known.is_none() {
            self.error(field, "must be an ISO 4217 currency code");
        }
        known
    }

    fn end(&mut self, now: Timestamp) -> Option<Timestamp> {
        let text = self.text("expires_at")?;
        match Timestamp::parse_rfc3339(&text) {
            None => self.error("expires_at", "must be an ISO 8601 date and time"),
            Some(end) if end <= now => self.error("expires_at", "must be in the future"),
            Some(end) => return Some(end),
        }
        None
    }
}
