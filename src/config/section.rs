//! Reading one section key by key: from the environment, else from the file.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::backend::KeyValue;
use super::document::{line, variable};
use super::error::{ConfigError, Place};
use super::secret::{self, SecretRef};
use crate::domain::options::{OptionValue, Options};
use crate::proto::backend::OptionField;

/// The longest text of one key, in characters.
const TEXT_CHARS_MAX: usize = 500;
/// The most values of one list.
const LIST_MAX: usize = 100;

/// Whether variables can set a section's keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Environment {
    Above,
    Ignored,
}

/// One section.
pub(super) struct Section<'a> {
    pub(super) name: &'static str,
    pub(super) table: DeTable<'a>,
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) env: &'a BTreeMap<String, String>,
    pub(super) environment: Environment,
    pub(super) asked: BTreeSet<&'static str>,
}

/// A value and where it was written.
struct Found<'a> {
    value: DeValue<'a>,
    place: Place,
    field: String,
}

impl Found<'_> {
    fn error(self, problem: impl Into<String>) -> ConfigError {
        ConfigError {
            place: self.place,
            field: self.field,
            problem: problem.into(),
        }
    }
}

impl<'a> Section<'a> {
    /// A text, read by `read`, whose error is the problem and the remedy.
    pub(super) fn text<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(found) = self.take(key, Kind::Text) else {
            return Ok(None);
        };
        let read = match found.value.as_str() {
            Some(text) => plain(text).and_then(read),
            None => Err("this is not a text; put it in quotes".to_owned()),
        };
        read.map(Some).map_err(|problem| found.error(problem))
    }

    /// A whole number within bounds.
    pub(super) fn number(
        &mut self,
        key: &'static str,
        bounds: RangeInclusive<u32>,
    ) -> Result<Option<u32>, ConfigError> {
        let Some(found) = self.take(key, Kind::Other) else {
            return Ok(None);
        };
        let number = found
            .value
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        match number {
            Some(number) if bounds.contains(&number) => Ok(Some(number)),
            Some(_) | None => Err(found.error(format!(
                "this is not a whole number that fits; write one from {} to {}",
                bounds.start(),
                bounds.end()
            ))),
        }
    }

    /// `true` or `false`.
    pub(super) fn switch(&mut self, key: &'static str) -> Result<Option<bool>, ConfigError> {
        let Some(found) = self.take(key, Kind::Other) else {
            return Ok(None);
        };
        match found.value.as_bool() {
            Some(on) => Ok(Some(on)),
            None => Err(found.error("this is neither yes nor no; write true or false")),
        }
    }

    /// A list of texts, each read by `read`.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Vec<T>>, ConfigError> {
        let Some(found) = self.take(key, Kind::Other) else {
            return Ok(None);
        };
        let problem = "this is not a list of texts; write [\"…\", \"…\"]";
        let values: Option<Vec<&str>> = found.value.as_array().and_then(|values| {
            values
                .iter()
                .map(|value| value.get_ref().as_str())
                .collect()
        });
        let read: Result<Vec<T>, String> = match values {
            Some(values) if values.len() <= LIST_MAX => values
                .into_iter()
                .map(|text| plain(text).and_then(&read))
                .collect(),
            Some(_) => Err(format!("the list is too long; at most {LIST_MAX}")),
            None => Err(problem.to_owned()),
        };
        read.map(Some).map_err(|problem| found.error(problem))
    }

    /// The way to a secret. A secret that stands there itself is refused, and not repeated.
    pub(super) fn secret(&mut self, key: &'static str) -> Result<Option<SecretRef>, ConfigError> {
        let Some(found) = self.take(key, Kind::Other) else {
            return Ok(None);
        };
        let only = found.value.as_table().filter(|table| table.len() == 1);
        let way = only.and_then(|table| table.iter().next());
        let read = match way.map(|(way, name)| (way.get_ref(), name.get_ref().as_str())) {
            Some((way, Some(name))) => SecretRef::of(way, name),
            None if found.value.is_str() => Err(format!(
                "a secret does not stand in the configuration; change it at the provider, and {}",
                secret::FORMS
            )),
            Some((_, None)) | None => {
                Err(format!("this does not name a secret; {}", secret::FORMS))
            }
        };
        read.map(Some).map_err(|problem| found.error(problem))
    }

    /// A text that is no secret, or the way to it where the owner keeps it apart all the same.
    pub(super) fn plain_or_secret(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&str) -> Result<String, String>,
    ) -> Result<Option<KeyValue>, ConfigError> {
        let is_table = self
            .table
            .get(key)
            .is_some_and(|value| value.get_ref().is_table());
        if is_table {
            Ok(self.secret(key)?.map(KeyValue::Secret))
        } else {
            Ok(self.text(key, read)?.map(KeyValue::Plain))
        }
    }

    /// What only this kind of section knows.
    pub(super) fn options(&mut self, fields: &[OptionField]) -> Result<Options, ConfigError> {
        let mut options = Options::default();
        for field in fields {
            let Some(found) = self.take(field.name, Kind::Other) else {
                continue;
            };
            let checked = option_value(&found.value)
                .ok_or_else(|| "this is of no kind that fits".to_owned())
                .and_then(|value| field.check(&value).map(|()| value));
            match checked {
                Ok(value) => options.set(field.name, value),
                Err(problem) => return Err(found.error(problem)),
            }
        }
        Ok(options)
    }

    /// An error about this section: at a key where it is written, else at the section's first line.
    pub(super) fn error(&self, key: &str, start: usize, problem: impl Into<String>) -> ConfigError {
        ConfigError {
            place: line(self.file, self.text, start),
            field: format!("{}.{key}", self.name),
            problem: problem.into(),
        }
    }

    /// Where the section's first key stands.
    pub(super) fn start(&self) -> usize {
        let starts = self.table.keys().map(|key| key.span().start);
        starts.min().unwrap_or(0)
    }

    fn take(&mut self, key: &'static str, kind: Kind) -> Option<Found<'a>> {
        self.asked.insert(key);
        let field = format!("{}.{key}", self.name);
        let written = self.table.remove(key);
        let name = variable(self.name, key);
        if self.environment == Environment::Above
            && let Some(text) = self.env.get(&name)
        {
            let value = match kind {
                Kind::Text => DeValue::String(Cow::Borrowed(text)),
                // What is no value at all becomes a text, and the key says what it wants instead.
                Kind::Other => DeValue::parse(text)
                    .map_or(DeValue::String(Cow::Borrowed(text)), Spanned::into_inner),
            };
            let place = Place::Variable { name };
            return Some(Found {
                value,
                place,
                field,
            });
        }
        written.map(|value| Found {
            place: line(self.file, self.text, value.span().start),
            value: value.into_inner(),
            field,
        })
    }
}

/// How a variable's value is read.
#[derive(Clone, Copy)]
enum Kind {
    /// As it stands.
    Text,
    /// As a value of the file.
    Other,
}

fn option_value(value: &DeValue<'_>) -> Option<OptionValue> {
    if let Some(on) = value.as_bool() {
        return Some(OptionValue::Switch(on));
    }
    if let Some(number) = value.as_integer() {
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
        return Some(OptionValue::Whole(number));
    }
    if let Some(text) = value.as_str() {
        return plain(text)
            .ok()
            .map(|text| OptionValue::Text(text.to_owned()));
    }
    let table = value.as_table()?.iter().map(|(name, text)| {
        let text = plain(text.get_ref().as_str()?).ok()?;
        Some((name.get_ref().to_string(), text.to_owned()))
    });
    table.collect::<Option<_>>().map(OptionValue::Table)
}

fn plain(text: &str) -> Result<&str, String> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(format!(
            "the text is too long; at most {TEXT_CHARS_MAX} characters"
        ));
    }
    if text.chars().any(char::is_control) {
        return Err("there is a control character in it; type the text again".to_owned());
    }
    Ok(text)
}
