//! The sections of `terminal.toml`, each key with what it may be.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveTime;

use super::address::BaseUrl;
use super::backend::BackendConfig;
use super::document::Document;
use super::error::ConfigError;
use super::terminal::{
    DisplayConfig, HubLink, PoolConfig, PriceChangeConfig, RiskConfig, ScannerConfig, ShopConfig,
    TerminalConfig, ThemeConfig,
};
use crate::domain::day::DayRule;
use crate::domain::locale::{Language, Locale};
use crate::domain::money::{Amount, Currency};

/// `[shop]`
pub(super) fn shop(document: &mut Document<'_>) -> Result<ShopConfig, ConfigError> {
    let default = ShopConfig::default();
    let mut section = document.section("shop")?;
    let name = section.text("name", name)?;
    let currency = section.text("currency", |code| {
        Currency::from_code(code)
            .ok_or_else(|| format!("{code:?} is not a known currency; write its code, such as EUR"))
    })?;
    let locale = section.text("locale", |tag| {
        let locale = Locale::from_tag(tag)
            .ok_or_else(|| format!("{tag:?} is not a known locale; write one such as de-AT"))?;
        Ok((locale, Language::from_tag(tag).unwrap_or_default()))
    })?;
    let zone = section.text("timezone", |zone| {
        zone.parse().map_err(|_unknown: chrono_tz::ParseError| {
            format!("{zone:?} is not a known time zone; write one such as Europe/Vienna")
        })
    })?;
    let cutoff = section.text("day_cutoff", |time| {
        NaiveTime::parse_from_str(time, "%H:%M")
            .map_err(|_unread| format!("{time:?} is not a time of day; write one such as 04:00"))
    })?;
    document.finish(&section)?;
    let (locale, language) = locale.unwrap_or((default.locale, default.language));
    Ok(ShopConfig {
        name: name.unwrap_or(default.name),
        currency: currency.unwrap_or(default.currency),
        locale,
        language,
        day: DayRule {
            zone: zone.unwrap_or(default.day.zone),
            cutoff: cutoff.unwrap_or(default.day.cutoff),
        },
    })
}

/// `[terminal]`
pub(super) fn terminal(document: &mut Document<'_>) -> Result<TerminalConfig, ConfigError> {
    let default = TerminalConfig::default();
    let mut section = document.section("terminal")?;
    let config = TerminalConfig {
        name: section.text("name", name)?.unwrap_or(default.name),
        data_dir: section
            .text("data_dir", |path| filled(path).map(PathBuf::from))?
            .or(default.data_dir),
    };
    document.finish(&section)?;
    Ok(config)
}

/// `[[backend]]`, each under a name of its own.
pub(super) fn backends(document: &mut Document<'_>) -> Result<Vec<BackendConfig>, ConfigError> {
    let mut names = BTreeSet::new();
    let mut backends = Vec::new();
    for mut section in document.sections("backend")? {
        let start = section.start();
        let backend = BackendConfig::read(&mut section)?;
        if !names.insert(backend.name.clone()) {
            let problem = format!(
                "two backends are called {:?}; give each a name of its own",
                backend.name
            );
            return Err(section.error("name", start, problem));
        }
        document.finish(&section)?;
        backends.push(backend);
    }
    Ok(backends)
}

/// `[hub]`
pub(super) fn hub(document: &mut Document<'_>) -> Result<Option<HubLink>, ConfigError> {
    let mut section = document.section("hub")?;
    let start = section.start();
    let url = section.text("url", BaseUrl::parse)?;
    let token = section.secret("token")?;
    let hub = match (url, token) {
        (Some(url), token) => Some(HubLink { url, token }),
        (None, None) => None,
        (None, Some(_)) => {
            let problem = "a token is of no use without the hub; write its url too";
            return Err(section.error("url", start, problem));
        }
    };
    document.finish(&section)?;
    Ok(hub)
}

/// `[display]`
pub(super) fn display(document: &mut Document<'_>) -> Result<DisplayConfig, ConfigError> {
    let default = DisplayConfig::default();
    let mut section = document.section("display")?;
    let config = DisplayConfig {
        sound: section.switch("sound")?.unwrap_or(default.sound),
        fullscreen: section.switch("fullscreen")?.unwrap_or(default.fullscreen),
        width_mm: section.number("width_mm", 20..=5_000)?.or(default.width_mm),
        theme: section.text("theme", theme)?.unwrap_or(default.theme),
        language: section.text("language", language)?.or(default.language),
    };
    document.finish(&section)?;
    Ok(config)
}

/// `[pool]`
pub(super) fn pool(document: &mut Document<'_>) -> Result<PoolConfig, ConfigError> {
    let default = PoolConfig::default();
    let mut section = document.section("pool")?;
    let price_change = section.text("price_change", price_change)?;
    let mut number = |key, bounds, default| {
        let number = section.number(key, bounds)?;
        Ok::<u32, ConfigError>(number.unwrap_or(default))
    };
    let config = PoolConfig {
        per_amount: number("per_amount", 0..=50, default.per_amount)?,
        open_amount: number("open_amount", 0..=50, default.open_amount)?,
        amounts: number("amounts", 0..=500, default.amounts)?,
        max_age_hours: number("max_age_hours", 1..=8_760, default.max_age_hours)?,
        in_flight: number("in_flight", 1..=16, default.in_flight)?,
        by_sales_days: number("by_sales_days", 0..=60, default.by_sales_days)?,
        price_change: price_change.unwrap_or(default.price_change),
    };
    document.finish(&section)?;
    Ok(config)
}

/// `[risk]`
pub(super) fn risk(
    document: &mut Document<'_>,
    currency: Currency,
) -> Result<RiskConfig, ConfigError> {
    let mut section = document.section("risk")?;
    let cap = |text: &str| match Amount::parse_decimal(text, currency) {
        Ok(amount) if amount.minor >= 0 => Ok(amount),
        Ok(_) | Err(_) => Err(format!(
            "{text:?} is not an amount in {currency}; write one such as \"50.00\""
        )),
    };
    let config = RiskConfig {
        per_sale: section.text("per_sale", cap)?,
        total: section.text("total", cap)?,
        pin: section.secret("pin")?,
    };
    document.finish(&section)?;
    Ok(config)
}

/// `[scanner]`
pub(super) fn scanner(document: &mut Document<'_>) -> Result<ScannerConfig, ConfigError> {
    let default = ScannerConfig::default();
    let mut section = document.section("scanner")?;
    let config = ScannerConfig {
        prefix: section
            .text("prefix", |prefix| match prefix.chars().count() {
                0..=8 => Ok(prefix.to_owned()),
                _ => Err("a prefix has at most 8 characters; shorten it".to_owned()),
            })?
            .unwrap_or(default.prefix),
        port: section
            .text("port", |port| filled(port).map(str::to_owned))?
            .or(default.port),
        baud: section
            .number("baud", 300..=921_600)?
            .unwrap_or(default.baud),
    };
    document.finish(&section)?;
    Ok(config)
}

fn price_change(word: &str) -> Result<PriceChangeConfig, String> {
    match word {
        "wait" => Ok(PriceChangeConfig::Wait),
        "old_price" => Ok(PriceChangeConfig::OldPrice),
        other => Err(format!("{other:?} is unknown; write wait or old_price")),
    }
}

fn theme(word: &str) -> Result<ThemeConfig, String> {
    match word {
        "light" => Ok(ThemeConfig::Light),
        "dark" => Ok(ThemeConfig::Dark),
        "sunlight" => Ok(ThemeConfig::Sunlight),
        other => Err(format!(
            "{other:?} is not a theme; write light, dark or sunlight"
        )),
    }
}

fn language(word: &str) -> Result<Language, String> {
    Language::from_tag(word).ok_or_else(|| {
        let codes = Language::ALL.map(Language::code).join(", ");
        format!("{word:?} is not translated; write one of {codes}")
    })
}

/// A name for people: some characters, not too many for a receipt.
pub(super) fn name(text: &str) -> Result<String, String> {
    let trimmed = text.trim();
    match trimmed.chars().count() {
        0 => Err("the name is empty; write one, or leave the key out".to_owned()),
        1..=60 => Ok(trimmed.to_owned()),
        _ => Err("the name is too long; at most 60 characters".to_owned()),
    }
}

pub(super) fn filled(text: &str) -> Result<&str, String> {
    if text.trim().is_empty() {
        return Err("this is empty; write a value, or leave the key out".to_owned());
    }
    Ok(text)
}
