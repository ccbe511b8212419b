//! The hub's configuration: `hub.toml`.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use super::address::BaseUrl;
use super::document::Document;
use super::error::ConfigError;

/// How long notifications may be kept, in days. A provider repeats one for some days: what was seen is
/// to be known longer.
const KEEP_DAYS: std::ops::RangeInclusive<u32> = 7..=3_650;

/// All of `hub.toml`, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct HubConfig {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it stores: `sqlite:PATH` or `postgres://…`. May hold a password.
    pub database: String,
    /// How providers and terminals reach it; the address that it listens on where none is set.
    pub public_url: Option<BaseUrl>,
    /// Proxies that are believed when they name whom they forward for.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long notifications are kept that every terminal has read, in days; 7 to 3,650.
    pub keep_days: u32,
}

impl std::fmt::Debug for HubConfig {
    // Of the database only the kind: the rest may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = self.database.split(':').next().unwrap_or("");
        f.debug_struct("HubConfig")
            .field("listen", &self.listen)
            .field("database", &format_args!("{kind}:…"))
            .field("public_url", &self.public_url)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("keep_days", &self.keep_days)
            .finish()
    }
}

impl Default for HubConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8_080)),
            database: "sqlite:tillcode-hub.sqlite3".to_owned(),
            public_url: None,
            trusted_proxies: Vec::new(),
            keep_days: 90,
        }
    }
}

impl HubConfig {
    /// Reads a configuration; see [`super::Config::parse`].
    pub fn parse(
        text: &str,
        file: &str,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let default = Self::default();
        let mut document = Document::parse(text, file, env)?;
        let mut section = document.section("hub")?;
        let listen = section.text("listen", |address| {
            address
                .parse()
                .map_err(|_unread: std::net::AddrParseError| {
                    format!("{address:?} is not address and port; write one such as 127.0.0.1:8080")
                })
        })?;
        let database = section.text("database", database)?;
        let public_url = section.text("public_url", BaseUrl::parse)?;
        let trusted_proxies = section.list("trusted_proxies", proxy)?;
        let keep_days = section.number("keep_days", KEEP_DAYS)?;
        document.finish(&section)?;
        document.end(&["hub"], &[])?;
        Ok(Self {
            listen: listen.unwrap_or(default.listen),
            database: database.unwrap_or(default.database),
            public_url,
            trusted_proxies: trusted_proxies.unwrap_or(default.trusted_proxies),
            keep_days: keep_days.unwrap_or(default.keep_days),
        })
    }

    /// How providers and terminals reach it, without a slash at the end.
    pub fn public_url(&self) -> String {
        self.public_url
            .as_ref()
            .map_or_else(|| format!("http://{}", self.listen), ToString::to_string)
    }

    /// The whole address that one token makes; a secret.
    pub fn hook_address(&self, kind: &str, token: &str) -> String {
        format!("{}/hooks/{kind}/{token}", self.public_url())
    }
}

fn proxy(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_unread: std::net::AddrParseError| {
        format!("{text:?} is not an address; write one such as 127.0.0.1")
    })
}

/// The address may hold a password, so it is never repeated.
fn database(text: &str) -> Result<String, String> {
    let is_known = ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|start| {
            text.strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty())
        });
    if is_known {
        Ok(text.to_owned())
    } else {
        Err("this is not a database; write sqlite:PATH or postgres://…".to_owned())
    }
}
