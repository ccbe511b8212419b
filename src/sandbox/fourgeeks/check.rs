//! Reads the requests that 4Geeks' document describes, and nothing else: an unknown field, a float
//! or a text in place of a number is an entry of `detail` that names its place.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::money::Currency;
use crate::sandbox::Request;

/// The longest page of the list, in links. The document names none.
pub const PAGE_MAX: usize = 100;
/// The page that is not asked for, as the document says.
const PAGE_USUAL: usize = 10;

/// What is wrong with one field, as the document shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Detail {
    loc: Vec<String>,
    msg: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Detail {
    fn of(loc: &[&str], kind: &'static str, msg: impl Into<String>) -> Self {
        Self {
            loc: loc.iter().map(|step| (*step).to_owned()).collect(),
            msg: msg.into(),
            kind,
        }
    }
}

/// The fields of a new link.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fields {
    /// Cents, at least 1.
    pub(super) amount: i64,
    pub(super) currency: Currency,
    pub(super) description: String,
}

/// A body that makes a link.
pub(super) fn new_link(request: &Request) -> Result<Fields, Vec<Detail>> {
    let no_object = || {
        let said = "value is not a valid dict";
        vec![Detail::of(&["body"], "type_error.dict", said)]
    };
    if !request.is_json() {
        return Err(no_object());
    }
    let body: Value = serde_json::from_str(&request.body).map_err(|error| {
        let said = error.to_string();
        vec![Detail::of(&["body"], "value_error.jsondecode", said)]
    })?;
    let root = body.as_object().ok_or_else(no_object)?;
    let amount = field(root, "amount", amount);
    let currency = field(root, "currency", currency);
    let description = field(root, "description", description);
    let known = ["amount", "currency", "description"];
    let unknown = root.keys().filter(|name| !known.contains(&name.as_str()));
    let mut details: Vec<Detail> = unknown
        .map(|name| {
            let said = "extra fields not permitted";
            Detail::of(&["body", name], "value_error.extra", said)
        })
        .collect();
    match (amount, currency, description) {
        (Ok(amount), Ok(currency), Ok(description)) if details.is_empty() => Ok(Fields {
            amount,
            currency,
            description,
        }),
        (amount, currency, description) => {
            let mut all = Vec::new();
            all.extend(amount.err());
            all.extend(currency.err());
            all.extend(description.err());
            all.append(&mut details);
            Err(all)
        }
    }
}

/// `limit` and `offset` of a list.
pub(super) fn page(query: &str) -> Result<(usize, usize), Vec<Detail>> {
    let mut limit = PAGE_USUAL;
    let mut offset = 0;
    let mut details = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = ["query", name];
        match (name, value.parse::<i64>()) {
            ("limit" | "offset", Err(_)) => {
                let said = "value is not a valid integer";
                details.push(Detail::of(&place, "type_error.integer", said));
            }
            ("limit", Ok(number)) => match usize::try_from(number) {
                Ok(number) if (1..=PAGE_MAX).contains(&number) => limit = number,
                Ok(0) | Err(_) => details.push(too_low(&place, 1)),
                Ok(_) => {
                    let said = format!("ensure this value is less than or equal to {PAGE_MAX}");
                    details.push(Detail::of(&place, "value_error.number.not_le", said));
                }
            },
            ("offset", Ok(number)) => match usize::try_from(number) {
                Ok(number) => offset = number,
                Err(_) => details.push(too_low(&place, 0)),
            },
            _ => {
                let said = "extra fields not permitted";
                details.push(Detail::of(&place, "value_error.extra", said));
            }
        }
    }
    if details.is_empty() {
        Ok((limit, offset))
    } else {
        Err(details)
    }
}

fn too_low(place: &[&str], least: i64) -> Detail {
    let said = format!("ensure this value is greater than or equal to {least}");
    Detail::of(place, "value_error.number.not_ge", said)
}

/// A field that has to be there, read by `read`: its type and what is wrong, where it is not right.
fn field<'a, T>(
    root: &'a Map<String, Value>,
    name: &str,
    read: impl Fn(&'a Value) -> Result<T, (&'static str, &'static str)>,
) -> Result<T, Detail> {
    let missing = ("value_error.missing", "field required");
    root.get(name)
        .ok_or(missing)
        .and_then(read)
        .map_err(|(kind, said)| Detail::of(&["body", name], kind, said))
}

fn amount(value: &Value) -> Result<i64, (&'static str, &'static str)> {
    match value.as_i64() {
        None => Err(("type_error.integer", "value is not a valid integer")),
        Some(..=0) => Err((
            "value_error.number.not_gt",
            "ensure this value is greater than 0",
        )),
        Some(cents) => Ok(cents),
    }
}

fn currency(value: &Value) -> Result<Currency, (&'static str, &'static str)> {
    let code = value
        .as_str()
        .ok_or(("type_error.str", "str type expected"))?;
    Currency::from_code(code)
        .filter(|known| known.code() == code && code.len() == 3)
        .ok_or(("value_error", "this is not a known currency code"))
}

fn description(value: &Value) -> Result<String, (&'static str, &'static str)> {
    let text = value
        .as_str()
        .ok_or(("type_error.str", "str type expected"))?;
    if text.trim().is_empty() {
        return Err((
            "value_error.any_str.min_length",
            "ensure this value has at least 1 characters",
        ));
    }
    Ok(text.to_owned())
}
