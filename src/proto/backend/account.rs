//! What a kind of payment account asks of the configuration, and what the till tells its codec.

use crate::domain::options::{OptionValue, Options};

use super::read;
use super::url::{URL_BYTES_MAX, host_of};

/// The most names in a table, and the longest name and text in it, in characters.
pub(super) const TABLE_MAX: usize = 20;
pub(super) const TABLE_CHARS_MAX: usize = 200;

/// A key that the provider gave out, by its name in the configuration: `api_key`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether the account cannot work without it.
    pub is_needed: bool,
    /// Whether it is kept apart from the configuration.
    pub is_secret: bool,
}

/// Where an option may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For the whole account only.
    Account,
    /// For the account, and for a product or link above it.
    Link,
}

/// What an option may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// Yes or no.
    Switch,
    /// A whole number within bounds, both included.
    Whole(i64, i64),
    /// A text of so many characters, both included.
    Text(usize, usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// An address of the web that everybody can reach: `https`, no address of a private network.
    PublicUrl,
    /// A UUID.
    Uuid,
    /// Names with texts.
    Table,
}

/// An optional setting of a kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionField {
    /// Its name in the configuration and at `product set --option`.
    pub name: &'static str,
    /// What it may hold.
    pub kind: OptionKind,
    /// Where it may be set.
    pub scope: Scope,
}

impl OptionField {
    /// Whether a value fits; if not, what is wrong and what to write.
    pub fn check(&self, value: &OptionValue) -> Result<(), String> {
        match (self.kind, value) {
            (OptionKind::Switch, OptionValue::Switch(_)) => Ok(()),
            (OptionKind::Switch, _) => Err("write true or false".to_owned()),
            (OptionKind::Whole(from, to), OptionValue::Whole(number))
                if (from..=to).contains(number) =>
            {
                Ok(())
            }
            (OptionKind::Whole(from, to), _) => {
                Err(format!("write a whole number from {from} to {to}"))
            }
            (OptionKind::Text(from, to), OptionValue::Text(text))
                if (from..=to).contains(&text.chars().count()) =>
            {
                Ok(())
            }
            (OptionKind::Text(from, to), _) => {
                Err(format!("write a text of {from} to {to} characters"))
            }
            (OptionKind::Word(words), OptionValue::Text(text))
                if words.contains(&text.as_str()) =>
            {
                Ok(())
            }
            (OptionKind::Word(words), _) => Err(format!("write one of {}", words.join(", "))),
            (OptionKind::PublicUrl, OptionValue::Text(text)) if is_public_url(text) => Ok(()),
            (OptionKind::PublicUrl, _) => {
                Err("write an address that begins with https:// and a public host".to_owned())
            }
            (OptionKind::Uuid, OptionValue::Text(text)) if uuid::Uuid::try_parse(text).is_ok() => {
                Ok(())
            }
            (OptionKind::Uuid, _) => {
                Err("write an id of the form 123e4567-e89b-12d3-a456-426614174000".to_owned())
            }
            (OptionKind::Table, OptionValue::Table(table)) if fits(table) => Ok(()),
            (OptionKind::Table, _) => Err(format!(
                "write at most {TABLE_MAX} names with texts, {{ name = \"text\" }}"
            )),
        }
    }

    /// Reads what somebody typed: `500`, `true`, `a=b,c=d` or a text.
    pub fn read(&self, text: &str) -> Result<OptionValue, String> {
        let value = match self.kind {
            OptionKind::Switch => text.parse().ok().map(OptionValue::Switch),
            OptionKind::Whole(..) => text.parse().ok().map(OptionValue::Whole),
            OptionKind::Table => table(text).map(OptionValue::Table),
            OptionKind::Text(..)
            | OptionKind::Word(_)
            | OptionKind::PublicUrl
            | OptionKind::Uuid => Some(OptionValue::Text(text.to_owned())),
        };
        // What cannot be read is a text of the wrong kind, and the check says what to write.
        let value = value.unwrap_or_else(|| OptionValue::Text(text.to_owned()));
        self.check(&value).map(|()| value)
    }
}

fn table(text: &str) -> Option<std::collections::BTreeMap<String, String>> {
    text.split(',')
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

fn fits(table: &std::collections::BTreeMap<String, String>) -> bool {
    let short = |text: &String| text.chars().count() <= TABLE_CHARS_MAX;
    table.len() <= TABLE_MAX
        && table
            .iter()
            .all(|(name, text)| !name.is_empty() && short(name) && short(text))
}

/// Whether a payer's phone, far from the shop's network, could open it.
pub(super) fn is_public_url(text: &str) -> bool {
    let Some(host) = host_of(text).filter(|_| text.len() <= URL_BYTES_MAX) else {
        return false;
    };
    let private_name = ["localhost", "local", "lan", "internal", "invalid", "test"]
        .iter()
        .any(|end| host == *end || host.ends_with(&format!(".{end}")));
    let is_address = host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[');
    text.starts_with("https://") && host.contains('.') && !private_name && !is_address
}

/// What a codec is told of the account that it works for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountView<'a> {
    /// What customers call the shop.
    pub shop: &'a str,
    /// The account's options.
    pub options: &'a Options,
}

/// Whom to turn to, as the provider publishes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// A page that says whether the provider works.
    pub status: &'static str,
    /// Where its people answer.
    pub contact: &'static str,
}

/// A short-lived token, and its end by the server's clock where it names one.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Secret.
    pub token: String,
    /// In seconds since 1970.
    pub expires_at_secs: Option<i64>,
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_at_secs", &self.expires_at_secs)
            .finish_non_exhaustive()
    }
}

/// How many requests a provider takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// In each minute, from all tills that share the key.
    pub per_minute: u32,
}

/// How long the provider wants to be left alone, by `Retry-After` or by a used-up quota
/// (`X-RateLimit-Remaining: 0` with `X-RateLimit-Reset` in seconds since 1970), in seconds.
pub fn pause_secs(response: &super::Response, now: crate::domain::time::Timestamp) -> Option<u32> {
    let asked = read::retry_after_secs(response);
    let whole = |name| response.header(name)?.trim().parse::<i64>().ok();
    let used_up = whole("x-ratelimit-remaining") == Some(0);
    let reset = whole("x-ratelimit-reset").filter(|_| used_up).map(|reset| {
        let secs = reset.saturating_sub(now.millis().div_euclid(1_000));
        u32::try_from(secs.clamp(1, 3_600)).unwrap_or(1)
    });
    asked.max(reset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_holds_what_its_kind_says() {
        let rows: &[(OptionKind, &str, bool)] = &[
            (OptionKind::Switch, "true", true),
            (OptionKind::Switch, "yes", false),
            (OptionKind::Whole(100, 2_000), "100", true),
            (OptionKind::Whole(100, 2_000), "99", false),
            (OptionKind::Whole(100, 2_000), "2000", true),
            (OptionKind::Whole(100, 2_000), "2001", false),
            (OptionKind::Whole(100, 2_000), "5.0", false),
            (OptionKind::Text(1, 3), "äöü", true),
            (OptionKind::Text(1, 3), "", false),
            (OptionKind::Text(1, 3), "four", false),
            (OptionKind::Word(&["l1", "l2"]), "l2", true),
            (OptionKind::Word(&["l1", "l2"]), "l3", false),
            (OptionKind::PublicUrl, "https://shop.example/a.jpg", true),
            (OptionKind::PublicUrl, "http://shop.example/a.jpg", false),
            (OptionKind::PublicUrl, "https://192.168.1.7/a.jpg", false),
            (OptionKind::PublicUrl, "https://localhost/a.jpg", false),
            (OptionKind::PublicUrl, "https://till.local/a.jpg", false),
            (
                OptionKind::Uuid,
                "123e4567-e89b-12d3-a456-426614174000",
                true,
            ),
            (OptionKind::Uuid, "123e4567", false),
            (OptionKind::Table, "a=b, c=d", true),
            (OptionKind::Table, "a", false),
        ];
        for (kind, text, fits) in rows {
            let field = OptionField {
                name: "x",
                kind: *kind,
                scope: Scope::Link,
            };
            assert_eq!(field.read(text).is_ok(), *fits, "{kind:?} {text}");
        }
    }
}
