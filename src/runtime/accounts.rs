//! From the configuration to what the till decides by and to what the sender signs with.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::printers;
use crate::config::{BackendConfig, Config, Mode, PriceChangeConfig, Scheme, ThemeConfig};
use crate::domain::id::hex;
use crate::proto::backend::url::Schemes;
use crate::proto::backend::{PaymentBackend, codec};
use crate::proto::hub::Hook;
use crate::terminal::snapshot::ShopView;
use crate::terminal::{
    BackendSetup, HubSetup, PinCheck, PoolSetup, PriceChange, RiskSetup, Setup, Theme,
};

/// The secrets of one account, by the names that codecs use.
pub(super) type Secrets = BTreeMap<&'static str, String>;

/// Whether the till is the demo shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Demo,
    Real,
}

/// What the terminal decides by.
pub(super) fn setup(
    config: &Config,
    secrets: &BTreeMap<String, Secrets>,
    kind: Kind,
    (hub, hooks): (Option<HubSetup>, &[Hook]),
    pin: Option<PinCheck>,
) -> Setup {
    let backends: Vec<BackendSetup> = config
        .backends
        .iter()
        .map(|backend| backend_setup(backend, secrets.get(&backend.name), hooks))
        .collect();
    Setup {
        shop: ShopView {
            name: config.shop.name.clone(),
            currency: config.shop.currency,
            locale: config.shop.locale,
            day: config.shop.day,
            terminal: String::new(),
            demo: kind == Kind::Demo,
            test_account: backends.first().is_some_and(|backend| !backend.live),
            has_backend: !backends.is_empty(),
        },
        shop_key: config.shop.name.clone(),
        language: config.display.language.unwrap_or(config.shop.language),
        theme: theme(config.display.theme),
        backends,
        pool: PoolSetup {
            per_amount: config.pool.per_amount,
            open_amount: config.pool.open_amount,
            amounts_max: config.pool.amounts,
            max_age_hours: config.pool.max_age_hours,
            in_flight_max: config.pool.in_flight,
            by_sales_days: config.pool.by_sales_days,
            price_change: match config.pool.price_change {
                PriceChangeConfig::Wait => PriceChange::Wait,
                PriceChangeConfig::OldPrice => PriceChange::OldPrice,
            },
        },
        risk: RiskSetup {
            per_sale: config.risk.per_sale,
            total: config.risk.total,
            pin,
        },
        hub,
        printers: printers::setups(&config.printers, &config.label),
        paper: printers::paper(config),
    }
}

fn backend_setup(
    backend: &BackendConfig,
    secrets: Option<&Secrets>,
    hooks: &[Hook],
) -> BackendSetup {
    let documented = codec(&backend.kind)
        .map(PaymentBackend::pay_hosts)
        .unwrap_or_default();
    let own = std::iter::once(backend.base_url.host.clone());
    let pay_hosts = own
        .chain(documented.iter().map(|host| (*host).to_owned()))
        .chain(backend.pay_hosts.iter().cloned())
        .collect();
    let mut setup = BackendSetup {
        name: backend.name.clone(),
        kind: backend.kind.clone(),
        account: fingerprint(backend, secrets),
        live: backend.mode == Mode::Live,
        pay_hosts,
        schemes: schemes(backend.base_url.scheme),
        hook: None,
        options: backend.options.clone(),
        requests_per_minute: backend.requests_per_minute,
    };
    setup.take_hook(hooks);
    setup
}

const fn schemes(scheme: Scheme) -> Schemes {
    match scheme {
        Scheme::Https => Schemes::Https,
        Scheme::Http => Schemes::HttpToo,
    }
}

const fn theme(theme: ThemeConfig) -> Theme {
    match theme {
        ThemeConfig::Light => Theme::Light,
        ThemeConfig::Dark => Theme::Dark,
        ThemeConfig::Sunlight => Theme::Sunlight,
    }
}

/// Tells accounts apart without giving a key away: links of another key are never shown.
fn fingerprint(backend: &BackendConfig, secrets: Option<&Secrets>) -> String {
    let mut hash = Sha256::new();
    let mode = if backend.mode == Mode::Live {
        "live"
    } else {
        "test"
    };
    for part in [
        backend.kind.clone(),
        backend.base_url.to_string(),
        mode.to_owned(),
    ] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    for (name, secret) in secrets.into_iter().flatten() {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
        hash.update(secret.len().to_be_bytes());
        hash.update(secret);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    hex(bytes.get(..12).unwrap_or(&bytes))
}
