//! The demo shop: 24 products, a payment account that is simulated in this process, and no money.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::config::Config;
use crate::domain::catalog::Product;
use crate::domain::id::ProductId;
use crate::domain::time::Timestamp;
use crate::proto::backend::{self, Verdict};
use crate::proto::catalog::{Format, Mapping, ReadOptions, read};
use crate::proto::hub::{Hook, Item, LinkAddress, Notification, What};
use crate::sandbox::{Account, Outgoing, Pay, Request, Sandbox, State};
use crate::terminal::Event;

/// The host of the demo's codes. No such host can exist (RFC 2606), so a phone that scans one finds
/// nothing.
pub const DEMO_HOST: &str = "demo.tillcode.invalid";
/// The demo's only payment account.
pub const DEMO_BACKEND: &str = "demo";
/// How many of its products are favorites.
const FAVORITES: usize = 8;

const CATALOG: &str = include_str!("../../assets/demo/catalog.csv");

macro_rules! pictures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../assets/demo/", $name)).as_slice())),*]
    };
}

/// Pictures of the demo's products, by the name that its catalog uses.
const PICTURES: &[(&str, &[u8])] = pictures![
    "apple.png",
    "baguette.png",
    "banana.png",
    "cappuccino.png",
    "carrots.png",
    "cheese.png",
    "cheesecake.png",
    "croissant.png",
    "espresso.png",
    "flat_white.png",
    "green_tea.png",
    "honey.png",
    "hot_chocolate.png",
    "iced_latte.png",
    "jam.png",
    "lemonade.png",
    "muffin.png",
    "pretzel.png",
    "rye_bread.png",
    "strawberries.png",
    "sunflowers.png",
    "tomatoes.png",
    "tulips.png",
    "water.png",
];

const CONFIG: &str = r#"
[shop]
name = "Demo shop"

[[backend]]
name = "demo"
kind = "4pay"
base_url = "https://demo.tillcode.invalid"
mode = "test"
api_key = { env = "UNUSED_IN_THE_DEMO" }
"#;

/// The demo's configuration, with the environment over it.
pub fn config(
    env: &std::collections::BTreeMap<String, String>,
) -> Result<Config, crate::config::ConfigError> {
    Config::parse(CONFIG, "the demo's configuration", env)
}

/// Where notifications of the demo go: back into this process.
pub(super) fn hook() -> Hook {
    Hook {
        kind: "4pay".to_owned(),
        name: "demo".to_owned(),
        endpoint: Uuid::nil(),
        address: format!("https://{DEMO_HOST}/hooks/4pay/demo"),
    }
}

/// The demo's products, their pictures put into the data folder, and the favorites among them.
pub(super) fn products(
    shop_key: &str,
    config: &Config,
    data: &Path,
) -> std::io::Result<(Vec<Product>, Vec<ProductId>)> {
    let folder = data.join("demo-pictures");
    std::fs::create_dir_all(&folder)?;
    for (name, bytes) in PICTURES {
        std::fs::write(folder.join(name), bytes)?;
    }
    let mapping = Mapping::default();
    let options = ReadOptions {
        format: Some(Format::Tillcode),
        stated_locale: None,
        shop_locale: config.shop.locale,
        currency: config.shop.currency,
        // No sale prices in the demo's catalog depend on it.
        today: chrono::NaiveDate::MIN,
        shop_key,
        mapping: &mapping,
    };
    let file = read(CATALOG.as_bytes(), "catalog.csv", &options).map_err(std::io::Error::other)?;
    let products: Vec<Product> = file
        .products
        .into_iter()
        .map(|mut product| {
            product.picture = product
                .picture
                .map(|name| folder.join(name).to_string_lossy().into_owned());
            product
        })
        .collect();
    let favorites = products
        .iter()
        .step_by(3)
        .take(FAVORITES)
        .map(|product| product.id)
        .collect();
    Ok((products, favorites))
}

/// The simulated provider, kept in a file so that yesterday's codes still exist today.
#[derive(Debug)]
pub(super) struct DemoProvider {
    sandbox: Sandbox,
    account: Account,
    file: PathBuf,
    saved: u64,
}

impl DemoProvider {
    /// Goes on where the file says, or begins anew.
    pub(super) fn open(file: PathBuf, seed: [u8; 32]) -> Self {
        let mut sandbox = Sandbox::new(&format!("https://{DEMO_HOST}"), seed);
        match std::fs::read(&file).map(|bytes| serde_json::from_slice::<State>(&bytes)) {
            Ok(Ok(state)) => sandbox.state = state,
            Ok(Err(error)) => tracing::warn!(%error, "the demo's provider begins anew"),
            Err(_first_start) => {}
        }
        let keys = [("api_key".to_owned(), "demo".to_owned())];
        Self {
            sandbox,
            account: Account {
                keys: keys.into(),
                token: None,
            },
            file,
            saved: 0,
        }
    }

    /// Answers as the provider would.
    pub(super) fn answer(
        &mut self,
        request: &backend::Request,
        at: Timestamp,
    ) -> backend::Response {
        let reply = self
            .sandbox
            .handle(&Request::of(request, &self.account), at);
        self.save();
        reply.response
    }

    /// The payer pays; gives back what the provider reports of it.
    pub(super) fn pay(&mut self, remote_id: &str, at: Timestamp) -> Vec<Event> {
        let outgoing = match self.sandbox.pay(remote_id, Pay::Once, at) {
            Ok(outgoing) => outgoing,
            Err(error) => {
                tracing::warn!(%error, "the demo's customer cannot pay");
                return Vec::new();
            }
        };
        self.save();
        outgoing
            .into_iter()
            .map(|notification| Event::Notified(Box::new(delivered(notification, at))))
            .collect()
    }

    fn save(&mut self) {
        if self.sandbox.revision == self.saved {
            return;
        }
        self.saved = self.sandbox.revision;
        let temporary = self.file.with_extension("tmp");
        let written = serde_json::to_vec(&self.sandbox.state)
            .map_err(std::io::Error::other)
            .and_then(|bytes| std::fs::write(&temporary, bytes))
            .and_then(|()| std::fs::rename(&temporary, &self.file));
        if let Err(error) = written {
            tracing::warn!(%error, "the demo's provider could not be kept");
        }
    }
}

/// A notification as a hub would hand it over.
fn delivered(notification: Outgoing, at: Timestamp) -> Item {
    let address = notification.url.rsplit('/').next();
    let address: Option<LinkAddress> = address.and_then(|part| part.parse().ok());
    Item {
        seq: 0,
        mark: String::new(),
        received_at: at,
        what: What::Notification(Notification {
            kind: "4pay".to_owned(),
            endpoint: Uuid::nil(),
            link: address.as_ref().map(|address| address.link),
            token: address.map(|address| address.token.hash()),
            verdict: Verdict::Unsigned,
            headers: Vec::new(),
            body: notification.body.into_bytes(),
            published: None,
            open_sales: 0,
        }),
    }
}
