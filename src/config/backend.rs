//! One payment account: `[[backend]]`.

use super::address::{BaseUrl, is_host};
use super::error::ConfigError;
use super::read::name;
use super::secret::SecretRef;
use super::section::Section;
use crate::proto::backend::codec;

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
    /// The key that the provider gave out.
    pub api_key: SecretRef,
    /// The organization that the key belongs to, where the provider asks for it.
    pub organization_id: Option<String>,
    /// Hosts, besides those that the kind and the address bring, that a code may point to.
    pub pay_hosts: Vec<String>,
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
        let Some(kind) = section.text("kind", kind)? else {
            return Err(section.error("kind", start, "the kind is missing; write kind = \"4pay\""));
        };
        let name = section.text("name", name)?.unwrap_or_else(|| kind.clone());
        let base_url = match section.text("base_url", BaseUrl::parse)? {
            Some(url) => url,
            None => usual_address(&kind).ok_or_else(|| {
                let problem = "the address is missing; write base_url = \"https://…\"";
                section.error("base_url", start, problem)
            })?,
        };
        let mode = section.text("mode", mode)?.unwrap_or_default();
        let Some(api_key) = section.secret("api_key")? else {
            let problem = "the key is missing; write api_key = { file = \"…\" }";
            return Err(section.error("api_key", start, problem));
        };
        Ok(Self {
            name,
            kind,
            base_url,
            mode,
            api_key,
            organization_id: section.text("organization_id", organization)?,
            pay_hosts: section.list("pay_hosts", host)?.unwrap_or_default(),
        })
    }
}

fn kind(word: &str) -> Result<String, String> {
    match codec(word) {
        Some(backend) => Ok(backend.kind().to_owned()),
        None => Err(format!(
            "{word:?} is not a kind of payment account here; write 4pay"
        )),
    }
}

fn usual_address(kind: &str) -> Option<BaseUrl> {
    let host = codec(kind)?.pay_hosts().first()?;
    BaseUrl::parse(&format!("https://{host}")).ok()
}

fn mode(word: &str) -> Result<Mode, String> {
    match word {
        "test" => Ok(Mode::Test),
        "live" => Ok(Mode::Live),
        other => Err(format!("{other:?} is not a mode; write test or live")),
    }
}

/// It goes into a header, so nothing but plain signs.
fn organization(id: &str) -> Result<String, String> {
    let is_plain = (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        Ok(id.to_owned())
    } else {
        Err("this is not an organization's id; copy it from the provider's console".to_owned())
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
