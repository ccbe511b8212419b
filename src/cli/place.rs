//! Which configuration and which data folder a call means.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;

use super::catalog::ShopContext;
use crate::config::Config;
use crate::domain::time::Timestamp;
use crate::io::clock::Clock;
use crate::io::config_file::{environment, load_terminal, usual_config, usual_data_dir};
use crate::runtime::{Shop, demo};

/// Options and environment of one call.
#[derive(Debug)]
pub(super) struct Place {
    config: Option<PathBuf>,
    data: Option<PathBuf>,
    clock: Clock,
    pub(super) env: BTreeMap<String, String>,
}

impl Place {
    pub(super) fn new(config: Option<PathBuf>, data: Option<PathBuf>) -> Self {
        Self {
            config,
            data,
            clock: Clock::start(),
            env: environment(),
        }
    }

    /// The owner's shop where there is a configuration, else the demo.
    pub(super) fn shop(&self) -> anyhow::Result<Shop> {
        let file = self.config.clone().or_else(|| usual_config(&self.env));
        match file {
            Some(file) => Ok(Shop::Own(Box::new(load_terminal(Some(&file), &self.env)?))),
            None => self.demo(),
        }
    }

    /// The demo shop, whatever configuration there is.
    pub(super) fn demo(&self) -> anyhow::Result<Shop> {
        Ok(Shop::Demo(Box::new(demo::config(&self.env)?)))
    }

    /// The data folder. The demo has one of its own, so that nothing of it meets real sales.
    pub(super) fn data(&self, shop: &Shop) -> anyhow::Result<PathBuf> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        let usual = || {
            usual_data_dir(&self.env)
                .context("there is no home folder to keep data in: name a folder with --data DIR")
        };
        match shop {
            Shop::Demo(_) => Ok(usual()?.with_file_name("tillcode-demo")),
            Shop::Own(config) => match &config.terminal.data_dir {
                Some(data) => Ok(data.clone()),
                None => usual(),
            },
        }
    }

    /// What the clock says.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now().wall
    }

    /// What reading prices and files needs to know of the shop.
    pub(super) fn shop_context(&self) -> anyhow::Result<ShopContext> {
        let shop = self.shop()?;
        let config: &Config = shop.config();
        let (day, now) = (config.shop.day, self.now());
        Ok(ShopContext {
            currency: config.shop.currency,
            locale: config.shop.locale,
            shop_key: config.shop.name.clone(),
            today: day.day_of(now),
            day,
            now,
        })
    }
}
