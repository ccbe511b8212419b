//! One payment account: `[[backend]]`.

use std::collections::BTreeMap;
use std::path::Path;

use super::address::{BaseUrl, is_host};
use super::error::ConfigError;
use super::read::name;
use super::secret::SecretRef;
use super::section::Section;
use crate::domain::options::Options;
use crate::proto::backend::{CODECS, Key, PaymentBackend, codec};

/// The most requests a minute that an owner may allow.
const PER_MINUTE_MAX: u32 = 6_000;

/// A payment account, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendConfig {
    /// Unique among the accounts; the kind where it was left out.
    pub name: String,
    /// The provider's word: `4pay`.
    pub kind: String,
    /// Where its API is.
    pub base_url: BaseUrl,
    /// Whether its money is real.
    pub mode: Mode,
    /// The keys that the provider gave out, by their names: `api_key`.
    pub keys: BTreeMap<&'static str, KeyValue>,
    /// What else its kind knows.
    pub options: Options,
    /// This till's share of the requests that the provider takes in a minute; none for all of them.
    pub requests_per_minute: Option<u32>,
    /// Hosts, besides those that the kind and the address bring, that a code may point to.
    pub pay_hosts: Vec<String>,
}

/// A key, or the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyValue {
    /// Kept apart from the configuration.
    Secret(SecretRef),
    /// A name or number that is no secret.
    Plain(String),
}

/// Whether an account's money is real.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It is not: the screens say TEST.
    #[default]
    Test,
    /// It is.
    Live,
}

impl BackendConfig {
    /// Reads one section.
    pub(super) fn read(section: &mut Section<'_>) -> Result<Self, ConfigError> {
        let start = section.start();
        let Some(codec) = section.text("kind", kind)? else {
            let problem = format!("the kind is missing; write one of {}", kinds());
            return Err(section.error("kind", start, problem));
        };
        let kind = codec.kind().to_owned();
        let name = section.text("name", name)?.unwrap_or_else(|| kind.clone());
        let base_url = match section.text("base_url", BaseUrl::parse)? {
            Some(url) => url,
            None => usual_address(codec).ok_or_else(|| {
                let problem = "the address is missing; write base_url = \"https://…\"";
                section.error("base_url", start, problem)
            })?,
        };
        let mode = section.text("mode", mode)?.unwrap_or_default();
        let mut keys = BTreeMap::new();
        for key in codec.keys() {
            if let Some(value) = read_key(section, *key, start)? {
                keys.insert(key.name, value);
            }
        }
        Ok(Self {
            name,
            base_url,
            mode,
            keys,
            options: section.options(codec.options())?,
            requests_per_minute: section.number("requests_per_minute", 1..=PER_MINUTE_MAX)?,
            pay_hosts: section.list("pay_hosts", host)?.unwrap_or_default(),
            kind,
        })
    }

    pub(super) fn stands_in(&mut self, folder: &Path) {
        for key in self.keys.values_mut() {
            match key {
                KeyValue::Secret(secret) => secret.stands_in(folder),
                KeyValue::Plain(_) => {}
            }
        }
    }

    /// The ways to its secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        self.keys.values().filter_map(|key| match key {
            KeyValue::Secret(secret) => Some(secret),
            KeyValue::Plain(_) => None,
        })
    }
}

fn read_key(
    section: &mut Section<'_>,
    key: Key,
    start: usize,
) -> Result<Option<KeyValue>, ConfigError> {
    let value = if key.is_secret {
        section.secret(key.name)?.map(KeyValue::Secret)
    } else {
        section.plain_or_secret(key.name, plain_key)?
    };
    if value.is_none() && key.is_needed {
        let form = if key.is_secret {
            "{ file = \"…\" }"
        } else {
            "\"…\""
        };
        let problem = format!("the key is missing; write {} = {form}", key.name);
        return Err(section.error(key.name, start, problem));
    }
    Ok(value)
}

fn kinds() -> String {
    let kinds: Vec<&str> = CODECS.iter().map(|codec| codec.kind()).collect();
    kinds.join(", ")
}

fn kind(word: &str) -> Result<&'static dyn PaymentBackend, String> {
    codec(word).ok_or_else(|| {
        format!(
            "{word:?} is not a kind of payment account here; write one of {}",
            kinds()
        )
    })
}

fn usual_address(codec: &dyn PaymentBackend) -> Option<BaseUrl> {
    BaseUrl::parse(codec.usual_address()?).ok()
}

fn mode(word: &str) -> Result<Mode, String> {
    match word {
        "test" => Ok(Mode::Test),
        "live" => Ok(Mode::Live),
        other => Err(format!("{other:?} is not a mode; write test or live")),
    }
}

/// It goes into a header, so nothing but plain signs.
fn plain_key(text: &str) -> Result<String, String> {
    let is_plain =
        (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        Ok(text.to_owned())
    } else {
        Err(
            "there are signs in it that no such key has; copy it from the provider's console"
                .to_owned(),
        )
    }
}

fn host(text: &str) -> Result<String, String> {
    if is_host(text) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(format!(
            "{text:?} is not a host's name; write it without https:// and path"
        ))
    }
}
