//! The till's configuration: `terminal.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveTime;

use super::address::BaseUrl;
use super::backend::BackendConfig;
use super::document::Document;
use super::error::ConfigError;
use super::printer::{self, LabelConfig, PrinterConfig};
use super::read;
use super::secret::SecretRef;
use super::tax;
use crate::domain::day::DayRule;
use crate::domain::locale::{Language, Locale};
use crate::domain::money::{Amount, Currency};
use crate::domain::tax::TaxRule;

/// Every section that this release reads.
const SECTIONS: &[&str] = &[
    "shop", "tax", "terminal", "backend", "hub", "printer", "label", "display", "pool", "scanner",
    "risk",
];
/// Sections that the documentation names and a later release reads.
const LATER: &[&str] = &["security"];

/// All of `terminal.toml`, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// `[shop]`
    pub shop: ShopConfig,
    /// `[terminal]`
    pub terminal: TerminalConfig,
    /// `[[backend]]`, in the order of the file; the first is the default one.
    pub backends: Vec<BackendConfig>,
    /// `[hub]`, where it names one.
    pub hub: Option<HubLink>,
    /// `[[printer]]`, in the order of the file.
    pub printers: Vec<PrinterConfig>,
    /// `[label]`
    pub label: LabelConfig,
    /// `[[tax]]`, in the order of the file.
    pub taxes: Vec<TaxRule>,
    /// `[display]`
    pub display: DisplayConfig,
    /// `[pool]`
    pub pool: PoolConfig,
    /// `[scanner]`
    pub scanner: ScannerConfig,
    /// `[risk]`
    pub risk: RiskConfig,
}

/// The shop and how it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopConfig {
    /// What customers call it.
    pub name: String,
    /// What everything is sold in.
    pub currency: Currency,
    /// How numbers are written.
    pub locale: Locale,
    /// The language of the locale's tag, where there is a translation.
    pub language: Language,
    /// The shop's zone and the hour at which its day ends.
    pub day: DayRule,
}

impl Default for ShopConfig {
    fn default() -> Self {
        Self {
            name: "Shop".to_owned(),
            currency: euro(),
            locale: Locale::english(),
            language: Language::En,
            day: DayRule {
                zone: chrono_tz::UTC,
                cutoff: NaiveTime::from_hms_opt(4, 0, 0).unwrap_or(NaiveTime::MIN),
            },
        }
    }
}

/// The till itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalConfig {
    /// What the owner calls it.
    pub name: String,
    /// Where database, pictures and logs are; none for the user's own data folder.
    pub data_dir: Option<PathBuf>,
}

impl Default for TerminalConfig {
    fn default() -> Self {
        Self {
            name: "Till".to_owned(),
            data_dir: None,
        }
    }
}

/// The hub that this till is joined to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubLink {
    /// Its address.
    pub url: BaseUrl,
    /// What shows the hub that it is this till; none where `tillcode pair` has brought one.
    pub token: Option<SecretRef>,
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayConfig {
    /// Whether the window fills the screen.
    pub fullscreen: bool,
    /// How wide the panel is, in millimeters; none to ask the panel.
    pub width_mm: Option<u32>,
    /// How the screen is lit until the cashier chooses.
    pub theme: ThemeConfig,
    /// The cashier's language until one is chosen; none for that of the shop's locale.
    pub language: Option<Language>,
    /// Whether a payment is heard too.
    pub sound: bool,
}

impl Default for DisplayConfig {
    fn default() -> Self {
        Self {
            fullscreen: true,
            width_mm: None,
            theme: ThemeConfig::Light,
            language: None,
            sound: true,
        }
    }
}

/// How the screen is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeConfig {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// Black on white, thick lines.
    Sunlight,
}

/// Spare codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolConfig {
    /// Spare single links for each amount; zero for none.
    pub per_amount: u32,
    /// Spare links on which the payer types the sum.
    pub open_amount: u32,
    /// For how many amounts at most.
    pub amounts: u32,
    /// How long a spare link lives, in hours.
    pub max_age_hours: u32,
    /// Requests that are under way at the same time.
    pub in_flight: u32,
    /// Of how many days the sales say how many a sum needs; zero for none.
    pub by_sales_days: u32,
    /// What is sold, without a network, at a price that has no link yet.
    pub price_change: PriceChangeConfig,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            per_amount: 2,
            open_amount: 2,
            amounts: 50,
            max_age_hours: 336,
            in_flight: 4,
            by_sales_days: 0,
            price_change: PriceChangeConfig::Wait,
        }
    }
}

/// What a till without a network does with a product whose new price has no link yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceChangeConfig {
    /// Refuses it, with the reason.
    Wait,
    /// Sells it at the price before.
    OldPrice,
}

/// The barcode scanner. One that types like a keyboard needs nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannerConfig {
    /// What the scanner puts before each code; taken off again. Empty for nothing.
    pub prefix: String,
    /// The serial port of a scanner that does not type; none for no such.
    pub port: Option<String>,
    /// The port's speed, in bits per second.
    pub baud: u32,
}

impl Default for ScannerConfig {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            port: None,
            baud: 9_600,
        }
    }
}

/// What may be handed over without proof. Sums are in the shop's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RiskConfig {
    /// For one sale; none for no cap.
    pub per_sale: Option<Amount>,
    /// For all of them together; none for no cap.
    pub total: Option<Amount>,
    /// The owner's PIN, which goes beyond a cap.
    pub pin: Option<SecretRef>,
}

impl Config {
    /// Reads a configuration. `file` is its name for messages; `env` is the environment, of which
    /// only variables that begin with `TILLCODE_` are looked at.
    pub fn parse(
        text: &str,
        file: &str,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut document = Document::parse(text, file, env)?;
        let shop = read::shop(&mut document)?;
        let config = Self {
            risk: read::risk(&mut document, shop.currency)?,
            shop,
            terminal: read::terminal(&mut document)?,
            backends: read::backends(&mut document)?,
            hub: read::hub(&mut document)?,
            printers: printer::printers(&mut document)?,
            label: printer::label(&mut document)?,
            taxes: tax::taxes(&mut document)?,
            display: read::display(&mut document)?,
            pool: read::pool(&mut document)?,
            scanner: read::scanner(&mut document)?,
        };
        for secret in config.secrets() {
            document.know(secret);
        }
        document.end(SECTIONS, LATER)?;
        Ok(config)
    }

    /// Says in which folder the configuration lies: that is where secrets' files are looked for.
    pub fn stands_in(&mut self, folder: &Path) {
        let pin = self.risk.pin.as_mut();
        let token = self.hub.as_mut().and_then(|hub| hub.token.as_mut());
        for secret in pin.into_iter().chain(token) {
            secret.stands_in(folder);
        }
        for backend in &mut self.backends {
            backend.stands_in(folder);
        }
    }

    fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let keys = self.backends.iter().flat_map(BackendConfig::secrets);
        keys.chain(self.hub.as_ref().and_then(|hub| hub.token.as_ref()))
            .chain(self.risk.pin.as_ref())
    }
}

/// The euro is in every table of currencies.
#[expect(
    clippy::expect_used,
    reason = "a missing euro is a defect of the table, and tested"
)]
fn euro() -> Currency {
    Currency::from_code("EUR").expect("EUR is a currency of ISO 4217")
}
