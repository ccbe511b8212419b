//! What the owner decided before the till began: the configuration, already checked.

use super::printing::{PaperSetup, PrinterSetup};
use super::risk::RiskSetup;
use super::snapshot::ShopView;
use crate::domain::locale::Language;
use crate::domain::options::Options;
use crate::proto::backend::url::Schemes;
use crate::proto::hub::Hook;

/// The checked configuration, as far as decisions depend on it.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The shop; its terminal code is filled in from the database.
    pub shop: ShopView,
    /// The namespace of product ids; see [`crate::domain::id::ProductId::of_sku`].
    pub shop_key: String,
    /// The cashier's language until one is chosen.
    pub language: Language,
    /// Light, dark or sunlight until one is chosen.
    pub theme: super::snapshot::Theme,
    /// Payment accounts in the order of the configuration; the first is the default.
    pub backends: Vec<BackendSetup>,
    /// Spare codes.
    pub pool: PoolSetup,
    /// What may be handed over without proof.
    pub risk: RiskSetup,
    /// The hub that this till is joined to; none for a till that hears of payments by asking and by
    /// hand.
    pub hub: Option<HubSetup>,
    /// Printers in the order of the configuration.
    pub printers: Vec<PrinterSetup>,
    /// What stands on paper.
    pub paper: PaperSetup,
}

/// The hub, as far as decisions depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubSetup {
    /// Its address, for people.
    pub address: String,
}

/// A payment account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendSetup {
    /// Its name in the configuration.
    pub name: String,
    /// The provider's word: `4pay`.
    pub kind: String,
    /// Fingerprint of host, keys and mode: links of another account are never shown.
    pub account: String,
    /// Whether its money is real.
    pub live: bool,
    /// Hosts that a code may point to.
    pub pay_hosts: Vec<String>,
    /// Schemes that a code may use: plain http only where `base_url` says so.
    pub schemes: Schemes,
    /// Where its notifications go, up to the slash before a link's own part; none without a hub that
    /// has an endpoint for it.
    pub hook: Option<String>,
    /// What only its kind understands.
    pub options: Options,
    /// This till's share of the requests that the provider takes in a minute.
    pub requests_per_minute: Option<u32>,
}

impl BackendSetup {
    /// Takes its address from those of the shop: the only one of its kind, else the one of its name.
    pub fn take_hook(&mut self, hooks: &[Hook]) {
        let of_kind = || hooks.iter().filter(|hook| hook.kind == self.kind);
        let mut all = of_kind();
        let hook = match (all.next(), all.next()) {
            (Some(only), None) => Some(only),
            _ => of_kind().find(|hook| hook.name == self.name),
        };
        self.hook = hook.map(|hook| hook.address.trim_end_matches('/').to_owned());
    }
}

/// How many spare codes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSetup {
    /// Spare single links for each amount.
    pub per_amount: u32,
    /// Spare single links on which the payer types the sum, where the account has such.
    pub open_amount: u32,
    /// For how many amounts at most: favorites first, then the catalog's order.
    pub amounts_max: u32,
    /// How long a spare link lives at the backend, in hours.
    pub max_age_hours: u32,
    /// Requests that are under way at the same time.
    pub in_flight_max: u32,
    /// Of how many days the sales say how many spare links a sum needs; zero for none.
    pub by_sales_days: u32,
    /// What is sold, without a network, at a price that has no link yet.
    pub price_change: PriceChange,
}

/// What a till without a network does with a product whose new price has no link yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PriceChange {
    /// Refuses it, with the reason.
    #[default]
    Wait,
    /// Sells it at the price before, and says so.
    OldPrice,
}

impl Default for PoolSetup {
    fn default() -> Self {
        Self {
            per_amount: 2,
            open_amount: 2,
            amounts_max: 50,
            max_age_hours: 24 * 14,
            in_flight_max: 4,
            by_sales_days: 0,
            price_change: PriceChange::Wait,
        }
    }
}
