//! An account whose requests do not go over the network.

use std::collections::BTreeMap;

/// What signs requests that do not go over the network: the demo's and the simulation's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Keys by their names in the configuration.
    pub keys: BTreeMap<String, String>,
    /// The short-lived token, where there is one.
    pub token: Option<String>,
}

impl Account {
    pub(super) fn key(&self, name: &str) -> String {
        self.keys.get(name).cloned().unwrap_or_default()
    }
}
