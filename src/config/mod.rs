//! Floor 1: typed configuration from text, each error naming file, line and field.
//!
//! Order: defaults, then the file, then the environment; options of the command line come last and
//! are the caller's. A variable is named `TILLCODE_SECTION__KEY` (`TILLCODE_SHOP__CURRENCY=CHF`); its
//! value is a text, or, where a key is no text, written as in the file
//! (`TILLCODE_HUB__TOKEN='{ file = "/run/token" }'`). Backends are named in the file only.
//!
//! Nothing here reads a file, a variable or a secret: `io::config_file` does.

mod address;
mod backend;
mod document;
mod error;
mod hub;
mod nearest;
mod printer;
mod read;
mod secret;
mod section;
mod tax;
mod terminal;
#[cfg(test)]
mod tests;

pub use address::{BaseUrl, Scheme};
pub use backend::{BackendConfig, KeyValue, Mode};
pub use error::{ConfigError, Place};
pub use hub::HubConfig;
pub use printer::{FlowConfig, LabelConfig, ParityConfig, PrinterConfig, PrinterPort, SerialPort};
pub use secret::SecretRef;
pub use terminal::{
    Config, DisplayConfig, HubLink, PoolConfig, PriceChangeConfig, RiskConfig, ScannerConfig,
    ShopConfig, TerminalConfig, ThemeConfig,
};

/// The largest configuration file that is read, in bytes.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// The documented defaults of the till, as a file.
pub const TERMINAL_DEFAULTS: &str = include_str!("../../config/terminal.toml");

/// The documented defaults of the hub, as a file.
pub const HUB_DEFAULTS: &str = include_str!("../../config/hub.toml");

/// Variables of the environment that begin like ours and are read elsewhere.
const OTHER_VARIABLES: &[&str] = &["TILLCODE_LOG"];
